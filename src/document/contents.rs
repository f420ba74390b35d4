//! Finds the contents list (目录) of a compilation and reads its entries.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::number::{Style, number};
use crate::document::row::{Row, ends_sentence};
use crate::document::title::{self, first_of_key, is_collection, key, shape};

/// A contents list as it stands in the source.
#[derive(Debug)]
pub(super) struct Contents {
    /// From the heading 目录 to the last entry, in the rows.
    pub rows: Range<usize>,
    pub lines: Vec<Line>,
}

/// One row of it, or two or three that a long title takes.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub title: String,
    pub page: Option<u32>,
    /// Number of its first source line.
    pub line: u32,
    /// A heading over entries: `一、省级`.
    pub group: bool,
}

/// How far into a file a contents list may begin, in rows: after a cover and a preface.
const HEAD: usize = 200;

/// The contents list of these rows, if they have one.
pub(super) fn find(rows: &[Row<'_>]) -> Option<Contents> {
    let head = &rows[..rows.len().min(HEAD)];
    let start = match head.iter().position(|row| is_contents_heading(&row.text)) {
        Some(heading) => heading,
        None => unheaded(rows).or_else(|| repeated(rows))?,
    };
    let first = if is_contents_heading(&rows[start].text) { start + 1 } else { start };
    let end = end(rows, first);
    if end <= first {
        return None;
    }
    let lines = lines(&rows[first..end], &rows[end..]);
    (!lines.is_empty()).then_some(Contents { rows: start..end, lines })
}

fn is_contents_heading(text: &str) -> bool {
    if text.len() > 40 {
        return false;
    }
    let bare: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    matches!(bare.as_str(), "目录" | "目次" | "目錄" | "总目录" | "总目" | "篇目" | "contents" | "tableofcontents" | "目录contents")
}

/// Where a list without the word 目录 begins: four lines that end in page numbers, with at most groups between them.
fn unheaded(rows: &[Row<'_>]) -> Option<usize> {
    let mut start = None;
    let mut paged = 0;
    for (index, row) in rows.iter().take(HEAD).enumerate() {
        match entry(&row.text) {
            (_, Some(_), true) => {
                paged += 1;
                start.get_or_insert(index);
                if paged >= 4 {
                    return start;
                }
            }
            _ if start.is_some() && !row.is_longer_than(20) && number(&row.text).is_some() => {}
            _ => (start, paged) = (None, 0),
        }
    }
    None
}

/// Where a list with neither the word 目录 nor pages begins: three lines or more at the head that come back further on, in
/// the same order and each above a text of its own.
fn repeated(rows: &[Row<'_>]) -> Option<usize> {
    let head = &rows[..rows.len().min(HEAD)];
    let is_entry = |row: &Row<'_>| !row.is_longer_than(60) && !ends_sentence(&row.text) && !row.text.ends_with(['，', '；', '：']);
    // Where each line of the head stands last.
    let wanted: FxHashSet<String> =
        head.iter().filter(|row| is_entry(row)).map(|row| key(&row.text)).filter(|key| key.chars().count() >= 6).collect();
    let firsts: FxHashSet<char> = wanted.iter().filter_map(|key| key.chars().next()).collect();
    let mut last: FxHashMap<String, usize> = FxHashMap::default();
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| is_entry(row)) {
        if first_of_key(&row.text).is_some_and(|first| firsts.contains(&first)) {
            let own = key(&row.text);
            if wanted.contains(&own) {
                last.insert(own, index);
            }
        }
    }
    let mut start = 0;
    let mut bodies: Vec<usize> = Vec::new();
    for (index, row) in head.iter().enumerate() {
        // Below the list, and behind the text of the entry before.
        let body = last.get(&key(&row.text)).copied().filter(|&body| {
            let follows =
                bodies.last().is_none_or(|&before| body > before && rows[before + 1..body].iter().any(|row| ends_sentence(&row.text)));
            is_entry(row) && body > index && follows
        });
        match body {
            Some(body) => bodies.push(body),
            None if bodies.len() >= 3 && bodies[0] >= index => return Some(start),
            None => (start, bodies) = (index + 1, Vec::new()),
        }
    }
    None
}

/// The first row after the list.
fn end(rows: &[Row<'_>], first: usize) -> usize {
    let mut keys: Vec<String> = Vec::new();
    let mut known = FxHashSet::default();
    let mut last_page = None;
    for (index, row) in rows.iter().enumerate().skip(first) {
        let (text, page, _) = entry(&row.text);
        let own = key(text);
        if page.is_some() {
            last_page = Some(index);
        } else if index > first && (own.chars().count() >= 6 && known.contains(&own) || begins_again(&keys, &own)) {
            return index;
        } else if ends_sentence(&row.text) || row.is_longer_than(80) {
            // The body has begun; its title is the row before, unless the list was still counting pages there.
            return match last_page {
                Some(last) => last + 1,
                None => index.saturating_sub(1).max(first),
            };
        }
        known.insert(own.clone());
        keys.push(own);
    }
    last_page.map_or(first, |last| last + 1)
}

/// The first title stands in one line in the list and over two in the body, or the other way round.
fn begins_again(keys: &[String], own: &str) -> bool {
    if own.chars().count() < 6 || keys.len() < 3 {
        return false;
    }
    (0..keys.len().min(4)).any(|start| {
        let joined: String = keys[start..].iter().take(3).map(String::as_str).collect();
        joined.starts_with(own) || own.starts_with(&keys[start]) && keys[start].chars().count() >= 6 && joined.starts_with(own)
    })
}

/// A row's title, its page, and whether something sets the page apart from the title.
fn entry(text: &str) -> (&str, Option<u32>, bool) {
    const LEADERS: [char; 10] = ['.', '…', '·', '．', '‥', '_', '-', '—', '－', '•'];
    let is_leader = |c: char| LEADERS.contains(&c) || c.is_whitespace();
    let bracketed = text.strip_suffix(['）', ')', '】', ']', '-', '—', '页']).unwrap_or(text).trim_end();
    let digits = bracketed.bytes().rev().take_while(u8::is_ascii_digit).count();
    let bare_leaders = || {
        let title = text.trim_end_matches(is_leader);
        if text.len() - title.len() >= 4 && !title.is_empty() { title } else { text }
    };
    if digits == 0 || digits > 4 {
        return (bare_leaders(), None, false);
    }
    let head = &bracketed[..bracketed.len() - digits];
    let Ok(page) = bracketed[bracketed.len() - digits..].parse() else { return (text, None, false) };
    let opened = head.strip_suffix(['（', '(', '【', '[', '/', 'P', 'p', '-', '—', '第']).unwrap_or(head);
    let title = opened.trim_end_matches(is_leader);
    let set_apart = title.len() < opened.len() || opened.len() < head.len() && bracketed.len() < text.len();
    if title.is_empty() || !set_apart && !title.ends_with(|c: char| c as u32 > 0x2e80) {
        return (text, None, false);
    }
    // `（2023）` closes a title; a page in brackets is smaller.
    if digits == 4 && (!set_apart || bracketed.len() < text.len()) {
        return (text, None, false);
    }
    (title, Some(page), set_apart)
}

/// Reads the rows of the list; `body` decides whether a row without a page begins a wrapped entry or heads a group.
fn lines(rows: &[Row<'_>], body: &[Row<'_>]) -> Vec<Line> {
    let listed: FxHashSet<String> = rows.iter().map(|row| key(entry(&row.text).0)).collect();
    let firsts: FxHashSet<char> = listed.iter().filter_map(|key| key.chars().next()).collect();
    let mut titles: FxHashMap<String, usize> = FxHashMap::default();
    for (index, row) in body.iter().enumerate().filter(|(_, row)| row.width <= 160) {
        if first_of_key(&row.text).is_some_and(|first| firsts.contains(&first)) {
            titles.entry(key(&row.text)).or_insert(index);
        }
    }
    // A group's heading that is repeated in the body stands above the first title of the group.
    let above_title = |at: usize| body.get(at + 1).is_some_and(|next| listed.contains(&key(&next.text)));
    let paged = rows.iter().filter(|row| entry(&row.text).1.is_some()).count() * 2 >= rows.len();
    let mut lines = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let taken = wrapped(&rows[at..], &titles, paged);
        let mut title = String::new();
        let mut page = None;
        for row in &rows[at..at + taken] {
            let (text, its_page, _) = entry(&row.text);
            title.push_str(text.trim());
            page = its_page.or(page);
        }
        let candidate = taken == 1 && page.is_none() && is_group(&title, paged);
        let group = candidate && titles.get(&key(&title)).is_none_or(|&at| above_title(at));
        lines.push(Line { title, page, line: rows[at].line, group });
        at += taken;
    }
    lines
}

/// How many rows the entry at the head of `rows` takes: 1, 2 or 3.
fn wrapped(rows: &[Row<'_>], titles: &FxHashMap<String, usize>, paged: bool) -> usize {
    let (text, page, _) = entry(&rows[0].text);
    if page.is_some() || titles.contains_key(&key(text)) {
        return 1;
    }
    let mut joined = text.trim().to_owned();
    for (more, row) in rows[1..].iter().take(2).enumerate() {
        let (next, page, _) = entry(&row.text);
        joined.push_str(next.trim());
        if titles.contains_key(&key(&joined)) {
            return more + 2;
        }
        if page.is_some() {
            // No body tells; the form has to.
            let first_ends = title::names_kind(text) || is_group(text, paged) || number(next).is_some();
            return if paged && !first_ends && more == 0 { 2 } else { 1 };
        }
    }
    1
}

/// A short line over entries: numbered, or naming a level.
fn is_group(title: &str, paged: bool) -> bool {
    let numbered = number(title).is_some_and(|number| number.style <= Style::HanInBrackets);
    let bare = key(title);
    let length = bare.chars().count();
    let level = ["省级", "市级", "县级", "区级", "乡镇", "部门", "单位", "篇", "类", "部分", "辑", "编", "章", "卷"];
    length <= 16 && (numbered || level.iter().any(|word| bare.ends_with(word)) || paged && length <= 8)
}

/// The compilation's own title among the rows before the list.
pub(super) fn cover_title(rows: &[Row<'_>]) -> Option<String> {
    let first = rows.iter().position(|row| shape(row) != title::Shape::None)?;
    let mut text = rows[first].text.trim().to_owned();
    // A long title takes two rows; it is complete when it says what it is.
    if !is_collection(&text)
        && let Some(next) = rows.get(first + 1).filter(|next| is_collection(&next.text) && shape(next) != title::Shape::None)
    {
        text.push_str(next.text.trim());
    }
    Some(text)
}
