//! The region tree, and one region with what lies under it.

use serde::Serialize;

use crate::archive::{RegionReports, ReportId};
use crate::classify::RegionId;
use crate::site::Site;
use crate::site::page::tiles::{self, Tile};
use crate::site::path::{list_page, region_folder};
use crate::site::render::Frame;
use crate::site::view::{Group, Link, Pager, Tally, pager, with_shares};

#[derive(Debug, Serialize)]
pub struct TreeView {
    tiles: Vec<Tile>,
    branches: Vec<Branch>,
    unplaced: Option<Tally>,
}

/// A region of the tree with its numbers and what lies under it.
#[derive(Debug, Serialize)]
pub struct Branch {
    name: String,
    href: String,
    /// Of the region itself, and with all below it.
    own: usize,
    all: usize,
    children: Vec<Branch>,
}

pub fn tree(site: &Site) -> (Frame, TreeView) {
    let t = &site.look.locale;
    let unplaced = site.facts.without_place_count();
    let rest = Link::new(t.text("unplaced.title"), list_page("regions/unplaced", 1).href());
    let view = TreeView {
        tiles: tiles::tiles(site),
        branches: site.facts.roots.iter().filter_map(|&root| branch(site, root)).collect(),
        unplaced: (unplaced > 0).then(|| Tally::new(rest, unplaced)),
    };
    (Frame { title: t.text("regions.title").into(), nav: "regions", ..Frame::default() }, view)
}

fn branch(site: &Site, region: RegionId) -> Option<Branch> {
    let reports = site.archive.regions.get(&region)?;
    let link = site.region_link(region);
    Some(Branch {
        name: link.text,
        href: link.href,
        own: reports.own.len(),
        all: reports.own.len() + reports.below.len(),
        children: reports.children.iter().filter_map(|&child| branch(site, child)).collect(),
    })
}

#[derive(Debug, Serialize)]
pub struct View {
    name: String,
    code: String,
    level: Option<String>,
    /// For a division that no longer exists.
    successor: Option<Link>,
    total: usize,
    children: Vec<Tally>,
    /// Reports of the region itself on this page, by year, then those of what lies under it.
    own: Vec<Group>,
    below: Vec<Group>,
    own_total: usize,
    below_total: usize,
    pager: Option<Pager>,
    /// Regions with the same parent.
    neighbours: Vec<Link>,
    years: Vec<Tally>,
    themes: Vec<Profile>,
}

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
    let (own, below) = on_page(reports, page, site.config.page_size);
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
        successor: place.successor.filter(|next| archive.regions.contains_key(next)).map(|next| site.region_link(next)),
        total,
        children: with_shares(reports.children.iter().map(|&child| Tally::new(site.region_link(child), count(site, child))).collect()),
        own: site.by_year(&own),
        below: site.by_year(&below),
        own_total: reports.own.len(),
        below_total: reports.below.len(),
        pager: pager(total, &folder, page, site.config.page_size),
        neighbours: siblings.into_iter().filter(|&other| other != region).map(|other| site.region_link(other)).collect(),
        years: years(site, reports),
        themes: if page == 1 { profile(site, reports) } else { Vec::new() },
    };
    let t = &site.look.locale;
    let mut crumbs = vec![Link::new(t.text("regions.title"), list_page("regions", 1).href())];
    crumbs.extend(path[..path.len() - 1].iter().map(|&above| site.region_link(above)));
    let frame = Frame {
        title: place.name.clone(),
        description: format!("{}，{}", place.name, t.count("count.reports", total)),
        nav: "regions",
        crumbs,
        noindex: page > 1,
    };
    (frame, view)
}

fn count(site: &Site, region: RegionId) -> usize {
    site.archive.regions.get(&region).map_or(0, |reports| reports.own.len() + reports.below.len())
}

/// One list, the region's own first, cut into pages.
fn on_page(reports: &RegionReports, page: usize, size: usize) -> (Vec<ReportId>, Vec<ReportId>) {
    let start = (page.max(1) - 1) * size.max(1);
    let end = start + size.max(1);
    let part = |ids: &[ReportId], from: usize| {
        let from_here = start.saturating_sub(from).min(ids.len());
        let to_here = end.saturating_sub(from).min(ids.len());
        ids[from_here..to_here].to_vec()
    };
    (part(&reports.own, 0), part(&reports.below, reports.own.len()))
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

fn profile(site: &Site, reports: &RegionReports) -> Vec<Profile> {
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
            let link = site.theme_link(theme);
            let average = site.archive.themes[theme].sections.len() * 100 / all;
            Profile { text: link.text, href: link.href, count, here: count * 100 / sections.max(1), average }
        })
        .collect();
    profile.sort_by_key(|one| std::cmp::Reverse(one.count));
    profile
}
