//! The characters of an archive, by how often they stand in it, and what each means to search.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::search::normal::{self, Simplified};

/// A letter of the normal form, from 1, the commoner ones lower; 0 is a break.
pub type Letter = u32;

/// Above every letter.
const LONGER: u32 = 1 << 24;

/// Every character of the texts and the letters that they fold to.
///
/// The letters are numbered as they first appear in the folded characters, so that whoever has the characters
/// and their Simplified forms has the numbers.
#[derive(Debug, Clone)]
pub struct Alphabet {
    /// Commonest first; equally common ones by code point.
    characters: Vec<char>,
    simplified: Simplified,
    letters: Vec<char>,
    /// By code point: the character's fold, if it is one letter or a break; from [`LONGER`] on, where in `longer` it lies.
    folds: Vec<u32>,
    longer: Vec<Vec<Letter>>,
    rank: FxHashMap<char, u32>,
    number: FxHashMap<char, Letter>,
}

impl Alphabet {
    /// Of everything that the texts hold.
    pub fn count<'a>(texts: impl IndexedParallelIterator<Item = Vec<&'a str>>) -> Self {
        let counts = texts
            .fold(FxHashMap::<char, u64>::default, |mut counts, pieces| {
                for c in pieces.iter().flat_map(|piece| piece.chars()) {
                    *counts.entry(c).or_default() += 1;
                }
                counts
            })
            .reduce(FxHashMap::default, |mut a, b| {
                for (c, n) in b {
                    *a.entry(c).or_default() += n;
                }
                a
            });
        let mut counts: Vec<(char, u64)> = counts.into_iter().collect();
        counts.sort_unstable_by_key(|&(c, n)| (std::cmp::Reverse(n), c));
        let characters: Vec<char> = counts.into_iter().map(|(c, _)| c).collect();
        let as_is = Simplified::default();
        let simplified = Simplified::of(characters.iter().flat_map(|&c| normal::fold(c, &as_is)));
        Self::new(characters, simplified)
    }

    pub fn new(characters: Vec<char>, simplified: Simplified) -> Self {
        let mut letters = Vec::new();
        let mut number: FxHashMap<char, Letter> = FxHashMap::default();
        let highest = characters.iter().map(|&c| c as usize).max().unwrap_or(0);
        let mut folds = vec![0; highest + 1];
        let mut longer = Vec::new();
        for &c in &characters {
            let fold: Vec<Letter> = normal::fold(c, &simplified)
                .map(|folded| {
                    if folded == normal::BREAK {
                        return 0;
                    }
                    *number.entry(folded).or_insert_with(|| {
                        letters.push(folded);
                        letters.len() as Letter
                    })
                })
                .collect();
            folds[c as usize] = if let [letter] = fold[..] {
                letter
            } else {
                longer.push(fold);
                LONGER + longer.len() as u32 - 1
            };
        }
        let rank = characters.iter().enumerate().map(|(i, &c)| (c, i as u32)).collect();
        Self { characters, simplified, letters, folds, longer, rank, number }
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

    /// The number of a letter of the normal form; `None` where no text holds it.
    pub fn number(&self, letter: char) -> Option<Letter> {
        self.number.get(&letter).copied()
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
