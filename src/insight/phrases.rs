//! Set phrases that come and go: those of a watch-list, and those that many reports repeat.
//!
//! A phrase's counts are those of a plain search through the texts: every place where its characters stand,
//! without overlap, in headings, paragraphs and tables.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::archive::{Archive, Report};
use crate::classify::RegionId;
use crate::insight::matrix;
use crate::insight::vocabulary::{Runs, Vocabulary, Word};

/// A phrase and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    pub text: String,
    /// From the watch-list.
    pub watched: bool,
    /// How often it stands in the texts, and in how many reports.
    pub count: usize,
    pub reports: usize,
    /// How often by year, oldest first; reports without a year are in `count` alone.
    pub years: Vec<(i32, usize)>,
    /// Reports by the regions of [`matrix::branches`], most first.
    pub regions: Vec<(RegionId, usize)>,
}

impl Phrase {
    pub fn first_year(&self) -> Option<i32> {
        self.years.first().map(|(year, _)| *year)
    }
}

/// Found phrases that are listed, and never more than there are reports: five reports have little to repeat.
const LISTED: usize = 60;
/// Of the candidates, those that are counted in all texts.
const COUNTED: usize = 400;
/// Characters of a phrase.
const LENGTH: RangeInclusive<usize> = 4..=24;
/// Words of a phrase.
const MOST_WORDS: usize = 12;
/// A phrase is left out where a longer one covers this share of its reports, or of the places where it stands.
const COVERED: (usize, usize) = (4, 5);
/// The same for two longer ones together: 习近平 with 新… or 总….
const COVERED_BY_TWO: (usize, usize) = (9, 10);
/// A word at either end of a phrase that ties it to its sentence: such a run is a piece, not a phrase.
const TIES: &[&str] = &[
    "的", "和", "与", "及", "在", "了", "是", "以", "为", "等", "对", "把", "将", "被", "从", "向", "到", "由", "让", "使", "并", "也",
    "都", "就", "而", "或", "于", "中", "上", "下", "个", "名", "年", "月", "日", "一", "二", "三", "四", "五", "六", "七", "八", "九",
    "十", "有", "各", "每", "该", "其", "这", "那", "不", "要", "能", "可", "作为", "着", "过", "地", "得",
];

/// The phrases of the watch-list in its order, also those that never occur; then the strongest that were found:
/// in the most regions and reports, the longer one of two that go together.
pub fn phrases(archive: &Archive, watched: &[String], vocabulary: &Vocabulary) -> Vec<Phrase> {
    let mut texts: Vec<String> = Vec::new();
    for phrase in watched.iter().filter(|phrase| !phrase.is_empty()) {
        if !texts.contains(phrase) {
            texts.push(phrase.clone());
        }
    }
    let first_found = texts.len();
    let known: BTreeSet<String> = texts.iter().cloned().collect();
    texts.extend(candidates(vocabulary).into_iter().filter(|text| !known.contains(text)));
    let whole = whole(archive, vocabulary, &texts);
    let mut phrases = counted(archive, texts, first_found);
    let mut found = phrases.split_off(first_found);
    let mut is_whole = whole.into_iter().skip(first_found);
    found.retain(|_| is_whole.next().unwrap_or(true));
    let least = least_reports(archive.reports.len());
    found.retain(|phrase| phrase.reports >= least && (phrase.regions.len() >= 2 || matrix::branches(archive).len() < 2));
    found.sort_by(|a, b| strength(b).cmp(&strength(a)).then_with(|| a.text.cmp(&b.text)));
    for phrase in found {
        let shown = &phrases[first_found..];
        if shown.len() == LISTED.min(archive.reports.len()) {
            break;
        }
        if !shown.iter().any(|other| other.text.contains(&phrase.text) || phrase.text.contains(&other.text)) {
            phrases.push(phrase);
        }
    }
    phrases
}

/// What makes a found phrase strong: that many reports all over share many characters.
fn strength(phrase: &Phrase) -> usize {
    phrase.reports * phrase.regions.len().max(1) * phrase.text.chars().count()
}

/// A phrase of fewer reports is a coincidence.
fn least_reports(reports: usize) -> usize {
    (reports / 100).max(3)
}

/// Runs of words that many of the kept texts repeat and that no longer run covers, those of the most texts first.
fn candidates(vocabulary: &Vocabulary) -> Vec<String> {
    let least = least_reports(vocabulary.runs.len()) as u32;
    let mut levels: Vec<FxHashMap<Vec<Word>, u32>> = Vec::new();
    for words in 1..=MOST_WORDS {
        let level = repeated(vocabulary, words, levels.last(), least);
        if level.is_empty() {
            break;
        }
        levels.push(level);
    }
    let mut covered: BTreeSet<Vec<Word>> = BTreeSet::new();
    let mut found: Vec<(u32, String)> = Vec::new();
    for level in levels.iter().rev() {
        for (words, &reports) in level {
            let text: String = words.iter().map(|&word| vocabulary.words[word as usize]).collect();
            let free = [words.first(), words.last()].into_iter().flatten().all(|&word| !TIES.contains(&vocabulary.words[word as usize]));
            if free && LENGTH.contains(&text.chars().count()) && !covered.contains(words) {
                found.push((reports, text));
            }
        }
        // What this level covers of the one below it.
        for (words, &reports) in level {
            for part in [&words[1..], &words[..words.len() - 1]] {
                let below = words.len().checked_sub(2).and_then(|i| levels.get(i)).and_then(|below| below.get(part));
                if below.is_some_and(|&n| reports as usize * COVERED.1 >= n as usize * COVERED.0) {
                    covered.insert(part.to_vec());
                }
            }
        }
    }
    // The maps' order ends here.
    found.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    found.dedup();
    found.truncate(COUNTED);
    found.into_iter().map(|(_, text)| text).collect()
}

