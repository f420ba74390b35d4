//! Reads the rows of one report: title, headings, paragraphs, tables.

use std::ops::Range;

use crate::document::account::Account;
use crate::document::join::{self, Layout};
use crate::document::number::{Number, Style};
use crate::document::row::{Row, ends_sentence};
use crate::document::segment::{Segment, segments};
use crate::document::split::Part;
use crate::document::title::{Shape, is_date, is_document_number, label, names_kind, shape};
use crate::document::{
    Block, Document, Elements, FrontMatter, Heading, Join, Lines, Paragraph, ParagraphRole, Role, Table, Title, TitleOrigin,
};
use crate::document::{elements, table, trailer};

/// Reads one part; `index` is its place among the documents, `name` stands in for a title that the text does not have.
pub(super) fn read(rows: &[Row<'_>], part: &Part, index: usize, name: &str, account: &mut Account) -> Document {
    let trailer = trailer::find(rows, part.without.end..part.rows.end);
    for row in trailer.clone() {
        account.claim_row(&rows[row], Some(index), Role::Trailer);
    }
    let body = part.rows.start..trailer.start;
    let title_rows = match part.title_rows {
        Some(count) => body.start..(body.start + count).min(body.end),
        // Above the list of its chapters, or below it.
        None if part.without.start > body.start => title_rows(rows, body.start..part.without.start),
        None => title_rows(rows, part.without.end..body.end),
    };
    let title = title(rows, title_rows.clone(), name);
    for row in title_rows.clone() {
        account.claim_row(&rows[row], Some(index), Role::Title);
    }
    let start = rows.get(part.rows.start).map_or(1, |row| row.line);
    // Nothing may be left of it but the publisher's lines.
    let lines = Lines { start, end: body.clone().next_back().map_or(start, |row| rows[row].line) };
    let layout = Layout::of(&rows[body.clone()]);
    let mut blocks = Vec::new();
    // An official document may have its number and date above the title.
    let mut at = body.start;
    let mut taken = [title_rows, part.without.clone()];
    taken.sort_by_key(|range| (range.start, range.end));
    for range in taken.into_iter().chain(std::iter::once(body.end..body.end)) {
        if at < range.start {
            Builder { rows, layout, index, account, blocks: &mut blocks }.build(at..range.start);
        }
        at = at.max(range.end);
    }
    let mut elements = Elements::default();
    elements::mark(&mut blocks, &mut elements);
    Document { title, lines, blocks: blocks.into(), elements, group: None, front_matter: FrontMatter::default() }
}

/// The rows of the title at the head of a report, possibly none.
fn title_rows(rows: &[Row<'_>], body: Range<usize>) -> Range<usize> {
    let none = body.start..body.start;
    // Above the title may stand the office's red head, the copy's and the document's number, its secrecy and date.
    let above = |text: &str| {
        is_document_number(text)
            || is_date(text)
            || ["文件", "简报", "绝密", "机密", "秘密", "特急", "加急", "平急", "内部资料"].iter().any(|end| text.ends_with(end))
            || text.split_once(['★', '☆']).is_some_and(|(degree, span)| degree.trim_end().ends_with('密') && span.chars().count() <= 6)
            || text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
            || text.starts_with("签发人")
            || text.strip_prefix("附件").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '：' | ':' | ' ')))
            || text.starts_with('第') && text.ends_with('期')
    };
    let headed = body.clone().take(5).take_while(|&row| above(&rows[row].text)).count();
    // `…文件` alone may be a title itself.
    let first = if (1..5).contains(&headed) && body.clone().take(headed).any(|row| !rows[row].text.ends_with("文件")) {
        body.start + headed
    } else {
        body.start
    };
    let Some(row) = rows.get(first).filter(|_| first < body.end) else { return none };
    let next = rows.get(first + 1).filter(|_| first + 1 < body.end);
    let own = shape(row);
    // An untitled text begins with a sentence, and its first line may be cut before the full stop.
    let sentence =
        row.width >= join::FULL && own != Shape::Named && next.is_some_and(|next| !next.indented && !next.gap && next.width >= join::FULL);
    if own == Shape::None || sentence || next.is_none() && own != Shape::Named {
        return none;
    }
    let mut end = first + 1;
    while end < body.end && end - first < 3 && continues_title(rows, first..end, end) {
        end += 1;
    }
    first..end
}

