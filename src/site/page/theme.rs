//! All themes, and one theme with the sections that are about it.

use serde::Serialize;

use crate::archive::ReportId;
use crate::document::Block;
use crate::site::path::{list_page, theme_folder};
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
    sections: Vec<SectionView>,
    total: usize,
    reports: usize,
    pager: Option<Pager>,
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

pub fn view(site: &Site, index: usize, page: usize) -> (Frame, View) {
    let t = &site.look.locale;
    let theme = &site.archive.themes[index];
    let (shown, pager) = slice(&theme.sections, &theme_folder(&theme.slug), page, site.config.page_size);
    let sections: Vec<SectionView> = shown.chunk_by(|a, b| a.0 == b.0).flat_map(|run| of_report(site, &theme.name, run)).collect();
    let others = (0..site.archive.themes.len()).filter(|&other| other != index).map(|other| site.theme_link(other)).collect();
    let total = theme.sections.len();
    let frame = Frame {
        title: theme.name.clone(),
        description: format!("{}，{}", theme.name, t.count("count.sections", total)),
        nav: "themes",
        crumbs: vec![Link::new(t.text("themes.title"), list_page("themes", 1).href())],
        noindex: page > 1,
    };
    (frame, View { name: theme.name.clone(), sections, total, reports: theme.reports.len(), pager, others })
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
