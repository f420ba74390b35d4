//! The search index: every substring, exactly. `docs/search-format.md` describes the files.
//!
//! `Archive` ──► [`index`] ──► files below `/search/` ──► [`reader`], or the browser
//!
//! Promise: for every query, the reader and the browser name exactly the reports that hold it, as a look through
//! all texts would, in the one normal form of [`normal`].

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::archive::{Archive, Report};

pub mod alphabet;
pub mod answer;
pub mod base;
pub mod bits;
pub mod codes;
pub mod corpus;
pub mod exceptions;
pub mod facet;
pub mod file;
pub mod grams;
pub mod key;
pub mod normal;
pub mod numeral;
pub mod query;
pub mod reader;
pub mod shard;
pub mod suffix;
pub mod text;
pub mod words;

use alphabet::Alphabet;
use base::Base;
use bits::Bits;
use codes::{Coder, Codes};
use corpus::{Corpus, Text};
use facet::Facets;
use file::File;
use grams::{Grams, Places};

/// Reports in the sample. With half or twice as many, the texts of 1,000 generated reports take as much room.
const SAMPLE: usize = 64;

/// What is to be searched, oldest first: most of what is new comes at the end and moves nothing.
pub struct Material<'a> {
    pub texts: Vec<Text<'a>>,
    /// For each text, what a hit shows of its report: address, year, kind, region, themes.
    pub heads: Vec<Head<'a>>,
    pub facets: Facets,
}

/// What a hit shows beside title and text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head<'a> {
    /// The last part of the report's address. No two reports have one.
    pub slug: &'a str,
    pub year: Option<i32>,
    pub kind: &'a str,
    /// Names from the outermost to the place itself.
    pub region: Vec<&'a str>,
    pub themes: Vec<&'a str>,
}

/// The index's files by their path below `/search/`. Deterministic.
pub fn index(archive: &Archive) -> BTreeMap<String, Vec<u8>> {
    build(&material(archive))
}

/// Stands for everything that an index is made of: archives with the same key have the same index, byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexKey {
    texts: [u8; 32],
    facets: [u8; 32],
}

/// The key of an archive's [`index`], which is not built for it.
pub fn key(archive: &Archive) -> IndexKey {
    let material = material(archive);
    let facets = blake3::hash(&material.facets.write(material.texts.len() as u32));
    IndexKey { texts: *hash(&stored(&material)).as_bytes(), facets: *facets.as_bytes() }
}

fn material(archive: &Archive) -> Material<'_> {
    Material {
        texts: archive.reports.par_iter().rev().map(text_of).collect(),
        heads: archive.reports.iter().rev().map(|report| head_of(archive, report)).collect(),
        facets: Facets::of(archive),
    }
}

/// The file of set phrases, with its path below `/search/`: what the archive is known to repeat, to be suggested.
pub fn phrases<'a>(phrases: impl Iterator<Item = &'a str>) -> (String, Vec<u8>) {
    let lines: Vec<&str> = phrases.collect();
    (File::Phrases.path(), File::Phrases.wrap(&text::deflate(lines.join("\n").as_bytes(), &[])))
}

fn text_of(report: &Report) -> Text<'_> {
    Text { title: &report.document.title.text, paragraphs: report.document.blocks.iter().map(|block| block.text()).collect() }
}

fn head_of<'a>(archive: &'a Archive, report: &'a Report) -> Head<'a> {
    let labels = &report.labels;
    let path = labels.placement.region().map(|region| archive.gazetteer.path(region)).unwrap_or_default();
    Head {
        slug: report.slug.as_str(),
        year: labels.year.as_ref().map(|found| found.value),
        kind: labels.kind.as_ref().map_or("", |found| &found.value),
        region: path.into_iter().map(|region| archive.gazetteer[region].name.as_str()).collect(),
        themes: labels.themes.iter().map(String::as_str).collect(),
    }
}

