//! Finds the quantities of one sentence.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::insight::figures::about::about;
use crate::insight::figures::number::{self, Number, digit, is_numeral, number_at};
use crate::insight::figures::unit::{scale, starts_with, unit};

/// A unit's name. Under a name of its own, or what holds it could only be read from what lasts for ever.
pub type Unit = &'static str;

/// A number with its unit and what it counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// Plain digits, as written: `186`, `3.5`.
    pub value: String,
    /// The upper end, where the text gives a range.
    pub to: Option<String>,
    /// With its scale: `亿元`, `万人次`, `%`.
    pub unit: String,
    /// The unit without its scale: `元`, `人次`.
    #[serde(with = "crate::insight::figures::unit::number")]
    pub base: Unit,
    pub bound: Bound,
    /// What is counted: the words before the number, and after it, with `…` for the number itself.
    pub what: String,
    /// The value without the unit's scale, for sorting: 3.5 亿元 is 350,000,000.
    pub amount: f64,
}

/// How exact the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Bound {
    Exact,
    /// 近, 约, 左右.
    About,
    /// 余, 多, 超过, 以上.
    Over,
    /// 以内, 不超过, 以下.
    Under,
}

/// Written names are short; a longer quotation is somebody's speech, whose numbers count.
const LONGEST_QUOTED_NAME: usize = 12;

/// All quantities that a sentence states, in order.
pub fn quantities(sentence: &str) -> Vec<Quantity> {
    stated(sentence).into_iter().map(|(quantity, _)| quantity).collect()
}

/// The same, with the bytes where each stands: the number with its unit.
pub fn stated(sentence: &str) -> Vec<(Quantity, Range<usize>)> {
    let mut found = Vec::new();
    if !sentence.chars().any(|c| digit(c).is_some() || matches!(c, '十' | '百' | '千' | '万' | '亿') || c == '余') {
        return found;
    }
    let chars: Vec<char> = sentence.chars().collect();
    let named = inside_names(&chars);
    // Where the words that may belong to the next number begin.
    let mut from = 0;
    let mut at = 0;
    while at < chars.len() {
        if digit(chars[at]).is_none() && !is_numeral(chars[at]) && !starts_with(&chars[at..], "百分之") {
            at += 1;
            continue;
        }
        match (!named[at]).then(|| measure(&chars, at)).flatten() {
            Some(Measure { value, to, unit, base, bound, amount, end }) => {
                let what = about(&chars[from..at], &chars[end..], &unit);
                found.push((Quantity { value, to, unit, base, bound, what, amount }, place(&chars, at, end)));
                (from, at) = (end, end);
            }
            None => at = number::end_of_run(&chars, at).max(at + 1),
        }
    }
    found
}

fn place(chars: &[char], start: usize, end: usize) -> Range<usize> {
    let length = |chars: &[char]| chars.iter().map(|c| c.len_utf8()).sum::<usize>();
    let at = length(&chars[..start]);
    at..at + length(&chars[start..end])
}

struct Measure {
    value: String,
    to: Option<String>,
    unit: String,
    base: &'static str,
    bound: Bound,
    amount: f64,
    end: usize,
}

