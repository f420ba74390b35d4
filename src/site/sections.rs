//! The lists of sections that a theme's pages show: all of them, one region's, one level's.

use std::collections::BTreeMap;

use crate::archive::{Archive, ReportId};
use crate::classify::{Level, RegionId};
use crate::insight::matrix::{Matrix, SectionId};
use crate::site::paging::Pages;
use crate::site::path::{region_folder, theme_folder};
use crate::site::view::level_key;

/// Which of the sections about a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SectionsOf {
    All,
    /// One of the regions at which the archive first branches, with all below it.
    Region(RegionId),
    /// From reports that speak for a region of this level.
    Level(Level),
}

impl SectionsOf {
    /// Where the list lies, below the site's root.
    pub(super) fn folder(self, archive: &Archive, theme: usize) -> String {
        let theme = theme_folder(&archive.themes[theme].slug);
        match self {
            Self::All => theme,
            Self::Region(region) => format!("{theme}/{}", region_folder(&archive.gazetteer[region].code)),
            Self::Level(level) => format!("{theme}/levels/{}", level_key(level)),
        }
    }
}

/// Sections in the archive's order, newest first, and what a page of them says about the whole list.
#[derive(Debug)]
pub struct SectionList {
    pub sections: Vec<SectionId>,
    /// In how many reports they stand.
    pub reports: usize,
    /// Each year with the place of its first section; `None` for those without a year.
    pub years: Vec<(Option<i32>, usize)>,
    pub pages: Pages,
}

/// With `size` sections on a page.
pub fn lists(archive: &Archive, matrix: &Matrix, size: usize) -> BTreeMap<(usize, SectionsOf), SectionList> {
    let mut lists = BTreeMap::new();
    for (theme, of) in archive.themes.iter().enumerate() {
        let mut levels: BTreeMap<Level, Vec<SectionId>> = BTreeMap::new();
        for &section in &of.sections {
            if let Some(level) = &archive[section.0].labels.level {
                levels.entry(level.value).or_default().push(section);
            }
        }
        lists.insert((theme, SectionsOf::All), list(archive, of.sections.clone(), size));
        for row in matrix.rows.iter().filter(|row| !row.cells[theme].is_empty()) {
            lists.insert((theme, SectionsOf::Region(row.region)), list(archive, row.cells[theme].clone(), size));
        }
        // One level alone would be the whole list again.
        for (level, sections) in levels.into_iter().filter(|(_, sections)| sections.len() < of.sections.len()) {
            lists.insert((theme, SectionsOf::Level(level)), list(archive, sections, size));
        }
    }
    lists
}

fn list(archive: &Archive, sections: Vec<SectionId>, size: usize) -> SectionList {
    let year = |id: ReportId| archive[id].labels.year.as_ref().map(|found| found.value);
    let mut years: Vec<(Option<i32>, usize)> = Vec::new();
    for (at, &(report, _)) in sections.iter().enumerate() {
        if years.last().is_none_or(|&(last, _)| last != year(report)) {
            years.push((year(report), at));
        }
    }
    let pages = Pages::by_year(sections.iter().map(|&(report, _)| year(report)), size);
    SectionList { reports: sections.chunk_by(|a, b| a.0 == b.0).count(), years, pages, sections }
}
