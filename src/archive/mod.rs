//! All reports of the archive, in order, with their addresses and everything they are listed under.
//!
//! `Vec<Understood>` ──► [`assemble`] ──► [`Archive`]
//!
//! Promise: every document of every source is exactly one [`Report`]; no two have one address.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::classify::{Gazetteer, Labels, RegionId};
use crate::document::{Compilation, Document, Reading};
use crate::privacy::Finding;
use crate::source::{Encoding, Format, Source, SourcePath};

mod assemble;
mod key;
mod slug;

pub use assemble::assemble;
pub use key::Keys;
pub use slug::Slug;

/// One source after reading and classifying: all that the rest of the pipeline needs of it.
/// Depends on the file's bytes, its path and the configuration alone.
#[derive(Debug, Clone)]
pub struct Understood {
    pub source: SourceRecord,
    pub reading: Reading,
    /// One for each document of the reading.
    pub labels: Vec<Arc<Labels>>,
    /// One for each document.
    pub keys: Vec<Keys>,
    /// What should be looked at before it is published.
    pub findings: Vec<Finding>,
}

impl Understood {
    /// `labels` has one entry for each document of `reading`.
    pub fn new(source: SourceRecord, reading: Reading, labels: Vec<Labels>, findings: Vec<Finding>) -> Self {
        let labels = labels.into_iter().map(Arc::new).collect();
        let mut understood = Self { source, reading, labels, keys: Vec::new(), findings };
        understood.rekey();
        understood
    }

    /// Puts the keys right after documents have been taken out or changed.
    pub fn rekey(&mut self) {
        let documents = self.reading.documents.iter().zip(&self.labels);
        self.keys = documents.map(|(document, labels)| Keys::of(&self.source, document, labels)).collect();
    }
}

/// What is remembered of an upload once its text has been read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRecord {
    pub path: SourcePath,
    pub format: Format,
    pub size: u64,
    pub sha256: String,
    pub encoding: Encoding,
    pub decided_by: String,
    /// It may not be offered for download: a part of it is held back.
    pub withheld: bool,
    /// Uploads with the same bytes, which give no reports of their own.
    pub copies: Vec<SourcePath>,
}

impl SourceRecord {
    pub fn of(source: &Source) -> Self {
        Self {
            path: source.path.clone(),
            format: source.format,
            size: source.size,
            sha256: source.sha256.clone(),
            encoding: source.encoding,
            decided_by: source.decided_by.clone(),
            withheld: false,
            copies: Vec::new(),
        }
    }
}

/// Index into [`Archive::reports`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReportId(pub u32);

/// Index into [`Archive::compilations`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CompilationId(pub u32);

/// The archive: what the site is about.
#[derive(Debug, Clone)]
pub struct Archive {
    /// Newest first: by year, then date, both falling, then region code, title and address. Undated ones last.
    pub reports: Vec<Report>,
    /// In the order of their paths.
    pub sources: Vec<SourceRecord>,
    pub compilations: Vec<CompilationRecord>,
    pub gazetteer: Gazetteer,
    /// Every region that has a report itself or below it, with its reports: itself first, then those below.
    pub regions: BTreeMap<RegionId, RegionReports>,
    /// For each theme of the configuration, in its order; also those without a report.
    pub themes: Vec<ThemeReports>,
    /// Newest first.
    pub years: Vec<(i32, Vec<ReportId>)>,
    /// For each kind of the configuration, in its order; also those without a report.
    pub kinds: Vec<KindReports>,
    /// Several sources that share a file name: their reports' addresses hold the folders too, and the bare
    /// address leads to all of them.
    pub namesakes: BTreeMap<Slug, Vec<ReportId>>,
}

/// One report.
#[derive(Debug, Clone)]
pub struct Report {
    pub slug: Slug,
    /// Index into [`Archive::sources`].
    pub source: usize,
    pub compilation: Option<CompilationId>,
    pub document: Arc<Document>,
    pub labels: Arc<Labels>,
    pub keys: Keys,
}

#[derive(Debug, Clone)]
pub struct CompilationRecord {
    pub slug: Slug,
    pub title: String,
    /// Index into [`Archive::sources`].
    pub source: usize,
    pub compilation: Compilation,
    /// In source order; [`crate::document::ContentsEntry::document`] counts in this list.
    pub reports: Vec<ReportId>,
}

#[derive(Debug, Clone, Default)]
pub struct RegionReports {
    /// Those that speak for the region itself.
    pub own: Vec<ReportId>,
    /// Those that speak for a region anywhere below it.
    pub below: Vec<ReportId>,
    /// The regions directly below it that have reports.
    pub children: Vec<RegionId>,
}

#[derive(Debug, Clone)]
pub struct ThemeReports {
    pub name: String,
    pub slug: Slug,
    pub reports: Vec<ReportId>,
    /// The sections about it: report and index into [`Labels::sections`].
    pub sections: Vec<(ReportId, usize)>,
}

#[derive(Debug, Clone)]
pub struct KindReports {
    pub name: String,
    pub slug: Slug,
    pub reports: Vec<ReportId>,
}

impl std::ops::Index<ReportId> for Archive {
    type Output = Report;

    fn index(&self, id: ReportId) -> &Report {
        &self.reports[id.0 as usize]
    }
}

impl std::ops::Index<CompilationId> for Archive {
    type Output = CompilationRecord;

    fn index(&self, id: CompilationId) -> &CompilationRecord {
        &self.compilations[id.0 as usize]
    }
}

impl Archive {
    /// All reports with their ids, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (ReportId, &Report)> + ExactSizeIterator {
        self.reports.iter().enumerate().map(|(i, report)| (ReportId(i as u32), report))
    }
}
