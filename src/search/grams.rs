//! In which reports each string of one to four letters stands.
//!
//! Every string of one or two letters is listed. A longer one is listed only where its two shorter parts leave
//! more than [`CANDIDATES`] reports to look at; elsewhere, a reader looks.

use rayon::prelude::*;

use crate::search::alphabet::Letter;
use crate::search::corpus::{Corpus, Occurrence};
use crate::search::packed::{self, List, Packed};
use crate::search::suffix;

/// So many reports a searcher reads to see whether they hold a string.
pub const CANDIDATES: usize = 10;

/// A string that stands in more than one of so many reports is gathered without sorting.
const SPARSE: usize = 32;

/// How a string stands in a report: the higher, the better it fits a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Only across the borders of words.
    Across,
    /// As a word, or several.
    Word,
    /// As a word, three times or more.
    Often,
    /// In the title.
    Title,
}

impl Tier {
    pub const ALL: [Self; 4] = [Self::Across, Self::Word, Self::Often, Self::Title];
}

/// A report that holds a string, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posting(u32);

impl Posting {
    pub fn new(report: u32, tier: Tier) -> Self {
        Self(report << 2 | tier as u32)
    }

    pub fn report(self) -> u32 {
        self.0 >> 2
    }

    pub fn tier(self) -> Tier {
        Tier::ALL[(self.0 & 3) as usize]
    }

    /// As one number; the tier in its lowest two bits.
    pub fn bits(self) -> u32 {
        self.0
    }

    pub fn from_bits(bits: u32) -> Self {
        Self(bits)
    }
}

/// The letters of a string after its first, 0 where it is shorter.
pub type Rest = [Letter; 3];

/// The listed strings of one length and one first letter.
#[derive(Debug, Default)]
pub struct Lists {
    /// Ascending.
    pub rests: Vec<Rest>,
    postings: Packed,
}

impl Lists {
    fn push(&mut self, rest: Rest, postings: &[Posting]) {
        self.rests.push(rest);
        self.postings.push(postings);
    }

    pub fn at(&self, i: usize) -> List<'_> {
        self.postings.at(i)
    }

    /// The list of a string, if it leaves more to look at than a reader may be asked to.
    fn long(&self, rest: &Rest) -> Option<List<'_>> {
        self.rests.binary_search(rest).ok().map(|i| self.at(i)).filter(|list| list.count() > CANDIDATES)
    }
}

/// The sorted places of every letter.
pub struct Places {
    starts: Vec<usize>,
    places: Vec<u32>,
    shared: Vec<u8>,
}

impl Places {
    pub fn new(corpus: &Corpus) -> Self {
        let (starts, mut places) = corpus.places_by_letter();
        let mut shared = vec![0u8; places.len()];
        let mut parts = Vec::new();
        let (mut left, mut left_shared) = (places.as_mut_slice(), shared.as_mut_slice());
        for letter in 1..corpus.letter_count {
            let (part, rest) = left.split_at_mut(starts[letter + 1] - starts[letter]);
            let (part_shared, rest_shared) = left_shared.split_at_mut(part.len());
            parts.push((part, part_shared));
            (left, left_shared) = (rest, rest_shared);
        }
        parts.into_par_iter().with_max_len(1).for_each(|(part, part_shared)| {
            suffix::sort(&corpus.letters, part);
            part_shared.copy_from_slice(&suffix::shared(&corpus.letters, part));
        });
        Self { starts, places, shared }
    }

    /// The places of a letter in the order of what follows, and how many letters each shares with the one before.
    pub fn of(&self, letter: usize) -> (&[u32], &[u8]) {
        let range = self.starts[letter]..self.starts[letter + 1];
        (&self.places[range.clone()], &self.shared[range])
    }

    /// The strings of `length` letters that begin with `letter`: the rest of each, and where it stands.
    fn strings<'a>(&'a self, corpus: &'a Corpus, letter: usize, length: usize) -> impl Iterator<Item = (Rest, &'a [u32])> {
        let (places, shared) = self.of(letter);
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < places.len() {
                let start = at;
                at += 1;
                while at < places.len() && usize::from(shared[at]) >= length {
                    at += 1;
                }
                let place = places[start] as usize;
                let following = &corpus.letters[place + 1..place + length];
                if !following.contains(&0) {
                    let mut rest = [0; 3];
                    rest[..length - 1].copy_from_slice(following);
                    return Some((rest, &places[start..at]));
                }
            }
            None
        })
    }
}

/// The listed strings, by length less one and by first letter.
pub struct Grams {
    levels: [Vec<Lists>; 4],
}

/// A listed string, and where its list lies in [`Grams`].
#[derive(Debug, Clone, Copy)]
pub struct Place {
    string: [Letter; 4],
    length: u8,
    at: u32,
}

impl Place {
    pub fn string(&self) -> &[Letter] {
        &self.string[..usize::from(self.length)]
    }
}

