//! The row of classifiers that a document passes.

use crate::classify::{Gazetteer, Labels, Placement, Section};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::document::{Block, Document, Reading};
use crate::source::Source;

/// Everything that is built once from the configuration and then asked for every document.
pub struct Classifier {
    pub gazetteer: Gazetteer,
}

impl Classifier {
    /// `overrides` is the text of `content/overrides.csv`, if there is one.
    pub fn new(config: &Config, _overrides: Option<&str>, _diagnostics: &mut Vec<Diagnostic>) -> Self {
        Self { gazetteer: Gazetteer::new(config) }
    }
}

/// Labels every document of a reading, in order. Pure: the same input gives the same labels.
pub fn label(_source: &Source, reading: &Reading, classifier: &Classifier) -> Vec<Labels> {
    reading.documents.iter().map(|document| label_one(document, classifier)).collect()
}

fn label_one(document: &Document, _classifier: &Classifier) -> Labels {
    let mut sections = Vec::new();
    let mut first = 0;
    let mut heading = None;
    for (i, block) in document.blocks.iter().enumerate() {
        if let Block::Heading(h) = block
            && h.depth == 1
        {
            if i > first {
                sections.push(Section { heading, first_block: first, end_block: i, themes: Vec::new() });
            }
            first = i;
            heading = Some(h.text.clone());
        }
    }
    if document.blocks.len() > first {
        sections.push(Section { heading, first_block: first, end_block: document.blocks.len(), themes: Vec::new() });
    }
    Labels { placement: Placement::Unplaced, level: None, kind: None, year: None, period: None, date: None, themes: Vec::new(), sections }
}
