//! Lists of reports in a byte or two for each, so that millions of them can be held while an index is built.

use crate::search::grams::Posting;

/// So many postings in a row can be passed over at once.
const BLOCK: usize = 128;
/// What is told of a block: the report before it and where it begins, four bytes each.
type Head = [u8; 8];

/// Many lists, one after the other.
#[derive(Debug, Default)]
pub struct Packed {
    bytes: Vec<u8>,
    /// Where each list ends.
    ends: Vec<usize>,
}

impl Packed {
    /// Adds a list; `postings` ascend.
    pub fn push(&mut self, postings: &[Posting]) {
        number(&mut self.bytes, postings.len() as u32);
        let heads = self.bytes.len();
        self.bytes.resize(heads + size_of::<Head>() * (postings.len().max(1) - 1).div_euclid(BLOCK), 0);
        let from = self.bytes.len();
        let mut last = 0;
        for (i, block) in postings.chunks(BLOCK).enumerate() {
            if let Some(before) = i.checked_sub(1) {
                let offset = (self.bytes.len() - from) as u32;
                let head = &mut self.bytes[heads + before * size_of::<Head>()..];
                head[..4].copy_from_slice(&u32::to_le_bytes(last));
                head[4..8].copy_from_slice(&u32::to_le_bytes(offset));
            }
            for posting in block {
                number(&mut self.bytes, Posting::new(posting.report() - last, posting.tier()).bits());
                last = posting.report();
            }
        }
        self.ends.push(self.bytes.len());
    }

    pub fn at(&self, i: usize) -> List<'_> {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        let mut bytes = &self.bytes[start..self.ends[i]];
        let count = take(&mut bytes).unwrap_or(0) as usize;
        let (heads, bytes) = bytes.split_at(size_of::<Head>() * (count.max(1) - 1).div_euclid(BLOCK));
        List { count, heads: heads.as_chunks().0, bytes }
    }

    pub fn shrink_to_fit(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// One list.
#[derive(Clone, Copy)]
pub struct List<'a> {
    count: usize,
    /// Of all blocks but the first.
    heads: &'a [Head],
    bytes: &'a [u8],
}

impl<'a> List<'a> {
    pub fn count(&self) -> usize {
        self.count
    }

    pub fn iter(&self) -> Postings<'a> {
        Postings { bytes: self.bytes, last: 0 }
    }
}

/// The postings of a list in turn.
#[derive(Clone)]
pub struct Postings<'a> {
    bytes: &'a [u8],
    last: u32,
}

impl Iterator for Postings<'_> {
    type Item = Posting;

    fn next(&mut self) -> Option<Posting> {
        let step = Posting::from_bits(take(&mut self.bytes)?);
        self.last += step.report();
        Some(Posting::new(self.last, step.tier()))
    }
}

/// Looks for ascending reports in a list.
struct Seeker<'a> {
    list: List<'a>,
    /// How many blocks have been reached.
    block: usize,
    rest: Postings<'a>,
    current: Option<u32>,
}

impl<'a> Seeker<'a> {
    fn new(list: List<'a>) -> Self {
        let mut rest = list.iter();
        let current = rest.next().map(Posting::report);
        Self { list, block: 0, rest, current }
    }

    /// The first report of the list that is not before `report`.
    fn seek(&mut self, report: u32) -> Option<u32> {
        if self.current? >= report {
            return self.current;
        }
        let heads = &self.list.heads[self.block..];
        if heads.first().is_some_and(|head| before(head) < report) {
            // Steps of growing width: the next one is often near.
            let mut step = 1;
            while heads.get(step).is_some_and(|head| before(head) < report) {
                step *= 2;
            }
            let passed = step / 2 + heads[step / 2..step.min(heads.len())].partition_point(|head| before(head) < report);
            let head = &heads[passed - 1];
            let [.., a, b, c, d] = *head;
            self.rest = Postings { bytes: &self.list.bytes[u32::from_le_bytes([a, b, c, d]) as usize..], last: before(head) };
            self.block += passed;
        }
        self.current = self.rest.by_ref().map(Posting::report).find(|&other| other >= report);
        self.current
    }
}

fn before(&[a, b, c, d, ..]: &Head) -> u32 {
    u32::from_le_bytes([a, b, c, d])
}

/// Whether more than `limit` reports are in both lists.
pub fn common_exceeds(a: List, b: List, limit: usize) -> bool {
    let (short, long) = if a.count <= b.count { (a, b) } else { (b, a) };
    let mut seeker = Seeker::new(long);
    let mut found = 0;
    for (i, posting) in short.iter().enumerate() {
        if found + short.count - i <= limit {
            return false;
        }
        let Some(other) = seeker.seek(posting.report()) else { return false };
        found += usize::from(other == posting.report());
        if found > limit {
            return true;
        }
    }
    false
}

/// Seven bits a byte, the lowest first.
pub fn number(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Takes off what [`number`] wrote; `None` where there is none.
pub fn take(bytes: &mut &[u8]) -> Option<u32> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
        shift += 7;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::search::grams::Tier;

    fn postings(set: &BTreeSet<u32>) -> Vec<Posting> {
        set.iter().map(|&report| Posting::new(report, Tier::ALL[report as usize % 4])).collect()
    }

    proptest! {
        #[test]
        fn lists_come_back(sets in proptest::collection::vec(proptest::collection::btree_set(0u32..5000, 0..700), 1..5)) {
            let mut packed = Packed::default();
            sets.iter().for_each(|set| packed.push(&postings(set)));
            for (i, set) in sets.iter().enumerate() {
                prop_assert_eq!(packed.at(i).count(), set.len());
                prop_assert_eq!(packed.at(i).iter().collect::<Vec<_>>(), postings(set));
            }
        }

        #[test]
        fn what_is_common_is_counted(
            a in proptest::collection::btree_set(0u32..3000, 0..900), b in proptest::collection::btree_set(0u32..3000, 0..60), limit in 0usize..30
        ) {
            let mut packed = Packed::default();
            packed.push(&postings(&a));
            packed.push(&postings(&b));
            prop_assert_eq!(common_exceeds(packed.at(0), packed.at(1), limit), a.intersection(&b).count() > limit);
        }
    }
}
