//! What was written about when: themes by years, and which regions have a report of which year.

use serde::Serialize;

use crate::site::Site;
use crate::site::page::insight::{Tab, tabs};
use crate::site::render::Frame;
use crate::site::view::Link;

/// Years shown, the latest ones.
const YEARS: usize = 20;

#[derive(Debug, Serialize)]
pub struct View {
    tabs: Vec<Tab>,
    charts: Vec<Chart>,
    chart_years: Vec<String>,
    years: Vec<String>,
    coverage: Vec<CoverageRow>,
    gaps: usize,
}

/// One theme over the years.
#[derive(Debug, Serialize)]
pub struct Chart {
    theme: Link,
    bars: Vec<Bar>,
    /// From the least share to the greatest.
    range: String,
    /// The years in words, for those who do not see the bars.
    words: String,
}

#[derive(Debug, Serialize)]
pub struct Bar {
    year: String,
    count: usize,
    percent: usize,
    /// In the chart's units.
    x: usize,
    height: usize,
}

#[derive(Debug, Serialize)]
pub struct CoverageRow {
    region: Link,
    /// Reports in each year; 0 is a gap.
    counts: Vec<usize>,
}

pub fn view(site: &Site) -> (Frame, View) {
    let (archive, t) = (&site.archive, &site.look.locale);
    // A theme that nothing is about would be an empty chart.
    let themes: Vec<usize> = (0..archive.themes.len()).filter(|&theme| !archive.themes[theme].sections.is_empty()).collect();
    let coverage = &site.insights.coverage;
    let skipped = coverage.years.len().saturating_sub(YEARS);
    let shown: Vec<CoverageRow> = match coverage.years.len() {
        0 | 1 => Vec::new(),
        _ => coverage
            .rows
            .iter()
            .map(|(region, counts)| CoverageRow { region: site.region_link(*region), counts: counts[skipped..].to_vec() })
            .collect(),
    };
    let view = View {
        tabs: tabs(site, "years/themes"),
        charts: charts(site, &themes),
        chart_years: chart_years(site).map(|(year, ..)| year.to_string()).collect(),
        years: coverage.years[skipped..].iter().map(i32::to_string).collect(),
        gaps: shown.iter().flat_map(|row| &row.counts).filter(|&&count| count == 0).count(),
        coverage: shown,
    };
    let frame =
        Frame { title: t.text("periods.title").into(), description: t.text("periods.note").into(), nav: "insight", ..Frame::default() };
    (frame, view)
}

fn chart_years(site: &Site) -> impl Iterator<Item = &(i32, Vec<usize>, usize)> {
    let rows = &site.insights.years.rows;
    rows[rows.len().saturating_sub(YEARS)..].iter()
}

/// Width of a year in the charts, and the height of the tallest bar.
const STEP: usize = 24;
const HEIGHT: usize = 60;

fn charts(site: &Site, themes: &[usize]) -> Vec<Chart> {
    let t = &site.look.locale;
    if chart_years(site).count() < 2 {
        return Vec::new();
    }
    let share = |cells: &[usize], theme: usize, sections: usize| cells[theme] * 100 / sections.max(1);
    // One scale for all, so that the charts can be compared.
    let most = chart_years(site)
        .flat_map(|(_, cells, sections)| themes.iter().map(move |&theme| share(cells, theme, *sections)))
        .max()
        .unwrap_or(0)
        .max(1);
    let chart = |&theme: &usize| {
        let bars: Vec<Bar> = chart_years(site)
            .enumerate()
            .map(|(i, (year, cells, sections))| {
                let percent = share(cells, theme, *sections);
                let height = (percent * HEIGHT / most).max(usize::from(cells[theme] > 0));
                Bar { year: year.to_string(), count: cells[theme], percent, x: i * STEP, height }
            })
            .collect();
        let words: Vec<String> = bars
            .iter()
            .map(|bar| {
                t.fill("periods.chart_year", &[("year", &bar.year), ("percent", &bar.percent.to_string()), ("n", &bar.count.to_string())])
            })
            .collect();
        let percents = || bars.iter().map(|bar| bar.percent);
        let range = match (percents().min(), percents().max()) {
            (Some(least), Some(most)) if least < most => format!("{least}–{most}%"),
            (_, most) => format!("{}%", most.unwrap_or(0)),
        };
        Chart { theme: site.theme_link(theme), range, words: words.join(t.text("format.comma")), bars }
    };
    themes.iter().map(chart).collect()
}
