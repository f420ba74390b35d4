//! The words of all reports. Each text is cut once; its digest keeps where its words end.
//!
//! Parallel, and yet the same for any number of threads: batches are joined in the order of the reports.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::archive::{Archive, Report};
use crate::document::{Block, Document, Key, Packed};
use crate::insight::digest::Digests;
use crate::search::packed::{number, take};
use crate::words;

/// Index into [`Vocabulary::spans`].
pub type Word = u32;

/// The Han words of two characters and more in an archive.
pub struct Vocabulary<'a> {
    pub words: Arc<String>,
    /// Where each word stands, in the order in which the reports first have them.
    pub spans: Vec<Range<usize>>,
    /// Of each word of the memory; [`NONE`] for one that no report has any more.
    numbers: Vec<Word>,
    /// By report, as the memory has them.
    reports: Vec<&'a Packed>,
}

/// Stands for no word.
const NONE: Word = Word::MAX;

impl Vocabulary<'_> {
    pub fn word(&self, word: Word) -> &str {
        &self.words[self.spans[word as usize].clone()]
    }

    pub fn report_count(&self) -> usize {
        self.reports.len()
    }

    /// The words of a report, as it first has them, each with how often it has it.
    pub fn of(&self, report: usize) -> impl Iterator<Item = (Word, u16)> {
        unpacked(self.reports[report]).map(|(word, count)| (self.numbers[word as usize], count))
    }
}

/// Parts of an archive that each have a vocabulary of their own at first: enough for some cores. More of them repeat each other more often.
const PARTS: usize = 8;

/// The words of the last build's reports, for the next.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// A line each. An archive's likeness holds them, too.
    #[serde(serialize_with = "write", deserialize_with = "read")]
    words: Arc<String>,
    /// How many of them reports still had.
    used: usize,
    /// By the keys of reports their words, by number.
    reports: FxHashMap<Key, Packed>,
}

impl Memory {
    /// The words of these reports. Those that are not known are counted.
    pub fn vocabulary<'a>(&'a mut self, archive: &Archive, digests: &Digests) -> Vocabulary<'a> {
        self.learn(archive, digests);
        // As a clean build would number them.
        let mut numbers = vec![NONE; self.words.lines().count()];
        let mut order: Vec<Word> = Vec::new();
        for report in &archive.reports {
            for (word, _) in unpacked(&self.reports[&report.keys.report]) {
                let number = &mut numbers[word as usize];
                if *number == NONE {
                    *number = order.len() as Word;
                    order.push(word);
                }
            }
        }
        self.used = order.len();
        let ends = self.words.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at);
        let known: Vec<Range<usize>> = ends.scan(0, |start, end| Some(std::mem::replace(start, end + 1)..end)).collect();
        Vocabulary {
            words: self.words.clone(),
            spans: order.into_iter().map(|word| known[word as usize].clone()).collect(),
            numbers,
            reports: archive.reports.iter().map(|report| &self.reports[&report.keys.report]).collect(),
        }
    }

    fn learn<'a>(&mut self, archive: &'a Archive, digests: &Digests) {
        if self.words.lines().count() > 2 * self.used {
            *self = Self::default();
        }
        let mut known = std::mem::take(&mut self.reports);
        let unknown: Vec<&'a Report> = archive.reports.iter().filter(|report| !known.contains_key(&report.keys.report)).collect();
        let batch = |reports: &[&'a Report]| {
            let mut numbers = Numbers::default();
            let texts: Vec<Packed> = reports.iter().map(|report| pack(counted(report, digests, &mut numbers).into_iter())).collect();
            (numbers.words, texts)
        };
        let batches: Vec<_> = unknown.par_chunks(unknown.len().div_ceil(PARTS).max(1)).map(batch).collect();
        let mut all: FxHashMap<&str, Word> = batches.iter().flat_map(|(words, _)| words).map(|&word| (word, NONE)).collect();
        let mut next = 0;
        for word in self.words.lines() {
            all.entry(word).and_modify(|number| *number = next);
            next += 1;
        }
        let mut new = String::new();
        for word in batches.iter().flat_map(|(words, _)| words) {
            if let Some(number) = all.get_mut(word).filter(|number| **number == NONE) {
                *number = next;
                next += 1;
                new.push_str(word);
                new.push('\n');
            }
        }
        let packed: Vec<Vec<Packed>> = batches
            .par_iter()
            .map(|(words, texts)| {
                let numbers: Vec<Word> = words.iter().map(|word| all[word]).collect();
                texts.iter().map(|text| pack(unpacked(text).map(|(word, count)| (numbers[word as usize], count)))).collect()
            })
            .collect();
        known.extend(unknown.iter().map(|report| report.keys.report).zip(packed.into_iter().flatten()));
        if !new.is_empty() {
            Arc::make_mut(&mut self.words).push_str(&new);
        }
        self.reports = archive.reports.iter().filter_map(|report| known.remove_entry(&report.keys.report)).collect();
    }
}

fn write<S: Serializer>(words: &Arc<String>, serializer: S) -> Result<S::Ok, S::Error> {
    words.as_str().serialize(serializer)
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<String>, D::Error> {
    String::deserialize(deserializer).map(Arc::new)
}

/// The words of a report in the order in which it first has them, each with how often.
fn counted<'a>(report: &'a Report, digests: &Digests, numbers: &mut Numbers<'a>) -> Vec<(Word, u16)> {
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    let mut counted: Vec<(Word, u16)> = Vec::new();
    for word in runs(&report.document, &digests.get(report).word_ends).into_iter().flatten() {
        if word.chars().nth(1).is_none() {
            continue;
        }
        let at = *places.entry(word).or_insert(counted.len());
        match counted.get_mut(at) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => counted.push((numbers.of(word), 1)),
        }
    }
    counted
}

/// Each word is a number, whose lowest bit says that its count follows: most stand once.
fn pack(words: impl Iterator<Item = (Word, u16)>) -> Packed {
    let mut bytes = Vec::new();
    for (word, count) in words {
        number(&mut bytes, word << 1 | u32::from(count > 1));
        if count > 1 {
            number(&mut bytes, count.into());
        }
    }
    bytes.into()
}

fn unpacked(mut bytes: &[u8]) -> impl Iterator<Item = (Word, u16)> {
    std::iter::from_fn(move || {
        let word = take(&mut bytes)?;
        let count = if word & 1 == 1 { take(&mut bytes)? as u16 } else { 1 };
        Some((word >> 1, count))
    })
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

/// For each character of the running texts of a document whether a word ends with it, a bit each.
pub fn word_ends(document: &Document) -> Vec<u8> {
    let mut ends = Bits::default();
    for word in running(document).flat_map(words::cut) {
        let characters = word.chars().count();
        (1..=characters).for_each(|at| ends.push(at == characters));
    }
    ends.bytes
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
