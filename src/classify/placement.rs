//! Decides between the places that a report may speak for.

use std::collections::BTreeMap;

use crate::classify::place::{self, innermost, mentions};
use crate::classify::text::Text;
use crate::classify::{Evidence, EvidenceFrom, Gazetteer, Level, Placement, RegionId, level, mask};
use crate::document::{Block, ParagraphRole};

/// Title, signature, compilation, folders, body, in this order; a blank in the text is never filled from the weaker ones.
pub fn place(text: &Text, gazetteer: &Gazetteer) -> Placement {
    let mut open = None;
    for (words, from, line) in statements(text) {
        if let Some(blank) = mask::first(words) {
            return Placement::Masked(words[blank.at.clone()].into(), Evidence { from, quote: words[blank.at].into(), line });
        }
        let found = mentions(gazetteer, words);
        if let Some((mut places, at)) = innermost(gazetteer, &found, words) {
            let zone = place::zone(words, at.end);
            // A city has a zone sooner than a district of the same name.
            let cities: Vec<RegionId> = places.iter().copied().filter(|&place| gazetteer[place].level == Some(Level::Prefecture)).collect();
            if zone.is_some() && cities.len() == 1 {
                places = cities;
            }
            let evidence = Evidence { from, quote: words[at.start..zone.unwrap_or(at.end)].into(), line };
            return match places.as_slice() {
                // Filed under the place that it lies in; the evidence names the zone.
                [only] if zone.is_some() => Placement::Inferred(*only, evidence),
                [only] => Placement::Stated(*only, evidence),
                _ => decide(text, gazetteer, places, evidence),
            };
        }
        // An ordinary word that is a place's stem too: only if the text says so.
        if let Some(word) = found.first()
            && open.is_none()
        {
            open = confirmed(text, gazetteer, &word.places, Evidence { from, quote: words[word.at.clone()].into(), line });
        }
    }
    if let Some(placement) = open {
        return placement;
    }
    if let Some(blanked) = blanked_self(text) {
        return blanked;
    }
    from_path(text, gazetteer).or_else(|| from_body(text, gazetteer)).unwrap_or(Placement::Unplaced)
}

/// Where a report or its keeper says whom it speaks for.
fn statements<'a>(text: &'a Text) -> Vec<(&'a str, EvidenceFrom, Option<u32>)> {
    let title = text.title.iter().map(|title| (title.text, EvidenceFrom::Title, title.line));
    let signatures = text.document.elements.signatures.iter().map(|s| (s.text.as_str(), EvidenceFrom::Signature, Some(s.line)));
    title.chain(signatures).chain(byline(text)).collect()
}

/// Who speaks, in a line of its own between title and text: `靖边县青阳岔镇党委书记　张伟`.
fn byline<'a>(text: &'a Text) -> Option<(&'a str, EvidenceFrom, Option<u32>)> {
    let lines = text.blocks.iter().take(4).map_while(|block| match block.block {
        Block::Paragraph(paragraph) if paragraph.role != ParagraphRole::Body => Some(paragraph),
        _ => None,
    });
    let offices = ["书记", "主任", "县长", "区长", "市长", "部长", "局长", "委", "府", "部", "局", "组", "会", "室"];
    let names_office = |text: &str| text.chars().count() <= 40 && offices.iter().any(|office| text.contains(office));
    let byline = lines.into_iter().find(|line| line.role == ParagraphRole::Line && names_office(&line.text))?;
    Some((byline.text.as_str(), EvidenceFrom::Signature, Some(byline.lines.start)))
}

/// Several places are called so: what stands around the name decides, or nothing does.
fn decide(text: &Text, gazetteer: &Gazetteer, mut places: Vec<RegionId>, evidence: Evidence) -> Placement {
    if let Some(group) = level::group(text) {
        let fitting: Vec<RegionId> = places.iter().copied().filter(|&place| gazetteer[place].level == Some(group.value)).collect();
        if let [only] = fitting.as_slice() {
            return Placement::Stated(*only, Evidence { from: EvidenceFrom::Contents, quote: group.evidence.quote, line: None });
        }
        if !fitting.is_empty() {
            places = fitting;
        }
    }
    if let [only] = places.as_slice() {
        return Placement::Stated(*only, evidence);
    }
    let (places, why) = by_surroundings(text, gazetteer, places);
    if let ([only], Some(why)) = (places.as_slice(), why) {
        return Placement::Inferred(*only, why);
    }
    let clues = Clues::count(text, gazetteer);
    let mut scores: Vec<(f64, RegionId, Option<Evidence>)> = places.iter().map(|&place| clues.score(place, &places, gazetteer)).collect();
    scores.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    match scores.as_slice() {
        [best, second, ..] if best.0 >= second.0 + 1.0 => Placement::Inferred(best.1, best.2.clone().unwrap_or(evidence)),
        _ => Placement::Ambiguous(places, evidence),
    }
}

