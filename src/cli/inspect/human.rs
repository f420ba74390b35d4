//! What `inspect` shows to people: each decision, its evidence and its line.

use std::fmt::{self, Write};

use crate::classify::{Evidence, Gazetteer, Labels, Placement, Section};
use crate::cli::inspect::{Inspected, json::sentence};
use crate::cli::summary::count;
use crate::document::{Block, Document, TitleOrigin};

/// The first column, in which the names of the decisions stand.
const NAME: usize = 9;

/// One file.
pub fn describe(one: &Inspected, gazetteer: &Gazetteer, verbose: bool) -> Result<String, fmt::Error> {
    let mut out = String::new();
    let source = &one.source;
    let reading = &one.understood.reading;
    writeln!(out, "{}", one.path)?;
    line(&mut out, "encoding", source.encoding.name(), &source.decided_by)?;
    line(&mut out, "size", &format!("{} bytes, {}", source.size, count(source.text.line_count(), "line")), "")?;
    line(&mut out, "sha256", &source.sha256, "")?;
    if let Some(compilation) = &reading.compilation {
        let title = compilation.title.as_deref().unwrap_or("without a title");
        let missing: Vec<_> = compilation.contents.iter().filter(|entry| entry.document.is_none()).collect();
        let listed = if compilation.contents.is_empty() {
            "no contents list".to_owned()
        } else {
            format!("a contents list of {}", count(compilation.contents.len(), "entry").replace("entrys", "entries"))
        };
        line(&mut out, "holds", &format!("{}: {title}", count(reading.documents.len(), "report")), &listed)?;
        for entry in missing {
            line(&mut out, "", &format!("no body for {}", entry.title), &format!("contents list, line {}", entry.line))?;
        }
    }
    for (document, labels) in reading.documents.iter().zip(&one.understood.labels) {
        writeln!(out)?;
        report(&mut out, document, labels, gazetteer, verbose)?;
    }
    Ok(out)
}

fn report(out: &mut String, document: &Document, labels: &Labels, gazetteer: &Gazetteer, verbose: bool) -> fmt::Result {
    let from = match document.title.from {
        TitleOrigin::Body(lines) if lines.start == lines.end => format!("line {}", lines.start),
        TitleOrigin::Body(lines) => format!("lines {}–{}", lines.start, lines.end),
        TitleOrigin::FrontMatter => "front matter".into(),
        TitleOrigin::Override => "overrides.csv".into(),
        TitleOrigin::FileName => "file name".into(),
    };
    line(out, "report", &document.title.text, &from)?;
    let paragraphs = document.blocks.iter().filter(|block| !matches!(block, Block::Heading(_))).count();
    let joined: usize = document.blocks.iter().map(|block| if let Block::Paragraph(p) = block { p.joins.len() } else { 0 }).sum();
    let body = format!("lines {}–{}, {}", document.lines.start, document.lines.end, count(paragraphs, "paragraph"));
    line(out, "body", &body, &if joined > 0 { format!("{} joined", count(joined, "broken line")) } else { String::new() })?;
    place(out, &labels.placement, gazetteer)?;
    label(out, "level", labels.level.as_ref().map(|found| (found.value.name().to_owned(), &found.evidence)))?;
    label(out, "kind", labels.kind.as_ref().map(|found| (found.value.clone(), &found.evidence)))?;
    label(out, "year", labels.year.as_ref().map(|found| (found.value.to_string(), &found.evidence)))?;
    if let Some(period) = &labels.period {
        label(out, "period", Some((period.value.name.clone(), &period.evidence)))?;
    }
    if let Some(date) = &labels.date {
        let parts = [date.value.month, date.value.day].into_iter().flatten().map(|part| format!("-{part:02}")).collect::<String>();
        label(out, "date", Some((format!("{}{parts}", date.value.year), &date.evidence)))?;
    }
    line(out, "themes", &if labels.themes.is_empty() { "none".to_owned() } else { labels.themes.join("、") }, "")?;
    for section in &labels.sections {
        section_lines(out, document, section, verbose)?;
    }
    Ok(())
}

fn place(out: &mut String, placement: &Placement, gazetteer: &Gazetteer) -> fmt::Result {
    let full = |id| {
        let names: Vec<&str> = gazetteer.path(id).into_iter().map(|id| gazetteer[id].name.as_str()).collect();
        format!("{} {}", gazetteer[id].code, names.join(" › "))
    };
    let value = match placement {
        Placement::Stated(id, _) => full(*id),
        Placement::Inferred(id, _) => format!("{} (inferred)", full(*id)),
        Placement::Masked(name, _) => format!("{name} (blanked by the source)"),
        Placement::Ambiguous(ids, _) => {
            format!("undecided between {}", ids.iter().map(|id| full(*id)).collect::<Vec<_>>().join(" and "))
        }
        Placement::Unplaced => "none: the text names no place".into(),
    };
    line(out, "region", &value, &placement.evidence().map(sentence).unwrap_or_default())
}

fn label(out: &mut String, name: &str, found: Option<(String, &Evidence)>) -> fmt::Result {
    match found {
        Some((value, evidence)) => line(out, name, &value, &sentence(evidence)),
        None => line(out, name, "not found", ""),
    }
}

/// With `verbose` also the headings below and the words that gave the themes.
fn section_lines(out: &mut String, document: &Document, section: &Section, verbose: bool) -> fmt::Result {
    let blocks = document.blocks.get(section.first_block..section.end_block).unwrap_or_default();
    let at = blocks.first().map(|block| format!("line {}", block.lines().start)).unwrap_or_default();
    let themes: Vec<&str> = section.themes.iter().map(|found| found.theme.as_str()).collect();
    let themes = if themes.is_empty() { String::new() } else { format!("  [{}]", themes.join("、")) };
    line(out, "section", &format!("{}{themes}", section.heading.as_deref().unwrap_or("(before the first heading)")), &at)?;
    if verbose {
        for found in &section.themes {
            let words: Vec<String> = found.words.iter().map(|(word, line)| format!("{word} (line {line})")).collect();
            line(out, "", &format!("  {}: {}", found.theme, words.join("、")), "")?;
        }
        for block in blocks {
            if let Block::Heading(heading) = block
                && heading.depth > 1
            {
                let indent = "  ".repeat(usize::from(heading.depth) - 1);
                line(out, "", &format!("{indent}{}", heading.text), &format!("line {}", heading.lines.start))?;
            }
        }
    }
    Ok(())
}

fn line(out: &mut String, name: &str, value: &str, evidence: &str) -> fmt::Result {
    match evidence {
        "" => writeln!(out, "  {name:NAME$} {value}"),
        _ => writeln!(out, "  {name:NAME$} {value}  ({evidence})"),
    }
}
