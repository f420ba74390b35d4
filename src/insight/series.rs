//! Which report continues which: the same region writing about the same thing in a later year, or a newer version of the
//! same report.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::archive::{Archive, ReportId};
use crate::classify::Date;
use crate::insight::compare::{Profile, alike};

/// Titles agree from this share of character pairs on, years and digits aside.
const SAME_SERIES: f32 = 0.7;
/// Reports of one region and year that are looked at for the one that continues.
const MOST_CANDIDATES: usize = 40;

/// Versions of one report have titles that agree from this share of character pairs on, and texts from the other on.
const SAME_TITLE: f32 = 0.9;
const SAME_TEXT: f32 = 0.6;

/// For each report that continues another one, that earlier report: the version of it before, or of the same region and
/// kind, from the nearest earlier year in which the region has any, with the title most like it. A report is continued at
/// most once by a later year's, and at most once by a version.
pub fn series(archive: &Archive) -> BTreeMap<ReportId, ReportId> {
    let regions: Vec<&[ReportId]> = archive.regions.values().map(|reports| reports.own.as_slice()).collect();
    let links: Vec<Vec<(ReportId, ReportId)>> = regions.par_iter().map(|reports| of_region(archive, reports)).collect();
    links.into_iter().flatten().collect()
}

fn of_region(archive: &Archive, reports: &[ReportId]) -> Vec<(ReportId, ReportId)> {
    let mut years: BTreeMap<i32, Vec<ReportId>> = BTreeMap::new();
    for &id in reports {
        if let Some(year) = &archive[id].labels.year {
            years.entry(year.value).or_default().push(id);
        }
    }
    let years: Vec<Vec<ReportId>> = years.into_values().collect();
    let versions: BTreeMap<ReportId, ReportId> = years.iter().flat_map(|reports| versions(archive, reports)).collect();
    let mut links: BTreeMap<ReportId, ReportId> = years.windows(2).flat_map(|pair| continued(archive, &pair[0], &pair[1])).collect();
    links.extend(versions);
    links.into_iter().collect()
}

/// Reports of one region and year that are the same report, each with the version before it.
fn versions(archive: &Archive, reports: &[ReportId]) -> Vec<(ReportId, ReportId)> {
    let mut order: Vec<ReportId> = reports.iter().copied().take(MOST_CANDIDATES).collect();
    order.sort_by_cached_key(|&id| version(archive, id));
    let text = |id: ReportId| archive[id].document.blocks.iter().map(|block| block.text()).collect::<String>();
    let profiles: Vec<OnceCell<Profile>> = order.iter().map(|_| OnceCell::new()).collect();
    let profile = |at: usize| profiles[at].get_or_init(|| Profile::of(&text(order[at])));
    let title = |id: ReportId| archive[id].document.title.text.as_str();
    let mut links = Vec::new();
    for (at, &new) in order.iter().enumerate() {
        // The nearest version before it, if nothing else is one of that already.
        let is_version = |&before: &usize| {
            let old = order[before];
            archive[old].source != archive[new].source
                && alike(title(old), title(new)) >= SAME_TITLE
                && links.iter().all(|&(_, taken)| taken != old)
                && profile(before).alike(profile(at)) >= SAME_TEXT
        };
        let before = (0..at).rev().find(is_version);
        links.extend(before.map(|before| (new, order[before])));
    }
    links
}

/// The older version first: by date, then by file name, of which the later one carries a mark: `总结-2`, `总结（修订）`.
fn version(archive: &Archive, id: ReportId) -> (Option<Date>, usize, String) {
    let path = &archive.sources[archive[id].source].path;
    (archive[id].labels.date.as_ref().map(|found| found.value), path.stem().chars().count(), path.as_str().to_owned())
}

fn continued(archive: &Archive, earlier: &[ReportId], later: &[ReportId]) -> Vec<(ReportId, ReportId)> {
    let kind = |id: ReportId| archive[id].labels.kind.as_ref().map(|found| &found.value);
    let mut candidates = Vec::new();
    for &new in later.iter().take(MOST_CANDIDATES) {
        for &old in earlier.iter().take(MOST_CANDIDATES) {
            let score = alike(&undated(&archive[old].document.title.text), &undated(&archive[new].document.title.text));
            if score >= SAME_SERIES && kind(old) == kind(new) {
                candidates.push((score, old, new));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut olds, mut news, mut links) = (Vec::new(), Vec::new(), Vec::new());
    for (_, old, new) in candidates {
        if !olds.contains(&old) && !news.contains(&new) {
            olds.push(old);
            news.push(new);
            links.push((new, old));
        }
    }
    links.sort_unstable();
    links
}

fn undated(title: &str) -> String {
    title.chars().filter(|c| !c.is_ascii_digit() && !matches!(c, '年' | '度')).collect()
}
