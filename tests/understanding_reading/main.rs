//! How uploads are read: decoding, structure, Markdown. The cases are in `tests/cases/`.
#![allow(clippy::disallowed_methods)] // the cases are files

mod cases;
mod decoding;
mod lines;
mod markdown;
mod properties;
mod uploads;

use huibian::document::{self, Reading};
use huibian::source::{Encoding, Format, Source, SourcePath, SourceText};

/// A source as `source` hands it on.
fn source(path: &str, text: &str) -> Source {
    Source {
        path: SourcePath::new(path),
        format: if path.ends_with(".md") { Format::Markdown } else { Format::Text },
        size: text.len() as u64,
        sha256: String::new(),
        encoding: Encoding::Utf8,
        decided_by: "valid UTF-8".into(),
        text: SourceText::new(text),
    }
}

fn read(text: &str) -> Reading {
    document::read(&source("某文.txt", text))
}
