//! The website as a value: every address and what stands there.
//!
//! `Archive`, `Look`, `Config` ──► [`compose`] ──► [`Site`]
//!
//! A page is rendered when it is asked for, so a site of 100,000 reports never stands in memory as a whole.
//! `publish` writes it to disk and `preview` answers from it; both see the same bytes.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::archive::{Archive, CompilationId, ReportId, Slug};
use crate::classify::RegionId;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::document::Key;
use crate::insight;
use crate::insight::digest::{Digest, Digests};
use crate::insight::figures::Figure;
use crate::look::Look;
use crate::search;
use crate::source::SourcePath;

mod facts;
mod file;
mod insights;
mod marks;
mod media;
mod page;
mod paging;
mod path;
mod plan;
mod render;
mod sections;
mod view;

use facts::Facts;
use insights::Insights;
pub use media::media_type;
pub use page::cite::iso as iso_date;
pub use page::insight::InsightPage;
pub use path::SitePath;
pub use render::{PageKey, Prepared};
pub use sections::SectionsOf;

/// The whole website. Cheap to share between threads.
pub struct Site {
    pub archive: Arc<Archive>,
    pub look: Arc<Look>,
    pub config: Arc<Config>,
    /// Every file of the site but those of the search index, in the order of the addresses.
    pub entries: BTreeMap<SitePath, Entry>,
    index: OnceLock<BTreeMap<SitePath, Arc<[u8]>>>,
    /// What several pages need and no page should work out again.
    digests: Digests,
    facts: Facts,
    insights: Insights,
    /// For each report what stands for all that a list says of it.
    listed: Vec<OnceLock<Key>>,
    /// What the way here left in doubt, for [`Page::Review`].
    doubts: Vec<Diagnostic>,
}

/// What stands at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Rendered when asked for.
    Page(Page),
    /// Known already: an asset.
    Bytes(Arc<[u8]>),
    /// An upload, byte for byte as it lies under `content/`.
    Upload(SourcePath),
}

/// A page and what it is about. Lists go over several pages, which count from 1; indexes are into the
/// archive's lists of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    Home,
    Reports {
        page: usize,
    },
    Report(ReportId),
    /// What changed in a report since the one that it continues.
    Changes(ReportId),
    /// Which passages of a report also stand in others.
    Reuse(ReportId),
    /// Every doubtful decision, for those who keep the archive.
    Review,
    /// Leads to several reports that would share this address.
    Namesakes(Slug),
    Compilations,
    Compilation(CompilationId),
    Regions,
    /// All regions by how their names sound.
    RegionIndex,
    Region {
        region: RegionId,
        page: usize,
    },
    /// Reports without exactly one place.
    Unplaced {
        page: usize,
    },
    Themes,
    /// Sections about a theme.
    Theme {
        theme: usize,
        of: SectionsOf,
        page: usize,
    },
    /// How much each of the outermost regions writes about each theme.
    Matrix,
    Years,
    Year {
        year: usize,
        page: usize,
    },
    /// Reports without a year.
    Undated {
        page: usize,
    },
    Kinds,
    Kind {
        kind: usize,
        page: usize,
    },
    /// What the archive says as a whole.
    Insight(InsightPage),
    /// Two reports or sections beside each other, chosen in the browser.
    Compare,
    Search,
    NotFound,
    Feed,
    /// The only sitemap, or the list of its parts.
    Sitemap,
    /// One of several parts, from 1.
    SitemapPart(usize),
    Robots,
    ArchiveJson,
    ArchiveCsv,
}

/// What an address holds when it is asked for.
pub enum Body {
    Bytes(Arc<[u8]>),
    Upload(SourcePath),
}

/// The address of a report from the site's root, percent-encoded.
pub fn report_address(slug: &Slug) -> String {
    path::report(slug).href()
}

/// Plans every page. Renders none. `doubts` are what the way here said of the reports that are shown; only the page of
/// doubtful decisions tells them. `digests` has one for every report; `memory` is what the last site left.
pub fn compose(
    archive: Arc<Archive>,
    (digests, memory): (Digests, &mut insight::memory::Memory),
    look: Arc<Look>,
    config: Arc<Config>,
    doubts: Vec<Diagnostic>,
) -> Site {
    let facts = Facts::of(&archive, &digests, memory, &config);
    let insights = Insights::of(&archive, &digests);
    let entries = plan::entries(&archive, &look, &config, &facts, &insights);
    let listed = archive.reports.iter().map(|_| OnceLock::new()).collect();
    Site { archive, look, config, entries, index: OnceLock::new(), digests, facts, insights, listed, doubts }
}

impl Site {
    /// The names of a report's blocks, in order.
    pub fn anchors(&self, id: ReportId) -> Vec<String> {
        self.digest(id).anchors.iter().map(ToString::to_string).collect()
    }

    /// The name of one of a report's blocks.
    pub fn anchor(&self, id: ReportId, block: usize) -> Option<String> {
        self.digest(id).anchors.get(block).map(ToString::to_string)
    }

    /// The quantities that a report states.
    fn figures(&self, id: ReportId) -> Vec<Figure> {
        self.digest(id).figures(&self.archive[id].document)
    }

    fn digest(&self, id: ReportId) -> &Digest {
        self.digests.get(&self.archive[id])
    }

    /// The files of the search index. Built when they are first asked for: a reader of a preview may never search.
    pub fn index(&self) -> &BTreeMap<SitePath, Arc<[u8]>> {
        self.index.get_or_init(|| {
            let files = self.build_index(None).files;
            files.into_iter().map(|(name, bytes)| (SitePath::new(format!("search/{name}")), Arc::from(bytes))).collect()
        })
    }

    /// Builds the search index, from the last one where there is one.
    pub fn build_index(&self, last: Option<search::update::Last>) -> search::Built {
        search::index(&self.archive, &|report| self.digests.get(report).characters.clone(), last)
    }

    /// Stands for everything that the search index is made of.
    pub fn index_key(&self) -> search::IndexKey {
        search::key(&self.archive)
    }

    /// Gathers what a page shows.
    pub fn prepare<'a>(&'a self, page: &'a Page, path: &'a SitePath) -> Prepared<'a> {
        render::prepare(self, page, path)
    }

    /// The bytes at an address, `None` where the site has nothing.
    ///
    /// # Errors
    /// A template that fails, with its place in the template.
    pub fn body(&self, path: &SitePath) -> Option<Result<Body, Box<Diagnostic>>> {
        let Some(entry) = self.entries.get(path) else {
            return path
                .as_str()
                .starts_with("search/")
                .then(|| self.index().get(path))
                .flatten()
                .map(|bytes| Ok(Body::Bytes(bytes.clone())));
        };
        Some(match entry {
            Entry::Bytes(bytes) => Ok(Body::Bytes(bytes.clone())),
            Entry::Upload(source) => Ok(Body::Upload(source.clone())),
            Entry::Page(page) => self.prepare(page, path).render().map(|bytes| Body::Bytes(Arc::from(bytes))),
        })
    }
}
