//! Years are written two ways: `2023年` and `二〇二三年`. Either finds both.
//!
//! Only whole years are safe: elsewhere, `一` is more often a word than a number, and a number is a part of larger ones in
//! one writing (`二个` in `二十二个`) but not in the other.

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// The same normal form with its years in the other digits: all Arabic, and all Chinese. Without those equal to it.
pub fn alternatives(normal: &str) -> Vec<String> {
    let letters: Vec<char> = normal.chars().collect();
    let (mut arabic, mut chinese) = (letters.clone(), letters.clone());
    for at in 0..letters.len() {
        if let Some(year) = year_at(&letters, at) {
            for (i, digit) in year.into_iter().enumerate() {
                arabic[at + i] = char::from(b'0' + digit);
                chinese[at + i] = DIGITS[usize::from(digit)];
            }
        }
    }
    [arabic, chinese].into_iter().filter(|other| *other != letters).map(String::from_iter).collect()
}

/// The years that a text writes in Chinese digits.
pub fn chinese_years(letters: impl IntoIterator<Item = char>) -> Vec<i32> {
    let letters: Vec<char> = letters.into_iter().collect();
    let is_chinese = |at: &usize| chinese_digit(letters[*at]).is_some();
    let years = (0..letters.len()).filter(is_chinese).filter_map(|at| year_at(&letters, at));
    years.map(|digits| digits.into_iter().fold(0, |year, digit| year * 10 + i32::from(digit))).collect()
}

/// The digits of the year 19xx or 20xx written at a place: four of one kind, not more, before 年.
fn year_at(letters: &[char], at: usize) -> Option<[u8; 4]> {
    [arabic_digit as fn(char) -> Option<u8>, chinese_digit].into_iter().find_map(|digit| {
        let is_begin = at == 0 || digit(letters[at - 1]).is_none();
        let four: Vec<u8> = letters.get(at..at + 4)?.iter().map_while(|&c| digit(c)).collect();
        let four: [u8; 4] = four.try_into().ok()?;
        (is_begin && letters.get(at + 4) == Some(&'年') && matches!(four[..2], [1, 9] | [2, 0])).then_some(four)
    })
}

fn arabic_digit(c: char) -> Option<u8> {
    c.is_ascii_digit().then_some(c as u8).map(|byte| byte - b'0')
}

fn chinese_digit(c: char) -> Option<u8> {
    DIGITS.iter().position(|&digit| digit == c).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::alternatives;

    #[test]
    fn only_whole_years_have_another_form() {
        for (normal, expected) in [
            ("2023年总结", &["二零二三年总结"][..]),
            ("二零二三年总结", &["2023年总结"]),
            ("2019年至二零二三年", &["2019年至2023年", "二零一九年至二零二三年"]),
            ("12023年", &[]),
            ("2323年", &[]),
            ("二三年", &[]),
            ("2023", &[]),
            ("一是加强", &[]),
        ] {
            assert_eq!(alternatives(normal), expected, "{normal}");
        }
    }
}
