//! Tells numbered headings from numbered sentences and list items.
//!
//! One line alone leaves it open: `2.完善制度。` may be either. So the numbers that count on under one heading are
//! decided together: all of them are headings, or none is.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::join::{FULL, Layout, cannot_end, joiner};
use crate::document::number::{Number, Style, number};
use crate::document::row::{Row, ends_sentence};
use crate::document::title::{is_date, is_lead, label};

/// A line that begins with a number, over all the rows that it takes.
#[derive(Debug)]
pub(super) struct Numbered<'r> {
    /// Indexes into the rows.
    pub rows: Range<usize>,
    pub number: Number,
    /// Of all its rows.
    text: Cow<'r, str>,
    /// Where each row but the first begins in `text`.
    joins: Vec<usize>,
    form: Form,
    /// Text or a deeper number stands beneath it.
    body: Beneath,
}

/// What the line looks like by itself; the bytes of its text that would be the heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A line without a full stop.
    Bare(usize),
    /// A short sentence, with text behind it.
    RunIn(usize),
    /// A short sentence and nothing else.
    Sentence(usize),
    /// A long sentence, or one that begins with a figure.
    Long,
    /// One of a list: `；` ends it, or it breaks off.
    Item,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beneath {
    Nothing,
    Text,
    Numbers,
}

/// A heading: its rows, and where it ends in the last of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub rows: Range<usize>,
    pub end: usize,
    pub number: Number,
}

/// A longer first sentence is no heading, whatever its siblings are.
const LONGEST_AMONG_HEADINGS: usize = 80;

