//! What the site shows of [`crate::insight`] that concerns the whole archive, worked out once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::archive::{Archive, ReportId, Slug};
use crate::insight::figures;
use crate::insight::matrix::{self, Coverage, Years};

pub struct Insights {
    pub years: Years,
    pub coverage: Coverage,
    /// Stated quantities by what they are counted in, the most frequent first.
    pub units: Vec<UnitFigures>,
    /// How many quantities the reports before each one state, with the sum at the end.
    pub figures_before: Vec<usize>,
}

/// The quantities of one unit.
pub struct UnitFigures {
    /// A unit's name; `None` for all those that are too rare for a list of their own.
    pub name: Option<&'static str>,
    pub slug: Slug,
    /// Report and index into its figures.
    pub rows: Vec<(ReportId, u16)>,
}

/// Units with a list of their own.
const UNITS: usize = 20;

impl Insights {
    pub fn of(archive: &Archive) -> Self {
        let (units, figures_before) = units(archive);
        Self { years: matrix::years(archive), coverage: matrix::coverage(archive), units, figures_before }
    }

    pub fn figures(&self) -> usize {
        self.figures_before.last().copied().unwrap_or(0)
    }
}

fn units(archive: &Archive) -> (Vec<UnitFigures>, Vec<usize>) {
    let of_reports: Vec<Vec<&'static str>> = archive.reports.par_iter().map(|report| figures::units_of(&report.document)).collect();
    let mut before = vec![0];
    let mut by_unit: BTreeMap<&'static str, Vec<(ReportId, u16)>> = BTreeMap::new();
    for (i, units) in of_reports.into_iter().enumerate() {
        before.push(before[i] + units.len());
        // A report of more than 65,535 quantities is a table; its rest is in the CSV.
        for (n, unit) in units.into_iter().enumerate().take(usize::from(u16::MAX)) {
            by_unit.entry(group(unit)).or_default().push((ReportId(i as u32), n as u16));
        }
    }
    let mut units: Vec<UnitFigures> =
        by_unit.into_iter().map(|(name, rows)| UnitFigures { name: Some(name), slug: slug(name), rows }).collect();
    units.sort_by_key(|unit| (Reverse(unit.rows.len()), unit.slug.clone()));
    if units.len() > UNITS + 1 {
        let mut rows: Vec<(ReportId, u16)> = units.split_off(UNITS).into_iter().flat_map(|unit| unit.rows).collect();
        rows.sort_unstable();
        units.push(UnitFigures { name: None, slug: Slug::new("other"), rows });
    }
    (units, before)
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
