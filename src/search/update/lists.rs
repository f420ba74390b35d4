//! The lists of strings of up to four letters as one report comes or goes.
//!
//! Only strings whose two parts both stand in the report can be listed anew or no longer: the candidates of all others
//! stay. A string that is listed anew had at most [`CANDIDATES`] candidates, which are looked into.

use rustc_hash::FxHashMap;

use crate::search::alphabet::Sign;
use crate::search::grams::{CANDIDATES, Posting, Tier};
use crate::search::key::{self, Key};
use crate::search::update::texts::{Gram, Read, Texts, gram};

/// A listed string.
#[derive(Debug, Default)]
pub struct List {
    /// Ascending. A string that is no longer listed has none.
    pub postings: Vec<Posting>,
    /// In how many of them it stands as words.
    pub words: u32,
    /// Whether the tiers are known; if not, all are [`Tier::Across`].
    pub has_tiers: bool,
}

impl List {
    pub fn reports(&self) -> impl Iterator<Item = u32> {
        self.postings.iter().map(|posting| posting.report())
    }

    /// Where a report stands, or would.
    fn place(&self, report: u32) -> Result<usize, usize> {
        self.postings.binary_search_by_key(&report, |posting| posting.report())
    }
}

#[derive(Default)]
pub struct Lists {
    pub lists: Vec<List>,
    pub at: FxHashMap<Key, u32>,
}

/// A string of the report that comes or goes, with its list.
#[derive(Clone, Copy)]
struct Part {
    gram: Gram,
    list: u32,
}

impl Lists {
    pub fn get(&self, string: &[Sign]) -> Option<&List> {
        self.at.get(&key::of(string)).map(|&at| &self.lists[at as usize])
    }

    pub fn add(&mut self, texts: &Texts, report: u32) {
        for length in 1..=2 {
            for (string, tier) in texts.grams(report, length) {
                let at = self.list(&string[..length]);
                self.insert(texts, at, &string[..length], Posting::new(report, tier));
            }
        }
        for length in 3..=4 {
            let held = texts.grams(report, length);
            for (a, b, string) in self.pairs(&texts.get(report), length) {
                let tier = held.get(&string).copied();
                let string = &string[..length];
                if let Some(&at) = self.at.get(&key::of(string)) {
                    if let Some(tier) = tier {
                        self.insert(texts, at, string, Posting::new(report, tier));
                    }
                    continue;
                }
                // With more candidates before, it would have been listed, had it stood anywhere.
                let looked: Vec<u32> = match self.common(a, b, CANDIDATES + 2) {
                    0..=CANDIDATES => continue,
                    count if count == CANDIDATES + 1 => {
                        let held = self.lists[a as usize].reports().filter(|one| self.lists[b as usize].place(*one).is_ok());
                        held.filter(|&one| texts.holds(one, string)).collect()
                    }
                    _ => tier.map(|_| report).into_iter().collect(),
                };
                if !looked.is_empty() {
                    let postings: Vec<Posting> = looked.iter().map(|&one| Posting::new(one, texts.tier(one, string))).collect();
                    let words = postings.iter().filter(|posting| posting.tier() >= Tier::Word).count() as u32;
                    let at = self.list(string);
                    self.lists[at as usize] = List { postings, words, has_tiers: true };
                }
            }
        }
    }

    pub fn remove(&mut self, texts: &Texts, report: u32) {
        // Before anything changes: whatever may cease to be listed has parts with more than enough reports.
        let text = texts.get(report);
        let pairs = [self.pairs(&text, 3), self.pairs(&text, 4)];
        for length in 1..=2 {
            for (string, tier) in texts.grams(report, length) {
                self.take(&string[..length], report, tier);
            }
        }
        for (length, pairs) in (3..).zip(pairs) {
            let held = texts.grams(report, length);
            for (a, b, string) in pairs {
                if self.get(&string[..length]).is_none() {
                    continue;
                }
                if let Some(&tier) = held.get(&string) {
                    self.take(&string[..length], report, tier);
                }
                if self.common(a, b, CANDIDATES + 1) <= CANDIDATES {
                    self.drop(&string[..length]);
                }
            }
        }
    }

