//! What a searcher knows before the first query: the characters, where the shards begin, the dictionary of the
//! texts, the years.

use crate::search::alphabet::Alphabet;
use crate::search::bits::{BitReader, Bits, Damaged};
use crate::search::grams::CANDIDATES;
use crate::search::normal::Simplified;
use crate::search::shard::Key;
use crate::search::suffix::LONGEST;
use crate::search::text;

/// Changes with the format; a reader refuses another.
pub const VERSION: u8 = 1;
/// Up to so many shards, the base holds where each begins; beyond, it holds where each stretch of
/// [`STRETCH`] begins, and each stretch has a file.
const MOST_DIRECT: usize = 16 * 1024;
pub const STRETCH: usize = 256;

/// Golomb orders by depth: of a letter's distance from its predecessor, and of a letter by itself.
const STEP_ORDER: [u32; 4] = [2, 5, 6, 6];
const LETTER_ORDER: [u32; 4] = [9, 6, 6, 6];

/// Marks all files of one build: parts of two builds do not fit together.
pub type Stamp = [u8; 4];

#[derive(Debug, Clone)]
pub struct Base {
    pub stamp: Stamp,
    pub report_count: u32,
    pub shard_count: u32,
    pub alphabet: Alphabet,
    /// Year and number of reports in a row, from the first report on.
    pub years: Vec<(Option<i32>, u32)>,
    /// The years that some text writes in Chinese digits, ascending.
    pub chinese_years: Vec<i32>,
    pub dictionary: Vec<u8>,
    /// With what each shard begins, or each stretch of shards.
    pub starts: Vec<Key>,
}

impl Base {
    /// Whether [`Self::starts`] tells stretches, not shards.
    pub fn has_stretches(shard_count: u32) -> bool {
        shard_count as usize > MOST_DIRECT
    }

    pub fn write(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend(self.stamp);
        for number in [self.report_count, CANDIDATES as u32, LONGEST as u32, self.shard_count] {
            varint(&mut bytes, number);
        }
        let characters: String = self.alphabet.characters().iter().collect();
        blob(&mut bytes, characters.as_bytes());
        let pairs: Vec<(char, char)> = self.alphabet.simplified().pairs().collect();
        varint(&mut bytes, pairs.len() as u32);
        for (from, to) in pairs {
            varint(&mut bytes, from.into());
            varint(&mut bytes, to.into());
        }
        varint(&mut bytes, self.years.len() as u32);
        for &(year, count) in &self.years {
            // Years before 1 are not told apart from none: no report has one.
            varint(&mut bytes, year.map_or(0, |year| year.max(0) as u32));
            varint(&mut bytes, count);
        }
        varint(&mut bytes, self.chinese_years.len() as u32);
        for &year in &self.chinese_years {
            varint(&mut bytes, year as u32);
        }
        blob(&mut bytes, &self.dictionary);
        blob(&mut bytes, &write_starts(&self.starts));
        text::deflate(&bytes, &[])
    }

    /// # Errors
    /// Bytes that no writer of this format would have written.
    pub fn read(deflated: &[u8]) -> Result<Self, Damaged> {
        let bytes = text::inflate(deflated, &[])?;
        let mut rest = bytes.as_slice();
        let [VERSION, a, b, c, d, after @ ..] = rest else { return Err(Damaged("another version of the format")) };
        let stamp = [*a, *b, *c, *d];
        rest = after;
        let report_count = number(&mut rest)?;
        if number(&mut rest)? as usize != CANDIDATES || number(&mut rest)? as usize != LONGEST {
            return Err(Damaged("another version of the format"));
        }
        let shard_count = number(&mut rest)?;
        let characters = std::str::from_utf8(take(&mut rest)?).map_err(|_| Damaged("characters that are none"))?;
        let mut pairs = Vec::new();
        for _ in 0..number(&mut rest)? {
            let pair = (char::from_u32(number(&mut rest)?), char::from_u32(number(&mut rest)?));
            let (Some(from), Some(to)) = pair else { return Err(Damaged("characters that are none")) };
            pairs.push((from, to));
        }
        let mut years = Vec::new();
        for _ in 0..number(&mut rest)? {
            let year = number(&mut rest)?;
            years.push(((year > 0).then_some(year as i32), number(&mut rest)?));
        }
        let mut chinese_years = Vec::new();
        for _ in 0..number(&mut rest)? {
            chinese_years.push(number(&mut rest)? as i32);
        }
        let dictionary = take(&mut rest)?.to_vec();
        let start_count = if Self::has_stretches(shard_count) { (shard_count as usize).div_ceil(STRETCH) } else { shard_count as usize };
        let starts = read_starts(take(&mut rest)?, start_count)?;
        let alphabet = Alphabet::new(characters.chars().collect(), Simplified::new(pairs));
        Ok(Self { stamp, report_count, shard_count, alphabet, years, chinese_years, dictionary, starts })
    }
}

/// Ascending keys, each told by where it leaves the one before.
pub fn write_starts(starts: &[Key]) -> Vec<u8> {
    let mut bits = Bits::default();
    let mut last: Key = [0; 4];
    for key in starts {
        let same = key.iter().zip(&last).take_while(|(a, b)| a == b).count().min(3);
        bits.put(same as u64, 2);
        bits.golomb(u64::from(key[same] - last[same]), STEP_ORDER[same]);
        for depth in same + 1..4 {
            bits.golomb(u64::from(key[depth]), LETTER_ORDER[depth]);
        }
        last = *key;
    }
    bits.into_bytes()
}

/// # Errors
/// Bytes that do not hold so many keys.
pub fn read_starts(bytes: &[u8], count: usize) -> Result<Vec<Key>, Damaged> {
    let mut bits = BitReader::new(bytes);
    let mut last: Key = [0; 4];
    let mut starts = Vec::new();
    for _ in 0..count {
        let same = bits.get(2)? as usize;
        last[same] =
            u32::try_from(u64::from(last[same]) + bits.golomb(STEP_ORDER[same])?).map_err(|_| Damaged("a letter that no text holds"))?;
        for depth in same + 1..4 {
            last[depth] = bits.golomb(LETTER_ORDER[depth])? as u32;
        }
        starts.push(last);
    }
    Ok(starts)
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
pub fn varint(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 128 {
        bytes.push(value as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn blob(bytes: &mut Vec<u8>, blob: &[u8]) {
    varint(bytes, blob.len() as u32);
    bytes.extend_from_slice(blob);
}

/// # Errors
/// Bytes that end inside a number, or a number of more than 32 bits.
pub fn number(rest: &mut &[u8]) -> Result<u32, Damaged> {
    let mut value = 0u64;
    for shift in (0..35).step_by(7) {
        let (&byte, after) = rest.split_first().ok_or(Damaged("ends too early"))?;
        *rest = after;
        value |= u64::from(byte & 127) << shift;
        if byte < 128 {
            return u32::try_from(value).map_err(|_| Damaged("a number beyond 32 bits"));
        }
    }
    Err(Damaged("a number beyond 32 bits"))
}

fn take<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], Damaged> {
    let length = number(rest)? as usize;
    let (taken, after) = rest.split_at_checked(length).ok_or(Damaged("ends too early"))?;
    *rest = after;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_are_read_as_written() {
        let starts = vec![[1, 0, 0, 0], [1, 2, 0, 0], [1, 2, 7, 9], [1, 2, 7, 10], [3, 1, 1, 1], [700, 900, 0, 0]];
        let bytes = write_starts(&starts);
        assert_eq!(read_starts(&bytes, starts.len()).unwrap(), starts);
        assert!(read_starts(&bytes[..3], starts.len()).is_err());
    }
}
