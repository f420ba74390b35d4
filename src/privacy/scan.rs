//! Looks through a whole source: its name, every line as it was uploaded, and every paragraph as it was mended.

use std::collections::BTreeSet;

use crate::document::{Block, Document, Piece, Reading, Role};
use crate::privacy::rules::{Match, personal_data};
use crate::privacy::secrecy::marking;
use crate::privacy::{Concerned, Finding, Rule};
use crate::source::{Source, Span};

/// Lines with text before and after the beginning of a text that count as its head.
const ABOVE: usize = 3;
const HEAD: usize = 10;

/// Everything in a source that should be looked at before it is published, in the order of its lines.
pub fn find(source: &Source, reading: &Reading) -> Vec<Finding> {
    let mut seen: BTreeSet<(Concerned, Match)> = BTreeSet::new();
    let mut findings = Vec::new();
    let mut add = |concerned: Concerned, line: Option<u32>, found: Match| {
        // A source of one report is published or held as a whole.
        let concerned = if reading.documents.len() == 1 { Concerned::All } else { concerned };
        let shown = found.masked();
        let rule = found.rule;
        if seen.insert((concerned, found)) {
            findings.push(Finding { concerned, line, rule, shown });
        }
    };
    for found in personal_data(source.path.stem()) {
        add(Concerned::All, None, found);
    }
    for (number, span, line) in source.text.lines() {
        for found in personal_data(line) {
            add(concerned(reading, span.start as usize, span.end as usize), Some(number), found);
        }
    }
    let lines: Vec<(u32, Span, &str)> = source.text.lines().collect();
    for pair in lines.windows(2) {
        for found in across(pair[0].2, pair[1].2) {
            add(concerned(reading, pair[0].1.start as usize, pair[1].1.end as usize), Some(pair[0].0), found);
        }
    }
    for (index, document) in reading.documents.iter().enumerate() {
        // A number may be broken over two lines: the paragraph has it whole.
        for (line, text) in texts(document) {
            for found in personal_data(&text) {
                add(Concerned::Document(index), Some(line), found);
            }
        }
    }
    markings(source, reading, &mut add);
    findings.sort_by_key(|finding| (finding.line, finding.rule, finding.concerned));
    findings
}

/// A number that a line break cuts in two. Only one with a check digit is believed: any two numbers may meet like this.
fn across(line: &str, next: &str) -> Vec<Match> {
    let (line, next) = (line.trim_end(), next.trim_start());
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    if !line.ends_with(is_digit) || !next.starts_with(|c: char| is_digit(c) || matches!(c, 'X' | 'x' | 'Ｘ')) {
        return Vec::new();
    }
    let tail = line.char_indices().rev().nth(40).map_or(0, |(at, _)| at);
    let head: String = next.chars().take(20).collect();
    let checked = |found: &Match| matches!(found.rule, Rule::IdentityNumber | Rule::BankCard);
    personal_data(&format!("{}{head}", &line[tail..])).into_iter().filter(checked).collect()
}

fn texts(document: &Document) -> impl Iterator<Item = (u32, std::borrow::Cow<'_, str>)> {
    let title = (document.lines.start, document.title.text.as_str().into());
    let cells = |block: &Block| matches!(block, Block::Table(_));
    std::iter::once(title).chain(document.blocks.iter().map(move |block| {
        // Cells stand side by side: a tab must not join two numbers to one.
        let text = if cells(block) { block.text().replace('\t', "；").into() } else { block.text() };
        (block.lines().start, text)
    }))
}

/// Whose bytes these are.
fn concerned(reading: &Reading, start: usize, end: usize) -> Concerned {
    let account = &reading.account;
    let first = account.partition_point(|piece| piece.span.end as usize <= start);
    let pieces = account[first..].iter().take_while(|piece| (piece.span.start as usize) < end && !piece.span.is_empty());
    let pieces: Vec<&Piece> = pieces.filter(|piece| piece.role != Role::Space).collect();
    if let Some(document) = pieces.iter().find_map(|piece| piece.document) {
        return Concerned::Document(document);
    }
    // A title of the contents list stands on the compilation's page.
    if pieces.iter().any(|piece| piece.role == Role::Contents) { Concerned::All } else { Concerned::Original }
}

/// Markings above the whole source and at the head of each of its reports.
fn markings(source: &Source, reading: &Reading, add: &mut impl FnMut(Concerned, Option<u32>, Match)) {
    let lines: Vec<(u32, Span, &str)> = source.text.lines().filter(|(_, _, line)| !line.trim().is_empty()).collect();
    let starts: Vec<usize> =
        reading.documents.iter().map(|document| lines.partition_point(|(number, ..)| *number < document.lines.start)).collect();
    let mut look = |range: std::ops::Range<usize>, whose: Concerned| {
        for &(number, span, line) in lines.get(range).unwrap_or_default() {
            if let Some(text) = marking(line) {
                let found = Match { rule: Rule::SecrecyMarking, text };
                // Cutting may have left it at the end of the report before.
                let holder = concerned(reading, span.start as usize, span.end as usize);
                if let Concerned::Document(_) = holder {
                    add(holder, Some(number), found.clone());
                }
                add(whose, Some(number), found);
            }
        }
    };
    // Above the first report of a compilation, a marking is the whole volume's.
    let volume = if reading.compilation.is_some() { starts.first().copied().unwrap_or(0).min(HEAD) } else { HEAD.min(lines.len()) };
    look(0..volume, Concerned::All);
    for (index, &start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(lines.len(), |next| next.saturating_sub(ABOVE).max(start + 1).min(lines.len()));
        look(start.saturating_sub(ABOVE)..(start + HEAD).min(end), Concerned::Document(index));
    }
}
