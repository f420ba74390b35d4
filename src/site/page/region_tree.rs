//! All regions: the tree in the order of their codes, and an index by how their names sound.

use serde::Serialize;

use crate::classify::RegionId;
use crate::site::Site;
use crate::site::page::tiles::{self, Tile};
use crate::site::path::list_page;
use crate::site::render::Frame;
use crate::site::view::{Link, Tally};

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
pub struct IndexView {
    letters: Vec<Letter>,
}

#[derive(Debug, Serialize)]
pub struct Letter {
    name: String,
    regions: Vec<Indexed>,
}

/// A region in the index.
#[derive(Debug, Serialize)]
pub struct Indexed {
    link: Link,
    /// The region that it lies in: many names occur twice.
    above: Option<String>,
    count: usize,
    /// For a division that no longer exists: what it is today.
    today: Option<String>,
}

pub fn index(site: &Site) -> (Frame, IndexView) {
    let (t, gazetteer) = (&site.look.locale, &site.archive.gazetteer);
    let mut regions: Vec<RegionId> = site.archive.regions.keys().copied().chain(site.facts.retired.keys().copied()).collect();
    let letter = |region: RegionId| match gazetteer[region].pinyin.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => first.to_ascii_uppercase(),
        _ => '#',
    };
    regions.sort_by_key(|&region| (letter(region), &gazetteer[region].pinyin, &gazetteer[region].code));
    regions.dedup();
    let indexed = |&region: &RegionId| Indexed {
        link: site.region_link(region),
        above: gazetteer[region].parent.map(|above| gazetteer[above].short.clone()),
        count: site.archive.regions.get(&region).map_or(0, |reports| reports.own.len() + reports.below.len()),
        today: site.facts.retired.get(&region).map(|&today| gazetteer[today].name.clone()),
    };
    let letters = regions
        .chunk_by(|&a, &b| letter(a) == letter(b))
        .map(|run| Letter { name: letter(run[0]).to_string(), regions: run.iter().map(indexed).collect() });
    let crumbs = vec![Link::new(t.text("regions.title"), list_page("regions", 1).href())];
    let view = IndexView { letters: letters.collect() };
    (Frame { title: t.text("regions.by_pinyin_title").into(), nav: "regions", crumbs, ..Frame::default() }, view)
}
