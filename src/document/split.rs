//! Cuts a file into the reports that it holds.
//!
//! Evidence, strongest first: the contents list; a title line where numbering begins again at 一; a title line after
//! a signature or date. A file without any is one report.

use std::collections::VecDeque;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::contents::{self, Contents, Line};
use crate::document::number::{Style, number};
use crate::document::row::{Row, ends_sentence};
use crate::document::title::{Shape, first_of_key, is_collection, is_date, is_generic, key, shape};

/// One report's share of the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub rows: Range<usize>,
    /// How many of the first rows are its title, where that is known already.
    pub title_rows: Option<usize>,
    /// Index into the contents list's lines.
    pub entry: Option<usize>,
    /// Rows in the midst of it that are not its text: a report's own list of chapters. Possibly empty.
    pub without: Range<usize>,
}

impl Part {
    fn new(rows: Range<usize>) -> Self {
        Self { title_rows: None, entry: None, without: rows.start..rows.start, rows }
    }
}

/// How the rows of a file divide.
#[derive(Debug, Default)]
pub(super) struct Cut {
    pub parts: Vec<Part>,
    pub contents: Option<Contents>,
    /// Rows outside the parts: cover, contents list, group headings between the reports.
    pub front: Vec<usize>,
    pub compilation: bool,
    /// The compilation's own title.
    pub title: Option<String>,
}

