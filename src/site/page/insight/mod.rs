//! The pages that read the archive as a whole: themes over the years, phrases, quantities.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::site::insights::Insights;
use crate::site::path::{SitePath, list_page};
use crate::site::view::Link;
use crate::site::{Entry, Page, Site};

pub mod figures;
pub mod periods;
pub mod phrases;

/// One of these pages. Lists go over several, which count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InsightPage {
    Periods,
    Phrases,
    Figures,
    /// The quantities of one unit, as an index into [`Insights::units`].
    Unit {
        unit: usize,
        page: usize,
    },
    /// A table of quantities, as an index into [`Insights::tables`].
    FiguresCsv(usize),
}

/// The addresses of these pages.
pub fn plan(entries: &mut BTreeMap<SitePath, Entry>, insights: &Insights) {
    let mut add = |path: SitePath, page: InsightPage| {
        entries.insert(path, Entry::Page(Page::Insight(page)));
    };
    add(SitePath::folder("years/themes"), InsightPage::Periods);
    add(SitePath::folder("phrases"), InsightPage::Phrases);
    add(SitePath::folder("figures"), InsightPage::Figures);
    for (unit, of) in insights.units.iter().enumerate() {
        for page in 1..=figures::pages(of).count() {
            add(list_page(&figures::unit_folder(of), page), InsightPage::Unit { unit, page });
        }
    }
    for (i, table) in insights.tables.iter().enumerate() {
        add(figures::csv_path(table.of), InsightPage::FiguresCsv(i));
    }
}

/// The pages of this module beside each other, with the one that is open.
#[derive(Debug, Serialize)]
pub struct Tab {
    link: Link,
    current: bool,
}

pub fn tabs(site: &Site, current: &str) -> Vec<Tab> {
    let tab = |(folder, words): (&str, &str)| Tab {
        link: Link::new(site.look.locale.text(words), list_page(folder, 1).href()),
        current: folder == current,
    };
    [("regions/themes", "matrix.title"), ("years/themes", "periods.title"), ("phrases", "phrases.tab"), ("figures", "figures.tab")]
        .map(tab)
        .into()
}
