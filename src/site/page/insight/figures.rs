//! The quantities that reports state, by unit, and all of them as a table for spreadsheets.

use serde::Serialize;

use crate::archive::ReportId;
use crate::insight::figures::{Bound, Figure, figures};
use crate::site::Site;
use crate::site::file::catalogue::neutral;
use crate::site::insights::{Insights, UnitFigures};
use crate::site::page::insight::{Tab, tabs};
use crate::site::path::{SitePath, list_page};
use crate::site::render::Frame;
use crate::site::view::{Link, Pager, Tally, pager, with_shares};

/// Rows on one page.
const ROWS: usize = 100;
/// Rows in one CSV file; spreadsheets take a million, mail less.
const CSV_ROWS: usize = 100_000;

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
    total: usize,
    /// How many of them these pages list.
    listed: usize,
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

pub fn pages(unit: &UnitFigures) -> usize {
    unit.rows.len().div_ceil(ROWS)
}

pub fn csv_parts(insights: &Insights) -> usize {
    insights.figures().div_ceil(CSV_ROWS).max(1)
}

pub fn csv_path(part: usize) -> SitePath {
    SitePath::new(if part == 1 { "figures.csv".to_owned() } else { format!("figures-{part}.csv") })
}

pub fn view(site: &Site) -> (Frame, View) {
    let t = &site.look.locale;
    let units = site.insights.units.iter().map(|unit| Tally::new(unit_link(site, unit), unit.total)).collect();
    let parts = csv_parts(&site.insights);
    let csv = (1..=parts).map(|part| {
        let text = if parts == 1 { t.text("figures.csv").to_owned() } else { t.fill("figures.csv_part", &[("n", &part.to_string())]) };
        Link::new(text, csv_path(part).href())
    });
    let view = View { tabs: tabs(site, "figures"), total: site.insights.figures(), units: with_shares(units), csv: csv.collect() };
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

pub fn unit(site: &Site, index: usize, page: usize) -> (Frame, UnitView) {
    let t = &site.look.locale;
    let unit = &site.insights.units[index];
    let listed = unit.rows.len();
    let start = (page.max(1) - 1) * ROWS;
    let shown = &unit.rows[start.min(listed)..(start + ROWS).min(listed)];
    let name = unit_link(site, unit).text;
    let frame = Frame {
        title: t.fill("figures.unit_title", &[("unit", &name)]),
        description: t.count("figures.count", unit.total),
        nav: "insight",
        crumbs: vec![Link::new(t.text("figures.title"), list_page("figures", 1).href())],
        noindex: page > 1,
    };
    let view = UnitView {
        tabs: tabs(site, "figures"),
        name,
        total: unit.total,
        listed,
        rows: shown.iter().map(|(id, figure)| row(site, *id, figure)).collect(),
        pager: pager(listed, &unit_folder(unit), page, ROWS),
        units: site.insights.units.iter().filter(|other| other.slug != unit.slug).map(|other| unit_link(site, other)).collect(),
    };
    (frame, view)
}

fn row(site: &Site, id: ReportId, figure: &Figure) -> Row {
    let labels = &site.archive[id].labels;
    let mut report = site.report_link(id);
    if let Some(anchor) = site.anchors(id).get(figure.block) {
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

/// One part of the table: the reports whose first row falls into it, with all their rows.
pub fn csv(site: &Site, part: usize) -> Vec<u8> {
    let t = &site.look.locale;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xEF\xBB\xBF".to_vec());
    let head = ["what", "value", "to", "unit", "bound", "region", "region_code", "year", "report", "sentence", "address"];
    writer.write_record(head.map(|column| t.text(&format!("figures.columns.{column}")).to_owned())).expect("writing to memory cannot fail");
    let before = &site.insights.figures_before;
    let range = (part - 1) * CSV_ROWS..part * CSV_ROWS;
    let reports = site.archive.iter().filter(|(id, _)| range.contains(&before[id.0 as usize]));
    for (id, report) in reports {
        let region = report.labels.placement.region().map(|region| &site.archive.gazetteer[region]);
        let link = site.report_link(id);
        for Figure { quantity, sentence, .. } in figures(&report.document) {
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
