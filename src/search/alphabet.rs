//! The characters of an archive and what each means to search.
//!
//! Everything that files are coded by comes from a sample of the reports, so that one more report seldom changes it:
//! the characters by how often they stand there, and the letters that these fold to. Letters that stand only
//! elsewhere come after them, by code point.

use std::collections::BTreeSet;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::Packed;
use crate::search::normal::{self, Simplified};

/// A letter of the normal form, from 1, the commoner ones lower; 0 is a break. Dense: for what is held in memory.
pub type Letter = u32;

/// A letter in the index's files: the letters of the sample have the same numbers, any other is told by its code point,
/// so that it has the same number whatever else the texts hold.
pub type Sign = u32;

/// Above every letter.
const LONGER: u32 = 1 << 24;
/// One more than the highest code point.
pub const CODE_POINTS: u32 = 0x11_0000;

/// The characters that texts are coded by, and all letters.
#[derive(Debug, Clone)]
pub struct Alphabet {
    /// Those of the sample, by [`classes`]; within a class by code point.
    characters: Vec<char>,
    simplified: Simplified,
    letters: Vec<char>,
    /// How many letters the sample's characters fold to; the others follow, by code point.
    sampled: usize,
    /// By code point: the character's fold, if it is one letter or a break; from [`LONGER`] on, where in `longer` it lies.
    folds: Vec<u32>,
    longer: Vec<Vec<Letter>>,
    rank: FxHashMap<char, u32>,
    number: FxHashMap<char, Letter>,
}

/// How characters are grouped by frequency: the commonest eight, and then each time as many as all before.
pub fn classes(count: usize) -> impl Iterator<Item = Range<usize>> {
    let ends = std::iter::successors(Some(8), |end| Some(end * 2));
    let starts = std::iter::once(0).chain(ends.clone());
    starts.zip(ends).map(move |(start, end)| start..end.min(count)).take_while(|class| !class.is_empty())
}

impl Alphabet {
    /// Of texts that hold these characters, by code point; `sample` are some of the texts.
    pub fn of(all: &[char], sample: &[&str]) -> Self {
        let as_is = Simplified::default();
        let simplified = Simplified::of(all.iter().flat_map(|&c| normal::fold(c, &as_is)));
        let sampled = by_frequency(sample);
        let known: BTreeSet<char> = sampled.iter().flat_map(|&c| normal::fold(c, &simplified)).collect();
        let others: BTreeSet<char> = all.iter().flat_map(|&c| normal::fold(c, &simplified)).filter(|c| !known.contains(c)).collect();
        let mut alphabet = Self::new(sampled, simplified, others.into_iter().filter(|&c| c != normal::BREAK));
        alphabet.prepare(all);
        alphabet
    }

    /// `characters` as in [`Self::characters`]; `others` the letters that they do not fold to, by code point.
    pub fn new(characters: Vec<char>, simplified: Simplified, others: impl Iterator<Item = char>) -> Self {
        let mut letters = Vec::new();
        let mut number: FxHashMap<char, Letter> = FxHashMap::default();
        let mut add = |letter: char| {
            number.entry(letter).or_insert_with(|| {
                letters.push(letter);
                letters.len() as Letter
            });
        };
        let of_sample = characters.iter().flat_map(|&c| normal::fold(c, &simplified));
        of_sample.filter(|&c| c != normal::BREAK).for_each(&mut add);
        let other_count = others.map(add).count();
        let sampled = letters.len() - other_count;
        let rank = characters.iter().enumerate().map(|(i, &c)| (c, i as u32)).collect();
        Self { characters, simplified, letters, sampled, folds: Vec::new(), longer: Vec::new(), rank, number }
    }

    /// Makes [`Self::fold`] ready for these characters.
    fn prepare(&mut self, all: &[char]) {
        self.folds = vec![0; all.last().map_or(0, |&c| c as usize + 1)];
        for &c in all {
            let fold: Vec<Letter> =
                normal::fold(c, &self.simplified).map(|letter| self.number.get(&letter).copied().unwrap_or(0)).collect();
            self.folds[c as usize] = if let [letter] = fold[..] {
                letter
            } else {
                self.longer.push(fold);
                LONGER + self.longer.len() as u32 - 1
            };
        }
    }

    pub fn characters(&self) -> &[char] {
        &self.characters
    }

    pub fn simplified(&self) -> &Simplified {
        &self.simplified
    }

    /// The letters, the one of number 1 first.
    pub fn letters(&self) -> &[char] {
        &self.letters
    }

