//! Passages that stand in several reports, word for word.
//!
//! `Document` ──► [`letters`]: a row of letters ──► [`anchors`]: the same few places picked wherever the same letters stand
//!
//! `Archive` and these ──► [`memory`]: which reports are to be looked at again ──► [`passages`]: what is the same around the places
//! that are ──► one [`Reuse`] for each report
//!
//! Letters are those of the search ([`crate::search::normal`]): punctuation, spaces, line and paragraph breaks, width and
//! case make no difference. Places are picked by winnowing: S. Schleimer, D. S. Wilkerson, A. Aiken: Winnowing: Local
//! Algorithms for Document Fingerprinting, SIGMOD 2003, which guarantees that two texts sharing [`SHORTEST`] letters share a
//! picked place. What that place has around it is then compared letter by letter, so nothing is found that is not the same.
//!
//! Promise: where two reports share a passage of [`SHORTEST`] letters, and the place picked in it stands in [`EXAMINED`] places
//! or fewer, some of it lies in a passage that is found. In an archive where a phrase stands in more, some of these are looked
//! at, and those of the same region always; the count is then an estimate and says so.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::archive::{Archive, ReportId};
use crate::document::Block;
use crate::insight::digest::Digests;

mod anchors;
mod letters;
mod memory;
mod passages;

use anchors::Anchors;
pub use anchors::Picks;
use letters::Letters;
use memory::Known;
pub use memory::Memory;
use passages::Finder;

/// Letters of the shortest passage.
pub const SHORTEST: usize = 20;
/// Places that a picked place is compared with, beside those of the same region.
pub const EXAMINED: usize = 8;
/// Passages told of one report: the longest, those of few regions first.
pub const TOLD: usize = 30;
/// Other places told of one passage.
pub const SHOWN: usize = 5;
/// A passage of so many regions is a set phrase.
pub const SET_REGIONS: usize = 5;

/// What a report shares with others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reuse {
    /// In the order of the text, [`TOLD`] at most. Two may overlap, none holds another.
    pub passages: Vec<Passage>,
    /// How many more there are.
    pub untold: usize,
}

/// A passage that also stands elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    pub from: Point,
    /// One past its last character.
    pub to: Point,
    pub letters: usize,
    pub kind: Kind,
    /// Where else it stands, four fifths of it at least: each report once, [`SHOWN`] at most, the same region first, then the
    /// longest.
    pub places: Vec<Place>,
    /// How many other reports hold it.
    pub others: usize,
    /// `others` is an estimate.
    pub about: bool,
}

/// A place in a report's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Point {
    /// Index into [`crate::document::Document::blocks`].
    pub block: usize,
    /// In the block's text.
    pub byte: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub report: ReportId,
    /// Where the passage begins there.
    pub block: usize,
}

/// What the sharing of a passage says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// Another report of the same region has it, and not all of it is a set phrase.
    Own,
    /// A few other regions have it, this one has it once.
    Borrowed,
    /// [`SET_REGIONS`] regions or more have it, or most of it (all of it, in turn, if this region repeats it): everybody says so.
    SetPhrase,
}

/// For each report of the archive, in its order, what it shares with others; `memory` is what the last build left, and makes this
/// quicker, not different. Deterministic for any number of threads.
///
/// An archive of more than 2³² letters shares nothing.
pub fn reuse(archive: &Archive, digests: &Digests, memory: &mut Memory) -> Arc<Vec<Reuse>> {
    let last = std::mem::take(memory);
    let Some(letters) = Letters::of(archive, digests) else { return Arc::default() };
    let near = passages::neighbours(archive);
    let known = Known::of(archive, &near);
    let stale = last.stale(&known, &letters, digests);
    let wanted = stale.wanted(archive, digests);
    let anchors = Anchors::of(&letters, wanted.as_ref());
    let finder = Finder { archive, letters: &letters, anchors: &anchors, near: &near };
    let (found, reach) = stale.renew(last, |id| finder.report(id));
    let found = Arc::new(found);
    *memory = Memory::new(known, found.clone(), reach);
    found
}

/// The running words of a block: the cells of a table are repeated by form, not by word.
fn words(block: &Block) -> std::borrow::Cow<'_, str> {
    match block {
        Block::Table(_) => "".into(),
        block => block.text(),
    }
}
