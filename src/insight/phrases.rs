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
    let levels = levels(vocabulary, least);
    let mut covered: Vec<Vec<bool>> = levels.iter().map(|level| vec![false; level.len()]).collect();
    let mut found: Vec<(u32, String)> = Vec::new();
    for (n, level) in levels.iter().enumerate().rev() {
        for (id, run) in level.iter().enumerate() {
            let words = words(&levels[..=n], id);
            let free = [words.first(), words.last()].into_iter().flatten().all(|&word| !TIES.contains(&vocabulary.words[word as usize]));
            let text: String = words.iter().map(|&word| vocabulary.words[word as usize]).collect();
            if free && LENGTH.contains(&text.chars().count()) && !covered[n][id] {
                found.push((run.texts, text));
            }
        }
        let Some(below) = n.checked_sub(1) else { break };
        for run in level {
            for part in run.parts {
                if run.texts as usize * COVERED.1 >= levels[below][part as usize].texts as usize * COVERED.0 {
                    covered[below][part as usize] = true;
                }
            }
        }
    }
    found.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    found.dedup();
    found.truncate(COUNTED);
    found.into_iter().map(|(_, text)| text).collect()
}

/// A run of words that many texts hold.
struct Repeated {
    /// What it is without its last word and without its first, by their places on the level below.
    parts: [u32; 2],
    last: Word,
    /// How many texts hold it.
    texts: u32,
}

/// Stands where no repeated run begins.
const NONE: u32 = u32::MAX;

/// For one word, two words, three words: the runs that at least `least` texts hold. A run can only be that frequent if
/// both its shorter runs are, so each level is made of pairs of neighbours on the one below, which stand for it by number.
fn levels(vocabulary: &Vocabulary, least: u32) -> Vec<Vec<Repeated>> {
    let mut levels: Vec<Vec<Repeated>> = Vec::new();
    let pair = |left: u32, right: u32| u64::from(left) << 32 | u64::from(right);
    // For each run of each text, what begins at each word.
    let mut texts: Vec<Runs> = vocabulary.runs.iter().map(|(_, runs)| runs.clone()).collect();
    while levels.len() < MOST_WORDS {
        let is_first = levels.is_empty();
        let neighbours = move |run: &[u32]| -> Vec<u64> {
            match is_first {
                true => run.iter().map(|&word| pair(word, word)).collect(),
                false => run.windows(2).map(|two| if two.contains(&NONE) { u64::MAX } else { pair(two[0], two[1]) }).collect(),
            }
        };
        let of_text = |runs: &Runs| {
            let mut keys: Vec<u64> = runs.iter().flat_map(|run| neighbours(run)).filter(|&key| key != u64::MAX).collect();
            keys.sort_unstable();
            keys.dedup();
            keys
        };
        let mut keys: Vec<u64> = texts.par_iter().flat_map_iter(of_text).collect();
        keys.par_sort_unstable();
        let frequent: Vec<(u64, u32)> =
            keys.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).filter(|&(_, texts)| texts >= least).collect();
        if frequent.is_empty() {
            break;
        }
        let number = |key: u64| frequent.binary_search_by_key(&key, |&(key, _)| key).map_or(NONE, |at| at as u32);
        texts.par_iter_mut().flatten().for_each(|run| *run = neighbours(run).into_iter().map(number).collect());
        let repeated = frequent.iter().map(|&(key, texts)| {
            let parts = [(key >> 32) as u32, key as u32];
            let last = levels.last().map_or(parts[1], |below: &Vec<Repeated>| below[parts[1] as usize].last);
            Repeated { parts, last, texts }
        });
        let level = repeated.collect();
        levels.push(level);
    }
    levels
}

/// The words of a run on the last of `levels`.
fn words(levels: &[Vec<Repeated>], mut id: usize) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::with_capacity(levels.len());
    for level in levels.iter().rev() {
        words.push(level[id].last);
        id = level[id].parts[0] as usize;
    }
    words.reverse();
    words
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
