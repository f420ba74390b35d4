//! Brackets and quotation marks that open or close alone.

use std::borrow::Cow;

use crate::check::reports::Spot;

const PAIRS: [(char, char); 10] =
    [('（', '）'), ('(', ')'), ('《', '》'), ('〈', '〉'), ('【', '】'), ('〔', '〕'), ('「', '」'), ('『', '』'), ('“', '”'), ('‘', '’')];

/// How much of the text around a sign is shown, in characters.
const AROUND: usize = 6;

/// `texts` are blocks with their first lines.
pub(super) fn unbalanced<'a>(texts: impl Iterator<Item = (u32, Cow<'a, str>)>) -> Vec<Spot> {
    let mut spots = Vec::new();
    // A quotation may go on over several paragraphs, each of which opens it again.
    let mut quoted = false;
    for (line, text) in texts {
        if !text.contains(|c| PAIRS.iter().any(|&(open, close)| c == open || c == close)) {
            continue;
        }
        let chars: Vec<char> = text.chars().collect();
        let mut open: Vec<(usize, char)> = Vec::new();
        let mut alone: Vec<usize> = Vec::new();
        for (at, &c) in chars.iter().enumerate() {
            if let Some(&(_, close)) = PAIRS.iter().find(|(open, _)| *open == c) {
                open.push((at, close));
            } else if PAIRS.iter().any(|&(_, close)| close == c) && !is_number(&chars, at) && !is_apostrophe(&chars, at) {
                // Half and full width go together: `（一)` is a slip of the keyboard that nobody stumbles over.
                match open.iter().rposition(|&(_, close)| close == c || is_round(close) && is_round(c)) {
                    Some(found) => alone.extend(open.drain(found..).skip(1).map(|(at, _)| at)),
                    None if c == '”' && quoted => quoted = false,
                    None => alone.push(at),
                }
            }
        }
        for (at, close) in open {
            match close {
                '”' => quoted = true,
                '’' => {}
                _ => alone.push(at),
            }
        }
        alone.sort_unstable();
        spots.extend(alone.into_iter().map(|at| {
            let shown: String = chars[at.saturating_sub(AROUND)..(at + AROUND + 1).min(chars.len())].iter().collect();
            Spot { line, what: format!("`{}` in `…{shown}…`", chars[at]) }
        }));
    }
    spots
}

fn is_round(c: char) -> bool {
    matches!(c, '）' | ')')
}

/// `1）`, `一）`, `a)`: the bracket of a number needs no other.
fn is_number(chars: &[char], at: usize) -> bool {
    let number = chars[..at].iter().rev().take_while(|c| c.is_ascii_alphanumeric() || "一二三四五六七八九十".contains(**c)).count();
    let before = at.checked_sub(number + 1).map(|at| chars[at]);
    is_round(chars[at]) && (1..=3).contains(&number) && before.is_none_or(|c| c.is_whitespace() || "。；，：、;,:".contains(c))
}

/// `it’s`
fn is_apostrophe(chars: &[char], at: usize) -> bool {
    chars[at] == '’' && at > 0 && chars[at - 1].is_ascii_alphabetic()
}
