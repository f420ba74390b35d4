//! An index brought up to date is, byte for byte, the index built anew.
#![allow(clippy::disallowed_methods)] // reads how much to try from the environment

use std::collections::BTreeMap;

use huibian::search::corpus::Text;
use huibian::search::facet::Facets;
use huibian::search::update::Last;
use huibian::search::{Built, Head, Material, rebuild};
use rayon::prelude::*;

/// SplitMix64: the same archives and edits on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }
}

/// Title and paragraphs.
#[derive(Clone)]
struct Report {
    slug: String,
    title: String,
    paragraphs: Vec<String>,
}

/// Writes reports that share phrases, so that lists are long and strings hover about the number of candidates.
struct Author {
    random: Random,
    phrases: Vec<String>,
    letters: Vec<char>,
    written: usize,
}

impl Author {
    fn new(seed: u64) -> Self {
        let all: Vec<char> = "组织人事工作干部党建年二〇一三2023業业×é".chars().collect();
        Self::with(seed, &all, 3, 2)
    }

    /// Uses hundreds of letters and many phrases: its archives have dozens of shards in several stretches.
    fn eloquent(seed: u64) -> Self {
        let all: Vec<char> = (0x4e00..0x5000).filter_map(char::from_u32).collect();
        Self::with(seed, &all, 300, 60)
    }

    fn with(seed: u64, all: &[char], letters: usize, phrases: usize) -> Self {
        let mut random = Random(seed);
        let letters: Vec<char> = (0..letters + random.below(12)).map(|_| all[random.below(all.len())]).collect();
        let phrases = (0..phrases + random.below(8))
            .map(|_| (0..2 + random.below(9)).map(|_| letters[random.below(letters.len())]).collect())
            .collect();
        Self { random, phrases, letters, written: 0 }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        for _ in 0..1 + self.random.below(5) {
            match self.random.below(12) {
                0 => line.push('，'),
                1 if self.random.below(4) == 0 => line.extend(char::from_u32(0x4e00 + self.random.below(2000) as u32)),
                1..=5 => line.push(self.letters[self.random.below(self.letters.len())]),
                _ => line.push_str(&self.phrases[self.random.below(self.phrases.len())]),
            }
        }
        line
    }

    fn report(&mut self) -> Report {
        self.written += 1;
        let paragraphs = (0..self.random.below(4)).map(|_| self.line()).collect();
        Report { slug: format!("r{}", self.written), title: self.line(), paragraphs }
    }

    /// Nothing comes, goes or moves: all numbers stay.
    fn correct(&mut self, reports: &mut [Report]) {
        let at = self.random.below(reports.len());
        let line = self.line();
        match reports[at].paragraphs.last_mut() {
            Some(last) => last.push_str(&line),
            None => reports[at].title.push_str(&line),
        }
    }

    fn edit(&mut self, reports: &mut Vec<Report>) {
        let at = self.random.below(reports.len());
        match self.random.below(6) {
            0 | 1 => reports.insert(at, self.report()),
            2 => drop(reports.remove(at)),
            3 => reports.push(self.report()),
            4 => {
                let moved = reports.remove(at);
                reports.insert(self.random.below(reports.len()), moved);
            }
            _ => {
                let line = self.line();
                match reports[at].paragraphs.last_mut() {
                    Some(last) => *last = line,
                    None => reports[at].title = line,
                }
            }
        }
    }
}

fn text_of(report: &Report) -> Text<'_> {
    Text::new(&report.title, report.paragraphs.iter().map(String::as_str).collect())
}

fn index(reports: &[Report], last: Option<&Built>) -> Built {
    let heads = reports.iter().map(|report| Head { slug: &report.slug, year: Some(2020), ..Head::default() });
    let material = Material { texts: reports.iter().map(text_of).collect(), heads: heads.collect(), facets: Facets::default() };
    let load = |path: &str| last.and_then(|last| last.files.get(path).cloned()).ok_or_else(|| std::io::ErrorKind::NotFound.into());
    rebuild(&material, last.map(|last| Last { memory: &last.memory, load: &load }))
}

fn differing(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    a.keys().chain(b.keys()).filter(|path| a.get(*path) != b.get(*path)).cloned().collect()
}

/// Edits one archive again and again; tells how often its index was brought up to date.
fn edit(seed: u64, mut author: Author, least: usize, most_edits: usize) -> usize {
    let count = least + author.random.below(150);
    let mut reports: Vec<Report> = (0..count).map(|_| author.report()).collect();
    let mut built = index(&reports, None);
    let mut updates = 0;
    for step in 0..8 {
        let corrects = author.random.below(3) == 0;
        for _ in 0..=author.random.below(most_edits) {
            if corrects { author.correct(&mut reports) } else { author.edit(&mut reports) }
        }
        let clean = index(&reports, None);
        built = index(&reports, Some(&built));
        updates += usize::from(built.is_update);
        assert_eq!(differing(&built.files, &clean.files), [""; 0], "seed {seed}, step {step}");
        assert!(built.memory == clean.memory, "seed {seed}, step {step}: what is remembered");
    }
    updates
}

#[test]
fn updates_are_clean_builds() {
    let archives: u64 = std::env::var("HUIBIAN_SEARCH_ARCHIVES").ok().and_then(|n| n.parse().ok()).unwrap_or(40);
    let updates: usize = (0..archives).into_par_iter().map(|seed| edit(seed, Author::new(seed), 70, 3)).sum();
    eprintln!("{updates} updates");
    assert!(updates as u64 > archives, "nearly all indexes were built anew");
}

#[test]
fn updates_that_cut_shards_elsewhere_are_clean_builds() {
    let updates: usize = (0..4).into_par_iter().map(|seed| edit(seed, Author::eloquent(seed), 400, 9)).sum();
    assert!(updates > 8, "nearly all indexes were built anew: {updates}");
}

#[test]
fn a_damaged_index_is_built_anew() {
    let mut author = Author::new(7);
    let mut reports: Vec<Report> = (0..200).map(|_| author.report()).collect();
    let mut last = index(&reports, None);
    let shards: Vec<String> = last.files.keys().filter(|path| path.starts_with("d/")).cloned().collect();
    last.files.remove(&shards[0]);
    reports[100].title.push('，');
    reports[100].paragraphs.push(author.line());
    let clean = index(&reports, None);
    let built = index(&reports, Some(&last));
    assert!(!built.is_update);
    assert_eq!(differing(&built.files, &clean.files), [""; 0]);
}
