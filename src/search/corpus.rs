//! The texts of an archive as the index sees them: the different runs of letters, and where each stands.
//!
//! Reports repeat themselves: the same clause stands in hundreds. Everything that looks at characters therefore
//! looks at each different run once, and at the reports through the run's occurrences.

use std::borrow::Cow;
use std::hash::Hasher;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHasher};

use crate::document::{Blocks, Document, Key};
use crate::search::alphabet::{Alphabet, Characters, Letter};
use crate::search::numeral;
use crate::words;

/// A text to be indexed: its title and its paragraphs.
#[derive(Clone)]
pub struct Text<'a> {
    pub title: &'a str,
    body: Body<'a>,
    /// Stands for title and paragraphs.
    pub key: Key,
    /// All that they hold.
    pub characters: Characters,
}

#[derive(Clone)]
enum Body<'a> {
    Paragraphs(Vec<&'a str>),
    /// Of a document that is only read where it is looked at.
    Blocks(&'a Blocks),
}

impl<'a> Text<'a> {
    pub fn new(title: &'a str, paragraphs: Vec<&'a str>) -> Self {
        let texts = || std::iter::once(title).chain(paragraphs.iter().copied());
        let (key, characters) = (Key::of_texts(texts()), Characters::of(texts()));
        Self { title, body: Body::Paragraphs(paragraphs), key, characters }
    }

    /// A document of which key and characters are known already.
    pub fn of(document: &'a Document, key: Key, characters: Characters) -> Self {
        Self { title: &document.title.text, body: Body::Blocks(&document.blocks), key, characters }
    }

    pub fn paragraphs(&self) -> Vec<Cow<'_, str>> {
        match &self.body {
            Body::Paragraphs(paragraphs) => paragraphs.iter().map(|&paragraph| paragraph.into()).collect(),
            Body::Blocks(blocks) => blocks.iter().map(|block| block.text()).collect(),
        }
    }
}

/// A run stands in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence(u32);

impl Occurrence {
    fn new(report: u32, in_title: bool, times: u32) -> Self {
        Self(report << 3 | u32::from(in_title) << 2 | times.min(3))
    }

    pub fn report(self) -> u32 {
        self.0 >> 3
    }

    pub fn in_title(self) -> bool {
        self.0 & 4 != 0
    }

    /// How often, counted to three.
    pub fn times(self) -> u32 {
        self.0 & 3
    }
}

pub struct Corpus {
    pub report_count: u32,
    /// One more than the highest letter.
    pub letter_count: usize,
    /// The runs one after the other, each between zeros: `0 run 0 run 0`.
    pub letters: Vec<Letter>,
    /// For each place in `letters`: the run it belongs to.
    run_at: Vec<u32>,
    /// For each place: whether a word begins (1) or ends (2) there.
    edges: Vec<u8>,
    first_occurrence: Vec<u32>,
    occurrences: Vec<Occurrence>,
}

const BEGINS: u8 = 1;
const ENDS: u8 = 2;
/// Reports normalised at a time: bounds the memory for what is not yet interned.
const BATCH: usize = 512;

impl Corpus {
    pub fn new(texts: &[Text], alphabet: &Alphabet) -> Self {
        let corpus = Self::unmarked(texts, alphabet);
        Self { edges: edges(&corpus.letters, alphabet), ..corpus }
    }

    /// Without knowing where words begin and end.
    pub fn unmarked(texts: &[Text], alphabet: &Alphabet) -> Self {
        let mut runs = Runs::default();
        let mut stream: Vec<(u32, Occurrence)> = Vec::new();
        for (batch, some) in texts.chunks(BATCH).enumerate() {
            let cut: Vec<CutText> = some.par_iter().map(|text| CutText::new(text, alphabet)).collect();
            let mut seen: FxHashMap<u32, (u32, bool)> = FxHashMap::default();
            let mut order = Vec::new();
            for (i, text) in cut.iter().enumerate() {
                for (run, in_title) in text.runs() {
                    let id = runs.intern(run);
                    let entry = seen.entry(id).or_insert_with(|| {
                        order.push(id);
                        (0, false)
                    });
                    entry.0 += 1;
                    entry.1 |= in_title;
                }
                for id in order.drain(..) {
                    let (times, in_title) = seen[&id];
                    stream.push((id, Occurrence::new((batch * BATCH + i) as u32, in_title, times)));
                }
                seen.clear();
            }
        }
        let (first_occurrence, occurrences) = by_run(runs.count, &stream);
        drop(stream);
        let Runs { mut letters, .. } = runs;
        // So that the four letters from any place can be looked at.
        letters.extend([0; 3]);
        let run_at = run_at(&letters);
        Self {
            report_count: texts.len() as u32,
            letter_count: alphabet.letters().len() + 1,
            letters,
            run_at,
            edges: Vec::new(),
            first_occurrence,
            occurrences,
        }
    }

