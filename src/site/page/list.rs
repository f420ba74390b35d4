//! Plain lists of reports: all of them, one year's, one kind's, those that have no place or no year.

use std::borrow::Cow;

use serde::Serialize;

use crate::archive::{ReportId, Slug};
use crate::site::Site;
use crate::site::paging::{Pager, Pages};
use crate::site::path::{self, list_page};
use crate::site::render::Frame;
use crate::site::view::{Group, Link, Tally, with_shares};

/// Reports in groups.
#[derive(Debug, Serialize)]
pub struct ListView {
    heading: String,
    /// What the list holds, where the heading does not say it all.
    note: Option<String>,
    /// Told on the first page alone, so that the others stay as they are when a report comes to another year.
    total: Option<usize>,
    groups: Vec<Group>,
    pager: Option<Pager>,
}

/// Names with their numbers of reports.
#[derive(Debug, Serialize)]
pub struct IndexView {
    heading: String,
    tallies: Vec<Tally>,
    /// Where those are that belong under none of them.
    rest: Option<Tally>,
}

/// What the lists of this module differ in.
struct List<'a> {
    nav: &'static str,
    heading: String,
    note: Option<String>,
    crumbs: Vec<Link>,
    folder: String,
    ids: &'a [ReportId],
    pages: Cow<'a, Pages>,
    page: usize,
}

impl List<'_> {
    fn view(self, site: &Site, group: impl FnOnce(&[ReportId]) -> Vec<Group>) -> (Frame, ListView) {
        let shown = &self.ids[self.pages.range(self.page)];
        let pager = self.pages.pager(&self.folder, self.page);
        let t = &site.look.locale;
        let total = (self.page == 1).then_some(self.ids.len());
        let which = total.map_or_else(|| t.fill("list.page", &[("n", &t.number(self.page))]), |total| t.count("count.reports", total));
        let description = format!("{}，{which}", self.heading);
        let frame = Frame { title: self.heading.clone(), description, nav: self.nav, crumbs: self.crumbs, noindex: self.page > 1 };
        (frame, ListView { heading: self.heading, note: self.note, total, groups: group(shown), pager })
    }
}

pub fn reports(site: &Site, page: usize) -> (Frame, ListView) {
    let ids: Vec<ReportId> = site.archive.iter().map(|(id, _)| id).collect();
    let heading = site.look.locale.text("reports.title").into();
    let list = List {
        nav: "reports",
        heading,
        note: None,
        crumbs: vec![],
        folder: "reports".into(),
        ids: &ids,
        pages: Cow::Borrowed(&site.facts.report_pages),
        page,
    };
    list.view(site, |ids| site.by_year(ids))
}

pub fn namesakes(site: &Site, slug: &Slug) -> (Frame, ListView) {
    let t = &site.look.locale;
    let ids = site.archive.namesakes.get(slug).map_or(&[][..], |ids| ids.as_slice());
    let list = List {
        nav: "reports",
        heading: slug.to_string(),
        note: Some(t.text("reports.namesakes").into()),
        crumbs: vec![Link::new(t.text("reports.title"), list_page("reports", 1).href())],
        folder: format!("reports/{slug}"),
        ids,
        pages: Cow::Owned(Pages::even(ids.len(), ids.len())),
        page: 1,
    };
    // All of them: one chooses among a few, and there are no further pages at such an address.
    let heading = list.heading.clone();
    let frame = Frame { title: heading.clone(), description: String::new(), nav: list.nav, crumbs: list.crumbs, noindex: true };
    (
        frame,
        ListView {
            heading,
            note: list.note,
            total: Some(ids.len()),
            groups: vec![Group { heading: None, items: site.items(ids) }],
            pager: None,
        },
    )
}

pub fn unplaced(site: &Site, page: usize) -> (Frame, ListView) {
    let t = &site.look.locale;
    let ids: Vec<ReportId> = site.facts.without_place().collect();
    let list = List {
        nav: "regions",
        heading: t.text("unplaced.title").into(),
        note: Some(t.text("unplaced.note").into()),
        crumbs: vec![Link::new(t.text("regions.title"), list_page("regions", 1).href())],
        folder: "regions/unplaced".into(),
        ids: &ids,
        pages: Cow::Owned(Pages::even(ids.len(), site.config.page_size)),
        page,
    };
    let key = |archive: &crate::archive::Archive, id: ReportId| match archive[id].labels.placement {
        crate::classify::Placement::Masked(..) => "unplaced.masked",
        crate::classify::Placement::Ambiguous(..) => "unplaced.ambiguous",
        _ => "unplaced.none",
    };
    list.view(site, |ids| {
        let mut groups = site.groups(ids, key, |key| Some(Link::new(t.text(key), "")));
        groups.retain(|group| !group.items.is_empty());
        groups
    })
}

