//! Unpacks a shard, whatever its bytes are.

use std::ops::Range;

use crate::search::bits::{BitReader, Damaged};
use crate::search::exceptions::Exception;
use crate::search::grams::{CANDIDATES, Tier};
use crate::search::key::{self, Key};
use crate::search::shard::{EXCEPTION_LETTER_ORDER, FIRST_LETTER_ORDER, LETTER_ORDER, MOST_POSTINGS};

/// A listed string as a shard tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Ascending.
    pub reports: Vec<u32>,
    /// One for each report; empty where the shard gives none.
    pub tiers: Vec<Tier>,
    pub exceptions: Vec<Exception>,
}

/// A listed string as it stands while its shard is walked through.
pub struct Told<'a> {
    pub key: Key,
    /// Ascending.
    pub reports: &'a [u32],
    /// One for each report; empty where the shard gives none.
    pub tiers: &'a [Tier],
    pub exceptions: Vec<Exception>,
    /// Which bits of the shard tell all of this but the key, if they do so within the list of the part that it extends: these bits stand
    /// as long as neither list changes.
    pub within: Option<Range<usize>>,
}

/// Unpacks a shard: its strings in order. All signs are below `sign_count`.
///
/// # Errors
/// Bytes that no writer of this format would have written.
pub fn read(bytes: &[u8], report_count: u32, sign_count: u32) -> Result<Vec<(Key, Item)>, Damaged> {
    let mut items = Vec::new();
    each(bytes, report_count, sign_count, |Told { key, reports, tiers, exceptions, .. }| {
        items.push((key, Item { reports: reports.to_vec(), tiers: tiers.to_vec(), exceptions }));
    })?;
    Ok(items)
}

/// The same, one string at a time.
///
/// # Errors
/// Bytes that no writer of this format would have written.
pub fn each(bytes: &[u8], report_count: u32, sign_count: u32, mut each: impl FnMut(Told)) -> Result<(), Damaged> {
    let left = 4 * MOST_POSTINGS.max(report_count as usize);
    let mut reader = Reader { bits: BitReader::new(bytes), report_count, sign_count, left, within: Vec::new(), chosen: Vec::new() };
    let mut last: Key = [0; 4];
    let mut begins = true;
    // The reports of the last string and of the parts that it extends, by length less one, and whether they stand in this shard.
    let mut lists: [Vec<u32>; 4] = Default::default();
    let mut has = [false; 4];
    let mut tiers = Vec::new();
    loop {
        let Some(depth) = reader.depth()? else { return Ok(()) };
        if begins {
            for (at, slot) in last[..depth - 1].iter_mut().enumerate() {
                *slot = reader.part(0, at, FIRST_LETTER_ORDER)?;
            }
        } else if last[depth.saturating_sub(2)] == 0 {
            return Err(Damaged("a string that continues nothing"));
        }
        let order = if begins && depth == 1 { FIRST_LETTER_ORDER } else { LETTER_ORDER[depth - 1] };
        begins = false;
        last[depth - 1] = reader.part(last[depth - 1], depth - 1, order)?;
        last[depth..].fill(0);
        has[depth - 1..].fill(false);
        let (shorter, list) = lists.split_at_mut(depth - 1);
        let list = &mut list[0];
        let from = reader.bits.at();
        let part = shorter.last().filter(|_| depth > 2 && has[depth - 2]);
        match part {
            Some(part) => {
                reader.list(list, part.len() as u32)?;
                list.iter_mut().for_each(|rank| *rank = part[*rank as usize]);
            }
            None => reader.list(list, report_count)?,
        }
        has[depth - 1] = true;
        tiers.clear();
        if depth < 4 && list.len() > CANDIDATES {
            reader.tiers(&mut tiers, list.len())?;
        }
        let exceptions = if depth == 4 { reader.exceptions(&last)? } else { Vec::new() };
        let within = part.map(|_| from..reader.bits.at());
        each(Told { key: last, reports: list, tiers: &tiers, exceptions, within });
    }
}

struct Reader<'a> {
    bits: BitReader<'a>,
    report_count: u32,
    sign_count: u32,
    /// How many postings may still be unpacked.
    left: usize,
    /// Kept for their memory.
    within: Vec<u32>,
    chosen: Vec<u32>,
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

    fn list(&mut self, list: &mut Vec<u32>, universe: u32) -> Result<(), Damaged> {
        let count = self.count(u64::from(universe).saturating_sub(1))? + 1;
        list.clear();
        self.bits.ascending_into(list, count, universe)
    }

    fn tiers(&mut self, tiers: &mut Vec<Tier>, count: usize) -> Result<(), Damaged> {
        tiers.resize(count, Tier::Across);
        self.within.clear();
        self.within.extend(0..count as u32);
        for tier in [Tier::Word, Tier::Often, Tier::Title] {
            let count = self.count(self.within.len() as u64)?;
            let Self { bits, within, chosen, .. } = self;
            chosen.clear();
            bits.ascending_into(chosen, count, within.len() as u32)?;
            chosen.iter_mut().for_each(|at| *at = within[*at as usize]);
            std::mem::swap(within, chosen);
            for &at in &*within {
                tiers[at as usize] = tier;
            }
            if within.is_empty() {
                break;
            }
        }
        Ok(())
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
