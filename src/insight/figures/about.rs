//! Says what a number counts.

use crate::words::tagged;

/// Characters kept on each side of the number.
const LONGEST: usize = 12;

/// Words that come before a number and say nothing about what it counts.
const FILLERS: &[&str] = &[
    "已",
    "已经",
    "累计",
    "先后",
    "共",
    "共有",
    "总计",
    "合计",
    "总共",
    "一共",
    "其中",
    "目前",
    "至",
    "到",
    "为",
    "有",
    "仅",
    "仅有",
    "至少",
    "各",
    "每",
    "就",
    "了",
    "是",
    "也",
    "又",
    "均",
    "都",
    "的",
    "和",
    "与",
    "及",
    "等",
    "并",
    "在",
    "从",
    "由",
    "全年",
    "今年",
    "去年",
    "今年以来",
    "截至",
    "计",
    "在内",
    "以来",
];

/// How a number is approached. Cut off before the words are told apart: in `照明率达98%` 达 is no word of its own for jieba.
const MEASURES: &[&str] = &[
    "不少于",
    "不低于",
    "不超过",
    "不足",
    "不到",
    "超过",
    "突破",
    "达到",
    "高达",
    "多达",
    "累计",
    "共计",
    "将近",
    "接近",
    "大约",
    "约为",
    "达",
    "近",
    "约",
    "超",
    "逾",
];

/// `before` is what stands between the last number and this one, `after` what follows the unit.
pub fn about(before: &[char], after: &[char], unit: &str) -> String {
    let head = head(before);
    // A share or a sum stands at the end of what it tells about: 投入资金3.5亿元用于…
    let closed = unit.ends_with('%') || unit.ends_with("百分点") || unit.ends_with('元') || unit == "倍";
    let tail = if closed && !head.is_empty() { String::new() } else { tail(after) };
    match (head.is_empty(), tail.is_empty()) {
        (true, _) => tail,
        (false, true) => head,
        (false, false) => format!("{head}…{tail}"),
    }
}

/// The last words of the clause before the number, without fillers.
fn head(before: &[char]) -> String {
    if let Some(name) = quoted_name(before) {
        return name;
    }
    let start = before.iter().rposition(|&c| breaks(c)).map_or(0, |i| i + 1);
    let date = |i: &usize| *i > start && matches!(before[*i], '年' | '月' | '日') && before[i - 1].is_ascii_digit();
    let start = (start..before.len()).rfind(date).map_or(start, |i| i + 1);
    let clause: String = before[start..].iter().collect();
    let mut clause = clause.as_str();
    while let Some(shorter) = MEASURES.iter().find_map(|word| clause.strip_suffix(word)) {
        clause = shorter;
    }
    let mut words: Vec<&str> = tagged(clause).map(|(word, _)| word).filter(|word| !word.trim().is_empty()).collect();
    while words.last().is_some_and(|word| FILLERS.contains(word)) {
        words.pop();
    }
    let mut length = 0;
    let mut first = words.len();
    while first > 0 && length + words[first - 1].chars().count() <= LONGEST {
        first -= 1;
        length += words[first].chars().count();
    }
    while first < words.len() && FILLERS.contains(&words[first]) {
        first += 1;
    }
    words[first..].concat()
}

/// A name in quotation marks right before the number: `“渔家课堂”30个`.
fn quoted_name(before: &[char]) -> Option<String> {
    let open = match before.last()? {
        '”' => '“',
        '》' => '《',
        _ => return None,
    };
    let start = before.iter().rposition(|&c| c == open)?;
    (before.len() - start <= LONGEST + 2).then(|| before[start..].iter().collect())
}

/// The words right after the unit, up to where the sentence goes on to something else.
fn tail(after: &[char]) -> String {
    let end = after.iter().position(|&c| breaks(c) || c.is_ascii_digit()).unwrap_or(after.len()).min(LONGEST * 2);
    let clause: String = after[..end].iter().collect();
    let mut out = String::new();
    let mut length = 0;
    for (word, tag) in tagged(&clause) {
        if length == 0 && matches!(word, "以上" | "以下" | "以内" | "左右" | "多" | "的" | "之多") {
            continue;
        }
        length += word.chars().count();
        // Prepositions, conjunctions, adverbs and verbs begin the next thought; 参保 in 参保人员 does not.
        let turns = tag == "ad"
            || tag.starts_with(['p', 'c', 'd', 'u', 'r', 'm', 'x'])
            || matches!(word, "到" | "赴" | "进行" | "的" | "了" | "等");
        let acts = tag == "v" && !out.is_empty();
        if turns || acts || length > LONGEST {
            break;
        }
        out.push_str(word);
    }
    out
}

fn breaks(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '；'
            | '、'
            | '：'
            | '！'
            | '？'
            | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | '（'
            | '）'
            | '('
            | ')'
            | '—'
            | '“'
            | '”'
            | '《'
            | '》'
            | '\n'
            | '\t'
            | '\u{3000}'
    )
}
