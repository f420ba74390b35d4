//! Decides whether a line goes on with the paragraph of the line before.

use crate::document::number::number;
use crate::document::row::{Row, ends_sentence};
use crate::document::title::{is_date, is_lead, label};

/// How the lines of one report were set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// Every line is broken at this width, in half characters. `None`: paragraphs are long lines, broken only here and there.
    wrap: Option<usize>,
    /// Paragraphs begin with white space, or a blank line parts them: a line that does neither goes on.
    marked: bool,
}

/// A line this long was cut by a page and not by its author: GB/T 9704 sets 28 characters to the line, less the indent.
pub(super) const FULL: usize = 50;

impl Layout {
    pub fn of(rows: &[Row<'_>]) -> Self {
        let widest = rows.iter().map(|row| row.width).max().unwrap_or(0);
        // Chinese punctuation may hang over or move to the next line.
        let full = || rows.iter().filter(|row| row.width + 5 > widest);
        // Lines that are broken end in mid-sentence, nearly all of them; lines that happen to be alike do not.
        let broken = full().filter(|row| !ends_sentence(&row.text)).count();
        let full = full().count();
        let wraps = rows.len() >= 6 && (24..=130).contains(&widest) && full * 5 >= rows.len() * 2 && broken * 2 >= full;
        let indented = rows.iter().filter(|row| row.indented).count();
        let plain = rows.iter().filter(|row| !row.indented).count();
        let indents = indented >= 2 && (wraps || indented * 4 > plain);
        // After the last line of a paragraph, which is seldom full, nearly always a blank line.
        let (ended, parted) = rows
            .windows(2)
            .filter(|pair| pair[0].width + 5 <= widest)
            .fold((0, 0), |(ended, parted), pair| (ended + 1, parted + usize::from(pair[1].gap)));
        let blanks = ended >= 3 && parted * 5 >= ended * 4;
        Self { wrap: wraps.then_some(widest), marked: indents || blanks }
    }

    /// Whether `row` goes on with the paragraph that `before` ends.
    pub fn goes_on(self, before: &Row<'_>, row: &Row<'_>) -> bool {
        if begins_something(&row.text) || label(&before.text).is_some() && before.width < FULL || is_date(&before.text) {
            return false;
        }
        let open = !ends_sentence(&before.text) && !before.text.ends_with(['：', ':']);
        if row.gap && !row.page_break {
            return open && !row.indented && before.width >= FULL && before.text.ends_with(['，', '、']) && number(&row.text).is_none();
        }
        let numbered = number(&row.text).is_some();
        if row.indented {
            return open && !numbered && !is_lead(&row.text) && self.is_full(before, row) && cannot_end(&before.text, &row.text);
        }
        match self.wrap {
            Some(_) if self.is_full(before, row) => {
                let closed = ends_sentence(&before.text) || before.text.ends_with(['；', '：', ':']);
                if closed { self.marked && !numbered && !is_lead(&row.text) } else { !numbered || cannot_end(&before.text, &row.text) }
            }
            // Latin letters and figures are narrower than half a Han character: such lines seem short.
            Some(wrap) if self.marked && open && !numbered && before.width * 5 >= wrap * 4 => !is_lead(&row.text),
            Some(_) => open && row.page_break && cannot_end(&before.text, &row.text),
            None => {
                let items = before.text.ends_with('；') && (numbered || is_lead(&row.text));
                open && before.width >= FULL && !items && (!numbered || cannot_end(&before.text, &row.text))
            }
        }
    }

    /// The line has no room for what the next one begins with.
    pub fn is_full(self, before: &Row<'_>, row: &Row<'_>) -> bool {
        match self.wrap {
            Some(wrap) => before.width + first_word(&row.text) > wrap.saturating_sub(4),
            None => before.width >= FULL,
        }
    }

    pub fn wraps(self) -> bool {
        self.wrap.is_some()
    }
}

/// Half characters that cannot be parted from the start of the text: a Latin word or number, a Han character with its
/// closing punctuation.
fn first_word(text: &str) -> usize {
    let latin = text.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '%' | '-')).take(20).count();
    if latin > 0 {
        return latin;
    }
    2 + 2 * text
        .chars()
        .skip(1)
        .take_while(|c| matches!(c, '，' | '。' | '、' | '；' | '：' | '”' | '）' | '》' | '！' | '？'))
        .take(3)
        .count()
}

/// A sentence and a heading never end like this.
pub(super) fn cannot_end(before: &str, next: &str) -> bool {
    let unit = before.ends_with(|c: char| c.is_ascii_digit())
        && next.starts_with(['亿', '万', '个', '名', '人', '元', '％', '%', '年', '月', '日', '项', '家']);
    let opened = before.rfind(['（', '《', '“']).is_some_and(|open| !before[open..].contains(['）', '》', '”']));
    unit || opened || before.ends_with(['，', '、', '和', '与', '及', '的', '（', '《', '“'])
}

/// A bullet, a label, a date, a rule: the line stands on its own.
fn begins_something(text: &str) -> bool {
    let mut chars = text.chars();
    let bullet = match chars.next() {
        Some('●' | '■' | '◆' | '★' | '▲' | '○' | '□' | '※' | '☆' | '◇' | '➤' | '✓' | '√' | '①'..='⑳') => true,
        Some('-' | '*' | '•' | '·') => chars.next() == Some(' '),
        _ => false,
    };
    bullet || text.len() < 200 && (is_date(text) || label(text).is_some())
}

/// What stands between two joined lines: nothing between Han characters, a space between Latin words.
pub(super) fn joiner(before: &str, next: &str) -> &'static str {
    let (Some(last), Some(first)) = (before.chars().next_back(), next.chars().next()) else { return "" };
    let word = |c: char| c.is_alphabetic() && c < '\u{250}';
    let closes = matches!(last, ',' | '.' | ';' | ':' | ')' | '!' | '?') || word(last) || last.is_ascii_digit();
    if closes && (word(first) || first == '(' && word(last)) && !(last.is_ascii_digit() && first.is_ascii_digit()) { " " } else { "" }
}
