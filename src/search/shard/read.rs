//! Unpacks a shard, whatever its bytes are.

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
