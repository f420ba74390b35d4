//! How regions and years divide over the themes, and which years a region is missing in.

use std::collections::{BTreeMap, BTreeSet};

use crate::archive::{Archive, RegionReports, ReportId};
use crate::classify::RegionId;

/// A section: its report and its index into [`crate::classify::Labels::sections`].
pub type SectionId = (ReportId, usize);

/// Regions by themes. The rows are the regions at which the archive first branches, each with all below it.
#[derive(Debug, Default)]
pub struct Matrix {
    pub rows: Vec<Row>,
    /// For each theme, its sections in the whole archive, and those that belong to none of the rows.
    pub totals: Vec<usize>,
    pub elsewhere: Vec<usize>,
}

#[derive(Debug)]
pub struct Row {
    pub region: RegionId,
    /// For each theme of the archive the sections about it.
    pub cells: Vec<Vec<SectionId>>,
    /// Sections with a theme. A section of two themes stands in two cells and counts once.
    pub sections: usize,
}

/// Years by themes.
#[derive(Debug, Default)]
pub struct Years {
    /// Oldest first: the year, for each theme its sections, and the sections with a theme.
    pub rows: Vec<(i32, Vec<usize>, usize)>,
}

/// Regions by years: how many reports each row's region has of each year, itself and below.
#[derive(Debug, Default)]
pub struct Coverage {
    /// Oldest first.
    pub years: Vec<i32>,
    pub rows: Vec<(RegionId, Vec<usize>)>,
}

/// The regions that a table of the archive has rows for: the roots, or, while there is only one region on a
/// level and it has no report of its own, those below it.
pub fn branches(archive: &Archive) -> Vec<RegionId> {
    let mut level: Vec<RegionId> = archive.regions.keys().copied().filter(|&id| archive.gazetteer[id].parent.is_none()).collect();
    while let [only] = level[..]
        && let Some(RegionReports { own, children, .. }) = archive.regions.get(&only)
        && own.is_empty()
        && !children.is_empty()
    {
        level.clone_from(children);
    }
    level
}

pub fn regions(archive: &Archive) -> Matrix {
    let rows_of: BTreeMap<RegionId, usize> = branches(archive).into_iter().enumerate().map(|(i, id)| (id, i)).collect();
    let empty = vec![Vec::new(); archive.themes.len()];
    let mut rows: Vec<Row> = rows_of.keys().map(|&region| Row { region, cells: empty.clone(), sections: 0 }).collect();
    // `branches` hands them out in the order of the ids.
    let row_of = row_of(archive, &rows_of);
    let mut elsewhere = vec![0; archive.themes.len()];
    for (theme, of) in archive.themes.iter().enumerate() {
        for &(report, section) in &of.sections {
            match row_of[report.0 as usize] {
                Some(row) => rows[row].cells[theme].push((report, section)),
                None => elsewhere[theme] += 1,
            }
        }
    }
    for (report, row) in archive.reports.iter().zip(&row_of) {
        if let Some(row) = row {
            rows[*row].sections += themed(report);
        }
    }
    Matrix { rows, totals: archive.themes.iter().map(|theme| theme.sections.len()).collect(), elsewhere }
}

pub fn years(archive: &Archive) -> Years {
    let mut rows: BTreeMap<i32, (Vec<usize>, usize)> = BTreeMap::new();
    let year = |id: ReportId| archive[id].labels.year.as_ref().map(|found| found.value);
    for (theme, of) in archive.themes.iter().enumerate() {
        for &(report, _) in &of.sections {
            if let Some(year) = year(report) {
                rows.entry(year).or_insert_with(|| (vec![0; archive.themes.len()], 0)).0[theme] += 1;
            }
        }
    }
    for (id, report) in archive.iter() {
        if let Some(row) = year(id).and_then(|year| rows.get_mut(&year)) {
            row.1 += themed(report);
        }
    }
    Years { rows: rows.into_iter().map(|(year, (cells, sections))| (year, cells, sections)).collect() }
}

pub fn coverage(archive: &Archive) -> Coverage {
    let years: Vec<i32> = archive.years.iter().map(|(year, _)| *year).collect::<BTreeSet<_>>().into_iter().collect();
    let rows_of: BTreeMap<RegionId, usize> = branches(archive).into_iter().enumerate().map(|(i, id)| (id, i)).collect();
    let mut rows: Vec<(RegionId, Vec<usize>)> = rows_of.keys().map(|&id| (id, vec![0; years.len()])).collect();
    let row_of = row_of(archive, &rows_of);
    for (report, row) in archive.reports.iter().zip(row_of) {
        if let (Some(row), Some(year)) = (row, &report.labels.year)
            && let Ok(column) = years.binary_search(&year.value)
        {
            rows[row].1[column] += 1;
        }
    }
    Coverage { years, rows }
}

/// For each report the row that its region belongs to.
fn row_of(archive: &Archive, rows: &BTreeMap<RegionId, usize>) -> Vec<Option<usize>> {
    let row = |region| archive.gazetteer.path(region).iter().find_map(|above| rows.get(above)).copied();
    archive.reports.iter().map(|report| report.labels.placement.region().and_then(row)).collect()
}

fn themed(report: &crate::archive::Report) -> usize {
    report.labels.sections.iter().filter(|section| !section.themes.is_empty()).count()
}
