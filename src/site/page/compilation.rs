//! A compilation: its contents, in order, as its own contents list groups them.

use serde::Serialize;

use crate::archive::{CompilationId, CompilationRecord, ReportId};
use crate::site::Site;
use crate::site::path::{self, list_page};
use crate::site::render::Frame;
use crate::site::view::{Item, Link, Tally, with_shares};

#[derive(Debug, Serialize)]
pub struct View {
    title: String,
    total: usize,
    source: Link,
    groups: Vec<Part>,
    /// Titles that the contents list names and the source does not hold.
    missing: Vec<String>,
}

/// Reports under one heading of the contents list.
#[derive(Debug, Serialize)]
struct Part {
    heading: Option<String>,
    /// The number of its first report.
    start: usize,
    items: Vec<Item>,
}

#[derive(Debug, Serialize)]
pub struct IndexView {
    tallies: Vec<Tally>,
}

pub fn index(site: &Site) -> (Frame, IndexView) {
    let compilations = site.archive.compilations.iter();
    let tallies = compilations.map(|one| Tally::new(link(one), one.reports.len())).collect();
    let frame = Frame { title: site.look.locale.text("compilations.title").into(), nav: "compilations", ..Frame::default() };
    (frame, IndexView { tallies: with_shares(tallies) })
}

pub fn view(site: &Site, id: CompilationId) -> (Frame, View) {
    let t = &site.look.locale;
    let record = &site.archive[id];
    let source = &site.archive.sources[record.source];
    let group = |id: &ReportId| site.archive[*id].document.group.as_deref();
    let mut start = 1;
    let groups = record.reports.chunk_by(|a, b| group(a) == group(b)).map(|run| {
        let part = Part { heading: group(&run[0]).map(str::to_owned), start, items: site.items(run) };
        start += run.len();
        part
    });
    let view = View {
        title: record.title.clone(),
        total: record.reports.len(),
        source: site.source_link(source),
        groups: groups.collect(),
        missing: record.compilation.contents.iter().filter(|entry| entry.document.is_none()).map(|entry| entry.title.clone()).collect(),
    };
    let frame = Frame {
        title: record.title.clone(),
        description: format!("{}，{}", record.title, t.count("count.reports", view.total)),
        nav: "compilations",
        crumbs: vec![Link::new(t.text("compilations.title"), list_page("compilations", 1).href())],
        noindex: false,
    };
    (frame, view)
}

pub fn link(record: &CompilationRecord) -> Link {
    Link::new(&record.title, path::compilation(&record.slug).href())
}
