//! The quantities that reports state: `选派186名干部` is 186, 名, 选派…干部.
//!
//! `Document` ──► [`figures`] ──► `Vec<Figure>`
//!
//! What only looks like a quantity gives none: dates, document numbers, blanked numbers, ordinals, numbers of
//! headings, set phrases (`八项规定`, `“两个维护”`). Where a rule is in doubt it gives none: a reader trusts a table
//! that lacks a row more than one that has a wrong one.

use std::ops::Range;

use crate::document::{Block, Document, ParagraphRole};
use crate::insight::sentence::sentences;

mod about;
mod number;
mod scan;
mod unit;

pub use scan::{Bound, Quantity, places as quantity_places, quantities, units};

/// Bytes of the longest sentence that is told as a whole: five hundred Chinese characters.
const LONGEST: usize = 1_500;

/// A quantity and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub quantity: Quantity,
    /// The sentence that states it.
    pub sentence: String,
    /// Index into the document's blocks.
    pub block: usize,
}

/// The quantities of a document's running text, in order. Headings and tables are left out: a table's numbers
/// have their units in another cell.
pub fn figures(document: &Document) -> Vec<Figure> {
    let mut found = Vec::new();
    for (block, text) in running_text(document) {
        for sentence in sentences(text) {
            let places = scan::places(sentence);
            let quantities = quantities(sentence).into_iter().zip(&places);
            found.extend(quantities.map(|(quantity, place)| Figure { quantity, sentence: around(sentence, place), block }));
        }
    }
    found
}

/// A sentence; of one that never ends, what stands around the quantity. A list of such would repeat it for each.
fn around(sentence: &str, place: &Range<usize>) -> String {
    if sentence.len() <= LONGEST {
        return sentence.trim().to_owned();
    }
    let start = sentence.floor_char_boundary(place.start.saturating_sub(LONGEST / 2));
    let end = sentence.ceil_char_boundary((place.end + LONGEST / 2).min(sentence.len()));
    let mark = |cut: bool| if cut { "…" } else { "" };
    format!("{}{}{}", mark(start > 0), sentence[start..end].trim(), mark(end < sentence.len()))
}

/// Where the [`figures`] of a document stand, in the same order: the block, and the bytes of its text that hold the
/// number and its unit.
pub fn places(document: &Document) -> Vec<(usize, Range<usize>)> {
    let mut found = Vec::new();
    for (block, text) in running_text(document) {
        let mut start = 0;
        for sentence in sentences(text) {
            found.extend(scan::places(sentence).into_iter().map(|place| (block, start + place.start..start + place.end)));
            start += sentence.len();
        }
    }
    found
}

/// The units of a document's [`figures`], in the same order.
pub fn units_of(document: &Document) -> Vec<&'static str> {
    running_text(document).flat_map(|(_, text)| sentences(text)).flat_map(units).collect()
}

fn running_text(document: &Document) -> impl Iterator<Item = (usize, &str)> {
    document.blocks.iter().enumerate().filter_map(|(i, block)| match block {
        Block::Paragraph(paragraph) if !matches!(paragraph.role, ParagraphRole::Number | ParagraphRole::Date) => {
            Some((i, paragraph.text.as_str()))
        }
        Block::Rich(rich) => Some((i, rich.text.as_str())),
        Block::Paragraph(_) | Block::Heading(_) | Block::Table(_) => None,
    })
}