/// Builds the index of any texts.
pub fn build(material: &Material) -> BTreeMap<String, Vec<u8>> {
    let texts = &material.texts;
    let report_count = texts.len() as u32;
    let stored = stored(material);
    let sample = sample(&material.heads);
    let sampled: Vec<&str> = sample.iter().map(|&i| stored[i].as_str()).collect();
    let alphabet = Alphabet::of(&stored, &sampled);
    let codes = Codes::of(&alphabet, &sampled);
    let stamp: base::Stamp = *hash(&stored).as_bytes().first_chunk().expect("a hash is longer than a stamp");
    let coder = Coder::new(&codes, &alphabet);
    let coded: Vec<Vec<u8>> = stored.into_par_iter().map(|text| coder.code(&text)).collect();
    let dictionary = text::dictionary(&sample.iter().map(|&i| coded[i].as_slice()).collect::<Vec<_>>());

    let corpus = Corpus::new(texts, &alphabet);
    let chinese_years = corpus.chinese_years(&alphabet);
    let places = Places::new(&corpus);
    let grams = Grams::new(&corpus, &places);
    let exceptions = exceptions::find(&corpus, &places);
    drop((corpus, places));
    let shards = shard::write(&grams, &exceptions, &alphabet, report_count);
    let words = words::write(&grams, &alphabet);
    drop((grams, exceptions));

    let stamped = |payload: &[u8]| [&stamp, payload].concat();
    let starts: Vec<key::Key> = shards.iter().map(|(start, _)| *start).collect();
    let mut files: Vec<(File, Vec<u8>)> = Vec::new();
    let has_stretches = Base::has_stretches(starts.len() as u32);
    if has_stretches {
        for (i, some) in starts.chunks(base::STRETCH).enumerate() {
            let mut bits = Bits::default();
            base::write_starts(&mut bits, some);
            files.push((File::Directory(i as u32), stamped(&bits.into_bytes())));
        }
    }
    files.extend(shards.into_iter().enumerate().map(|(i, (_, bytes))| (File::Shard(i as u32), stamped(&bytes))));
    files.push((File::Facets, stamped(&material.facets.write(report_count))));
    files.push((File::Words, stamped(&words)));
    files.push((File::Simplified, text::deflate(all_simplified().as_bytes(), &[])));
    let base = Base {
        stamp,
        text_stamps: text_stamps(&material.heads, &codes, &dictionary),
        report_count,
        shard_count: starts.len() as u32,
        alphabet,
        codes,
        years: years(&material.heads),
        chinese_years,
        starts: if has_stretches { starts.into_iter().step_by(base::STRETCH).collect() } else { starts },
        dictionary,
    };
    files.push((File::Base, base.write()));
    let texts = coded.into_par_iter().enumerate().map(|(i, text)| {
        let payload = [&base.text_stamps[i / base::BLOCK][..], &text::deflate(&text, &base.dictionary)].concat();
        (File::Text(i as u32), payload)
    });
    files.into_par_iter().chain(texts).map(|(file, payload)| (file.path(), file.wrap(&payload))).collect()
}

/// What the index keeps of each report, to be coded.
fn stored(material: &Material) -> Vec<String> {
    material.heads.par_iter().zip(&material.texts).map(|(head, text)| text::stored(head, text)).collect()
}

/// Of everything that the texts say.
fn hash(stored: &[String]) -> blake3::Hash {
    let hashes: Vec<blake3::Hash> = stored.par_iter().map(|text| blake3::hash(text.as_bytes())).collect();
    let mut whole = blake3::Hasher::new();
    whole.update(&[base::VERSION]);
    for hash in hashes {
        whole.update(hash.as_bytes());
    }
    whole.finalize()
}

/// Of what else decides the bytes and the meaning of a block's texts: which reports they are, and how texts are coded.
fn text_stamps(heads: &[Head], codes: &Codes, dictionary: &[u8]) -> Vec<base::Stamp> {
    let mut coding = blake3::Hasher::new();
    coding.update(&[base::VERSION]).update(dictionary);
    for string in codes.strings() {
        coding.update(string.as_bytes()).update(b"\n");
    }
    let stamp = |block: &[Head]| {
        let mut whole = coding.clone();
        for head in block {
            whole.update(blake3::hash(head.slug.as_bytes()).as_bytes());
        }
        first_bytes(&whole)
    };
    heads.chunks(base::BLOCK).map(stamp).collect()
}

fn first_bytes(hasher: &blake3::Hasher) -> base::Stamp {
    let [a, b, c, d, ..] = *hasher.finalize().as_bytes();
    [a, b, c, d]
}

/// The reports that decide how texts are coded: those with the least hashes of their addresses, in their order.
/// One more report is seldom one of them.
fn sample(heads: &[Head]) -> Vec<usize> {
    let mut hashes: Vec<([u8; 32], usize)> =
        heads.iter().enumerate().map(|(i, head)| (*blake3::hash(head.slug.as_bytes()).as_bytes(), i)).collect();
    hashes.sort_unstable();
    let mut sample: Vec<usize> = hashes.into_iter().take(SAMPLE).map(|(_, i)| i).collect();
    sample.sort_unstable();
    sample
}

fn years(heads: &[Head]) -> Vec<(Option<i32>, u32)> {
    heads.chunk_by(|a, b| a.year == b.year).map(|some| (some[0].year, some.len() as u32)).collect()
}

/// All Traditional characters with their Simplified ones, in pairs.
fn all_simplified() -> String {
    normal::Simplified::all().pairs().flat_map(|(from, to)| [from, to]).collect()
}
