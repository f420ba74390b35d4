//! Reads .docx (ISO/IEC 29500, WordprocessingML).

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

use crate::source::office::Refused;
use crate::source::office::lines::{Lines, Stand};
use crate::source::office::numbering::{Counter, LEVELS, Level, Style, pattern};
use crate::source::office::package::{self, Package};

/// Tables in tables in tables: deeper ones are set as text.
const DEEPEST: usize = 8;

pub(super) fn read(mut package: Package) -> Result<Lines, Refused> {
    let body = package.required("word/document.xml")?;
    let styles = package.part("word/styles.xml")?;
    let numbering = package.part("word/numbering.xml")?;
    let notes = [package.part("word/footnotes.xml")?, package.part("word/endnotes.xml")?];
    let body = parse(&body)?;
    let mut reader = Reader {
        styles: styles.as_deref().map(parse).transpose()?.map(|xml| read_styles(&xml)).unwrap_or_default(),
        lists: numbering.as_deref().map(parse).transpose()?.map(|xml| read_lists(&xml)).unwrap_or_default(),
        counters: BTreeMap::new(),
        lines: Lines::new("Word document"),
    };
    if let Some(body) = body.descendants().find(|node| is(node, "body")) {
        reader.blocks(body, 0);
    }
    for notes in notes.iter().flatten() {
        let xml = parse(notes)?;
        for note in xml.root_element().children().filter(|node| attribute(node, "type").is_none() && node.is_element()) {
            let mark = format!("［注{}］", attribute(&note, "id").unwrap_or_default());
            let text: Vec<String> = note.descendants().filter(|node| is(node, "p")).map(|node| reader.text(node)).collect();
            reader.lines.paragraph(&format!("{mark}{}", text.concat().trim()), Stand::Body);
        }
    }
    if package.has("word/header1.xml") || package.has("word/footer1.xml") {
        reader.lines.leave_out("running heads");
    }
    Ok(reader.lines)
}

fn parse(xml: &str) -> Result<Document<'_>, Refused> {
    package::parse(xml, "Word document")
}

fn is(node: &Node, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

fn child<'a, 'i>(node: &Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|node| is(node, name))
}

/// By its local name: `w:val` is `val`.
fn attribute<'a>(node: &Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|attribute| attribute.name() == name).map(|attribute| attribute.value())
}

fn value<'a>(node: &Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(node, name).and_then(|node| attribute(&node, "val"))
}

/// A list and a level of it.
type Numbered = (String, usize);

#[derive(Default, Clone)]
struct ParagraphStyle {
    name: String,
    based_on: Option<String>,
    centred: Option<bool>,
    numbered: Option<Numbered>,
}

fn read_styles(xml: &Document) -> BTreeMap<String, ParagraphStyle> {
    let styles = xml.descendants().filter(|node| is(node, "style"));
    styles
        .filter_map(|node| {
            let properties = child(&node, "pPr");
            let style = ParagraphStyle {
                name: value(&node, "name").unwrap_or_default().to_lowercase(),
                based_on: value(&node, "basedOn").map(str::to_owned),
                centred: properties.as_ref().and_then(|node| value(node, "jc")).map(|jc| jc == "center"),
                numbered: properties.as_ref().and_then(numbered),
            };
            Some((attribute(&node, "styleId")?.to_owned(), style))
        })
        .collect()
}

fn numbered(properties: &Node) -> Option<Numbered> {
    let number = child(properties, "numPr")?;
    let level = value(&number, "ilvl").and_then(|level| level.parse().ok()).unwrap_or(0);
    Some((value(&number, "numId")?.to_owned(), level))
}

