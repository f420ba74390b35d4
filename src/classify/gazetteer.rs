//! The places that a report can speak for.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::classify::Level;
use crate::classify::names::{Readings, abbreviated, short};
use crate::config::{Config, OwnRegion};

/// Only a [`Gazetteer`] hands one out, so the place always exists in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RegionId(u32);

/// One place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// GB/T 2260, six digits; for places that the standard does not list `520100-guian`; or the code that the configuration gives.
    pub code: String,
    /// The official name: `内蒙古自治区`.
    pub name: String,
    /// Without the generic part: `内蒙古`.
    pub short: String,
    /// `None` where the configuration's own tree has no levels.
    pub level: Option<Level>,
    pub parent: Option<RegionId>,
    /// Pinyin of the short name, without tones, for sorting: `neimenggu`.
    pub pinyin: String,
    /// For a division that no longer exists: the one that took its place.
    pub successor: Option<RegionId>,
}

/// All places, by id.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    regions: Vec<Region>,
    codes: FxHashMap<String, RegionId>,
    names: Arc<Names>,
}

/// One way to call a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    pub text: String,
    pub region: RegionId,
    /// With its generic part: 安康市, 楚雄州. A bare stem (安康) may be an ordinary word too.
    pub full: bool,
}

/// All names, sorted by their first two characters, then the longest first.
#[derive(Debug, Default)]
struct Names {
    names: Vec<Name>,
    by_start: FxHashMap<[char; 2], (u32, u32)>,
}

impl Gazetteer {
    /// The built-in list, if the configuration wants it, and the configuration's own regions.
    pub fn new(config: &Config) -> Self {
        let mut builder = Builder::default();
        if config.regions.builtin {
            builder.add_builtin();
        }
        let first = builder.rows.len();
        for own in &config.regions.own {
            builder.add_own(own);
        }
        builder.order_own(first);
        builder.finish()
    }

    /// All places with their ids, parents before children, in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = (RegionId, &Region)> {
        self.regions.iter().enumerate().map(|(i, region)| (RegionId(i as u32), region))
    }

    pub fn by_code(&self, code: &str) -> Option<RegionId> {
        self.codes.get(code).copied()
    }

    /// From the outermost to the place itself.
    pub fn path(&self, region: RegionId) -> Vec<RegionId> {
        let mut path = vec![region];
        while let Some(parent) = self[path[path.len() - 1]].parent {
            path.push(parent);
        }
        path.reverse();
        path
    }

    /// Whether `inner` lies in `outer` and is not the same.
    pub fn lies_in(&self, inner: RegionId, outer: RegionId) -> bool {
        inner != outer && self.path(inner).contains(&outer)
    }

    /// A retired division's successor, else the place itself.
    pub fn today(&self, region: RegionId) -> RegionId {
        self[region].successor.unwrap_or(region)
    }

    /// The longest names that `text` begins with: those of one text, for every place that is called so.
    pub fn at_start(&self, text: &str) -> &[Name] {
        let mut chars = text.chars();
        let (Some(first), Some(second)) = (chars.next(), chars.next()) else { return &[] };
        let Some(&(from, to)) = self.names.by_start.get(&[first, second]) else { return &[] };
        let group = &self.names.names[from as usize..to as usize];
        let Some(start) = group.iter().position(|name| text.starts_with(&name.text)) else { return &[] };
        let same = group[start..].iter().take_while(|name| name.text == group[start].text).count();
        &group[start..start + same]
    }

    /// Every place that is called exactly so.
    pub fn called(&self, name: &str) -> Vec<RegionId> {
        let names = self.at_start(name).iter().filter(|found| found.text == name);
        names.map(|found| found.region).collect()
    }
}

impl std::ops::Index<RegionId> for Gazetteer {
    type Output = Region;

    fn index(&self, id: RegionId) -> &Region {
        &self.regions[id.0 as usize]
    }
}

/// A place before ids are given.
struct Row {
    code: String,
    name: String,
    short: String,
    level: Option<Level>,
    parent: Option<String>,
    successor: Option<String>,
    /// Longer and shorter names beside the official one, and whether each has its generic part.
    aliases: Vec<String>,
    retired: bool,
}

#[derive(Default)]
struct Builder {
    /// In the order of their ids. A code that was given twice keeps its present holder first.
    rows: Vec<Row>,
    /// Names that lead to a place under another heading: text, code.
    also: Vec<(String, String)>,
}

