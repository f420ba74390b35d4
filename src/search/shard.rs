//! The shards: the listed strings in order, cut into files of a few kilobytes.
//!
//! A shard is a walk through the tree of strings: `一`, `一是`, `一是加`, `一是加强`, with what continues each.
//! A string's reports are coded within the reports of the string it continues, where these stand in the same shard.
//! `docs/search-format.md` has the layout bit by bit.

use rayon::prelude::*;

use crate::search::alphabet::Letter;
use crate::search::bits::{BitReader, Bits, Damaged};
use crate::search::exceptions::Exception;
use crate::search::grams::{CANDIDATES, Grams, Posting, Tier};

/// A listed string; 0 where it is shorter than four.
pub type Key = [Letter; 4];

/// Shards are closed before they outgrow so many bytes, unless a single string needs more. Small ones make queries
/// cheap, but begin more often with lists that stand elsewhere too: the more reports, the longer these. With 4 KiB for
/// 100,000 reports, such lists were half of all bytes.
fn target(report_count: u32) -> usize {
    (2048 + report_count as usize / 10).min(8192)
}

/// Also closed before they hold more reports than this: what a reader must be ready to unpack.
const MOST_POSTINGS: usize = 1 << 20;
/// Postings written by one thread in a row; a shard begins anew after them.
const STRETCH: usize = 1 << 21;

/// Golomb orders of a letter's distance from its predecessor, by depth. Measured on generated reports.
const LETTER_ORDER: [u32; 4] = [0, 4, 4, 5];
const FIRST_LETTER_ORDER: u32 = 9;
const EXCEPTION_LETTER_ORDER: u32 = 6;

/// All shards, each with where it begins: after all strings before it, and not after its own.
pub fn write(grams: &Grams, exceptions: &[Exception], report_count: u32) -> Vec<(Key, Vec<u8>)> {
    let mut stretches = Vec::new();
    let mut start = 1;
    let mut size = 0;
    let letters = grams.levels[0].len();
    for letter in 1..letters {
        size += grams.levels.iter().map(|level| level[letter].posting_count()).sum::<usize>();
        if size > STRETCH || letter + 1 == letters {
            stretches.push(start..letter + 1);
            (start, size) = (letter + 1, 0);
        }
    }
    let written: Vec<Vec<(Key, Vec<u8>)>> = stretches
        .into_par_iter()
        .map(|letters| {
            let mut writer = Writer { grams, exceptions, report_count, done: Vec::new(), open: Open::default() };
            letters.for_each(|letter| writer.letter(letter as Letter));
            writer.close();
            writer.done
        })
        .collect();
    written.into_iter().flatten().collect()
}

struct Writer<'a> {
    grams: &'a Grams,
    exceptions: &'a [Exception],
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
    /// Whether the list of the last string's first two letters stands in this shard.
    has_pair: bool,
}

/// A string to be written and the lists of those it continues.
#[derive(Clone)]
struct Entry<'a> {
    key: Key,
    depth: usize,
    postings: &'a [Posting],
    /// Of its first two letters, for a string of three; of its first three, for one of four.
    parent: &'a [Posting],
    exceptions: &'a [Exception],
}

impl<'a> Writer<'a> {
    fn letter(&mut self, a: Letter) {
        let grams = self.grams;
        let [ones, twos, threes, fours] = &grams.levels;
        let (twos, threes, fours) = (&twos[a as usize], &threes[a as usize], &fours[a as usize]);
        let Some(one) = ones[a as usize].get(&[0; 3]) else { return };
        self.push(Entry { key: [a, 0, 0, 0], depth: 1, postings: one, parent: &[], exceptions: &[] });
        for (i, two) in twos.rests.iter().enumerate() {
            let pair = twos.at(i);
            self.push(Entry { key: [a, two[0], 0, 0], depth: 2, postings: pair, parent: &[], exceptions: &[] });
            for j in threes.below(two, 1) {
                let three = threes.rests[j];
                let triple = threes.at(j);
                self.push(Entry { key: [a, three[0], three[1], 0], depth: 3, postings: triple, parent: pair, exceptions: &[] });
                for k in fours.below(&three, 2) {
                    let four = fours.rests[k];
                    let key = [a, four[0], four[1], four[2]];
                    let exceptions = self.exceptions_of(&key);
                    self.push(Entry { key, depth: 4, postings: fours.at(k), parent: triple, exceptions });
                }
            }
        }
    }

