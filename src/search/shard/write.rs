//! Writes the shards of a stretch from its strings, as these come.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::search::alphabet::Sign;
use crate::search::bits::Bits;
use crate::search::contents::Listed;
use crate::search::exceptions::Exception;
use crate::search::grams::{CANDIDATES, Posting, Tier};
use crate::search::key::{self, Key};
use crate::search::shard::{EXCEPTION_LETTER_ORDER, FIRST_LETTER_ORDER, LETTER_ORDER, MOST_POSTINGS, target};

/// Takes the listed strings of one stretch in the order of their keys, and holds no more of them than one shard does.
pub struct Writer {
    report_count: u32,
    done: Vec<Shard>,
    open: Open,
    scratch: Scratch,
}

/// A shard that is done.
#[derive(Debug)]
pub struct Shard {
    /// After all strings before it, and not after its own.
    pub start: Key,
    pub bytes: Vec<u8>,
    pub extent: Extent,
}

/// What is remembered of a shard beside its bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// For each of its strings, in how many reports it stands as words.
    pub words: Vec<u32>,
    /// How many strings after it decided where it ends.
    pub ahead: u32,
}

/// The shard being filled.
#[derive(Default)]
struct Open {
    bits: Bits,
    /// What stands in it.
    entries: Vec<Entry>,
    /// The lists of its strings, one after the other.
    postings: Vec<Posting>,
    /// How many reports it makes a reader unpack.
    unpacked: usize,
    /// What tells its strings from those before it: where the base says that it begins.
    start: Key,
    /// Where the lists of the last string's first two and three letters are, if in this shard.
    pair: Option<Range<usize>>,
    triple: Option<Range<usize>>,
}

struct Entry {
    key: Key,
    /// The bits before it.
    before: usize,
    words: u32,
    postings: Range<usize>,
    exceptions: Vec<Exception>,
    /// The bits that tell it but for its key, if they do so within the list of the part that it extends.
    within: Option<Range<usize>>,
}

/// Kept for its memory.
#[derive(Default)]
struct Scratch {
    numbers: Vec<u32>,
    within: Vec<Tier>,
}

impl Writer {
    pub fn new(report_count: u32) -> Self {
        Self { report_count, done: Vec::new(), open: Open::default(), scratch: Scratch::default() }
    }

    pub fn push(&mut self, Listed { key, postings, words, exceptions, within }: Listed) {
        let open = &mut self.open;
        if open.entries.is_empty() && open.start[0] == 0 {
            open.start = key;
        }
        let before = open.bits.len();
        open.encode_key(&key);
        let from = open.bits.len();
        let is_within = open.part(&key).is_some();
        match within.filter(|_| is_within) {
            Some((bytes, range)) => open.bits.copy(bytes, range),
            None => open.encode(&key, postings, &exceptions, self.report_count, &mut self.scratch),
        }
        let within = is_within.then(|| from..open.bits.len());
        let postings = open.hold(&key, postings);
        open.push(Entry { key, before, words, postings, exceptions, within });
        let is_full = open.bits.len() > target(self.report_count) * 8 || open.unpacked > MOST_POSTINGS;
        if is_full && open.entries.len() > 1 {
            self.cut();
        }
    }

    /// Whether all that was pushed since the last shard, or nothing, would stand in one that begins at `start`.
    pub fn is_at(&self, start: &Key) -> bool {
        self.open.start == *start
    }

    /// A shard takes the place of all that was pushed since the last one; the next is to begin at `next`.
    pub fn keep(&mut self, shard: Shard, next: Option<Key>) {
        self.done.push(shard);
        self.open = Open { start: next.unwrap_or_default(), ..Open::default() };
    }

    pub fn close(mut self) -> Vec<Shard> {
        let open = std::mem::take(&mut self.open);
        self.done(open, 0);
        self.done
    }

    /// Closes the open shard before the last entry, or before one in its second half whose place is told in fewer letters.
    fn cut(&mut self) {
        let mut full = std::mem::take(&mut self.open);
        let entries = &full.entries;
        let least = entries[entries.len() - 1].before / 2;
        let at = (1..entries.len())
            .rev()
            .take_while(|&at| at == entries.len() - 1 || entries[at].before >= least)
            .min_by_key(|&at| (letters_apart(&entries[at - 1].key, &entries[at].key), std::cmp::Reverse(at)))
            .expect("at least two entries stand in a full shard");
        let mut start = entries[at].key;
        let letters = letters_apart(&entries[at - 1].key, &start);
        start[letters..].fill(0);
        let rest: Vec<Entry> = full.entries.drain(at..).collect();
        let bytes = full.bits.clone().into_bytes();
        full.bits.truncate(rest[0].before);
        let postings = std::mem::take(&mut full.postings);
        self.done(full, rest.len() as u32);
        self.open.start = start;
        for Entry { key, words, postings: at, exceptions, within, .. } in rest {
            let within = within.map(|range| (&bytes[..], range));
            self.push(Listed { key, postings: &postings[at], words, exceptions, within });
        }
    }

