//! Which reports are most alike: tf-idf over their words.
//!
//! A report is its [`KEPT`] weightiest words; two reports are as alike as their weights agree (cosine). Words that
//! stand in many reports weigh little, the names of places nothing: two towns of one province are not alike
//! for that.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::archive::{Archive, ReportId};
use crate::insight::digest::Digests;
use crate::insight::vocabulary::{Memory, Vocabulary, Word};

/// Weightiest words that stand for a report.
const KEPT: usize = 40;
/// Reports listed as alike.
const LISTED: usize = 5;
/// Shared words shown.
const SHOWN: usize = 5;
/// Below this, two reports share a word or two by chance.
const LEAST: f32 = 0.08;
/// Of a word, only the reports in which it weighs most are compared: 100,000 reports stay within a few seconds.
const LONGEST_POSTING: usize = 300;

/// A report and why it is like another.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    pub report: ReportId,
    /// 0 to 1.
    pub score: f32,
    /// What both write about, weightiest first.
    pub words: Vec<String>,
}

/// What decides which reports are alike. Which these are is worked out for one report at a time, when it is asked for.
pub struct Likeness {
    words: Arc<String>,
    /// Where each word stands.
    spans: Vec<Range<usize>>,
    /// For each report the words that stand for it.
    vectors: Vec<Vec<(Word, f32)>>,
    postings: Vec<Vec<(u32, f32)>>,
    found: Vec<OnceLock<Vec<(u32, f32)>>>,
}

impl Likeness {
    /// `memory` is what the last build left; it makes this quicker, not different.
    pub fn of(archive: &Archive, digests: &Digests, memory: &mut Memory) -> Self {
        let vocabulary = memory.vocabulary(archive, digests);
        let silent = place_names(archive);
        let idf: Vec<f32> = inverse_frequencies(&vocabulary)
            .into_iter()
            .enumerate()
            .map(|(word, idf)| if silent.contains(vocabulary.word(word as Word)) { 0.0 } else { idf })
            .collect();
        let reports = (0..vocabulary.report_count()).into_par_iter();
        let vectors: Vec<Vec<(Word, f32)>> = reports.map(|report| vector(vocabulary.of(report), &idf)).collect();
        let postings = postings(&vectors, idf.len());
        let found = vectors.iter().map(|_| OnceLock::new()).collect();
        Self { words: vocabulary.words, spans: vocabulary.spans, vectors, postings, found }
    }

    /// The reports most like one, the likest first. Works in `O(KEPT × LONGEST_POSTING)` at most.
    pub fn alike(&self, report: ReportId) -> Vec<Alike> {
        let report = report.0 as usize;
        let Some(found) = self.found.get(report) else { return Vec::new() };
        let alike = |&(other, score): &(u32, f32)| Alike {
            report: ReportId(other),
            score,
            words: self.shared(&self.vectors[report], &self.vectors[other as usize]),
        };
        found.get_or_init(|| self.likest(report)).iter().map(alike).collect()
    }

    fn likest(&self, report: usize) -> Vec<(u32, f32)> {
        // 0 for every report, before and after.
        thread_local!(static SCORES: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) });
        SCORES.with_borrow_mut(|scores| {
            scores.resize(self.vectors.len().max(scores.len()), 0.0);
            let mut touched: Vec<u32> = Vec::new();
            // Words in order, so that the sums are the same to the last bit wherever they are added.
            for &(word, weight) in &self.vectors[report] {
                for &(other, theirs) in &self.postings[word as usize] {
                    let score = &mut scores[other as usize];
                    if *score == 0.0 {
                        touched.push(other);
                    }
                    *score += weight * theirs;
                }
            }
            scores[report] = 0.0;
            let scored = touched.into_iter().map(|other| (other, std::mem::take(&mut scores[other as usize])));
            let mut best: Vec<(u32, f32)> = scored.filter(|&(_, score)| score >= LEAST).collect();
            best.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            best.truncate(LISTED);
            best.shrink_to_fit();
            best
        })
    }

    /// The words that both keep, by what they add to the likeness.
    fn shared(&self, a: &[(Word, f32)], b: &[(Word, f32)]) -> Vec<String> {
        let mut both: Vec<(Word, f32)> = a
            .iter()
            .filter_map(|&(word, weight)| b.binary_search_by_key(&word, |&(word, _)| word).ok().map(|i| (word, weight * b[i].1)))
            .collect();
        both.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        both.into_iter().take(SHOWN).map(|(word, _)| self.words[self.spans[word as usize].clone()].to_owned()).collect()
    }
}

/// How reports call the place they speak for.
const OWN_PLACE: &[&str] =
    &["我省", "我市", "我区", "我县", "我州", "我镇", "全省", "全市", "全区", "全县", "全州", "全镇", "自治区", "自治州", "自治县"];

/// Of the regions that have reports. The names of all others would silence too much: 灯塔 is a county too.
fn place_names(archive: &Archive) -> FxHashSet<&str> {
    let regions = archive.regions.keys().map(|&id| &archive.gazetteer[id]);
    let places = regions.flat_map(|region| [region.name.as_str(), region.short.as_str()]);
    places.chain(OWN_PLACE.iter().copied()).collect()
}

/// By word; 0 for a word of a single report, which nothing can share.
fn inverse_frequencies(vocabulary: &Vocabulary) -> Vec<f32> {
    let mut frequencies = vec![0u32; vocabulary.spans.len()];
    for (word, _) in (0..vocabulary.report_count()).flat_map(|report| vocabulary.of(report)) {
        frequencies[word as usize] += 1;
    }
    let reports = vocabulary.report_count() as f32;
    frequencies.into_iter().map(|n| if n < 2 { 0.0 } else { (reports / n as f32).ln() }).collect()
}

/// The weightiest words with weights of length 1, by word.
fn vector(counts: impl Iterator<Item = (Word, u16)>, idf: &[f32]) -> Vec<(Word, f32)> {
    let weight = |(word, count): (Word, u16)| (word, (1.0 + f32::from(count).ln()) * idf[word as usize]);
    let mut weights: Vec<(Word, f32)> = counts.map(weight).filter(|&(_, weight)| weight > 0.0).collect();
    let heavier = |a: &(Word, f32), b: &(Word, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if weights.len() > KEPT {
        weights.select_nth_unstable_by(KEPT, heavier);
        weights.truncate(KEPT);
    }
    weights.sort_unstable_by_key(|&(word, _)| word);
    let length = weights.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
    weights.iter_mut().for_each(|(_, weight)| *weight /= length);
    weights
}

/// For each word the reports that keep it, those in which it weighs most first.
fn postings(vectors: &[Vec<(Word, f32)>], words: usize) -> Vec<Vec<(u32, f32)>> {
    let mut postings: Vec<Vec<(u32, f32)>> = vec![Vec::new(); words];
    for (report, vector) in vectors.iter().enumerate() {
        for &(word, weight) in vector {
            postings[word as usize].push((report as u32, weight));
        }
    }
    postings.par_iter_mut().for_each(|posting| {
        if posting.len() > LONGEST_POSTING {
            posting.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            posting.truncate(LONGEST_POSTING);
        }
    });
    postings
}
