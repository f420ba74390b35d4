//! Tells headings from text in the rows of one report.

use std::ops::Range;

use crate::document::join::Layout;
use crate::document::number::{Number, Style, number};
use crate::document::numbered::{self, end_of_heading, skip_stop};
use crate::document::row::{Row, ends_sentence};

/// A row or a part of one; a heading may take several rows.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    /// Index of its last row.
    pub row: usize,
    /// Whole rows before it that belong to the same heading.
    pub before: usize,
    /// Bytes of the last row's text.
    pub range: Range<usize>,
    /// For a heading; `None` for text.
    pub heading: Option<Number>,
}

impl Segment {
    fn text(row: usize, range: Range<usize>) -> Self {
        Self { row, before: 0, range, heading: None }
    }

    pub fn first_row(&self) -> usize {
        self.row - self.before
    }
}

/// All segments of the rows `part`, in order; those of one row side by side.
pub(super) fn segments(rows: &[Row<'_>], part: &[usize], layout: Layout) -> Vec<Segment> {
    let mut segments = Vec::with_capacity(part.len());
    let mut headings = numbered::headings(rows, part, layout).into_iter().peekable();
    let mut after = 0;
    for &row in part.iter() {
        if row < after {
            continue;
        }
        let text = &rows[row].text;
        let Some(found) = headings.next_if(|found| found.rows.start == row) else {
            segments.push(Segment::text(row, 0..text.len()));
            continue;
        };
        after = found.rows.end;
        let last = after - 1;
        let text = &rows[last].text;
        segments.push(Segment { row: last, before: found.rows.len() - 1, range: 0..found.end, heading: Some(found.number) });
        let rest = skip_stop(text, found.end);
        if rest < text.len() {
            segments.push(Segment::text(last, rest..text.len()));
        }
    }
    unglue_siblings(rows, &mut segments);
    unglue_inside(rows, &mut segments);
    segments
}

/// A heading without a stop that runs into its text: its siblings are built alike and tell where it ends.
fn unglue_siblings(rows: &[Row<'_>], segments: &mut Vec<Segment>) {
    let mut cuts = Vec::new();
    let patterns = patterns(rows, segments);
    for (index, segment) in segments.iter().enumerate() {
        let Some(own) = segment.heading.filter(|_| segment.before == 0) else { continue };
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
        match segments.get_mut(index + 1).filter(|rest| rest.row == row && rest.heading.is_none()) {
            Some(rest) => rest.range.start = at,
            None => segments.insert(index + 1, Segment::text(row, at..rows[row].text.len())),
        }
    }
}

/// For each form of number: how long the clauses of its headings are, where two or more headings of several clauses have
/// the same pattern and none another.
fn patterns(rows: &[Row<'_>], segments: &[Segment]) -> Vec<(Style, Option<Vec<usize>>, usize)> {
    let mut patterns: Vec<(Style, Option<Vec<usize>>, usize)> = Vec::new();
    for segment in segments {
        let text = &rows[segment.row].text;
        let Some(number) = segment.heading.filter(|_| segment.before == 0 && segment.range.end == text.len()) else { continue };
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
            segments.insert(index + 1, Segment::text(row, rest..range.end));
        }
        segments.insert(index + 1, Segment { heading: Some(number), ..Segment::text(row, start..end) });
        segments[index].range.end = start;
    }
}

/// After a full stop in `text`, the heading with this number: where it starts, its number, and where it ends.
fn inside(text: &str, style: Style, value: u32) -> Option<(usize, Number, usize)> {
    text.match_indices(['。', '！', '？', '；', '”']).find_map(|(at, stop)| {
        let start = at + stop.len();
        let own = number(&text[start..]).filter(|own| own.style == style && own.value == value)?;
        // Another number in the row makes it an enumeration.
        let end = start + end_of_heading(&text[start..], own)?;
        let enumerated = text[end..]
            .match_indices(['。', '；'])
            .any(|(at, stop)| number(&text[end + at + stop.len()..]).is_some_and(|next| next.style == style && next.value == value + 1));
        (!enumerated).then_some((start, own, end))
    })
}