/// Runs of so many words that at least `least` texts hold. A run can only be that frequent if both its shorter
/// runs are, so each level looks only at what the one below left.
fn repeated(vocabulary: &Vocabulary, words: usize, below: Option<&FxHashMap<Vec<Word>, u32>>, least: u32) -> FxHashMap<Vec<Word>, u32> {
    let in_text = |runs: &Runs| -> FxHashMap<Vec<Word>, u32> {
        let windows = runs.iter().flat_map(|run| run.windows(words));
        let possible =
            |window: &&[Word]| below.is_none_or(|below| below.contains_key(&window[1..]) && below.contains_key(&window[..words - 1]));
        windows.filter(possible).map(|window| (window.to_vec(), 1)).collect()
    };
    let merged = vocabulary.runs.par_iter().map(|(_, runs)| in_text(runs)).reduce(FxHashMap::default, |a, b| {
        let (mut large, small) = if a.len() < b.len() { (b, a) } else { (a, b) };
        for (words, n) in small {
            *large.entry(words).or_default() += n;
        }
        large
    });
    merged.into_iter().filter(|&(_, n)| n >= least).collect()
}

/// Whether each text stands for itself: not if nearly everywhere one or two characters come before it, or after it, as
/// `现将有关` goes on with `情况`, or if a number comes before it, whose unit it then begins with. The texts of the
/// vocabulary's runs are asked; a stop is no such character.
fn whole(archive: &Archive, vocabulary: &Vocabulary, texts: &[String]) -> Vec<bool> {
    let automaton = AhoCorasick::new(texts).expect("a few hundred short phrases are far below the automaton's limits");
    let neighbour = |c: Option<char>| c.filter(|c| c.is_alphanumeric()).map(|c| if c.is_numeric() { '0' } else { c });
    let mut counts = vec![0; texts.len()];
    let mut sides: Vec<[FxHashMap<char, usize>; 2]> = vec![Default::default(); texts.len()];
    for &(report, _) in &vocabulary.runs {
        for block in &archive.reports[report].document.blocks {
            let text = block.text();
            for found in automaton.find_overlapping_iter(text.as_ref()) {
                let phrase = found.pattern().as_usize();
                counts[phrase] += 1;
                let beside = [text[..found.start()].chars().next_back(), text[found.end()..].chars().next()];
                for (side, c) in sides[phrase].iter_mut().zip(beside) {
                    if let Some(c) = neighbour(c) {
                        *side.entry(c).or_default() += 1;
                    }
                }
            }
        }
    }
    let tied = |side: &FxHashMap<char, usize>, count: usize| {
        let mut most: Vec<usize> = side.values().copied().collect();
        most.sort_unstable_by(|a, b| b.cmp(a));
        most.truncate(2);
        most.first().is_some_and(|&n| n * COVERED.1 >= count * COVERED.0)
            || most.iter().sum::<usize>() * COVERED_BY_TWO.1 >= count * COVERED_BY_TWO.0
    };
    sides.iter().zip(counts).map(|(sides, count)| count == 0 || !sides.iter().any(|side| tied(side, count))).collect()
}

/// Counts every phrase in every text.
fn counted(archive: &Archive, texts: Vec<String>, watched: usize) -> Vec<Phrase> {
    let automaton = AhoCorasick::new(&texts).expect("a few hundred short phrases are far below the automaton's limits");
    let counts: Vec<Vec<(usize, usize)>> = archive.reports.par_iter().map(|report| count(report, &automaton)).collect();
    let mut phrases: Vec<Phrase> = texts
        .into_iter()
        .enumerate()
        .map(|(i, text)| Phrase { text, watched: i < watched, count: 0, reports: 0, years: Vec::new(), regions: Vec::new() })
        .collect();
    let branches: BTreeSet<RegionId> = matrix::branches(archive).into_iter().collect();
    let mut years: Vec<BTreeMap<i32, usize>> = vec![BTreeMap::new(); phrases.len()];
    let mut regions: Vec<BTreeMap<RegionId, usize>> = vec![BTreeMap::new(); phrases.len()];
    for (report, counts) in archive.reports.iter().zip(counts) {
        let region = report.labels.placement.region();
        let branch = region.and_then(|region| archive.gazetteer.path(region).into_iter().find(|above| branches.contains(above)));
        for (phrase, n) in counts {
            phrases[phrase].count += n;
            phrases[phrase].reports += 1;
            if let Some(year) = &report.labels.year {
                *years[phrase].entry(year.value).or_default() += n;
            }
            if let Some(branch) = branch {
                *regions[phrase].entry(branch).or_default() += 1;
            }
        }
    }
    for (phrase, (years, regions)) in phrases.iter_mut().zip(years.into_iter().zip(regions)) {
        phrase.years = years.into_iter().collect();
        phrase.regions = regions.into_iter().collect();
        phrase.regions.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    }
    phrases
}

/// How often each phrase stands in a report, by phrase; only those that do.
fn count(report: &Report, automaton: &AhoCorasick) -> Vec<(usize, usize)> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    let mut free_from = vec![0; automaton.patterns_len()];
    for block in &report.document.blocks {
        free_from.fill(0);
        for found in automaton.find_overlapping_iter(block.text().as_ref()) {
            let phrase = found.pattern().as_usize();
            // Phrases may overlap each other, but none overlaps itself.
            if found.start() >= free_from[phrase] {
                free_from[phrase] = found.end();
                *counts.entry(phrase).or_default() += 1;
            }
        }
    }
    counts.into_iter().collect()
}
