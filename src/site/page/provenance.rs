//! Where a report came from, and why it is filed as it is.

use serde::Serialize;

use crate::archive::{Report, ReportId};
use crate::classify::{Evidence, EvidenceFrom};
use crate::document::Block;
use crate::site::Site;
use crate::site::page::report::title_origin;
use crate::site::view::Link;

#[derive(Debug, Serialize)]
pub struct Provenance {
    source: Link,
    /// Other uploads with the same bytes.
    copies: Vec<String>,
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
        source: site.source_link(source),
        copies: source.copies.iter().map(ToString::to_string).collect(),
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

/// In the words of the interface, where it has them. The decoder's reasons differ in their percentages alone.
pub fn decided_by(site: &Site, reason: &str) -> String {
    let percents: Vec<String> = reason
        .split_inclusive('%')
        .filter_map(|part| part.strip_suffix('%'))
        .map(|part| part.chars().rev().take_while(char::is_ascii_digit).collect::<Vec<_>>().into_iter().rev().collect())
        .collect();
    let key = match (reason, percents.as_slice()) {
        ("byte order mark", _) => "decided.bom",
        ("ASCII only", _) => "decided.ascii",
        ("valid UTF-8", _) => "decided.utf8",
        (_, [_]) if reason.starts_with("no byte order mark") => "decided.no_bom",
        (_, [_, _]) => "decided.double_byte",
        _ => return reason.to_owned(),
    };
    let value = |at: usize| percents.get(at).map_or("", String::as_str);
    site.look.locale.fill(key, &[("n", value(0)), ("other", value(1))])
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
