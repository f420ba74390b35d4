//! The shards: the listed strings in order, cut into files of a few kilobytes.
//!
//! A shard is a walk through the strings by their keys: each pair, with what extends it by one letter and then another.
//! A string's reports are coded within the reports of the part it extends, where these stand in the same shard.
//! `docs/search-format.md` has the layout bit by bit.

use rayon::prelude::*;

use crate::search::alphabet::Sign;
use crate::search::bits::{BitReader, Bits, Damaged};
use crate::search::contents::{Contents, Listed};
use crate::search::exceptions::Exception;
use crate::search::grams::{CANDIDATES, Posting, Tier};
use crate::search::key::{self, Key};

/// Shards are closed before they outgrow so many bytes, unless a single string needs more. Small ones make queries
/// cheap, but more of their lists are told among all reports, not among those of a part that stands in the same shard:
/// with 4 KiB for 100,000 reports, the index would be a seventh larger.
fn target(report_count: u32) -> usize {
    (2048 + report_count as usize / 10).min(8192)
}

/// Also closed before they hold more reports than this: what a reader must be ready to unpack.
const MOST_POSTINGS: usize = 1 << 20;
/// One thread writes shards for letters that stand together in so many reports, counting each letter's; after them, a shard
/// begins anew.
const STRETCH: usize = 1 << 17;

/// Golomb orders of a letter's distance from its predecessor, by depth. Measured on generated reports.
const LETTER_ORDER: [u32; 4] = [0, 4, 5, 6];
const FIRST_LETTER_ORDER: u32 = 9;
const EXCEPTION_LETTER_ORDER: u32 = 6;

/// All shards, each with where it begins: after all strings before it, and not after its own.
pub fn write(contents: &Contents, report_count: u32) -> Vec<(Key, Vec<u8>)> {
    let listed = &contents.listed;
    let mut exceptions: Vec<(Key, &Exception)> =
        contents.exceptions.iter().map(|exception| (key::of(&exception.string[..4]), exception)).collect();
    exceptions.par_sort_unstable();
    let mut size = 0;
    let mut stretches = vec![0];
    for (i, letter) in listed.iter().enumerate().filter(|(_, one)| one.key[1] == 0) {
        if size > STRETCH {
            stretches.push(i);
            size = 0;
        }
        size += letter.postings.len();
    }
    stretches.push(listed.len());
    let written: Vec<Vec<(Key, Vec<u8>)>> = stretches
        .par_windows(2)
        .with_max_len(1)
        .map(|ends| {
            let mut writer = Writer { exceptions: &exceptions, report_count, done: Vec::new(), open: Open::default() };
            let mut parents: [&[Posting]; 4] = [&[]; 4];
            for Listed { key, postings, .. } in &listed[ends[0]..ends[1]] {
                let depth = key::length(key);
                parents[depth - 1] = postings;
                let exceptions = if depth == 4 { writer.exceptions_of(key) } else { &[] };
                writer.push(Entry { key: *key, depth, postings, parent: if depth > 2 { parents[depth - 2] } else { &[] }, exceptions });
            }
            writer.close();
            writer.done
        })
        .collect();
    written.into_iter().flatten().collect()
}

struct Writer<'a> {
    /// By the keys of their first four letters.
    exceptions: &'a [(Key, &'a Exception)],
    report_count: u32,
    done: Vec<(Key, Vec<u8>)>,
    open: Open<'a>,
}

/// The shard being filled.
#[derive(Default)]
struct Open<'a> {
    bits: Bits,
    /// What stands in it, each with the bits before it.
    entries: Vec<(usize, Entry<'a>)>,
    postings: usize,
    /// What tells its strings from those before it: where the base says that it begins.
    start: Key,
    /// Whether the lists of the last string's first two and three letters stand in this shard.
    has: [bool; 2],
}

/// A string to be written and the lists of those it continues.
#[derive(Clone)]
struct Entry<'a> {
    key: Key,
    depth: usize,
    postings: &'a [Posting],
    /// Of the part that it extends, for strings of three and four letters.
    parent: &'a [Posting],
    exceptions: &'a [(Key, &'a Exception)],
}

