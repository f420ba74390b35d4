//! Every doubtful decision with its evidence, and the line of CSV that would settle it: for those who keep the archive.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::archive::{Report, ReportId};
use crate::classify::corrections;
use crate::classify::{Evidence, EvidenceFrom, Gazetteer, Placement, RegionId};
use crate::diagnostic::Diagnostic;
use crate::document::TitleOrigin;
use crate::insight::duplicates::twins;
use crate::privacy::releases;
use crate::site::Site;
use crate::site::page::provenance;
use crate::site::render::Frame;
use crate::site::view::Link;

/// Doubts of one sort that are listed.
const LISTED: usize = 300;
/// Candidates that are offered for an ambiguous place.
const OFFERED: usize = 8;
/// Stands in a row for what only a person can know.
const OPEN: &str = "?";
/// Sorts that come from the labels of a report; they say all that the messages of a build with these codes say.
const SAID: [&str; 2] = ["ambiguous-place", "unplaced"];

#[derive(Debug, Serialize)]
pub struct View {
    groups: Vec<Group>,
}

/// Doubts of one sort.
#[derive(Debug, Serialize)]
struct Group {
    name: &'static str,
    title: String,
    note: Option<String>,
    count: usize,
    doubts: Vec<Doubt>,
    /// How many more there are.
    more: usize,
    /// The first line of the table that the rows go into, and its name.
    header: Option<String>,
    file: &'static str,
}

#[derive(Debug, Default, Serialize)]
struct Doubt {
    report: Option<Link>,
    /// `content/a.txt:12`
    place: String,
    /// What it is filed as.
    decided: Option<String>,
    evidence: Vec<String>,
    rows: Vec<String>,
}

pub fn view(site: &Site) -> (Frame, View) {
    let groups = [
        ("ambiguous", ambiguous as fn(&Site, &Report) -> Option<Doubt>),
        ("unplaced", unplaced),
        ("masked", masked),
        ("inferred", inferred),
        ("no_year", no_year),
        ("weak_year", weak_year),
        ("no_kind", no_kind),
        ("weak_kind", weak_kind),
        ("untitled", untitled),
        ("no_theme", no_theme),
    ];
    let mut groups: Vec<Group> = groups.into_iter().map(|(name, find)| group(site, name, labelled(site, find))).collect();
    groups.push(group(site, "encoding", encodings(site)));
    groups.push(group(site, "twins", near(site)));
    for code in ["personal-data", "secrecy", "rest"] {
        groups.push(group(site, code, told(site, code)));
    }
    groups.retain(|group| group.count > 0);
    let title = site.look.locale.text("review.title").to_owned();
    (Frame { title, nav: "", noindex: true, ..Frame::default() }, View { groups })
}

fn group(site: &Site, name: &'static str, mut doubts: Vec<Doubt>) -> Group {
    let t = &site.look.locale;
    let count = doubts.len();
    doubts.truncate(LISTED);
    let is_release = matches!(name, "personal-data" | "secrecy");
    let header = doubts.iter().any(|doubt| !doubt.rows.is_empty()).then(|| match is_release {
        true => releases::HEADER.to_owned(),
        false => corrections::header(),
    });
    Group {
        name,
        title: t.text(&format!("review.{name}")).to_owned(),
        note: t.get(&format!("review.{name}_note")).map(str::to_owned),
        count,
        more: count - doubts.len(),
        doubts,
        header,
        file: if is_release { releases::FILE } else { corrections::FILE },
    }
}

/// In the order of the archive.
fn labelled(site: &Site, find: fn(&Site, &Report) -> Option<Doubt>) -> Vec<Doubt> {
    let found = site.archive.iter().filter_map(|(id, report)| Some((id, find(site, report)?)));
    found.map(|(id, doubt)| Doubt { report: Some(site.report_link(id)), place: place(site, id), ..doubt }).collect()
}

fn place(site: &Site, id: ReportId) -> String {
    let report = &site.archive[id];
    format!("{}:{}", site.archive.sources[report.source].path, report.document.lines.start)
}

fn row(site: &Site, report: &Report, column: &str, value: &str) -> String {
    let part = if report.compilation.is_some() { report.document.title.text.as_str() } else { "" };
    corrections::row(&site.archive.sources[report.source].path, part, column, value)
}

fn said(site: &Site, evidence: &Evidence) -> String {
    let t = &site.look.locale;
    let key = format!("evidence.{}", provenance::from_key(evidence.from));
    let from = t.text(&key);
    match evidence.line {
        Some(line) => t.fill("review.from_line", &[("from", from), ("line", &line.to_string()), ("quote", &evidence.quote)]),
        None => t.fill("review.from", &[("from", from), ("quote", &evidence.quote)]),
    }
}

fn whole(gazetteer: &Gazetteer, region: RegionId) -> String {
    gazetteer.path(region).into_iter().map(|id| gazetteer[id].name.as_str()).collect::<Vec<_>>().join("/")
}

fn ambiguous(site: &Site, report: &Report) -> Option<Doubt> {
    let Placement::Ambiguous(regions, evidence) = &report.labels.placement else { return None };
    let rows = regions.iter().take(OFFERED).map(|&region| row(site, report, "region", &whole(&site.archive.gazetteer, region)));
    Some(Doubt { evidence: vec![said(site, evidence)], rows: rows.collect(), ..Doubt::default() })
}

fn unplaced(site: &Site, report: &Report) -> Option<Doubt> {
    let open = matches!(report.labels.placement, Placement::Unplaced);
    open.then(|| Doubt { rows: vec![row(site, report, "region", OPEN)], ..Doubt::default() })
}

