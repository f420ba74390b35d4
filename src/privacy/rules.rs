//! The rules for one line.
//!
//! `&str` ──► [`personal_data`] ──► what was found, where it stands among the line's characters

use crate::privacy::glyphs::{Glyphs, Run, runs};
use crate::privacy::identity::{is_bank_card, is_identity_number, is_old_identity_number};
use crate::privacy::{Rule, phone};

/// A match as it stands in the line, in half width.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Match {
    pub rule: Rule,
    pub text: String,
}

impl Match {
    /// What may be said of it in a message.
    pub fn masked(&self) -> String {
        let chars: Vec<char> = self.text.chars().collect();
        let seen = |i: usize| match self.rule {
            Rule::SecrecyMarking => true,
            Rule::Email => i == 0 || chars[i..].first() == Some(&'@') || chars[..i].contains(&'@'),
            Rule::NumberPlate => i < 2 || i + 1 == chars.len(),
            _ => i < 3 || i + 2 >= chars.len() || matches!(chars[i], '-' | ' ' | ')'),
        };
        chars.iter().enumerate().map(|(i, &c)| if seen(i) { c } else { '*' }).collect()
    }
}

const IDENTITY: [&str; 4] = ["身份证", "证件", "公民身份", "证号"];
const ACCOUNT: [&str; 8] = ["卡号", "账号", "帐号", "账户", "帐户", "银行", "开户", "储蓄"];
/// How far before a number it may be announced, in characters.
const REACH: usize = 30;

/// Personal data in one line, or in one paragraph.
pub(super) fn personal_data(line: &str) -> Vec<Match> {
    if may_hold_any(line) { looked_through(line) } else { Vec::new() }
}

fn looked_through(line: &str) -> Vec<Match> {
    let glyphs = Glyphs::of(line);
    let mut found = Vec::new();
    for run in runs(&glyphs) {
        numbers(&glyphs, &run, &mut found);
    }
    emails(&glyphs, &mut found);
    plates(&glyphs, &mut found);
    found
}

/// Nearly all lines hold neither seven digits without a word between them, nor an `@`, nor what a plate has: three digits and a large letter.
fn may_hold_any(line: &str) -> bool {
    let (mut digits, mut together, mut has_capital) = (0, 0, false);
    for c in line.chars() {
        match c {
            '0'..='9' | '０'..='９' => {
                digits += 1;
                together += 1;
            }
            '@' | '＠' => return true,
            'A'..='Z' | 'Ａ'..='Ｚ' => (has_capital, together) = (true, 0),
            'a'..='z' | '\u{4e00}'..='\u{9fff}' => together = 0,
            _ => {}
        }
        if together >= 7 || has_capital && digits >= 3 {
            return true;
        }
    }
    false
}

fn numbers(glyphs: &Glyphs, run: &Run, found: &mut Vec<Match>) {
    let mut at = 0;
    while at < run.groups.len() {
        match number(glyphs, run, at) {
            Some((rule, taken, text)) => {
                found.push(Match { rule, text });
                at += taken;
            }
            None => at += 1,
        }
    }
}

/// A number that begins at group `from` of a run, how many groups it takes, and its text.
fn number(glyphs: &Glyphs, run: &Run, from: usize) -> Option<(Rule, usize, String)> {
    let groups = &run.groups[from..];
    let start = groups[0].start;
    let before = glyphs.before(start);
    // A part of a word or of a fraction.
    let is_fraction = matches!(before, Some('.' | ',')) && start >= 2 && glyphs.chars[start - 2].is_ascii_digit();
    if before.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '*')) || is_fraction {
        return None;
    }
    let mut digits = String::new();
    for (i, group) in groups.iter().enumerate().take(6) {
        digits.push_str(&group.digits);
        let taken = i + 1;
        let end = group.end();
        let after = glyphs.get(end);
        let with_x =
            if matches!(after, Some('x' | 'X')) && !followed_by_letter(glyphs, end + 1) { Some(format!("{digits}X")) } else { None };
        if let Some(number) = with_x.filter(|number| is_identity_number(number)) {
            return Some((Rule::IdentityNumber, taken, number));
        }
        if !ends_here(glyphs, end) {
            continue;
        }
        if is_identity_number(&digits) || is_old_identity_number(&digits) && glyphs.announced(start, REACH, &IDENTITY) {
            return Some((Rule::IdentityNumber, taken, digits));
        }
        if is_bank_card(&digits) && glyphs.announced(start, REACH, &ACCOUNT) {
            return Some((Rule::BankCard, taken, digits));
        }
    }
    let (rule, taken) = phone::telephone(glyphs, run, from)?;
    let end = groups[taken - 1].end();
    (ends_here(glyphs, end) && glyphs.get(end) != Some('@')).then(|| (rule, taken, glyphs.text(start..end)))
}

