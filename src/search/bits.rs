//! Numbers and sorted lists as bits.
//!
//! Lists are coded by binary interpolation (Moffat and Stuiver 2000): the middle element within the range that
//! its neighbours leave it, then both halves. A list that fills its range costs nothing.
//!
//! An element less its place in the list is how many numbers before it are left out. That never falls along the list, and the range
//! that is left to an element lies between those of its neighbours: both coder and reader work on it, without recursion,
//! for an index is tens of millions of such elements.

use std::ops::Range;

/// Bits, the highest of a byte first.
#[derive(Debug, Default, Clone)]
pub struct Bits {
    /// A multiple of four.
    bytes: Vec<u8>,
    /// What follows: the lowest bits, fewer than 32.
    pending: u64,
    pending_len: u32,
}

/// Part of a list that is still to be coded or read: its first place, its end, and how many numbers are left out before it and in it at most.
type Part = (u32, u32, u32, u32);

/// As deep as halving 2^32 elements goes.
const DEEPEST: usize = 33;

impl Bits {
    pub fn len(&self) -> usize {
        self.bytes.len() * 8 + self.pending_len as usize
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The last byte is filled with zeros.
    pub fn into_bytes(mut self) -> Vec<u8> {
        let rest = (self.pending as u32).checked_shl(32 - self.pending_len).unwrap_or(0);
        self.bytes.extend(&rest.to_be_bytes()[..self.pending_len.div_ceil(8) as usize]);
        self.bytes
    }

    /// The lowest `count` bits of `value`, at most 64 of them.
    pub fn put(&mut self, value: u64, count: u32) {
        if count > 32 {
            self.put(value >> 32, count - 32);
            return self.put(value, 32);
        }
        self.pending = self.pending << count | value & ((1 << count) - 1);
        self.pending_len += count;
        if self.pending_len >= 32 {
            self.pending_len -= 32;
            self.bytes.extend_from_slice(&((self.pending >> self.pending_len) as u32).to_be_bytes());
        }
    }

    /// Exponential Golomb code: short for values below `2^order`.
    pub fn golomb(&mut self, value: u64, order: u32) {
        let shifted = value + (1 << order);
        let width = u64::BITS - shifted.leading_zeros();
        let zeros = width - 1 - order;
        if zeros + width > 64 {
            self.put(0, zeros);
            return self.put(shifted, width);
        }
        self.put(shifted, zeros + width);
    }

    /// `value` below `range`, in as few bits as an even distribution allows.
    pub fn bounded(&mut self, value: u64, range: u64) {
        if range > 1 {
            let (value, width) = bounded(value, range);
            self.put(value, width);
        }
    }

    /// Ascending numbers below `universe`; their count must be known to the reader.
    pub fn ascending(&mut self, list: &[u32], universe: u32) {
        // Beside the fields, so that these stay in registers.
        let Self { bytes, mut pending, mut pending_len } = std::mem::take(self);
        self.bytes = bytes;
        let mut open: [Part; DEEPEST] = [(0, 0, 0, 0); DEEPEST];
        let mut depth = 0;
        let (mut from, mut to, mut low, mut high) = (0, list.len() as u32, 0, universe.saturating_sub(list.len() as u32));
        let mut emit = |bytes: &mut Vec<u8>, value: u32, range: u32| {
            let (code, width) = bounded(u64::from(value), u64::from(range) + 1);
            pending = pending << width | code;
            pending_len += width;
            if pending_len >= 32 {
                pending_len -= 32;
                bytes.extend_from_slice(&((pending >> pending_len) as u32).to_be_bytes());
            }
        };
        loop {
            while to - from > 3 && low < high {
                let middle = from + (to - from) / 2;
                let before = list[middle as usize] - middle;
                emit(&mut self.bytes, before - low, high - low);
                open[depth] = (middle + 1, to, before, high);
                depth += 1;
                (to, high) = (middle, before);
            }
            if low < high {
                match list[from as usize..to as usize] {
                    [a] => emit(&mut self.bytes, a - from - low, high - low),
                    [a, b] => {
                        let b = b - from - 1;
                        emit(&mut self.bytes, b - low, high - low);
                        emit(&mut self.bytes, a - from - low, b - low);
                    }
                    [a, b, c] => {
                        let b = b - from - 1;
                        emit(&mut self.bytes, b - low, high - low);
                        emit(&mut self.bytes, a - from - low, b - low);
                        emit(&mut self.bytes, c - from - 2 - b, high - b);
                    }
                    _ => {}
                }
            }
            if depth == 0 {
                break;
            }
            depth -= 1;
            (from, to, low, high) = open[depth];
        }
        (self.pending, self.pending_len) = (pending, pending_len);
    }

    /// Bits of `bytes`, as they stand there.
    pub fn copy(&mut self, bytes: &[u8], range: Range<usize>) {
        for from in range.clone().step_by(32) {
            let count = (range.end - from).min(32) as u32;
            self.put(highest(window(bytes, from), count), count);
        }
    }

    /// Keeps the first `len` bits.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len() {
            return;
        }
        let (whole, rest) = (len / 32 * 4, (len % 32) as u32);
        if whole == self.bytes.len() {
            self.pending >>= self.pending_len - rest;
        } else {
            let word: [u8; 4] = self.bytes[whole..whole + 4].try_into().expect("whole words were written");
            self.pending = u64::from(u32::from_be_bytes(word)) >> (32 - rest);
        }
        self.bytes.truncate(whole);
        self.pending_len = rest;
    }
}

