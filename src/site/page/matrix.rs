//! Regions against themes: how much each of the outermost regions writes about what.

use serde::Serialize;

use crate::site::Site;
use crate::site::path::list_page;
use crate::site::render::Frame;
use crate::site::view::Link;

#[derive(Debug, Serialize)]
pub struct View {
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
    let by_region = &site.facts.theme_regions;
    let used: Vec<usize> = (0..by_region.len()).filter(|&theme| !by_region[theme].is_empty()).collect();
    let rows = site.facts.roots.iter().map(|&region| {
        let counts: Vec<usize> = used.iter().map(|&theme| by_region[theme].get(&region).map_or(0, Vec::len)).collect();
        let all = counts.iter().sum::<usize>().max(1);
        let cells = used.iter().zip(counts).map(|(&theme, count)| {
            let share = (count * 100 + all / 2) / all;
            let href = (count > 0).then(|| site.theme_region_link(theme, region).href);
            Cell { count, share, shade: if count == 0 { 0 } else { (share / 8 + 1).min(5) }, href }
        });
        Row { region: site.region_link(region), cells: cells.collect() }
    });
    let view = View { themes: used.iter().map(|&theme| site.theme_link(theme)).collect(), rows: rows.collect() };
    let crumbs = vec![Link::new(t.text("regions.title"), list_page("regions", 1).href())];
    (Frame { title: t.text("matrix.title").into(), nav: "regions", crumbs, ..Frame::default() }, view)
}
