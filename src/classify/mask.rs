//! Places that the source itself has blanked: `xxx市`, `××县`, `**市`, `某市`.

use std::ops::Range;

use crate::classify::Level;

/// A blanked place as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    /// In bytes, the generic part included.
    pub at: Range<usize>,
    /// What the generic part says; `None` for 市, which prefectures and counties share.
    pub level: Option<Level>,
}

/// Generic parts that may follow a blank, longer ones first.
const GENERIC: &[(&str, Option<Level>)] = &[
    ("自治区", Some(Level::Province)),
    ("自治州", Some(Level::Prefecture)),
    ("自治县", Some(Level::County)),
    ("自治旗", Some(Level::County)),
    ("地区", Some(Level::Prefecture)),
    ("省", Some(Level::Province)),
    ("市", None),
    ("州", Some(Level::Prefecture)),
    ("盟", Some(Level::Prefecture)),
    ("县", Some(Level::County)),
    ("区", Some(Level::County)),
    ("旗", Some(Level::County)),
];

/// After these the generic part begins another word: 某区域, 某市场.
const GOES_ON: &[&str] = &["域", "间", "分", "别", "块", "位", "场", "长", "帜", "略"];

/// All blanked places in `text`, in order.
pub fn masks(text: &str) -> Vec<Mask> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(offset) = text[start..].find(is_blank) {
        let at = start + offset;
        let rest = &text[at..];
        let end = at + rest.find(|c| !is_blank(c)).unwrap_or(rest.len());
        match generic_after(text, at, end) {
            Some((generic, level)) => {
                found.push(Mask { at: at..end + generic.len(), level });
                start = end + generic.len();
            }
            None => start = end,
        }
    }
    found
}

/// The first one, if there is any.
pub fn first(text: &str) -> Option<Mask> {
    masks(text).into_iter().next()
}

fn is_blank(c: char) -> bool {
    matches!(c, 'x' | 'X' | 'ｘ' | 'Ｘ' | '×' | '✕' | '*' | '＊' | '某' | '○' | '〇' | '◯' | '□' | '△' | '＿' | '■' | '●')
}

fn generic_after(text: &str, at: usize, end: usize) -> Option<(&'static str, Option<Level>)> {
    let blank = &text[at..end];
    let before = text[..at].chars().next_back();
    // 3×3区, 二〇〇区, box市: part of a number or a word.
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || "一二三四五六七八九十百千".contains(c)) {
        return None;
    }
    // One 〇 is a digit; 某某 is as good as 某, but a lone * may be a bullet.
    if blank.chars().count() == 1 && !matches!(blank, "某" | "x" | "X" | "×" | "ｘ" | "Ｘ") {
        return None;
    }
    // **市级重点** is emphasis that was left as it was typed.
    if blank == "**"
        && text[end..].chars().take(30).collect::<String>().split_once("**").is_some_and(|(inside, _)| !inside.contains(['，', '。', '、']))
    {
        let inside = text[end..].split("**").next().unwrap_or_default();
        let after = &text[end + inside.len() + 2..];
        // Two blanks in a row (**市**县) are two blanks.
        if !GENERIC.iter().any(|(generic, _)| after.starts_with(generic)) {
            return None;
        }
    }
    let rest = &text[end..];
    let &(generic, level) = GENERIC.iter().find(|(generic, _)| rest.starts_with(generic))?;
    let next = &rest[generic.len()..];
    let word = matches!(generic, "市" | "区" | "旗" | "州" | "盟" | "省") && GOES_ON.iter().any(|more| next.starts_with(more));
    // 某市长 is somebody; 某省长 too.
    (!word).then_some((generic, level))
}
