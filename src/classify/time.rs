//! When: numerals, years, periods and dates as reports write them.

use crate::classify::{Date, Period};

/// Years that a report of these archives may speak of.
const YEARS: std::ops::RangeInclusive<i32> = 1949..=2099;

/// The value of a Chinese numeral, positional or with its units: 二〇二一, 十八, 二十五, 一百零三, 廿一.
pub fn numeral(text: &str) -> Option<i32> {
    let digit = |c: char| {
        "〇一二三四五六七八九".chars().position(|d| d == c).map(|d| d as i32).or(match c {
            '零' | '○' | 'Ｏ' | 'O' | '0' => Some(0),
            '两' => Some(2),
            _ => None,
        })
    };
    if text.is_empty() {
        return None;
    }
    if text.chars().all(|c| digit(c).is_some()) {
        return text.chars().try_fold(0i32, |n, c| n.checked_mul(10)?.checked_add(digit(c)?));
    }
    let (mut total, mut pending) = (0i32, None);
    for c in text.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            '廿' => {
                total += 20;
                continue;
            }
            '卅' => {
                total += 30;
                continue;
            }
            _ => {
                pending = Some(digit(c)?);
                continue;
            }
        };
        total += pending.take().unwrap_or(1) * unit;
    }
    Some(total + pending.unwrap_or(0))
}

/// A year and where it stands, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearAt {
    pub year: i32,
    pub start: usize,
    /// Behind 年 or 年度.
    pub end: usize,
}

/// All years in `text` in order: `2021年`, `2021年度`, `二〇二一年`, full-width digits too.
pub fn years(text: &str) -> Vec<YearAt> {
    text.match_indices('年')
        .filter_map(|(at, sign)| {
            let (year, start) = year_before(text, at)?;
            let end = at + sign.len();
            let end = if text[end..].starts_with('度') { end + '度'.len_utf8() } else { end };
            Some(YearAt { year, start, end })
        })
        .collect()
}

/// Four digits of one sort that end at `end`, with no digit before them.
fn year_before(text: &str, end: usize) -> Option<(i32, usize)> {
    let mut start = end;
    let mut digits = Vec::with_capacity(4);
    for c in text[..end].chars().rev() {
        if c == ' ' && digits.is_empty() {
            start -= 1;
            continue;
        }
        let Some(digit) = year_digit(c) else { break };
        if digits.len() == 4 {
            return None;
        }
        digits.push(digit);
        start -= c.len_utf8();
    }
    let year = (digits.len() == 4).then(|| digits.iter().rev().fold(0, |n, d| n * 10 + d))?;
    YEARS.contains(&year).then_some((year, start))
}

fn year_digit(c: char) -> Option<i32> {
    match c {
        '0'..='9' => Some(c as i32 - '0' as i32),
        '０'..='９' => Some(c as i32 - '０' as i32),
        '〇' | '○' | '零' | 'Ｏ' | 'O' => Some(0),
        _ => "一二三四五六七八九".chars().position(|d| d == c).map(|d| d as i32 + 1),
    }
}

/// `2012—2022年`, `2018至2022年`, `2012-2022`: first and last year and the bytes from the first to the last.
pub fn span(text: &str) -> Option<(i32, i32, std::ops::Range<usize>)> {
    for (at, sign) in text.match_indices(['—', '–', '-', '－', '~', '～', '至', '到']) {
        let before = text[..at].trim_end_matches(['—', ' ', '年']);
        let after = text[at + sign.len()..].trim_start_matches(['—', ' ']);
        let Some((from, start)) = year_before(before, before.len()) else { continue };
        let digits: usize = after.chars().take_while(|c| year_digit(*c).is_some()).map(char::len_utf8).sum();
        let Some((to, _)) = year_before(&after[..digits], digits) else { continue };
        let end = text.len() - after.len() + digits;
        let end = if text[end..].starts_with('年') { end + '年'.len_utf8() } else { end };
        if from < to {
            return Some((from, to, start..end));
        }
    }
    None
}

/// Phrases that name a span of time, with its first and last year where the phrase fixes them. The Party's
/// congresses: 十六大 2002, 十七大 2007, 十八大 2012, 十九大 2017, 二十大 2022; 新时代 counts from 2012.
const PERIODS: &[(&str, Option<i32>, Option<i32>)] = &[
    ("党的十六大以来", Some(2002), None),
    ("党的十七大以来", Some(2007), None),
    ("党的十八大以来", Some(2012), None),
    ("党的十九大以来", Some(2017), None),
    ("党的二十大以来", Some(2022), None),
    ("十八大以来", Some(2012), None),
    ("十九大以来", Some(2017), None),
    ("二十大以来", Some(2022), None),
    ("改革开放以来", Some(1978), None),
    ("新时代十年", Some(2012), Some(2022)),
    ("新时代10年", Some(2012), Some(2022)),
    ("新时代以来", Some(2012), None),
    ("“十一五”时期", Some(2006), Some(2010)),
    ("“十二五”时期", Some(2011), Some(2015)),
    ("“十三五”时期", Some(2016), Some(2020)),
    ("“十四五”时期", Some(2021), Some(2025)),
    ("“十五五”时期", Some(2026), Some(2030)),
    ("“十三五”以来", Some(2016), None),
    ("“十四五”以来", Some(2021), None),
    ("今年以来", None, None),
    ("去年以来", None, None),
    ("上半年", None, None),
    ("下半年", None, None),
    ("一季度", None, None),
    ("近年来", None, None),
    ("近几年来", None, None),
];

