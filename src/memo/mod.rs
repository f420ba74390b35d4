//! What earlier builds understood of each source, so that the next need not read it again.
//!
//! A source is remembered by its path, the sum of its bytes and the settings that bear on it. What is remembered depends on these
//! alone: a build with a memo gives what one without gives. How a memo is written is in [`log`]; where, `publish` decides.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::archive::Understood;
use crate::document::Key;
use crate::insight::digest::Digest;
use crate::insight::memory as insight;
use crate::source::{Source, SourcePath, Stamp};

pub mod log;

/// One source as it was understood.
pub struct Record {
    /// How the file stood when it was read; `None` where it had changed so lately that it might have changed again unseen.
    pub stamp: Option<Stamp>,
    /// Of the settings that bear on it.
    pub settings: Key,
    pub understood: Understood,
    /// One for each document.
    pub digests: Vec<Arc<Digest>>,
}

impl Record {
    /// `understood` is complete: nothing has been held back of it.
    pub fn new(stamp: Option<Stamp>, settings: Key, understood: Understood) -> Self {
        let digests = understood.reading.documents.iter().map(|document| Arc::new(Digest::of(document))).collect();
        Self { stamp, settings, understood, digests }
    }

    /// Whether this is what the source would be understood as.
    pub fn is_of(&self, source: &Source, settings: Key) -> bool {
        let of = &self.understood.source;
        self.settings == settings && of.size == source.size && of.sha256 == source.sha256
    }

    /// The same of a file that stands like this.
    pub fn stamped(self: &Arc<Self>, stamp: Option<Stamp>) -> Arc<Self> {
        if self.stamp == stamp {
            return self.clone();
        }
        let Self { settings, understood, digests, .. } = &**self;
        Arc::new(Self { stamp, settings: *settings, understood: understood.clone(), digests: digests.clone() })
    }
}

/// All sources that are remembered.
#[derive(Default)]
pub struct Memo {
    records: FxHashMap<SourcePath, Kept>,
    /// Bytes of the file that it was read from, as far as they are good; 0 where there is none.
    file: u64,
    /// What was worked out over all of them.
    pub insight: insight::Memory,
}

struct Kept {
    record: Arc<Record>,
    /// Its bytes in the file; 0 where it is not written yet.
    length: u64,
}

impl Memo {
    /// Whether the file need not be read: it stands as it stood, and would be understood as it was.
    pub fn stands(&self, path: &SourcePath, stamp: &Stamp, settings: Key) -> bool {
        self.get(path).is_some_and(|record| record.stamp.as_ref() == Some(stamp) && record.settings == settings)
    }

    pub fn get(&self, path: &SourcePath) -> Option<&Arc<Record>> {
        self.records.get(path).map(|kept| &kept.record)
    }

    /// Remembers these and nothing else. Hands back those that are forgotten.
    pub fn replace(&mut self, records: &[Arc<Record>]) -> Vec<Arc<Record>> {
        let mut old = std::mem::take(&mut self.records);
        let kept = records.iter().map(|record| {
            let path = &record.understood.source.path;
            let length = match old.entry(path.clone()) {
                Entry::Occupied(old) if Arc::ptr_eq(&old.get().record, record) => old.remove().length,
                _ => 0,
            };
            (path.clone(), Kept { record: record.clone(), length })
        });
        self.records = kept.collect();
        old.into_values().map(|old| old.record).collect()
    }
}
