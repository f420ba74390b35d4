//! What the shards are to hold goes in, a stretch at a time; what it becomes comes out.
//!
//! Nothing else needs to be held: whoever finds the lists gives each away as soon as those before it are known.

use std::ops::Range;

use crate::search::exceptions::Exception;
use crate::search::grams::Posting;
use crate::search::key::Key;
use crate::search::shard::{self, Shard};
use crate::search::words::{self, Word};

/// A listed string.
#[derive(Debug)]
pub struct Listed<'a> {
    pub key: Key,
    pub postings: &'a [Posting],
    /// In how many of them it stands as words.
    pub words: u32,
    /// Those that begin with it, if it has four letters; their letters are signs. Ascending by their strings.
    pub exceptions: Vec<Exception>,
    /// All of this but the key, as it is coded within the list of the part that it extends, if that is known.
    pub within: Option<Coded<'a>>,
}

/// Some bits of these bytes.
pub type Coded<'a> = (&'a [u8], Range<usize>);

/// Takes the listed strings of one stretch in the order of their keys.
pub struct Sink {
    shards: shard::Writer,
    common: Vec<Word>,
}

impl Sink {
    pub fn new(report_count: u32) -> Self {
        Self { shards: shard::Writer::new(report_count), common: Vec::new() }
    }

    pub fn push(&mut self, listed: Listed) {
        self.common.extend(words::is_word(&listed).then_some((listed.words, listed.key)));
        self.shards.push(listed);
    }

    /// Words of strings that are not pushed, as they stand in a shard that is kept.
    pub fn common(&mut self, words: impl Iterator<Item = Word>) {
        self.common.extend(words);
    }

    /// Whether all that was pushed since the last shard, or nothing, would stand in one that begins at `start`.
    pub fn is_at(&self, start: &Key) -> bool {
        self.shards.is_at(start)
    }

    /// A shard takes the place of all that was pushed since the last one; the next is to begin at `next`.
    pub fn keep(&mut self, shard: Shard, next: Option<Key>) {
        self.shards.keep(shard, next);
    }

    pub fn close(mut self) -> Written {
        words::keep_commonest(&mut self.common);
        Written { shards: self.shards.close(), common: self.common }
    }
}

/// What listed strings give for the files.
#[derive(Debug, Default)]
pub struct Written {
    pub shards: Vec<Shard>,
    /// The words that stand in the most reports.
    pub common: Vec<Word>,
}

impl Written {
    /// All of it, from its stretches in their order.
    pub fn joined(stretches: Vec<Self>) -> Self {
        let mut all = Self::default();
        for stretch in stretches {
            all.shards.extend(stretch.shards);
            all.common.extend(stretch.common);
        }
        words::keep_commonest(&mut all.common);
        all.common.sort_unstable();
        all
    }
}
