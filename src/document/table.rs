//! Finds tables in the rows of a report.

use std::ops::Range;

use crate::document::row::{Row, ends_sentence};

/// Bars that part the cells of a row, drawn or typed.
const BARS: [char; 5] = ['|', '｜', '│', '┃', '║'];

/// Rows that form a table: three columns or more, or two set apart by tabs or bars, with the same count in each; ruled
/// lines between them belong to it.
pub(super) fn tables(rows: &[Row<'_>], part: Range<usize>) -> Vec<Range<usize>> {
    let mut tables = Vec::new();
    let mut at = part.start;
    while at < part.end {
        let end = end(rows, at, part.end);
        let filled = (at..end).filter(|&row| !is_rule(&rows[row].text)).count();
        if filled >= 2 {
            tables.push(at..end);
        }
        at = end.max(at + 1);
    }
    tables
}

/// The first row after the table that begins at `start`; `start` itself where none does.
fn end(rows: &[Row<'_>], start: usize, limit: usize) -> usize {
    let first = (start..limit).take(2).find(|&row| !is_rule(&rows[row].text));
    let Some(first) = first.filter(|&first| first == start || rows[first].text.contains(BARS)) else { return start };
    let joins = |columns: usize, count: &dyn Fn(&str) -> usize| {
        let rest = (first + 1..limit).take_while(|&row| !rows[row].gap && (count(&rows[row].text) == columns || is_rule(&rows[row].text)));
        first + 1 + rest.count()
    };
    let columns = self::columns(&rows[first].text);
    if columns >= 2 {
        return joins(columns, &self::columns);
    }
    // Single spaces part columns where three rows or more agree and figures stand in them.
    let words = words(&rows[first].text);
    let end = if words >= 3 { joins(words, &self::words) } else { start };
    let figures = |row: &Row<'_>| row.text.split(' ').any(|cell| cell.starts_with(|c: char| c.is_ascii_digit()));
    if end >= first + 3 && rows[first + 1..end].iter().all(figures) { end } else { start }
}

/// A line that is only drawn: `├────┼────┤`, `+----+----+`, `|---|---|`.
pub(super) fn is_rule(text: &str) -> bool {
    text.len() >= 3
        && text.contains(['─', '━', '═', '-', '┼', '╋'])
        && text.chars().all(|c| matches!(c, '\u{2500}'..='\u{257f}' | '+' | '-' | '|' | '=' | ':' | ' '))
        && text.contains(['│', '|', '+', '┬', '┼', '┴', '┌', '└', '├', '┏', '┗', '┠', '┣'])
}

fn words(text: &str) -> usize {
    if text.len() > 200 || text.contains(['，', '。', '；', '：', '、', '“']) {
        return 1;
    }
    text.split(' ').filter(|cell| !cell.is_empty()).count()
}

fn columns(text: &str) -> usize {
    let marked = text.contains('\t') || text.contains(BARS);
    let apart = text.contains("  ") || text.contains('　');
    // A row between bars was written as one, however long its cells are.
    let between_bars = text.starts_with("| ") && text.ends_with(" |");
    if text.len() > 600 && !between_bars || !marked && (!apart || ends_sentence(text)) {
        return 1;
    }
    let count = cells(text).len();
    if count >= 3 || count == 2 && marked { count } else { 1 }
}

/// The cells of a table row.
pub(super) fn cells(text: &str) -> Vec<String> {
    let parts: Vec<&str> = if text.matches(BARS).count() >= 2 {
        text.strip_prefix(BARS).unwrap_or(text).strip_suffix(BARS).unwrap_or(text).split(BARS).collect()
    } else if text.contains('\t') {
        text.split('\t').collect()
    } else {
        // Two spaces or a full-width one part columns; one does where nothing else can.
        let wide = text.replace("  ", "\t").replace('　', "\t");
        let parted = wide.contains('\t');
        let cells = wide.split(|c| c == '\t' || !parted && c == ' ').map(str::trim);
        return cells.filter(|cell| !cell.is_empty()).map(str::to_owned).collect();
    };
    parts.into_iter().map(|cell| cell.trim().to_owned()).collect()
}
