//! What the shards are to hold: the listed strings and the exceptions.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::search::alphabet::{Alphabet, Letter, Sign};
use crate::search::exceptions::Exception;
use crate::search::grams::{Grams, Posting, Tier};
use crate::search::key::{self, Key};

/// Everything that is listed.
pub struct Contents<'a> {
    /// By key.
    pub listed: Vec<Listed<'a>>,
    /// Their letters are signs.
    pub exceptions: Vec<Exception>,
}

/// A listed string.
#[derive(Debug, Clone)]
pub struct Listed<'a> {
    pub key: Key,
    pub postings: Cow<'a, [Posting]>,
    /// In how many of them it stands as words.
    pub words: u32,
}

impl<'a> Contents<'a> {
    /// As found in the texts.
    pub fn of(grams: &'a Grams, mut exceptions: Vec<Exception>, alphabet: &Alphabet) -> Self {
        let sign = |letter: Letter| alphabet.sign(letter);
        let list = |(string, postings): (Vec<Letter>, &'a [Posting])| Listed {
            key: key::of(&string.into_iter().map(sign).collect::<Vec<Sign>>()),
            postings: Cow::Borrowed(postings),
            words: postings.iter().filter(|posting| posting.tier() >= Tier::Word).count() as u32,
        };
        let mut listed: Vec<Listed> = grams.listed().map(list).collect();
        listed.par_sort_unstable_by_key(|one| one.key);
        for letter in exceptions.iter_mut().flat_map(|exception| &mut exception.string) {
            *letter = sign(*letter);
        }
        Self { listed, exceptions }
    }
}
