//! What the stages that look at all texts together need of one of them, so that a report that has not changed need not be looked
//! through again.
//!
//! `Document` ──► [`Digest`]: depends on the document alone, so a memo may keep it.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::archive::{Archive, Report};
use crate::document::anchor::{self, Name};
use crate::document::{Block, Document, Key, Packed};
use crate::insight::figures::{self, Figure};
use crate::insight::reuse::Picks;
use crate::insight::vocabulary;
use crate::search::alphabet::Characters;

/// One document, worked out once.
#[derive(Clone, Default)]
pub struct Digest {
    /// The names of its blocks, in order.
    pub anchors: Vec<Name>,
    /// Characters of its text, with blanks and without.
    pub length: u32,
    pub printed: u32,
    /// What its [`Digest::figures`] count, as [`figures::unit_name`] knows it.
    pub units: Vec<u8>,
    /// Its figures as [`figures::pack`] writes them: they are many, and seldom asked for.
    pub(crate) figures: Packed,
    /// As [`vocabulary::word_ends`] tells them.
    pub(crate) word_ends: Packed,
    /// The places that [`crate::insight::reuse`] picks of it.
    pub picks: Picks,
    /// Those of its title and its blocks.
    pub characters: Characters,
    /// As [`Digest::headings`] reads them.
    pub(crate) headings: Packed,
}

impl Digest {
    pub fn of(document: &Document) -> Self {
        let stated = figures::stated(document);
        let (mut length, mut printed) = (0, 0);
        for block in &document.blocks {
            for c in block.text().chars() {
                length += 1;
                printed += u32::from(!c.is_whitespace());
            }
        }
        let texts = document.blocks.iter().map(|block| block.text());
        let headings: Vec<&str> = document.blocks.iter().filter_map(outermost).collect();
        Self {
            anchors: anchor::names(document),
            length,
            printed,
            units: stated.iter().map(figures::Stated::unit).collect(),
            figures: figures::pack(&stated).into(),
            word_ends: vocabulary::word_ends(document).into(),
            picks: Picks::of(document),
            characters: Characters::of(std::iter::once(document.title.text.as_str().into()).chain(texts)),
            headings: postcard::to_allocvec(&headings).expect("a list of strings can be written").into(),
        }
    }

    /// Its outermost headings, in order.
    pub fn headings(&self) -> Vec<&str> {
        postcard::from_bytes(&self.headings).unwrap_or_default()
    }

    /// Where the [`Digest::figures`] stand, in the same order: the block, and the bytes of its text.
    pub fn figure_places(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        figures::unpack(&self.figures).into_iter().map(|stated| stated.place())
    }

    /// Some of the [`Digest::figures`], by their numbers. What there is none of is left out.
    pub fn some_figures(&self, document: &Document, numbers: impl Iterator<Item = usize>) -> Vec<Figure> {
        let stated = figures::unpack(&self.figures);
        numbers.filter_map(|number| stated.get(number)).map(|stated| stated.figure(document)).collect()
    }

    /// The quantities that the document states, in order.
    pub fn figures(&self, document: &Document) -> Vec<Figure> {
        figures::unpack(&self.figures).iter().map(|stated| stated.figure(document)).collect()
    }
}

fn outermost(block: &Block) -> Option<&str> {
    match block {
        Block::Heading(heading) if heading.depth == 1 => Some(&heading.text),
        _ => None,
    }
}

/// The digests of an archive's reports, and of some that are no more: those that the last build had.
#[derive(Default)]
pub struct Digests {
    digests: FxHashMap<Key, Arc<Digest>>,
    former: FxHashMap<Key, Arc<Document>>,
}

impl Digests {
    /// All worked out anew.
    pub fn of(archive: &Archive) -> Self {
        archive
            .reports
            .par_iter()
            .map(|report| (report.keys.report, Arc::new(Digest::of(&report.document))))
            .collect::<Vec<_>>()
            .into_iter()
            .collect()
    }

    /// With the documents of some reports that are no more, by their keys.
    pub fn with_former(mut self, documents: impl IntoIterator<Item = (Key, Arc<Document>)>) -> Self {
        self.former.extend(documents);
        self
    }

    /// That of the report with this key.
    pub fn find(&self, report: &Key) -> Option<&Digest> {
        self.digests.get(report).map(|digest| &**digest)
    }

    pub fn get(&self, report: &Report) -> &Digest {
        self.find(&report.keys.report).expect("an archive and its digests come from the same documents")
    }

    /// What a report was that is no more, if anybody still knows.
    pub fn former(&self, report: &Key) -> Option<&Document> {
        self.former.get(report).map(|document| &**document)
    }
}

impl FromIterator<(Key, Arc<Digest>)> for Digests {
    fn from_iter<I: IntoIterator<Item = (Key, Arc<Digest>)>>(digests: I) -> Self {
        Self { digests: digests.into_iter().collect(), former: FxHashMap::default() }
    }
}
