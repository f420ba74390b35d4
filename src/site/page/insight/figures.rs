//! The quantities that reports state, by unit, and all of them as a table for spreadsheets.

use std::ops::Range;

use serde::Serialize;

use crate::archive::ReportId;
use crate::insight::figures::{Bound, Figure};
use crate::site::Site;
use crate::site::file::catalogue::neutral;
use crate::site::insights::{TableOf, UnitFigures};
use crate::site::page::insight::{Tab, tabs};
use crate::site::paging::{Pager, Pages};
use crate::site::path::{SitePath, list_page};
use crate::site::render::Frame;
use crate::site::view::{Link, Tally, with_shares};

/// Rows on one page.
const ROWS: usize = 100;

#[derive(Debug, Serialize)]
pub struct View {
    tabs: Vec<Tab>,
    total: usize,
    units: Vec<Tally>,
    csv: Vec<Link>,
}

#[derive(Debug, Serialize)]
pub struct UnitView {
    tabs: Vec<Tab>,
    name: String,
    /// How many there are, and how many of them these pages list; on the first page alone.
    whole: Option<(usize, usize)>,
    rows: Vec<Row>,
    pager: Option<Pager>,
    units: Vec<Link>,
}

/// One quantity.
#[derive(Debug, Serialize)]
pub struct Row {
    /// `exact`, `about`, `over`, `under`.
    bound: &'static str,
    value: String,
    to: Option<String>,
    unit: String,
    what: String,
    region: Option<Link>,
    year: Option<String>,
    /// The report, at the paragraph that states it.
    report: Link,
    sentence: String,
}

pub fn unit_folder(unit: &UnitFigures) -> String {
    format!("figures/{}", unit.slug)
}

pub fn pages(unit: &UnitFigures) -> Pages {
    Pages::even(unit.rows.len(), ROWS)
}

pub fn csv_path(of: TableOf) -> SitePath {
    SitePath::new(match of {
        TableOf::All => "figures.csv".to_owned(),
        TableOf::Year(Some(year)) => format!("figures-{year}.csv"),
        TableOf::Year(None) => "figures-undated.csv".to_owned(),
    })
}

pub fn view(site: &Site) -> (Frame, View) {
    let t = &site.look.locale;
    let units = site.insights.units.iter().map(|unit| Tally::new(unit_link(site, unit), unit.total)).collect();
    let csv = site.insights.tables.iter().map(|table| {
        let text = match table.of {
            TableOf::All => t.text("figures.csv").to_owned(),
            TableOf::Year(Some(year)) => t.fill("figures.csv_of", &[("year", &site.year_name(year))]),
            TableOf::Year(None) => t.fill("figures.csv_of", &[("year", t.text("year.undated"))]),
        };
        Link::new(text, csv_path(table.of).href())
    });
    let view = View { tabs: tabs(site, "figures"), total: site.insights.figures, units: with_shares(units), csv: csv.collect() };
    let frame =
        Frame { title: t.text("figures.title").into(), description: t.text("figures.note").into(), nav: "insight", ..Frame::default() };
    (frame, view)
}

fn unit_link(site: &Site, unit: &UnitFigures) -> Link {
    let name = match unit.name {
        Some("人") => site.look.locale.text("figures.people"),
        Some(name) => name,
        None => site.look.locale.text("figures.rest"),
    };
    Link::new(name, list_page(&unit_folder(unit), 1).href())
}

/// One page of what is counted in one unit.
pub fn unit(site: &Site, index: usize, page: usize) -> (Frame, UnitView) {
    let rows = shown(site, index, page).chunk_by(|a, b| a.0 == b.0).flat_map(|run| rows(site, run));
    around(site, index, page, rows.collect())
}

/// All that decides what the page shows.
pub fn unit_depends(site: &Site, index: usize, page: usize) -> impl Serialize {
    let figures = shown(site, index, page).iter().map(|&(report, n)| (site.shown_of(report), n));
    (around(site, index, page, Vec::new()), figures.collect::<Vec<_>>())
}

fn shown(site: &Site, index: usize, page: usize) -> &[(ReportId, u32)] {
    let unit = &site.insights.units[index];
    &unit.rows[pages(unit).range(page)]
}

