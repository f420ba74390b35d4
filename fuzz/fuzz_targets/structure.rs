//! Every text reads without a panic, and the account holds all of it.
#![no_main]

use huibian::document::{self, Role};
use huibian::source::{Encoding, Format, Source, SourcePath, SourceText};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let source = Source {
        path: SourcePath::new("总结.txt"),
        format: Format::Text,
        size: text.len() as u64,
        sha256: String::new(),
        encoding: Encoding::Utf8,
        decided_by: String::new(),
        text: SourceText::new(text),
    };
    let reading = document::read(&source);
    assert!(!reading.documents.is_empty());
    let mut at = 0;
    for piece in &reading.account {
        assert_eq!(piece.span.start, at);
        at = piece.span.end;
        assert!(piece.role != Role::Space || text[piece.span.range()].trim().is_empty());
        assert!(piece.document.is_none_or(|document| document < reading.documents.len()));
    }
    assert_eq!(at as usize, text.len());
});