    fn done(&mut self, mut open: Open, ahead: u32) {
        if !open.entries.is_empty() {
            open.bits.put(0, 4);
            let words = open.entries.iter().map(|entry| entry.words).collect();
            self.done.push(Shard { start: open.start, bytes: open.bits.into_bytes(), extent: Extent { words, ahead } });
        }
    }
}

/// How many letters of `key` tell it from `before`, which stands before it in order.
fn letters_apart(before: &Key, key: &Key) -> usize {
    before.iter().zip(key).take_while(|(a, b)| a == b).count() + 1
}

impl Open {
    /// Holds the list of a string that has just been coded, for those that extend it.
    fn hold(&mut self, key: &Key, postings: &[Posting]) -> Range<usize> {
        let from = self.postings.len();
        self.postings.extend_from_slice(postings);
        let held = from..self.postings.len();
        match key::length(key) {
            1 => (self.pair, self.triple) = (None, None),
            2 => (self.pair, self.triple) = (Some(held.clone()), None),
            3 => self.triple = Some(held.clone()),
            _ => {}
        }
        held
    }

    fn push(&mut self, entry: Entry) {
        self.unpacked += entry.postings.len() + entry.exceptions.iter().map(|exception| exception.holding.len()).sum::<usize>();
        self.entries.push(entry);
    }

    fn encode_key(&mut self, key: &Key) {
        let bits = &mut self.bits;
        let depth = key::length(key);
        bits.put(1, 5 - depth as u32);
        let last = self.entries.last().map(|last| last.key);
        if last.is_none() {
            for &letter in &key[..depth - 1] {
                bits.golomb(u64::from(letter - 1), FIRST_LETTER_ORDER);
            }
        }
        let before = last.filter(|last| last[..depth - 1] == key[..depth - 1]).map_or(0, |last| last[depth - 1]);
        let order = if last.is_none() && depth == 1 { FIRST_LETTER_ORDER } else { LETTER_ORDER[depth - 1] };
        bits.golomb(u64::from(key[depth - 1] - before - 1), order);
    }

    /// Where the list is that a string's is told within.
    fn part(&self, key: &Key) -> Option<Range<usize>> {
        match key::length(key) {
            3 => self.pair.clone(),
            4 => self.triple.clone(),
            _ => None,
        }
    }

    fn encode(&mut self, key: &Key, postings: &[Posting], some: &[Exception], report_count: u32, scratch: &mut Scratch) {
        let (depth, part) = (key::length(key), self.part(key));
        let bits = &mut self.bits;
        let numbers = &mut scratch.numbers;
        numbers.clear();
        let universe = match part.map(|part| &self.postings[part]) {
            Some(part) => {
                ranks(postings, part, numbers);
                part.len() as u32
            }
            None => {
                numbers.extend(postings.iter().map(|posting| posting.report()));
                report_count
            }
        };
        bits.golomb(numbers.len() as u64 - 1, 1);
        bits.ascending(numbers, universe);
        if depth < 4 && postings.len() > CANDIDATES {
            tiers(bits, postings, scratch);
        }
        if depth == 4 {
            exceptions(bits, some);
        }
    }
}

/// Where the reports of `postings` lie in the list `parent`, which holds them all.
fn ranks(postings: &[Posting], parent: &[Posting], ranks: &mut Vec<u32>) {
    if postings.len() == parent.len() {
        return ranks.extend(0..parent.len() as u32);
    }
    let mut at = 0;
    ranks.extend(postings.iter().map(|posting| {
        // Steps of growing width: the parent is often much longer.
        let mut step = 1;
        while parent.get(at + step).is_some_and(|other| other.report() <= posting.report()) {
            at += step;
            step *= 2;
        }
        let end = (at + step).min(parent.len());
        at += parent[at..end].partition_point(|other| other.report() < posting.report());
        at as u32
    }));
}

/// Which postings have at least each tier, each within those of the tier below.
fn tiers(bits: &mut Bits, postings: &[Posting], Scratch { numbers: chosen, within }: &mut Scratch) {
    within.clear();
    within.extend(postings.iter().map(|posting| posting.tier()));
    for tier in [Tier::Word, Tier::Often, Tier::Title] {
        chosen.clear();
        chosen.extend((0..).zip(within.iter()).filter(|(_, other)| **other >= tier).map(|(at, _)| at));
        bits.golomb(chosen.len() as u64, 1);
        bits.ascending(chosen, within.len() as u32);
        within.retain(|&other| other >= tier);
        if within.is_empty() {
            break;
        }
    }
}

fn exceptions(bits: &mut Bits, exceptions: &[Exception]) {
    bits.golomb(exceptions.len() as u64, 0);
    let mut previous: &[Sign] = &[];
    for exception in exceptions {
        let string = &exception.string[4..];
        let shared = string.iter().zip(previous).take_while(|(a, b)| a == b).count();
        bits.golomb(shared as u64, 1);
        bits.golomb((string.len() - shared) as u64 - 1, 1);
        for &letter in &string[shared..] {
            bits.golomb(u64::from(letter - 1), EXCEPTION_LETTER_ORDER);
        }
        bits.golomb(u64::from(exception.candidates) - CANDIDATES as u64 - 1, 3);
        bits.golomb(exception.holding.len() as u64, 1);
        bits.ascending(&exception.holding, exception.candidates);
        previous = string;
    }
}
