//! What web pages, converters and wrong encodings leave in a text. The reading takes out what is certain to be none of it;
//! this names what only a person can decide on.

use std::borrow::Cow;

use crate::check::reports::Spot;

/// The longest text that can be nothing but a control of a web page, in characters.
const SHORT: usize = 24;

/// Whole lines of web pages.
const CONTROLS: [&str; 14] = [
    "返回顶部",
    "打印本页",
    "关闭窗口",
    "上一篇",
    "下一篇",
    "扫一扫",
    "分享到",
    "相关链接",
    "相关附件",
    "责任编辑",
    "点击下载",
    "浏览次数",
    "来源：",
    "字体：",
];

/// What a wrong encoding makes of text, and tags.
const MARKS: [&str; 16] =
    ["锟斤拷", "烫烫烫", "屯屯屯", "ï¿½", "Ã¤", "â€", "&nbsp", "&lt;", "&gt;", "&quot;", "&amp;", "&#", "</", "<br", "<p>", "{{"];

/// `texts` are blocks with their first lines.
pub(super) fn left<'a>(texts: impl Iterator<Item = (u32, Cow<'a, str>)>) -> Vec<Spot> {
    let mut spots = Vec::new();
    for (line, text) in texts {
        let marks = MARKS.into_iter().filter(|mark| text.contains(mark));
        spots.extend(marks.map(|mark| Spot { line, what: format!("`{mark}`") }));
        if let Some(mark) = hashes(&text).map(str::to_owned).or_else(|| page_of(&text)) {
            spots.push(Spot { line, what: format!("`{mark}`") });
        }
        if text.chars().nth(SHORT).is_none()
            && let Some(control) = CONTROLS.into_iter().find(|control| text.trim().starts_with(control))
        {
            spots.push(Spot { line, what: format!("`{control}`") });
        }
    }
    spots
}

/// `##name##`
fn hashes(text: &str) -> Option<&str> {
    let start = text.find("##")?;
    let inner = text[start + 2..].find("##")?;
    let name = &text[start + 2..start + 2 + inner];
    (!name.is_empty() && name.len() <= 32 && name.is_ascii()).then(|| &text[start..start + inner + 4])
}

/// `第3页共10页` within a paragraph.
fn page_of(text: &str) -> Option<String> {
    let start = text.find("第")?;
    let text: String = text[start..].chars().filter(|c| !c.is_whitespace()).take(16).collect();
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.strip_prefix('第')?;
    let rest = rest[digits(rest)..].strip_prefix('页')?.trim_start_matches(['，', ',', '/']).strip_prefix('共')?;
    let total = digits(rest);
    (total > 0 && rest[total..].starts_with('页')).then_some(text)
}
