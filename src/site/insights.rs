//! What the site shows of [`crate::insight`] that concerns the whole archive, worked out once.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use crate::archive::{Archive, Report, ReportId, Slug};
use crate::insight::figures::{self, Figure};
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
    /// Those of the newest reports, [`LISTED`] at most.
    pub rows: Vec<(ReportId, Figure)>,
}

/// Units with a list of their own.
const UNITS: usize = 20;
/// Quantities that the pages of one unit list: a reader who goes further is better served by the table.
const LISTED: usize = 1_000;
/// With more quantities, each year has a table of its own: a new report changes one of them, and mail takes them.
const ONE_TABLE: usize = 20_000;

impl Insights {
    pub fn of(archive: &Archive) -> Self {
        let units = units(archive);
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

fn units(archive: &Archive) -> Vec<UnitFigures> {
    let of_reports: Vec<Vec<&'static str>> = archive.reports.par_iter().map(|report| figures::units_of(&report.document)).collect();
    let mut totals: BTreeMap<&'static str, usize> = BTreeMap::new();
    for unit in of_reports.iter().flatten() {
        *totals.entry(group(unit)).or_default() += 1;
    }
    let mut units: Vec<UnitFigures> =
        totals.into_iter().map(|(name, total)| UnitFigures { name: Some(name), slug: slug(name), total, rows: Vec::new() }).collect();
    units.sort_by_key(|unit| (Reverse(unit.total), unit.slug.clone()));
    if units.len() > UNITS + 1 {
        let total = units.split_off(UNITS).iter().map(|unit| unit.total).sum();
        units.push(UnitFigures { name: None, slug: Slug::new("other"), total, rows: Vec::new() });
    }
    list(archive, &of_reports, &mut units);
    units
}

/// Fills the lists, reading only the reports that have a place in one: each once.
fn list(archive: &Archive, of_reports: &[Vec<&'static str>], units: &mut [UnitFigures]) {
    let place: BTreeMap<&'static str, usize> = units.iter().enumerate().filter_map(|(i, unit)| Some((unit.name?, i))).collect();
    let place = |unit: &'static str| place.get(group(unit)).copied().unwrap_or(units.len() - 1);
    let mut taken = vec![0; units.len()];
    // For each report, which of its quantities are listed where.
    let listed: Vec<Vec<(usize, usize)>> = of_reports
        .iter()
        .map(|of_report| {
            let places = of_report.iter().enumerate().map(|(n, unit)| (n, place(unit)));
            places
                .filter(|&(_, unit)| {
                    taken[unit] += 1;
                    taken[unit] <= LISTED
                })
                .collect()
        })
        .collect();
    let rows: Vec<Vec<(usize, Figure)>> = (archive.reports.par_iter().zip(listed))
        .map(|(report, listed)| {
            if listed.is_empty() {
                return Vec::new();
            }
            let mut figures: Vec<Option<Figure>> = figures::figures(&report.document).into_iter().map(Some).collect();
            listed.into_iter().filter_map(|(n, unit)| Some((unit, figures.get_mut(n)?.take()?))).collect()
        })
        .collect();
    for (i, rows) in rows.into_iter().enumerate() {
        for (unit, figure) in rows {
            units[unit].rows.push((ReportId(i as u32), figure));
        }
    }
}

/// People are counted in three words.
fn group(unit: &'static str) -> &'static str {
    match unit {
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
