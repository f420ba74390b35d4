//! The texts of the reports that came and went, and of those that must be looked into.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::search::alphabet::{Alphabet, Sign};
use crate::search::corpus::{self, Corpus, Text};
use crate::search::grams::{Tier, tier};

/// A string of up to four letters; 0 where it is shorter.
pub type Gram = [Sign; 4];

/// Gives the texts of reports by their places in the row.
pub struct Texts<'a> {
    alphabet: &'a Alphabet,
    texts: FxHashMap<u32, &'a Text<'a>>,
    read: RefCell<FxHashMap<u32, Rc<Read>>>,
}

/// A text in signs.
pub struct Read {
    corpus: Corpus,
    /// Its runs, between zeros.
    pub signs: Vec<Sign>,
    /// Where words begin and end in the runs that were looked at, by where these begin.
    edges: RefCell<FxHashMap<usize, Vec<u8>>>,
}

impl<'a> Texts<'a> {
    pub fn new(alphabet: &'a Alphabet, texts: FxHashMap<u32, &'a Text<'a>>) -> Self {
        Self { alphabet, texts, read: RefCell::default() }
    }

    pub fn get(&self, report: u32) -> Rc<Read> {
        let read = || {
            let corpus = Corpus::unmarked(std::slice::from_ref(self.texts[&report]), self.alphabet);
            let signs = corpus.letters.iter().map(|&letter| self.alphabet.sign(letter)).collect();
            Rc::new(Read { corpus, signs, edges: RefCell::default() })
        };
        self.read.borrow_mut().entry(report).or_insert_with(read).clone()
    }

    /// Whether a report holds a string.
    pub fn holds(&self, report: u32, string: &[Sign]) -> bool {
        self.get(report).places(string).next().is_some()
    }

    /// How a string stands in a report.
    pub fn tier(&self, report: u32, string: &[Sign]) -> Tier {
        let text = self.get(report);
        text.tier(text.places(string), string.len(), self.alphabet)
    }

    /// All strings of so many letters in a report, and how each stands there.
    pub fn grams(&self, report: u32, length: usize) -> FxHashMap<Gram, Tier> {
        let text = self.get(report);
        let mut places: FxHashMap<Gram, Vec<usize>> = FxHashMap::default();
        for (place, window) in text.signs.windows(length).enumerate().filter(|(_, window)| !window.contains(&0)) {
            places.entry(gram(window)).or_default().push(place);
        }
        places.into_iter().map(|(gram, places)| (gram, text.tier(places.into_iter(), length, self.alphabet))).collect()
    }
}

impl Read {
    fn places(&self, string: &[Sign]) -> impl Iterator<Item = usize> {
        let first = string[0];
        let begins = self.signs.iter().enumerate().filter(move |(_, sign)| **sign == first);
        begins.map(|(place, _)| place).filter(|&place| self.signs[place..].starts_with(string))
    }

    fn tier(&self, places: impl Iterator<Item = usize>, length: usize, alphabet: &Alphabet) -> Tier {
        let (mut in_title, mut times) = (false, 0);
        for place in places {
            for occurrence in self.corpus.occurrences(place as u32) {
                in_title |= occurrence.in_title();
                times += if self.is_words(place, length, alphabet) { occurrence.times() } else { 0 };
            }
        }
        tier(in_title, times)
    }

    fn is_words(&self, place: usize, length: usize, alphabet: &Alphabet) -> bool {
        let letters = &self.corpus.letters;
        let from = letters[..place].iter().rposition(|&letter| letter == 0).map_or(0, |zero| zero + 1);
        let mut edges = self.edges.borrow_mut();
        let edges = edges.entry(from).or_insert_with(|| {
            let run = letters[from..].split(|&letter| letter == 0).next().unwrap_or_default();
            corpus::edges(run, alphabet)
        });
        corpus::is_words(edges, place - from, length)
    }
}

pub fn gram(string: &[Sign]) -> Gram {
    let mut gram = [0; 4];
    gram[..string.len()].copy_from_slice(string);
    gram
}
