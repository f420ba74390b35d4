//! Whatever is searched for: the Rust reader, the browser's script and a look through all texts name the same reports.
//!
//! `HUIBIAN_SEARCH_QUERIES=100000 cargo test --test search_exact` asks so many queries (90 CPU seconds); without it, few.
//! The browser's script runs in Node; where there is none, only the Rust reader is compared, unless
//! `HUIBIAN_REQUIRE_NODE` is set.
#![allow(clippy::disallowed_methods)] // writes the indexes for Node

use std::path::Path;
use std::process::Command;

use huibian::search::corpus::Text;
use huibian::search::facet::{Facet, Facets};
use huibian::search::normal::{Simplified, normal};
use huibian::search::numeral::alternatives;
use huibian::search::query::{Field, Term, parse, years};
use huibian::search::reader::Index;
use huibian::search::{Head, Material, answer, build};
use rayon::prelude::*;

const QUERIES_PER_ARCHIVE: usize = 250;
/// One Node answers so many archives.
const ARCHIVES_PER_BATCH: usize = 20;

/// Slug, year, title and paragraphs.
type Report = (String, i32, String, Vec<String>);

/// A generated archive.
struct Archive {
    reports: Vec<Report>,
}

/// SplitMix64: the same archives and queries on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Letters: common ones, Traditional, masks, wide and narrow, composed, beyond 16 bits.
const LETTERS: [&str; 31] = [
    "2023年",
    "二〇二三年",
    "年",
    "人",
    "才",
    "工",
    "作",
    "干",
    "部",
    "党",
    "建",
    "组",
    "织",
    "業",
    "业",
    "〇",
    "零",
    "×",
    "x",
    "Ｘ",
    "é",
    "E",
    "2",
    "２",
    "0",
    "𠮷",
    "𡈽",
    "ﬁ",
    "①",
    "乾",
    "發",
];
const MARKS: [&str; 10] = ["，", "。", "、", " ", "\u{3000}", "——", "（", "“", "😀", "\t"];

fn archive(random: &mut Random) -> Archive {
    let letters: Vec<&str> = (0..2 + random.below(9)).map(|_| *random.pick(&LETTERS)).collect();
    // Phrases that recur make long strings common to many reports: what exceptions are for.
    let phrases: Vec<String> =
        (0..2 + random.below(6)).map(|_| (0..2 + random.below(14)).map(|_| *random.pick(&letters)).collect()).collect();
    let line = |random: &mut Random, longest: usize| -> String {
        let mut line = String::new();
        for _ in 0..1 + random.below(longest) {
            match random.below(10) {
                0 if random.below(20) == 0 => line.extend(char::from_u32(0x4e00 + random.below(3000) as u32)),
                0 => line.push_str(MARKS[random.below(MARKS.len())]),
                1..=5 => line.push_str(letters[random.below(letters.len())]),
                _ => line.push_str(&phrases[random.below(phrases.len())]),
            }
        }
        line
    };
    // More than the sample holds, now and then, so that there are letters that it lacks.
    let most = if random.below(4) == 0 { 200 } else { 60 };
    let count = 1 + random.below(most);
    let reports = (0..count)
        .map(|i| {
            let title = line(random, 4);
            let paragraphs = (0..random.below(6)).map(|_| line(random, 8)).collect();
            (format!("r{i}"), 2025 - (i / 7) as i32, if title.trim().is_empty() { "题".into() } else { title }, paragraphs)
        })
        .collect();
    Archive { reports }
}

impl Archive {
    fn facets(&self) -> Facets {
        let every = |step: usize, of: usize| (0..self.reports.len() as u32).filter(|i| *i as usize % of == step).collect();
        let facet = |name: &str, reports| Facet { name: name.into(), slug: name.into(), parent: None, reports };
        Facets {
            themes: vec![facet("党建", every(0, 2)), facet("人才", every(1, 3))],
            kinds: vec![facet("总结", every(0, 5))],
            regions: vec![facet("某省", Vec::new()), Facet { parent: Some(0), ..facet("某市", every(2, 3)) }, facet("另一省", every(0, 3))],
        }
    }

    fn build(&self) -> std::collections::BTreeMap<String, Vec<u8>> {
        let texts = self.reports.iter().map(|(_, _, title, body)| Text::new(title, body.iter().map(String::as_str).collect()));
        let heads = self.reports.iter().map(|(slug, year, ..)| Head { slug, year: Some(*year), ..Head::default() });
        build(&Material { texts: texts.collect(), heads: heads.collect(), facets: self.facets() })
    }

    fn query(&self, random: &mut Random) -> String {
        let piece = |random: &mut Random| -> String {
            let (_, _, title, body) = random.pick(&self.reports);
            let text = if body.is_empty() || random.below(5) == 0 { title } else { random.pick(body) };
            let text: Vec<char> = text.chars().collect();
            let from = random.below(text.len());
            let longest = if random.below(4) == 0 { 40 } else { 8 };
            let to = (from + 1 + random.below(longest)).min(text.len());
            text[from..to].iter().collect()
        };
        let text = |random: &mut Random| match random.below(6) {
            // Two pieces that need not stand together: near misses, and strings across the ends of paragraphs.
            0 | 1 => piece(random) + &piece(random),
            2 => format!("\"{}\"", piece(random).replace('"', "")),
            _ => piece(random),
        };
        let mut query = text(random);
        for _ in 0..random.below(3) {
            let joint =
                random.pick(&[" ", " ", " -", " OR ", "|", " title:", " theme:党 ", " year:2020.. ", " region:某省 ", " -kind:总结 "]);
            query = query + joint + &text(random);
        }
        query
    }