/// The code of a `value` below `range`, which is more than 1, and its width: at most 32 bits for a range of 32.
fn bounded(value: u64, range: u64) -> (u64, u32) {
    let width = 63 - range.leading_zeros();
    let short = (2u64 << width) - range;
    let is_long = value >= short;
    (if is_long { value + short } else { value }, width + u32::from(is_long))
}

/// Bytes that are not what their format promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("damaged: {0}")]
pub struct Damaged(pub &'static str);

const ENDS_EARLY: Damaged = Damaged("ends too early");

/// Reads what [`Bits`] wrote. Never reads past the end and never runs longer than the bytes allow.
pub struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bits have been read.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Whether no whole byte is left.
    pub fn spent(&self) -> bool {
        self.at.div_ceil(8) >= self.bytes.len()
    }

    /// At most 64 bits.
    pub fn get(&mut self, count: u32) -> Result<u64, Damaged> {
        if count > 32 {
            return Ok(self.get(count - 32)? << 32 | self.get(32)?);
        }
        let value = highest(window(self.bytes, self.at), count);
        self.skip(count)?;
        Ok(value)
    }

    fn skip(&mut self, count: u32) -> Result<(), Damaged> {
        self.at += count as usize;
        if self.at > self.bytes.len() * 8 { Err(ENDS_EARLY) } else { Ok(()) }
    }

    pub fn golomb(&mut self, order: u32) -> Result<u64, Damaged> {
        let zeros = window(self.bytes, self.at).leading_zeros();
        if zeros > 32 {
            let is_over = self.at + 32 >= self.bytes.len() * 8;
            return Err(if is_over { ENDS_EARLY } else { Damaged("a number beyond 32 bits") });
        }
        self.skip(zeros)?;
        Ok(self.get(zeros + order + 1)? - (1 << order))
    }

    pub fn bounded(&mut self, range: u64) -> Result<u64, Damaged> {
        if range <= 1 {
            return Ok(0);
        }
        let (value, width) = first_bounded(window(self.bytes, self.at), range);
        self.skip(width)?;
        Ok(value)
    }

    /// `count` ascending numbers below `universe`.
    pub fn ascending(&mut self, count: u32, universe: u32) -> Result<Vec<u32>, Damaged> {
        let mut list = Vec::new();
        self.ascending_into(&mut list, count, universe)?;
        Ok(list)
    }

    /// The same at the end of `all`.
    pub fn ascending_into(&mut self, all: &mut Vec<u32>, count: u32, universe: u32) -> Result<(), Damaged> {
        let Some(free) = universe.checked_sub(count) else { return Err(Damaged("a list longer than its range")) };
        let start = all.len();
        all.resize(start + count as usize, 0);
        let list = &mut all[start..];
        let mut open: [Part; DEEPEST] = [(0, 0, 0, 0); DEEPEST];
        let mut depth = 0;
        let (mut from, mut to, mut low, mut high) = (0, count, 0, free);
        let (bytes, mut at) = (self.bytes, self.at);
        let mut take = |low: u32, high: u32| {
            let (value, width) = first_bounded(window(bytes, at), u64::from(high - low) + 1);
            at += width as usize;
            low + value as u32
        };
        loop {
            while to - from > 3 && low < high {
                let middle = from + (to - from) / 2;
                let before = take(low, high);
                list[middle as usize] = before + middle;
                open[depth] = (middle + 1, to, before, high);
                depth += 1;
                (to, high) = (middle, before);
            }
            let part = &mut list[from as usize..to as usize];
            if low == high {
                for (slot, place) in part.iter_mut().zip(from..) {
                    *slot = low + place;
                }
            } else {
                match part {
                    [a] => *a = take(low, high) + from,
                    [a, b] => {
                        let middle = take(low, high);
                        *b = middle + from + 1;
                        *a = take(low, middle) + from;
                    }
                    [a, b, c] => {
                        let middle = take(low, high);
                        *b = middle + from + 1;
                        *a = take(low, middle) + from;
                        *c = take(middle, high) + from + 2;
                    }
                    _ => {}
                }
            }
            if depth == 0 {
                break;
            }
            depth -= 1;
            (from, to, low, high) = open[depth];
        }
        // Past the end stand zeros, which are numbers within their ranges, too.
        self.at = at;
        self.skip(0)
    }
}

