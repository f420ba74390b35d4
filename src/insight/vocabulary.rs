//! The words of all reports. Each text is cut once; its digest keeps them.
//!
//! Parallel, and yet the same for any number of threads: batches are joined in the order of the reports.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::archive::Archive;
use crate::document::{Block, Document, Packed};
use crate::insight::digest::Digests;
use crate::words;

/// Index into [`Vocabulary::words`].
pub type Word = u32;

/// The Han words of two characters and more in an archive.
#[derive(Debug, Default)]
pub struct Vocabulary<'a> {
    /// In the order in which they are first met.
    pub words: Vec<&'a str>,
    /// For each report its words, as [`counted`] tells them.
    pub reports: Vec<Vec<Word>>,
}

/// Parts of an archive that each have a vocabulary of their own at first: enough for some cores. More of them repeat each other more often.
const PARTS: usize = 8;

impl<'a> Vocabulary<'a> {
    pub fn of(archive: &Archive, digests: &'a Digests) -> Self {
        let batches = archive.reports.par_chunks(archive.reports.len().div_ceil(PARTS).max(1)).map(|reports| {
            let mut numbers = Numbers::default();
            let of = |report| counted(&digests.get(report).words.counted).map(|(word, _)| numbers.of(word)).collect();
            let reports: Vec<Vec<Word>> = reports.iter().map(of).collect();
            (numbers.words, reports)
        });
        let batches: Vec<(Vec<&str>, Vec<Vec<Word>>)> = batches.collect();
        let mut all = Numbers::default();
        let mut reports = Vec::with_capacity(archive.reports.len());
        for (words, mut batch) in batches {
            let global: Vec<Word> = words.into_iter().map(|word| all.of(word)).collect();
            batch.iter_mut().flatten().for_each(|word| *word = global[*word as usize]);
            reports.append(&mut batch);
        }
        Self { words: all.words, reports }
    }
}

/// Numbers words as they come.
#[derive(Default)]
pub struct Numbers<'a> {
    pub words: Vec<&'a str>,
    known: FxHashMap<&'a str, Word>,
}

impl<'a> Numbers<'a> {
    pub fn of(&mut self, word: &'a str) -> Word {
        *self.known.entry(word).or_insert_with(|| {
            self.words.push(word);
            self.words.len() as Word - 1
        })
    }
}

/// The words of a document as they are kept: what stands often is written once, and where each word ends is one bit.
#[derive(Clone, Default)]
pub struct Words {
    /// Those of two Han characters and more in the order in which they are first met, each with how often it stands there.
    pub counted: Packed,
    /// For each character of the running texts whether a word ends with it.
    pub ends: Packed,
}

/// How a word is written among the counted: its count, its length, itself.
type Counted<'a> = (u16, &'a str);

impl Words {
    pub fn of(document: &Document) -> Self {
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        let mut counted: Vec<Counted> = Vec::new();
        let mut ends = Bits::default();
        for word in running(document).flat_map(words::cut) {
            let characters = word.chars().count();
            (1..=characters).for_each(|at| ends.push(at == characters));
            if characters > 1 && words::is_han(word) {
                let at = *counts.entry(word).or_insert(counted.len());
                match counted.get_mut(at) {
                    Some((count, _)) => *count = count.saturating_add(1),
                    None => counted.push((1, word)),
                }
            }
        }
        let mut bytes = Vec::new();
        for word in counted {
            bytes = postcard::to_extend(&word, bytes).expect("a number and a word can be written");
        }
        Self { counted: bytes.into(), ends: ends.bytes.into() }
    }
}

/// The words of [`Words::counted`], with their counts.
pub fn counted(mut bytes: &[u8]) -> impl Iterator<Item = (&str, u16)> {
    std::iter::from_fn(move || {
        let ((count, word), rest) = postcard::take_from_bytes::<Counted>(bytes).ok()?;
        bytes = rest;
        Some((word, count))
    })
}

/// Han words as they follow each other: a run ends where a text does, and where something else stands.
pub fn runs<'a>(document: &'a Document, ends: &[u8]) -> Vec<Vec<&'a str>> {
    let mut runs = Vec::new();
    let mut at = 0;
    for text in running(document) {
        let mut run = Vec::new();
        let mut start = 0;
        for (byte, c) in text.char_indices() {
            let is_end = ends.get(at / 8).is_some_and(|bits| bits >> (at % 8) & 1 == 1);
            at += 1;
            if is_end {
                let end = byte + c.len_utf8();
                let word = &text[std::mem::replace(&mut start, end)..end];
                match words::is_han(word) {
                    true => run.push(word),
                    false => runs.extend((!run.is_empty()).then(|| std::mem::take(&mut run))),
                }
            }
        }
        runs.extend((!run.is_empty()).then_some(run));
    }
    runs
}

/// The texts that are running words: title, headings, paragraphs. Tables are columns of cells.
fn running(document: &Document) -> impl Iterator<Item = &str> {
    let blocks = document.blocks.iter().filter_map(|block| match block {
        Block::Heading(heading) => Some(heading.text.as_str()),
        Block::Paragraph(paragraph) => Some(paragraph.text.as_str()),
        Block::Rich(rich) => Some(rich.text.as_str()),
        Block::Table(_) => None,
    });
    std::iter::once(document.title.text.as_str()).chain(blocks)
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    length: usize,
}

impl Bits {
    fn push(&mut self, bit: bool) {
        if self.length.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << (self.length % 8);
        }
        self.length += 1;
    }
}
