//! What stands for a report.

use serde::{Deserialize, Serialize};

use crate::archive::SourceRecord;
use crate::classify::Labels;
use crate::document::{Document, Key};

/// The keys of one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// Of all that a page can show of it: the document, its labels, and its file's name, sum and encoding. Not of what others
    /// decide: its address, whether the file is withheld, which copies it has.
    pub report: Key,
    /// Of its title and of the text of each block: of all that can be searched.
    pub text: Key,
}

impl Keys {
    pub fn of(source: &SourceRecord, document: &Document, labels: &Labels) -> Self {
        let SourceRecord { path, format, size, sha256, encoding, decided_by, withheld: _, copies: _ } = source;
        let report = Key::of(&((path, format, size, sha256, encoding, decided_by), document, labels));
        let texts = document.blocks.iter().map(|block| block.text());
        Self { report, text: Key::of_texts(std::iter::once(document.title.text.as_str().into()).chain(texts)) }
    }
}
