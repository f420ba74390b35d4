//! A report's text as HTML, tight already: the minifier need not see it.

use std::ops::Range;

use crate::document::{Block, Document, Paragraph, ParagraphRole, Table};
use crate::look::Locale;
use crate::look::escape::push_html;
use crate::site::marks;

/// All blocks in order, each under its anchor. `figures` are the places of quantities, as the digest has them: blocks that state some say where: `data-f="12+4 40+3"` are the
/// four characters after the first twelve, and three after forty, blanks not counted (a script's characters: UTF-16).
pub fn html(document: &Document, anchors: &[String], figures: impl Iterator<Item = (usize, Range<usize>)>, t: &Locale) -> String {
    let masked = t.text("report.masked");
    let blocks = &document.blocks;
    let mut places = figures.peekable();
    let mut out = String::with_capacity(blocks.iter().map(|block| block.text().len() + 40).sum());
    // The depths of the headings that are open: a text may skip one (一、 then 1.), the levels of HTML may not.
    let mut open: Vec<u8> = Vec::new();
    for (i, (block, anchor)) in blocks.iter().zip(anchors).enumerate() {
        let inside = std::iter::from_fn(|| Some(places.next_if(|(block, _)| *block == i)?.1));
        let figures = figures_attribute(&block.text(), inside);
        match block {
            Block::Heading(heading) => {
                let depth = heading.depth.clamp(1, 4);
                while open.last().is_some_and(|&last| last >= depth) {
                    open.pop();
                }
                open.push(depth);
                let level = open.len() + 1;
                let class = if level == usize::from(depth) + 1 { String::new() } else { format!(" class=depth-{depth}") };
                out.push_str(&format!("<h{level} id={anchor}{class}>"));
                out.push_str(&marks::paragraph(&heading.text, &[], masked));
                out.push_str(&format!("</h{level}>"));
            }
            Block::Paragraph(paragraph) => push_paragraph(paragraph, &format!("{anchor}{figures}"), masked, &mut out),
            Block::Table(table) => push_table(table, anchor, t.text("report.table"), &mut out),
            Block::Rich(rich) => {
                out.push_str(&format!("<div class=rich id={anchor}{figures}>"));
                out.push_str(&rich.html);
                out.push_str("</div>");
            }
        }
    }
    out
}

/// A text's length as a script counts it, in UTF-16, without the blanks, of which a page may show others.
pub fn units(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).map(char::len_utf16).sum()
}

/// Empty without quantities. They come in the order of the text.
fn figures_attribute(text: &str, places: impl Iterator<Item = Range<usize>>) -> String {
    let (mut at, mut before) = (0, 0);
    let mut out = String::new();
    for place in places {
        before += units(&text[at..place.start]);
        let length = units(&text[place.clone()]);
        out.push_str(&format!("{}{before}+{length}", if out.is_empty() { " data-f=\"" } else { " " }));
        (at, before) = (place.end, before + length);
    }
    if !out.is_empty() {
        out.push('"');
    }
    out
}

fn push_paragraph(paragraph: &Paragraph, attributes: &str, masked: &str, out: &mut String) {
    out.push_str("<p id=");
    out.push_str(attributes);
    if let Some(class) = class(paragraph.role) {
        out.push_str(" class=");
        out.push_str(class);
    }
    out.push('>');
    out.push_str(&marks::paragraph(&paragraph.text, &paragraph.joins, masked));
    out.push_str("</p>");
}

fn class(role: ParagraphRole) -> Option<&'static str> {
    Some(match role {
        ParagraphRole::Body => return None,
        ParagraphRole::Addressee => "addressee",
        ParagraphRole::Number => "number",
        ParagraphRole::Signature => "signature",
        ParagraphRole::Date => "date",
        ParagraphRole::Attachment => "attachment",
        ParagraphRole::Closing => "closing",
        ParagraphRole::Line => "line",
    })
}

/// In a box of its own that scrolls, by keyboard too, where the page is narrow.
fn push_table(table: &Table, anchor: &str, name: &str, out: &mut String) {
    out.push_str(&format!("<div class=table id={anchor} role=region tabindex=0 aria-label=\""));
    push_html(name, out);
    out.push_str("\"><table>");
    for (i, row) in table.rows.iter().enumerate() {
        let (open, close) = if i < table.header_rows { ("<th scope=col>", "</th>") } else { ("<td>", "</td>") };
        out.push_str("<tr>");
        for cell in row {
            out.push_str(open);
            push_html(cell, out);
            out.push_str(close);
        }
        out.push_str("</tr>");
    }
    out.push_str("</table></div>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_found_whatever_blanks_the_page_shows() {
        let text = "建站 3 处，\n修路𠮷1,200米。";
        let at = |part: &str| text.find(part).map(|start| start..start + part.len()).unwrap();
        assert_eq!(figures_attribute(text, [at("3 处"), at("1,200米")].into_iter()), " data-f=\"2+2 9+6\"");
        assert_eq!(figures_attribute(text, std::iter::empty()), "");
    }
}
