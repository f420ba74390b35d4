//! One report: its text, the way around in it, the way on from it, and where it came from.

use serde::Serialize;

use crate::archive::{Report, ReportId};
use crate::classify::{Found, Placement};
use crate::document::{Block, TitleOrigin};
use crate::site::page::cite::{self, Citation};
use crate::site::page::provenance::{self, Provenance};
use crate::site::page::{compilation, text};
use crate::site::path::{self, list_page};
use crate::site::render::{Frame, Slot};
use crate::site::view::{Item, Link};
use crate::site::{Site, marks};

/// Reports in each list of the way on.
const FURTHER: usize = 5;
/// How many neighbours in a list are looked at for them, so that one region with 100,000 reports stays quick.
const LOOKED_AT: usize = 60;

#[derive(Debug, Serialize)]
pub struct View {
    title: String,
    href: String,
    /// The same as HTML, blanks marked.
    title_html: String,
    labels: LabelsView,
    characters: usize,
    contents: Vec<Entry>,
    /// Where the text goes: it is long and needs no template, so it is put in when all else is ready.
    text: String,
    /// Whether any paragraph was mended, so that it can be shown.
    joined: bool,
    compilation: Option<Neighbours>,
    earlier: Option<Earlier>,
    reuse: Option<ReuseLink>,
    alike: Vec<AlikeView>,
    same_region: Vec<Item>,
    same_theme: Vec<Item>,
    /// What `same_theme` is about.
    theme: Option<Link>,
    provenance: Provenance,
    citation: Citation,
    json_ld: String,
}

/// What the report is filed by.
#[derive(Debug, Serialize)]
pub struct LabelsView {
    region: Option<Link>,
    /// Only the body or the folders suggest the place.
    inferred: bool,
    masked: Option<String>,
    ambiguous: Vec<Link>,
    level: Option<String>,
    kind: Option<Link>,
    year: Option<Link>,
    date: Option<String>,
    period: Option<String>,
    themes: Vec<Link>,
}

/// A line of the contents list, with the lines below it.
#[derive(Debug, Serialize)]
pub struct Entry {
    text: String,
    anchor: String,
    children: Vec<Entry>,
}

/// A report and the words that it shares with this one.
#[derive(Debug, Serialize)]
pub struct AlikeView {
    item: Item,
    words: Vec<String>,
}

/// The report that this one continues, and what changed.
#[derive(Debug, Serialize)]
pub struct Earlier {
    link: Link,
    changes: String,
}

/// The page of passages that stand elsewhere too.
#[derive(Debug, Serialize)]
pub struct ReuseLink {
    href: String,
    count: usize,
}

/// The report's place in its compilation.
#[derive(Debug, Serialize)]
pub struct Neighbours {
    link: Link,
    position: usize,
    total: usize,
    previous: Option<Link>,
    next: Option<Link>,
}

pub fn view(site: &Site, id: ReportId) -> (Frame, View, Slot) {
    let t = &*site.look.locale;
    let report = &site.archive[id];
    let document = &report.document;
    let anchors = site.anchors(id);
    let labels = labels(site, report);
    let main_theme = main_theme(site, report);
    let slot = Slot::of(text::html(document, &anchors, site.digest(id).figure_places(), t));
    let view = View {
        title: document.title.text.clone(),
        href: path::report(&report.slug).href(),
        title_html: marks::paragraph(&document.title.text, &[], t.text("report.masked")),
        characters: site.digest(id).printed as usize,
        contents: contents(&document.blocks, &anchors),
        text: slot.tag.clone(),
        joined: document.blocks.iter().any(|block| matches!(block, Block::Paragraph(paragraph) if !paragraph.joins.is_empty())),
        compilation: neighbours(site, id),
        earlier: earlier(site, id),
        reuse: reuse(site, id),
        alike: alike(site, id),
        same_region: site.items(&same_region(site, id)),
        same_theme: main_theme.map(|theme| site.items(&same_theme(site, id, theme))).unwrap_or_default(),
        theme: main_theme.map(|theme| site.theme_link(theme)),
        provenance: provenance::of(site, id),
        json_ld: cite::json_ld(site, report),
        citation: cite::of(site, report),
        labels,
    };
    (frame(site, report), view, slot)
}

/// All that decides what a report's page shows: the key of the report itself, and what others decide.
pub fn depends(site: &Site, id: ReportId) -> impl Serialize {
    let report = &site.archive[id];
    let source = &site.archive.sources[report.source];
    let main_theme = main_theme(site, report);
    let alike = site.facts.likeness.alike(id).into_iter().map(|one| (site.listed(&[one.report]), one.words)).collect::<Vec<_>>();
    let around = (neighbours(site, id), earlier(site, id), reuse(site, id), alike, site.listed(&same_region(site, id)));
    let theme = main_theme.map(|theme| (site.theme_link(theme), site.listed(&same_theme(site, id, theme))));
    let file = (site.source_link(source), source.copies.clone());
    // Names and addresses of what it is filed by are those of the gazetteer and the configuration.
    (report.keys.report, report.slug.clone(), crumbs(site, report), labels(site, report), around, theme, file)
}

/// The way down to a report: the tree of regions, or the list of all reports.
pub fn crumbs(site: &Site, report: &Report) -> Vec<Link> {
    let t = &site.look.locale;
    let mut crumbs = Vec::new();
    match report.labels.placement.region() {
        Some(region) => {
            crumbs.push(Link::new(t.text("regions.title"), list_page("regions", 1).href()));
            crumbs.extend(site.archive.gazetteer.path(region).into_iter().map(|above| site.region_link(above)));
        }
        None => crumbs.push(Link::new(t.text("reports.title"), list_page("reports", 1).href())),
    }
    crumbs
}

