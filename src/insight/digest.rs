//! What the stages that look at all texts together need of one of them, so that a report that has not changed need not be looked
//! through again.
//!
//! `Document` ──► [`Digest`]: depends on the document alone, so a memo may keep it.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::archive::{Archive, Report};
use crate::document::anchor::{self, Name};
use crate::document::{Document, Key, Packed};
use crate::insight::figures::{self, Figure};
use crate::insight::reuse::Picks;
use crate::insight::vocabulary::Words;

/// One document, worked out once.
#[derive(Clone, Default)]
pub struct Digest {
    /// The names of its blocks, in order.
    pub anchors: Vec<Name>,
    /// Of its text, with blanks.
    pub characters: u32,
    /// What its [`Digest::figures`] count, as [`figures::unit_name`] knows it.
    pub units: Vec<u8>,
    /// Its figures as [`figures::pack`] writes them: they are many, and seldom asked for.
    pub(crate) figures: Packed,
    pub(crate) words: Words,
    /// The places that [`crate::insight::reuse`] picks of it.
    pub(crate) picks: Picks,
}

impl Digest {
    pub fn of(document: &Document) -> Self {
        let stated = figures::stated(document);
        Self {
            anchors: anchor::names(document),
            characters: document.blocks.iter().map(|block| block.text().chars().count()).sum::<usize>() as u32,
            units: stated.iter().map(figures::Stated::unit).collect(),
            figures: figures::pack(&stated).into(),
            words: Words::of(document),
            picks: Picks::of(document),
        }
    }

    /// The quantities that the document states, in order.
    pub fn figures(&self, document: &Document) -> Vec<Figure> {
        figures::unpack(&self.figures).iter().map(|stated| stated.figure(document)).collect()
    }
}

/// The digests of an archive's reports, and of some that are no more: those that the last build had.
#[derive(Default)]
pub struct Digests(FxHashMap<Key, Arc<Digest>>);

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

    /// That of the report with this key.
    pub fn find(&self, report: &Key) -> Option<&Digest> {
        self.0.get(report).map(|digest| &**digest)
    }

    pub fn get(&self, report: &Report) -> &Digest {
        self.find(&report.keys.report).expect("an archive and its digests come from the same documents")
    }
}

impl FromIterator<(Key, Arc<Digest>)> for Digests {
    fn from_iter<I: IntoIterator<Item = (Key, Arc<Digest>)>>(digests: I) -> Self {
        Self(digests.into_iter().collect())
    }
}
