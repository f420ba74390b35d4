//! `/archive.json` and `/archive.csv`: every report's metadata.

use serde::Serialize;

use crate::archive::{Report, ReportId};
use crate::classify::Placement;
use crate::site::Site;
use crate::site::page::cite::{iso, written};
use crate::site::path;

/// One report in the catalogue. Addresses start at the site's root.
#[derive(Debug, Serialize)]
struct Record<'a> {
    title: &'a str,
    address: String,
    region: Option<Place<'a>>,
    level: Option<&'static str>,
    kind: Option<&'a str>,
    year: Option<i32>,
    date: Option<String>,
    themes: &'a [String],
    headings: Vec<&'a str>,
    characters: usize,
    compilation: Option<&'a str>,
    /// Of the original file; empty where it is not offered.
    source: String,
    start_line: u32,
    end_line: u32,
    encoding: &'static str,
    sha256: &'a str,
}

#[derive(Debug, Serialize)]
struct Place<'a> {
    code: Option<&'a str>,
    name: &'a str,
    path: Vec<&'a str>,
    masked: bool,
}

#[derive(Serialize)]
struct Catalogue<'a> {
    title: &'a str,
    reports: Vec<Record<'a>>,
}

pub fn json(site: &Site) -> Vec<u8> {
    let catalogue = Catalogue { title: &site.config.title, reports: site.archive.iter().map(|(id, _)| record(site, id)).collect() };
    serde_json::to_vec(&catalogue).expect("the catalogue holds strings and numbers only")
}

fn record(site: &Site, id: ReportId) -> Record<'_> {
    let archive = &site.archive;
    let report = &archive[id];
    let source = &archive.sources[report.source];
    Record {
        title: &report.document.title.text,
        address: path::report(&report.slug).href(),
        region: place(site, report),
        level: report.labels.level.as_ref().map(|found| found.value.name()),
        kind: report.labels.kind.as_ref().map(|found| found.value.as_str()),
        year: report.labels.year.as_ref().map(|found| found.value),
        date: report.labels.date.as_ref().map(|found| iso(found.value)),
        themes: &report.labels.themes,
        headings: site.digest(id).headings(),
        characters: site.digest(id).printed as usize,
        compilation: report.compilation.map(|id| archive[id].title.as_str()),
        source: site.source_link(source).href,
        start_line: report.document.lines.start,
        end_line: report.document.lines.end,
        encoding: source.encoding.name(),
        sha256: &source.sha256,
    }
}

fn place<'a>(site: &'a Site, report: &'a Report) -> Option<Place<'a>> {
    let gazetteer = &site.archive.gazetteer;
    match &report.labels.placement {
        Placement::Stated(region, _) | Placement::Inferred(region, _) => Some(Place {
            code: Some(&gazetteer[*region].code),
            name: &gazetteer[*region].name,
            path: gazetteer.path(*region).into_iter().map(|id| gazetteer[id].name.as_str()).collect(),
            masked: false,
        }),
        Placement::Masked(name, _) => Some(Place { code: None, name, path: Vec::new(), masked: true }),
        Placement::Ambiguous(..) | Placement::Unplaced => None,
    }
}

/// Begins with a byte order mark and ends its lines with CR LF, so that spreadsheets open it as it is.
pub fn csv(site: &Site) -> Vec<u8> {
    let t = &site.look.locale;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xEF\xBB\xBF".to_vec());
    const COLUMNS: [&str; 15] = [
        "title",
        "region",
        "region_code",
        "level",
        "kind",
        "year",
        "date",
        "themes",
        "characters",
        "compilation",
        "source",
        "lines",
        "encoding",
        "sha256",
        "address",
    ];
    let head = COLUMNS.map(|column| t.text(&format!("csv.{column}")).to_owned());
    let rows = site.archive.iter().map(|(id, report)| row(&record(site, id), report));
    for row in std::iter::once(head).chain(rows) {
        writer.write_record(row.map(neutral)).expect("writing to memory cannot fail");
    }
    writer.into_inner().expect("writing to memory cannot fail")
}

fn row(record: &Record, report: &Report) -> [String; 15] {
    let region = record.region.as_ref();
    [
        record.title.to_owned(),
        region.map(|place| if place.path.is_empty() { place.name.to_owned() } else { place.path.concat() }).unwrap_or_default(),
        region.and_then(|place| place.code).unwrap_or_default().to_owned(),
        record.level.unwrap_or_default().to_owned(),
        record.kind.unwrap_or_default().to_owned(),
        record.year.map(|year| year.to_string()).unwrap_or_default(),
        written(report).filter(|_| record.date.is_some()).unwrap_or_default(),
        record.themes.join("、"),
        record.characters.to_string(),
        record.compilation.unwrap_or_default().to_owned(),
        record.source.clone(),
        format!("{}–{}", record.start_line, record.end_line),
        record.encoding.to_owned(),
        record.sha256.to_owned(),
        record.address.clone(),
    ]
}

/// A spreadsheet must not take a report's title for a formula.
pub fn neutral(mut cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        cell.insert(0, '\'');
    }
    cell
}