    fn scan<'a>(&'a self, simplified: &'a Simplified) -> Scan<'a> {
        let normals = |report: &Report| std::iter::once(&report.2).chain(&report.3).map(|text| normal(text, simplified)).collect();
        Scan { archive: self, facets: self.facets(), normals: self.reports.iter().map(normals).collect(), simplified }
    }
}

/// Looks through all texts.
struct Scan<'a> {
    archive: &'a Archive,
    facets: Facets,
    /// Of the title and each paragraph.
    normals: Vec<Vec<String>>,
    simplified: &'a Simplified,
}

impl Scan<'_> {
    fn find(&self, query: &str) -> Vec<u32> {
        let clauses: Vec<Vec<(Term, Vec<String>)>> = parse(query)
            .into_iter()
            .map(|clause| clause.into_iter().map(|term| self.with_writings(term)).filter(says).collect())
            .filter(|clause: &Vec<_>| !clause.is_empty())
            .collect();
        if clauses.is_empty() {
            return Vec::new();
        }
        (0..self.normals.len() as u32)
            .filter(|&report| clauses.iter().all(|clause| clause.iter().any(|(term, writings)| self.holds(term, writings, report))))
            .collect()
    }

    fn with_writings(&self, term: Term) -> (Term, Vec<String>) {
        let wanted = normal(&term.text, self.simplified);
        let writings = if wanted.is_empty() { Vec::new() } else { alternatives(&wanted).into_iter().chain([wanted]).collect() };
        (term, writings)
    }

    fn holds(&self, term: &Term, writings: &[String], report: u32) -> bool {
        let normals = &self.normals[report as usize];
        let holds = |text: &String| writings.iter().any(|wanted| text.contains(wanted));
        term.not
            != match term.field {
                None => normals.iter().any(holds),
                Some(Field::Title) => holds(&normals[0]),
                Some(Field::Year) => {
                    years(&term.text).is_some_and(|(from, to)| (from..=to).contains(&self.archive.reports[report as usize].1))
                }
                Some(Field::Region) => named(&self.facets.regions, &term.text, report),
                Some(Field::Theme) => named(&self.facets.themes, &term.text, report),
                Some(Field::Kind) => named(&self.facets.kinds, &term.text, report),
            }
    }
}

fn named(list: &[Facet], text: &str, report: u32) -> bool {
    let is_named = |facet: &Facet| facet.name.contains(text) || facet.slug == text;
    list.iter()
        .any(|facet| facet.reports.contains(&report) && (is_named(facet) || facet.parent.is_some_and(|parent| is_named(&list[parent]))))
}

/// A term without letters asks for nothing.
fn says((term, writings): &(Term, Vec<String>)) -> bool {
    matches!(term.field, Some(Field::Year | Field::Region | Field::Theme | Field::Kind)) || !writings.is_empty()
}

#[test]
fn readers_name_what_a_scan_finds() {
    let wanted: usize = std::env::var("HUIBIAN_SEARCH_QUERIES").ok().and_then(|n| n.parse().ok()).unwrap_or(5_000);
    let has_node = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
    assert!(has_node || std::env::var("HUIBIAN_REQUIRE_NODE").is_err(), "Node is required and missing");
    if !has_node {
        eprintln!("no Node here: the browser's script was not compared");
    }
    let batches = wanted.div_ceil(QUERIES_PER_ARCHIVE * ARCHIVES_PER_BATCH);
    let asked: usize = (0..batches).into_par_iter().with_max_len(1).map(|batch| ask(batch, has_node)).sum();
    eprintln!("{asked} queries");
}

/// Asks the queries of some archives, each made by a number of its own; tells how many.
fn ask(batch: usize, has_node: bool) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let mut expected: Vec<(String, Vec<u32>)> = Vec::new();
    for i in 0..ARCHIVES_PER_BATCH {
        let mut random = Random((batch * 1000 + i) as u64);
        let archive = archive(&mut random);
        let files = archive.build();
        let queries: Vec<String> = (0..QUERIES_PER_ARCHIVE).map(|_| archive.query(&mut random)).collect();
        if has_node {
            let here = folder.path().join(i.to_string());
            for (path, bytes) in &files {
                let path = here.join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, bytes).unwrap();
            }
            std::fs::write(here.join("queries.json"), serde_json::to_vec(&queries).unwrap()).unwrap();
        }
        let index = Index::open(move |path| files.get(path).cloned().ok_or_else(|| std::io::ErrorKind::NotFound.into())).unwrap();
        let scan = archive.scan(Simplified::all());
        for query in queries {
            let answered = answer::answer(&index, &query).unwrap().reports;
            let mut sorted = answered.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, scan.find(&query), "the Rust reader, archive {batch}/{i}, {query:?}");
            expected.push((query, answered));
        }
    }
    if has_node {
        compare_with_node(folder.path(), &expected);
    }
    expected.len()
}

fn compare_with_node(folder: &Path, expected: &[(String, Vec<u32>)]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search/answers.mjs");
    let output = Command::new("node").arg(script).args((0..ARCHIVES_PER_BATCH).map(|i| folder.join(i.to_string()))).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines: Vec<Vec<u32>> = String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), expected.len());
    for (line, (query, answered)) in lines.iter().zip(expected) {
        assert_eq!(line, answered, "the browser's script, {query:?}");
    }
}
