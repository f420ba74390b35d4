//! Texts in bytes: characters and common words, each with a code of one or two.
//!
//! Deflate then sees a third of the bytes of UTF-8, and reaches further back with them: a text takes a tenth less room than
//! with codes for characters alone.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::search::alphabet::Alphabet;
use crate::search::base::{read_starts, write_starts};
use crate::search::bits::{BitReader, Bits, Damaged};
use crate::search::key::Key;
use crate::words;

/// So many words are coded. Each takes two bytes of the base, which the page loads before its first query; of 1,000
/// generated reports, 500 words more take 2.5 % off the texts.
const WORDS: usize = 1536;
/// A word that stands less often in the sample does not pay for its place in the base.
const FEWEST: usize = 8;
/// Characters of a word, at most.
const LONGEST: usize = 4;
/// So many codes are one byte; the bytes after these begin codes of two, and the last escapes a code point.
const SINGLES: usize = 232;
const ESCAPE: u8 = 255;
const MOST: usize = SINGLES + (ESCAPE as usize - SINGLES) * 256;

/// What each code stands for. All of it comes from the sample.
#[derive(Debug, Clone)]
pub struct Codes {
    /// The words as numbers of characters, from 1; ascending.
    words: Vec<Key>,
    /// Which of the alphabet's characters and then of the words have codes of one byte; ascending.
    singles: Vec<u32>,
    /// What each code stands for, that of code 0 first.
    strings: Vec<Box<str>>,
}

impl Codes {
    /// For the sample's characters and words.
    pub fn of(alphabet: &Alphabet, sample: &[&str]) -> Self {
        let characters = alphabet.characters();
        let mut words = common_words(alphabet, sample);
        words.sort_unstable();
        let every = Self::new(characters, words, Vec::new()).expect("words are made of the sample's characters");
        let coder = Coder::new(&every, alphabet);
        let mut counts = vec![0u64; every.strings.len()];
        for text in sample {
            coder.codes(text, |code| {
                if let Ok(code) = code {
                    counts[code as usize] += 1;
                }
            });
        }
        let mut singles: Vec<u32> = (0..counts.len() as u32).collect();
        singles.sort_by_key(|&i| Reverse(counts[i as usize]));
        singles.truncate(SINGLES);
        singles.sort_unstable();
        Self::new(characters, every.words, singles).expect("words are made of the sample's characters")
    }

    /// # Errors
    /// A word of characters that are none.
    fn new(characters: &[char], words: Vec<Key>, singles: Vec<u32>) -> Result<Self, Damaged> {
        let mut plain: Vec<Box<str>> = characters.iter().map(|c| c.to_string().into_boxed_str()).collect();
        for word in &words {
            let numbers = word.iter().take_while(|&&number| number > 0);
            let word: Option<String> = numbers.map(|&number| characters.get(number as usize - 1)).collect();
            plain.push(word.ok_or(Damaged("a word of characters that are none"))?.into_boxed_str());
        }
        let mut strings: Vec<Box<str>> = singles.iter().map(|&i| plain[i as usize].clone()).collect();
        let mut is_single = vec![false; plain.len()];
        singles.iter().for_each(|&i| is_single[i as usize] = true);
        strings.extend(plain.into_iter().zip(is_single).filter(|(_, is_single)| !is_single).map(|(string, _)| string));
        Ok(Self { words, singles, strings })
    }

    pub fn word_count(&self) -> usize {
        self.words.len()
    }

    pub fn write(&self, bits: &mut Bits) {
        write_starts(bits, &self.words);
        bits.ascending(&self.singles, self.strings.len() as u32);
    }

    /// # Errors
    /// Bytes that no writer of this format would have written.
    pub fn read(bits: &mut BitReader, characters: &[char], word_count: usize) -> Result<Self, Damaged> {
        let words = read_starts(bits, word_count)?;
        let count = characters.len() + word_count;
        let singles = bits.ascending(count.min(SINGLES) as u32, count as u32)?;
        Self::new(characters, words, singles)
    }

    /// What each code stands for, that of code 0 first.
    pub fn strings(&self) -> &[Box<str>] {
        &self.strings
    }

    /// The text that a [`Coder`] coded.
    ///
    /// # Errors
    /// A code that stands for nothing, or half a code.
    pub fn decode(&self, bytes: &[u8]) -> Result<String, Damaged> {
        let mut text = String::with_capacity(bytes.len() * 3);
        let mut rest = bytes;
        loop {
            let (code, after) = match rest {
                [] => return Ok(text),
                [ESCAPE, a, b, c, after @ ..] => {
                    let c = char::from_u32(u32::from_be_bytes([0, *a, *b, *c]));
                    text.push(c.ok_or(Damaged("a character that is none"))?);
                    rest = after;
                    continue;
                }
                [ESCAPE, ..] => return Err(Damaged("a text that ends inside a character")),
                [single, after @ ..] if usize::from(*single) < SINGLES => (usize::from(*single), after),
                [first, second, after @ ..] => (SINGLES + ((usize::from(*first) - SINGLES) << 8 | usize::from(*second)), after),
                _ => return Err(Damaged("a text that ends inside a character")),
            };
            text.push_str(self.strings.get(code).ok_or(Damaged("a character beyond the alphabet"))?);
            rest = after;
        }
    }
}

