//! Reads a Markdown source: CommonMark with tables, footnotes, strikethrough and task lists.
//!
//! Headings, plain paragraphs and plain tables become the same blocks as in a text upload; what needs its markup
//! becomes [`Rich`].

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::diagnostic::Diagnostic;
use crate::document::account::Account;
use crate::document::inline::{Inline, Marked, open_emphasis};
use crate::document::number::{Style, number};
use crate::document::title::{Shape, shape_of};
use crate::document::*;
use crate::document::{elements, front_matter};
use crate::source::Source;

pub(super) fn read(source: &Source) -> Reading {
    let mut diagnostics = Vec::new();
    let front = front_matter::read(source, &mut diagnostics);
    let start = front.span.end as usize;
    let prepared = open_emphasis(&source.text.as_str()[start..]);
    let body = Body { source, first_line: source.text.line_at(start.max(1) - 1) - 1, text: &prepared };
    let mut drafts = body.drafts(&mut diagnostics);
    let (title, title_at) = title(source, &front.values, &drafts);
    let mut account = Account::default();
    account.claim(front.span, Some(0), Role::FrontMatter);
    if let Some(at) = title_at {
        let lines = drafts.remove(at).lines;
        body.claim(&mut account, lines, Role::Title);
    }
    let last = drafts.last().map(|draft| draft.lines.end);
    let mut blocks = Vec::with_capacity(drafts.len());
    let levels = Levels::of(&drafts);
    for draft in drafts {
        let lines = draft.lines;
        let block = levels.block(draft);
        let role = match block {
            Block::Heading(_) => Role::Heading,
            Block::Paragraph(_) => Role::Paragraph,
            Block::Table(_) => Role::Table,
            Block::Rich(_) => Role::Rich,
        };
        body.claim(&mut account, lines, role);
        blocks.push(block);
    }
    body.claim_rest(&mut account, start);
    let mut elements = Elements::default();
    elements::mark(&mut blocks, &mut elements);
    let first = source.text.lines().find(|(_, _, line)| !line.trim().is_empty()).map_or(1, |(number, ..)| number);
    let end = match title.from {
        TitleOrigin::Body(lines) => last.unwrap_or(lines.end).max(lines.end),
        _ => last.unwrap_or_else(|| source.text.line_at(start.max(1) - 1)),
    };
    let lines = Lines { start: first, end: end.max(first) };
    let document = Document { title, lines, blocks: blocks.into(), elements, group: None, front_matter: front.values };
    Reading { documents: vec![document.into()], compilation: None, account: account.finish(source.text.as_str()), diagnostics }
}

/// A top-level block before the heading depths and the title are known.
struct Draft {
    lines: Lines,
    marked: Marked,
    form: Form,
}

enum Form {
    Heading(HeadingLevel),
    Paragraph(Vec<Join>),
    Table { rows: Vec<Vec<String>> },
    Other,
}

struct Body<'s> {
    source: &'s Source,
    /// Number of the line before the first of `text`.
    first_line: u32,
    /// The source behind the front matter, with emphasis opened up.
    text: &'s str,
}

impl Body<'_> {
    fn lines(&self, starts: &[usize], range: &Range<usize>) -> Lines {
        let text = self.text[range.clone()].trim_end();
        let line = |at: usize| self.first_line + starts.partition_point(|&start| start <= at) as u32;
        Lines { start: line(range.start), end: line(range.start + text.len().max(1) - 1) }
    }

    /// The top-level blocks in order.
    fn drafts(&self, diagnostics: &mut Vec<Diagnostic>) -> Vec<Draft> {
        let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
        // The lines as `SourceText` counts them: a lone carriage return ends one too.
        let bytes = self.text.as_bytes();
        let ends_line = |at: usize| bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
        let starts: Vec<usize> = std::iter::once(0).chain((0..bytes.len()).filter(|&at| ends_line(at)).map(|at| at + 1)).collect();
        let mut inline = Inline::new(self.source);
        let mut drafts = Vec::new();
        let mut open: Vec<(Event<'_>, Range<usize>)> = Vec::new();
        let mut depth = 0usize;
        for (event, range) in Parser::new_ext(self.text, options).into_offset_iter() {
            match &event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
            open.push((event, range));
            if depth == 0 {
                let lines = self.lines(&starts, &open[0].1);
                let line_of = |at: usize| self.first_line + starts.partition_point(|&start| start <= at) as u32;
                drafts.push(draft(&mut inline, lines, std::mem::take(&mut open), &line_of));
            }
        }
        diagnostics.append(&mut inline.diagnostics);
        drafts
    }

    /// Claims whole lines.
    fn claim(&self, account: &mut Account, lines: Lines, role: Role) {
        let spans = self.source.text.lines().skip(lines.start as usize - 1).take((lines.end - lines.start) as usize + 1);
        for (_, span, _) in spans {
            account.claim(span, Some(0), role);
        }
    }

    /// Lines that are no block of their own, such as the targets of links.
    fn claim_rest(&self, account: &mut Account, start: usize) {
        let claimed = account.starts();
        for (_, span, line) in self.source.text.lines() {
            if span.start as usize >= start && !line.trim().is_empty() && !claimed.contains(&span.start) {
                account.claim(span, Some(0), Role::Rich);
            }
        }
    }
}

