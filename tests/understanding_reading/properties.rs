//! What must hold for every text.

use huibian::document::{Reading, Role};
use huibian::source::{SourceText, decode};
use proptest::prelude::*;

use crate::{read, source};

/// Texts made of what the rules look at, far denser than any report, and of anything else.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("某某县水利工作总结\n"),
        Just("2023年某某市农业工作综述\n"),
        Just("目　　录\n"),
        Just("关于某县工作情况的报告\n"),
        Just("某某县水利工作总结……12\n"),
        Just("2023年某某市农业工作综述\t3\n"),
        Just("一、总体情况\n"),
        Just("二、主要做法。"),
        Just("（一）夯实基础。各村行动起来。"),
        Just("1.完善制度\n"),
        Just("（1）登记；\n"),
        Just("一是加强领导。"),
        Just("　　"),
        Just("全县坚持把水利建设作为乡村振兴的重要支撑，持续加大投入力度，完善工\n"),
        Just("今年以来，工作顺利。\n"),
        Just("同志们：\n"),
        Just("某某县水利局\n2023年5月1日\n"),
        Just("— 3 —\n"),
        Just("第 3 页 共 9 页\n"),
        Just("7\n"),
        Just("##paidbegin##"),
        Just("联系12345678，"),
        Just("&nbsp;"),
        Just("\n\n免责声明：版权归作者所有。\n"),
        Just("甲\t乙\t丙\n丁\t戊\t己\n"),
        Just("| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |\n"),
        Just("附件：1.名录\n"),
        Just("\u{feff}"),
        Just("\u{202e}"),
        Just("\u{e000}"),
        Just("\r\n"),
        Just("\n"),
        Just("\u{c}"),
        Just("# "),
        Just("**“甲”**乙"),
        Just("```\n"),
        Just("+++\n"),
        Just("---\n"),
        Just("title: 甲\n"),
    ];
    let known = proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat());
    let mixed = (known.clone(), ".{0,40}", known.clone()).prop_map(|(before, any, after)| before + &any + &after);
    prop_oneof![known, mixed, "[\\s\\S]{0,80}"]
}

fn check_account(text: &str, reading: &Reading) -> Result<(), TestCaseError> {
    let mut at = 0;
    for piece in &reading.account {
        prop_assert_eq!(piece.span.start, at, "the pieces stand end to end");
        prop_assert!(piece.span.end > piece.span.start);
        at = piece.span.end;
        let own = &text[piece.span.range()];
        if piece.role == Role::Space {
            prop_assert!(own.trim().is_empty(), "space holds text: {:?}", own);
        }
        if piece.role == Role::Residue {
            let mut rest = bare(own);
            for known in ["##paidbegin##", "联系12345678，", "&nbsp;"] {
                rest = rest.replace(known, "");
            }
            prop_assert!(rest.is_empty(), "residue holds text: {:?}", own);
        }
        if let Some(document) = piece.document {
            prop_assert!(document < reading.documents.len());
        }
    }
    prop_assert_eq!(at as usize, text.len());
    Ok(())
}

/// Without white space and what no reader sees.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !"\u{feff}\u{200b}\u{2060}\u{ad}\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}".contains(*c)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// Every byte has one role, and paragraphs hold all the characters that the account gives them.
    #[test]
    fn reading_loses_nothing(text in text()) {
        let reading = read(&text);
        prop_assert!(!reading.documents.is_empty());
        check_account(&text, &reading)?;
        for (index, document) in reading.documents.iter().enumerate() {
            let role = |wanted: Role| -> String {
                reading.account.iter().filter(|piece| piece.document == Some(index) && piece.role == wanted).map(|piece| bare(&text[piece.span.range()])).collect()
            };
            let paragraphs: String = document.blocks.iter().filter(|block| matches!(block, huibian::document::Block::Paragraph(_))).map(|block| bare(&block.text())).collect();
            let in_order = |text: &str| { let mut all: Vec<char> = text.chars().collect(); all.sort_unstable(); all };
            prop_assert_eq!(in_order(&paragraphs), in_order(&role(Role::Paragraph)));
            prop_assert!(!document.title.text.is_empty());
            prop_assert!(document.lines.start <= document.lines.end);
            let mut before = 0;
            for block in &document.blocks {
                prop_assert!(block.lines().start <= block.lines().end);
                before = before.max(block.lines().start);
            }
        }
    }

    #[test]
    fn markdown_loses_nothing(text in text()) {
        let reading = huibian::document::read(&source("某文.md", &text));
        prop_assert_eq!(reading.documents.len(), 1);
        check_account(&text, &reading)?;
    }

    /// Another report after a report changes nothing in it.
    #[test]
    fn a_report_after_it_changes_nothing(sections in proptest::collection::vec(0usize..4, 2..6), lines in 1usize..4) {
        let numbers = ["一", "二", "三", "四", "五", "六"];
        let bodies = [
            "　　全县坚持把水利建设作为乡村振兴的重要支撑，持续加大投入力度，完善工\n程体系，提升管护水平。\n",
            "　　今年以来，工作顺利推进。\n　　一是加强领导。各村行动起来。\n",
            "（一）夯实基础。各村行动起来，成效明显。\n　　渠道通水。\n",
            "　　全年完成投资3.2亿元。\n• 清淤\n",
        ];
        let mut report = String::from("某某县水利工作总结\n　　今年以来，工作顺利。\n");
        for (at, &section) in sections.iter().enumerate() {
            report += &format!("{}、第{}项工作\n", numbers[at], at + 1);
            report += &bodies[section].repeat(lines);
        }
        let other = "2023年某某市农业工作综述\n　　过去一年，全市农业平稳发展。\n一、生产情况\n　　粮食丰收。\n二、存在问题\n　　仓储不足。\n";
        let alone = read(&report);
        let followed = read(&(report.clone() + other));
        prop_assert_eq!(alone.documents.len(), 1);
        prop_assert_eq!(followed.documents.len(), 2);
        prop_assert_eq!(&alone.documents[0], &followed.documents[0]);
    }

    /// Any bytes are text or refused, and text is kept as it is.
    #[test]
    fn decoding_is_exact_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[一-龥，。]{1,60}") {
        if let Ok(decoded) = decode(&bytes) {
            let replaced = |text: &str| text.contains(char::REPLACEMENT_CHARACTER);
            prop_assert!(!replaced(&decoded.text) || replaced(&String::from_utf8_lossy(&bytes)));
        }
        prop_assert_eq!(decode(text.as_bytes()).map(|decoded| decoded.text), Ok(text));
    }

    #[test]
    fn lines_cover_the_text(text in "[a\\n\\r一]{0,40}") {
        let source = SourceText::new(text.clone());
        let mut at = 0;
        for (number, span, line) in source.lines() {
            prop_assert!(text[at..span.start as usize].bytes().all(|b| b == b'\n' || b == b'\r'));
            prop_assert_eq!(source.line(number), line);
            prop_assert_eq!(source.line_at(span.start as usize), number);
            at = span.end as usize;
        }
        prop_assert!(text[at..].bytes().all(|b| b == b'\n' || b == b'\r'));
    }
}
