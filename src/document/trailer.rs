//! Finds the lines that a publisher or web page put after a report.

use std::ops::Range;

use crate::document::number::number;
use crate::document::row::Row;

/// How many rows a trailer takes at most; more would be text.
const LONGEST: usize = 20;

/// The rows of the trailer: the end of `rows`, possibly empty.
pub(super) fn find(rows: &[Row<'_>], part: Range<usize>) -> Range<usize> {
    let earliest = part.end.saturating_sub(LONGEST).max(part.start + 1);
    let start = (earliest..part.end).find(|&row| is_notice(&rows[row].text));
    let start = match start {
        // The notice stands apart from the report; nothing after it is a section of one.
        Some(start)
            if rows[start].gap && !rows[start..part.end].iter().any(|row| number(&row.text).is_some() || row.is_longer_than(150)) =>
        {
            start
        }
        _ => return part.end..part.end,
    };
    start..part.end
}

/// A line that no report writes about itself.
fn is_notice(text: &str) -> bool {
    if text.len() > 450 {
        return false;
    }
    const NOTICES: [&str; 22] = [
        "ICP备",
        "公网安备",
        "免责声明",
        "版权声明",
        "版权归",
        "版权所有",
        "侵犯了您",
        "侵权",
        "来源网络",
        "来源于网络",
        "网络整理",
        "本站",
        "www.",
        "http://",
        "https://",
        "公众号",
        "小编",
        "转载请注明",
        "扫码关注",
        "更多范文",
        "更多资料",
        "文稿发布",
    ];
    NOTICES.iter().any(|notice| text.contains(notice)) && !text.ends_with("工作。")
}