pub(super) fn cut(rows: &[Row<'_>]) -> Cut {
    if let Some(cut) = contents::find(rows).and_then(|contents| by_contents(rows, contents)) {
        return cut;
    }
    let cover = cover(rows);
    let mut starts = boundaries(rows, cover..rows.len(), false);
    let prose = |range: Range<usize>| rows[range].iter().any(|row| ends_sentence(&row.text) || row.is_longer_than(60));
    let Some(first) = starts.first().copied().filter(|_| starts.len() > 1) else { return single(rows) };
    if prose(0..first) {
        starts.insert(0, 0);
    }
    let front: Vec<usize> = (0..starts[0]).collect();
    let title = contents::cover_title(&rows[..front.len()]);
    Cut { parts: parts(&starts, rows.len()), contents: None, front, compilation: true, title }
}

/// How many rows at the head are a cover: a collection's title, and how many it holds, who made it and when.
fn cover(rows: &[Row<'_>]) -> usize {
    match rows.first() {
        Some(first) if is_collection(&first.text) && shape(first) != Shape::None => {
            rows.iter().take(8).position(|row| shape(row) == Shape::Named && !is_collection(&row.text)).unwrap_or(0)
        }
        _ => 0,
    }
}

fn single(rows: &[Row<'_>]) -> Cut {
    Cut { parts: vec![Part::new(0..rows.len())], ..Cut::default() }
}

fn parts(starts: &[usize], end: usize) -> Vec<Part> {
    let ends = starts.iter().skip(1).copied().chain([end]);
    starts.iter().zip(ends).map(|(&start, end)| Part::new(start..end)).collect()
}

/// The bodies of a contents list's entries. `None` where no entry has one: then the lines are no contents list.
fn by_contents(rows: &[Row<'_>], contents: Contents) -> Option<Cut> {
    let body = contents.rows.end..rows.len();
    let mut found = find_bodies(rows, body.clone(), &contents.lines);
    find_similar(rows, body.clone(), &contents.lines, &mut found);
    let bodies: Vec<&Body> = found.iter().flatten().collect();
    if bodies.is_empty() {
        return None;
    }
    // A report may list its own chapters: then the entries are its headings.
    let chapters = bodies.iter().filter(|body| is_chapter(&rows[body.row])).count();
    if chapters * 2 > bodies.len() && !restarts(rows, &bodies) {
        let part = Part { without: contents.rows.clone(), ..Part::new(0..rows.len()) };
        return Some(Cut { parts: vec![part], front: contents.rows.collect(), ..Cut::default() });
    }
    let mut parts: Vec<Part> = Vec::new();
    for (entry, body) in found.iter().enumerate() {
        if let Some(body) = body {
            parts.push(Part { title_rows: Some(body.rows), entry: Some(entry), ..Part::new(body.row..rows.len()) });
        }
    }
    parts.sort_by_key(|part| part.rows.start);
    let mut front: Vec<usize> = (0..contents.rows.end).collect();
    let first = parts[0].rows.start;
    if rows[contents.rows.end..first].iter().any(|row| ends_sentence(&row.text)) {
        parts.insert(0, Part::new(contents.rows.end..first));
    } else {
        front.extend(contents.rows.end..first);
    }
    // Bodies that the list does not name.
    let listed: Vec<usize> = parts.iter().map(|part| part.rows.start).collect();
    for (&start, end) in listed.iter().zip(listed.iter().skip(1).copied().chain([rows.len()])) {
        for boundary in boundaries(rows, start..end, true) {
            if boundary > start {
                parts.push(Part::new(boundary..end));
            }
        }
    }
    parts.sort_by_key(|part| part.rows.start);
    let groups: Vec<String> = contents.lines.iter().filter(|line| line.group).map(|line| key(&line.title)).collect();
    let starts: Vec<usize> = parts.iter().map(|part| part.rows.start).chain([rows.len()]).collect();
    for (part, &next) in parts.iter_mut().zip(&starts[1..]) {
        part.rows.end = next;
        // The heading of the next group stands at the end of this report.
        while part.rows.len() > 2 && groups.contains(&key(&rows[part.rows.end - 1].text)) && next < rows.len() {
            part.rows.end -= 1;
            front.push(part.rows.end);
        }
    }
    let title = contents::cover_title(&rows[..contents.rows.start]);
    Some(Cut { parts, contents: Some(contents), front, compilation: true, title })
}

/// Where an entry's body begins, and how many rows its title takes there.
struct Body {
    row: usize,
    rows: usize,
}

fn is_chapter(row: &Row<'_>) -> bool {
    number(&row.text).is_some_and(|number| number.style <= Style::HanInBrackets)
}

/// Whether numbering begins again between the bodies: then they are reports and not chapters.
fn restarts(rows: &[Row<'_>], bodies: &[&Body]) -> bool {
    let first = |range: Range<usize>| {
        rows[range].iter().any(|row| number(&row.text).is_some_and(|number| number.style == Style::Han && number.value == 1))
    };
    bodies.windows(2).filter(|pair| pair[0].row < pair[1].row && first(pair[0].row + 1..pair[1].row)).count() >= 2
}

/// Entries whose title stands in the body word for word, over one to three rows; each in the order of the list where it can.
fn find_bodies(rows: &[Row<'_>], body: Range<usize>, lines: &[Line]) -> Vec<Option<Body>> {
    let wanted: FxHashSet<String> = lines.iter().filter(|line| !line.group).map(|line| key(&line.title)).collect();
    let firsts: FxHashSet<char> = wanted.iter().filter_map(|key| key.chars().next()).collect();
    let mut places: FxHashMap<String, VecDeque<(usize, usize)>> = FxHashMap::default();
    for start in body.clone() {
        if !first_of_key(&rows[start].text).is_some_and(|first| firsts.contains(&first)) {
            continue;
        }
        let mut joined = String::new();
        for count in 1..=3 {
            let Some(row) = rows.get(start + count - 1).filter(|row| row.width <= 130 && !row.text.ends_with('。')) else { break };
            joined.push_str(&row.text);
            let own = key(&joined);
            if wanted.contains(&own) {
                places.entry(own).or_default().push_back((start, count));
                break;
            }
        }
    }
    let mut after = body.start;
    let mut found = Vec::with_capacity(lines.len());
    for line in lines {
        let free = if line.group { None } else { places.get_mut(&key(&line.title)) };
        let place = free.and_then(|free| {
            let next = free.partition_point(|place| place.0 < after);
            free.remove(if next < free.len() { next } else { 0 })
        });
        found.push(place.map(|(row, rows)| {
            after = after.max(row + rows);
            Body { row, rows }
        }));
    }
    found
}

/// Entries whose body has a slightly different title: the most similar title line between their neighbours' bodies.
fn find_similar(rows: &[Row<'_>], body: Range<usize>, lines: &[Line], found: &mut [Option<Body>]) {
    // Far more than any real list needs; it keeps a list without any body from comparing everything with everything.
    let mut budget = 100_000usize;
    for entry in 0..lines.len() {
        if lines[entry].group || found[entry].is_some() {
            continue;
        }
        let from = found[..entry].iter().rev().flatten().next().map_or(body.start, |before| before.row + before.rows);
        let to = found[entry + 1..].iter().flatten().next().map_or(body.end, |after| after.row).max(from);
        budget = budget.saturating_sub(to - from);
        if budget == 0 {
            return;
        }
        let wanted = key(&lines[entry].title);
        let best = (from..to)
            .filter(|&row| shape(&rows[row]) != Shape::None && (row == 0 || row == from || stands_alone(rows, row)))
            .map(|row| (strsim::normalized_levenshtein(&wanted, &key(&rows[row].text)), row))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        // Two of five characters may differ: a year or an office added, a word changed.
        if let Some((_, row)) = best.filter(|&(similarity, _)| similarity >= 0.6) {
            found[entry] = Some(Body { row, rows: 1 });
        }
    }
}

/// The row before it has come to an end.
fn stands_alone(rows: &[Row<'_>], row: usize) -> bool {
    row == 0 || {
        let before = &rows[row - 1];
        ends_sentence(&before.text) || rows[row].gap || before.width < 50
    }
}

/// Rows in `range` that begin a report, found without a contents list. The first row is one when it is `titled`.
fn boundaries(rows: &[Row<'_>], range: Range<usize>, titled: bool) -> Vec<usize> {
    let ordinal = |row: &Row<'_>| number(&row.text).filter(|number| number.style == Style::Han).map(|number| number.value);
    let ordinals: Vec<(usize, u32)> = range.clone().filter_map(|row| Some((row, ordinal(&rows[row])?))).collect();
    let mut starts: Vec<usize> = if titled { vec![range.start] } else { Vec::new() };
    for row in range.clone().skip(usize::from(titled)) {
        if shape(&rows[row]) != Shape::Named || !stands_alone(rows, row) {
            continue;
        }
        let text = &rows[row].text;
        let Some(&current) = starts.last() else {
            // The first title is at the head of the file, or the text before it is a report without one.
            starts.push(row);
            continue;
        };
        if is_generic(text) || is_attachment(rows, current, row) {
            continue;
        }
        let split = ordinals.partition_point(|&(at, _)| at < row);
        let before = ordinals[..split].last().filter(|&&(at, _)| at > current).map(|&(_, value)| value);
        let next = ordinals.get(split).map(|&(_, value)| value);
        let counts_on = matches!((before, next), (Some(before), Some(next)) if next > 1 && next > before);
        let signed = rows[row.saturating_sub(3).max(current + 1)..row].iter().any(|row| is_date(&row.text));
        let restarts = before.is_some() && next == Some(1);
        let unnumbered = before.is_none() && next.is_none_or(|next| next == 1);
        let last = before.is_some() && next.is_none();
        let body = sentences(rows, current + 1..row);
        let follows = sentences(rows, row + 1..range.end);
        let plain = (unnumbered || last) && body >= 2 && follows >= 2 && !rows[row].indented && shape(&rows[current]) == Shape::Named;
        // The same title again is a running head, unless the numbering begins again below it: speeches at one meeting.
        let again = key(text) == key(&rows[current].text);
        if body >= 1 && follows >= 1 && !counts_on && (restarts || !again && (signed || plain)) {
            starts.push(row);
        }
    }
    // Text before the first title makes a report of its own only when it is one.
    if let Some(&first) = starts.first().filter(|&&first| first > range.start && !titled) {
        let ends_before = ordinals.iter().any(|&(at, _)| at < first) || sentences(rows, range.start..first) >= 3;
        if starts.len() == 1 && !ends_before {
            return Vec::new();
        }
        let heading_before = ordinals.iter().rev().find(|&&(at, _)| at < first).map(|&(_, value)| value);
        let next = ordinals.iter().find(|&&(at, _)| at > first).map(|&(_, value)| value);
        if ends_before && !((heading_before.is_some() || starts.len() > 1) && next == Some(1)) {
            // Neither a restart nor a second report shows that the line is a title and not a line of the text.
            starts.remove(0);
        }
        if ends_before {
            starts.insert(0, range.start);
        }
    }
    starts
}

/// Whether the title belongs to something that the report before it attaches, or sends out: `印发《…办法》的通知`.
fn is_attachment(rows: &[Row<'_>], start: usize, row: usize) -> bool {
    let quoted = format!("《{}》", rows[row].text);
    rows[start..row.min(start + 3)].iter().any(|title| title.text.contains(&quoted))
        || rows[row.saturating_sub(2).max(start)..=row].iter().any(|row| row.text.starts_with("附件") || row.text.starts_with("附表"))
}

/// Rows that hold at least one whole sentence; counts to 3.
fn sentences(rows: &[Row<'_>], range: Range<usize>) -> usize {
    rows[range].iter().take(300).filter(|row| ends_sentence(&row.text) || row.is_longer_than(60)).take(3).count()
}
