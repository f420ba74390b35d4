//! What the shards are to hold goes in, a stretch at a time; what it becomes comes out.
//!
//! Nothing else needs to be held: whoever finds the lists gives each away as soon as those before it are known.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::search::exceptions::Exception;
use crate::search::grams::Posting;
use crate::search::key::Key;
use crate::search::shard::{self, Stretch};
use crate::search::words;

/// A listed string.
#[derive(Debug, Clone)]
pub struct Listed<'a> {
    pub key: Key,
    pub postings: Cow<'a, [Posting]>,
    /// In how many of them it stands as words.
    pub words: u32,
    /// Those that begin with it, if it has four letters; their letters are signs. Ascending by their strings.
    pub exceptions: Cow<'a, [Exception]>,
}

/// Takes the listed strings of one stretch in the order of their keys.
pub struct Sink<'a> {
    shards: shard::Writer<'a>,
    words: Vec<u32>,
    common: Vec<(u32, Key)>,
}

impl<'a> Sink<'a> {
    pub fn new(report_count: u32) -> Self {
        Self { shards: shard::Writer::new(report_count), words: Vec::new(), common: Vec::new() }
    }

    pub fn push(&mut self, listed: Listed<'a>) {
        self.words.push(listed.words);
        self.common.extend(words::is_word(&listed).then_some((listed.words, listed.key)));
        self.shards.push(listed);
    }

    pub fn close(mut self) -> Written {
        words::keep_commonest(&mut self.common);
        Written { shards: self.shards.close(), words: self.words, common: self.common }
    }
}

/// What listed strings give for the files.
#[derive(Debug, Default)]
pub struct Written {
    /// Each with where it begins.
    pub shards: Vec<(Key, Vec<u8>)>,
    /// For each string, in how many reports it stands as words.
    pub words: Vec<u32>,
    /// The words that stand in the most reports, and in how many each.
    pub common: Vec<(u32, Key)>,
}

impl Written {
    /// All of it, from its stretches in their order.
    pub fn joined(stretches: Vec<Self>) -> Self {
        let mut all = Self::default();
        for stretch in stretches {
            all.shards.extend(stretch.shards);
            all.words.extend(stretch.words);
            all.common.extend(stretch.common);
        }
        all
    }
}

/// Writes what is held already, by key.
pub fn write(listed: Vec<Listed>, report_count: u32) -> Written {
    let mut stretches: Vec<Vec<Listed>> = Vec::new();
    let mut last = None;
    for one in listed {
        let stretch = Stretch::of_key(&one.key);
        if last.replace(stretch) != Some(stretch) {
            stretches.push(Vec::new());
        }
        if let Some(stretch) = stretches.last_mut() {
            stretch.push(one);
        }
    }
    let written = stretches.into_par_iter().with_max_len(1).map(|stretch| {
        let mut sink = Sink::new(report_count);
        stretch.into_iter().for_each(|one| sink.push(one));
        sink.close()
    });
    Written::joined(written.collect())
}
