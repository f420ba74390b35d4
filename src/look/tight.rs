//! Pages without needless space, most of them without the minifier.
//!
//! The minifier parses a page as HTML, which is most of the time that a page takes. What lies between `<!--tight-->` and
//! `<!--/tight-->` in a template only loses the line breaks that no reader sees: those next to the tag of a block. What is left, the
//! frame, is the same for thousands of pages; the minifier sees each frame once.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use memchr::memmem;

use crate::look::minify;

const OPEN: &str = "<!--tight-->";
const CLOSE: &str = "<!--/tight-->";

/// Of a look whose frames differ from page to page, no more than this many are kept.
const MOST_FRAMES: usize = 512;

/// Frames as the minifier left them, each cut where its tight parts go.
#[derive(Default)]
pub struct Frames(RwLock<HashMap<String, Arc<[String]>>>);

impl Frames {
    /// A page without needless space.
    pub fn page(&self, page: &str) -> Vec<u8> {
        let (frame, parts) = taken_apart(page);
        let Some(pieces) = self.minified(frame, parts.len()) else { return minify::html(page) };
        let mut out = Vec::with_capacity(page.len());
        for (piece, part) in pieces.iter().zip(parts.iter().map(Some).chain([None])) {
            out.extend_from_slice(piece.as_bytes());
            if let Some(part) = part {
                push_tight(part, &mut out);
            }
        }
        out
    }

    /// The pieces around the parts. `None` if the minifier lost one of their places.
    fn minified(&self, frame: String, parts: usize) -> Option<Arc<[String]>> {
        // What another thread left when it panicked is whole: nothing in here is changed half.
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&frame) {
            return Some(known.clone());
        }
        let small = String::from_utf8(minify::html(&frame)).ok()?;
        let mut rest = small.as_str();
        let mut pieces = Vec::with_capacity(parts + 1);
        for part in 0..parts {
            let (before, after) = split_once(rest, &tag(part))?;
            pieces.push(before.to_owned());
            rest = after;
        }
        pieces.push(rest.to_owned());
        let pieces: Arc<[String]> = pieces.into();
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MOST_FRAMES {
            known.insert(frame, pieces.clone());
        }
        Some(pieces)
    }
}

/// The frame, with tags where the parts were.
fn taken_apart(page: &str) -> (String, Vec<&str>) {
    let mut rest = page;
    let mut frame = String::new();
    let mut parts = Vec::new();
    while let Some((before, after)) = split_once(rest, OPEN)
        && let Some((part, after)) = split_once(after, CLOSE)
    {
        frame.push_str(before);
        frame.push_str(&tag(parts.len()));
        parts.push(part);
        rest = after;
    }
    frame.push_str(rest);
    (frame, parts)
}

/// As that of `str`, some times as quick in a long text.
fn split_once<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let at = memmem::find(text.as_bytes(), mark.as_bytes())?;
    Some((&text[..at], &text[at + mark.len()..]))
}

/// Stands in the frame for a part; text cannot hold it, for there `<` is escaped.
fn tag(part: usize) -> String {
    format!("<slot name=tight-{part}></slot>")
}

/// Elements in whose text every space counts.
const VERBATIM: [(&str, &str); 4] = [("<pre", "</pre>"), ("<textarea", "</textarea>"), ("<script", "</script>"), ("<style", "</style>")];

/// Leaves out line breaks, with the spaces around them, where a block begins or ends.
fn push_tight(part: &str, out: &mut Vec<u8>) {
    let mut rest = part;
    while let Some((before, element, after)) = around_verbatim(rest) {
        push_lines(before, out);
        out.extend_from_slice(element.as_bytes());
        rest = after;
    }
    push_lines(rest, out);
}

/// The first element in which every space counts, with what stands before and after it.
fn around_verbatim(text: &str) -> Option<(&str, &str, &str)> {
    let find = |text: &str, tag: &str| memmem::find(text.as_bytes(), tag.as_bytes());
    let (start, end) = VERBATIM.iter().filter_map(|(open, close)| Some((find(text, open)?, close))).min()?;
    let end = start + find(&text[start..], end)? + end.len();
    Some((&text[..start], &text[start..end], &text[end..]))
}