/// Whether `row` belongs to the title above it: a subtitle, or the second half of a long title.
fn continues_title(rows: &[Row<'_>], title: Range<usize>, row: usize) -> bool {
    let next = &rows[row];
    let text = next.text.as_ref();
    let last = rows[title.end - 1].text.as_ref();
    if next.is_longer_than(45) || ends_sentence(text) || next.gap && !text.starts_with('—') {
        return false;
    }
    if text.starts_with("——") || text.starts_with("—") && text.len() > 6 {
        return true;
    }
    if shape(next) == Shape::None || text.starts_with(['（', '(']) || label(text).is_some() {
        return false;
    }
    // The heading of the first section, an author and an office also stand under a title: only an unfinished title goes on.
    let unfinished = !names_kind(last) || last.ends_with(['的', '和', '与', '及', '、']);
    // `…人民政府` above `关于…的报告`.
    let by_office = text.starts_with("关于") && elements::ends_like_office(last);
    let begun = by_office
        || last.starts_with("关于")
        || last.starts_with("在")
        || last.ends_with(['的', '和', '与', '及', '、'])
        || rows[title.start].width >= 30;
    unfinished && (names_kind(text) && begun || last.ends_with(['的', '和', '与', '及', '、']))
}

fn title(rows: &[Row<'_>], title: Range<usize>, name: &str) -> Title {
    let mut text = String::new();
    for row in title.clone() {
        text.push_str(join::joiner(&text, &rows[row].text));
        text.push_str(rows[row].text.trim());
    }
    if title.is_empty() || text.is_empty() {
        let name = if name.trim().is_empty() { "（无题）" } else { name };
        return Title { text: name.to_owned(), from: TitleOrigin::FileName };
    }
    Title { text, from: TitleOrigin::Body(Lines { start: rows[title.start].line, end: rows[title.end - 1].line }) }
}

/// Builds blocks from rows.
struct Builder<'r, 'a, 'o> {
    rows: &'r [Row<'a>],
    layout: Layout,
    index: usize,
    account: &'o mut Account,
    blocks: &'o mut Vec<Block>,
}

