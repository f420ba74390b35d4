//! The texts of the reports that came and went, and of those that must be looked into.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::search::alphabet::{Alphabet, Letter, Sign};
use crate::search::corpus::{self, Text};
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
    /// Its runs, between zeros.
    pub signs: Vec<Sign>,
    letters: Vec<Letter>,
    /// Where the runs of its title end.
    title: usize,
    /// Where words begin and end, or [`UNSEEN`].
    edges: RefCell<Vec<u8>>,
}

/// In a run that nobody has cut into words yet.
const UNSEEN: u8 = u8::MAX;

impl<'a> Texts<'a> {
    pub fn new(alphabet: &'a Alphabet, texts: FxHashMap<u32, &'a Text<'a>>) -> Self {
        Self { alphabet, texts, read: RefCell::default() }
    }

    pub fn get(&self, report: u32) -> Rc<Read> {
        let read = || {
            let (letters, title) = corpus::laid_out(self.texts[&report], self.alphabet);
            let signs = letters.iter().map(|&letter| self.alphabet.sign(letter)).collect();
            let edges = RefCell::new(vec![UNSEEN; letters.len()]);
            Rc::new(Read { signs, letters, title, edges })
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
        let mut stands = Stands::default();
        text.places(string).for_each(|place| stands.count(text.at(place, string.len(), self.alphabet)));
        stands.tier()
    }

    /// All strings of so many letters in a report, and how each stands there.
    pub fn grams(&self, report: u32, length: usize) -> FxHashMap<Gram, Tier> {
        let text = self.get(report);
        let mut grams: FxHashMap<Gram, Stands> = FxHashMap::default();
        for (place, window) in text.signs.windows(length).enumerate().filter(|(_, window)| !window.contains(&0)) {
            grams.entry(gram(window)).or_default().count(text.at(place, length, self.alphabet));
        }
        grams.into_iter().map(|(gram, stands)| (gram, stands.tier())).collect()
    }
}

/// How a string stands in a text.
#[derive(Default)]
struct Stands {
    in_title: bool,
    as_words: u32,
}

impl Stands {
    fn count(&mut self, (in_title, as_words): (bool, bool)) {
        self.in_title |= in_title;
        self.as_words += u32::from(as_words);
    }

    fn tier(&self) -> Tier {
        tier(self.in_title, self.as_words)
    }
}

impl Read {
    fn places(&self, string: &[Sign]) -> impl Iterator<Item = usize> {
        let first = string[0];
        let begins = self.signs.iter().enumerate().filter(move |(_, sign)| **sign == first);
        begins.map(|(place, _)| place).filter(|&place| self.signs[place..].starts_with(string))
    }

    /// Whether a string stands in the title, and whether as words.
    fn at(&self, place: usize, length: usize, alphabet: &Alphabet) -> (bool, bool) {
        let mut edges = self.edges.borrow_mut();
        if edges[place] == UNSEEN {
            let from = self.letters[..place].iter().rposition(|&letter| letter == 0).map_or(0, |zero| zero + 1);
            let run = self.letters[from..].split(|&letter| letter == 0).next().unwrap_or_default();
            edges[from..from + run.len()].copy_from_slice(&corpus::edges(run, alphabet));
        }
        (place < self.title, corpus::is_words(&edges, place, length))
    }
}

pub fn gram(string: &[Sign]) -> Gram {
    let mut gram = [0; 4];
    gram[..string.len()].copy_from_slice(string);
    gram
}
