//! Whole texts: one file a case, under `tests/cases/structure/`. The text, a line `---`, and how it must be read:
//!
//! ```text
//! report: 某某县工作总结          one for each report
//!   group: 一、市级               its heading in the contents list
//!   [1] 一、总体情况              a heading and its depth
//!   一段 / 接续的一行             a paragraph; ` / ` where two lines were joined
//!   addressee: 县委：             a paragraph with a role
//!   | 甲 | 乙 |                   a row of a table
//! page-number: - 1 -              what belongs to no report or was dropped
//! warning title-differs, line 3
//! ```
//!
//! `UPDATE_CASES=1 cargo test` writes what is read into the files: look at the difference.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use huibian::document::{Block, Document, Paragraph, ParagraphRole, Reading, Role, TitleOrigin};

#[test]
fn structures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/structure");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder).expect("the folder of the cases").map(|entry| entry.expect("a case").path()).collect();
    files.sort();
    assert!(files.len() >= 30, "the cases are there");
    let update = std::env::var("UPDATE_CASES").is_ok();
    let mut wrong = String::new();
    for file in files {
        let case = std::fs::read_to_string(&file).expect("cases are UTF-8");
        let (text, expected) = case.split_once("\n---\n").expect("a line --- between the text and its outline");
        let got = outline(text, &super::read(text));
        if update {
            std::fs::write(&file, format!("{text}\n---\n{got}")).expect("cases can be written");
        } else if got != expected {
            writeln!(wrong, "{}:\n--- expected\n{expected}--- got\n{got}", file.display()).expect("writing to a string cannot fail");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn outline(text: &str, reading: &Reading) -> String {
    let mut out = String::new();
    if let Some(compilation) = &reading.compilation {
        out += &format!("compilation: {}\n", compilation.title.as_deref().unwrap_or("-"));
    }
    for document in &reading.documents {
        out += &report(document);
    }
    let dropped = [Role::Contents, Role::PageNumber, Role::RunningHead, Role::Residue, Role::Trailer];
    for piece in reading.account.iter().filter(|piece| dropped.contains(&piece.role)) {
        let role = serde_json::to_string(&piece.role).expect("roles are names");
        out += &format!("{}: {}\n", role.trim_matches('"'), text[piece.span.range()].escape_debug());
    }
    for diagnostic in &reading.diagnostics {
        let line = diagnostic.place.as_ref().and_then(|place| place.line);
        out += &format!("warning {}, line {}\n", diagnostic.code, line.map_or("-".into(), |line| line.to_string()));
    }
    out
}

fn report(document: &Document) -> String {
    let mut out = match document.title.from {
        TitleOrigin::FileName => "report without a title\n".to_owned(),
        _ => format!("report: {}\n", document.title.text),
    };
    if let Some(group) = &document.group {
        out += &format!("  group: {group}\n");
    }
    for block in &document.blocks {
        match block {
            Block::Heading(heading) => out += &format!("  [{}] {}\n", heading.depth, heading.text),
            Block::Paragraph(paragraph) => out += &format!("  {}\n", self::paragraph(paragraph)),
            Block::Table(table) => {
                for row in &table.rows {
                    out += &format!("  | {} |\n", row.join(" | "));
                }
            }
            Block::Rich(rich) => out += &format!("  rich: {}\n", rich.text),
        }
    }
    out
}

fn paragraph(paragraph: &Paragraph) -> String {
    let mut text = paragraph.text.clone();
    for join in paragraph.joins.iter().rev() {
        text.insert_str(join.at as usize, " / ");
    }
    match paragraph.role {
        ParagraphRole::Body => text,
        role => format!("{}: {text}", serde_json::to_string(&role).expect("roles are names").trim_matches('"')),
    }
}
