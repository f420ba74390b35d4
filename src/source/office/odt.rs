//! Reads .odt (ISO/IEC 26300, OpenDocument text).

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

use crate::source::office::Refused;
use crate::source::office::lines::{Lines, Stand};
use crate::source::office::numbering::{Counter, LEVELS, Level, Style, pattern};
use crate::source::office::package::{Package, parse};

/// Sections, lists and tables within each other.
const DEEPEST: usize = 24;
/// A spreadsheet program repeats an empty row a million times.
const REPEATED: usize = 64;

pub(super) fn read(mut package: Package) -> Result<Lines, Refused> {
    if package.part("META-INF/manifest.xml")?.is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err(Refused::encrypted());
    }
    let content = package.required("content.xml")?;
    let styles = package.part("styles.xml")?;
    let content = parse(&content, "OpenDocument text")?;
    let shared = styles.as_deref().map(|styles| parse(styles, "OpenDocument text")).transpose()?;
    let mut reader = Reader { lists: BTreeMap::new(), centred: BTreeMap::new(), lines: Lines::new("OpenDocument text"), notes: Vec::new() };
    for xml in shared.iter().chain([&content]) {
        reader.styles(xml);
    }
    let Some(body) =
        content.descendants().find(|node| node.tag_name().name() == "text" && node.parent().is_some_and(|n| n.tag_name().name() == "body"))
    else {
        return Err(Refused::new("it is a spreadsheet or a presentation, not a report", "save the text as .odt or .docx"));
    };
    reader.blocks(body, 0);
    for note in std::mem::take(&mut reader.notes) {
        reader.lines.paragraph(&note, Stand::Body);
    }
    Ok(reader.lines)
}

/// By its local name: `text:style-name` is `style-name`.
fn attribute<'a>(node: &Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|attribute| attribute.name() == name).map(|attribute| attribute.value())
}

struct Reader {
    lists: BTreeMap<String, Vec<Level>>,
    /// Paragraph styles: whether they are centred, or whose child they are.
    centred: BTreeMap<String, Result<bool, String>>,
    lines: Lines,
    notes: Vec<String>,
}

impl Reader {
    fn styles(&mut self, xml: &Document) {
        for node in xml.descendants().filter(Node::is_element) {
            match node.tag_name().name() {
                "list-style" => {
                    let levels = node.children().filter(Node::is_element).take(LEVELS).map(|node| level(&node)).collect();
                    self.lists.insert(attribute(&node, "name").unwrap_or_default().to_owned(), levels);
                }
                "style" if attribute(&node, "family") == Some("paragraph") => {
                    let align = node.children().find_map(|node| attribute(&node, "text-align"));
                    let centred = align
                        .map(|align| align == "center")
                        .ok_or_else(|| attribute(&node, "parent-style-name").unwrap_or_default().to_owned());
                    self.centred.insert(attribute(&node, "name").unwrap_or_default().to_owned(), centred);
                }
                _ => {}
            }
        }
    }

    fn blocks(&mut self, parent: Node, depth: usize) {
        for node in parent.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "p" | "h" => self.paragraph(node, ""),
                "table" => {
                    let rows = self.rows(node, depth);
                    self.lines.table(&rows);
                }
                "list" => self.list(node, attribute(&node, "style-name").unwrap_or_default(), &mut Counter::default(), 0),
                "tracked-changes" => self.lines.leave_out("deleted passages"),
                "sequence-decls" | "forms" => {}
                _ if depth < DEEPEST => self.blocks(node, depth + 1),
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, node: Node, number: &str) {
        let mut text = number.to_owned();
        self.runs(node, &mut text, 0);
        let title = self.is_centred(attribute(&node, "style-name").unwrap_or_default());
        self.lines.paragraph(&text, if title { Stand::Title } else { Stand::Body });
    }

    fn is_centred(&self, style: &str) -> bool {
        let mut style = style;
        for _ in 0..16 {
            match self.centred.get(style) {
                Some(Ok(centred)) => return *centred,
                Some(Err(parent)) => style = parent,
                None => return style == "Title",
            }
        }
        false
    }