    /// The reports that hold the run at `place`, ascending.
    pub fn occurrences(&self, place: u32) -> &[Occurrence] {
        let run = self.run_at[place as usize] as usize;
        &self.occurrences[self.first_occurrence[run] as usize..self.first_occurrence[run + 1] as usize]
    }

    /// Whether the `length` letters from `place` begin and end at word boundaries.
    pub fn is_words(&self, place: u32, length: usize) -> bool {
        is_words(&self.edges, place as usize, length)
    }

    /// For each report: the years that it writes in Chinese digits, ascending.
    pub fn chinese_years(&self, alphabet: &Alphabet) -> Vec<Vec<i32>> {
        let mut years: Vec<Vec<i32>> = vec![Vec::new(); self.report_count as usize];
        let Some(year) = alphabet.number('年') else { return years };
        let mut place = 0;
        for run in self.letters.split(|&letter| letter == 0) {
            if run.contains(&year) {
                let found = numeral::chinese_years(run.iter().map(|&letter| alphabet.letters()[letter as usize - 1]));
                if !found.is_empty() {
                    self.occurrences(place).iter().for_each(|one| years[one.report() as usize].extend(&found));
                }
            }
            place += run.len() as u32 + 1;
        }
        for some in &mut years {
            some.sort_unstable();
            some.dedup();
        }
        years
    }

    /// All places in `letters`, grouped by the letter there: places of letter `x` lie from `starts[x]` to `starts[x + 1]`.
    pub fn places_by_letter(&self) -> (Vec<usize>, Vec<u32>) {
        let mut starts = vec![0usize; self.letter_count + 1];
        for &letter in &self.letters {
            starts[letter as usize + 1] += 1;
        }
        // Zero is no letter: its places are left out.
        starts[1] = 0;
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut places = vec![0u32; starts[self.letter_count]];
        for (place, &letter) in self.letters.iter().enumerate() {
            if letter != 0 {
                places[next[letter as usize]] = place as u32;
                next[letter as usize] += 1;
            }
        }
        (starts, places)
    }
}

/// One report's runs, as letters.
struct CutText {
    letters: Vec<Letter>,
    /// Where each run ends in `letters`.
    ends: Vec<u32>,
    /// How many of the first runs are the title's.
    in_title: usize,
}

impl CutText {
    fn new(text: &Text, alphabet: &Alphabet) -> Self {
        let mut cut = Self { letters: Vec::new(), ends: Vec::new(), in_title: 0 };
        cut.push(text.title, alphabet);
        cut.in_title = cut.ends.len();
        for paragraph in &text.paragraphs() {
            cut.push(paragraph, alphabet);
        }
        cut
    }

    fn push(&mut self, paragraph: &str, alphabet: &Alphabet) {
        let mut from = self.letters.len();
        for c in paragraph.chars() {
            alphabet.fold(c, |letter| {
                if letter != 0 {
                    self.letters.push(letter);
                } else if self.letters.len() > from {
                    from = self.letters.len();
                    self.ends.push(from as u32);
                }
            });
        }
        if self.letters.len() > from {
            self.ends.push(self.letters.len() as u32);
        }
    }

    fn runs(&self) -> impl Iterator<Item = (&[Letter], bool)> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).enumerate().map(|(i, (start, &end))| (&self.letters[start as usize..end as usize], i < self.in_title))
    }
}

