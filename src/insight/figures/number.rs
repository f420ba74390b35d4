//! Numbers as such reports write them: `1,147` `3.5` `１２` `三十六` `两万三` `百分之十二点五`.

/// A number where it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// In plain digits, without separators: `1147`, `3.5`, `36`.
    pub digits: String,
    pub value: f64,
    /// Index one past its last character.
    pub end: usize,
    /// Written with Chinese numerals.
    pub chinese: bool,
    /// How many characters it took.
    pub length: usize,
}

/// The number that starts at `at`; `None` where there is none, or where what stands there only looks like one
/// (`2023.5.1`, `一二三`).
pub fn number_at(chars: &[char], at: usize) -> Option<Number> {
    match chars.get(at)? {
        c if digit(*c).is_some() => arabic(chars, at),
        c if is_numeral(*c) => chinese(chars, at),
        _ => None,
    }
}

/// The value of a decimal digit, half or full width.
pub fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

/// Whether a run of Chinese numerals can hold this character.
pub fn is_numeral(c: char) -> bool {
    ones(c).is_some() || weight(c).is_some() || matches!(c, '零' | '〇' | '万' | '亿')
}

/// Where the run of digits, separators and points that starts at `at` ends, number or not.
pub fn end_of_run(chars: &[char], at: usize) -> usize {
    let mut end = at;
    while chars
        .get(end)
        .is_some_and(|&c| digit(c).is_some() || is_point(c) && follows_digit(chars, end) || c == ',' && follows_digit(chars, end))
    {
        end += 1;
    }
    if end > at {
        return end;
    }
    at + chars[at..].iter().take_while(|&&c| is_numeral(c)).count()
}

fn is_point(c: char) -> bool {
    matches!(c, '.' | '．')
}

fn follows_digit(chars: &[char], at: usize) -> bool {
    chars.get(at + 1).is_some_and(|&c| digit(c).is_some())
}

fn arabic(chars: &[char], at: usize) -> Option<Number> {
    let end = end_of_run(chars, at);
    let mut digits = String::new();
    let mut since_separator = None;
    for &c in &chars[at..end] {
        if let Some(d) = digit(c) {
            digits.push(char::from_digit(d, 10)?);
            since_separator = since_separator.map(|n| n + 1);
        } else if c == ',' {
            // Thousands: one to three digits, then groups of three.
            let good = match since_separator {
                None => digits.len() <= 3 && !digits.contains('.'),
                Some(n) => n == 3,
            };
            if !good {
                return None;
            }
            since_separator = Some(0);
        } else {
            if digits.contains('.') || since_separator.is_some_and(|n| n != 3) {
                return None;
            }
            since_separator = None;
            digits.push('.');
        }
    }
    if since_separator.is_some_and(|n| n != 3) {
        return None;
    }
    let value = digits.parse().ok()?;
    Some(Number { digits, value, end, chinese: false, length: end - at })
}

fn chinese(chars: &[char], at: usize) -> Option<Number> {
    let mut end = at + chars[at..].iter().take_while(|&&c| is_numeral(c)).count();
    // 万 and 亿 at the end belong to the unit: 三十 + 万元.
    while end > at + 1 && matches!(chars[end - 1], '万' | '亿') {
        end -= 1;
    }
    let whole = whole(&chars[at..end])?;
    let mut value = whole as f64;
    let mut digits = whole.to_string();
    if chars.get(end) == Some(&'点') {
        let decimals: String = chars[end + 1..]
            .iter()
            .map_while(|&c| if matches!(c, '零' | '〇') { Some(0) } else { ones(c).filter(|_| c != '两') })
            .map(|d| d.to_string())
            .collect();
        if !decimals.is_empty() {
            end += 1 + decimals.chars().count();
            digits = format!("{digits}.{decimals}");
            value = digits.parse().ok()?;
        }
    }
    Some(Number { digits, value, end, chinese: true, length: end - at })
}

fn ones(c: char) -> Option<u64> {
    "一二三四五六七八九".chars().position(|one| one == c).map(|i| i as u64 + 1).or((c == '两').then_some(2))
}

fn weight(c: char) -> Option<u64> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    }
}

/// A whole number in Chinese numerals. Refuses what is not one: digits in a row (`一二三`), a digit left over
/// (`一百二`), weights that rise (`十百`).
fn whole(chars: &[char]) -> Option<u64> {
    let mut total: u64 = 0;
    let mut section: u64 = 0;
    let mut pending: Option<u64> = None;
    let mut last_weight = u64::MAX;
    let mut after_zero = false;
    for (i, &c) in chars.iter().enumerate() {
        if matches!(c, '零' | '〇') {
            if pending.is_some() || (i == 0 && chars.len() > 1) {
                return None;
            }
            after_zero = true;
        } else if let Some(one) = ones(c) {
            if pending.replace(one).is_some() {
                return None;
            }
        } else if let Some(weight) = weight(c) {
            if weight >= last_weight {
                return None;
            }
            let count = match pending.take() {
                Some(count) => count,
                None if weight == 10 && section == 0 => 1,
                None => return None,
            };
            section += count * weight;
            last_weight = weight;
            after_zero = false;
        } else {
            let weight = if c == '万' { 10_000 } else { 100_000_000 };
            section += pending.take().unwrap_or(0);
            if section == 0 {
                return None;
            }
            total = if weight == 100_000_000 { (total + section).checked_mul(weight)? } else { total.checked_add(section * weight)? };
            section = 0;
            last_weight = u64::MAX;
            after_zero = false;
        }
    }
    if let Some(one) = pending {
        // 一百二 is 120 in speech; nobody can tell it from a slip of the pen.
        let complete = last_weight == 10 || last_weight == u64::MAX || after_zero;
        if !complete || (last_weight == u64::MAX && total > 0 && !after_zero) {
            return None;
        }
        section += one;
    }
    total.checked_add(section)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let chars: Vec<char> = text.chars().collect();
        assert_eq!(number_at(&chars, 0).map(|n| n.digits).as_deref(), expected, "{text}");
    }

    #[test]
    fn numbers_are_read_as_written() {
        for (text, expected) in [
            ("186名", "186"),
            ("1,147个", "1147"),
            ("12,345,678元", "12345678"),
            ("3.5亿", "3.5"),
            ("３６名", "36"),
            ("98.60分", "98.60"),
            ("十二名", "12"),
            ("三十六名", "36"),
            ("一百零五户", "105"),
            ("两千三百人", "2300"),
            ("一万零二十人", "10020"),
            ("两万三千人", "23000"),
            ("三十万元", "30"),
            ("十二点五", "12.5"),
            ("五", "5"),
        ] {
            check(text, Some(expected));
        }
    }

    #[test]
    fn what_only_looks_like_a_number_is_none() {
        for text in ["2023.5.1", "1,2", "12,34", "一二三", "一百二", "十百", "百名", "万人", "二〇二三年", "十四五"] {
            check(text, None);
        }
    }
}