fn followed_by_letter(glyphs: &Glyphs, at: usize) -> bool {
    glyphs.get(at).is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Neither a word nor a fraction nor a masked number goes on here.
fn ends_here(glyphs: &Glyphs, end: usize) -> bool {
    match glyphs.get(end) {
        Some('.' | ',') => !glyphs.get(end + 1).is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !c.is_ascii_alphanumeric() && !matches!(c, '_' | '*'),
        None => true,
    }
}

/// `name@example.org`
fn emails(glyphs: &Glyphs, found: &mut Vec<Match>) {
    let is_local = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let is_domain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    for at in (0..glyphs.chars.len()).filter(|&at| glyphs.chars[at] == '@') {
        let start = at - glyphs.chars[..at].iter().rev().take_while(|c| is_local(c)).count();
        let domain: String = glyphs.chars[at + 1..].iter().take_while(|c| is_domain(c)).collect();
        let domain = domain.trim_end_matches(['.', '-']);
        let top = domain.rsplit('.').next().unwrap_or_default();
        if start < at && domain.contains('.') && !domain.starts_with('.') && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic())
        {
            found.push(Match { rule: Rule::Email, text: format!("{}@{domain}", glyphs.text(start..at)) });
        }
    }
}

/// Provinces as plates write them.
const PLATES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// `浙A12345`, `浙A·D12345`: GA 36-2018. The letters I and O are not used.
fn plates(glyphs: &Glyphs, found: &mut Vec<Match>) {
    let is_letter = |c: char| c.is_ascii_uppercase() && c != 'I' && c != 'O';
    for start in (0..glyphs.chars.len()).filter(|&at| PLATES.contains(glyphs.chars[at])) {
        if !glyphs.get(start + 1).is_some_and(is_letter) {
            continue;
        }
        let dot = usize::from(matches!(glyphs.get(start + 2), Some('·' | '•' | '.' | ' ' | '-')));
        let from = start + 2 + dot;
        let tail: String = glyphs.chars[from..].iter().take_while(|c| c.is_ascii_digit() || is_letter(**c)).take(8).collect();
        let digits = tail.bytes().filter(u8::is_ascii_digit).count();
        let fits = match tail.len() {
            5 => digits >= 3,
            // New energy: one or two letters at the front, or one at the end.
            6 => digits >= 4 && (tail.starts_with(is_letter) || tail.ends_with(is_letter)),
            _ => false,
        };
        let end = from + tail.len();
        // A standard (`新GB18030`) and a highway are no plates.
        let standard = glyphs.chars[start + 1] == 'G' && tail.starts_with('B');
        if fits && !standard && ends_here(glyphs, end) {
            let middle = if dot == 1 { glyphs.text(start + 2..from) } else { String::new() };
            found.push(Match { rule: Rule::NumberPlate, text: format!("{}{middle}{tail}", glyphs.text(start..start + 2)) });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Pieces of what the rules look for, in any order: what is passed over at once holds nothing.
        #[test]
        fn nothing_is_in_lines_that_are_not_looked_through(pieces in prop::collection::vec(prop::sample::select(vec![
            "电话", "手机", "银行卡号", "身份证", "浙", "京", "A", "Ｂ", "·", "-", " ", "(", ")", "@", "example.cn", "x", "X", "。", "\u{200b}",
            "0571", "010", "138", "１３８", "0013", "8000", "88888888", "3", "45", "12345", "11010519491231002", "6222020200112230", "５",
        ]), 0..12)) {
            let line = pieces.concat();
            prop_assert!(may_hold_any(&line) || looked_through(&line).is_empty(), "{line}");
        }
    }
}