/// The quantity whose number begins at `at`.
fn measure(chars: &[char], at: usize) -> Option<Measure> {
    let before = &chars[..at];
    if starts_with(&chars[at..], "百分之") {
        return per_cent(chars, at);
    }
    let first = number_at(chars, at)?;
    if !starts_cleanly(before) {
        return None;
    }
    let (last, scale_of_first, unit_of_first) = match range(chars, &first) {
        Some((scale, unit, last)) => (Some(last), scale, unit),
        None => (None, None, None),
    };
    let number = last.as_ref().unwrap_or(&first);
    let mut end = skip_spaces(chars, number.end);
    let mut over = false;
    let mut factor = 1.0;
    let mut name = String::new();
    // 3万余户, 10余万元, 100多亿元, 一千多名.
    loop {
        if !over && chars.get(end).is_some_and(|c| matches!(c, '余' | '多' | '来')) {
            over = true;
            end += 1;
        } else if let Some((scale, by, length)) = scale(&chars[end..]).filter(|_| name.is_empty())
            && !starts_with(&chars[end..], "千米")
            && !starts_with(&chars[end..], "千瓦")
            && !starts_with(&chars[end..], "千克")
        {
            name.push_str(scale);
            factor = by;
            end += length;
        } else {
            break;
        }
    }
    let (unit, length) = unit(&chars[skip_spaces(chars, end)..])?;
    end = skip_spaces(chars, end) + length;
    if !counts(chars, at, &first, last.as_ref(), unit, over, end) {
        return None;
    }
    if let Some(first_unit) = unit_of_first
        && first_unit != unit
    {
        return None;
    }
    // 5万—8万元: the first number's own scale must be the second's.
    if scale_of_first.is_some_and(|scale| scale != name) {
        return None;
    }
    if let Some(last) = &last
        && last.value <= first.value
    {
        return None;
    }
    name.push_str(unit);
    let bound = bound(before, &chars[end..], over);
    Some(Measure {
        value: first.digits.clone(),
        to: last.map(|last| last.digits),
        unit: name,
        base: unit,
        bound,
        amount: first.value * factor,
        end,
    })
}

/// `百分之三十五`, `百分之35`.
fn per_cent(chars: &[char], at: usize) -> Option<Measure> {
    let number = number_at(chars, at + "百分之".chars().count())?;
    // 百分之百 says "wholly" more often than it counts.
    let bound = bound(&chars[..at], &chars[number.end..], false);
    Some(Measure { value: number.digits.clone(), to: None, unit: "%".into(), base: "%", bound, amount: number.value, end: number.end })
}

/// The far end of a range that begins with `first`: its number, and the scale and unit that stand at the near end.
fn range(chars: &[char], first: &Number) -> Option<(Option<&'static str>, Option<&'static str>, Number)> {
    let mut at = first.end;
    let mut near = (None, None);
    if let Some((name, _, length)) = scale(&chars[at..]) {
        near.0 = Some(name);
        at += length;
    }
    if let Some((name, length)) = unit(&chars[at..]) {
        near.1 = Some(name);
        at += length;
    }
    let joint = chars.get(at)?;
    if !matches!(joint, '-' | '－' | '—' | '–' | '~' | '～' | '至' | '到') {
        return None;
    }
    at += 1;
    if chars[at - 1] == '—' && chars.get(at) == Some(&'—') {
        at += 1;
    }
    // 从5个到12个 and 提高到 speak of a change, not of a range.
    if matches!(joint, '到' | '至') && near.1.is_some() {
        return None;
    }
    Some((near.0, near.1, number_at(chars, at)?))
}

/// What stands right before the number lets it be a count.
fn starts_cleanly(before: &[char]) -> bool {
    let Some((&last, rest)) = before.split_last() else { return true };
    let after_digit = rest.last().is_some_and(|&c| digit(c).is_some());
    match last {
        // Ordinals, and what is not known exactly: 第3批, 数十名.
        '第' | '初' | '周' | '几' | '数' | '号' | '〔' | '[' | '［' | '【' => false,
        // G228, and the rest of a decimal.
        'A'..='Z' | 'a'..='z' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '点' => false,
        // Formulas, and numbers with a blank: 1+3+5, 2**3.
        '+' | '＋' | '×' | '*' | '＊' | '/' | '／' | '-' | '－' | '.' | '=' | '#' | '■' | '□' | '●' | '○' | '〇' => false,
        // 9:30, but 其中：12名.
        ':' | '：' => !after_digit,
        // The far end of a range that was none: 2019—2022, 3月1日至6月30日.
        '—' | '–' | '~' | '～' | '至' | '到' => {
            !after_digit && !rest.last().is_some_and(|&c| is_numeral(c) || matches!(c, '年' | '月' | '日'))
        }
        // 1 204: digits were lost or set apart; half of a number is a wrong number.
        _ if is_space(last) => !skipped_space_after_digit(before),
        _ => !before.ends_with(&['分', '之']) && !before.ends_with(&['星', '期']),
    }
}