/// A word that is also a place's stem stands for the place when the text uses its full name.
fn confirmed(text: &Text, gazetteer: &Gazetteer, places: &[RegionId], evidence: Evidence) -> Option<Placement> {
    let clues = Clues::count(text, gazetteer);
    let named: Vec<RegionId> = places.iter().copied().filter(|place| clues.full.contains_key(place)).collect();
    match named.as_slice() {
        [] => None,
        [only] => Some(Placement::Inferred(*only, clues.full[only].1.clone())),
        _ => Some(decide(text, gazetteer, named, evidence)),
    }
}

/// Those of `places` that the compilation's title and the folders leave, and what decided when only one is left.
fn by_surroundings(text: &Text, gazetteer: &Gazetteer, mut places: Vec<RegionId>) -> (Vec<RegionId>, Option<Evidence>) {
    for (words, from) in surroundings(text) {
        let found = mentions(gazetteer, words);
        let near = |place: RegionId| found.iter().any(|m| m.places.iter().any(|&other| other == place || gazetteer.lies_in(place, other)));
        let fitting: Vec<RegionId> = places.iter().copied().filter(|&place| near(place)).collect();
        if fitting.len() == 1 {
            return (fitting, Some(Evidence { from, quote: words.into(), line: None }));
        }
        if !fitting.is_empty() {
            places = fitting;
        }
    }
    (places, None)
}

/// The compilation's title, then the folders and the file name, innermost first.
fn surroundings<'a>(text: &'a Text) -> Vec<(&'a str, EvidenceFrom)> {
    let path = &text.source.path;
    let mut parts: Vec<(&str, EvidenceFrom)> = path.folders().chain([path.stem()]).map(|part| (part, EvidenceFrom::Path)).collect();
    parts.reverse();
    text.compilation.map(|title| (title, EvidenceFrom::Contents)).into_iter().chain(parts).collect()
}

/// A report that calls its own place by a blank: the opening names it, and more than in passing.
fn blanked_self(text: &Text) -> Option<Placement> {
    let opening = text.opening().iter().find_map(|block| Some((block, mask::first(&block.text)?)));
    let all = || text.blocks.iter().map(|block| mask::masks(&block.text).len()).sum::<usize>();
    let (block, blank) =
        opening.or_else(|| text.blocks.iter().find_map(|block| Some((block, mask::first(&block.text)?))).filter(|_| all() > 2))?;
    Some(Placement::Masked(block.text[blank.at.clone()].into(), block.evidence(blank.at)))
}

/// The folders: 陕西省/安康市/总结.txt.
fn from_path(text: &Text, gazetteer: &Gazetteer) -> Option<Placement> {
    let parts = surroundings(text);
    let (places, from, quote) = parts.iter().find_map(|(words, from)| {
        let found = mentions(gazetteer, words);
        innermost(gazetteer, &found, words).map(|(places, _)| (places, *from, *words))
    })?;
    let evidence = Evidence { from, quote: quote.into(), line: None };
    Some(if let [only] = places.as_slice() { Placement::Inferred(*only, evidence) } else { decide(text, gazetteer, places, evidence) })
}

/// A text that names one place as its own: 安康市委, 安康市政府, or its full name again and again.
fn from_body(text: &Text, gazetteer: &Gazetteer) -> Option<Placement> {
    let clues = Clues::count(text, gazetteer);
    let weight = |place: &RegionId| clues.full[place].0 + 3 * clues.own.get(place).copied().unwrap_or(0);
    let best = clues.full.keys().max_by_key(|place| (weight(place), std::cmp::Reverse(**place)))?;
    if weight(best) < 3 {
        return None;
    }
    let name = &gazetteer[*best].name;
    let namesakes: Vec<RegionId> = clues.full.keys().copied().filter(|place| &gazetteer[*place].name == name).collect();
    let evidence = clues.full[best].1.clone();
    Some(if namesakes.len() > 1 { decide(text, gazetteer, namesakes, evidence) } else { Placement::Inferred(*best, evidence) })
}

/// What a text says about places, counted.
#[derive(Default)]
struct Clues {
    /// How often a place is called by its full name, and where first.
    full: BTreeMap<RegionId, (usize, Evidence)>,
    /// By a name of any form that means this place alone.
    any: BTreeMap<RegionId, (usize, Evidence)>,
    /// With 委, 政府 and the like behind the full name.
    own: BTreeMap<RegionId, usize>,
    /// 全省, 省委, …: how often each generic part stands for the report's own place.
    generic: BTreeMap<&'static str, (usize, Evidence)>,
}

