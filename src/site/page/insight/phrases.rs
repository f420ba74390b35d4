//! Set phrases that come and go.

use serde::Serialize;

use crate::insight::phrases::Phrase;
use crate::look::escape::percent;
use crate::site::Site;
use crate::site::page::insight::{Tab, tabs};
use crate::site::path::list_page;
use crate::site::render::Frame;
use crate::site::view::Link;

/// Years shown, the latest ones.
const YEARS: usize = 20;
/// Regions named for a phrase.
const REGIONS: usize = 3;
/// Of a small chart: width of a year, height.
const STEP: usize = 8;
const HEIGHT: usize = 24;

#[derive(Debug, Serialize)]
pub struct View {
    tabs: Vec<Tab>,
    years: Vec<String>,
    /// Width of the small charts.
    width: usize,
    watched: Vec<PhraseView>,
    /// Watched phrases that never occur.
    absent: Vec<Link>,
    found: Vec<PhraseView>,
}

#[derive(Debug, Serialize)]
pub struct PhraseView {
    /// Leads to the search for it.
    link: Link,
    count: usize,
    reports: usize,
    first_year: Option<String>,
    /// How often in each year shown.
    counts: Vec<usize>,
    bars: Vec<Bar>,
    regions: Vec<(String, usize)>,
    region_count: usize,
    /// The years in words.
    words: String,
}

#[derive(Debug, Serialize)]
pub struct Bar {
    x: usize,
    y: usize,
    height: usize,
}

pub fn view(site: &Site) -> (Frame, View) {
    let t = &site.look.locale;
    let mut years: Vec<i32> = site.archive.years.iter().take(YEARS).map(|(year, _)| *year).collect();
    years.reverse();
    let of = |watched: bool| -> Vec<PhraseView> {
        site.facts
            .phrases
            .iter()
            .filter(|phrase| phrase.watched == watched && phrase.count > 0)
            .map(|phrase| phrase_view(site, phrase, &years))
            .collect()
    };
    let view = View {
        tabs: tabs(site, "phrases"),
        width: (years.len() * STEP).max(1),
        watched: of(true),
        absent: site.facts.phrases.iter().filter(|phrase| phrase.count == 0).map(search).collect(),
        found: of(false),
        years: years.iter().map(i32::to_string).collect(),
    };
    let frame =
        Frame { title: t.text("phrases.title").into(), description: t.text("phrases.note").into(), nav: "insight", ..Frame::default() };
    (frame, view)
}

fn search(phrase: &Phrase) -> Link {
    Link::new(&phrase.text, format!("{}?q={}", list_page("search", 1).href(), percent(&phrase.text)))
}

fn phrase_view(site: &Site, phrase: &Phrase, years: &[i32]) -> PhraseView {
    let t = &site.look.locale;
    let counts: Vec<usize> = years.iter().map(|year| phrase.years.iter().find(|(other, _)| other == year).map_or(0, |(_, n)| *n)).collect();
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let bars = counts.iter().enumerate().map(|(i, &count)| {
        let height = (count * HEIGHT / most).max(usize::from(count > 0));
        Bar { x: i * STEP, y: HEIGHT - height, height }
    });
    let words: Vec<String> = years
        .iter()
        .zip(&counts)
        .filter(|&(_, &count)| count > 0)
        .map(|(year, count)| t.fill("phrases.chart_year", &[("year", &year.to_string()), ("n", &count.to_string())]))
        .collect();
    let name = |region| site.archive.gazetteer[region].short.clone();
    PhraseView {
        link: search(phrase),
        count: phrase.count,
        reports: phrase.reports,
        first_year: phrase.first_year().map(|year| year.to_string()),
        bars: bars.collect(),
        counts,
        regions: phrase.regions.iter().take(REGIONS).map(|&(region, n)| (name(region), n)).collect(),
        region_count: phrase.regions.len(),
        words: words.join(t.text("format.comma")),
    }
}