impl Grams {
    pub fn new(corpus: &Corpus, places: &Places) -> Self {
        let mut levels: [Vec<Lists>; 4] = Default::default();
        for length in 1..=4 {
            let (shorter, rest) = levels.split_at_mut(length - 1);
            let shorter = shorter.last().map_or(&[][..], Vec::as_slice);
            let letters = (0..corpus.letter_count).into_par_iter().with_max_len(1);
            rest[0] = letters.map(|letter| lists(corpus, places, shorter, letter, length)).collect();
        }
        Self { levels }
    }

    /// All listed strings that begin with a letter.
    pub fn of(&self, first: Letter) -> impl Iterator<Item = Place> {
        let levels =
            (1..).zip(&self.levels).flat_map(move |(length, level)| (0..).zip(&level[first as usize].rests).map(move |one| (length, one)));
        levels.map(move |(length, (at, &[b, c, d]))| Place { string: [first, b, c, d], length, at })
    }

    pub fn at(&self, place: &Place) -> List<'_> {
        self.levels[usize::from(place.length) - 1][place.string[0] as usize].at(place.at as usize)
    }
}

/// The listed strings of `length` that begin with `letter`; `shorter` are those of the length before.
fn lists(corpus: &Corpus, places: &Places, shorter: &[Lists], letter: usize, length: usize) -> Lists {
    let mut lists = Lists::default();
    if letter == 0 {
        return lists;
    }
    let mut postings = Vec::new();
    for (rest, places) in places.strings(corpus, letter, length) {
        if length <= 2 {
            gather(corpus, places, length, &mut postings);
            lists.push(rest, &postings);
            continue;
        }
        let mut prefix = rest;
        prefix[length - 2] = 0;
        let suffix = [rest[1], rest[2], 0];
        let (Some(a), Some(b)) = (shorter[letter].long(&prefix), shorter[rest[0] as usize].long(&suffix)) else { continue };
        // What stands in more reports than a reader may be asked to look at leaves as many to look at.
        let is_rare = places.iter().map(|&place| corpus.occurrences(place).len()).sum::<usize>() <= CANDIDATES;
        if is_rare && !packed::common_exceeds(a, b, CANDIDATES) {
            continue;
        }
        gather(corpus, places, length, &mut postings);
        if is_rare || postings.len() > CANDIDATES || packed::common_exceeds(a, b, CANDIDATES) {
            lists.push(rest, &postings);
        }
    }
    lists.rests.shrink_to_fit();
    lists.postings.shrink_to_fit();
    lists
}

/// The reports that hold the string of `length` letters at `places`, ascending.
fn gather(corpus: &Corpus, places: &[u32], length: usize, postings: &mut Vec<Posting>) {
    thread_local!(static FOUND: std::cell::RefCell<Vec<u32>> = const { std::cell::RefCell::new(Vec::new()) });
    postings.clear();
    let count: usize = places.iter().map(|&place| corpus.occurrences(place).len()).sum();
    // The same packing as an occurrence's, with the times counted only where it stands as words.
    let packed = |place: u32| {
        let is_words = corpus.is_words(place, length);
        corpus.occurrences(place).iter().map(move |occurrence| pack(*occurrence, is_words))
    };
    FOUND.with_borrow_mut(|found| {
        found.clear();
        if count * SPARSE > corpus.report_count as usize {
            // Many reports: one slot for each is quicker than sorting.
            found.resize(corpus.report_count as usize, 0);
            for occurrence in places.iter().flat_map(|&place| packed(place)) {
                let slot = &mut found[(occurrence >> 3) as usize];
                *slot = ((*slot & 3) + (occurrence & 3)).min(3) | (*slot | occurrence) & 4 | 8;
            }
            let held = (0..).zip(found.iter()).filter(|(_, slot)| **slot != 0);
            postings.extend(held.map(|(report, slot)| Posting::new(report, tier(slot & 4 != 0, slot & 3))));
            return;
        }
        found.extend(places.iter().flat_map(|&place| packed(place)));
        found.sort();
        for report in found.chunk_by(|a, b| a >> 3 == b >> 3) {
            let times = report.iter().map(|occurrence| occurrence & 3).sum();
            let in_title = report.iter().any(|occurrence| occurrence & 4 != 0);
            postings.push(Posting::new(report[0] >> 3, tier(in_title, times)));
        }
    });
}

/// How a string stands in a report that holds it as words so many times.
pub fn tier(in_title: bool, times: u32) -> Tier {
    match (in_title, times) {
        (true, _) => Tier::Title,
        (_, 0) => Tier::Across,
        (_, 1 | 2) => Tier::Word,
        _ => Tier::Often,
    }
}

fn pack(occurrence: Occurrence, is_words: bool) -> u32 {
    occurrence.report() << 3 | u32::from(occurrence.in_title()) << 2 | if is_words { occurrence.times() } else { 0 }
}
