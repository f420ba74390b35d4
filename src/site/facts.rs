//! What several pages need of the archive, worked out once.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::archive::{Archive, ReportId};
use crate::classify::{Date, Placement, RegionId};
use crate::config::Config;
use crate::insight::digest::Digests;
use crate::insight::matrix::{self, Matrix};
use crate::insight::memory::Memory;
use crate::insight::phrases::{Phrase, phrases};
use crate::insight::reuse::{self, Reuse};
use crate::insight::series;
use crate::insight::similar::Likeness;
use crate::site::paging::Pages;
use crate::site::sections::{self, SectionList, SectionsOf};

/// Beside the archive: places in lists, totals, lists that the archive has no need of.
pub struct Facts {
    /// Where each report stands in its compilation; 0 for those in none.
    pub positions: Vec<u32>,
    /// Index into [`Archive::themes`] by name.
    pub themes: BTreeMap<String, usize>,
    /// Index into [`Archive::kinds`] by name.
    pub kinds: BTreeMap<String, usize>,
    /// The archive's regions against its themes.
    pub matrix: Matrix,
    /// What each list of a theme's sections holds; those of regions and levels only where they hold any.
    pub sections: BTreeMap<(usize, SectionsOf), SectionList>,
    /// Where the lists of reports are cut into pages: of all, of each kind, of each region.
    pub report_pages: Pages,
    pub kind_pages: Vec<Pages>,
    pub region_pages: BTreeMap<RegionId, Pages>,
    /// Which reports are most like each other.
    pub likeness: Likeness,
    /// For each report what it shares with others; empty where the configuration does not ask for it.
    pub reuse: Arc<Vec<Reuse>>,
    /// Set phrases, watched and found.
    pub phrases: Vec<Phrase>,
    /// For each report that continues an earlier one, that one.
    pub continues: BTreeMap<ReportId, ReportId>,
    /// Each division that is no more, with the one that took its place, where either has reports: both have a page.
    pub retired: BTreeMap<RegionId, RegionId>,
    /// The outermost regions that have reports, in the order of their codes.
    pub roots: Vec<RegionId>,
    /// Reports whose place the source blanks, those with several possible places, those with none.
    pub masked: Vec<ReportId>,
    pub ambiguous: Vec<ReportId>,
    pub unplaced: Vec<ReportId>,
    /// Reports without a year.
    pub undated: Vec<ReportId>,
    /// Sections that are about any theme.
    pub themed_sections: usize,
    /// Characters of text in all reports.
    pub characters: usize,
    /// The latest date that any report has.
    pub latest: Option<Date>,
}

impl Facts {
    pub fn of(archive: &Archive, digests: &Digests, memory: &mut Memory, config: &Config) -> Self {
        // Parts of each keep one core busy alone.
        let Memory { phrases: of_phrases, reuse: of_reuse, words: of_words } = memory;
        let ((likeness, phrases), reuse) = rayon::join(
            || rayon::join(|| Likeness::of(archive, digests, of_words), || phrases(archive, digests, &config.phrases, of_phrases)),
            || match config.reuse {
                true => reuse::reuse(archive, digests, of_reuse),
                false => {
                    *of_reuse = reuse::Memory::default();
                    Arc::default()
                }
            },
        );
        let mut positions = vec![0; archive.reports.len()];
        for compilation in &archive.compilations {
            for (position, report) in compilation.reports.iter().enumerate() {
                positions[report.0 as usize] = position as u32;
            }
        }
        let mut roots: Vec<RegionId> =
            archive.regions.keys().copied().filter(|&region| archive.gazetteer[region].parent.is_none()).collect();
        roots.sort_by(|&a, &b| archive.gazetteer[a].code.cmp(&archive.gazetteer[b].code));
        let matrix = matrix::regions(archive);
        let year = |id: &ReportId| archive[*id].labels.year.as_ref().map(|found| found.value);
        let pages = |ids: &mut dyn Iterator<Item = &ReportId>| Pages::by_year(ids.map(year), config.page_size);
        let mut facts = Self {
            positions,
            themes: archive.themes.iter().enumerate().map(|(i, theme)| (theme.name.clone(), i)).collect(),
            kinds: archive.kinds.iter().enumerate().map(|(i, kind)| (kind.name.clone(), i)).collect(),
            sections: sections::lists(archive, &matrix, config.page_size),
            report_pages: pages(&mut archive.iter().map(|(id, _)| id).collect::<Vec<_>>().iter()),
            kind_pages: archive.kinds.iter().map(|kind| pages(&mut kind.reports.iter())).collect(),
            region_pages: archive.regions.iter().map(|(&id, of)| (id, pages(&mut of.own.iter().chain(&of.below)))).collect(),
            matrix,
            likeness,
            phrases,
            reuse,
            continues: series::series(archive),
            retired: retired(archive),
            roots,
            masked: Vec::new(),
            ambiguous: Vec::new(),
            unplaced: Vec::new(),
            undated: Vec::new(),
            themed_sections: 0,
            characters: 0,
            latest: None,
        };
        for (id, report) in archive.iter() {
            match report.labels.placement {
                Placement::Masked(..) => facts.masked.push(id),
                Placement::Ambiguous(..) => facts.ambiguous.push(id),
                Placement::Unplaced => facts.unplaced.push(id),
                Placement::Stated(..) | Placement::Inferred(..) => {}
            }
            if report.labels.year.is_none() {
                facts.undated.push(id);
            }
            facts.themed_sections += report.labels.sections.iter().filter(|section| !section.themes.is_empty()).count();
            facts.latest = facts.latest.max(report.labels.date.as_ref().map(|found| found.value));
            facts.characters += digests.get(report).length as usize;
        }
        facts
    }

    pub fn has_reuse(&self, id: ReportId) -> bool {
        self.reuse.get(id.0 as usize).is_some_and(|reuse| !reuse.passages.is_empty())
    }

    /// All reports without exactly one place: masked, then ambiguous, then unplaced.
    pub fn without_place(&self) -> impl Iterator<Item = ReportId> {
        self.masked.iter().chain(&self.ambiguous).chain(&self.unplaced).copied()
    }

    pub fn without_place_count(&self) -> usize {
        self.masked.len() + self.ambiguous.len() + self.unplaced.len()
    }
}

fn retired(archive: &Archive) -> BTreeMap<RegionId, RegionId> {
    let known = |region| archive.regions.contains_key(&region);
    let pairs = archive.gazetteer.iter().filter_map(|(old, region)| Some((old, region.successor?)));
    pairs.filter(|&(old, new)| known(old) || known(new)).collect()
}