/// The levels of each list, by its number.
fn read_lists(xml: &Document) -> BTreeMap<String, (String, Vec<Level>)> {
    let mut kinds: BTreeMap<&str, Vec<Level>> = BTreeMap::new();
    for kind in xml.descendants().filter(|node| is(node, "abstractNum")) {
        let levels = kind.children().filter(|node| is(node, "lvl")).take(LEVELS).map(|node| level(&node)).collect();
        kinds.insert(attribute(&kind, "abstractNumId").unwrap_or_default(), levels);
    }
    let mut lists = BTreeMap::new();
    for list in xml.descendants().filter(|node| is(node, "num")) {
        let Some(id) = attribute(&list, "numId") else { continue };
        let kind = value(&list, "abstractNumId").unwrap_or_default();
        let mut levels = kinds.get(kind).cloned().unwrap_or_default();
        let mut own = kind.to_owned();
        for change in list.children().filter(|node| is(node, "lvlOverride")) {
            // A list that begins anew counts for itself; others of its kind count on together.
            own = format!("{kind}/{id}");
            let at = attribute(&change, "ilvl").and_then(|level| level.parse::<usize>().ok()).unwrap_or(0);
            if let Some(old) = levels.get_mut(at) {
                if let Some(node) = child(&change, "lvl") {
                    *old = level(&node);
                }
                if let Some(start) = value(&change, "startOverride").and_then(|start| start.parse().ok()) {
                    old.start = start;
                }
            }
        }
        lists.insert(id.to_owned(), (own, levels));
    }
    lists
}

fn level(node: &Node) -> Level {
    let style = match value(node, "numFmt").unwrap_or("decimal") {
        "none" => Style::None,
        "bullet" => Style::Bullet,
        "chineseCounting"
        | "chineseCountingThousand"
        | "ideographTraditional"
        | "japaneseCounting"
        | "taiwaneseCountingThousand"
        | "chineseLegalSimplified" => Style::Han,
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => Style::Circled,
        "lowerLetter" => Style::LowerLetter,
        "upperLetter" => Style::UpperLetter,
        "lowerRoman" => Style::LowerRoman,
        "upperRoman" => Style::UpperRoman,
        _ => Style::Decimal,
    };
    Level {
        style,
        pattern: pattern(value(node, "lvlText").unwrap_or_default()),
        start: value(node, "start").and_then(|start| start.parse().ok()).unwrap_or(1),
    }
}

struct Reader {
    styles: BTreeMap<String, ParagraphStyle>,
    lists: BTreeMap<String, (String, Vec<Level>)>,
    counters: BTreeMap<String, Counter>,
    lines: Lines,
}

impl Reader {
    fn blocks(&mut self, parent: Node, depth: usize) {
        for node in parent.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "p" => self.paragraph(node, depth),
                "tbl" => {
                    let rows = self.table(node, depth + 1);
                    self.lines.table(&rows);
                }
                "sdt" | "sdtContent" | "customXml" | "smartTag" | "ins" | "moveTo" if depth < 4 * DEEPEST => self.blocks(node, depth + 1),
                "del" | "moveFrom" => self.lines.leave_out("deleted passages"),
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, node: Node, depth: usize) {
        let properties = child(&node, "pPr");
        let style = properties.as_ref().and_then(|node| value(node, "pStyle")).unwrap_or_default();
        let chain: Vec<ParagraphStyle> =
            std::iter::successors(self.styles.get(style), |style| self.styles.get(style.based_on.as_deref()?)).take(16).cloned().collect();
        let name = chain.first().map_or("", |style| style.name.as_str());
        let own_jc = properties.as_ref().and_then(|node| value(node, "jc")).map(|jc| jc == "center");
        let centred = own_jc.or_else(|| chain.iter().find_map(|style| style.centred)).unwrap_or(false);
        let title = centred || name == "title" || name == "subtitle";
        let own_number = properties.as_ref().and_then(numbered);
        let number = own_number.or_else(|| chain.iter().find_map(|style| style.numbered.clone()));
        let mut text = self.text(node);
        if !name.starts_with("toc") {
            text = text.replace('\t', "　");
        }
        if !text.trim().is_empty() {
            text = self.number(number) + text.trim_start();
        }
        self.lines.paragraph(&text, if title { Stand::Title } else { Stand::Body });
        // A text box hangs on a paragraph; its older form stands beside it as a fallback.
        if depth < DEEPEST {
            for inner in boxes(node) {
                self.blocks(inner, depth + 1);
            }
        }
    }

