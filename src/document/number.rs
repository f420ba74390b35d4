//! Heading numbers by GB/T 9704-2012: `一、` `（一）` `1.` `（1）`, and those of chapters.

/// The form of a heading's number, from the outermost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Style {
    /// `第一章`, `第一部分`, `第一篇`
    Chapter,
    /// `第一节`
    Section,
    /// `一、`
    Han,
    /// `（一）`
    HanInBrackets,
    /// `1.`
    Arabic,
    /// `（1）`
    ArabicInBrackets,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    pub style: Style,
    pub value: u32,
    /// Bytes it takes at the start of the text, white space behind it included.
    pub length: usize,
}

/// The heading number that `text` begins with. `一是`, `第一，`, `6.2亿` and `一、二、三产业` begin with none.
pub(super) fn number(text: &str) -> Option<Number> {
    let first = text.chars().next()?;
    let (style, value, length) = match first {
        '第' => chapter(text)?,
        '（' | '(' => bracketed(text, first.len_utf8())?,
        '㈠'..='㈩' => (Style::HanInBrackets, first as u32 - '㈠' as u32 + 1, first.len_utf8()),
        '⑴'..='⒇' => (Style::ArabicInBrackets, first as u32 - '⑴' as u32 + 1, first.len_utf8()),
        '⒈'..='⒛' => (Style::Arabic, first as u32 - '⒈' as u32 + 1, first.len_utf8()),
        _ if han_digit(first).is_some() => han(text)?,
        _ if arabic_digit(first).is_some() => arabic(text)?,
        _ => return None,
    };
    let rest = &text[length..];
    let length = length + (rest.len() - rest.trim_start().len());
    // An enumeration, not a number: `一、二、三产业`, `（一）（二）项`.
    let enumerated = match style {
        Style::Han => han(&text[length..]).is_some_and(|(_, next, _)| next == value + 1),
        Style::HanInBrackets | Style::ArabicInBrackets => text[length..].starts_with(['（', '(', '、', '和', '至', '项', '款']),
        _ => false,
    };
    (!enumerated && length < text.len()).then_some(Number { style, value, length })
}

/// `第一章 `: style, value, bytes.
fn chapter(text: &str) -> Option<(Style, u32, usize)> {
    let rest = &text["第".len()..];
    let (value, used) = integer(rest)?;
    let unit = rest[used..].trim_start();
    let space = rest[used..].len() - unit.len();
    let (style, unit_length) = match unit.chars().next()? {
        '章' | '篇' => (Style::Chapter, 3),
        '节' => (Style::Section, 3),
        '部' if unit.starts_with("部分") => (Style::Chapter, 6),
        _ => return None,
    };
    let after = &unit[unit_length..];
    // `第一节课`, `第一部分群众`: a chapter's number stands apart from its name, or alone.
    let separator = after.chars().next()?;
    let separated = separator.is_whitespace() || matches!(separator, '：' | ':' | '、' | '，' | '.' | '．');
    let length = "第".len() + used + space + unit_length;
    separated.then(|| (style, value, length + if separator.is_whitespace() { 0 } else { separator.len_utf8() }))
}

fn bracketed(text: &str, open: usize) -> Option<(Style, u32, usize)> {
    let inner = text[open..].trim_start();
    // 一 is often recognised as a dash.
    let dash = inner.chars().next().filter(|c| matches!(c, '-' | '—' | '－' | '–')).map(|c| (1, c.len_utf8()));
    let (value, used) = dash.or_else(|| integer(inner))?;
    let rest = inner[used..].trim_start();
    let close = rest.chars().next().filter(|c| matches!(c, '）' | ')'))?;
    let length = text.len() - rest.len() + close.len_utf8();
    let han = dash.is_some() || inner.chars().next().is_some_and(|c| han_digit(c).is_some());
    // `（2023）` is a year.
    (value > 0 && value < 100).then_some((if han { Style::HanInBrackets } else { Style::ArabicInBrackets }, value, length))
}

fn han(text: &str) -> Option<(Style, u32, usize)> {
    let (value, used) = integer(text)?;
    if text.chars().next().is_none_or(|c| han_digit(c).is_none()) {
        return None;
    }
    let rest = text[used..].trim_start();
    let separator = rest.chars().next().filter(|c| matches!(c, '、' | '．' | '.'))?;
    (value > 0 && value < 100).then_some((Style::Han, value, text.len() - rest.len() + separator.len_utf8()))
}

fn arabic(text: &str) -> Option<(Style, u32, usize)> {
    let (value, digits) = integer(text)?;
    // `1 .引进人才`: recognition sets stops apart.
    let rest = text[digits..].trim_start();
    let used = text.len() - rest.len();
    let separator = rest.chars().next()?;
    let after = rest[separator.len_utf8()..].chars().next();
    let style = match separator {
        '.' | '．' | '、' if after.is_none_or(|c| arabic_digit(c).is_none()) => Style::Arabic,
        // `1.2021年` numbers a sentence; `1.5亿` is a quantity.
        '.' | '．' | '、' if year_follows(&rest[separator.len_utf8()..]) => Style::Arabic,
        ')' | '）' if used == digits => Style::ArabicInBrackets,
        _ => return None,
    };
    (value > 0 && value < 100).then_some((style, value, used + separator.len_utf8()))
}

fn year_follows(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && text[4..].starts_with('年')
}

/// An integer in Han or Arabic digits at the start, and its bytes.
fn integer(text: &str) -> Option<(u32, usize)> {
    let mut used = 0;
    let (mut value, mut tens, mut seen) = (0u32, false, 0);
    for c in text.chars() {
        match (han_digit(c), arabic_digit(c)) {
            (Some(10), _) if !tens => {
                value = value.max(1) * 10;
                tens = true;
            }
            (Some(digit), _) if digit < 10 => value = if tens { value + digit } else { value * 10 + digit },
            (_, Some(digit)) => value = value * 10 + digit,
            _ => break,
        }
        used += c.len_utf8();
        seen += 1;
        if seen > 4 {
            return None;
        }
    }
    (seen > 0).then_some((value, used))
}

fn han_digit(c: char) -> Option<u32> {
    "〇一二三四五六七八九十".chars().position(|digit| digit == c).map(|value| value as u32)
}

fn arabic_digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}
