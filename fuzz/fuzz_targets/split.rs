//! Compilations in any disorder: contents lists that name too much or too little, titles that repeat, numbering that begins
//! anew. The reports stand in the order of the source, share no line, and the contents list points at them or at nothing.
#![no_main]

use huibian::document::{self, TitleOrigin};
use huibian::source::{Encoding, Format, Source, SourcePath, SourceText};
use libfuzzer_sys::fuzz_target;

/// What the cutting looks at. `@` is a place, `#` a number.
const LINES: [&str; 32] = [
    "目　　录\n",
    "@市工作总结\n",
    "#年@县水利工作综述\n",
    "@市工作总结……#\n",
    "#年@县水利工作综述\t#\n",
    "：新时代十年@市组织工作综述\n",
    "一、省级\n",
    "二、市级\n",
    "@省部分\n",
    "一、总体情况\n",
    "二、主要做法。各地行动起来，成效明显。\n",
    "三、下一步打算\n",
    "（一）夯实基础\n",
    "（二）完善制度。健全机制。\n",
    "1.登记\n",
    "第一章 总则\n",
    "　　今年以来，@市坚持把水利建设作为重要支撑，新建水渠#公里。\n",
    "持续加大投入力度，完善工\n",
    "@市水利局\n",
    "#年5月1日\n",
    "在@市工作会议上的讲话\n",
    "（#年3月1日）\n",
    "同志们：\n",
    "@工作汇编\n",
    "（共#篇）\n",
    "- # -\n",
    "附件：1.名录\n",
    "关于@县工作情况的报告\n",
    "\n",
    "\u{c}",
    "##paidbegin##",
    "免责声明：版权归作者所有。\n",
];
const PLACES: [&str; 6] = ["安康", "四平", "某某", "xxx", "**", "甲"];

/// Two bytes are one line: which, and what stands in it. A byte above all lines brings a character of its own.
fn text(bytes: &[u8]) -> String {
    let mut text = String::new();
    for pair in bytes.chunks(2).take(600) {
        let with = pair.get(1).copied().unwrap_or(0);
        match LINES.get(usize::from(pair[0]) % 36) {
            Some(line) => {
                let place = PLACES[usize::from(with) % PLACES.len()];
                text.push_str(&line.replace('@', place).replace('#', &(usize::from(with) * 9).to_string()));
            }
            None => text.push(char::from_u32(u32::from(with) * 257).unwrap_or('\n')),
        }
    }
    text
}

fuzz_target!(|bytes: &[u8]| {
    let text = text(bytes);
    let source = Source {
        path: SourcePath::new("汇编.txt"),
        format: Format::Text,
        size: text.len() as u64,
        sha256: String::new(),
        encoding: Encoding::Utf8,
        decided_by: String::new(),
        text: SourceText::new(text.as_str()),
    };
    let reading = document::read(&source);
    assert!(!reading.documents.is_empty());
    let mut after = 0;
    for document in &reading.documents {
        assert!(!document.title.text.is_empty());
        assert!(document.lines.start <= document.lines.end);
        assert!(document.lines.start >= after, "two reports share a line: {text}");
        after = document.lines.end;
        if let TitleOrigin::Body(lines) = document.title.from {
            assert!(lines.start >= document.lines.start && lines.end <= document.lines.end);
        }
        assert!(document.blocks.iter().all(|block| !block.text().trim().is_empty()));
    }
    assert!(reading.documents.len() == 1 || reading.compilation.is_some());
    for entry in reading.compilation.iter().flat_map(|compilation| &compilation.contents) {
        assert!(entry.document.is_none_or(|document| document < reading.documents.len()));
    }
    let mut at = 0;
    for piece in &reading.account {
        assert_eq!(piece.span.start, at);
        at = piece.span.end;
    }
    assert_eq!(at as usize, text.len());
    assert_eq!(document::read(&source), reading);
});
