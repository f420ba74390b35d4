//! Telephone numbers of the mainland.

use crate::privacy::Rule;
use crate::privacy::glyphs::{Glyphs, Run};

/// What announces a number, shortly before it.
const ANNOUNCED: [&str; 10] = ["电话", "电 话", "手机", "传真", "联系", "热线", "座机", "拨打", "Tel", "TEL"];
const REACH: usize = 10;

/// Measures and what is counted: `13812345678元` is no telephone number.
const COUNTED: &str = "元人吨米亩户件次平个名家号克度千万亿%‰";

/// The first telephone number of a run that begins at group `from`: what it is, and how many groups it takes.
pub(super) fn telephone(glyphs: &Glyphs, run: &Run, from: usize) -> Option<(Rule, usize)> {
    let groups = &run.groups[from..];
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let start = groups[0].start;
    let first = groups[0].digits.as_str();
    let found = |rule, taken: usize| {
        let end = groups[taken - 1].end();
        // A blank may stand between two numbers of a table; a hyphen goes on with the same number.
        let goes_on = taken < groups.len() && glyphs.get(end) == Some('-') && groups[taken].len() > 6;
        let amount = glyphs.get(end).is_some_and(|c| COUNTED.contains(c));
        (!goes_on && !amount && !glyphs.in_address(start)).then_some((rule, taken))
    };
    if let Some(taken) = match lengths[..] {
        [11, ..] => Some(1),
        [3, 4, 4, ..] => Some(3),
        [13, ..] if first.starts_with("86") => Some(1),
        _ => None,
    } {
        let number: String = groups[..taken].iter().map(|group| group.digits.as_str()).collect();
        let number = if taken == 1 && number.len() == 13 { &number[2..] } else { &number };
        if is_mobile(number) {
            return found(Rule::MobileNumber, taken);
        }
    }
    let announced = glyphs.announced(start, REACH, &ANNOUNCED);
    let with_area_code = |area: &str, rest: &str| is_area_code(area) && matches!(rest.len(), 7 | 8) && is_subscriber(rest);
    match lengths[..] {
        [3 | 4, 7 | 8, ..] if with_area_code(first, &groups[1].digits) => found(Rule::TelephoneNumber, 2),
        [3 | 4, 3 | 4, 4, ..] if with_area_code(first, &format!("{}{}", groups[1].digits, groups[2].digits)) => {
            found(Rule::TelephoneNumber, 3)
        }
        [10..=12, ..] if announced && (with_area_code(&first[..3], &first[3..]) || with_area_code(&first[..4], &first[4..])) => {
            found(Rule::TelephoneNumber, 1)
        }
        [7 | 8, ..] if announced && is_subscriber(first) && !is_date(first) => found(Rule::TelephoneNumber, 1),
        _ => None,
    }
}

fn is_mobile(number: &str) -> bool {
    let digits = number.as_bytes();
    digits.len() == 11 && digits[0] == b'1' && (b'3'..=b'9').contains(&digits[1])
}

/// `010`, `021`, `0571`
fn is_area_code(code: &str) -> bool {
    match code.as_bytes() {
        [b'0', b'1', b'0'] => true,
        [b'0', b'2', last] => *last != b'6',
        [b'0', b'3'..=b'9', _, _] => true,
        _ => false,
    }
}

/// Numbers begin with 2 to 8: 1 is for services, 9 for short codes, 0 for the area.
fn is_subscriber(number: &str) -> bool {
    number.starts_with(|c: char| ('2'..='8').contains(&c))
}

/// `20231205` announced by 联系 is a date all the same.
fn is_date(number: &str) -> bool {
    number.len() == 8 && (number.starts_with("20") || number.starts_with("19")) && &number[4..6] <= "12" && &number[6..] <= "31"
}
