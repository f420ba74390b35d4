//! One region with what lies under it.

use std::ops::Range;

use serde::Serialize;

use crate::archive::{RegionReports, ReportId};
use crate::classify::RegionId;
use crate::site::paging::{Pager, Pages};
use crate::site::path::{self, list_page, region_folder};
use crate::site::render::Frame;
use crate::site::view::{Group, Link, Tally, with_shares};
use crate::site::{SectionsOf, Site};

#[derive(Debug, Serialize)]
pub struct View {
    name: String,
    code: String,
    level: Option<String>,
    /// For a division that no longer exists.
    successor: Option<Link>,
    /// Divisions that no longer exist and became this one.
    predecessors: Vec<Link>,
    /// Reports of the region itself on this page, by year, then those of what lies under it.
    own: Vec<Group>,
    below: Vec<Group>,
    pager: Option<Pager>,
    /// What changes whenever any report comes or goes: on the first page alone, so that the others stay as they are.
    whole: Option<Whole>,
}

/// What is said of the region's reports as a whole.
#[derive(Debug, Serialize)]
pub struct Whole {
    total: usize,
    own: usize,
    below: usize,
    children: Vec<Tally>,
    /// Regions with the same parent.
    neighbours: Vec<Link>,
    years: Vec<Tally>,
    themes: Vec<Profile>,
    /// Reports of the region itself that continue one of an earlier year, with what changed.
    changes: Vec<Link>,
}

/// Comparisons that a region's page names; its reports lead to the others.
const CHANGES: usize = 12;

/// How much of a region's reports a theme takes, beside the archive's average.
#[derive(Debug, Serialize)]
pub struct Profile {
    text: String,
    href: String,
    count: usize,
    /// Sections in a hundred that are about the theme: here and in the whole archive.
    here: usize,
    average: usize,
}

pub fn view(site: &Site, region: RegionId, page: usize) -> (Frame, View) {
    let empty = RegionReports::default();
    let archive = &site.archive;
    let reports = archive.regions.get(&region).unwrap_or(&empty);
    let place = &archive.gazetteer[region];
    let folder = region_folder(&place.code);
    let even = Pages::even(0, 1);
    let pages = site.facts.region_pages.get(&region).unwrap_or(&even);
    let (own, below) = on_page(reports, pages.range(page));
    let total = reports.own.len() + reports.below.len();
    let path = archive.gazetteer.path(region);
    let siblings = match place.parent {
        Some(parent) => archive.regions.get(&parent).map(|parent| parent.children.clone()).unwrap_or_default(),
        None => site.facts.roots.clone(),
    };
    let view = View {
        name: place.name.clone(),
        code: place.code.clone(),
        level: place.level.map(|level| site.level_name(level)),
        successor: site.facts.retired.get(&region).map(|&next| site.region_link(next)),
        predecessors: site.facts.retired.iter().filter(|&(_, &next)| next == region).map(|(&old, _)| site.region_link(old)).collect(),
        own: site.by_year(own),
        below: site.by_year(below),
        pager: pages.pager(&folder, page),
        whole: (page == 1).then(|| Whole {
            total,
            own: reports.own.len(),
            below: reports.below.len(),
            children: with_shares(reports.children.iter().map(|&child| Tally::new(site.region_link(child), count(site, child))).collect()),
            neighbours: siblings.into_iter().filter(|&other| other != region).map(|other| site.region_link(other)).collect(),
            years: years(site, reports),
            themes: profile(site, region, reports),
            changes: changes(site, reports),
        }),
    };
    let t = &site.look.locale;
    let mut crumbs = vec![Link::new(t.text("regions.title"), list_page("regions", 1).href())];
    crumbs.extend(path[..path.len() - 1].iter().map(|&above| site.region_link(above)));
    let frame = Frame {
        title: place.name.clone(),
        description: format!(
            "{}，{}",
            place.name,
            if page == 1 { t.count("count.reports", total) } else { t.fill("list.page", &[("n", &t.number(page))]) }
        ),
        nav: "regions",
        crumbs,
        noindex: page > 1 || total == 0,
    };
    (frame, view)
}

fn count(site: &Site, region: RegionId) -> usize {
    site.archive.regions.get(&region).map_or(0, |reports| reports.own.len() + reports.below.len())
}

/// One list, the region's own first, cut into pages.
fn on_page(reports: &RegionReports, shown: Range<usize>) -> (&[ReportId], &[ReportId]) {
    let own = reports.own.len();
    let part =
        |ids: &'_ [ReportId], from: usize| (shown.start.saturating_sub(from).min(ids.len()), shown.end.saturating_sub(from).min(ids.len()));
    let (first, second) = (part(&reports.own, 0), part(&reports.below, own));
    (&reports.own[first.0..first.1], &reports.below[second.0..second.1])
}

/// Reports by year, oldest first, as a small chart; empty where there is one year or none.
fn years(site: &Site, reports: &RegionReports) -> Vec<Tally> {
    let mut counts = std::collections::BTreeMap::new();
    for &id in reports.own.iter().chain(&reports.below) {
        if let Some(year) = &site.archive[id].labels.year {
            *counts.entry(year.value).or_insert(0) += 1;
        }
    }
    if counts.len() < 2 {
        return Vec::new();
    }
    with_shares(counts.into_iter().map(|(year, count)| Tally::new(site.year_link(year), count)).collect())
}

fn changes(site: &Site, reports: &RegionReports) -> Vec<Link> {
    let year = |id: ReportId| site.archive[id].labels.year.as_ref().map_or_else(String::new, |found| found.value.to_string());
    let continued = reports.own.iter().filter_map(|&id| Some((id, *site.facts.continues.get(&id)?)));
    continued
        .take(CHANGES)
        .map(|(id, earlier)| {
            let text = site.look.locale.fill("region.changed", &[("from", &year(earlier)), ("to", &year(id))]);
            Link::new(text, path::changes(&site.archive[id].slug).href())
        })
        .collect()
}

/// Its themes lead to the region's own sections, where these have a page.
fn profile(site: &Site, region: RegionId, reports: &RegionReports) -> Vec<Profile> {
    let mut here = vec![0; site.archive.themes.len()];
    let mut sections = 0;
    for &id in reports.own.iter().chain(&reports.below) {
        for section in &site.archive[id].labels.sections {
            sections += usize::from(!section.themes.is_empty());
            for found in &section.themes {
                if let Some(&theme) = site.facts.themes.get(&found.theme) {
                    here[theme] += 1;
                }
            }
        }
    }
    let all = site.facts.themed_sections.max(1);
    let mut profile: Vec<Profile> = here
        .into_iter()
        .enumerate()
        .filter(|&(_, count)| count > 0)
        .map(|(theme, count)| {
            let own = SectionsOf::Region(region);
            let of = if site.facts.sections.contains_key(&(theme, own)) { own } else { SectionsOf::All };
            let href = site.sections_link(theme, of).href;
            let average = (site.archive.themes[theme].sections.len() * 100 + all / 2) / all;
            Profile {
                text: site.archive.themes[theme].name.clone(),
                href,
                count,
                here: (count * 100 + sections / 2) / sections.max(1),
                average,
            }
        })
        .collect();
    profile.sort_by_key(|one| std::cmp::Reverse(one.count));
    profile
}
