//! A source line as the later steps see it: trimmed, measured, with what does not belong to it set aside.

use std::borrow::Cow;

use crate::source::{SourceText, Span};

/// A line with text. Blank lines leave only a [`Row::gap`] on the next one.
#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    /// From 1.
    pub line: u32,
    /// In the source, without white space at either end.
    pub span: Span,
    /// The line's text, trimmed, without `drops`.
    pub text: Cow<'a, str>,
    /// What stands inside the line and does not belong to it, in the source.
    pub drops: Vec<Span>,
    /// It begins with white space, as the first line of a paragraph does.
    pub indented: bool,
    /// A blank line stands before it.
    pub gap: bool,
    /// A page ended before it: a page number, a running head or a form feed stood there.
    pub page_break: bool,
    /// In half characters: a Han character counts 2. With the indent.
    pub width: usize,
}

impl Row<'_> {
    /// Where in the source the byte `at` of `text` stands.
    pub fn source_at(&self, at: usize) -> usize {
        let mut source = self.span.start as usize + at;
        for drop in &self.drops {
            if (drop.start as usize) <= source {
                source += (drop.end - drop.start) as usize;
            }
        }
        source
    }

    /// Characters, for limits; counts at most to `limit`.
    pub fn is_longer_than(&self, limit: usize) -> bool {
        self.text.len() > limit && self.text.chars().nth(limit).is_some()
    }
}

/// Characters that no reader sees: marks of direction and order, joiners, stray controls.
pub(super) fn is_noise(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}' | '\u{ad}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}')
        || c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}')
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_noise(c)
}

/// All lines with text.
pub(super) fn rows(source: &SourceText) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    let mut gap = false;
    let mut page_break = false;
    for (line, span, raw) in source.lines() {
        let tail = raw.trim_start_matches(is_blank);
        page_break |= raw.len() > tail.len() && raw[..raw.len() - tail.len()].contains('\u{c}');
        let content = tail.trim_end_matches(is_blank);
        if content.is_empty() {
            gap = true;
            continue;
        }
        let start = span.start as usize + raw.len() - tail.len();
        let indent = measure(&raw[..raw.len() - tail.len()]).0;
        let (width, suspicious) = measure(content);
        let drops = if suspicious { residue(content, start) } else { Vec::new() };
        rows.push(Row {
            line,
            span: Span::new(start, start + content.len()),
            text: without(content, start, &drops),
            drops,
            indented: indent > 1,
            gap,
            page_break,
            width: indent + width,
        });
        gap = false;
        page_break = tail.len() > content.len() && tail[content.len()..].contains('\u{c}');
    }
    rows
}

/// The width in half characters, and whether something may have to be dropped.
fn measure(text: &str) -> (usize, bool) {
    let mut width = 0;
    let mut suspicious = false;
    for c in text.chars() {
        match c {
            '#' | '&' | '<' | '联' => suspicious = true,
            '\t' => width += 3,
            _ if is_noise(c) => {
                suspicious = true;
                continue;
            }
            _ => {}
        }
        // Curly quotes, dashes and the like are set full width in Chinese text; they lie above Latin Extended-B.
        width += if c < '\u{250}' { 1 } else { 2 };
    }
    (width, suspicious)
}

/// What extraction and web pages leave inside lines: `##paidbegin##`, `&nbsp;`, `<br>`, advertised numbers.
fn residue(content: &str, start: usize) -> Vec<Span> {
    let mut drops: Vec<Span> = Vec::new();
    let mut at = 0;
    while at < content.len() {
        let rest = &content[at..];
        let length = residue_at(rest);
        if length > 0 {
            match drops.last_mut() {
                Some(last) if last.end as usize == start + at => last.end += length as u32,
                _ => drops.push(Span::new(start + at, start + at + length)),
            }
            at += length;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    drops
}

/// How many bytes at the start of `rest` are residue.
fn residue_at(rest: &str) -> usize {
    let first = rest.chars().next().unwrap_or(' ');
    match first {
        _ if is_noise(first) => first.len_utf8(),
        '#' => rest
            .strip_prefix("##")
            .and_then(|inner| {
                let name = inner.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
                (name > 0 && inner[name..].starts_with("##")).then_some(name + 4)
            })
            .unwrap_or(0),
        '&' => ["&nbsp;", "&emsp;", "&ensp;"].iter().find(|entity| rest.starts_with(**entity)).map_or(0, |entity| entity.len()),
        '<' => ["<br>", "<br/>", "<br />", "<p>", "</p>"].iter().find(|tag| rest.starts_with(**tag)).map_or(0, |tag| tag.len()),
        // `联系` straight before a run of digits and a comma is an advertiser's number dropped into a sentence;
        // contact lines write `联系电话：`.
        '联' => rest
            .strip_prefix("联系")
            .and_then(|inner| {
                let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
                ((7..=12).contains(&digits) && inner[digits..].starts_with('，')).then_some("联系".len() + digits + "，".len())
            })
            .unwrap_or(0),
        _ => 0,
    }
}

fn without<'a>(content: &'a str, start: usize, drops: &[Span]) -> Cow<'a, str> {
    if drops.is_empty() {
        return Cow::Borrowed(content);
    }
    let mut kept = String::with_capacity(content.len());
    let mut at = 0;
    for drop in drops {
        kept.push_str(&content[at..drop.start as usize - start]);
        at = drop.end as usize - start;
    }
    kept.push_str(&content[at..]);
    Cow::Owned(kept)
}

/// Whether a sentence ends here: `。`, `！`, `？`, `…`, also inside closing quotes and brackets.
pub(super) fn ends_sentence(text: &str) -> bool {
    let core = text.trim_end_matches(['”', '’', '）', ')', '》', '」', '』', '"', ' ']);
    match core.chars().next_back() {
        Some('。' | '！' | '？' | '!' | '?' | '…') => true,
        // A Latin full stop, but not that of `1.` or `No.`
        Some('.') => core.len() > 20 && core.as_bytes()[core.len() - 2].is_ascii_lowercase(),
        _ => false,
    }
}
