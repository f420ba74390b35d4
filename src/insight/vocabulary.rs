//! The words of all reports, counted.
//!
//! Each text is segmented once; the words borrow from the archive. Parallel, and yet the same for any number of
//! threads: batches are joined in the order of the reports.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::archive::{Archive, Report};
use crate::words;

/// Index into [`Vocabulary::words`].
pub type Word = u32;

/// A report's words with how often each stands in it, by [`Word`].
pub type Counts = Vec<(Word, u16)>;

/// Words in runs: a run ends where something other than a Han word stands.
pub type Runs = Vec<Vec<Word>>;

/// Every Han word of an archive.
#[derive(Debug, Default)]
pub struct Vocabulary<'a> {
    /// In the order in which they are first met.
    pub words: Vec<&'a str>,
    /// For each report its words of two characters and more.
    pub counts: Vec<Counts>,
    /// For every [`Vocabulary::step`]th report, from the first, all its words as they follow each other.
    pub runs: Vec<(usize, Runs)>,
    pub step: usize,
}

/// Texts whose order of words is kept. Repeated phrases show in these; what is found is then counted in all.
const KEPT_RUNS: usize = 500;
/// Reports that share a local vocabulary while they are counted.
const BATCH: usize = 128;

impl<'a> Vocabulary<'a> {
    pub fn of(archive: &'a Archive) -> Self {
        let step = archive.reports.len().div_ceil(KEPT_RUNS).max(1);
        let batches: Vec<Batch> = archive
            .reports
            .par_chunks(BATCH)
            .enumerate()
            .map(|(i, reports)| Batch::of(reports, |n| (i * BATCH + n).is_multiple_of(step)))
            .collect();
        let mut ids: FxHashMap<&str, Word> = FxHashMap::default();
        let mut vocabulary = Self { step, ..Self::default() };
        for (i, batch) in batches.into_iter().enumerate() {
            let global: Vec<Word> = batch
                .words
                .iter()
                .map(|&word| {
                    *ids.entry(word).or_insert_with(|| {
                        vocabulary.words.push(word);
                        vocabulary.words.len() as Word - 1
                    })
                })
                .collect();
            for (n, (mut counts, mut runs)) in batch.reports.into_iter().enumerate() {
                counts.iter_mut().for_each(|(word, _)| *word = global[*word as usize]);
                counts.sort_unstable();
                vocabulary.counts.push(counts);
                if let Some(runs) = &mut runs {
                    runs.iter_mut().flatten().for_each(|word| *word = global[*word as usize]);
                    vocabulary.runs.push((i * BATCH + n, std::mem::take(runs)));
                }
            }
        }
        vocabulary
    }
}

/// A few reports with words numbered among themselves.
#[derive(Default)]
struct Batch<'a> {
    words: Vec<&'a str>,
    reports: Vec<(Counts, Option<Runs>)>,
}

impl<'a> Batch<'a> {
    fn of(reports: &'a [Report], keeps_runs: impl Fn(usize) -> bool) -> Self {
        let mut batch = Self::default();
        let mut ids: FxHashMap<&str, Word> = FxHashMap::default();
        for (n, report) in reports.iter().enumerate() {
            let mut counts: FxHashMap<Word, u16> = FxHashMap::default();
            let mut runs: Runs = Vec::new();
            for text in texts(report) {
                let mut run = Vec::new();
                for word in words::cut(text) {
                    if !words::is_han(word) {
                        runs.extend((!run.is_empty()).then(|| std::mem::take(&mut run)));
                        continue;
                    }
                    let id = *ids.entry(word).or_insert_with(|| {
                        batch.words.push(word);
                        batch.words.len() as Word - 1
                    });
                    run.push(id);
                    if word.chars().nth(1).is_some() {
                        let count = counts.entry(id).or_default();
                        *count = count.saturating_add(1);
                    }
                }
                runs.extend((!run.is_empty()).then_some(run));
            }
            // The map's order goes nowhere: the counts are sorted when the words have their final numbers.
            batch.reports.push((counts.into_iter().collect(), keeps_runs(n).then_some(runs)));
        }
        batch
    }
}

/// The report's texts that are running words: title, headings, paragraphs. Tables are columns of cells.
fn texts(report: &Report) -> impl Iterator<Item = &str> {
    use crate::document::Block;
    let blocks = report.document.blocks.iter().filter_map(|block| match block {
        Block::Heading(heading) => Some(heading.text.as_str()),
        Block::Paragraph(paragraph) => Some(paragraph.text.as_str()),
        Block::Rich(rich) => Some(rich.text.as_str()),
        Block::Table(_) => None,
    });
    std::iter::once(report.document.title.text.as_str()).chain(blocks)
}
