//! Small rules: one row a case, in `tests/cases/{headings,joins,titles,elements}.txt`.

use std::path::Path;

use huibian::document::{Block, Document, ParagraphRole, TitleOrigin};

use crate::read;

/// The rows of a case file: what stands before and after `=>`.
fn rows(name: &str) -> Vec<(String, String)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name);
    let text = std::fs::read_to_string(file).expect("the cases are UTF-8");
    let rows: Vec<_> = text
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once("=>").map(|(a, b)| (a.trim_end().to_owned(), b.trim().to_owned())).expect("a row has `=>`"))
        .collect();
    assert!(rows.len() >= 10, "{name} has its cases");
    rows
}

#[track_caller]
fn check(name: &str, understand: impl Fn(&str) -> String) {
    let wrong: Vec<String> = rows(name)
        .into_iter()
        .filter_map(|(input, expected)| {
            let got = understand(&input);
            (got != expected).then(|| format!("{input}\n   expected {expected}\n   got      {got}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
}

/// `<depth> <heading>`, ` + <text that follows in the line>`, or `text`.
#[test]
fn headings() {
    check("headings.txt", |line| {
        let document = first(&format!("某某县工作总结\n　　今年以来，全县各项工作有序推进。\n{line}\n　　这是随后的一段正文。\n"));
        let blocks: Vec<&Block> = document.blocks.iter().filter(|block| block.lines().start == 3).collect();
        match blocks.as_slice() {
            [Block::Heading(heading)] => format!("{} {}", heading.depth, heading.text),
            [Block::Heading(heading), Block::Paragraph(rest)] => format!("{} {} + {}", heading.depth, heading.text, rest.text),
            [Block::Paragraph(before), Block::Heading(heading)] => format!("{} < {} {}", before.text, heading.depth, heading.text),
            [Block::Paragraph(_)] => "text".into(),
            other => format!("{other:?}"),
        }
    });
}

/// Lines parted by ` / `; then the paragraphs, parted by ` / `.
#[test]
fn joins() {
    check("joins.txt", |lines| {
        let text = lines.split(" / ").collect::<Vec<_>>().join("\n");
        let document = first(&format!("某某县工作总结\n　　今年以来，全县各项工作有序推进。\n{text}\n　　这是随后的一段正文。\n"));
        let blocks: Vec<String> = document.blocks[1..document.blocks.len() - 1].iter().map(|block| block.text().into_owned()).collect();
        blocks.join(" / ")
    });
}

/// The first lines of a file, parted by ` / `; then its title, or `none`.
#[test]
fn titles() {
    check("titles.txt", |lines| {
        let text = lines.split(" / ").collect::<Vec<_>>().join("\n");
        let document =
            first(&format!("{text}\n　　今年以来，全县各项工作有序推进，取得明显成效。\n一、总体情况\n　　这是随后的一段正文。\n"));
        if document.title.from == TitleOrigin::FileName { "none".into() } else { document.title.text }
    });
}

/// Lines parted by ` / `; then the role of each paragraph.
#[test]
fn elements() {
    check("elements.txt", |lines| {
        let text = lines.split(" / ").collect::<Vec<_>>().join("\n");
        let document = first(&text);
        let roles = document.blocks.iter().map(|block| match block {
            Block::Paragraph(paragraph) => match paragraph.role {
                ParagraphRole::Body => "text".into(),
                role => format!("{role:?}").to_lowercase(),
            },
            Block::Heading(_) => "heading".into(),
            Block::Table(_) | Block::Rich(_) => "other".into(),
        });
        roles.collect::<Vec<String>>().join(" / ")
    });
}

#[track_caller]
fn first(text: &str) -> Document {
    let reading = read(text);
    assert_eq!(reading.documents.len(), 1, "one report: {text}");
    Document::clone(&reading.documents[0])
}
