//! The home page: search, how much there is, what is new, and the ways in.

use serde::Serialize;

use crate::site::Site;
use crate::site::page::compilation;
use crate::site::page::tiles::{self, Tile};
use crate::site::path::list_page;
use crate::site::render::Frame;
use crate::site::view::{Item, Link, Tally, with_shares};

/// Reports in the list of what is new; entries in each of the other lists.
const NEWEST: usize = 8;
const LONGEST: usize = 12;

#[derive(Debug, Serialize)]
pub struct View {
    reports: usize,
    regions: usize,
    compilations: usize,
    characters: usize,
    /// The years that reports speak of, `None` where there are no two.
    years_span: Option<(String, String)>,
    newest: Vec<Item>,
    tiles: Vec<Tile>,
    roots: Vec<Tally>,
    themes: Vec<Tally>,
    kinds: Vec<Tally>,
    /// Oldest first; empty where there are no two.
    years: Vec<Tally>,
    latest_compilations: Vec<Tally>,
    unplaced: Option<Tally>,
}

pub fn view(site: &Site) -> (Frame, View) {
    let archive = &site.archive;
    let t = &site.look.locale;
    let newest: Vec<_> = archive.iter().take(NEWEST).map(|(id, _)| id).collect();
    let roots = site.facts.roots.iter().map(|&root| {
        let reports = &archive.regions[&root];
        Tally::new(site.region_link(root), reports.own.len() + reports.below.len())
    });
    let themes = archive.themes.iter().enumerate().map(|(i, theme)| Tally::new(site.theme_link(i), theme.sections.len()));
    let kinds = archive.kinds.iter().enumerate().map(|(i, kind)| Tally::new(site.kind_link(i), kind.reports.len()));
    let years = archive.years.iter().rev().map(|(year, ids)| Tally::new(site.year_link(*year), ids.len()));
    let unplaced = site.facts.without_place_count();
    let span = archive.years.last().zip(archive.years.first()).filter(|(first, last)| first.0 < last.0);
    let view = View {
        reports: archive.reports.len(),
        regions: archive.regions.values().filter(|region| !region.own.is_empty()).count(),
        compilations: archive.compilations.len(),
        characters: site.facts.characters,
        years_span: span.map(|((first, _), (last, _))| (first.to_string(), last.to_string())),
        newest: site.items(&newest),
        tiles: tiles::tiles(site),
        roots: with_shares(roots.collect()),
        themes: used(themes.collect()),
        kinds: used(kinds.collect()),
        years: if archive.years.len() > 1 { with_shares(years.collect()) } else { Vec::new() },
        latest_compilations: archive
            .compilations
            .iter()
            .take(LONGEST)
            .map(|one| Tally::new(compilation::link(one), one.reports.len()))
            .collect(),
        unplaced: (unplaced > 0)
            .then(|| Tally::new(Link::new(t.text("unplaced.title"), list_page("regions/unplaced", 1).href()), unplaced)),
    };
    (Frame { nav: "home", description: site.config.description.clone(), ..Frame::default() }, view)
}

/// Only those that have something, the largest first.
fn used(mut tallies: Vec<Tally>) -> Vec<Tally> {
    tallies.retain(|tally| tally.count > 0);
    tallies.sort_by_key(|one| std::cmp::Reverse(one.count));
    tallies.truncate(LONGEST);
    with_shares(tallies)
}
