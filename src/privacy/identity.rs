//! Numbers that carry a check digit: identity numbers and bank cards.

/// Weights of the first 17 digits and the check digits by remainder (GB 11643-1999).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// First two digits of the codes of provinces (GB/T 2260), and of residence permits of Hong Kong, Macao and Taiwan.
const PROVINCES: [(u32, u32); 8] = [(11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83)];

/// 18 characters, the last of them a digit or `X`.
pub(super) fn is_identity_number(number: &str) -> bool {
    let chars: Vec<char> = number.chars().map(|c| c.to_ascii_uppercase()).collect();
    if chars.len() != 18 || !chars[..17].iter().all(char::is_ascii_digit) {
        return false;
    }
    let sum: u32 = chars[..17].iter().zip(WEIGHTS).map(|(c, weight)| (*c as u32 - '0' as u32) * weight).sum();
    CHECK[(sum % 11) as usize] == chars[17] && is_province(&number[..2]) && is_birthday(&number[6..14])
}

/// The form of before 1999: 15 digits without a check digit, so only where the text announces it.
pub(super) fn is_old_identity_number(number: &str) -> bool {
    number.len() == 15
        && number.bytes().all(|b| b.is_ascii_digit())
        && is_province(&number[..2])
        && is_birthday(&format!("19{}", &number[6..12]))
}

fn is_province(code: &str) -> bool {
    code.parse().is_ok_and(|code: u32| PROVINCES.iter().any(|&(first, last)| (first..=last).contains(&code) || code == 91))
}

/// `19491231`; nobody whose number stands in a report was born before 1880.
fn is_birthday(date: &str) -> bool {
    let part = |range: std::ops::Range<usize>| date[range].parse::<u32>().unwrap_or(0);
    let (year, month, day) = (part(0..4), part(4..6), part(6..8));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1880..=2100).contains(&year) && (1..=12).contains(&month) && (1..=days).contains(&day)
}

/// 16 to 19 digits with the check digit of Luhn (ISO/IEC 7812-1), as banks of the mainland and the great card companies
/// issue them.
pub(super) fn is_bank_card(number: &str) -> bool {
    let known = ["62", "4", "51", "52", "53", "54", "55", "60", "34", "37", "35", "9"].iter().any(|head| number.starts_with(head));
    if !(16..=19).contains(&number.len()) || !known {
        return false;
    }
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, byte)| match (u32::from(byte - b'0'), i % 2) {
            (digit, 0) => digit,
            (digit, _) => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}
