//! What a searcher knows before the first query: the characters, where the shards begin, the dictionary of the
//! texts, the years.

use crate::search::alphabet::{Alphabet, CODE_POINTS, classes};
use crate::search::bits::{BitReader, Bits, Damaged};
use crate::search::codes::Codes;
use crate::search::grams::CANDIDATES;
use crate::search::key::{Key, length};
use crate::search::normal::Simplified;
use crate::search::suffix::LONGEST;
use crate::search::text::{self, Stored};

/// Changes with the format; a reader refuses another.
pub const VERSION: u8 = 3;
/// Up to so many shards, the base holds where each begins; beyond, it holds where each stretch of
/// [`STRETCH`] begins, each stretch has a file, and all together have one.
const MOST_DIRECT: usize = 16 * 1024;
pub const STRETCH: usize = 256;
/// So many texts in a row have one stamp.
pub const BLOCK: usize = 256;

/// Golomb orders by depth: of a letter's distance from its predecessor, and of a letter by itself.
const STEP_ORDER: [u32; 4] = [0, 4, 6, 6];
const LETTER_ORDER: [u32; 4] = [9, 6, 7, 7];
/// Of the distance between a Simplified character's code point and the Traditional one's.
const SIMPLIFIED_ORDER: u32 = 10;

/// Marks files that belong together.
pub type Stamp = [u8; 4];

#[derive(Debug, Clone)]
pub struct Base {
    /// Of everything but the texts.
    pub stamp: Stamp,
    /// Of each [`BLOCK`] of texts.
    pub text_stamps: Vec<Stamp>,
    pub report_count: u32,
    pub shard_count: u32,
    pub alphabet: Alphabet,
    /// How texts are coded.
    pub codes: Codes,
    /// Year and number of reports in a row, from the first report on.
    pub years: Vec<(Option<i32>, u32)>,
    /// The years that some text writes in Chinese digits, ascending.
    pub chinese_years: Vec<i32>,
    pub dictionary: Vec<u8>,
    /// Where each shard begins, or each stretch of shards.
    pub starts: Vec<Key>,
}

impl Base {
    /// Whether [`Self::starts`] tells stretches, not shards.
    pub fn has_stretches(shard_count: u32) -> bool {
        shard_count as usize > MOST_DIRECT
    }

    /// The report whose file holds these bytes after its stamp.
    ///
    /// # Errors
    /// Bytes that no writer of this format would have written.
    pub fn text(&self, deflated: &[u8]) -> Result<Stored, Damaged> {
        let bytes = text::inflate(deflated, &self.dictionary)?;
        Stored::parse(&self.codes.decode(&bytes)?)
    }

