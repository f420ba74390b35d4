//! The search index: every substring, exactly. `docs/search-format.md` describes the files.
//!
//! `Archive` ──► [`index`] ──► files below `/search/` ──► [`reader`], or the browser
//!                 ▲                    │
//!                 └────── update ◄─────┘ and what the last build remembers
//!
//! Promise: for every query, the reader and the browser name exactly the reports that hold it, as a look through
//! all texts would, in the one normal form of [`normal`].

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::archive::{Archive, Report};
use crate::document::Key;

pub mod alphabet;
pub mod answer;
pub mod base;
pub mod bits;
mod build;
pub mod codes;
pub mod contents;
pub mod corpus;
pub mod exceptions;
pub mod facet;
pub mod file;
pub mod grams;
pub mod key;
pub mod normal;
pub mod numeral;
pub mod packed;
pub mod query;
pub mod reader;
pub mod shard;
pub mod suffix;
pub mod text;
pub mod update;
pub mod words;

use alphabet::Characters;
pub use build::Built;
use corpus::Text;
use facet::Facets;
use file::File;
use update::Last;

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

/// The index of an archive. `characters` are those of a report's title and blocks. Deterministic: the last one makes it quicker, not different.
pub fn index<'a>(archive: &'a Archive, characters: &(dyn Fn(&'a Report) -> Characters + Sync), last: Option<Last>) -> Built {
    rebuild(&material(archive, characters), last)
}

/// The files of the index of any texts, by their path below `/search/`.
pub fn build(material: &Material) -> BTreeMap<String, Vec<u8>> {
    rebuild(material, None).files
}

/// The index of any texts, from the last one where there is one.
pub fn rebuild(material: &Material, last: Option<Last>) -> Built {
    build::build(material, last)
}

/// Stands for everything that an index is made of: archives with the same key have the same index, byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexKey {
    texts: [u8; 32],
    facets: [u8; 32],
}

/// The key of an archive's [`index`], which is not built for it.
pub fn key(archive: &Archive) -> IndexKey {
    let stored: Vec<Key> = archive.reports.par_iter().map(|report| text::key(&head_of(archive, report), report.keys.text)).collect();
    let facets = blake3::hash(&Facets::of(archive).write(archive.reports.len() as u32));
    IndexKey { texts: build::whole(stored.iter().rev()), facets: *facets.as_bytes() }
}

fn material<'a>(archive: &'a Archive, characters: &(dyn Fn(&'a Report) -> Characters + Sync)) -> Material<'a> {
    let text = |report: &'a Report| Text::of(&report.document, report.keys.text, characters(report));
    Material {
        texts: archive.reports.par_iter().rev().map(text).collect(),
        heads: archive.reports.iter().rev().map(|report| head_of(archive, report)).collect(),
        facets: Facets::of(archive),
    }
}

/// The file of set phrases, with its path below `/search/`: what the archive is known to repeat, to be suggested.
pub fn phrases<'a>(phrases: impl Iterator<Item = &'a str>) -> (String, Vec<u8>) {
    let lines: Vec<&str> = phrases.collect();
    (File::Phrases.path(), File::Phrases.wrap(&text::deflate(lines.join("\n").as_bytes(), &[])))
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
