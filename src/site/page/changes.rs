//! Two years of one region side by side: what is the same, what changed, what is gone and what is new.

use serde::Serialize;

use crate::archive::ReportId;
use crate::insight::compare::{Change, Run, compare};
use crate::look::escape::push_html;
use crate::site::Site;
use crate::site::page::report;
use crate::site::render::Frame;
use crate::site::view::Link;

#[derive(Debug, Serialize)]
pub struct View {
    old: Side,
    new: Side,
    sections: Vec<Section>,
}

#[derive(Debug, Serialize)]
struct Side {
    link: Link,
    year: Option<String>,
}

/// Two sections that answer each other; one of them may be missing.
#[derive(Debug, Serialize)]
struct Section {
    old: Option<String>,
    new: Option<String>,
    rows: Vec<Row>,
}

/// Sentences that stand next to each other.
#[derive(Debug, Serialize)]
struct Row {
    /// `same`, `changed`, `gone`, `new`.
    kind: &'static str,
    /// HTML: what differs is marked.
    old: String,
    new: String,
}

pub fn view(site: &Site, id: ReportId) -> (Frame, View) {
    let later = &site.archive[id];
    let earlier_id = earlier(site, id);
    let earlier = &site.archive[earlier_id];
    let heading = |report: &crate::archive::Report, section: Option<usize>| {
        section.and_then(|section| report.labels.sections.get(section)).map(|section| section.heading.clone().unwrap_or_default())
    };
    let sections = compare(earlier, later).into_iter().map(|pair| Section {
        old: heading(earlier, pair.old),
        new: heading(later, pair.new),
        rows: rows(pair.sentences),
    });
    let t = &site.look.locale;
    let side = |id: ReportId| Side { link: site.report_link(id), year: site.item(id).year };
    let view = View { old: side(earlier_id), new: side(id), sections: sections.collect() };
    let title = t.fill("changes.title", &[("title", &later.document.title.text)]);
    let mut crumbs = report::crumbs(site, later);
    crumbs.push(site.report_link(id));
    (Frame { title, nav: "reports", crumbs, noindex: true, ..Frame::default() }, view)
}

/// All that decides what the page shows.
pub fn depends(site: &Site, id: ReportId) -> impl Serialize {
    (site.shown_of(id), site.shown_of(earlier(site, id)), report::crumbs(site, &site.archive[id]))
}

/// The report that this one continues.
fn earlier(site: &Site, id: ReportId) -> ReportId {
    site.facts.continues.get(&id).copied().unwrap_or(id)
}

/// What stays the same is joined, so that the changes stand out.
fn rows(changes: Vec<Change>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for change in changes {
        let (kind, old, new) = match change {
            Change::Same(text) => ("same", plain(&text), String::new()),
            Change::Changed { old, new } => ("changed", marked(&old, "del"), marked(&new, "ins")),
            Change::Gone(text) => ("gone", plain(&text), String::new()),
            Change::New(text) => ("new", String::new(), plain(&text)),
        };
        match rows.last_mut() {
            Some(last) if last.kind == kind && kind != "changed" => {
                last.old.push_str(&old);
                last.new.push_str(&new);
            }
            _ => rows.push(Row { kind, old, new }),
        }
    }
    rows
}

fn plain(text: &str) -> String {
    let mut out = String::new();
    push_html(text, &mut out);
    out
}

fn marked(runs: &[Run], element: &str) -> String {
    let mut out = String::new();
    for run in runs {
        if run.differs {
            out.push_str(&format!("<{element}>"));
        }
        push_html(&run.text, &mut out);
        if run.differs {
            out.push_str(&format!("</{element}>"));
        }
    }
    out
}