/// The words of two to [`LONGEST`] characters whose codes save the most.
fn common_words(alphabet: &Alphabet, sample: &[&str]) -> Vec<Key> {
    let mut counts: FxHashMap<Key, usize> = FxHashMap::default();
    for word in sample.iter().flat_map(|text| words::cut_known(text)) {
        let mut key: Key = [0; LONGEST];
        let mut length = 0;
        let fits = word.chars().all(|c| {
            let number = alphabet.rank(c).filter(|_| length < LONGEST && c.is_alphanumeric());
            number.is_some_and(|rank| {
                key[length] = rank + 1;
                length += 1;
                true
            })
        });
        if fits && length > 1 {
            *counts.entry(key).or_default() += 1;
        }
    }
    let saved = |&(key, count): &(Key, usize)| (Reverse(count * (length_of(&key) - 1)), key);
    let mut common: Vec<(Key, usize)> = counts.into_iter().filter(|&(_, count)| count >= FEWEST).collect();
    common.sort_unstable_by_key(saved);
    common.truncate(WORDS);
    common.into_iter().map(|(key, _)| key).collect()
}

fn length_of(word: &Key) -> usize {
    word.iter().take_while(|&&number| number > 0).count()
}

/// [`Codes`] from the side of the texts.
pub struct Coder<'a> {
    alphabet: &'a Alphabet,
    /// By the rank of a character: its code.
    characters: Vec<u32>,
    words: FxHashMap<Key, u32>,
    /// By the rank of a character: how long words are that begin with it.
    longest: Vec<u8>,
}

impl<'a> Coder<'a> {
    pub fn new(codes: &Codes, alphabet: &'a Alphabet) -> Self {
        let character_count = alphabet.characters().len();
        // Codes of one byte in order, then the others in order.
        let mut code_of = vec![u32::MAX; character_count + codes.words.len()];
        for (code, &i) in codes.singles.iter().enumerate() {
            code_of[i as usize] = code as u32;
        }
        let others = code_of.iter_mut().filter(|code| **code == u32::MAX);
        others.zip(codes.singles.len() as u32..).for_each(|(slot, code)| *slot = code);
        let of_words = code_of.split_off(character_count);
        let mut longest = vec![1; character_count];
        for word in &codes.words {
            let longest = &mut longest[word[0] as usize - 1];
            *longest = (*longest).max(length_of(word) as u8);
        }
        let words = codes.words.iter().copied().zip(of_words).filter(|&(_, code)| (code as usize) < MOST).collect();
        Self { alphabet, characters: code_of, words, longest }
    }

    /// A text in bytes; [`Codes::decode`] undoes it.
    pub fn code(&self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len() / 3);
        self.codes(text, |code| match code {
            Ok(code) if (code as usize) < SINGLES => bytes.push(code as u8),
            Ok(code) => {
                let beyond = code as usize - SINGLES;
                bytes.extend([(SINGLES + (beyond >> 8)) as u8, beyond as u8]);
            }
            Err(c) => {
                let [_, a, b, c] = u32::from(c).to_be_bytes();
                bytes.extend([ESCAPE, a, b, c]);
            }
        });
        bytes
    }

    /// The codes of a text in turn, at each place that of the longest string; a character that has none by itself.
    fn codes(&self, text: &str, mut each: impl FnMut(Result<u32, char>)) {
        let ranks: Vec<Result<u32, char>> = text.chars().map(|c| self.alphabet.rank(c).ok_or(c)).collect();
        let mut at = 0;
        while at < ranks.len() {
            let found = ranks[at].ok().and_then(|first| self.word(&ranks[at..], first));
            match (found, ranks[at]) {
                (Some((code, length)), _) => {
                    each(Ok(code));
                    at += length;
                }
                (None, rank) => {
                    let code = rank.map(|rank| (rank, self.characters[rank as usize]));
                    each(code.and_then(
                        |(rank, code)| {
                            if (code as usize) < MOST { Ok(code) } else { Err(self.alphabet.characters()[rank as usize]) }
                        },
                    ));
                    at += 1;
                }
            }
        }
    }

    /// The longest word at the beginning of `ranks`, and its length.
    fn word(&self, ranks: &[Result<u32, char>], first: u32) -> Option<(u32, usize)> {
        let mut key: Key = [0; LONGEST];
        let mut length = 0;
        for rank in ranks.iter().take(usize::from(self.longest[first as usize])).map_while(|rank| rank.ok()) {
            key[length] = rank + 1;
            length += 1;
        }
        while length > 1 {
            if let Some(&code) = self.words.get(&key) {
                return Some((code, length));
            }
            length -= 1;
            key[length] = 0;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::alphabet::Seen;

    #[test]
    fn texts_come_back_whatever_they_hold() {
        let sample = "组织工作总结\n全市组织部门抓好组织工作，选派干部。\u{2028}".repeat(FEWEST);
        let mut seen = Seen::default();
        seen.add(sample.chars());
        let alphabet = Alphabet::of(&seen.characters(), &[&sample]);
        let written = Codes::of(&alphabet, &[&sample]);
        assert!(written.word_count() > 0, "the sample repeats words");
        let mut bits = Bits::default();
        written.write(&mut bits);
        let bytes = bits.into_bytes();
        let read = Codes::read(&mut BitReader::new(&bytes), alphabet.characters(), written.word_count()).unwrap();
        let coder = Coder::new(&written, &alphabet);
        for text in ["", "组", "组织工", "干部组织部门工作总结", "没有见过的字：𠮷😀\t甲\r", &sample] {
            assert_eq!(read.decode(&coder.code(text)).unwrap(), text);
        }
        assert!(coder.code("组织工作总结").len() < 6, "a word is one code");
    }

    #[test]
    fn codes_that_stand_for_nothing_are_refused() {
        let alphabet = Alphabet::of(&['乙', '甲'], &["甲乙"]);
        let codes = Codes::of(&alphabet, &["甲乙"]);
        for bytes in [&[9][..], &[240], &[240, 3], &[255, 0, 1], &[255, 255, 255, 255]] {
            assert!(codes.decode(bytes).is_err(), "{bytes:?}");
        }
    }
}
