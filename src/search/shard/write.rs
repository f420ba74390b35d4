//! Writes the shards of a stretch from its strings, as these come.

use crate::search::alphabet::Sign;
use crate::search::bits::Bits;
use crate::search::contents::Listed;
use crate::search::grams::{CANDIDATES, Posting, Tier};
use crate::search::key::{self, Key};
use crate::search::shard::{EXCEPTION_LETTER_ORDER, FIRST_LETTER_ORDER, LETTER_ORDER, MOST_POSTINGS, target};

/// Takes the listed strings of one stretch in the order of their keys, and holds no more of them than one shard does.
pub struct Writer<'a> {
    report_count: u32,
    done: Vec<(Key, Vec<u8>)>,
    open: Open<'a>,
}

/// The shard being filled.
#[derive(Default)]
struct Open<'a> {
    bits: Bits,
    /// What stands in it, each with the bits before it.
    entries: Vec<(usize, Listed<'a>)>,
    postings: usize,
    /// What tells its strings from those before it: where the base says that it begins.
    start: Key,
    /// Where the lists of the last string's first two and three letters stand among the entries, if in this shard.
    pair: Option<usize>,
    triple: Option<usize>,
}

impl<'a> Writer<'a> {
    pub fn new(report_count: u32) -> Self {
        Self { report_count, done: Vec::new(), open: Open::default() }
    }

    pub fn push(&mut self, listed: Listed<'a>) {
        let open = &mut self.open;
        if open.entries.is_empty() && open.start[0] == 0 {
            open.start = listed.key;
        }
        open.push(listed, self.report_count);
        let is_full = open.bits.len() > target(self.report_count) * 8 || open.postings > MOST_POSTINGS;
        if is_full && open.entries.len() > 1 {
            self.cut();
        }
    }

    /// All shards, each with where it begins: after all strings before it, and not after its own.
    pub fn close(mut self) -> Vec<(Key, Vec<u8>)> {
        self.close_open();
        self.done
    }

    /// Closes the open shard before the last entry, or before one in its second half whose place is told in fewer letters.
    fn cut(&mut self) {
        let entries = &self.open.entries;
        let least = entries[entries.len() - 1].0 / 2;
        let at = (1..entries.len())
            .rev()
            .take_while(|&at| at == entries.len() - 1 || entries[at].0 >= least)
            .min_by_key(|&at| (letters_apart(&entries[at - 1].1.key, &entries[at].1.key), std::cmp::Reverse(at)))
            .expect("at least two entries stand in a full shard");
        let mut start = entries[at].1.key;
        let letters = letters_apart(&entries[at - 1].1.key, &start);
        start[letters..].fill(0);
        let rest: Vec<(usize, Listed)> = self.open.entries.drain(at..).collect();
        self.open.bits.truncate(rest[0].0);
        self.close_open();
        self.open.start = start;
        for (_, listed) in rest {
            self.push(listed);
        }
    }

    fn close_open(&mut self) {
        let mut open = std::mem::take(&mut self.open);
        if !open.entries.is_empty() {
            open.bits.put(0, 4);
            self.done.push((open.start, open.bits.into_bytes()));
        }
    }
}

/// How many letters of `key` tell it from `before`, which stands before it in order.
fn letters_apart(before: &Key, key: &Key) -> usize {
    before.iter().zip(key).take_while(|(a, b)| a == b).count() + 1
}

impl<'a> Open<'a> {
    fn push(&mut self, listed: Listed<'a>, report_count: u32) {
        let before = self.bits.len();
        self.encode(&listed, report_count);
        self.postings += listed.postings.len() + listed.exceptions.iter().map(|exception| exception.holding.len()).sum::<usize>();
        let at = self.entries.len();
        match key::length(&listed.key) {
            1 => (self.pair, self.triple) = (None, None),
            2 => (self.pair, self.triple) = (Some(at), None),
            3 => self.triple = Some(at),
            _ => {}
        }
        self.entries.push((before, listed));
    }

    fn encode(&mut self, listed: &Listed, report_count: u32) {
        let bits = &mut self.bits;
        let depth = key::length(&listed.key);
        bits.put(1, 5 - depth as u32);
        let last = self.entries.last().map(|(_, last)| last.key);
        if last.is_none() {
            for &letter in &listed.key[..depth - 1] {
                bits.golomb(u64::from(letter - 1), FIRST_LETTER_ORDER);
            }
        }
        let before = last.filter(|last| last[..depth - 1] == listed.key[..depth - 1]).map_or(0, |last| last[depth - 1]);
        let order = if last.is_none() && depth == 1 { FIRST_LETTER_ORDER } else { LETTER_ORDER[depth - 1] };
        bits.golomb(u64::from(listed.key[depth - 1] - before - 1), order);
        let parent = match depth {
            3 => self.pair,
            4 => self.triple,
            _ => None,
        };
        match parent {
            Some(at) => {
                let parent = &self.entries[at].1.postings;
                let ranks = ranks(&listed.postings, parent);
                bits.golomb(ranks.len() as u64 - 1, 1);
                bits.ascending(&ranks, parent.len() as u32);
            }
            None => reports(bits, &listed.postings, report_count),
        }
        if depth < 4 && listed.postings.len() > CANDIDATES {
            tiers(bits, &listed.postings);
        }
        if depth == 4 {
            exceptions(bits, listed);
        }
    }
}

fn reports(bits: &mut Bits, postings: &[Posting], report_count: u32) {
    let reports: Vec<u32> = postings.iter().map(|posting| posting.report()).collect();
    bits.golomb(reports.len() as u64 - 1, 1);
    bits.ascending(&reports, report_count);
}

/// Where the reports of `postings` lie in the list `parent`, which holds them all.
fn ranks(postings: &[Posting], parent: &[Posting]) -> Vec<u32> {
    let mut at = 0;
    let rank = |posting: &Posting| {
        // Steps of growing width: the parent is often much longer.
        let mut step = 1;
        while parent.get(at + step).is_some_and(|other| other.report() <= posting.report()) {
            at += step;
            step *= 2;
        }
        let end = (at + step).min(parent.len());
        at += parent[at..end].partition_point(|other| other.report() < posting.report());
        at as u32
    };
    postings.iter().map(rank).collect()
}

/// Which postings have at least each tier, each within those of the tier below.
fn tiers(bits: &mut Bits, postings: &[Posting]) {
    let mut within: Vec<Tier> = postings.iter().map(|posting| posting.tier()).collect();
    for tier in [Tier::Word, Tier::Often, Tier::Title] {
        let chosen: Vec<u32> = (0..within.len() as u32).filter(|&i| within[i as usize] >= tier).collect();
        bits.golomb(chosen.len() as u64, 1);
        bits.ascending(&chosen, within.len() as u32);
        within.retain(|&other| other >= tier);
        if within.is_empty() {
            break;
        }
    }
}

fn exceptions(bits: &mut Bits, listed: &Listed) {
    bits.golomb(listed.exceptions.len() as u64, 0);
    let mut previous: &[Sign] = &[];
    for exception in &*listed.exceptions {
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
