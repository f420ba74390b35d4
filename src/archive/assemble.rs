//! Brings the sources together.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::archive::*;
use crate::classify::Gazetteer;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};

/// `understood` in any order; the archive does not depend on it.
///
/// Two sources that want one address are an error each, and the later one (by path) is left out.
pub fn assemble(mut understood: Vec<Understood>, gazetteer: Gazetteer, config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Archive {
    understood.sort_by(|a, b| a.source.path.cmp(&b.source.path));
    let understood = united(understood, diagnostics);
    let namesakes = repeated_stems(&understood);

    let mut addresses = Addresses::default();
    let mut sources = Vec::new();
    let mut compilations: Vec<CompilationRecord> = Vec::new();
    let mut placed: Vec<Placed> = Vec::new();
    for one in understood {
        let path = one.source.path.clone();
        let bare = Slug::new(path.stem());
        let shared = namesakes.contains(&bare.key());
        let base = if shared { Slug::new(&path_without_extension(&path)) } else { bare.clone() };
        let source = sources.len();
        let is_compilation = one.reading.compilation.is_some();
        let slugs = if is_compilation {
            parts(&base, &one.reading)
        } else {
            one.reading.documents.iter().map(|d| d.front_matter.slug.as_deref().map_or(base.clone(), Slug::new)).collect()
        };
        if let Some(other) = addresses.claim(&path, &slugs) {
            diagnostics.push(same_address(&path, &other.1, &other.0));
            continue;
        }
        sources.push(one.source);
        let compilation = one.reading.compilation.map(|compilation| {
            let title = compilation.title.clone().unwrap_or_else(|| path.stem().to_owned());
            compilations.push(CompilationRecord { slug: base.clone(), title, source, compilation, reports: Vec::new() });
            compilations.len() - 1
        });
        let documents = one.reading.documents.into_iter().zip(one.labels).zip(one.keys);
        for (part, (((document, labels), keys), slug)) in documents.zip(slugs).enumerate() {
            let id = compilation.map(|c| CompilationId(c as u32));
            let bare = (shared && !is_compilation).then(|| bare.clone());
            let report = Report { slug, source, compilation: id, document, labels, keys };
            placed.push(Placed { report, member: compilation.map(|c| (c, part)), bare });
        }
    }

    placed.sort_by_cached_key(|one| order(&one.report, &gazetteer));
    let mut by_name: BTreeMap<Slug, Vec<ReportId>> = BTreeMap::new();
    let mut members: Vec<(usize, usize, ReportId)> = Vec::new();
    for (i, Placed { member, bare, .. }) in placed.iter().enumerate() {
        let id = ReportId(i as u32);
        if let Some((compilation, part)) = member {
            members.push((*compilation, *part, id));
        }
        if let Some(bare) = bare {
            by_name.entry(bare.clone()).or_default().push(id);
        }
    }
    members.sort_unstable();
    for (compilation, _, id) in members {
        compilations[compilation].reports.push(id);
    }
    // A bare name that some report holds after all (by its front matter) is that report's.
    by_name.retain(|slug, _| !addresses.holds(slug));

    let reports: Vec<Report> = placed.into_iter().map(|one| one.report).collect();
    let regions = by_region(&reports, &gazetteer);
    Archive {
        themes: by_theme(&reports, config),
        years: by_year(&reports),
        kinds: by_kind(&reports, config),
        reports,
        sources,
        compilations,
        gazetteer,
        regions,
        namesakes: by_name,
    }
}

/// Each file once, whatever it is called: the first by path stands for all with the same bytes.
fn united(understood: Vec<Understood>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Understood> {
    let mut first: BTreeMap<(u64, String), usize> = BTreeMap::new();
    let mut kept: Vec<Understood> = Vec::with_capacity(understood.len());
    for one in understood {
        match first.get(&(one.source.size, one.source.sha256.clone())) {
            // A file name may stand in for a title: two such files are two reports.
            Some(&at) if kept[at].reading.documents == one.reading.documents => {
                let original = &mut kept[at].source;
                let warning = Diagnostic::warning("duplicate", format!("the same file as {}: one report stands for both", original.path));
                let warning = warning.at(Place::file(one.source.path.to_string()));
                diagnostics.push(warning.help("delete one of them"));
                original.copies.push(one.source.path);
            }
            _ => {
                first.entry((one.source.size, one.source.sha256.clone())).or_insert(kept.len());
                kept.push(one);
            }
        }
    }
    kept
}

/// A report before it has its place in the order.
struct Placed {
    report: Report,
    /// Its compilation and its place there.
    member: Option<(usize, usize)>,
    /// Its file's name alone, where several files share it.
    bare: Option<Slug>,
}

/// Which address belongs to which source.
#[derive(Default)]
struct Addresses(BTreeMap<String, (SourcePath, Slug)>);

impl Addresses {
    /// Takes all of them, or says which one is taken and by whom.
    fn claim(&mut self, path: &SourcePath, slugs: &[Slug]) -> Option<(SourcePath, Slug)> {
        if let Some(taken) = slugs.iter().find_map(|slug| self.0.get(&slug.key())) {
            return Some(taken.clone());
        }
        for slug in slugs {
            self.0.insert(slug.key(), (path.clone(), slug.clone()));
        }
        None
    }

    fn holds(&self, slug: &Slug) -> bool {
        self.0.contains_key(&slug.key())
    }
}

fn same_address(path: &SourcePath, slug: &Slug, other: &SourcePath) -> Diagnostic {
    Diagnostic::error("same-address", format!("two sources want the address /reports/{slug}/"))
        .at(Place::file(path.to_string()))
        .note(format!("it belongs to {other}"))
        .help("rename one of the two files")
}

/// The keys of the bare slugs that more than one source would have.
fn repeated_stems(understood: &[Understood]) -> BTreeSet<String> {
    let mut seen = BTreeMap::new();
    for one in understood {
        // Files that differ in the extension alone gain nothing from their folders: they collide and are reported.
        seen.entry(Slug::new(one.source.path.stem()).key()).or_insert_with(Vec::new).push(path_without_extension(&one.source.path));
    }
    seen.retain(|_, paths| {
        paths.sort();
        paths.dedup();
        paths.len() > 1
    });
    seen.into_keys().collect()
}

fn path_without_extension(path: &SourcePath) -> String {
    path.folders().chain([path.stem()]).collect::<Vec<_>>().join("/")
}

/// A part's address comes from its title, so that a report inserted before it does not move it.
fn parts(base: &Slug, reading: &Reading) -> Vec<Slug> {
    let mut taken = BTreeSet::new();
    let mut slugs = Vec::new();
    for document in &reading.documents {
        let title = base.with(&document.title.text);
        let mut slug = title.clone();
        for n in 2.. {
            if taken.insert(slug.key()) {
                break;
            }
            slug = title.with(&n.to_string());
        }
        slugs.push(slug);
    }
    slugs
}

type Order = (Reverse<Option<i32>>, Reverse<(Option<i8>, Option<i8>)>, String, String, Slug);

fn order(report: &Report, gazetteer: &Gazetteer) -> Order {
    let date = report.labels.date.as_ref().map(|found| found.value);
    let year = report.labels.year.as_ref().map(|found| found.value).or(date.map(|date| i32::from(date.year)));
    let region = report.labels.placement.region().map(|id| gazetteer[id].code.clone()).unwrap_or_else(|| "~".into());
    let day = date.map_or((None, None), |date| (date.month, date.day));
    (Reverse(year), Reverse(day), region, report.document.title.text.clone(), report.slug.clone())
}

fn by_region(reports: &[Report], gazetteer: &Gazetteer) -> BTreeMap<RegionId, RegionReports> {
    let mut regions: BTreeMap<RegionId, RegionReports> = BTreeMap::new();
    for (i, report) in reports.iter().enumerate() {
        let Some(region) = report.labels.placement.region() else { continue };
        let id = ReportId(i as u32);
        let path = gazetteer.path(region);
        for pair in path.windows(2) {
            let parent = regions.entry(pair[0]).or_default();
            parent.below.push(id);
            if !parent.children.contains(&pair[1]) {
                parent.children.push(pair[1]);
            }
        }
        regions.entry(region).or_default().own.push(id);
    }
    for region in regions.values_mut() {
        region.children.sort_unstable();
    }
    regions
}

fn by_theme(reports: &[Report], config: &Config) -> Vec<ThemeReports> {
    let mut themes: Vec<ThemeReports> = config
        .themes
        .iter()
        .map(|theme| ThemeReports { name: theme.name.clone(), slug: Slug::new(&theme.slug), reports: Vec::new(), sections: Vec::new() })
        .collect();
    let index: BTreeMap<String, usize> = themes.iter().enumerate().map(|(i, theme)| (theme.name.clone(), i)).collect();
    for (i, report) in reports.iter().enumerate() {
        let id = ReportId(i as u32);
        for name in &report.labels.themes {
            if let Some(&theme) = index.get(name) {
                themes[theme].reports.push(id);
            }
        }
        for (s, section) in report.labels.sections.iter().enumerate() {
            for found in &section.themes {
                if let Some(&theme) = index.get(&found.theme) {
                    themes[theme].sections.push((id, s));
                }
            }
        }
    }
    themes
}

fn by_year(reports: &[Report]) -> Vec<(i32, Vec<ReportId>)> {
    let mut years: BTreeMap<Reverse<i32>, Vec<ReportId>> = BTreeMap::new();
    for (i, report) in reports.iter().enumerate() {
        if let Some(year) = &report.labels.year {
            years.entry(Reverse(year.value)).or_default().push(ReportId(i as u32));
        }
    }
    years.into_iter().map(|(Reverse(year), reports)| (year, reports)).collect()
}

fn by_kind(reports: &[Report], config: &Config) -> Vec<KindReports> {
    config
        .kinds
        .iter()
        .map(|kind| KindReports {
            name: kind.name.clone(),
            slug: Slug::new(&kind.slug),
            reports: reports
                .iter()
                .enumerate()
                .filter(|(_, report)| report.labels.kind.as_ref().is_some_and(|found| found.value == kind.name))
                .map(|(i, _)| ReportId(i as u32))
                .collect(),
        })
        .collect()
}