    fn list(&mut self, list: Node, style: &str, counter: &mut Counter, level: usize) {
        for item in list.children().filter(|node| matches!(node.tag_name().name(), "list-item" | "list-header")) {
            let levels = self.lists.get(style).cloned().unwrap_or_default();
            let mut number = if item.tag_name().name() == "list-item" { counter.next(&levels, level) } else { String::new() };
            for node in item.children().filter(Node::is_element) {
                match node.tag_name().name() {
                    "p" | "h" => self.paragraph(node, &std::mem::take(&mut number)),
                    "list" if level < 10 => self.list(node, attribute(&node, "style-name").unwrap_or(style), counter, level + 1),
                    _ => {}
                }
            }
        }
    }

    fn runs(&mut self, parent: Node, text: &mut String, depth: usize) {
        for node in parent.children() {
            if node.is_text() {
                // White space in the file is one blank; others are written as elements.
                let words: Vec<&str> =
                    node.text().unwrap_or_default().split(['\n', '\t', '\r']).filter(|part| !part.trim().is_empty()).collect();
                text.push_str(&words.join(" "));
                continue;
            }
            match node.tag_name().name() {
                "s" => text.push_str(&" ".repeat(attribute(&node, "c").and_then(|count| count.parse().ok()).unwrap_or(1).min(REPEATED))),
                "tab" => text.push('　'),
                "line-break" => text.push('\n'),
                "note" => self.note(node, text, depth),
                "annotation" | "annotation-end" => {}
                "ruby-text" => {}
                "image" => self.lines.leave_out("pictures"),
                // A text box stands within the paragraph that it hangs on.
                "p" if depth > 0 => {
                    text.push('\n');
                    self.runs(node, text, depth + 1);
                }
                _ if depth < DEEPEST => self.runs(node, text, depth + 1),
                _ => {}
            }
        }
    }

    fn note(&mut self, note: Node, text: &mut String, depth: usize) {
        let mark = format!("［注{}］", self.notes.len() + 1);
        text.push_str(&mark);
        let mut body = mark;
        if depth < DEEPEST
            && let Some(node) = note.children().find(|node| node.tag_name().name() == "note-body")
        {
            let mut inner = String::new();
            self.runs(node, &mut inner, depth + 1);
            body.push_str(inner.trim());
        }
        self.notes.push(body);
    }

    fn rows(&mut self, table: Node, depth: usize) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for node in table.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "table-row" => {
                    let mut cells = Vec::new();
                    for cell in node.children().filter(|node| node.tag_name().name().ends_with("table-cell")) {
                        let repeated = attribute(&cell, "number-columns-repeated").and_then(|count| count.parse().ok()).unwrap_or(1);
                        let mut text = String::new();
                        if !cell.tag_name().name().starts_with("covered") {
                            self.runs(cell, &mut text, 1);
                        }
                        cells.extend(std::iter::repeat_n(text, usize::min(repeated, REPEATED)));
                    }
                    rows.push(cells);
                }
                "table-header-rows" | "table-rows" | "table-row-group" if depth < DEEPEST => rows.extend(self.rows(node, depth + 1)),
                _ => {}
            }
        }
        rows
    }
}

fn level(node: &Node) -> Level {
    let format = attribute(node, "num-format").unwrap_or_default();
    let style = match format.chars().next() {
        _ if node.tag_name().name() != "list-level-style-number" => Style::Bullet,
        None => Style::None,
        Some('一' | '壹') => Style::Han,
        Some('①') => Style::Circled,
        Some('a') => Style::LowerLetter,
        Some('A') => Style::UpperLetter,
        Some('i') => Style::LowerRoman,
        Some('I') => Style::UpperRoman,
        Some(_) => Style::Decimal,
    };
    let number = |name| attribute(node, name).and_then(|number| number.parse().ok()).unwrap_or(1).min(LEVELS);
    let (own, shown): (usize, usize) = (number("level"), number("display-levels"));
    let numbers: Vec<String> = (own.saturating_sub(shown) + 1..=own).map(|level| format!("%{level}")).collect();
    let around = |name| attribute(node, name).unwrap_or_default();
    Level {
        style,
        pattern: pattern(&format!("{}{}{}", around("num-prefix"), numbers.join("."), around("num-suffix"))),
        start: attribute(node, "start-value").and_then(|start| start.parse().ok()).unwrap_or(1),
    }
}
