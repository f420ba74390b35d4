//! Parts of a template that are tight without the minifier.
//!
//! The minifier parses a page as HTML; on a list of a hundred rows that is most of the time a page takes. A template says
//! between `<!--tight-->` and `<!--/tight-->` that a line break next to a tag means nothing there (as in the rows
//! of a table, the items of a list). Such a part only loses these breaks, and the rest of the page is minified without it.

use crate::look::minify;

const OPEN: &str = "<!--tight-->";
const CLOSE: &str = "<!--/tight-->";

/// A page without needless space.
pub fn page(page: &str) -> Vec<u8> {
    let mut rest = page;
    let mut frame = String::new();
    let mut parts = Vec::new();
    while let Some((before, after)) = rest.split_once(OPEN)
        && let Some((part, after)) = after.split_once(CLOSE)
    {
        frame.push_str(before);
        frame.push_str(&tag(parts.len()));
        parts.push(part);
        rest = after;
    }
    frame.push_str(rest);
    let small = minify::html(&frame);
    let Ok(frame) = std::str::from_utf8(&small) else { return small };
    let mut out = Vec::with_capacity(page.len());
    let mut rest = frame;
    for (i, part) in parts.iter().enumerate() {
        let Some((before, after)) = rest.split_once(&tag(i)) else { return minify::html(page) };
        out.extend_from_slice(before.as_bytes());
        push_without_breaks(part, &mut out);
        rest = after;
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

/// Stands in the frame for a part; text cannot hold it, for there `<` is escaped.
fn tag(part: usize) -> String {
    format!("<slot name=tight-{part}></slot>")
}

/// Leaves out line breaks after and before tags, with the spaces around them.
fn push_without_breaks(part: &str, out: &mut Vec<u8>) {
    let mut after_tag = true;
    for line in part.split('\n') {
        let line = line.trim_matches([' ', '\t', '\r']);
        if line.is_empty() {
            continue;
        }
        if !after_tag && !line.starts_with('<') {
            out.push(b'\n');
        }
        out.extend_from_slice(line.as_bytes());
        after_tag = line.ends_with('>');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tight_parts_lose_only_line_breaks_next_to_tags() {
        let text =
            "<!doctype html><ul>\n  <!--tight-->\n  <li>甲 <b>乙</b>\n  </li>\n\n<li>丙\n丁</li>\n<!--/tight-->\n</ul><p>\n  戊\n</p>";
        assert_eq!(String::from_utf8(page(text)).unwrap(), "<!doctype html><ul><li>甲 <b>乙</b></li><li>丙\n丁</li></ul><p>戊</p>");
    }

    #[test]
    fn several_parts_keep_their_places() {
        let text = "<p>1</p><!--tight--><p>2</p>\n<!--/tight--><p>3</p><!--tight-->\n<p>4</p><!--/tight--><p>5</p>";
        assert_eq!(String::from_utf8(page(text)).unwrap(), "<p>1</p><p>2</p><p>3</p><p>4</p><p>5</p>");
    }

    #[test]
    fn a_part_without_an_end_is_a_comment() {
        assert_eq!(String::from_utf8(page("<p>1</p><!--tight--><p>2</p>")).unwrap(), "<p>1</p><p>2</p>");
    }
}