impl Builder<'_, '_, '_> {
    fn build(&mut self, range: Range<usize>) {
        let tables = table::tables(self.rows, range.clone());
        let is_text = |row: &usize| !tables.iter().any(|table| table.contains(row));
        let text: Vec<usize> = range.filter(is_text).collect();
        let segments = segments(self.rows, &text, self.layout);
        let mut tables = tables.into_iter().peekable();
        let mut at = 0;
        while at < segments.len() {
            while let Some(table) = tables.next_if(|table| table.start < segments[at].row) {
                self.table(table);
            }
            at = match segments[at].heading {
                Some(number) => self.heading(&segments, at, number),
                None => self.paragraph(&segments, at),
            };
        }
        tables.for_each(|table| self.table(table));
    }

    fn table(&mut self, range: Range<usize>) {
        let filled = self.rows[range.clone()].iter().filter(|row| !table::is_rule(&row.text));
        let rows: Vec<Vec<String>> = filled.map(|row| table::cells(&row.text)).collect();
        let figures = |row: &[String]| row.iter().any(|cell| cell.starts_with(|c: char| c.is_ascii_digit()));
        let header_rows = usize::from(rows.len() > 1 && !figures(&rows[0]) && rows[1..].iter().any(|row| figures(row)));
        for row in range.clone() {
            self.account.claim_row(&self.rows[row], Some(self.index), Role::Table);
        }
        let lines = Lines { start: self.rows[range.start].line, end: self.rows[range.end - 1].line };
        self.blocks.push(Block::Table(Table { rows, header_rows, lines }));
    }

    fn slice(&self, segment: &Segment) -> &str {
        &self.rows[segment.row].text[segment.range.clone()]
    }

    /// A heading, with all rows that it takes; returns the segment after it.
    fn heading(&mut self, segments: &[Segment], at: usize, number: Number) -> usize {
        let own = &segments[at];
        let mut text = String::new();
        for row in own.first_row()..own.row {
            let part = self.rows[row].text.trim();
            text.push_str(join::joiner(&text, part));
            text.push_str(part);
            self.account.claim_row(&self.rows[row], Some(self.index), Role::Heading);
        }
        let part = self.slice(own).trim();
        // The line's end stood for the space behind `第一章`.
        let chapter = number.style <= Style::Section && text.len() == number.length;
        text.push_str(if chapter { " " } else { join::joiner(&text, part) });
        text.push_str(part);
        self.claim(own, Role::Heading);
        let lines = Lines { start: self.rows[own.first_row()].line, end: self.rows[own.row].line };
        self.blocks.push(Block::Heading(Heading { depth: depth(number.style), text, lines }));
        at + 1
    }

    /// A paragraph with all lines that go on with it; returns the segment after it.
    fn paragraph(&mut self, segments: &[Segment], at: usize) -> usize {
        let first = segments[at].clone();
        let mut text = self.slice(&first).trim().to_owned();
        let mut joins = Vec::new();
        let mut end = at + 1;
        self.claim(&first, Role::Paragraph);
        while let Some(next) = segments.get(end).filter(|next| self.goes_on(&segments[end - 1], next)).cloned() {
            let more = self.slice(&next).trim();
            let space = join::joiner(&text, more);
            let more = more.to_owned();
            text.push_str(space);
            joins.push(Join { at: text.len() as u32, line: self.rows[next.row].line });
            text.push_str(&more);
            self.claim(&next, Role::Paragraph);
            end += 1;
        }
        if text.is_empty() {
            return end;
        }
        let lines = Lines { start: self.rows[first.row].line, end: self.rows[segments[end - 1].row].line };
        let whole = first.range == (0..self.rows[first.row].text.len());
        let single = joins.is_empty() && whole;
        let role = if single && self.stands_apart(first.row) { ParagraphRole::Line } else { ParagraphRole::Body };
        self.blocks.push(Block::Paragraph(Paragraph { text, lines, joins, role }));
        end
    }

    fn goes_on(&self, before: &Segment, next: &Segment) -> bool {
        let starts = next.heading.is_none() && next.range.start == 0 && next.row == before.row + 1;
        let ended = before.range.end == self.rows[before.row].text.len();
        starts && ended && self.layout.goes_on(&self.rows[before.row], &self.rows[next.row])
    }

    /// A short line that is no sentence, or a line of verse: its neighbours are short lines too.
    fn stands_apart(&self, row: usize) -> bool {
        let own = &self.rows[row];
        if own.width >= join::FULL || self.layout.wraps() && ends_sentence(&own.text) {
            return false;
        }
        let verse = |row: &Row<'_>| row.width <= 40 && row.text.ends_with(['，', '；', '。', '！', '？']);
        let neighbours = [row.checked_sub(1), Some(row + 1)];
        let among_verse =
            neighbours.into_iter().flatten().filter_map(|row| self.rows.get(row)).any(|other| {
                verse(other) && other.width.abs_diff(own.width) <= 2 && (other.text.ends_with('，') || own.text.ends_with('，'))
            });
        !ends_sentence(&own.text) && !own.text.ends_with(['：', ':']) || verse(own) && among_verse
    }

    fn claim(&mut self, segment: &Segment, role: Role) {
        let row = &self.rows[segment.row];
        let mut range = segment.range.clone();
        // The full stop between a heading and its text belongs to the heading.
        if role == Role::Heading {
            let rest = row.text[range.end..].trim_start_matches(['。', '：', ':']);
            range.end = row.text.len() - rest.len();
        }
        self.account.claim_text(row, range, Some(self.index), role);
    }
}

/// By GB/T 9704-2012, section 7.3.3, whatever levels are skipped; chapters and their sections stand above.
fn depth(style: Style) -> u8 {
    match style {
        Style::Chapter | Style::Han => 1,
        Style::Section | Style::HanInBrackets => 2,
        Style::Arabic => 3,
        Style::ArabicInBrackets => 4,
    }
}
