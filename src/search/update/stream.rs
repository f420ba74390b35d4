//! Writes the lists of the last build with their changes: stretch by stretch, holding one shard of each.

use std::iter::Peekable;
use std::ops::Range;
use std::slice::Iter;

use rayon::prelude::*;

use crate::search::base::Base;
use crate::search::contents::{Listed, Sink, Written};
use crate::search::exceptions::Exception;
use crate::search::grams::{Posting, Tier};
use crate::search::key::{self, Key};
use crate::search::shard::{self, Shard, Stretch, Told};
use crate::search::update::Last;
use crate::search::update::change::{Change, Exceptional};
use crate::search::update::order::Order;
use crate::search::words::{self, Word};

/// The lists of the last build, and what is to become of them.
pub struct Stream<'a> {
    last: Last<'a>,
    base: &'a Base,
    /// Where the shards begin.
    starts: &'a [Key],
    /// By key.
    changes: Vec<(Key, Change)>,
    /// The commonest words of the last build, by key.
    common: Vec<(Key, u32)>,
    report_count: u32,
    /// For each report of the last build its number in this one, or [`GONE`].
    from_old: Vec<u32>,
    /// For each place in the row.
    numbers: Vec<u32>,
    /// Every report that is in both builds has the same number in both: lists without changes are as they were.
    is_same_order: bool,
}

const GONE: u32 = u32::MAX >> 2; // more than a posting's report can be

/// One stretch: its shards and its changes.
struct Part<'a> {
    shards: Range<usize>,
    changes: &'a [(Key, Change)],
}

impl<'a> Stream<'a> {
    pub fn new(last: Last<'a>, base: &'a Base, starts: &'a [Key], mut changes: Vec<(Key, Change)>, order: &Order) -> Self {
        let places = order.from_new.len() + order.removed.len();
        let mut numbers = vec![GONE; places];
        for (number, &place) in (0..).zip(&order.from_new) {
            numbers[place as usize] = number;
        }
        let from_old: Vec<u32> = order.from_old.iter().map(|&place| numbers[place as usize]).collect();
        let report_count = order.from_new.len() as u32;
        let are_same = (0..).zip(&from_old).all(|(old, &number)| number == old || number == GONE);
        let is_same_order = report_count == base.report_count && are_same;
        if is_same_order {
            let mut before = vec![GONE; places];
            order.removed.iter().for_each(|&(old, place)| before[place as usize] = old);
            changes.retain(|(_, change)| !is_nothing(change, &before, &numbers));
        }
        let mut common: Vec<(Key, u32)> = last.memory.common.iter().map(|&(count, key)| (key, count)).collect();
        common.sort_unstable();
        Self { last, base, starts, changes, common, report_count, from_old, numbers, is_same_order }
    }

    /// `None` if the last index is not whole.
    pub fn write(&self) -> Option<Written> {
        let written = self.write_all(self.is_same_order)?;
        if words::are_known(&self.last.memory.common, &written.common) { Some(written) } else { self.write_all(false) }
    }

    /// Shards whose strings do not change are not looked at, if they may be kept.
    fn write_all(&self, keeps: bool) -> Option<Written> {
        if self.last.memory.shards.len() != self.starts.len() {
            return None;
        }
        let written = self.parts().into_par_iter().with_max_len(1).map(|part| self.write_part(&part, keeps));
        let written: Vec<Written> = written.collect::<Option<_>>()?;
        Some(Written::joined(written))
    }

    fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        let (mut shards, mut changes) = (0, 0);
        loop {
            let of_shards = self.starts.get(shards).map(Stretch::of_key);
            let of_changes = self.changes.get(changes).map(|(key, _)| Stretch::of_key(key));
            let Some(stretch) = of_shards.into_iter().chain(of_changes).min() else { return parts };
            let is_of = |key: &Key| Stretch::of_key(key) == stretch;
            let shards_end = shards + self.starts[shards..].partition_point(is_of);
            let changes_end = changes + self.changes[changes..].partition_point(|(key, _)| is_of(key));
            parts.push(Part { shards: shards..shards_end, changes: &self.changes[changes..changes_end] });
            (shards, changes) = (shards_end, changes_end);
        }
    }

    fn write_part(&self, part: &Part, keeps: bool) -> Option<Written> {
        let mut sink = Sink::new(self.report_count);
        let mut postings = Vec::new();
        let mut changes = part.changes.iter().peekable();
        for i in part.shards.clone() {
            let bytes = self.last.shard(self.base, i as u32)?;
            let extent = &self.last.memory.shards[i];
            let is_kept = keeps && self.is_calm(i, part);
            if is_kept && (i == part.shards.start || sink.is_at(&self.starts[i])) {
                sink.common(self.words_of(i, part));
                sink.keep(Shard { start: self.starts[i], bytes, extent: extent.clone() }, self.start_after(i, part));
                continue;
            }
            let mut words = extent.words.iter();
            // Whether the lists of the last strings change, by length less one.
            let mut are_changed = [false; 4];
            let mut is_whole = true;
            let walked = shard::each(&bytes, self.base.report_count, self.base.alphabet.sign_count(), |mut told| {
                let words = words.next();
                is_whole &= words.is_some() && self.push_new(&mut changes, Some(&told.key), &mut postings, &mut sink);
                let change = changes.next_if(|(key, _)| *key == told.key).map(|(_, change)| change);
                let last = key::length(&told.key) - 1;
                are_changed[last] = change.is_some();
                told.within = told.within.filter(|_| !are_changed[last] && !are_changed[last - 1]);
                self.push(told, &bytes, words.copied().unwrap_or(0), change, &mut postings, &mut sink);
            });
            if walked.is_err() || !is_whole || words.next().is_some() {
                return None;
            }
            if is_kept && sink.is_at(&self.starts[i]) {
                sink.keep(Shard { start: self.starts[i], bytes, extent: extent.clone() }, self.start_after(i, part));
            }
        }
        self.push_new(&mut changes, None, &mut postings, &mut sink).then(|| sink.close())
    }

    /// Whether nothing changes in a shard, nor in what decided where it ends.
    fn is_calm(&self, shard: usize, part: &Part) -> bool {
        let mut ahead = self.last.memory.shards[shard].ahead as usize;
        let mut end = shard + 1;
        while ahead > 0 && end < part.shards.end {
            ahead = ahead.saturating_sub(self.last.memory.shards[end].words.len());
            end += 1;
        }
        let before = |at: usize| part.changes.partition_point(|(key, _)| *key < self.starts[at]);
        let first = if shard == part.shards.start { 0 } else { before(shard) };
        let last = if end == part.shards.end { part.changes.len() } else { before(end) };
        ahead == 0 && first == last
    }

    fn start_after(&self, shard: usize, part: &Part) -> Option<Key> {
        (shard + 1 < part.shards.end).then(|| self.starts[shard + 1])
    }

    /// Those of the commonest words that stand in a shard.
    fn words_of(&self, shard: usize, part: &Part) -> impl Iterator<Item = Word> {
        let before = |start: &Key| self.common.partition_point(|(key, _)| key < start);
        let end = self.start_after(shard, part).map_or_else(
            || self.common.partition_point(|(key, _)| Stretch::of_key(key) <= Stretch::of_key(&self.starts[shard])),
            |next| before(&next),
        );
        self.common[before(&self.starts[shard])..end].iter().map(|&(key, count)| (count, key))
    }

    /// Strings that were not listed, as far as they stand before `key`. All must be told whole. `postings` is kept for its memory.
    fn push_new(
        &self,
        changes: &mut Peekable<Iter<(Key, Change)>>,
        key: Option<&Key>,
        postings: &mut Vec<Posting>,
        sink: &mut Sink,
    ) -> bool {
        let mut are_whole = true;
        while let Some((key, change)) = changes.next_if(|(new, _)| key.is_none_or(|key| new < key)) {
            are_whole &= change.replaces;
            let nothing = Told { key: *key, reports: &[], tiers: &[], exceptions: Vec::new(), within: None };
            self.push(nothing, &[], 0, Some(change), postings, sink);
        }
        are_whole
    }

    /// A string of a shard with these bytes, with its changes and the numbers of this build, if it is still listed.
    fn push(&self, told: Told, bytes: &[u8], words: u32, change: Option<&Change>, postings: &mut Vec<Posting>, sink: &mut Sink) {
        postings.clear();
        let (mut words, mut exceptions) = (words, told.exceptions);
        if change.is_some_and(|change| change.replaces) {
            (words, exceptions) = (0, Vec::new());
        } else {
            let is_as_it_was = self.is_same_order && change.is_none();
            let numbers = told.reports.iter().map(|&report| if is_as_it_was { report } else { self.from_old[report as usize] });
            if told.tiers.is_empty() {
                postings.extend(numbers.map(|number| Posting::new(number, Tier::Across)));
            } else {
                postings.extend(numbers.zip(told.tiers).map(|(number, &tier)| Posting::new(number, tier)));
            }
        }
        if let Some(change) = change {
            if !change.lost.is_empty() {
                postings.retain(|posting| posting.report() != GONE);
            }
            for posting in &change.gained {
                let posting = Posting::new(self.numbers[posting.report() as usize], posting.tier());
                let place = postings.partition_point(|other| other.report() < posting.report());
                postings.insert(place, posting);
            }
            let count = |some: &[Posting]| some.iter().filter(|posting| posting.tier() >= Tier::Word).count() as u32;
            words = (words + count(&change.gained)).saturating_sub(count(&change.lost));
            exceptions = told_anew(exceptions, &change.exceptions);
        }
        if !postings.is_empty() {
            let within = told.within.map(|range| (bytes, range));
            sink.push(Listed { key: told.key, postings, words, exceptions, within });
        }
    }
}

/// Whether a string only loses reports for others that have their numbers now and hold it in the same way. The numbers of places in
/// the row are given for the last build and for this one.
fn is_nothing(change: &Change, before: &[u32], now: &[u32]) -> bool {
    let told = |some: &[Posting], numbers: &[u32]| -> Vec<(u32, Tier)> {
        some.iter().map(|posting| (numbers[posting.report() as usize], posting.tier())).collect()
    };
    !change.replaces && change.exceptions.is_empty() && told(&change.lost, before) == told(&change.gained, now)
}

/// Exceptions with their changes; both by their strings.
fn told_anew(old: Vec<Exception>, changes: &[Exceptional]) -> Vec<Exception> {
    if changes.is_empty() {
        return old;
    }
    let is_told = |exception: &Exception| changes.binary_search_by(|(string, _)| string.cmp(&exception.string)).is_ok();
    let new = changes.iter().filter_map(|(string, held)| {
        let held = held.clone()?;
        Some(Exception { string: string.clone(), candidates: held.candidates, holding: held.holding })
    });
    let mut all: Vec<Exception> = old.into_iter().filter(|exception| !is_told(exception)).chain(new).collect();
    all.sort_unstable_by(|a, b| a.string.cmp(&b.string));
    all
}