impl Builder {
    /// `data/regions.tsv` and `data/zones.tsv`: their heads say what the columns are.
    fn add_builtin(&mut self) {
        for line in include_str!("../../data/regions.tsv").lines() {
            let mut columns = line.split('\t');
            let (Some(code), Some(name)) = (columns.next(), columns.next()) else { continue };
            let successor = columns.next();
            let tier = match code {
                _ if code.ends_with("0000") => Level::Province,
                _ if code.ends_with("00") => Level::Prefecture,
                _ => Level::County,
            };
            self.rows.push(Row {
                code: code.into(),
                name: name.into(),
                short: short(name).into(),
                level: Some(tier),
                parent: (tier != Level::Province).then(|| code.into()),
                successor: successor.filter(|code| *code != "-").map(str::to_owned),
                aliases: abbreviated(name).into_iter().collect(),
                retired: successor.is_some(),
            });
        }
        for line in include_str!("../../data/zones.tsv").lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            let &[code, name, level, parent, aliases] = columns.as_slice() else { continue };
            let aliases = aliases.split_whitespace().map(str::to_owned);
            if let Some(same) = parent.strip_prefix('=') {
                self.also.extend(aliases.chain([name.to_owned()]).map(|alias| (alias, same.to_owned())));
                continue;
            }
            self.rows.push(Row {
                code: code.into(),
                name: name.into(),
                short: short(name).into(),
                level: Level::from_name(level),
                parent: Some(parent.into()),
                successor: None,
                aliases: aliases.collect(),
                retired: false,
            });
        }
        // Parents have smaller codes than their children, and a zone sorts behind its parent.
        self.rows.sort_by(|a, b| (&a.code, a.retired).cmp(&(&b.code, b.retired)));
    }

    fn add_own(&mut self, own: &OwnRegion) {
        self.rows.push(Row {
            code: own.code.clone(),
            name: own.name.clone(),
            short: own.name.clone(),
            level: own.level.as_deref().and_then(Level::from_name),
            parent: own.parent.clone(),
            successor: None,
            aliases: own.aliases.clone(),
            retired: false,
        });
    }

    fn finish(self) -> Gazetteer {
        let mut codes: FxHashMap<String, RegionId> = FxHashMap::default();
        for (i, row) in self.rows.iter().enumerate() {
            let id = RegionId(i as u32);
            let holder = codes.entry(row.code.clone()).or_insert(id);
            if self.rows[holder.0 as usize].retired && !row.retired {
                *holder = id;
            }
        }
        let readings = Readings::new();
        let regions: Vec<Region> = self
            .rows
            .iter()
            .zip(0..)
            .map(|(row, id)| Region {
                code: row.code.clone(),
                name: row.name.clone(),
                short: row.short.clone(),
                level: row.level,
                parent: row.parent.as_ref().and_then(|parent| parent_of(&row.code, parent, &codes)).filter(|parent| *parent < RegionId(id)),
                pinyin: readings.of(&row.short),
                successor: row.successor.as_ref().and_then(|code| codes.get(code).copied()),
            })
            .collect();
        let names = self.names(&codes);
        Gazetteer { regions, codes, names: Arc::new(names) }
    }

    /// Own regions may be written in any order; their parents come first here.
    fn order_own(&mut self, first: usize) {
        let parents: FxHashMap<String, String> = self.rows.iter().filter_map(|row| Some((row.code.clone(), row.parent.clone()?))).collect();
        // 64 steps end a ring of parents.
        let depth = |row: &Row| std::iter::successors(Some(&row.code), |code| parents.get(*code)).take(64).count();
        self.rows[first..].sort_by_cached_key(depth);
    }

    fn names(&self, codes: &FxHashMap<String, RegionId>) -> Names {
        let mut names = Vec::with_capacity(self.rows.len() * 2);
        let mut current: FxHashSet<&str> = FxHashSet::default();
        for retired in [false, true] {
            for (i, row) in self.rows.iter().enumerate().filter(|(_, row)| row.retired == retired) {
                let id = row.successor.as_ref().and_then(|code| codes.get(code).copied()).unwrap_or(RegionId(i as u32));
                let forms = [(row.name.as_str(), true), (row.short.as_str(), false)];
                let aliases = row.aliases.iter().map(|alias| (alias.as_str(), ends_generic(alias)));
                for (text, full) in forms.into_iter().chain(aliases) {
                    // A name that is in use today means today's place.
                    if retired && current.contains(text) || text.chars().nth(1).is_none() {
                        continue;
                    }
                    names.push(Name { text: text.into(), region: id, full: full || text == row.name });
                }
            }
            if !retired {
                current = self.rows.iter().filter(|row| !row.retired).flat_map(|row| [row.name.as_str(), row.short.as_str()]).collect();
            }
        }
        for (alias, code) in &self.also {
            if let Some(&region) = codes.get(code) {
                names.push(Name { text: alias.clone(), region, full: ends_generic(alias) });
            }
        }
        Names::new(names)
    }
}

impl Names {
    fn new(mut names: Vec<Name>) -> Self {
        let start = |name: &Name| {
            let mut chars = name.text.chars();
            [chars.next().unwrap_or_default(), chars.next().unwrap_or_default()]
        };
        names.sort_by(|a, b| {
            (start(a), std::cmp::Reverse(a.text.len()), &a.text, a.region, !a.full).cmp(&(
                start(b),
                std::cmp::Reverse(b.text.len()),
                &b.text,
                b.region,
                !b.full,
            ))
        });
        names.dedup_by(|later, first| later.text == first.text && later.region == first.region);
        let mut by_start: FxHashMap<[char; 2], (u32, u32)> = FxHashMap::default();
        for (i, name) in names.iter().enumerate() {
            let range = by_start.entry(start(name)).or_insert((i as u32, i as u32));
            range.1 = i as u32 + 1;
        }
        Self { names, by_start }
    }
}

/// The place that a code lies in: what the row says, or by the digits of the standard.
fn parent_of(code: &str, parent: &str, codes: &FxHashMap<String, RegionId>) -> Option<RegionId> {
    if parent != code {
        return codes.get(parent).copied();
    }
    let prefecture = format!("{}00", &code[..4]);
    let province = format!("{}0000", &code[..2]);
    [prefecture, province].iter().filter(|outer| *outer != code).find_map(|outer| codes.get(outer).copied())
}

fn ends_generic(name: &str) -> bool {
    name.ends_with(['省', '市', '县', '区', '州', '盟', '旗', '师', '团'])
}
