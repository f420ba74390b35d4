//! What the site shows of [`crate::insight`] that concerns the whole archive, worked out once.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::archive::{Archive, Report, ReportId, Slug};
use crate::insight::digest::Digests;
use crate::insight::figures;
use crate::insight::matrix::{self, Coverage, Years};

pub struct Insights {
    pub years: Years,
    pub coverage: Coverage,
    /// Stated quantities by what they are counted in, the most frequent first.
    pub units: Vec<UnitFigures>,
    /// How many quantities the reports state.
    pub figures: usize,
    /// The tables of all quantities.
    pub tables: Vec<Table>,
}

/// The quantities of some reports, as a file for spreadsheets.
pub struct Table {
    pub of: TableOf,
    /// Places in the archive's order.
    pub reports: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableOf {
    All,
    /// `None`: of the reports without a year.
    Year(Option<i32>),
}

/// The quantities of one unit.
pub struct UnitFigures {
    /// A unit's name; `None` for all those that are too rare for a list of their own.
    pub name: Option<&'static str>,
    pub slug: Slug,
    /// How many reports state in all.
    pub total: usize,
    /// Those of the newest reports, [`LISTED`] at most: which of the report's [`crate::insight::digest::Digest::figures`].
    pub rows: Vec<(ReportId, u32)>,
}

/// Units with a list of their own.
const UNITS: usize = 20;
/// Quantities that the pages of one unit list: a reader who goes further is better served by the table.
const LISTED: usize = 1_000;
/// With more quantities, each year has a table of its own: a new report changes one of them, and mail takes them.
const ONE_TABLE: usize = 20_000;

impl Insights {
    pub fn of(archive: &Archive, digests: &Digests) -> Self {
        let units = units(archive, digests);
        let figures = units.iter().map(|unit| unit.total).sum();
        Self { years: matrix::years(archive), coverage: matrix::coverage(archive), units, figures, tables: tables(archive, figures) }
    }
}

fn tables(archive: &Archive, figures: usize) -> Vec<Table> {
    if figures <= ONE_TABLE {
        return vec![Table { of: TableOf::All, reports: 0..archive.reports.len() }];
    }
    let year = |report: &Report| report.labels.year.as_ref().map(|found| found.value);
    let mut end = 0;
    let years = archive.reports.chunk_by(|a, b| year(a) == year(b));
    years
        .map(|reports| {
            end += reports.len();
            Table { of: TableOf::Year(year(&reports[0])), reports: end - reports.len()..end }
        })
        .collect()
}

fn units(archive: &Archive, digests: &Digests) -> Vec<UnitFigures> {
    let of_reports: Vec<&[u8]> = archive.reports.iter().map(|report| digests.get(report).units.as_slice()).collect();
    let mut counts = [0; 1 << u8::BITS];
    of_reports.iter().copied().flatten().for_each(|&unit| counts[usize::from(unit)] += 1);
    let mut totals: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (number, count) in (0..=u8::MAX).zip(counts).filter(|(_, count)| *count > 0) {
        *totals.entry(group(number)).or_default() += count;
    }
    let mut units: Vec<UnitFigures> =
        totals.into_iter().map(|(name, total)| UnitFigures { name: Some(name), slug: slug(name), total, rows: Vec::new() }).collect();
    units.sort_by_key(|unit| (Reverse(unit.total), unit.slug.clone()));
    if units.len() > UNITS + 1 {
        let total = units.split_off(UNITS).iter().map(|unit| unit.total).sum();
        units.push(UnitFigures { name: None, slug: Slug::new("other"), total, rows: Vec::new() });
    }
    list(&of_reports, &mut units);
    units
}

/// Fills the lists.
fn list(of_reports: &[&[u8]], units: &mut [UnitFigures]) {
    let named: BTreeMap<&'static str, usize> = units.iter().enumerate().filter_map(|(i, unit)| Some((unit.name?, i))).collect();
    let last = units.len().saturating_sub(1);
    let places: Vec<usize> = (0..=u8::MAX).map(|unit| named.get(group(unit)).copied().unwrap_or(last)).collect();
    for (report, of_report) in (0..).zip(of_reports) {
        for (n, unit) in (0..).zip(*of_report) {
            let rows = &mut units[places[usize::from(*unit)]].rows;
            if rows.len() < LISTED {
                rows.push((ReportId(report), n));
            }
        }
    }
}

/// People are counted in three words.
fn group(unit: u8) -> &'static str {
    match figures::unit_name(unit).unwrap_or_default() {
        "名" | "位" => "人",
        "百分点" => "个百分点",
        unit => unit,
    }
}

fn slug(unit: &str) -> Slug {
    Slug::new(match unit {
        "%" => "percent",
        "‰" => "permille",
        unit => unit,
    })
}