/// The page around its rows.
fn around(site: &Site, index: usize, page: usize, rows: Vec<Row>) -> (Frame, UnitView) {
    let t = &site.look.locale;
    let unit = &site.insights.units[index];
    let listed = unit.rows.len();
    let pages = pages(unit);
    let name = unit_link(site, unit).text;
    let frame = Frame {
        title: t.fill("figures.unit_title", &[("unit", &name)]),
        description: if page == 1 { t.count("figures.count", unit.total) } else { t.fill("list.page", &[("n", &t.number(page))]) },
        nav: "insight",
        crumbs: vec![Link::new(t.text("figures.title"), list_page("figures", 1).href())],
        noindex: page > 1,
    };
    let view = UnitView {
        tabs: tabs(site, "figures"),
        name,
        whole: (page == 1).then_some((unit.total, listed)),
        rows,
        pager: pages.pager(&unit_folder(unit), page),
        units: site.insights.units.iter().filter(|other| other.slug != unit.slug).map(|other| unit_link(site, other)).collect(),
    };
    (frame, view)
}

/// Rows of one report.
fn rows(site: &Site, run: &[(ReportId, u32)]) -> Vec<Row> {
    let id = run[0].0;
    let figures = site.digest(id).some_figures(&site.archive[id].document, run.iter().map(|&(_, number)| number as usize));
    figures.iter().map(|figure| row(site, id, figure)).collect()
}

fn row(site: &Site, id: ReportId, figure: &Figure) -> Row {
    let labels = &site.archive[id].labels;
    let mut report = site.report_link(id);
    if let Some(anchor) = site.anchor(id, figure.block) {
        report.href = format!("{}#{anchor}", report.href);
    }
    let quantity = &figure.quantity;
    Row {
        bound: bound(quantity.bound),
        value: quantity.value.clone(),
        to: quantity.to.clone(),
        unit: quantity.unit.clone(),
        what: quantity.what.clone(),
        region: labels.placement.region().map(|region| site.region_link(region)),
        year: labels.year.as_ref().map(|found| site.year_name(found.value)),
        report,
        sentence: figure.sentence.clone(),
    }
}

fn bound(bound: Bound) -> &'static str {
    match bound {
        Bound::Exact => "exact",
        Bound::About => "about",
        Bound::Over => "over",
        Bound::Under => "under",
    }
}

/// All that decides what a table holds, but for the words of the interface.
pub fn table_depends(site: &Site, table: usize) -> impl Serialize {
    let Range { start, end } = site.insights.tables[table].reports;
    site.archive.iter().take(end).skip(start).map(|(id, _)| site.shown_of(id)).collect::<Vec<_>>()
}

/// A table of quantities.
pub fn csv(site: &Site, table: usize) -> Vec<u8> {
    let t = &site.look.locale;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xEF\xBB\xBF".to_vec());
    let head = ["what", "value", "to", "unit", "bound", "region", "region_code", "year", "report", "sentence", "address"];
    writer.write_record(head.map(|column| t.text(&format!("figures.columns.{column}")).to_owned())).expect("writing to memory cannot fail");
    let Range { start, end } = site.insights.tables[table].reports;
    for (id, report) in site.archive.iter().take(end).skip(start) {
        let region = report.labels.placement.region().map(|region| &site.archive.gazetteer[region]);
        let link = site.report_link(id);
        for Figure { quantity, sentence, .. } in site.figures(id) {
            let bound = t.text(&format!("figure_bound.{}", bound(quantity.bound))).to_owned();
            let year = report.labels.year.as_ref().map(|found| found.value.to_string()).unwrap_or_default();
            let cells = [
                quantity.what,
                quantity.value,
                quantity.to.unwrap_or_default(),
                quantity.unit,
                bound,
                region.map(|region| region.name.clone()).unwrap_or_default(),
                region.map(|region| region.code.clone()).unwrap_or_default(),
                year,
                link.text.clone(),
                sentence,
                link.href.clone(),
            ];
            writer.write_record(cells.map(neutral)).expect("writing to memory cannot fail");
        }
    }
    writer.into_inner().expect("writing to memory cannot fail")
}