fn draft<'e>(inline: &mut Inline<'_>, lines: Lines, events: Vec<(Event<'e>, Range<usize>)>, line_of: &dyn Fn(usize) -> u32) -> Draft {
    let plain = events.iter().all(|(event, _)| {
        matches!(event, Event::Text(_) | Event::SoftBreak)
            || matches!(
                event,
                Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell)
            )
            || matches!(
                event,
                Event::End(
                    TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell
                )
            )
    });
    let form = match &events[0].0 {
        Event::Start(Tag::Heading { level, .. }) => Form::Heading(*level),
        Event::Start(Tag::Paragraph) if plain => Form::Paragraph(joins(&events, line_of)),
        Event::Start(Tag::Table(_)) if plain => Form::Table { rows: cells(&events) },
        _ => Form::Other,
    };
    Draft { lines, marked: inline.render(events, line_of), form }
}

/// Where the lines of a plain paragraph were joined.
fn joins(events: &[(Event<'_>, Range<usize>)], line_of: &dyn Fn(usize) -> u32) -> Vec<Join> {
    let mut text = String::new();
    let mut joins = Vec::new();
    let mut broken = false;
    for (event, range) in events {
        match event {
            Event::SoftBreak => broken = true,
            Event::Text(part) => {
                let part = part.replace('\u{200b}', "");
                if std::mem::take(&mut broken) {
                    text.push_str(inline::between(&text, &part));
                    joins.push(Join { at: text.len() as u32, line: line_of(range.start) });
                }
                text.push_str(&part);
            }
            _ => {}
        }
    }
    joins
}

fn cells(events: &[(Event<'_>, Range<usize>)]) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (event, _) in events {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => {
                if let Some(row) = rows.last_mut() {
                    row.push(String::new());
                }
            }
            Event::Text(text) => {
                if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
                    cell.push_str(&text.replace('\u{200b}', ""));
                }
            }
            _ => {}
        }
    }
    rows
}

/// The title, and which draft it is.
fn title(source: &Source, front: &FrontMatter, drafts: &[Draft]) -> (Title, Option<usize>) {
    let first = drafts.iter().position(|draft| matches!(draft.form, Form::Heading(HeadingLevel::H1)) && !draft.marked.text.is_empty());
    if let Some(text) = &front.title {
        // Many archives write the title in both places.
        let same = first.filter(|&at| title::key(&drafts[at].marked.text) == title::key(text));
        return (Title { text: text.clone(), from: TitleOrigin::FrontMatter }, same);
    }
    let plain = || {
        let draft = drafts.first().filter(|_| drafts.len() > 1)?;
        let headings = drafts.iter().any(|draft| matches!(draft.form, Form::Heading(_)));
        (matches!(draft.form, Form::Paragraph(_)) && !headings && shape_of(&draft.marked.text) != Shape::None).then_some(0)
    };
    // A title one level down: the only heading of its level, before all others.
    let lower = || {
        let levels: Vec<(usize, HeadingLevel)> = drafts
            .iter()
            .enumerate()
            .filter_map(|(at, draft)| if let Form::Heading(level) = draft.form { Some((at, level)) } else { None })
            .collect();
        let &(at, level) = levels.first().filter(|(at, _)| *at == 0)?;
        (levels.len() > 1 && levels[1..].iter().all(|(_, other)| *other > level)).then_some(at)
    };
    match first.or_else(lower).or_else(plain) {
        Some(at) => {
            let draft = &drafts[at];
            (Title { text: draft.marked.text.clone(), from: TitleOrigin::Body(draft.lines) }, Some(at))
        }
        None => {
            let name = Some(source.path.stem()).filter(|name| !name.trim().is_empty()).unwrap_or("（无题）");
            (Title { text: name.to_owned(), from: TitleOrigin::FileName }, None)
        }
    }
}

/// How Markdown's heading levels become depths.
struct Levels {
    /// Of the shallowest heading below the title; `None` where the source has no Markdown heading.
    shallowest: Option<u8>,
}

impl Levels {
    fn of(drafts: &[Draft]) -> Self {
        let level = |draft: &Draft| if let Form::Heading(level) = draft.form { Some(level as u8) } else { None };
        Self { shallowest: drafts.iter().filter_map(level).min() }
    }

    fn block(&self, draft: Draft) -> Block {
        let Draft { lines, marked, form } = draft;
        match form {
            Form::Heading(level) if !marked.text.is_empty() => {
                let depth = (level as u8 - self.shallowest.unwrap_or(1) + 1).min(4);
                Block::Heading(Heading { depth, text: marked.text, lines })
            }
            Form::Paragraph(joins) => match self.shallowest.is_none().then(|| numbered(&marked.text)).flatten() {
                Some(depth) if joins.is_empty() => Block::Heading(Heading { depth, text: marked.text, lines }),
                _ => Block::Paragraph(Paragraph { text: marked.text, lines, joins, role: ParagraphRole::Body }),
            },
            Form::Table { rows } => Block::Table(Table { rows, header_rows: 1, lines }),
            _ => Block::Rich(Rich { html: marked.html, text: marked.text, lines }),
        }
    }
}

/// A plain text saved as `.md` numbers its headings and marks none.
fn numbered(text: &str) -> Option<u8> {
    let number = number(text)?;
    let short = text.chars().count() <= 40 && !text.contains(['。', '；']);
    short.then_some(match number.style {
        Style::Chapter | Style::Han => 1,
        Style::Section | Style::HanInBrackets => 2,
        Style::Arabic => 3,
        Style::ArabicInBrackets => 4,
    })
}