fn frame(site: &Site, report: &Report) -> Frame {
    let crumbs = crumbs(site, report);
    let description = crate::site::page::theme::opening(&report.document.blocks);
    Frame { title: report.document.title.text.clone(), description, nav: "reports", crumbs, noindex: false }
}

fn labels(site: &Site, report: &Report) -> LabelsView {
    let labels = &report.labels;
    let t = &site.look.locale;
    LabelsView {
        region: labels.placement.region().map(|region| site.region_link(region)),
        inferred: matches!(labels.placement, Placement::Inferred(..)),
        masked: match &labels.placement {
            Placement::Masked(name, _) => Some(name.clone()),
            _ => None,
        },
        ambiguous: match &labels.placement {
            // Only those that have a page can be linked; the others are named.
            Placement::Ambiguous(regions, _) => regions
                .iter()
                .map(|&region| match site.archive.regions.contains_key(&region) {
                    true => site.region_link(region),
                    false => Link::new(&site.archive.gazetteer[region].name, ""),
                })
                .collect(),
            _ => Vec::new(),
        },
        level: labels.level.as_ref().map(|found| site.level_name(found.value)),
        kind: labels.kind.as_ref().map(|Found { value, .. }| match site.facts.kinds.get(value) {
            Some(&kind) => site.kind_link(kind),
            None => Link::new(value, ""),
        }),
        year: labels.year.as_ref().map(|found| site.year_link(found.value)),
        date: labels.date.as_ref().map(|found| t.date(found.value)),
        period: labels.period.as_ref().map(|found| found.value.name.clone()),
        themes: labels.themes.iter().filter_map(|name| site.facts.themes.get(name)).map(|&theme| site.theme_link(theme)).collect(),
    }
}

fn contents(blocks: &[Block], anchors: &[String]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (block, anchor) in blocks.iter().zip(anchors) {
        let Block::Heading(heading) = block else { continue };
        let entry = Entry { text: heading.text.clone(), anchor: anchor.clone(), children: Vec::new() };
        match heading.depth {
            1 => entries.push(entry),
            2 => match entries.last_mut() {
                Some(above) => above.children.push(entry),
                None => entries.push(entry),
            },
            _ => {}
        }
    }
    entries
}

fn main_theme(site: &Site, report: &Report) -> Option<usize> {
    report.labels.themes.first().and_then(|name| site.facts.themes.get(name)).copied()
}

fn earlier(site: &Site, id: ReportId) -> Option<Earlier> {
    let &earlier = site.facts.continues.get(&id)?;
    Some(Earlier { link: site.report_link(earlier), changes: path::changes(&site.archive[id].slug).href() })
}

fn reuse(site: &Site, id: ReportId) -> Option<ReuseLink> {
    site.facts.has_reuse(id).then(|| {
        let reuse = &site.facts.reuse[id.0 as usize];
        ReuseLink { href: path::reuse(&site.archive[id].slug).href(), count: reuse.passages.len() + reuse.untold }
    })
}

fn alike(site: &Site, id: ReportId) -> Vec<AlikeView> {
    site.facts.likeness.alike(id).into_iter().map(|one| AlikeView { item: site.item(one.report), words: one.words }).collect()
}

fn neighbours(site: &Site, id: ReportId) -> Option<Neighbours> {
    let record = &site.archive[site.archive[id].compilation?];
    let position = site.facts.positions[id.0 as usize] as usize;
    let at = |index: Option<usize>| index.and_then(|i| record.reports.get(i)).map(|&other| site.report_link(other));
    Some(Neighbours {
        link: compilation::link(record),
        position: position + 1,
        total: record.reports.len(),
        previous: at(position.checked_sub(1)),
        next: at(Some(position + 1)),
    })
}

/// The region's reports of other years, nearest in time first found.
fn same_region(site: &Site, id: ReportId) -> Vec<ReportId> {
    let year = |id: ReportId| site.archive[id].labels.year.as_ref().map(|found| found.value);
    let Some(region) = site.archive[id].labels.placement.region() else { return Vec::new() };
    let Some(reports) = site.archive.regions.get(&region) else { return Vec::new() };
    let mut near: Vec<ReportId> = around(&reports.own, id).into_iter().filter(|&other| year(other) != year(id)).take(FURTHER).collect();
    near.sort_unstable();
    near
}

/// Reports of other places with the same main theme.
fn same_theme(site: &Site, id: ReportId, theme: usize) -> Vec<ReportId> {
    let place = |id: ReportId| site.archive[id].labels.placement.region();
    let mut near: Vec<ReportId> =
        around(&site.archive.themes[theme].reports, id).into_iter().filter(|&other| place(other) != place(id)).take(FURTHER).collect();
    near.sort_unstable();
    near
}

/// Those next to a report in a list that is in the archive's order, nearest first, without itself.
fn around(list: &[ReportId], id: ReportId) -> Vec<ReportId> {
    let at = list.partition_point(|&other| other < id);
    let after = list[at..].iter().copied().filter(|&other| other != id).take(LOOKED_AT);
    let before = list[..at].iter().rev().copied().take(LOOKED_AT);
    let mut near: Vec<ReportId> = after.chain(before).collect();
    near.sort_by_key(|&other| (other.0.abs_diff(id.0), other));
    near
}

/// Where the title stands, for the provenance.
pub fn title_origin(report: &Report) -> &'static str {
    match report.document.title.from {
        TitleOrigin::Body(_) => "body",
        TitleOrigin::FrontMatter => "front-matter",
        TitleOrigin::Override => "override",
        TitleOrigin::FileName => "file-name",
    }
}

pub fn address(site: &Site, report: &Report) -> Option<String> {
    site.config.base_url.as_ref().map(|base| format!("{base}{}", path::report(&report.slug).href()))
}
