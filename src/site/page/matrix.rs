//! Regions against themes: how much each region writes about what.

use serde::Serialize;

use crate::site::page::insight::{Tab, tabs};
use crate::site::path::list_page;
use crate::site::render::Frame;
use crate::site::view::Link;
use crate::site::{SectionsOf, Site};

#[derive(Debug, Serialize)]
pub struct View {
    tabs: Vec<Tab>,
    themes: Vec<Link>,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    region: Link,
    cells: Vec<Cell>,
}

/// Sections of one region about one theme.
#[derive(Debug, Serialize)]
struct Cell {
    count: usize,
    /// Of all the region's sections about some theme, in a hundred.
    share: usize,
    /// 0 to 5, by the share.
    shade: usize,
    /// Exactly the sections that are counted; `None` for none.
    href: Option<String>,
}

pub fn view(site: &Site) -> (Frame, View) {
    let t = &site.look.locale;
    let matrix = &site.facts.matrix;
    let used: Vec<usize> =
        (0..site.archive.themes.len()).filter(|&theme| matrix.rows.iter().any(|row| !row.cells[theme].is_empty())).collect();
    let rows = matrix.rows.iter().filter(|row| row.sections > 0).map(|row| {
        let cells = used.iter().map(|&theme| {
            let count = row.cells[theme].len();
            let share = (count * 100 + row.sections / 2) / row.sections;
            let href = (count > 0).then(|| site.sections_link(theme, SectionsOf::Region(row.region)).href);
            Cell { count, share, shade: shade(count, share), href }
        });
        Row { region: site.region_link(row.region), cells: cells.collect() }
    });
    let view = View {
        tabs: tabs(site, "regions/themes"),
        themes: used.iter().map(|&theme| site.theme_link(theme)).collect(),
        rows: rows.collect(),
    };
    let crumbs = vec![Link::new(t.text("regions.title"), list_page("regions", 1).href())];
    (Frame { title: t.text("matrix.title").into(), nav: "insight", crumbs, ..Frame::default() }, view)
}

/// A small archive has regions with few sections, so even large shares are told apart.
fn shade(count: usize, share: usize) -> usize {
    match share {
        _ if count == 0 => 0,
        0..8 => 1,
        8..16 => 2,
        16..30 => 3,
        30..50 => 4,
        _ => 5,
    }
}