/// The numbered headings among `part`, in order.
pub(super) fn headings(rows: &[Row<'_>], part: &[usize], layout: Layout) -> Vec<Found> {
    let lines = numbered(rows, part, layout);
    let mut found: Vec<Found> = Vec::new();
    for run in runs(&lines) {
        let members: Vec<&Numbered<'_>> = run.iter().map(|&index| &lines[index]).collect();
        if are_headings(&members) {
            found.extend(members.into_iter().filter_map(|line| line.heading(rows, run.len() > 1)));
        }
    }
    found.sort_by_key(|heading| heading.rows.start);
    found
}

impl Numbered<'_> {
    /// The line as a heading; `None` where it holds nothing short enough to be one.
    fn heading(&self, rows: &[Row<'_>], among_others: bool) -> Option<Found> {
        let end = match self.form {
            Form::Bare(end) | Form::RunIn(end) | Form::Sentence(end) => end,
            Form::Long if among_others => {
                let body = &self.text[self.number.length..];
                let stop = body.char_indices().take(LONGEST_AMONG_HEADINGS + 1).find(|&(_, c)| matches!(c, '。' | '！' | '？' | '；'));
                match stop {
                    Some((_, '；')) => return None,
                    Some((at, _)) => self.number.length + at,
                    None if body.chars().nth(LONGEST_AMONG_HEADINGS).is_some() => return None,
                    None => self.text.len(),
                }
            }
            Form::Long | Form::Item => return None,
        };
        // The last row that begins before the end.
        let row = self.joins.partition_point(|&join| join < end);
        let begin = if row == 0 { 0 } else { self.joins[row - 1] };
        let last = self.rows.start + row;
        Some(Found { rows: self.rows.start..last + 1, end: (end - begin).min(rows[last].text.len()), number: self.number })
    }
}

/// All numbered lines of `part`, each judged by itself.
fn numbered<'r>(rows: &'r [Row<'_>], part: &[usize], layout: Layout) -> Vec<Numbered<'r>> {
    let mut lines: Vec<Numbered<'r>> = Vec::new();
    let mut attached = None;
    for (at, &row) in part.iter().enumerate() {
        attached = attachment(&rows[row].text, attached);
        let before = at.checked_sub(1).map(|before| part[before]).filter(|before| before + 1 == row);
        let inside =
            lines.last().is_some_and(|line| line.rows.contains(&row)) || before.is_some_and(|before| goes_on(&rows[before], &rows[row]));
        if inside || attached.is_some() || is_lead(&rows[row].text) {
            continue;
        }
        let neighbours = part[at..].iter().zip(row..).take_while(|&(&own, expected)| own == expected).count();
        let mut line = match number(&rows[row].text) {
            Some(number) => {
                let extent = extent(rows, row..row + neighbours, layout);
                let (text, joins) = joined(rows, extent.clone());
                Numbered { rows: extent, number, form: form(&text, number), text, joins, body: Beneath::Nothing }
            }
            None => match lone(rows, row..row + neighbours) {
                Some(line) => line,
                None => continue,
            },
        };
        line.body = if line.rows.end < row + neighbours { Beneath::Text } else { Beneath::Nothing };
        if let Some(above) = lines.last_mut().filter(|above| above.rows.end == row) {
            above.body = if line.number.style > above.number.style { Beneath::Numbers } else { Beneath::Nothing };
        }
        lines.push(line);
    }
    lines
}

/// The rows over which the numbered line at the head of `rows[range]` goes on.
fn extent(rows: &[Row<'_>], range: Range<usize>, layout: Layout) -> Range<usize> {
    let row = range.start;
    let mut end = row + 1;
    if layout.wraps() {
        // Enough to see whether a first sentence is short.
        while end < range.end && end - row < 5 && layout.goes_on(&rows[end - 1], &rows[end]) {
            end += 1;
        }
    } else if end < range.end && completes(rows, row, range.end, layout) {
        end += 1;
    }
    row..end
}

/// Among long lines, a heading that filled its line goes on in the next one: a short line without a full stop.
fn completes(rows: &[Row<'_>], row: usize, end: usize, layout: Layout) -> bool {
    let (own, next) = (&rows[row], &rows[row + 1]);
    let after = rows.get(row + 2).filter(|_| row + 2 < end);
    own.width >= FULL
        && !own.text.contains(['。', '！', '？', '；'])
        && !next.indented
        && !next.gap
        && next.width + 12 < own.width
        && !ends_sentence(&next.text)
        && !next.text.ends_with(['，', '、', '：', '；'])
        && number(&next.text).is_none()
        && !is_lead(&next.text)
        && label(&next.text).is_none()
        && !is_date(&next.text)
        && after.is_none_or(|after| number(&after.text).is_some() || !layout.goes_on(next, after))
}

/// A number that stands alone in its row, above its heading.
fn lone<'r>(rows: &'r [Row<'_>], range: Range<usize>) -> Option<Numbered<'r>> {
    let row = range.start;
    if rows[row].width > 16 || range.len() < 2 || rows[row + 1].width > FULL || ends_sentence(&rows[row + 1].text) {
        return None;
    }
    if number(&rows[row + 1].text).is_some() || rows[row].text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // `第一章` parts its name by white space, and a row's end is as good.
    let text = format!("{} {}", rows[row].text, rows[row + 1].text);
    let own = number(&text).filter(|own| own.length > rows[row].text.len())?;
    let joined = format!("{}{}{}", rows[row].text, joiner(&rows[row].text, &rows[row + 1].text), rows[row + 1].text);
    let length = joined.len() - rows[row + 1].text.len();
    let number = Number { length, ..own };
    Some(Numbered {
        rows: row..row + 2,
        number,
        form: form(&joined, number),
        text: joined.into(),
        joins: vec![length],
        body: Beneath::Nothing,
    })
}

/// The text of these rows, and where each but the first begins in it.
fn joined<'r>(rows: &'r [Row<'_>], range: Range<usize>) -> (Cow<'r, str>, Vec<usize>) {
    let mut text = Cow::Borrowed(rows[range.start].text.as_ref());
    let mut joins = Vec::new();
    for row in &rows[range.start + 1..range.end] {
        let whole = text.to_mut();
        whole.push_str(joiner(whole, &row.text));
        joins.push(whole.len());
        whole.push_str(&row.text);
    }
    (text, joins)
}

/// The number of the attachment or note that this row lists: `附件：1.…` begins such a list, rows that count on continue it.
fn attachment(text: &str, before: Option<u32>) -> Option<u32> {
    let opening = ["附件", "附", "注", "备注", "说明"].iter().find_map(|word| text.strip_prefix(word)?.strip_prefix(['：', ':']));
    let own = number(opening.unwrap_or(text).trim_start()).filter(|own| own.style == Style::Arabic)?.value;
    (opening.is_some() || before.is_some_and(|before| own == before + 1)).then_some(own)
}

/// The row before breaks off in mid-sentence at the end of a full line, so this row begins nothing.
fn goes_on(before: &Row<'_>, row: &Row<'_>) -> bool {
    !row.indented && !row.gap && before.width >= FULL && !ends_sentence(&before.text) && cannot_end(&before.text, &row.text)
}

/// What a line that begins with `number` looks like.
fn form(text: &str, number: Number) -> Form {
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
    let Some((at, stop)) = stop else {
        return match () {
            () if body.chars().nth(longest).is_some() => Form::Long,
            () if body.ends_with(['，', '、', ',']) => Form::Item,
            () => Form::Bare(text.trim_end_matches(['：', ':']).len()),
        };
    };
    if matches!(stop, '；' | ';') {
        return Form::Item;
    }
    let lead = &body[..at];
    // A question keeps its mark.
    let end = number.length + at + if stop == '。' { 0 } else { stop.len_utf8() };
    let whole = skip_stop(text, end) >= text.len();
    let count = lead.chars().count();
    let commas = lead.matches('，').count();
    let sentence = commas > 2 || lead.contains('“') && commas > 1;
    let figures = number.style >= Style::Arabic && lead.starts_with(|c: char| c.is_ascii_digit());
    match whole {
        _ if chapter || count == 0 || figures => Form::Long,
        true if sentence || count > longest_sentence => Form::Long,
        true => Form::Sentence(end),
        false => Form::RunIn(end),
    }
}

/// Where a heading alone in its line ends; `None` for a sentence or a list item.
pub(super) fn end_of_heading(text: &str, number: Number) -> Option<usize> {
    match form(text, number) {
        Form::Bare(end) | Form::RunIn(end) | Form::Sentence(end) => Some(end),
        Form::Long | Form::Item => None,
    }
}

/// Past the full stop that closes a run-in heading, and white space.
pub(super) fn skip_stop(text: &str, at: usize) -> usize {
    let rest = text[at..].trim_start_matches(['。', '：', ':']).trim_start();
    text.len() - rest.len()
}

/// Indexes of the lines that count on under one heading.
fn runs(lines: &[Numbered<'_>]) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    // For each form of number the latest run, and whether an outer number has closed it.
    let mut latest: [Option<(usize, bool)>; 6] = [None; 6];
    for (index, line) in lines.iter().enumerate() {
        let style = line.number.style as usize;
        let value = line.number.value;
        let last = |run: usize| lines[runs[run][runs[run].len() - 1]].number.value;
        // Numbers that count on past an outer one, `（一）1. 2.（二）3. 4.`, are one run as well.
        let own = latest[style].filter(|&(run, closed)| value > 1 && (!closed || value == last(run) + 1)).map(|(run, _)| run);
        let own = own.unwrap_or_else(|| {
            runs.push(Vec::new());
            runs.len() - 1
        });
        runs[own].push(index);
        latest[style] = Some((own, false));
        for inner in latest[style + 1..].iter_mut().flatten() {
            inner.1 = true;
        }
    }
    runs
}

/// Whether the lines of a run are headings: more of them look like one than like a sentence or an item of a list.
fn are_headings(run: &[&Numbered<'_>]) -> bool {
    if let [only] = run {
        // `2.…。` with nothing before it and nothing below is the rest of a list.
        let remnant = matches!(only.form, Form::Sentence(_)) && only.number.value > 1 && only.body == Beneath::Nothing;
        return !remnant && !matches!(only.form, Form::Long | Form::Item);
    }
    let (mut headings, mut text) = (0, 0);
    for (at, line) in run.iter().enumerate() {
        let last = at + 1 == run.len();
        match (line.form, line.body) {
            (Form::RunIn(_), _) | (Form::Bare(_), Beneath::Text | Beneath::Numbers) | (Form::Sentence(_), Beneath::Numbers) => {
                headings += 1
            }
            // Below the last of a list the text goes on.
            (Form::Sentence(_), Beneath::Text) if !last => headings += 1,
            (Form::Bare(_), Beneath::Nothing) => {}
            (Form::Sentence(_) | Form::Long | Form::Item, _) => text += 1,
        }
    }
    headings >= text
}