/// The bits from a place on, at least 56 of them, and zeros after the end.
fn window(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at / 8..).unwrap_or_default();
    let eight = rest.first_chunk().copied().unwrap_or_else(|| {
        let mut eight = [0; 8];
        eight[..rest.len()].copy_from_slice(rest);
        eight
    });
    u64::from_be_bytes(eight) << (at % 8)
}

/// The first bits of a window, at most 63 of them.
fn highest(window: u64, count: u32) -> u64 {
    window >> 1 >> (63 - count)
}

/// The number below `range`, which is more than 1, that a window begins with, and in how many bits.
fn first_bounded(window: u64, range: u64) -> (u64, u32) {
    let width = 63 - range.leading_zeros();
    let short = (2u64 << width) - range;
    let (value, longer) = (highest(window, width), highest(window, width + 1));
    if value < short { (value, width) } else { (longer - short, width + 1) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(
            set in proptest::collection::btree_set(0u32..500, 0..60), numbers in proptest::collection::vec((0u64..1 << 32, 0u32..12), 0..20)
        ) {
            let list: Vec<u32> = set.into_iter().collect();
            let mut bits = Bits::default();
            for &(value, order) in &numbers {
                bits.golomb(value, order);
                bits.bounded(value % 77, 77);
            }
            bits.ascending(&list, 500);
            let whole = bits.len();
            bits.golomb(1, 3);
            bits.truncate(whole);
            for &(value, order) in &numbers {
                bits.golomb(value, order);
                bits.bounded(value % 77, 77);
            }
            bits.ascending(&list, 500);
            let bytes = bits.into_bytes();
            let mut reader = BitReader::new(&bytes);
            for _ in 0..2 {
                for &(value, order) in &numbers {
                    prop_assert_eq!(reader.golomb(order).unwrap(), value);
                    prop_assert_eq!(reader.bounded(77).unwrap(), value % 77);
                }
                prop_assert_eq!(&reader.ascending(list.len() as u32, 500).unwrap(), &list);
            }
        }

        #[test]
        fn hostile_bytes_end(bytes in proptest::collection::vec(any::<u8>(), 0..64), count in 0u32..200, universe in 0u32..1000) {
            let mut reader = BitReader::new(&bytes);
            while reader.golomb(0).is_ok() && reader.ascending(count, universe).is_ok() {
                if reader.spent() { break; }
                if count == 0 || count == universe { continue; }
            }
        }
    }
}
