//! Every Markdown source reads without a panic, is accounted for, and gives HTML that runs nothing.
#![no_main]

use huibian::document::{self, Block};
use huibian::source::{Encoding, Format, Source, SourcePath, SourceText};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let source = Source {
        path: SourcePath::new("总结.md"),
        format: Format::Markdown,
        size: text.len() as u64,
        sha256: String::new(),
        encoding: Encoding::Utf8,
        decided_by: String::new(),
        text: SourceText::new(text),
    };
    let reading = document::read(&source);
    assert_eq!(reading.account.last().map_or(0, |piece| piece.span.end as usize), text.len());
    for block in &reading.documents[0].blocks {
        if let Block::Rich(rich) = block {
            let html = rich.html.to_ascii_lowercase();
            for bad in ["<script", "<iframe", "<img", "<object", "<style", "<a href=\"javascript:", "<a href=\"data:", "<a href=\"vbscript:"] {
                assert!(!html.contains(bad), "{bad} in {html}");
            }
        }
    }
});
