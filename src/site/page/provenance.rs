//! Where a report came from, why it is filed as it is, and how to cite it.

use serde::Serialize;
use serde_json::json;

use crate::archive::{Report, ReportId};
use crate::classify::{Evidence, EvidenceFrom};
use crate::document::Block;
use crate::site::Site;
use crate::site::page::report::{address, title_origin};
use crate::site::path::SitePath;
use crate::site::view::Link;

#[derive(Debug, Serialize)]
pub struct Provenance {
    source: Link,
    size: u64,
    sha256: String,
    encoding: &'static str,
    decided_by: String,
    start_line: u32,
    end_line: u32,
    /// Source lines that were joined with the one before.
    joins: usize,
    /// `body`, `front-matter`, `file-name`.
    title_from: &'static str,
    evidence: Vec<Reason>,
}

/// Why one label was given.
#[derive(Debug, Serialize)]
pub struct Reason {
    /// The label's key in the locale: `region`, `kind`, `year`, …
    label: &'static str,
    value: String,
    /// Where the evidence was found, in words.
    from: String,
    quote: String,
    line: Option<u32>,
}

pub fn of(site: &Site, id: ReportId) -> Provenance {
    let report = &site.archive[id];
    let source = &site.archive.sources[report.source];
    let joins = report.document.blocks.iter().map(|block| match block {
        Block::Paragraph(paragraph) => paragraph.joins.len(),
        _ => 0,
    });
    Provenance {
        source: Link::new(source.path.to_string(), SitePath::new(format!("files/{}", source.path.as_str())).href()),
        size: source.size,
        sha256: source.sha256.clone(),
        encoding: source.encoding.name(),
        decided_by: decided_by(site, &source.decided_by),
        start_line: report.document.lines.start,
        end_line: report.document.lines.end,
        joins: joins.sum(),
        title_from: title_origin(report),
        evidence: reasons(site, report),
    }
}

/// In the words of the interface, where it has them: percentages and the like stay as the decoder puts them.
fn decided_by(site: &Site, reason: &str) -> String {
    let key = match reason {
        "byte order mark" => "decided.bom",
        "ASCII only" => "decided.ascii",
        "valid UTF-8" => "decided.utf8",
        _ => return reason.to_owned(),
    };
    site.look.locale.text(key).to_owned()
}

fn reasons(site: &Site, report: &Report) -> Vec<Reason> {
    let labels = &report.labels;
    let t = &site.look.locale;
    let mut reasons = Vec::new();
    let mut push = |label: &'static str, value: String, evidence: &Evidence| {
        let from = t.text(&format!("evidence.{}", from_key(evidence.from))).to_owned();
        reasons.push(Reason { label, value, from, quote: evidence.quote.clone(), line: evidence.line });
    };
    if let Some(evidence) = labels.placement.evidence() {
        push("region", place(site, report), evidence);
    }
    if let Some(found) = &labels.level {
        push("level", site.level_name(found.value), &found.evidence);
    }
    if let Some(found) = &labels.kind {
        push("kind", found.value.clone(), &found.evidence);
    }
    if let Some(found) = &labels.year {
        push("year", site.year_name(found.value), &found.evidence);
    }
    if let Some(found) = &labels.date {
        push("date", t.date(found.value), &found.evidence);
    }
    if let Some(found) = &labels.period {
        push("period", found.value.name.clone(), &found.evidence);
    }
    for name in &labels.themes {
        let found = labels.sections.iter().flat_map(|section| &section.themes).find(|found| &found.theme == name);
        if let Some(found) = found {
            let words: Vec<&str> = found.words.iter().take(5).map(|(word, _)| word.as_str()).collect();
            let line = found.words.first().map(|(_, line)| *line);
            let from = t.text("evidence.words").to_owned();
            reasons.push(Reason { label: "theme", value: name.clone(), from, quote: words.join(t.text("format.comma")), line });
        }
    }
    reasons
}

/// The place as the report has it: full path, the blanked name, or the places it could be.
fn place(site: &Site, report: &Report) -> String {
    use crate::classify::Placement;
    let gazetteer = &site.archive.gazetteer;
    match &report.labels.placement {
        Placement::Stated(region, _) | Placement::Inferred(region, _) => {
            gazetteer.path(*region).into_iter().map(|id| gazetteer[id].name.as_str()).collect()
        }
        Placement::Masked(name, _) => name.clone(),
        Placement::Ambiguous(regions, _) => {
            let names: Vec<&str> = regions.iter().map(|&id| gazetteer[id].name.as_str()).collect();
            names.join(site.look.locale.text("format.or"))
        }
        Placement::Unplaced => String::new(),
    }
}

pub fn from_key(from: EvidenceFrom) -> &'static str {
    match from {
        EvidenceFrom::Override => "override",
        EvidenceFrom::FrontMatter => "front-matter",
        EvidenceFrom::Title => "title",
        EvidenceFrom::Contents => "contents",
        EvidenceFrom::Signature => "signature",
        EvidenceFrom::Heading => "heading",
        EvidenceFrom::Body => "body",
        EvidenceFrom::Path => "path",
    }
}

/// By GB/T 7714-2015: responsible body, title and type, the compilation it stands in, date, address.
pub fn citation(site: &Site, report: &Report) -> String {
    let url = address(site, report);
    let mut out = String::new();
    let signed: Vec<&str> = report.document.elements.signatures.iter().map(|element| element.text.as_str()).collect();
    if !signed.is_empty() {
        out.push_str(&signed.join(", "));
        out.push_str(". ");
    }
    out.push_str(&report.document.title.text);
    out.push_str(if url.is_some() { "[R/OL]" } else { "[R]" });
    if let Some(compilation) = report.compilation {
        out.push_str("//");
        out.push_str(&site.archive[compilation].title);
    }
    out.push('.');
    if let Some(date) = written(report) {
        out.push_str(&format!(" ({date})."));
    }
    if let Some(url) = url {
        out.push_str(&format!(" {url}."));
    }
    out
}

/// `2023-05-01`, `2023-05` or `2023`, as far as it is known.
pub fn written(report: &Report) -> Option<String> {
    match report.labels.date.as_ref().map(|found| found.value) {
        Some(date) => Some(iso(date)),
        None => report.labels.year.as_ref().map(|found| found.value.to_string()),
    }
}

pub fn iso(date: crate::classify::Date) -> String {
    match (date.month, date.day) {
        (Some(month), Some(day)) => format!("{:04}-{month:02}-{day:02}", date.year),
        (Some(month), None) => format!("{:04}-{month:02}", date.year),
        _ => format!("{:04}", date.year),
    }
}

/// schema.org `Report`, safe inside a script element.
pub fn json_ld(site: &Site, report: &Report) -> String {
    let archive = &site.archive;
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Report",
        "name": report.document.title.text,
        "inLanguage": "zh-CN",
    });
    let region = report.labels.placement.region().map(|region| archive.gazetteer[region].name.clone());
    let optional = [
        ("url", address(site, report).map(Into::into)),
        ("datePublished", written(report).map(Into::into)),
        ("genre", report.labels.kind.as_ref().map(|found| found.value.clone().into())),
        ("spatialCoverage", region.map(|name| json!({"@type": "AdministrativeArea", "name": name}))),
        ("isPartOf", report.compilation.map(|id| json!({"@type": "Collection", "name": archive[id].title}))),
        ("keywords", (!report.labels.themes.is_empty()).then(|| report.labels.themes.clone().into())),
    ];
    for (key, value) in optional {
        if let Some(value) = value {
            data[key] = value;
        }
    }
    data.to_string().replace('<', "\\u003c")
}
