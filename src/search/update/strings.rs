//! The strings of up to four letters in the texts that came and went, and what the last index says of them.

use std::ops::Range;
use std::rc::Rc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::search::base::Base;
use crate::search::exceptions::Exception;
use crate::search::grams::{CANDIDATES, Tier};
use crate::search::key::{self, Key};
use crate::search::shard;
use crate::search::update::Last;
use crate::search::update::order::Order;
use crate::search::update::set::{Row, Set};
use crate::search::update::texts::{Gram, Texts};

pub struct Strings {
    /// By key.
    pub all: Vec<Known>,
    at: FxHashMap<Gram, u32>,
}

/// A string of a text that came or went.
pub struct Known {
    pub key: Key,
    pub gram: Gram,
    pub length: usize,
    /// Which of these texts hold it, by their places in the row, and how.
    pub held: Vec<(u32, Tier)>,
    /// Whether the last index lists it.
    pub is_listed: bool,
    /// All reports of the row that hold it, where an index lists it.
    pub set: Option<Rc<Set>>,
    pub exceptions: Vec<Exception>,
}

/// What a shard says of a string: its index in [`Strings::all`], the reports, the exceptions.
type Told = (usize, Set, Vec<Exception>);

impl Strings {
    pub fn of(texts: &Texts, row: &Row) -> Self {
        let mut found: FxHashMap<Gram, Vec<(u32, Tier)>> = FxHashMap::default();
        for &report in row.removed.iter().chain(&row.added) {
            for length in 1..=4 {
                for (gram, tier) in texts.grams(report, length) {
                    found.entry(gram).or_default().push((report, tier));
                }
            }
        }
        let known = |(gram, held): (Gram, Vec<(u32, Tier)>)| {
            let length = gram.iter().take_while(|&&sign| sign != 0).count();
            Known { key: key::of(&gram[..length]), gram, length, held, is_listed: false, set: None, exceptions: Vec::new() }
        };
        let mut all: Vec<Known> = found.into_iter().map(known).collect();
        all.sort_unstable_by_key(|known| known.key);
        let at = (0..).zip(&all).map(|(i, known)| (known.gram, i)).collect();
        Self { all, at }
    }

    pub fn find(&self, gram: &Gram) -> Option<usize> {
        self.at.get(gram).map(|&at| at as usize)
    }

    /// Adds what the last index says; `None` if that is damaged. `starts` tell where its shards begin.
    pub fn look_up(&mut self, last: Last, base: &Base, starts: &[Key], order: &Order, row: &Row) -> Option<()> {
        let keys: Vec<Key> = self.all.iter().map(|known| known.key).collect();
        let until = |i: usize| starts.get(i).map_or(keys.len(), |start| keys.partition_point(|key| key < start));
        let told = (0..starts.len()).into_par_iter().map(|i| {
            let range = until(i)..until(i + 1);
            if range.is_empty() { Some(Vec::new()) } else { told(&keys, range, &last.shard(base, i as u32)?, base, order, row) }
        });
        let told: Vec<Vec<Told>> = told.collect::<Option<_>>()?;
        for (at, set, exceptions) in told.into_iter().flatten() {
            let known = &mut self.all[at];
            (known.is_listed, known.set, known.exceptions) = (true, Some(Rc::new(set)), exceptions);
        }
        Some(())
    }

    /// Those of a length that may be part of a longer string that is listed, by index.
    pub fn heavy(&self, length: usize) -> impl Iterator<Item = usize> {
        let is_heavy = move |known: &Known| known.length == length && known.set.as_ref().is_some_and(|set| is_heavy(set));
        (0..self.all.len()).filter(move |&at| is_heavy(&self.all[at]))
    }
}

/// What a shard says of the strings with some of the keys.
fn told(keys: &[Key], range: Range<usize>, bytes: &[u8], base: &Base, order: &Order, row: &Row) -> Option<Vec<Told>> {
    let mut told = Vec::with_capacity(range.len());
    let mut next = range.start;
    shard::each(bytes, base.report_count, base.alphabet.sign_count(), |string| {
        while next < range.end && keys[next] < string.key {
            next += 1;
        }
        if next < range.end && keys[next] == string.key {
            let set = row.set(string.reports.iter().map(|&report| order.from_old[report as usize]));
            told.push((next, set, string.exceptions));
        }
    })
    .ok()?;
    Some(told)
}

/// Whether one of the builds has more reports of a set than a searcher reads.
pub fn is_heavy(set: &Set) -> bool {
    set.old.max(set.new) > CANDIDATES as u32
}
