//! The quantities that reports state: `选派186名干部` is 186, 名, 选派…干部.
//!
//! `Document` ──► [`figures`] ──► `Vec<Figure>`
//!
//! What only looks like a quantity gives none: dates, document numbers, blanked numbers, ordinals, numbers of
//! headings, set phrases (`八项规定`, `“两个维护”`). Where a rule is in doubt it gives none: a reader trusts a table
//! that lacks a row more than one that has a wrong one.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::document::{Block, Document, ParagraphRole};
use crate::insight::sentence::sentences;

mod about;
mod number;
mod scan;
mod unit;

pub use scan::{Bound, Quantity, quantities, stated as quantities_with_places};
pub use unit::number::name as unit_name;

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
    stated(document).iter().map(|stated| stated.figure(document)).collect()
}

/// A quantity and where it stands, without the text around it.
#[derive(Serialize, Deserialize)]
pub struct Stated {
    quantity: Quantity,
    block: u32,
    /// Of the block's text, in bytes.
    sentence: Range<u32>,
    /// Of the sentence, in bytes.
    place: Range<u32>,
}

impl Stated {
    /// Its unit without the scale, as [`unit_name`] knows it.
    pub fn unit(&self) -> u8 {
        unit::number::of(self.quantity.base)
    }

    /// The block, and the bytes of its text that hold the number and its unit.
    pub fn place(&self) -> (usize, Range<usize>) {
        let start = self.sentence.start as usize;
        (self.block as usize, start + self.place.start as usize..start + self.place.end as usize)
    }

    /// With the sentence of the document that it was found in.
    pub fn figure(&self, document: &Document) -> Figure {
        let Self { quantity, block, sentence, place } = self;
        let wide = |range: &Range<u32>| range.start as usize..range.end as usize;
        let text = document.blocks.get(*block as usize).map(Block::text).unwrap_or_default();
        let sentence = text.get(wide(sentence)).unwrap_or_default();
        Figure { quantity: quantity.clone(), sentence: around(sentence, &wide(place)), block: *block as usize }
    }
}

/// What [`figures`] tells, without repeating the text.
pub fn stated(document: &Document) -> Vec<Stated> {
    let mut found = Vec::new();
    for (block, text) in running_text(document) {
        let mut start = 0;
        for sentence in sentences(text) {
            let end = start + sentence.len() as u32;
            let narrow = |range: Range<usize>| range.start as u32..range.end as u32;
            let quantities = scan::stated(sentence).into_iter();
            found.extend(quantities.map(|(quantity, place)| Stated {
                quantity,
                block: block as u32,
                sentence: start..end,
                place: narrow(place),
            }));
            start = end;
        }
    }
    found
}

/// Writes them down, for [`unpack`].
pub fn pack(stated: &[Stated]) -> Vec<u8> {
    postcard::to_allocvec(stated).expect("strings, numbers and lists can be written")
}

pub fn unpack(bytes: &[u8]) -> Vec<Stated> {
    match bytes {
        [] => Vec::new(),
        // A memo is believed only if it was written by this program and has its checksum.
        bytes => postcard::from_bytes(bytes).expect("a memo with its checksum holds what was written"),
    }
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

fn running_text(document: &Document) -> impl Iterator<Item = (usize, &str)> {
    document.blocks.iter().enumerate().filter_map(|(i, block)| match block {
        Block::Paragraph(paragraph) if !matches!(paragraph.role, ParagraphRole::Number | ParagraphRole::Date) => {
            Some((i, paragraph.text.as_str()))
        }
        Block::Rich(rich) => Some((i, rich.text.as_str())),
        Block::Paragraph(_) | Block::Heading(_) | Block::Table(_) => None,
    })
}