    fn exceptions_of(&self, key: &Key) -> &'a [Exception] {
        let start = self.exceptions.partition_point(|exception| exception.string[..4] < key[..]);
        let count = self.exceptions[start..].partition_point(|exception| exception.string[..4] == key[..]);
        &self.exceptions[start..start + count]
    }

    fn push(&mut self, entry: Entry<'a>) {
        let open = &mut self.open;
        if open.entries.is_empty() && open.start[0] == 0 {
            open.start = entry.key;
        }
        let before = open.bits.len();
        open.encode(&entry, self.report_count);
        open.postings += entry.postings.len() + entry.exceptions.iter().map(|exception| exception.holding.len()).sum::<usize>();
        match entry.depth {
            1 => open.has_pair = false,
            2 => open.has_pair = true,
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
            if depth == 4 {
                reports(bits, entry.parent, report_count);
            }
        }
        let before = last.filter(|last| last[..depth - 1] == entry.key[..depth - 1]).map_or(0, |last| last[depth - 1]);
        let order = if last.is_none() && depth == 1 { FIRST_LETTER_ORDER } else { LETTER_ORDER[depth - 1] };
        bits.golomb(u64::from(entry.key[depth - 1] - before - 1), order);
        if depth == 4 || depth == 3 && last.is_some() && self.has_pair {
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
            let mut previous: &[Letter] = &[];
            for exception in entry.exceptions {
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
    postings
        .iter()
        .map(|posting| {
            while parent[at].report() < posting.report() {
                at += 1;
            }
            at as u32
        })
        .collect()
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

/// Unpacks a shard: its strings in order.
///
/// # Errors
/// Bytes that no writer of this format would have written.
pub fn read(bytes: &[u8], report_count: u32, letter_count: u32) -> Result<Vec<(Key, Item)>, Damaged> {
    let mut reader = Reader { bits: BitReader::new(bytes), report_count, letter_count, left: 4 * MOST_POSTINGS.max(report_count as usize) };
    let mut items: Vec<(Key, Item)> = Vec::new();
    let mut last: Key = [0; 4];
    // Where the lists of the last string's first two and three letters are in `items`.
    let (mut pair, mut triple): (Option<usize>, Option<usize>) = (None, None);
    loop {
        let Some(depth) = reader.depth()? else { return Ok(items) };
        let begins = items.is_empty();
        if begins {
            for slot in &mut last[..depth - 1] {
                *slot = reader.letter(0, FIRST_LETTER_ORDER)?;
            }
            if depth == 4 {
                let reports = reader.list(report_count)?;
                items.push(([last[0], last[1], last[2], 0], Item { reports, ..Item::default() }));
                triple = Some(0);
            }
        } else if last[depth.saturating_sub(2)] == 0 {
            return Err(Damaged("a string that continues nothing"));
        }
        let order = if begins && depth == 1 { FIRST_LETTER_ORDER } else { LETTER_ORDER[depth - 1] };
        last[depth - 1] = reader.letter(last[depth - 1], order)?;
        last[depth..].fill(0);
        let parent = match depth {
            3 => pair,
            4 => Some(triple.ok_or(Damaged("a string that continues nothing"))?),
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
    letter_count: u32,
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

    fn letter(&mut self, before: Letter, order: u32) -> Result<Letter, Damaged> {
        let letter = u64::from(before) + self.bits.golomb(order)? + 1;
        if letter > u64::from(self.letter_count) { Err(Damaged("a letter that no text holds")) } else { Ok(letter as Letter) }
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
            let mut string = key.to_vec();
            string.extend_from_slice(&previous[..shared]);
            for _ in 0..more {
                string.push(self.letter(0, EXCEPTION_LETTER_ORDER)?);
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
