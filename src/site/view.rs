//! What the pages have in common: links, list items, pagers. Plain data for the templates.
//!
//! Every `href` is percent-encoded and starts at the site's root; a template puts `root` before it.

use serde::Serialize;

use crate::archive::{Archive, ReportId, SourceRecord};
use crate::classify::{Placement, RegionId};
use crate::document::Key;
use crate::site::path::{self, list_page};
use crate::site::{SectionsOf, Site};

#[derive(Debug, Clone, Serialize)]
pub struct Link {
    pub text: String,
    pub href: String,
}

/// A link with a number beside it and a bar that shows the number.
#[derive(Debug, Clone, Serialize)]
pub struct Tally {
    pub text: String,
    pub href: String,
    pub count: usize,
    /// Of the largest in the list, 0 to 100.
    pub share: usize,
}

/// One report in a list.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    pub title: String,
    pub href: String,
    /// Where the report speaks for exactly one place.
    pub region: Option<Link>,
    /// Otherwise what the source leaves of its name.
    pub masked: Option<String>,
    pub year: Option<String>,
    pub kind: Option<String>,
    pub level: Option<String>,
}

/// Reports under one subheading.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    pub heading: Option<Link>,
    pub items: Vec<Item>,
}

impl Link {
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into() }
    }
}

/// Fills in each share, with the largest count as 100.
pub fn with_shares(mut tallies: Vec<Tally>) -> Vec<Tally> {
    let largest = tallies.iter().map(|tally| tally.count).max().unwrap_or(0).max(1);
    for tally in &mut tallies {
        // A count above nothing always shows.
        tally.share = if tally.count == 0 { 0 } else { (tally.count * 100 / largest).max(2) };
    }
    tallies
}

impl Tally {
    pub fn new(link: Link, count: usize) -> Self {
        Self { text: link.text, href: link.href, count, share: 0 }
    }
}

impl Site {
    pub(super) fn region_link(&self, region: RegionId) -> Link {
        let place = &self.archive.gazetteer[region];
        Link::new(&place.name, list_page(&path::region_folder(&place.code), 1).href())
    }

    pub(super) fn theme_link(&self, theme: usize) -> Link {
        let theme = &self.archive.themes[theme];
        Link::new(&theme.name, list_page(&path::theme_folder(&theme.slug), 1).href())
    }

    /// Sections about a theme, named after the region or level that they come from.
    pub(super) fn sections_link(&self, theme: usize, of: SectionsOf) -> Link {
        let name = match of {
            SectionsOf::All => self.archive.themes[theme].name.clone(),
            SectionsOf::Region(region) => self.archive.gazetteer[region].name.clone(),
            SectionsOf::Level(level) => self.level_name(level),
        };
        Link::new(name, list_page(&of.folder(&self.archive, theme), 1).href())
    }

    pub(super) fn kind_link(&self, kind: usize) -> Link {
        let kind = &self.archive.kinds[kind];
        Link::new(&kind.name, list_page(&path::kind_folder(&kind.slug), 1).href())
    }

    pub(super) fn year_link(&self, year: i32) -> Link {
        Link::new(self.year_name(year), list_page(&path::year_folder(year), 1).href())
    }

    pub(super) fn year_name(&self, year: i32) -> String {
        self.look.locale.fill("format.year", &[("year", &year.to_string())])
    }

    pub(super) fn report_link(&self, id: ReportId) -> Link {
        let report = &self.archive[id];
        Link::new(&report.document.title.text, path::report(&report.slug).href())
    }

    /// The original file; without an address where it is not offered.
    pub(super) fn source_link(&self, source: &SourceRecord) -> Link {
        let href = if source.withheld { String::new() } else { path::original(&source.path).href() };
        Link::new(source.path.to_string(), href)
    }

    /// Decides all that pages of others show of a report: what is its own, its address, what its region is called.
    pub(super) fn shown_of(&self, id: ReportId) -> impl Serialize {
        let report = &self.archive[id];
        let region = report.labels.placement.region().map(|region| &self.archive.gazetteer[region]);
        (report.keys.report, &report.slug, region.map(|region| (&region.name, &region.code)))
    }

    pub(super) fn level_name(&self, level: crate::classify::Level) -> String {
        self.look.locale.text(&format!("level.{}", level_key(level))).to_owned()
    }

    pub(super) fn item(&self, id: ReportId) -> Item {
        let labels = &self.archive[id].labels;
        let link = self.report_link(id);
        Item {
            title: link.text,
            href: link.href,
            region: labels.placement.region().map(|region| self.region_link(region)),
            masked: match &labels.placement {
                Placement::Masked(name, _) => Some(name.clone()),
                _ => None,
            },
            year: labels.year.as_ref().map(|found| self.year_name(found.value)),
            kind: labels.kind.as_ref().map(|found| found.value.clone()),
            level: labels.level.as_ref().map(|found| self.level_name(found.value)),
        }
    }

    /// Stands for the [`Item`]s of these reports.
    pub(super) fn listed(&self, ids: &[ReportId]) -> Vec<Key> {
        ids.iter().map(|&id| *self.listed[id.0 as usize].get_or_init(|| Key::of(&self.item(id)))).collect()
    }

    pub(super) fn items(&self, ids: &[ReportId]) -> Vec<Item> {
        ids.iter().map(|&id| self.item(id)).collect()
    }

    /// Runs of reports that share a heading, in their order.
    pub(super) fn groups<K: PartialEq>(
        &self,
        ids: &[ReportId],
        key: impl Fn(&Archive, ReportId) -> K,
        heading: impl Fn(&K) -> Option<Link>,
    ) -> Vec<Group> {
        ids.chunk_by(|&a, &b| key(&self.archive, a) == key(&self.archive, b))
            .map(|run| Group { heading: heading(&key(&self.archive, run[0])), items: self.items(run) })
            .collect()
    }

    pub(super) fn by_year(&self, ids: &[ReportId]) -> Vec<Group> {
        let undated = || Link::new(self.look.locale.text("year.undated"), list_page("years/undated", 1).href());
        self.groups(
            ids,
            |archive, id| archive[id].labels.year.as_ref().map(|found| found.value),
            |year| Some(year.map_or_else(undated, |year| self.year_link(year))),
        )
    }
}

/// The last part of a level's key in the locale.
pub fn level_key(level: crate::classify::Level) -> &'static str {
    use crate::classify::Level;
    match level {
        Level::Province => "province",
        Level::Prefecture => "prefecture",
        Level::County => "county",
    }
}
