//! Numbers and sorted lists as bits.
//!
//! Lists are coded by binary interpolation (Moffat and Stuiver 2000): the middle element within the range that
//! its neighbours leave it, then both halves. A list that fills its range costs nothing.

/// Bits, the highest of a byte first.
#[derive(Debug, Default, Clone)]
pub struct Bits {
    /// A multiple of four.
    bytes: Vec<u8>,
    /// What follows: the lowest bits, fewer than 32.
    pending: u64,
    pending_len: u32,
}

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
            self.bytes.extend(((self.pending >> self.pending_len) as u32).to_be_bytes());
        }
    }

    /// Exponential Golomb code: short for values below `2^order`.
    pub fn golomb(&mut self, value: u64, order: u32) {
        let shifted = value + (1 << order);
        let width = u64::BITS - shifted.leading_zeros();
        self.put(0, width - 1 - order);
        self.put(shifted, width);
    }

    /// `value` below `range`, in as few bits as an even distribution allows.
    pub fn bounded(&mut self, value: u64, range: u64) {
        if range <= 1 {
            return;
        }
        let width = 63 - range.leading_zeros();
        let short = (2u64 << width) - range;
        if value < short { self.put(value, width) } else { self.put(value + short, width + 1) }
    }

    /// Ascending numbers below `universe`; their count must be known to the reader.
    pub fn ascending(&mut self, list: &[u32], universe: u32) {
        self.between(list, 0, i64::from(universe) - 1);
    }

    fn between(&mut self, list: &[u32], low: i64, high: i64) {
        if list.is_empty() || high - low + 1 == list.len() as i64 {
            return;
        }
        let middle = list.len() / 2;
        let value = i64::from(list[middle]);
        let first = low + middle as i64;
        let last = high - (list.len() - 1 - middle) as i64;
        self.bounded((value - first) as u64, (last - first + 1) as u64);
        self.between(&list[..middle], low, value - 1);
        self.between(&list[middle + 1..], value + 1, high);
    }

    /// Keeps the first `len` bits.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len() {
            return;
        }
        let bytes = std::mem::take(self).into_bytes();
        let whole = len / 32 * 4;
        self.bytes = bytes[..whole].to_vec();
        for at in whole * 8..len {
            self.put(u64::from(bytes[at / 8] >> (7 - at % 8)), 1);
        }
    }
}

/// Bytes that are not what their format promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("damaged: {0}")]
pub struct Damaged(pub &'static str);

/// Reads what [`Bits`] wrote. Never reads past the end and never runs longer than the bytes allow.
pub struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Whether no whole byte is left.
    pub fn spent(&self) -> bool {
        self.at.div_ceil(8) >= self.bytes.len()
    }

    pub fn get(&mut self, count: u32) -> Result<u64, Damaged> {
        if self.at + count as usize > self.bytes.len() * 8 {
            return Err(Damaged("ends too early"));
        }
        let (from, offset) = (self.at / 8, (self.at % 8) as u32);
        self.at += count as usize;
        if let (Some(eight), 1..=56) = (self.bytes[from..].first_chunk(), count) {
            return Ok(u64::from_be_bytes(*eight) << offset >> (64 - count));
        }
        // Near the end, or more bits than eight bytes are sure to hold.
        let mut value = 0;
        for at in self.at - count as usize..self.at {
            value = value << 1 | u64::from(self.bytes[at / 8] >> (7 - at % 8) & 1);
        }
        Ok(value)
    }

    pub fn golomb(&mut self, order: u32) -> Result<u64, Damaged> {
        let mut zeros = 0;
        while self.get(1)? == 0 {
            zeros += 1;
            if zeros > 32 {
                return Err(Damaged("a number beyond 32 bits"));
            }
        }
        let rest = self.get(zeros + order)?;
        Ok((1 << (zeros + order) | rest) - (1 << order))
    }

    pub fn bounded(&mut self, range: u64) -> Result<u64, Damaged> {
        if range <= 1 {
            return Ok(0);
        }
        let width = 63 - range.leading_zeros();
        let short = (2u64 << width) - range;
        let value = self.get(width)?;
        if value < short { Ok(value) } else { Ok((value << 1 | self.get(1)?) - short) }
    }

    /// `count` ascending numbers below `universe`.
    pub fn ascending(&mut self, count: u32, universe: u32) -> Result<Vec<u32>, Damaged> {
        if count > universe {
            return Err(Damaged("a list longer than its range"));
        }
        let mut list = vec![0; count as usize];
        self.between(&mut list, 0, i64::from(universe) - 1)?;
        Ok(list)
    }

    fn between(&mut self, list: &mut [u32], low: i64, high: i64) -> Result<(), Damaged> {
        let count = list.len();
        if count == 0 {
            return Ok(());
        }
        if high - low + 1 == count as i64 {
            for (i, slot) in list.iter_mut().enumerate() {
                *slot = (low + i as i64) as u32;
            }
            return Ok(());
        }
        let middle = count / 2;
        let first = low + middle as i64;
        let last = high - (count - 1 - middle) as i64;
        let value = first + self.bounded((last - first + 1) as u64)? as i64;
        list[middle] = value as u32;
        self.between(&mut list[..middle], low, value - 1)?;
        self.between(&mut list[middle + 1..], value + 1, high)
    }
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