    fn number(&mut self, numbered: Option<Numbered>) -> String {
        let Some((list, level)) = numbered else { return String::new() };
        let Some((counter, levels)) = self.lists.get(&list) else { return String::new() };
        self.counters.entry(counter.clone()).or_default().next(levels, level)
    }

    /// The text of a paragraph's runs.
    fn text(&mut self, paragraph: Node) -> String {
        let mut text = String::new();
        self.runs(paragraph, &mut text, 0);
        text
    }

    fn runs(&mut self, parent: Node, text: &mut String, depth: usize) {
        for node in parent.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "t" => text.push_str(node.text().unwrap_or_default()),
                "tab" | "ptab" => text.push('\t'),
                "br" if attribute(&node, "type") == Some("page") => {}
                "br" | "cr" => text.push('\n'),
                "noBreakHyphen" => text.push('-'),
                "footnoteReference" | "endnoteReference" => {
                    text.push_str(&format!("［注{}］", attribute(&node, "id").unwrap_or_default()));
                }
                "sym" => self.lines.leave_out("signs of special fonts"),
                "del" | "moveFrom" => self.lines.leave_out("deleted passages"),
                "r" if child(&node, "rPr").is_some_and(|node| child(&node, "vanish").is_some()) => self.lines.leave_out("hidden passages"),
                "drawing" | "pict" | "object" if node.descendants().any(|node| is(&node, "blip") || is(&node, "imagedata")) => {
                    self.lines.leave_out("pictures");
                }
                "pPr" | "rPr" | "instrText" | "delText" | "rt" | "rubyPr" | "Fallback" | "txbxContent" | "drawing" | "pict" | "object" => {}
                _ if depth < 32 => self.runs(node, text, depth + 1),
                _ => {}
            }
        }
    }

    fn table(&mut self, table: Node, depth: usize) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for row in wrapped(table, "tr") {
            let mut cells = Vec::new();
            for cell in wrapped(row, "tc") {
                let properties = child(&cell, "tcPr");
                let merge = properties.as_ref().and_then(|node| child(node, "vMerge"));
                let goes_on = merge.is_some_and(|node| attribute(&node, "val") != Some("restart"));
                let span = properties.as_ref().and_then(|node| value(node, "gridSpan")).and_then(|span| span.parse().ok()).unwrap_or(1);
                cells.push(if goes_on { String::new() } else { self.cell(cell, depth) });
                cells.extend((1..usize::min(span, 64)).map(|_| String::new()));
            }
            rows.push(cells);
        }
        rows
    }

    fn cell(&mut self, cell: Node, depth: usize) -> String {
        let mut text = String::new();
        for node in cell.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "p" => text.push_str(&self.text(node)),
                "tbl" if depth < DEEPEST => text.push_str(&self.table(node, depth + 1).concat().join(" ")),
                "sdt" => node.descendants().filter(|node| is(node, "p")).for_each(|node| text.push_str(&self.text(node))),
                _ => continue,
            }
            text.push('\n');
        }
        text
    }
}

/// Children of this name, also inside content controls and revisions.
fn wrapped<'a, 'i>(parent: Node<'a, 'i>, name: &'static str) -> Vec<Node<'a, 'i>> {
    let mut found = Vec::new();
    for node in parent.children().filter(Node::is_element) {
        match node.tag_name().name() {
            one if one == name => found.push(node),
            "sdt" | "sdtContent" | "customXml" | "ins" => found.extend(wrapped(node, name)),
            _ => {}
        }
    }
    found
}

/// The text boxes of a paragraph, each once.
fn boxes<'a, 'i>(paragraph: Node<'a, 'i>) -> Vec<Node<'a, 'i>> {
    let content = paragraph.descendants().filter(|node| is(node, "txbxContent"));
    content
        .filter(|node| {
            let above: Vec<Node> = node.ancestors().skip(1).take_while(|node| *node != paragraph).collect();
            !above.iter().any(|node| is(node, "Fallback") || is(node, "txbxContent"))
        })
        .collect()
}