    pub fn write(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend(self.stamp);
        let (characters, others) = (self.alphabet.characters(), self.alphabet.others());
        let pairs: Vec<(char, char)> = self.alphabet.simplified().pairs().collect();
        for number in [self.report_count, CANDIDATES as u32, LONGEST as u32, self.shard_count] {
            varint(&mut bytes, number);
        }
        for list in [characters.len(), others.len(), pairs.len(), self.codes.word_count()] {
            varint(&mut bytes, list as u32);
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
        bytes.extend(self.text_stamps.as_flattened());
        varint(&mut bytes, self.dictionary.len() as u32);
        bytes.extend_from_slice(&self.dictionary);
        let mut bits = Bits::default();
        for class in classes(characters.len()) {
            ascending(&mut bits, &characters[class]);
        }
        ascending(&mut bits, others);
        ascending(&mut bits, &pairs.iter().map(|&(from, _)| from).collect::<Vec<_>>());
        for (from, to) in pairs {
            let (from, to) = (u32::from(from), u32::from(to));
            bits.put(u64::from(to < from), 1);
            bits.golomb(u64::from(to.abs_diff(from)), SIMPLIFIED_ORDER);
        }
        self.codes.write(&mut bits);
        write_starts(&mut bits, &self.starts);
        bytes.extend(bits.into_bytes());
        text::deflate(&bytes, &[])
    }

    /// # Errors
    /// Bytes that no writer of this format would have written.
    pub fn read(deflated: &[u8]) -> Result<Self, Damaged> {
        let bytes = text::inflate(deflated, &[])?;
        let [VERSION, a, b, c, d, rest @ ..] = &bytes[..] else { return Err(Damaged("another version of the format")) };
        let stamp = [*a, *b, *c, *d];
        let mut rest = rest;
        let report_count = number(&mut rest)?;
        if number(&mut rest)? as usize != CANDIDATES || number(&mut rest)? as usize != LONGEST {
            return Err(Damaged("another version of the format"));
        }
        let shard_count = number(&mut rest)?;
        let (character_count, other_count, pair_count) = (number(&mut rest)?, number(&mut rest)?, number(&mut rest)?);
        let word_count = number(&mut rest)? as usize;
        let mut years = Vec::new();
        let mut dated = 0u64;
        for _ in 0..number(&mut rest)? {
            let year = number(&mut rest)?;
            let count = number(&mut rest)?;
            dated += u64::from(count);
            years.push(((year > 0).then_some(year as i32), count));
        }
        if dated > u64::from(report_count) {
            return Err(Damaged("more years than reports"));
        }
        let mut chinese_years = Vec::new();
        for _ in 0..number(&mut rest)? {
            chinese_years.push(number(&mut rest)? as i32);
        }
        let stamps = take(&mut rest, (report_count as usize).div_ceil(BLOCK) * size_of::<Stamp>())?;
        let text_stamps = stamps.as_chunks().0.to_vec();
        let size = number(&mut rest)? as usize;
        let dictionary = take(&mut rest, size)?.to_vec();
        let mut bits = BitReader::new(rest);
        let mut characters = Vec::new();
        if character_count > CODE_POINTS {
            return Err(Damaged("more characters than there are"));
        }
        for class in classes(character_count as usize) {
            characters.extend(read_ascending(&mut bits, class.len() as u32)?);
        }
        let others = read_ascending(&mut bits, other_count)?;
        let mut pairs = Vec::new();
        for from in read_ascending(&mut bits, pair_count)? {
            let is_lower = bits.get(1)? == 1;
            let distance = bits.golomb(SIMPLIFIED_ORDER)?.min(u64::from(CODE_POINTS)) as u32;
            let from_point = u32::from(from);
            let to = if is_lower { from_point.checked_sub(distance) } else { from_point.checked_add(distance) };
            pairs.push((from, to.and_then(char::from_u32).ok_or(NO_CHARACTER)?));
        }
        let codes = Codes::read(&mut bits, &characters, word_count)?;
        let start_count = if Self::has_stretches(shard_count) { (shard_count as usize).div_ceil(STRETCH) } else { shard_count as usize };
        let starts = read_starts(&mut bits, start_count)?;
        let alphabet = Alphabet::new(characters, Simplified::new(pairs), others.into_iter());
        Ok(Self { stamp, text_stamps, report_count, shard_count, alphabet, codes, years, chinese_years, dictionary, starts })
    }
}

const NO_CHARACTER: Damaged = Damaged("characters that are none");

fn ascending(bits: &mut Bits, characters: &[char]) {
    let points: Vec<u32> = characters.iter().map(|&c| c.into()).collect();
    bits.ascending(&points, CODE_POINTS);
}

fn read_ascending(bits: &mut BitReader, count: u32) -> Result<Vec<char>, Damaged> {
    let points = bits.ascending(count, CODE_POINTS)?;
    points.into_iter().map(|point| char::from_u32(point).ok_or(NO_CHARACTER)).collect()
}

/// Ascending keys, each told by where it leaves the one before.
pub fn write_starts(bits: &mut Bits, starts: &[Key]) {
    let mut last: Key = [0; 4];
    for key in starts {
        let depth = length(key);
        let same = key.iter().zip(&last).take_while(|(a, b)| a == b).count();
        bits.put(depth as u64 - 1, 2);
        bits.bounded(same as u64, depth.min(length(&last) + 1) as u64);
        bits.golomb(u64::from(key[same] - last[same] - 1), if last[same] > 0 { STEP_ORDER[same] } else { LETTER_ORDER[same] });
        for depth in same + 1..depth {
            bits.golomb(u64::from(key[depth] - 1), LETTER_ORDER[depth]);
        }
        last = *key;
    }
}

/// # Errors
/// Bytes that do not hold so many keys.
pub fn read_starts(bits: &mut BitReader, count: usize) -> Result<Vec<Key>, Damaged> {
    let mut last: Key = [0; 4];
    let mut starts = Vec::new();
    for _ in 0..count {
        let depth = bits.get(2)? as usize + 1;
        let same = bits.bounded(depth.min(length(&last) + 1) as u64)? as usize;
        for at in same..depth {
            let before = if at == same { last[at] } else { 0 };
            let order = if before > 0 { STEP_ORDER[at] } else { LETTER_ORDER[at] };
            let letter = u64::from(before) + bits.golomb(order)? + 1;
            last[at] = u32::try_from(letter).map_err(|_| Damaged("a letter that no text holds"))?;
        }
        last[depth..].fill(0);
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

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], Damaged> {
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
        let mut bits = Bits::default();
        write_starts(&mut bits, &starts);
        let bytes = bits.into_bytes();
        assert_eq!(read_starts(&mut BitReader::new(&bytes), starts.len()).unwrap(), starts);
        assert!(read_starts(&mut BitReader::new(&bytes[..3]), starts.len()).is_err());
    }
}
