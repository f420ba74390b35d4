//! The archive for search engines that run on machines of their own, where it has outgrown the search in the browser.
//!
//! `Site` ──► [`write`] ──► one document a line, for reports and for their sections
//!
//! Promise: what is exported is what is published. A report that is held back is in no line; the names of documents stay the same when
//! a report is rebuilt or other parts of it are edited.

use std::io::{self, Write};

use serde::Serialize;

use crate::archive::{Report, ReportId};
use crate::classify::Placement;
use crate::document::Block;
use crate::site::{Site, iso_date, report_address};

mod settings;

pub use settings::settings;

/// Whose form the lines have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine<'a> {
    /// `_bulk` of OpenSearch and Elasticsearch, for the index of this name.
    OpenSearch(&'a str),
    Meilisearch,
    /// A document a line and nothing else.
    Plain,
}

/// How many documents were written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    pub reports: usize,
    pub sections: usize,
}

/// A report, or a section of one.
#[derive(Debug, Serialize)]
struct Document<'a> {
    id: String,
    r#type: &'static str,
    /// The id of the report.
    report: &'a str,
    title: &'a str,
    /// Of the section.
    #[serde(skip_serializing_if = "Option::is_none")]
    heading: Option<&'a str>,
    /// Paragraphs are separated by line feeds.
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<i32>,
    /// As far as the report gives it: `2023`, `2023-05`, `2023-05-01`.
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    /// The place's name; as the source blanks it, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    /// The place and those that it lies in, outermost first.
    region_path: Vec<&'a str>,
    region_codes: Vec<&'a str>,
    /// The main one first.
    themes: Vec<&'a str>,
    /// From the site's root where its address is not known.
    url: String,
}

/// Writes every report of the site and every section that has text.
///
/// # Errors
/// `out` does not take it.
pub fn write(site: &Site, engine: Engine, out: &mut dyn Write) -> io::Result<Exported> {
    let mut exported = Exported::default();
    for (id, report) in site.archive.iter() {
        let name = name("r", &[report.slug.as_str()]);
        line(&whole(site, report, &name), engine, out)?;
        exported.reports += 1;
        for section in sections(site, id, report, &name) {
            line(&section, engine, out)?;
            exported.sections += 1;
        }
    }
    Ok(exported)
}

fn line(document: &Document, engine: Engine, out: &mut dyn Write) -> io::Result<()> {
    if let Engine::OpenSearch(index) = engine {
        serde_json::to_writer(&mut *out, &serde_json::json!({ "index": { "_index": index, "_id": document.id } }))?;
        out.write_all(b"\n")?;
    }
    serde_json::to_writer(&mut *out, document)?;
    out.write_all(b"\n")
}

/// Letters and digits only, for engines that take no others.
fn name(sort: &str, parts: &[&str]) -> String {
    format!("{sort}{}", &blake3::hash(parts.join("\n").as_bytes()).to_hex()[..24])
}

fn whole<'a>(site: &'a Site, report: &'a Report, name: &'a str) -> Document<'a> {
    let gazetteer = &site.archive.gazetteer;
    let labels = &report.labels;
    let path = labels.placement.region().map(|region| gazetteer.path(region)).unwrap_or_default();
    Document {
        id: name.to_owned(),
        r#type: "report",
        report: name,
        title: &report.document.title.text,
        heading: None,
        text: text(&report.document.blocks),
        year: labels.year.as_ref().map(|found| found.value),
        date: labels.date.as_ref().map(|found| iso_date(found.value)),
        level: labels.level.as_ref().map(|found| found.value.name()),
        kind: labels.kind.as_ref().map(|found| found.value.as_str()),
        region: match &labels.placement {
            Placement::Masked(name, _) => Some(name),
            placement => placement.region().map(|region| gazetteer[region].name.as_str()),
        },
        region_path: path.iter().map(|&region| gazetteer[region].name.as_str()).collect(),
        region_codes: path.iter().map(|&region| gazetteer[region].code.as_str()).collect(),
        themes: labels.themes.iter().map(String::as_str).collect(),
        url: format!("{}{}", site.config.base_url.as_deref().unwrap_or_default(), report_address(&report.slug)),
    }
}

fn sections<'a>(site: &'a Site, id: ReportId, report: &'a Report, name_of_report: &'a str) -> impl Iterator<Item = Document<'a>> {
    report.labels.sections.iter().filter_map(move |section| {
        let blocks = report.document.blocks.get(section.first_block..section.end_block)?;
        let anchor = site.anchor(id, section.first_block)?;
        let body = if section.heading.is_some() { blocks.get(1..).unwrap_or_default() } else { blocks };
        let text = text(body);
        if text.is_empty() && section.heading.is_none() {
            return None;
        }
        let report = whole(site, report, name_of_report);
        Some(Document {
            id: name("s", &[name_of_report, &anchor]),
            r#type: "section",
            heading: section.heading.as_deref(),
            text,
            themes: section.themes.iter().map(|found| found.theme.as_str()).collect(),
            url: format!("{}#{anchor}", report.url),
            ..report
        })
    })
}

fn text(blocks: &[Block]) -> String {
    blocks.iter().map(Block::text).filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join("\n")
}