/// How a text calls its own place when it does not name it.
const OWN: &[(&str, &str)] = &[
    ("全省", "省"),
    ("省委", "省"),
    ("我省", "省"),
    ("自治区党委", "自治区"),
    ("全市", "市"),
    ("市委", "市"),
    ("我市", "市"),
    ("全县", "县"),
    ("县委", "县"),
    ("我县", "县"),
    ("全区", "区"),
    ("区委", "区"),
    ("我区", "区"),
    ("全州", "州"),
    ("州委", "州"),
    ("我州", "州"),
    ("全旗", "旗"),
    ("旗委", "旗"),
    ("全盟", "盟"),
    ("盟委", "盟"),
];

impl Clues {
    fn count(text: &Text, gazetteer: &Gazetteer) -> Self {
        let mut clues = Self::default();
        for block in &text.blocks {
            for mention in mentions(gazetteer, &block.text) {
                let evidence = || block.evidence(mention.at.clone());
                for &place in &mention.places {
                    if mention.full {
                        clues.full.entry(place).or_insert_with(|| (0, evidence())).0 += 1;
                        if ["委", "政府", "组织部", "人大", "党委", "组织系统"]
                            .iter()
                            .any(|own| block.text[mention.at.end..].starts_with(own))
                        {
                            *clues.own.entry(place).or_default() += 1;
                        }
                    }
                    if mention.places.len() == 1 && !mention.weak {
                        clues.any.entry(place).or_insert_with(|| (0, evidence())).0 += 1;
                    }
                }
            }
            for (words, generic) in OWN {
                for (at, _) in block.text.match_indices(words) {
                    clues.generic.entry(generic).or_insert_with(|| (0, block.evidence(at..at + words.len()))).0 += 1;
                }
            }
        }
        clues
    }

    /// How much speaks for `place` among its namesakes, and what most.
    fn score(&self, place: RegionId, among: &[RegionId], gazetteer: &Gazetteer) -> (f64, RegionId, Option<Evidence>) {
        let mut reasons: Vec<(f64, Evidence)> = Vec::new();
        let name = &gazetteer[place].name;
        let alone = among.iter().filter(|&&other| &gazetteer[other].name == name).count() == 1;
        if let Some((count, evidence)) = self.full.get(&place).filter(|_| alone) {
            reasons.push((3.0 * (*count).min(10) as f64, evidence.clone()));
        }
        // Places above, and for a province or prefecture those below.
        for (&other, (count, evidence)) in &self.any {
            let near = if gazetteer.lies_in(place, other) {
                2.0
            } else if gazetteer.lies_in(other, place) {
                1.0
            } else {
                continue;
            };
            reasons.push((near * (*count).min(5) as f64, evidence.clone()));
        }
        let total: usize = self.generic.values().map(|(count, _)| count).sum();
        let own =
            if name.ends_with("自治区") { ["自治区", "区"].as_slice() } else { &["省", "市", "县", "区", "州", "旗", "盟"] };
        for (generic, (count, evidence)) in &self.generic {
            if own.contains(generic) && name.ends_with(generic) && total > 1 {
                reasons.push((12.0 * *count as f64 / total as f64, evidence.clone()));
            }
        }
        let sum = reasons.iter().map(|(weight, _)| weight).sum();
        let best = reasons.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, evidence)| evidence);
        (sum, place, best)
    }
}

/// The place that somebody typed: a code, a full name, a path of names (`北京市/朝阳区`), a stem that only one place has.
pub fn named(gazetteer: &Gazetteer, typed: &str) -> Result<RegionId, Vec<RegionId>> {
    let typed = typed.trim();
    if let Some(place) = gazetteer.by_code(typed) {
        return Ok(gazetteer.today(place));
    }
    let parts: Vec<&str> = typed.split(['/', '>', '·', ' ', '　']).filter(|part| !part.is_empty()).collect();
    let mut places = parts.last().map(|last| gazetteer.called(last)).unwrap_or_default();
    for outer in parts.iter().rev().skip(1) {
        let outer = gazetteer.called(outer);
        places.retain(|&place| outer.iter().any(|&o| gazetteer.lies_in(place, o)));
    }
    if places.is_empty() {
        // 陕西省安康市 in one run.
        let found = place::mentions(gazetteer, typed);
        if let Some((inner, at)) = innermost(gazetteer, &found, typed)
            && at == (0..typed.len())
        {
            places = inner;
        }
    }
    // A full name beats a stem: 吉林省 is typed as such, 吉林 is open.
    match places.as_slice() {
        [only] => Ok(*only),
        _ => Err(places),
    }
}

/// The levels that a name may mean, for messages.
pub fn describe(gazetteer: &Gazetteer, place: RegionId) -> String {
    let path: Vec<&str> = gazetteer.path(place).into_iter().map(|id| gazetteer[id].name.as_str()).collect();
    let level = gazetteer[place].level.map_or("", Level::name);
    format!("{} {} {level}", gazetteer[place].code, path.join("/")).trim_end().to_owned()
}
