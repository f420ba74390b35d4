//! What `inspect --json` prints. Scripts rely on the names and the nesting.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::archive::Understood;
use crate::classify::{Evidence, EvidenceFrom, Gazetteer, Labels, Placement, RegionId};
use crate::cli::inspect::Inspected;
use crate::document::{Block, Document};

#[derive(Serialize)]
pub struct Sources<'a> {
    sources: Vec<SourceJson<'a>>,
}

#[derive(Serialize)]
struct SourceJson<'a> {
    path: &'a str,
    encoding: &'static str,
    sha256: &'a str,
    reports: Vec<ReportJson<'a>>,
}

#[derive(Serialize)]
struct ReportJson<'a> {
    title: &'a str,
    level: Option<&'static str>,
    kind: Option<&'a str>,
    year: Option<i32>,
    region: Option<RegionJson<'a>>,
    themes: &'a [String],
    start_line: u32,
    end_line: u32,
    headings: Vec<HeadingJson<'a>>,
    paragraphs: Vec<ParagraphJson<'a>>,
    sections: Vec<SectionJson<'a>>,
    evidence: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct RegionJson<'a> {
    code: Option<&'a str>,
    name: &'a str,
    path: Vec<&'a str>,
    masked: bool,
}

#[derive(Serialize)]
struct HeadingJson<'a> {
    depth: u8,
    text: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct ParagraphJson<'a> {
    start_line: u32,
    end_line: u32,
    text: std::borrow::Cow<'a, str>,
}

#[derive(Serialize)]
struct SectionJson<'a> {
    heading: Option<&'a str>,
    themes: Vec<&'a str>,
}

pub fn sources<'a>(inspected: &'a [Inspected], gazetteer: &'a Gazetteer) -> Sources<'a> {
    let sources = inspected
        .iter()
        .map(|one| SourceJson {
            path: &one.path,
            encoding: one.source.encoding.name(),
            sha256: &one.source.sha256,
            reports: reports(&one.understood, gazetteer),
        })
        .collect();
    Sources { sources }
}

fn reports<'a>(understood: &'a Understood, gazetteer: &'a Gazetteer) -> Vec<ReportJson<'a>> {
    understood.reading.documents.iter().zip(&understood.labels).map(|(document, labels)| report(document, labels, gazetteer)).collect()
}

fn report<'a>(document: &'a Document, labels: &'a Labels, gazetteer: &'a Gazetteer) -> ReportJson<'a> {
    let mut headings = Vec::new();
    let mut paragraphs = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Heading(heading) => {
                headings.push(HeadingJson { depth: heading.depth, text: &heading.text, line: heading.lines.start });
            }
            other => {
                let lines = other.lines();
                paragraphs.push(ParagraphJson { start_line: lines.start, end_line: lines.end, text: other.text() });
            }
        }
    }
    let sections = labels
        .sections
        .iter()
        .map(|section| SectionJson {
            heading: section.heading.as_deref(),
            themes: section.themes.iter().map(|found| found.theme.as_str()).collect(),
        })
        .collect();
    ReportJson {
        title: &document.title.text,
        level: labels.level.as_ref().map(|found| found.value.name()),
        kind: labels.kind.as_ref().map(|found| found.value.as_str()),
        year: labels.year.as_ref().map(|found| found.value),
        region: region(&labels.placement, gazetteer),
        themes: &labels.themes,
        start_line: document.lines.start,
        end_line: document.lines.end,
        headings,
        paragraphs,
        sections,
        evidence: evidence(labels),
    }
}

/// `null` where the text names no place or does not decide between several.
fn region<'a>(placement: &'a Placement, gazetteer: &'a Gazetteer) -> Option<RegionJson<'a>> {
    match placement {
        Placement::Stated(id, _) | Placement::Inferred(id, _) => Some(known_region(*id, gazetteer)),
        Placement::Masked(name, _) => Some(RegionJson { code: None, name, path: Vec::new(), masked: true }),
        Placement::Ambiguous(..) | Placement::Unplaced => None,
    }
}

fn known_region(id: RegionId, gazetteer: &Gazetteer) -> RegionJson<'_> {
    let path = gazetteer.path(id).into_iter().map(|id| gazetteer[id].name.as_str()).collect();
    RegionJson { code: Some(&gazetteer[id].code), name: &gazetteer[id].name, path, masked: false }
}

fn evidence(labels: &Labels) -> BTreeMap<&'static str, String> {
    let found = [
        ("region", labels.placement.evidence()),
        ("level", labels.level.as_ref().map(|found| &found.evidence)),
        ("kind", labels.kind.as_ref().map(|found| &found.evidence)),
        ("year", labels.year.as_ref().map(|found| &found.evidence)),
        ("period", labels.period.as_ref().map(|found| &found.evidence)),
        ("date", labels.date.as_ref().map(|found| &found.evidence)),
    ];
    found.into_iter().filter_map(|(name, evidence)| Some((name, sentence(evidence?)))).collect()
}

/// `title, line 12: 安康市`.
pub fn sentence(evidence: &Evidence) -> String {
    let from = match evidence.from {
        EvidenceFrom::Override => "overrides.csv",
        EvidenceFrom::FrontMatter => "front matter",
        EvidenceFrom::Title => "title",
        EvidenceFrom::Contents => "contents list",
        EvidenceFrom::Signature => "signature",
        EvidenceFrom::Heading => "heading",
        EvidenceFrom::Body => "body",
        EvidenceFrom::Path => "path",
    };
    match evidence.line {
        Some(line) => format!("{from}, line {line}: {}", evidence.quote),
        None => format!("{from}: {}", evidence.quote),
    }
}
