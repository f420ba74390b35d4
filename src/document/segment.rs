//! Tells headings from text in the rows of one report.

use std::ops::Range;

use crate::document::join::{FULL, cannot_end};
use crate::document::number::{Number, Style, number};
use crate::document::row::{Row, ends_sentence};
use crate::document::title::is_lead;

/// A row or a part of one.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    /// Index into the rows.
    pub row: usize,
    /// Bytes of the row's text.
    pub range: Range<usize>,
    /// For a heading; `None` for text.
    pub heading: Option<Number>,
}

/// All segments of `rows[part]`, in order; those of one row side by side.
pub(super) fn segments(rows: &[Row<'_>], part: Range<usize>) -> Vec<Segment> {
    let mut segments = Vec::with_capacity(part.len());
    let mut attached = None;
    for row in part {
        let text = &rows[row].text;
        attached = attachment(text, attached);
        let continues = row > 0 && segments.last().is_some_and(|last: &Segment| last.row + 1 == row) && goes_on(&rows[row - 1], &rows[row]);
        let found = if continues || attached.is_some() { None } else { number(text).filter(|_| !is_lead(text)) };
        match found.and_then(|number| Some((number, lead(text, number, completes(&rows[row], rows.get(row + 1)))?))) {
            Some((number, end)) => {
                segments.push(Segment { row, range: 0..end, heading: Some(number) });
                let rest = skip_stop(text, end);
                if rest < text.len() {
                    segments.push(Segment { row, range: rest..text.len(), heading: None });
                }
            }
            None => segments.push(Segment { row, range: 0..text.len(), heading: None }),
        }
    }
    unglue_siblings(rows, &mut segments);
    unglue_inside(rows, &mut segments);
    segments
}

/// The number of the attachment that this row lists: `附件：1.…` begins such a list, rows that count on continue it.
fn attachment(text: &str, before: Option<u32>) -> Option<u32> {
    let opening = text.strip_prefix("附件").and_then(|rest| rest.strip_prefix(['：', ':']));
    let own = number(opening.unwrap_or(text).trim_start()).filter(|own| own.style == Style::Arabic)?.value;
    (opening.is_some() || before.is_some_and(|before| own == before + 1)).then_some(own)
}

/// The row before breaks off in mid-sentence at the end of a full line, so this row begins nothing.
fn goes_on(before: &Row<'_>, row: &Row<'_>) -> bool {
    !row.indented && !row.gap && before.width >= FULL && !ends_sentence(&before.text) && cannot_end(&before.text, &row.text)
}

/// The row may be the second line of a heading that fills the one before it.
fn completes(row: &Row<'_>, next: Option<&Row<'_>>) -> bool {
    row.width >= FULL
        && next.is_some_and(|next| {
            !next.indented && !next.gap && next.width + 12 < row.width && !ends_sentence(&next.text) && number(&next.text).is_none()
        })
}

/// Past the full stop that closes a run-in heading, and white space.
fn skip_stop(text: &str, at: usize) -> usize {
    let rest = text[at..].trim_start_matches(['。', '：', ':']).trim_start();
    text.len() - rest.len()
}

/// Where the heading that begins with `number` ends: at its full stop or at the line's end. `None` where the line is a
/// numbered sentence or list item. One that `wraps` goes on in the next row.
fn lead(text: &str, number: Number, wraps: bool) -> Option<usize> {
    let body = &text[number.length..];
    let chapter = number.style <= Style::Section;
    // Heading lengths in characters: of all that were seen in real reports the longest took 45.
    let (longest, longest_sentence) = match number.style {
        Style::Chapter | Style::Section => (40, 0),
        Style::Han => (60, 40),
        Style::HanInBrackets => (55, 40),
        Style::Arabic | Style::ArabicInBrackets => (45, 30),
    };
    let stop = body.char_indices().take(longest + 1).find(|&(_, c)| matches!(c, '。' | '！' | '？' | '；' | ';'));
    let longer = |limit: usize| body.len() > limit && body.chars().nth(limit).is_some();
    match stop {
        None if longer(longest) => None,
        None => {
            let end = text.trim_end_matches(['：', ':']).len();
            (wraps || !body.ends_with(['，', '、', ','])).then_some(end)
        }
        Some((_, '；' | ';')) => None,
        Some((at, stop)) => {
            let lead = &body[..at];
            let whole = skip_stop(text, number.length + at + if stop == '。' { 0 } else { stop.len_utf8() }) >= text.len();
            let count = lead.chars().count();
            let sentence = lead.matches('，').count() > 2 || lead.contains("“") && lead.matches('，').count() > 1;
            let figures = number.style >= Style::Arabic && lead.starts_with(|c: char| c.is_ascii_digit());
            if chapter || count == 0 || sentence && whole || figures || whole && count > longest_sentence {
                return None;
            }
            let end = number.length + at + if stop == '。' { 0 } else { stop.len_utf8() };
            // `（一）…任务是什么？怎么办？` closes quotes behind its stop.
            Some(end)
        }
    }
}

/// A heading without a stop that runs into its text: its siblings are built alike and tell where it ends.
fn unglue_siblings(rows: &[Row<'_>], segments: &mut Vec<Segment>) {
    let mut cuts = Vec::new();
    let patterns = patterns(rows, segments);
    for (index, segment) in segments.iter().enumerate() {
        let Some(own) = segment.heading else { continue };
        // Only a line that ends in a full stop is in doubt.
        let text = &rows[segment.row].text;
        if segment.range.end >= text.len() || !text.ends_with('。') {
            continue;
        }
        let Some((_, Some(pattern), _)) = patterns.iter().find(|(style, ..)| *style == own.style) else { continue };
        let body = &text[segment.range.start + own.length..segment.range.end];
        let mine = clauses(body);
        let last = pattern.len() - 1;
        if mine.len() > last && mine[..last] == pattern[..last] && mine[last] > pattern[last] {
            let characters = pattern.iter().sum::<usize>() + last;
            let end = body.char_indices().nth(characters).map_or(body.len(), |(at, _)| at);
            cuts.push((index, segment.range.start + own.length + end));
        }
    }
    for (index, at) in cuts.into_iter().rev() {
        let row = segments[index].row;
        segments[index].range.end = at;
        let end = rows[row].text.len();
        segments.insert(index + 1, Segment { row, range: at..end, heading: None });
    }
}

/// For each form of number: how long the clauses of its headings are, where two or more headings of several clauses have
/// the same pattern and none another.
fn patterns(rows: &[Row<'_>], segments: &[Segment]) -> Vec<(Style, Option<Vec<usize>>, usize)> {
    let mut patterns: Vec<(Style, Option<Vec<usize>>, usize)> = Vec::new();
    for segment in segments {
        let text = &rows[segment.row].text;
        let Some(number) = segment.heading.filter(|_| segment.range.end == text.len()) else { continue };
        let own = clauses(&text[segment.range.start + number.length..]);
        match patterns.iter_mut().find(|(style, ..)| *style == number.style) {
            Some((_, pattern, count)) => {
                *pattern = pattern.take().filter(|pattern| *pattern == own);
                *count += 1;
            }
            None => patterns.push((number.style, Some(own).filter(|own| own.len() > 1), 1)),
        }
    }
    patterns.retain(|(_, _, count)| *count > 1);
    patterns
}

fn clauses(heading: &str) -> Vec<usize> {
    heading.split(['，', '、', ' ']).map(|clause| clause.chars().count()).collect()
}

/// A heading `四、…` inside a row or at its end, where the headings before and after it leave exactly this number open.
fn unglue_inside(rows: &[Row<'_>], segments: &mut Vec<Segment>) {
    // Only the outermost headings count through the whole report.
    let Some(style) = segments.iter().filter_map(|segment| Some(segment.heading?.style)).min() else { return };
    let ordinals: Vec<(usize, u32)> = segments
        .iter()
        .enumerate()
        .filter_map(|(index, segment)| Some((index, segment.heading.filter(|number| number.style == style)?.value)))
        .collect();
    let mut found: Vec<(usize, usize, Number, usize)> = Vec::new();
    for (at, &(from, value)) in ordinals.iter().enumerate() {
        let next = ordinals.get(at + 1);
        // 三 follows 一: 二 is missing between them. Nothing follows: the last one may be missing.
        if next.is_some_and(|&(_, next)| next != value + 2) {
            continue;
        }
        let to = next.map_or(segments.len(), |&(index, _)| index);
        let hit = (from + 1..to).find_map(|index| {
            let segment = &segments[index];
            let text = &rows[segment.row].text[segment.range.clone()];
            let (start, number, end) = inside(text, style, value + 1)?;
            let at_end = end == text.len() && !ends_sentence(text);
            (at_end || next.is_some() && end < text.len()).then_some((
                index,
                segment.range.start + start,
                number,
                segment.range.start + end,
            ))
        });
        found.extend(hit);
    }
    for (index, start, number, end) in found.into_iter().rev() {
        let Segment { row, range, .. } = segments[index].clone();
        let rest = skip_stop(&rows[row].text, end);
        if rest < range.end {
            segments.insert(index + 1, Segment { row, range: rest..range.end, heading: None });
        }
        segments.insert(index + 1, Segment { row, range: start..end, heading: Some(number) });
        segments[index].range.end = start;
    }
}

/// After a full stop in `text`, the heading with this number: where it starts, its number, and where it ends.
fn inside(text: &str, style: Style, value: u32) -> Option<(usize, Number, usize)> {
    text.match_indices(['。', '！', '？', '；', '”']).find_map(|(at, stop)| {
        let start = at + stop.len();
        let own = number(&text[start..]).filter(|own| own.style == style && own.value == value)?;
        // Another number in the row makes it an enumeration.
        let end = start + lead(&text[start..], own, false)?;
        let enumerated = text[end..]
            .match_indices(['。', '；'])
            .any(|(at, stop)| number(&text[end + at + stop.len()..]).is_some_and(|next| next.style == style && next.value == value + 1));
        (!enumerated).then_some((start, own, end))
    })
}