pub fn undated(site: &Site, page: usize) -> (Frame, ListView) {
    let t = &site.look.locale;
    let list = List {
        nav: "years",
        heading: t.text("year.undated").into(),
        note: Some(t.text("year.undated_note").into()),
        crumbs: vec![Link::new(t.text("years.title"), list_page("years", 1).href())],
        folder: "years/undated".into(),
        ids: &site.facts.undated,
        pages: Cow::Owned(Pages::even(site.facts.undated.len(), site.config.page_size)),
        page,
    };
    list.view(site, |ids| by_province(site, ids))
}

pub fn year(site: &Site, index: usize, page: usize) -> (Frame, ListView) {
    let t = &site.look.locale;
    let (year, ids) = &site.archive.years[index];
    let list = List {
        nav: "years",
        heading: site.year_name(*year),
        note: None,
        crumbs: vec![Link::new(t.text("years.title"), list_page("years", 1).href())],
        folder: path::year_folder(*year),
        ids,
        pages: Cow::Owned(Pages::even(ids.len(), site.config.page_size)),
        page,
    };
    list.view(site, |ids| by_province(site, ids))
}

pub fn kind(site: &Site, index: usize, page: usize) -> (Frame, ListView) {
    let t = &site.look.locale;
    let kind = &site.archive.kinds[index];
    let list = List {
        nav: "kinds",
        heading: kind.name.clone(),
        note: None,
        crumbs: vec![Link::new(t.text("kinds.title"), list_page("kinds", 1).href())],
        folder: path::kind_folder(&kind.slug),
        ids: &kind.reports,
        pages: Cow::Borrowed(&site.facts.kind_pages[index]),
        page,
    };
    list.view(site, |ids| site.by_year(ids))
}

pub fn years(site: &Site) -> (Frame, IndexView) {
    let tallies = site.archive.years.iter().map(|(year, ids)| Tally::new(site.year_link(*year), ids.len())).collect();
    let undated = Link::new(site.look.locale.text("year.undated"), list_page("years/undated", 1).href());
    index(site, "years", tallies, undated, site.facts.undated.len())
}

pub fn kinds(site: &Site) -> (Frame, IndexView) {
    let kinds = site.archive.kinds.iter().enumerate().filter(|(_, kind)| !kind.reports.is_empty());
    let tallies = kinds.map(|(i, kind)| Tally::new(site.kind_link(i), kind.reports.len())).collect();
    let other = Link::new(site.look.locale.text("kinds.other"), list_page("reports", 1).href());
    let without = site.archive.reports.iter().filter(|report| report.labels.kind.is_none()).count();
    index(site, "kinds", tallies, other, without)
}

fn index(site: &Site, nav: &'static str, tallies: Vec<Tally>, rest: Link, without: usize) -> (Frame, IndexView) {
    let heading = site.look.locale.text(&format!("{nav}.title")).to_owned();
    let frame = Frame { title: heading.clone(), nav, ..Frame::default() };
    let rest = (without > 0).then(|| Tally::new(rest, without));
    (frame, IndexView { heading, tallies: with_shares(tallies), rest })
}

/// Runs of one province, as the archive orders reports of one day by region.
fn by_province(site: &Site, ids: &[ReportId]) -> Vec<Group> {
    let archive = &site.archive;
    let outermost = |id: ReportId| archive[id].labels.placement.region().and_then(|region| archive.gazetteer.path(region).first().copied());
    let mut ids = ids.to_vec();
    ids.sort_by_key(|&id| (outermost(id).is_none(), outermost(id), id));
    let elsewhere = || Link::new(site.look.locale.text("unplaced.title"), list_page("regions/unplaced", 1).href());
    site.groups(&ids, |_, id| outermost(id), |region| Some(region.map_or_else(elsewhere, |region| site.region_link(region))))
}