/// The first span of time that `text` names, with the bytes that name it.
pub fn period(text: &str) -> Option<(Period, std::ops::Range<usize>)> {
    let mut found: Vec<(usize, Period, std::ops::Range<usize>)> = Vec::new();
    for &(phrase, from, to) in PERIODS {
        // 按下|半年来|的回放键
        let names_it = |at: usize| !text[at + phrase.len()..].starts_with('来');
        if let Some(at) = text.match_indices(phrase).map(|(at, _)| at).find(|&at| names_it(at)) {
            found.push((at, Period { name: phrase.into(), from, to }, at..at + phrase.len()));
        }
    }
    if let Some((from, to, at)) = span(text) {
        found.push((at.start, Period { name: text[at.clone()].into(), from: Some(from), to: Some(to) }, at));
    }
    if let Some((count, at)) = years_since(text) {
        found.push((at.start, count, at));
    }
    // The longer phrase of those that begin at one place: 党的十八大以来 before 十八大以来.
    let best = found.into_iter().min_by_key(|(_, _, at)| (at.start, std::cmp::Reverse(at.end)))?;
    Some((best.1, best.2))
}

/// `2018年以来`, `五年来`, `过去五年`, `近三年来`, `一年来`.
fn years_since(text: &str) -> Option<(Period, std::ops::Range<usize>)> {
    let since = text.match_indices("年以来").find_map(|(at, sign)| {
        let (year, start) = year_before(text, at)?;
        Some((Period { name: text[start..at + sign.len()].into(), from: Some(year), to: None }, start..at + sign.len()))
    });
    let count = text.match_indices('年').find_map(|(at, sign)| {
        let number: usize =
            text[..at].chars().rev().take_while(|c| "一二三四五六七八九十两几多0123456789".contains(*c)).map(char::len_utf8).sum();
        let (start, end) = (at - number, at + sign.len());
        if number == 0 || number > 6 {
            return None;
        }
        let lead = ["过去", "近", "这", "五年来"].iter().find(|lead| text[..start].ends_with(**lead));
        let (start, end) = match (text[end..].starts_with('来'), lead) {
            (true, lead) => (start - lead.map_or(0, |lead| lead.len()), end + '来'.len_utf8()),
            (false, Some(lead)) if *lead == "过去" => (start - lead.len(), end),
            _ => return None,
        };
        Some((Period { name: text[start..end].into(), from: None, to: None }, start..end))
    });
    [since, count].into_iter().flatten().min_by_key(|(_, at)| at.start)
}

/// A date: `2023年5月1日`, `二〇二三年五月一日`, `2023-05-01`, `2023.5.1`, `2023年5月`. `None` for 2023年2月30日.
pub fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let parts: Vec<i32> = if text.contains('年') {
        let found = years(text).first().copied()?;
        let rest = text[found.start..].split_once('年').map(|(_, rest)| rest)?;
        let mut parts = vec![found.year];
        if let Some((month, rest)) = rest.split_once('月') {
            parts.push(any_numeral(month.trim())?);
            if let Some((day, _)) = rest.split_once(['日', '号']) {
                parts.push(any_numeral(day.trim())?);
            }
        }
        parts
    } else {
        let parts: Option<Vec<i32>> = text.split(['-', '.', '/']).map(|part| part.parse().ok()).collect();
        parts.filter(|parts| (1..=3).contains(&parts.len()) && YEARS.contains(&parts[0]))?
    };
    let small = |n: Option<&i32>| n.map(|&n| i8::try_from(n)).transpose();
    let (month, day) = (small(parts.get(1)).ok()?, small(parts.get(2)).ok()?);
    let date = Date { year: i16::try_from(parts[0]).ok()?, month, day };
    jiff::civil::Date::new(date.year, month.unwrap_or(1), day.unwrap_or(1)).is_ok().then_some(date)
}

fn any_numeral(text: &str) -> Option<i32> {
    let half: String = text
        .chars()
        .map(|c| if ('０'..='９').contains(&c) { char::from_digit(c as u32 - '０' as u32, 10).unwrap_or(c) } else { c })
        .collect();
    half.parse().ok().or_else(|| numeral(&half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_of_both_sorts_are_read() {
        for (text, expected) in [
            ("二〇二一", Some(2021)),
            ("二○二三", Some(2023)),
            ("十", Some(10)),
            ("十八", Some(18)),
            ("二十", Some(20)),
            ("二十五", Some(25)),
            ("一百零三", Some(103)),
            ("一千二百", Some(1200)),
            ("廿一", Some(21)),
            ("卅", Some(30)),
            ("两百", Some(200)),
            ("", None),
            ("几十", None),
            ("九九九九九九九九九九九", None),
        ] {
            assert_eq!(numeral(text), expected, "{text}");
        }
    }

    #[test]
    fn years_stand_before_their_sign() {
        let found = |text: &str| years(text).iter().map(|found| found.year).collect::<Vec<_>>();
        assert_eq!(found("从2018年到2021年度，二〇二二年"), [2018, 2021, 2022]);
        assert!(found("12021年，近10年，五年来，3021年").is_empty());
        assert_eq!(span("2012—2022年").map(|(from, to, _)| (from, to)), Some((2012, 2022)));
        assert_eq!(span("2012年—2022年").map(|(from, to, _)| (from, to)), Some((2012, 2022)));
        assert_eq!(span("2022—2012年"), None);
        assert_eq!(span("5-8年"), None);
    }
}