    /// The strings of `length` whose two parts both stand in the text and in enough reports, with the lists of these parts.
    fn pairs(&self, text: &Read, length: usize) -> Vec<(u32, u32, Gram)> {
        let size = length - 1;
        let parts: Vec<Part> = unique(text, size)
            .filter_map(|string| Some(Part { gram: gram(string), list: *self.at.get(&key::of(string))? }))
            .filter(|part| self.lists[part.list as usize].postings.len() > CANDIDATES)
            .collect();
        let mut by_beginning: FxHashMap<Gram, Vec<Part>> = FxHashMap::default();
        for part in &parts {
            by_beginning.entry(gram(&part.gram[..size - 1])).or_default().push(*part);
        }
        let mut pairs = Vec::new();
        for a in &parts {
            for b in by_beginning.get(&gram(&a.gram[1..size])).into_iter().flatten() {
                let mut string = a.gram;
                string[size] = b.gram[size - 1];
                pairs.push((a.list, b.list, string));
            }
        }
        pairs
    }

    /// How many reports two lists share, counted up to `most`, and only roughly up to [`CANDIDATES`].
    fn common(&self, a: u32, b: u32, most: usize) -> usize {
        let (a, b) = (&self.lists[a as usize].postings, &self.lists[b as usize].postings);
        let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        let (mut common, mut at) = (0, 0);
        for (i, posting) in short.iter().enumerate() {
            if common == most || common + short.len() - i <= CANDIDATES {
                break;
            }
            let report = posting.report();
            // Steps of growing width: the lists often differ much in length.
            let mut step = 1;
            while long.get(at + step).is_some_and(|other| other.report() <= report) {
                at += step;
                step *= 2;
            }
            let end = (at + step).min(long.len());
            at += long[at..end].partition_point(|other| other.report() < report);
            if at == long.len() {
                break;
            }
            common += usize::from(long[at].report() == report);
        }
        common
    }

    fn list(&mut self, string: &[Sign]) -> u32 {
        let next = self.lists.len() as u32;
        let at = *self.at.entry(key::of(string)).or_insert(next);
        if at == next {
            self.lists.push(List { has_tiers: true, ..List::default() });
        }
        at
    }

    fn insert(&mut self, texts: &Texts, at: u32, string: &[Sign], posting: Posting) {
        let list = &mut self.lists[at as usize];
        let place = list.place(posting.report()).unwrap_or_else(|place| place);
        list.postings.insert(place, posting);
        list.words += u32::from(posting.tier() >= Tier::Word);
        if !list.has_tiers && string.len() < 4 && list.postings.len() > CANDIDATES {
            for one in &mut list.postings {
                *one = Posting::new(one.report(), texts.tier(one.report(), string));
            }
            list.has_tiers = true;
        }
    }

    fn take(&mut self, string: &[Sign], report: u32, tier: Tier) {
        let Some(&at) = self.at.get(&key::of(string)) else { return };
        let list = &mut self.lists[at as usize];
        if let Ok(place) = list.place(report) {
            list.postings.remove(place);
            list.words -= u32::from(tier >= Tier::Word);
        }
        if list.postings.is_empty() {
            self.at.remove(&key::of(string));
        }
    }

    fn drop(&mut self, string: &[Sign]) {
        if let Some(at) = self.at.remove(&key::of(string)) {
            self.lists[at as usize].postings.clear();
        }
    }
}

/// The different strings of so many letters.
fn unique(text: &Read, size: usize) -> impl Iterator<Item = &[Sign]> {
    let mut strings: Vec<&[Sign]> = text.signs.windows(size).filter(|window| !window.contains(&0)).collect();
    strings.sort_unstable();
    strings.dedup();
    strings.into_iter()
}
