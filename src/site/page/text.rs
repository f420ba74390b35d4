//! A report's text as HTML, tight already: the minifier need not see it.

use crate::document::{Block, Paragraph, ParagraphRole, Table};
use crate::look::Locale;
use crate::look::escape::push_html;
use crate::site::marks;

/// All blocks in order, each under its anchor.
pub fn html(blocks: &[Block], anchors: &[String], t: &Locale) -> String {
    let masked = t.text("report.masked");
    let mut out = String::with_capacity(blocks.iter().map(|block| block.text().len() + 40).sum());
    // The depths of the headings that are open: a text may skip one (一、 then 1.), the levels of HTML may not.
    let mut open: Vec<u8> = Vec::new();
    for (block, anchor) in blocks.iter().zip(anchors) {
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
            Block::Paragraph(paragraph) => push_paragraph(paragraph, anchor, masked, &mut out),
            Block::Table(table) => push_table(table, anchor, t.text("report.table"), &mut out),
            Block::Rich(rich) => {
                out.push_str(&format!("<div class=rich id={anchor}>"));
                out.push_str(&rich.html);
                out.push_str("</div>");
            }
        }
    }
    out
}

fn push_paragraph(paragraph: &Paragraph, anchor: &str, masked: &str, out: &mut String) {
    out.push_str("<p id=");
    out.push_str(anchor);
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
