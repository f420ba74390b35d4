//! Which passages of a report also stand in others, and where. On the report's own page `reuse.js` shows the same in the
//! margin.

use serde::Serialize;

use crate::archive::ReportId;
use crate::insight::reuse::{EXAMINED, Kind, Passage, Place, SET_REGIONS, SHORTEST};
use crate::look::Locale;
use crate::look::escape::push_html;
use crate::site::Site;
use crate::site::page::{report, text};
use crate::site::path;
use crate::site::render::{Frame, Slot};
use crate::site::view::Link;

/// Places of a set phrase that are named: it stands everywhere.
const SET_SHOWN: usize = 3;
/// Characters shown of a long passage at its beginning and at its end.
const EDGES: (usize, usize) = (60, 30);

#[derive(Debug, Serialize)]
pub struct View {
    report: Link,
    untold: usize,
    shortest: usize,
    set_regions: usize,
    examined: usize,
    /// Where the passages go.
    passages: String,
}

pub fn view(site: &Site, id: ReportId) -> (Frame, View, Slot) {
    let t = &*site.look.locale;
    let of = &site.facts.reuse[id.0 as usize];
    let mut html = String::new();
    let anchors = site.anchors(id);
    for kind in [Kind::Own, Kind::Borrowed, Kind::SetPhrase] {
        let passages: Vec<&Passage> = of.passages.iter().filter(|passage| passage.kind == kind).collect();
        if !passages.is_empty() {
            section(site, (id, &anchors), kind, &passages, &mut html);
        }
    }
    let slot = Slot::of(html);
    let report = &site.archive[id];
    let title = t.fill("reuse.title", &[("title", &report.document.title.text)]);
    let mut crumbs = report::crumbs(site, report);
    crumbs.push(site.report_link(id));
    let view = View {
        report: site.report_link(id),
        untold: of.untold,
        shortest: SHORTEST,
        set_regions: SET_REGIONS,
        examined: EXAMINED,
        passages: slot.tag.clone(),
    };
    (Frame { title, nav: "reports", crumbs, noindex: true, ..Frame::default() }, view, slot)
}

/// All that decides what the page shows: the key of the report, what it shares, and what is told of those it shares it with.
pub fn depends(site: &Site, id: ReportId) -> impl Serialize {
    let (report, of) = (&site.archive[id], &site.facts.reuse[id.0 as usize]);
    let place = |place: &Place| (site.shown_of(place.report), place.block);
    let passages = of.passages.iter().map(|passage| {
        let Passage { from, to, letters, kind, places, others, about } = passage;
        let ends = (from.block, from.byte, to.block, to.byte);
        (ends, letters, name(*kind), places.iter().map(place).collect::<Vec<_>>(), others, about)
    });
    (report.keys.report, report.slug.clone(), report::crumbs(site, report), passages.collect::<Vec<_>>(), of.untold)
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Own => "own",
        Kind::Borrowed => "borrowed",
        Kind::SetPhrase => "set",
    }
}

fn section(site: &Site, report: (ReportId, &[String]), kind: Kind, passages: &[&Passage], out: &mut String) {
    let t = &*site.look.locale;
    let name = name(kind);
    out.push_str(&format!("<section class=\"reused {name}\"><h2>"));
    push_html(t.text(&format!("reuse.{name}")), out);
    out.push_str(&format!(" <small>{}</small></h2><p class=note>", t.number(passages.len())));
    push_html(t.text(&format!("reuse.{name}_note")), out);
    out.push_str("</p><ol>");
    for passage in passages {
        push_passage(site, report, passage, out);
    }
    out.push_str("</ol></section>");
}

/// `data-at="p-abc 12+45 p-def 0+10"`: in these blocks so many characters after so many others, blanks not counted.
fn push_passage(site: &Site, (id, anchors): (ReportId, &[String]), passage: &Passage, out: &mut String) {
    let t = &*site.look.locale;
    let blocks = &site.archive[id].document.blocks;
    let mut quote = String::new();
    let mut at: Vec<String> = Vec::new();
    for block in passage.from.block..=passage.to.block {
        let whole = blocks[block].text();
        let start = if block == passage.from.block { passage.from.byte } else { 0 };
        let end = if block == passage.to.block { passage.to.byte } else { whole.len() };
        let units = text::units(&whole[start..end]);
        if units > 0 {
            at.push(format!("{} {}+{units}", anchors[block], text::units(&whole[..start])));
            quote.push_str(&whole[start..end]);
        }
    }
    out.push_str(&format!("<li data-at=\"{}\"><blockquote lang=zh-CN><a href=\"../#{}\">", at.join(" "), anchors[passage.from.block]));
    push_html(&shortened(&quote), out);
    out.push_str("</a></blockquote><p>");
    let others = t.count(if passage.about { "reuse.about" } else { "reuse.others" }, passage.others);
    push_html(&t.fill("reuse.size", &[("n", &t.number(passage.letters)), ("others", &others)]), out);
    out.push_str("</p><ul>");
    let shown = if passage.kind == Kind::SetPhrase { SET_SHOWN } else { usize::MAX };
    for place in passage.places.iter().take(shown) {
        push_place(site, place, t, out);
    }
    out.push_str("</ul></li>");
}

fn push_place(site: &Site, place: &Place, t: &Locale, out: &mut String) {
    let report = &site.archive[place.report];
    let href = path::report(&report.slug).href();
    let href = href.strip_prefix("reports/").unwrap_or(&href);
    out.push_str(&format!("<li><a lang=zh-CN href=\"../../{href}#{}\">", site.anchor(place.report, place.block).unwrap_or_default()));
    push_html(&report.document.title.text, out);
    out.push_str("</a>");
    let region = report.labels.placement.region().map(|region| site.archive.gazetteer[region].name.clone());
    let year = report.labels.year.as_ref().map(|found| site.year_name(found.value));
    let facts: Vec<String> = region.into_iter().chain(year).collect();
    if !facts.is_empty() {
        out.push_str(" <small>");
        push_html(&facts.join(t.text("format.comma")), out);
        out.push_str("</small>");
    }
    out.push_str("</li>");
}

/// Beginning and end of what is long.
fn shortened(quote: &str) -> String {
    let characters: Vec<char> = quote.chars().map(|c| if c == '\n' { ' ' } else { c }).collect();
    if characters.len() <= EDGES.0 + EDGES.1 + 10 {
        return characters.into_iter().collect();
    }
    let (begin, end) = (&characters[..EDGES.0], &characters[characters.len() - EDGES.1..]);
    begin.iter().chain(&[' ', '…', '…', ' ']).chain(end).collect()
}
