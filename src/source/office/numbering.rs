//! Automatic numbers as a reader sees them: word processors count, the file only says how.

/// Levels that a list has in any word processor.
pub(super) const LEVELS: usize = 10;
/// Characters around a number: `第%1章` has three.
const LONGEST: usize = 60;

/// A level's pattern, if it is one that somebody would read.
pub(super) fn pattern(text: &str) -> String {
    if text.chars().count() > LONGEST { String::new() } else { text.to_owned() }
}

/// How one level counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Level {
    pub style: Style,
    /// `第%1章`, `（%2）`: `%n` is the number of level n.
    pub pattern: String,
    pub start: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    None,
    /// A sign instead of a number.
    Bullet,
    Decimal,
    /// 一、二、三
    Han,
    /// ①②③
    Circled,
    LowerLetter,
    UpperLetter,
    LowerRoman,
    UpperRoman,
}

/// The numbers that one list has reached.
#[derive(Debug, Clone, Default)]
pub(super) struct Counter {
    reached: Vec<u32>,
}

impl Counter {
    /// Counts on at `level` (from 0) and writes the number. Deeper levels begin again.
    pub fn next(&mut self, levels: &[Level], level: usize) -> String {
        let Some(own) = levels.get(level) else { return String::new() };
        while self.reached.len() <= level {
            let at = self.reached.len();
            let start = levels.get(at).map_or(1, |level| level.start);
            // A level that is skipped counts as begun.
            self.reached.push(if at < level { start } else { start.saturating_sub(1) });
        }
        self.reached.truncate(level + 1);
        self.reached[level] = self.reached[level].saturating_add(1);
        if matches!(own.style, Style::None | Style::Bullet) {
            return String::new();
        }
        let mut text = own.pattern.clone();
        for (at, reached) in self.reached.iter().enumerate() {
            let style = levels.get(at).map_or(Style::Decimal, |level| level.style);
            text = text.replace(&format!("%{}", at + 1), &written(*reached, style));
        }
        text
    }
}

fn written(number: u32, style: Style) -> String {
    let letter = |first: u8| char::from(first + ((number.max(1) - 1) % 26) as u8).to_string();
    match style {
        Style::None | Style::Bullet => String::new(),
        Style::Decimal => number.to_string(),
        Style::Han => han(number),
        Style::Circled if (1..=20).contains(&number) => char::from_u32('①' as u32 + number - 1).map_or_else(String::new, String::from),
        Style::Circled => number.to_string(),
        Style::LowerLetter => letter(b'a'),
        Style::UpperLetter => letter(b'A'),
        Style::LowerRoman | Style::UpperRoman if number > 4000 => number.to_string(),
        Style::LowerRoman => roman(number).to_lowercase(),
        Style::UpperRoman => roman(number),
    }
}

/// Up to 99 as headings count; above, digit by digit.
fn han(number: u32) -> String {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |n: u32| DIGITS[(n % 10) as usize];
    match number {
        0..10 => digit(number).to_string(),
        10..100 => {
            let tens = if number < 20 { String::new() } else { digit(number / 10).to_string() };
            let ones = if number.is_multiple_of(10) { String::new() } else { digit(number).to_string() };
            format!("{tens}十{ones}")
        }
        _ => number.to_string().bytes().map(|byte| digit(u32::from(byte - b'0'))).collect(),
    }
}

fn roman(mut number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut text = String::new();
    number = number.min(3999);
    for (value, sign) in SIGNS {
        while number >= value {
            text.push_str(sign);
            number -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_a_word_processor_does() {
        let level = |style, pattern: &str| Level { style, pattern: pattern.into(), start: 1 };
        let levels = [level(Style::Han, "%1、"), level(Style::Han, "（%2）"), level(Style::Decimal, "%3.")];
        let mut counter = Counter::default();
        let counted: Vec<String> = [0, 1, 1, 2, 2, 0, 1, 2].into_iter().map(|at| counter.next(&levels, at)).collect();
        assert_eq!(counted, ["一、", "（一）", "（二）", "1.", "2.", "二、", "（一）", "1."]);
        assert_eq!([han(10), han(11), han(20), han(45), han(120)], ["十", "十一", "二十", "四十五", "一二〇"]);
        assert_eq!([roman(4), roman(1994)], ["IV", "MCMXCIV"]);
    }
}