impl<'a> Writer<'a> {
    fn exceptions_of(&self, key: &Key) -> &'a [(Key, &'a Exception)] {
        let start = self.exceptions.partition_point(|(other, _)| other < key);
        let count = self.exceptions[start..].partition_point(|(other, _)| other == key);
        &self.exceptions[start..start + count]
    }

    fn push(&mut self, entry: Entry<'a>) {
        let open = &mut self.open;
        if open.entries.is_empty() && open.start[0] == 0 {
            open.start = entry.key;
        }
        let before = open.bits.len();
        open.encode(&entry, self.report_count);
        open.postings += entry.postings.len() + entry.exceptions.iter().map(|(_, exception)| exception.holding.len()).sum::<usize>();
        match entry.depth {
            1 => open.has = [false, false],
            2 => open.has = [true, false],
            3 => open.has[1] = true,
            _ => {}
        }
        open.entries.push((before, entry));
        let is_full = open.bits.len() > target(self.report_count) * 8 || open.postings > MOST_POSTINGS;
        if is_full && open.entries.len() > 1 {
            self.cut();
        }
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
        let rest: Vec<(usize, Entry)> = self.open.entries.drain(at..).collect();
        self.open.bits.truncate(rest[0].0);
        self.close();
        self.open.start = start;
        for (_, entry) in rest {
            self.push(entry);
        }
    }

    fn close(&mut self) {
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

impl Open<'_> {
    fn encode(&mut self, entry: &Entry, report_count: u32) {
        let bits = &mut self.bits;
        let depth = entry.depth;
        bits.put(1, 5 - depth as u32);
        let last = self.entries.last().map(|(_, last)| last.key);
        if last.is_none() {
            for &letter in &entry.key[..depth - 1] {
                bits.golomb(u64::from(letter - 1), FIRST_LETTER_ORDER);
            }
        }
        let before = last.filter(|last| last[..depth - 1] == entry.key[..depth - 1]).map_or(0, |last| last[depth - 1]);
        let order = if last.is_none() && depth == 1 { FIRST_LETTER_ORDER } else { LETTER_ORDER[depth - 1] };
        bits.golomb(u64::from(entry.key[depth - 1] - before - 1), order);
        if depth > 2 && self.has[depth - 3] {
            let ranks = ranks(entry.postings, entry.parent);
            bits.golomb(ranks.len() as u64 - 1, 1);
            bits.ascending(&ranks, entry.parent.len() as u32);
        } else {
            reports(bits, entry.postings, report_count);
        }
        if depth < 4 && entry.postings.len() > CANDIDATES {
            tiers(bits, entry.postings);
        }
        if depth == 4 {
            bits.golomb(entry.exceptions.len() as u64, 0);
            let mut previous: &[Sign] = &[];
            for (_, exception) in entry.exceptions {
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

/// A listed string as a shard tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Ascending.
    pub reports: Vec<u32>,
    /// One for each report; empty where the shard gives none.
    pub tiers: Vec<Tier>,
    pub exceptions: Vec<Exception>,
}

/// Unpacks a shard: its strings in order. All signs are below `sign_count`.
///
/// # Errors
/// Bytes that no writer of this format would have written.
pub fn read(bytes: &[u8], report_count: u32, sign_count: u32) -> Result<Vec<(Key, Item)>, Damaged> {
    let mut reader = Reader { bits: BitReader::new(bytes), report_count, sign_count, left: 4 * MOST_POSTINGS.max(report_count as usize) };
    let mut items: Vec<(Key, Item)> = Vec::new();
    let mut last: Key = [0; 4];
    // Where the lists of the last string's first two and three letters are in `items`.
    let (mut pair, mut triple): (Option<usize>, Option<usize>) = (None, None);
    loop {
        let Some(depth) = reader.depth()? else { return Ok(items) };
        let begins = items.is_empty();
        if begins {
            for (at, slot) in last[..depth - 1].iter_mut().enumerate() {
                *slot = reader.part(0, at, FIRST_LETTER_ORDER)?;
            }
        } else if last[depth.saturating_sub(2)] == 0 {
            return Err(Damaged("a string that continues nothing"));
        }
        let order = if begins && depth == 1 { FIRST_LETTER_ORDER } else { LETTER_ORDER[depth - 1] };
        last[depth - 1] = reader.part(last[depth - 1], depth - 1, order)?;
        last[depth..].fill(0);
        let parent = match depth {
            3 => pair,
            4 => triple,
            _ => None,
        };
        let reports = match parent {
            Some(parent) => {
                let ranks = reader.list(items[parent].1.reports.len() as u32)?;
                ranks.iter().map(|&rank| items[parent].1.reports[rank as usize]).collect()
            }
            None => reader.list(report_count)?,
        };
        let tiers = if depth < 4 && reports.len() > CANDIDATES { reader.tiers(reports.len())? } else { Vec::new() };
        let exceptions = if depth == 4 { reader.exceptions(&last)? } else { Vec::new() };
        match depth {
            1 => (pair, triple) = (None, None),
            2 => (pair, triple) = (Some(items.len()), None),
            3 => triple = Some(items.len()),
            _ => {}
        }
        items.push((last, Item { reports, tiers, exceptions }));
    }
}

struct Reader<'a> {
    bits: BitReader<'a>,
    report_count: u32,
    sign_count: u32,
    /// How many postings may still be unpacked.
    left: usize,
}

impl Reader<'_> {
    /// The depth of the next string; `None` at the end.
    fn depth(&mut self) -> Result<Option<usize>, Damaged> {
        for depth in (1..=4).rev() {
            if self.bits.get(1)? == 1 {
                return Ok(Some(depth));
            }
        }
        Ok(None)
    }

    /// A letter, or as a key's third and fourth part an extension.
    fn part(&mut self, before: u32, at: usize, order: u32) -> Result<u32, Damaged> {
        let part = u64::from(before) + self.bits.golomb(order)? + 1;
        let letter = if at < 2 { part } else { part >> 1 };
        if letter == 0 || letter >= u64::from(self.sign_count) { Err(Damaged("a letter that no text holds")) } else { Ok(part as u32) }
    }

    fn count(&mut self, most: u64) -> Result<u32, Damaged> {
        let count = self.bits.golomb(1)?;
        if count > most {
            return Err(Damaged("a list longer than its range"));
        }
        self.left = self.left.checked_sub(count as usize).ok_or(Damaged("more reports than a shard may hold"))?;
        Ok(count as u32)
    }

    fn list(&mut self, universe: u32) -> Result<Vec<u32>, Damaged> {
        let count = self.count(u64::from(universe).saturating_sub(1))? + 1;
        self.bits.ascending(count, universe)
    }

    fn tiers(&mut self, count: usize) -> Result<Vec<Tier>, Damaged> {
        let mut tiers = vec![Tier::Across; count];
        let mut within: Vec<u32> = (0..count as u32).collect();
        for tier in [Tier::Word, Tier::Often, Tier::Title] {
            let chosen = self.count(within.len() as u64)?;
            let chosen = self.bits.ascending(chosen, within.len() as u32)?;
            within = chosen.iter().map(|&i| within[i as usize]).collect();
            for &i in &within {
                tiers[i as usize] = tier;
            }
            if within.is_empty() {
                break;
            }
        }
        Ok(tiers)
    }

    fn exceptions(&mut self, key: &Key) -> Result<Vec<Exception>, Damaged> {
        let count = self.bits.golomb(0)?;
        let mut exceptions: Vec<Exception> = Vec::new();
        for _ in 0..count {
            let previous = exceptions.last().map_or(&[][..], |exception| &exception.string[4..]);
            let shared = self.bits.golomb(1)? as usize;
            let more = self.bits.golomb(1)? as usize + 1;
            if shared > previous.len() || more > crate::search::suffix::LONGEST {
                return Err(Damaged("an exception of impossible length"));
            }
            let mut string = key::letters(key);
            string.extend_from_slice(&previous[..shared]);
            for _ in 0..more {
                string.push(self.part(0, 0, EXCEPTION_LETTER_ORDER)?);
            }
            let candidates = self.bits.golomb(3)? + CANDIDATES as u64 + 1;
            if candidates > u64::from(self.report_count) {
                return Err(Damaged("more candidates than reports"));
            }
            let holding = self.count(candidates)?;
            let holding = self.bits.ascending(holding, candidates as u32)?;
            exceptions.push(Exception { string, candidates: candidates as u32, holding });
        }
        Ok(exceptions)
    }
}
