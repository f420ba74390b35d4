//! The pages that read the archive as a whole say what the archive holds.

use std::collections::BTreeMap;

use huibian::insight::figures::figures;
use huibian::site::{Site, SitePath};

use crate::fixture::{config, pages, sample, site, text};

fn page(pages: &BTreeMap<SitePath, String>, path: &str) -> String {
    pages.get(&SitePath::new(path)).cloned().unwrap_or_else(|| panic!("there is no {path}"))
}

fn all(site: &Site) -> BTreeMap<SitePath, String> {
    pages(site).into_iter().collect()
}

#[test]
fn every_stated_quantity_is_in_the_table() {
    let site = site(&sample(), config());
    let stated: usize = site.archive.reports.iter().map(|report| figures(&report.document).len()).sum();
    assert!(stated > 0);
    let csv = text(&site, &SitePath::new("figures.csv")).into_bytes();
    let rows = csv::Reader::from_reader(&csv[3..]).records().count();
    assert_eq!(&csv[..3], b"\xEF\xBB\xBF");
    assert_eq!(rows, stated);
    let listed: usize = all(&site)
        .iter()
        .filter(|(path, _)| path.as_str().starts_with("figures/") && path.as_str() != "figures/index.html")
        .map(|(_, page)| page.matches("<tr").count() - 1)
        .sum();
    assert_eq!(listed, stated);
}

#[test]
fn an_archive_of_nothing_has_these_pages_too() {
    let pages = all(&site(&[], config()));
    for path in ["years/themes/index.html", "phrases/index.html", "figures/index.html"] {
        page(&pages, path);
    }
}
