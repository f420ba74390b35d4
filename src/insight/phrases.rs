//! Set phrases that come and go: those of a watch-list, and those that many reports repeat.
//!
//! A phrase's counts are those of a plain search through the texts: every place where its characters stand,
//! without overlap, in headings, paragraphs and tables.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::archive::{Archive, Report};
use crate::classify::RegionId;
use crate::document::Key;
use crate::insight::digest::Digests;
use crate::insight::matrix;
use crate::insight::vocabulary::{Numbers, Word, runs};

/// Words in runs: a run ends where something other than a Han word stands.
type Runs = Vec<Vec<Word>>;

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
///
/// `memory` is what the last build left; it makes this quicker, not different.
pub fn phrases(archive: &Archive, digests: &Digests, watched: &[String], memory: &mut Memory) -> Vec<Phrase> {
    let mut texts: Vec<String> = Vec::new();
    for phrase in watched.iter().filter(|phrase| !phrase.is_empty()) {
        if !texts.contains(phrase) {
            texts.push(phrase.clone());
        }
    }
    let first_found = texts.len();
    let sample = sample(archive);
    let key = Key::of(&(sample.iter().map(|report| report.keys.text).collect::<Vec<_>>(), &texts));
    if memory.sample != Some(key) {
        let known: BTreeSet<String> = texts.iter().cloned().collect();
        texts.extend(candidates(&sample, digests).into_iter().filter(|text| !known.contains(text)));
        let whole = whole(&sample, &texts);
        (memory.sample, memory.candidates) = (Some(key), texts.into_iter().zip(whole).collect());
    }
    let (texts, whole): (Vec<String>, Vec<bool>) = memory.candidates.iter().cloned().unzip();
    memory.counts = std::mem::take(&mut memory.counts).updated(&texts, archive);
    let mut phrases = counted(archive, texts, first_found, &memory.counts);
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
fn candidates(sample: &[&Report], digests: &Digests) -> Vec<String> {
    let least = least_reports(sample.len()) as u32;
    let mut numbers = Numbers::default();
    let texts = sample.iter().map(|report| {
        let runs = runs(&report.document, &digests.get(report).word_ends);
        runs.into_iter().map(|run| run.into_iter().map(|word| numbers.of(word)).collect()).collect()
    });
    let texts: Vec<Runs> = texts.collect();
    let vocabulary = numbers.words;
    let levels = levels(texts, least);
    let mut covered: Vec<Vec<bool>> = levels.iter().map(|level| vec![false; level.len()]).collect();
    let mut found: Vec<(u32, String)> = Vec::new();
    for (n, level) in levels.iter().enumerate().rev() {
        for (id, run) in level.iter().enumerate() {
            let words = words(&levels[..=n], id);
            let free = [words.first(), words.last()].into_iter().flatten().all(|&word| !TIES.contains(&vocabulary[word as usize]));
            let text: String = words.iter().map(|&word| vocabulary[word as usize]).collect();
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

/// Texts whose order of words is looked at, at most. What is repeated shows in these; what is found is then counted in all.
const SAMPLE: usize = 160;

/// As many reports as [`SAMPLE`] says, or half as many, by the hashes of their texts: one more report is seldom one of them.
fn sample(archive: &Archive) -> Vec<&Report> {
    let halvings = archive.reports.len().div_ceil(SAMPLE).next_power_of_two().trailing_zeros();
    let hash = |report: &Report| report.keys.text.as_bytes()[..8].iter().fold(0, |hash, &byte| hash << 8 | u64::from(byte));
    archive.reports.iter().filter(|report| hash(report).trailing_zeros() >= halvings).collect()
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
fn levels(mut texts: Vec<Runs>, least: u32) -> Vec<Vec<Repeated>> {
    let mut levels: Vec<Vec<Repeated>> = Vec::new();
    let pair = |left: u32, right: u32| u64::from(left) << 32 | u64::from(right);
    // From here on, for each run of each text, what begins at each word.
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
/// `现将有关` goes on with `情况`, or if a number comes before it, whose unit it then begins with. The sample is asked; a stop
/// is no such character.
fn whole(sample: &[&Report], texts: &[String]) -> Vec<bool> {
    let automaton = automaton(texts);
    let neighbour = |c: Option<char>| c.filter(|c| c.is_alphanumeric()).map(|c| if c.is_numeric() { '0' } else { c });
    let mut counts = vec![0; texts.len()];
    let mut sides: Vec<[FxHashMap<char, usize>; 2]> = vec![Default::default(); texts.len()];
    for report in sample {
        for block in &report.document.blocks {
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
fn counted(archive: &Archive, texts: Vec<String>, watched: usize, counts: &Counts) -> Vec<Phrase> {
    let branches: BTreeMap<RegionId, usize> = matrix::branches(archive).into_iter().zip(0..).collect();
    let branch = |report: &Report| {
        let region = report.labels.placement.region()?;
        archive.gazetteer.path(region).into_iter().find_map(|above| branches.get(&above)).copied()
    };
    let year = |report: &Report| {
        let year = report.labels.year.as_ref()?.value;
        archive.years.binary_search_by(|(other, _)| year.cmp(other)).ok()
    };
    let mut tallies =
        vec![Tally { count: 0, reports: 0, years: vec![0; archive.years.len()], regions: vec![0; branches.len()] }; texts.len()];
    for report in &archive.reports {
        let (year, branch) = (year(report), branch(report));
        for &(phrase, n) in counts.of(report) {
            let tally = &mut tallies[phrase as usize];
            tally.count += n as usize;
            tally.reports += 1;
            if let Some(year) = year {
                tally.years[year] += n as usize;
            }
            if let Some(branch) = branch {
                tally.regions[branch] += 1;
            }
        }
    }
    let phrase = |(i, (text, tally)): (usize, (String, Tally))| {
        let years = archive.years.iter().rev().zip(tally.years.into_iter().rev()).map(|((year, _), n)| (*year, n));
        let mut regions: Vec<(RegionId, usize)> = branches.keys().copied().zip(tally.regions).filter(|&(_, n)| n > 0).collect();
        regions.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let (count, reports, years) = (tally.count, tally.reports, years.filter(|&(_, n)| n > 0).collect());
        Phrase { text, watched: i < watched, count, reports, years, regions }
    };
    texts.into_iter().zip(tallies).enumerate().map(phrase).collect()
}

/// Where one phrase stands: by the archive's years and by its branches, in their order.
#[derive(Clone)]
struct Tally {
    count: usize,
    reports: usize,
    years: Vec<usize>,
    regions: Vec<usize>,
}

/// What the last build looked for and found, for the next.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// Of the sample and of the watch-list.
    sample: Option<Key>,
    /// The watch-list and what the sample gave, each with whether it stands for itself.
    candidates: Vec<(String, bool)>,
    counts: Counts,
}

/// How often each of some texts stands in each report.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Counts {
    texts: Vec<String>,
    /// By the keys of the reports' texts: which phrases stand there, and how often.
    of: FxHashMap<Key, Vec<(u32, u32)>>,
}

impl Counts {
    fn of(&self, report: &Report) -> &[(u32, u32)] {
        self.of.get(&report.keys.text).map(Vec::as_slice).unwrap_or_default()
    }

    /// The counts of these texts in these reports. A report that was counted is looked through for new texts alone.
    fn updated(self, texts: &[String], archive: &Archive) -> Self {
        let number: FxHashMap<&str, u32> = texts.iter().map(String::as_str).zip(0..).collect();
        let numbers: Vec<Option<u32>> = self.texts.iter().map(|text| number.get(text.as_str()).copied()).collect();
        let known: FxHashSet<&str> = self.texts.iter().map(String::as_str).collect();
        // Each takes some megabytes, and mostly one of them is needed.
        let all = LazyLock::new(|| Automaton::new((0..).zip(texts.iter().map(String::as_str))));
        let new = LazyLock::new(|| Automaton::new((0..).zip(texts.iter().map(String::as_str)).filter(|(_, text)| !known.contains(text))));
        let is_same = self.texts == texts;
        let count = |report: &Report| {
            let counts = match self.of.get(&report.keys.text) {
                Some(counts) if is_same => counts.clone(),
                Some(counts) => {
                    let kept = counts.iter().filter_map(|&(phrase, n)| Some((numbers[phrase as usize]?, n)));
                    let mut counts: Vec<(u32, u32)> = kept.chain(new.count(report)).collect();
                    counts.sort_unstable();
                    counts
                }
                None => all.count(report),
            };
            (report.keys.text, counts)
        };
        let of: Vec<(Key, Vec<(u32, u32)>)> = archive.reports.par_iter().map(count).collect();
        Self { of: of.into_iter().collect(), texts: texts.to_vec() }
    }
}

/// Finds some of the phrases in a text.
struct Automaton {
    /// Their numbers.
    numbers: Vec<u32>,
    found: AhoCorasick,
}

impl Automaton {
    fn new<'a>(phrases: impl Iterator<Item = (u32, &'a str)>) -> Self {
        let (numbers, texts): (Vec<u32>, Vec<&str>) = phrases.unzip();
        Self { numbers, found: automaton(&texts) }
    }

    /// How often each phrase stands in a report, by phrase; only those that do.
    fn count(&self, report: &Report) -> Vec<(u32, u32)> {
        if self.numbers.is_empty() {
            return Vec::new();
        }
        let mut counts = vec![0; self.numbers.len()];
        let mut free_from = vec![0; self.numbers.len()];
        for block in &report.document.blocks {
            free_from.fill(0);
            for found in self.found.find_overlapping_iter(block.text().as_ref()) {
                let phrase = found.pattern().as_usize();
                // Phrases may overlap each other, but none overlaps itself.
                if found.start() >= free_from[phrase] {
                    free_from[phrase] = found.end();
                    counts[phrase] += 1;
                }
            }
        }
        self.numbers.iter().copied().zip(counts).filter(|&(_, n)| n > 0).collect()
    }
}

/// Bytes of phrases up to which the quickest kind of automaton is made: it takes some hundred times as much memory.
const QUICK: usize = 32 * 1024;

fn automaton(texts: &[impl AsRef<[u8]>]) -> AhoCorasick {
    let bytes: usize = texts.iter().map(|text| text.as_ref().len()).sum();
    let built = AhoCorasick::builder().kind((bytes <= QUICK).then_some(AhoCorasickKind::DFA)).build(texts);
    built.expect("a few hundred short phrases are far below the automaton's limits")
}