fn skipped_space_after_digit(before: &[char]) -> bool {
    before.iter().rfind(|&&c| !is_space(c)).is_some_and(|&c| digit(c).is_some())
}

/// Whether a number with this unit is a quantity and not part of a date, a rank, an hour or a set phrase.
fn counts(chars: &[char], at: usize, first: &Number, last: Option<&Number>, unit: &str, over: bool, end: usize) -> bool {
    let before = &chars[..at];
    let after = &chars[end..];
    if first.chinese {
        // 两个, 八项, 三会, 百名: alone they stand in set phrases more often than in counts.
        let number = last.unwrap_or(first);
        if (number.length < 2 && !over) || matches!(unit, "分" | "天" | "层" | "对" | "本" | "班") {
            return false;
        }
    }
    // 前10名, 排名第3位.
    if matches!(unit, "名" | "位") && before.ends_with(&['前']) {
        return false;
    }
    // 8点30分 is an hour; 24小时, 365天 mean "always".
    if unit == "分" && before.last().is_some_and(|c| matches!(c, '点' | '时')) {
        return false;
    }
    if last.is_none() && matches!((first.digits.as_str(), unit), ("24", "小时") | ("365", "天")) {
        return false;
    }
    // 15分钟生活圈, 30分钟车程圈.
    let reach = unit == "分钟" || unit == "公里" || unit == "小时" || unit == "米";
    if reach && after.iter().take(6).take_while(|c| !is_break(**c)).any(|&c| c == '圈') {
        return false;
    }
    true
}

fn bound(before: &[char], after: &[char], over: bool) -> Bound {
    let ends = |words: &[&str]| {
        words.iter().any(|word| before.len() >= word.chars().count() && before.iter().rev().zip(word.chars().rev()).all(|(&a, b)| a == b))
    };
    let follows = |words: &[&str]| words.iter().any(|word| starts_with(after, word));
    if ends(&["不超过", "不足", "不到", "少于", "低于", "最多"]) && !ends(&["不少于", "不低于"]) || follows(&["以内", "以下", "之内"])
    {
        Bound::Under
    } else if over
        || ends(&["超", "超过", "超出", "逾", "突破", "多达", "不少于", "不低于", "高于", "至少", "多于"])
        || follows(&["以上", "多", "之多"])
    {
        Bound::Over
    } else if ends(&["近", "约", "将近", "接近", "大约", "约为"]) || follows(&["左右", "上下"]) {
        Bound::About
    } else {
        Bound::Exact
    }
}

/// For each character whether it stands inside a short quotation or a title: `“123工程”`, `《条例二十条》`.
fn inside_names(chars: &[char]) -> Vec<bool> {
    let mut inside = vec![false; chars.len()];
    let mut open: Option<(usize, char)> = None;
    for (i, &c) in chars.iter().enumerate() {
        match c {
            '“' | '「' | '『' => open = Some((i, c)),
            '《' | '〔' if open.is_none() => open = Some((i, c)),
            '”' | '」' | '』' | '》' | '〕' => {
                if let Some((start, mark)) = open.take()
                    && (matches!(mark, '《' | '〔') || i - start - 1 <= LONGEST_QUOTED_NAME)
                {
                    inside[start..i].fill(true);
                }
            }
            _ => {}
        }
    }
    inside
}

fn is_break(c: char) -> bool {
    matches!(c, '，' | '。' | '；' | '、' | '：' | '！' | '？' | ',' | ';')
}

fn skip_spaces(chars: &[char], mut at: usize) -> usize {
    while chars.get(at).is_some_and(|&c| is_space(c)) {
        at += 1;
    }
    at
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}