fn masked(site: &Site, report: &Report) -> Option<Doubt> {
    let Placement::Masked(name, evidence) = &report.labels.placement else { return None };
    let rows = vec![row(site, report, "region", OPEN)];
    Some(Doubt { decided: Some(name.clone()), evidence: vec![said(site, evidence)], rows, ..Doubt::default() })
}

fn inferred(site: &Site, report: &Report) -> Option<Doubt> {
    let Placement::Inferred(region, evidence) = &report.labels.placement else { return None };
    let name = whole(&site.archive.gazetteer, *region);
    let rows = vec![row(site, report, "region", &name)];
    Some(Doubt { decided: Some(name), evidence: vec![said(site, evidence)], rows, ..Doubt::default() })
}

fn no_year(site: &Site, report: &Report) -> Option<Doubt> {
    report.labels.year.is_none().then(|| Doubt { rows: vec![row(site, report, "year", OPEN)], ..Doubt::default() })
}

/// What neither the report's head nor a person says.
fn is_weak(evidence: &Evidence) -> bool {
    matches!(evidence.from, EvidenceFrom::Body | EvidenceFrom::Heading | EvidenceFrom::Path)
}

fn weak_year(site: &Site, report: &Report) -> Option<Doubt> {
    let found = report.labels.year.as_ref().filter(|found| is_weak(&found.evidence))?;
    let rows = vec![row(site, report, "year", &found.value.to_string())];
    Some(Doubt { decided: Some(site.year_name(found.value)), evidence: vec![said(site, &found.evidence)], rows, ..Doubt::default() })
}

fn no_kind(site: &Site, report: &Report) -> Option<Doubt> {
    report.labels.kind.is_none().then(|| Doubt { rows: vec![row(site, report, "kind", OPEN)], ..Doubt::default() })
}

fn weak_kind(site: &Site, report: &Report) -> Option<Doubt> {
    let found = report.labels.kind.as_ref().filter(|found| is_weak(&found.evidence))?;
    let rows = vec![row(site, report, "kind", &found.value)];
    Some(Doubt { decided: Some(found.value.clone()), evidence: vec![said(site, &found.evidence)], rows, ..Doubt::default() })
}

fn untitled(site: &Site, report: &Report) -> Option<Doubt> {
    let name = &report.document.title;
    let lent = name.from == TitleOrigin::FileName;
    lent.then(|| Doubt { decided: Some(name.text.clone()), rows: vec![row(site, report, "title", &name.text)], ..Doubt::default() })
}

fn no_theme(site: &Site, report: &Report) -> Option<Doubt> {
    let other = site.config.themes.last().map(|theme| &theme.name);
    let fits = report.labels.themes.iter().any(|theme| Some(theme) != other);
    (!fits && other.is_some()).then(|| Doubt { rows: vec![row(site, report, "themes", OPEN)], ..Doubt::default() })
}

/// Of each source once, with its first report.
fn encodings(site: &Site) -> Vec<Doubt> {
    let mut first: BTreeMap<usize, ReportId> = BTreeMap::new();
    for (id, report) in site.archive.iter().filter(|(_, report)| site.archive.sources[report.source].decided_by.contains('%')) {
        let known = first.entry(report.source).or_insert(id);
        if report.document.lines.start < site.archive[*known].document.lines.start {
            *known = id;
        }
    }
    let doubt = |(source, id): (usize, ReportId)| {
        let source = &site.archive.sources[source];
        Doubt {
            report: Some(site.report_link(id)),
            place: source.path.to_string(),
            decided: Some(source.encoding.name().to_owned()),
            evidence: vec![provenance::decided_by(site, &source.decided_by)],
            ..Doubt::default()
        }
    };
    first.into_iter().map(doubt).collect()
}

fn near(site: &Site) -> Vec<Doubt> {
    let t = &site.look.locale;
    let doubt = |pair: crate::insight::duplicates::Twins| {
        let first = &site.archive[pair.first].document.title.text;
        let share = format!("{:.0}", (pair.likeness * 100.0).floor());
        let evidence = t.fill("review.twins_evidence", &[("n", &share), ("title", first), ("place", &place(site, pair.first))]);
        Doubt { report: Some(site.report_link(pair.second)), place: place(site, pair.second), evidence: vec![evidence], ..Doubt::default() }
    };
    twins(&site.archive).into_iter().map(doubt).collect()
}

/// What the way here said, in its own words.
fn told(site: &Site, sort: &str) -> Vec<Doubt> {
    let is_of_sort = |one: &&Diagnostic| match sort {
        "rest" => !SAID.contains(&&*one.code) && !matches!(&*one.code, "personal-data" | "secrecy"),
        sort => one.code == sort,
    };
    let doubt = |one: &Diagnostic| {
        let place = one.place.as_ref().map_or_else(String::new, |place| match place.line {
            Some(line) => format!("{}:{line}", place.path),
            None => place.path.clone(),
        });
        let help = one.help.as_deref().unwrap_or_default();
        let row = help.split_once(&format!("{}: ", releases::FILE)).map(|(_, row)| row.to_owned());
        let help = if row.is_some() { None } else { Some(help.to_owned()).filter(|help| !help.is_empty()) };
        let evidence = std::iter::once(one.message.clone()).chain(one.notes.iter().cloned()).chain(help);
        Doubt { place, evidence: evidence.collect(), rows: row.into_iter().collect(), ..Doubt::default() }
    };
    site.doubts.iter().filter(is_of_sort).map(doubt).collect()
}