/// Before the first line and after the last there is a block.
fn push_lines(text: &str, out: &mut Vec<u8>) {
    let mut after_block = true;
    for line in text.split('\n').map(|line| line.trim_matches([' ', '\t', '\r'])).filter(|line| !line.is_empty()) {
        if !after_block && !opens_block(line) {
            out.push(b'\n');
        }
        out.extend_from_slice(line.as_bytes());
        after_block = closes_block(line);
    }
}

/// Whether `tag`, as it stands behind `<`, is that of an element next to whose tags a line break is not shown.
fn is_block(tag: &str) -> bool {
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let name = &tag[..tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len())];
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "br"
            | "caption"
            | "col"
            | "colgroup"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "legend"
            | "li"
            | "link"
            | "main"
            | "meta"
            | "nav"
            | "ol"
            | "optgroup"
            | "option"
            | "p"
            | "pre"
            | "script"
            | "section"
            | "slot"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "title"
            | "tr"
            | "ul"
    )
}

fn opens_block(line: &str) -> bool {
    line.strip_prefix('<').is_some_and(is_block)
}

fn closes_block(line: &str) -> bool {
    line.ends_with('>') && line.rfind('<').is_some_and(|at| is_block(&line[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(page: &str) -> String {
        String::from_utf8(Frames::default().page(page)).unwrap()
    }

    #[test]
    fn tight_parts_lose_only_line_breaks_that_nobody_sees() {
        for (part, tight) in [
            ("\n  <li>甲 <b>乙</b>\n  </li>\n\n<li>丙\n丁</li>\n", "<li>甲 <b>乙</b></li><li>丙\n丁</li>"),
            ("<p>甲\n<a>乙</a>\n  <a>丙</a>\n丁\n</p>\n", "<p>甲\n<a>乙</a>\n<a>丙</a>\n丁</p>"),
            ("<p class=\"x\">甲</p>\n乙\n<br>\n丙\n", "<p class=\"x\">甲</p>乙<br>丙"),
            ("<pre>甲\n  乙\n\n丙 </pre>\n <p>丁</p>", "<pre>甲\n  乙\n\n丙 </pre><p>丁</p>"),
            ("<pre>甲</pre>\n<pre>\n 乙\n</pre><p>\n丙\n</p>", "<pre>甲</pre><pre>\n 乙\n</pre><p>丙</p>"),
        ] {
            let small = page(&format!("<!doctype html><ul>\n  {OPEN}{part}{CLOSE}\n</ul>"));
            assert_eq!(small, format!("<!doctype html><ul>{tight}</ul>"));
        }
    }

    #[test]
    fn several_parts_keep_their_places() {
        let text = "<p>1</p><!--tight--><p>2</p>\n<!--/tight--><p>3</p><!--tight-->\n<p>4</p><!--/tight--><p>5</p>";
        assert_eq!(page(text), "<p>1</p><p>2</p><p>3</p><p>4</p><p>5</p>");
    }

    #[test]
    fn a_part_without_an_end_is_a_comment() {
        assert_eq!(page("<p>1</p><!--tight--><p>2</p>"), "<p>1</p><p>2</p>");
    }

    #[test]
    fn a_frame_is_the_same_again_with_other_parts() {
        let frames = Frames::default();
        for name in ["甲", "乙"] {
            let text = format!(
                "<!doctype html>\n<html><head>\n<meta charset=\"utf-8\">\n<!--tight--><title>{name}</title>\n<meta name=\"description\" content=\"{name}\"><!--/tight-->\n</head>\n<body>\n<!--tight--><p>{name}</p>\n<!--/tight-->\n</body>\n</html>"
            );
            assert_eq!(
                String::from_utf8(frames.page(&text)).unwrap(),
                format!(
                    "<!doctype html><html><head><meta charset=utf-8><title>{name}</title><meta name=\"description\" content=\"{name}\"></head><body><p>{name}</p></body></html>"
                )
            );
        }
        assert_eq!(frames.0.read().unwrap().len(), 1);
    }
}