    /// Those of [`Self::letters`] that no character of the sample folds to, by code point.
    pub fn others(&self) -> &[char] {
        &self.letters[self.sampled..]
    }

    /// The number of a letter of the normal form; `None` where no text holds it.
    pub fn number(&self, letter: char) -> Option<Letter> {
        self.number.get(&letter).copied()
    }

    /// How files tell a letter. Ascends with it.
    pub fn sign(&self, letter: Letter) -> Sign {
        let known = self.sampled as Letter;
        if letter <= known { letter } else { known + u32::from(self.letters[letter as usize - 1]) }
    }

    /// The letter that a sign tells.
    pub fn letter(&self, sign: Sign) -> Option<char> {
        match (sign as usize).checked_sub(self.sampled + 1) {
            None => self.letters.get(sign.checked_sub(1)? as usize).copied(),
            Some(before) => char::from_u32(before as u32 + 1),
        }
    }

    /// One more than the highest sign that a letter can have.
    pub fn sign_count(&self) -> u32 {
        self.sampled as u32 + CODE_POINTS
    }

    /// The place of a character among [`Self::characters`].
    pub fn rank(&self, c: char) -> Option<u32> {
        self.rank.get(&c).copied()
    }

    /// Calls `each` with what a character of the texts folds to: letters and, as 0, breaks.
    pub fn fold(&self, c: char, mut each: impl FnMut(Letter)) {
        match self.folds.get(c as usize) {
            Some(&letter) if letter < LONGER => each(letter),
            Some(&at) => self.longer[(at - LONGER) as usize].iter().copied().for_each(each),
            None => {}
        }
    }
}

/// The characters of one text, each once: so much of it that a text that has not changed need not be looked through.
#[derive(Clone, Default)]
pub struct Characters(Packed);

impl Characters {
    pub fn of<T: AsRef<str>>(texts: impl Iterator<Item = T>) -> Self {
        let mut characters: FxHashSet<char> = FxHashSet::default();
        texts.for_each(|text| characters.extend(text.as_ref().chars()));
        let mut characters: Vec<char> = characters.into_iter().collect();
        characters.sort_unstable();
        let mut bytes = Vec::with_capacity(characters.len() * 2);
        let mut last = 0;
        for c in characters {
            let step = u32::from(c) - std::mem::replace(&mut last, u32::from(c));
            bytes = postcard::to_extend(&step, bytes).expect("a number can be written");
        }
        Self(bytes.into())
    }

    /// As [`Characters::packed`] wrote them.
    pub fn new(packed: Packed) -> Self {
        Self(packed)
    }

    /// How far each is from the one before it, as postcard writes numbers.
    pub fn packed(&self) -> &[u8] {
        &self.0
    }

    /// By code point.
    pub fn iter(&self) -> impl Iterator<Item = char> {
        let (mut rest, mut last) = (&self.0[..], 0_u32);
        std::iter::from_fn(move || {
            let (step, after) = postcard::take_from_bytes::<u32>(rest).ok()?;
            (rest, last) = (after, last.checked_add(step)?);
            char::from_u32(last)
        })
    }
}

/// The characters of some texts.
#[derive(Debug, Clone)]
pub struct Seen {
    /// A bit for each code point.
    bits: Vec<u64>,
}

impl Default for Seen {
    fn default() -> Self {
        Self { bits: vec![0; CODE_POINTS as usize / 64] }
    }
}

impl Seen {
    pub fn add(&mut self, characters: impl Iterator<Item = char>) {
        for c in characters {
            self.bits[c as usize / 64] |= 1 << (c as usize % 64);
        }
    }

    pub fn join(&mut self, other: &Self) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(bits, other)| *bits |= other);
    }

    /// By code point.
    pub fn characters(&self) -> Vec<char> {
        let is_seen = |c: &char| self.bits[*c as usize / 64] & 1 << (*c as usize % 64) != 0;
        ('\0'..=char::MAX).filter(is_seen).collect()
    }
}

fn by_frequency(sample: &[&str]) -> Vec<char> {
    let mut counts: FxHashMap<char, u64> = FxHashMap::default();
    for c in sample.iter().flat_map(|text| text.chars()) {
        *counts.entry(c).or_default() += 1;
    }
    let mut counts: Vec<(char, u64)> = counts.into_iter().collect();
    counts.sort_unstable_by_key(|&(c, n)| (std::cmp::Reverse(n), c));
    let mut characters: Vec<char> = counts.into_iter().map(|(c, _)| c).collect();
    for class in classes(characters.len()) {
        characters[class].sort_unstable();
    }
    characters
}