/// The runs of one text as they follow each other, between zeros like those of a corpus, and where those of its title end.
pub fn laid_out(text: &Text, alphabet: &Alphabet) -> (Vec<Letter>, usize) {
    let cut = CutText::new(text, alphabet);
    let mut letters = Vec::with_capacity(cut.letters.len() + cut.ends.len() + 1);
    letters.push(0);
    let mut title = 0;
    for (run, in_title) in cut.runs() {
        letters.extend_from_slice(run);
        letters.push(0);
        if in_title {
            title = letters.len();
        }
    }
    (letters, title)
}

/// The different runs, in the order in which they were first met.
struct Runs {
    letters: Vec<Letter>,
    starts: Vec<u32>,
    by_hash: FxHashMap<u64, u32>,
    count: usize,
}

impl Default for Runs {
    fn default() -> Self {
        Self { letters: vec![0], starts: Vec::new(), by_hash: FxHashMap::default(), count: 0 }
    }
}

impl Runs {
    fn intern(&mut self, run: &[Letter]) -> u32 {
        let mut hasher = FxHasher::default();
        for &letter in run {
            hasher.write_u32(letter);
        }
        let mut hash = hasher.finish();
        loop {
            match self.by_hash.entry(hash) {
                std::collections::hash_map::Entry::Vacant(free) => {
                    let id = self.count as u32;
                    free.insert(id);
                    self.count += 1;
                    self.starts.push(self.letters.len() as u32);
                    self.letters.extend_from_slice(run);
                    self.letters.push(0);
                    return id;
                }
                std::collections::hash_map::Entry::Occupied(taken) => {
                    let id = *taken.get();
                    let start = self.starts[id as usize] as usize;
                    if self.letters[start..].starts_with(run) && self.letters[start + run.len()] == 0 {
                        return id;
                    }
                    // Two runs of one hash: the later one takes the next free place.
                    hash = hash.wrapping_add(1);
                }
            }
        }
    }
}

fn by_run(run_count: usize, stream: &[(u32, Occurrence)]) -> (Vec<u32>, Vec<Occurrence>) {
    let mut starts = vec![0u32; run_count + 1];
    for &(run, _) in stream {
        starts[run as usize + 1] += 1;
    }
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
    let mut next = starts.clone();
    let mut occurrences = vec![Occurrence(0); stream.len()];
    for &(run, occurrence) in stream {
        occurrences[next[run as usize] as usize] = occurrence;
        next[run as usize] += 1;
    }
    (starts, occurrences)
}

fn run_at(letters: &[Letter]) -> Vec<u32> {
    let mut run = 0;
    let mut after_zero = false;
    letters
        .iter()
        .enumerate()
        .map(|(i, &letter)| {
            if i > 0 && letter == 0 {
                after_zero = true;
            } else if after_zero {
                after_zero = false;
                run += 1;
            }
            run
        })
        .collect()
}

/// Whether the `length` letters from `place` begin and end at word boundaries.
pub fn is_words(edges: &[u8], place: usize, length: usize) -> bool {
    edges[place] & BEGINS != 0 && edges[place + length - 1] & ENDS != 0
}

/// Where words begin and end, by jieba, in its finest cut.
pub fn edges(letters: &[Letter], alphabet: &Alphabet) -> Vec<u8> {
    let mut edges = vec![0u8; letters.len()];
    // Each piece ends at a zero, so that no run is torn.
    let mut pieces: Vec<(&[Letter], &mut [u8])> = Vec::new();
    let (mut letters, mut rest) = (letters, edges.as_mut_slice());
    while !letters.is_empty() {
        let end = (1 << 16).min(letters.len());
        let end = letters[end..].iter().position(|&letter| letter == 0).map_or(letters.len(), |i| end + i);
        let (piece, after) = letters.split_at(end);
        let (marks, later) = rest.split_at_mut(end);
        pieces.push((piece, marks));
        (letters, rest) = (after, later);
    }
    pieces.into_par_iter().for_each(|(piece, marks)| {
        let mut word = String::new();
        let mut at = 0;
        for run in piece.split(|&letter| letter == 0) {
            word.clear();
            word.extend(run.iter().map(|&letter| alphabet.letters()[letter as usize - 1]));
            for (start, end) in words::spans(&word) {
                marks[at + start] |= BEGINS;
                marks[at + end - 1] |= ENDS;
            }
            at += run.len() + 1;
        }
    });
    edges
}
