//! All themes, and one theme with the sections that are about it.

use serde::Serialize;

use crate::archive::ReportId;
use crate::classify::RegionId;
use crate::document::Block;
use crate::site::path::{list_page, theme_folder, theme_region_folder};
use crate::site::render::Frame;
use crate::site::view::{Item, Link, Pager, Tally, slice, with_shares};
use crate::site::{Site, anchor};

#[derive(Debug, Serialize)]
pub struct IndexView {
    themes: Vec<Summary>,
}

#[derive(Debug, Serialize)]
pub struct Summary {
    text: String,
    href: String,
    sections: usize,
    reports: usize,
    share: usize,
}

pub fn index(site: &Site) -> (Frame, IndexView) {
    let themes = site.archive.themes.iter().enumerate();
    let tallies = with_shares(themes.map(|(i, theme)| Tally::new(site.theme_link(i), theme.sections.len())).collect());
    let themes = tallies
        .into_iter()
        .zip(&site.archive.themes)
        .map(|(tally, theme)| Summary {
            text: tally.text,
            href: tally.href,
            sections: tally.count,
            reports: theme.reports.len(),
            share: tally.share,
        })
        .collect();
    (Frame { title: site.look.locale.text("themes.title").into(), nav: "themes", ..Frame::default() }, IndexView { themes })
}

#[derive(Debug, Serialize)]
pub struct View {
    name: String,
    /// Where only one region's sections are shown.
    region: Option<Link>,
    sections: Vec<SectionView>,
    total: usize,
    /// In how many reports they stand.
    reports: usize,
    pager: Option<Pager>,
    /// The regions that the theme's sections come from, the one shown included.
    regions: Vec<Tally>,
    all: Link,
    /// The other themes.
    others: Vec<Link>,
}

/// One section as a theme's page shows it.
#[derive(Debug, Serialize)]
pub struct SectionView {
    heading: Option<String>,
    /// The section's own place in the report.
    href: String,
    opening: String,
    /// The words that spoke for the theme, strongest first.
    words: Vec<String>,
    report: Item,
}

/// A theme; with a region, only what comes from there.
pub fn view(site: &Site, index: usize, region: Option<RegionId>, page: usize) -> (Frame, View) {
    let t = &site.look.locale;
    let theme = &site.archive.themes[index];
    let (all, folder): (&[(ReportId, usize)], String) = match region {
        None => (&theme.sections, theme_folder(&theme.slug)),
        Some(region) => {
            let folder = theme_region_folder(&theme.slug, &site.archive.gazetteer[region].code);
            (site.facts.theme_sections(index, region), folder)
        }
    };
    let (shown, pager) = slice(all, &folder, page, site.config.page_size);
    let region_link = region.map(|region| site.region_link(region));
    let total = all.len();
    let title = match &region_link {
        Some(link) => t.fill("theme.of_region", &[("theme", &theme.name), ("region", &link.text)]),
        None => theme.name.clone(),
    };
    let mut crumbs = vec![Link::new(t.text("themes.title"), list_page("themes", 1).href())];
    crumbs.extend(region.map(|_| site.theme_link(index)));
    let frame =
        Frame { description: format!("{title}，{}", t.count("count.sections", total)), title, nav: "themes", crumbs, noindex: page > 1 };
    let rows = site.facts.matrix.rows.iter().filter(|row| !row.cells[index].is_empty());
    let view = View {
        name: theme.name.clone(),
        region: region_link,
        sections: shown.chunk_by(|a, b| a.0 == b.0).flat_map(|run| of_report(site, &theme.name, run)).collect(),
        total,
        reports: all.chunk_by(|a, b| a.0 == b.0).count(),
        pager,
        regions: rows.map(|row| Tally::new(site.theme_region_link(index, row.region), row.cells[index].len())).collect(),
        all: site.theme_link(index),
        others: (0..site.archive.themes.len()).filter(|&other| other != index).map(|other| site.theme_link(other)).collect(),
    };
    (frame, view)
}

/// The sections of one report, which share its anchors.
fn of_report(site: &Site, theme: &str, run: &[(ReportId, usize)]) -> Vec<SectionView> {
    let id = run[0].0;
    let report = &site.archive[id];
    let anchors = anchor::names(&report.document);
    run.iter()
        .map(|&(_, index)| {
            let section = &report.labels.sections[index];
            let item = site.item(id);
            let href = match anchors.get(section.first_block) {
                Some(anchor) => format!("{}#{anchor}", item.href),
                None => item.href.clone(),
            };
            let words = section.themes.iter().find(|found| found.theme == theme).map_or(&[][..], |found| &found.words);
            SectionView {
                heading: section.heading.clone(),
                href,
                opening: opening(report.document.blocks.get(section.first_block..section.end_block).unwrap_or_default()),
                words: words.iter().take(4).map(|(word, _)| word.clone()).collect(),
                report: item,
            }
        })
        .collect()
}

/// How a section begins: about two lines of its running text.
pub fn opening(blocks: &[Block]) -> String {
    const LENGTH: usize = 110;
    let mut out = String::new();
    let mut left = LENGTH;
    for block in blocks.iter().filter(|block| !matches!(block, Block::Heading(_) | Block::Table(_))) {
        for c in block.text().chars() {
            if left == 0 {
                out.push('…');
                return out;
            }
            out.push(c);
            left -= 1;
        }
    }
    out
}
