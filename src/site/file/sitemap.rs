//! `/sitemap.xml` and `/robots.txt`.

use std::collections::BTreeMap;

use crate::look::escape::html as xml;
use crate::site::path::SitePath;
use crate::site::{Entry, InsightPage, Page, Site};

/// The protocol allows 50,000 addresses in one file.
const ADDRESSES: usize = 45_000;

/// How many files it takes to list all pages.
pub fn parts(entries: &BTreeMap<SitePath, Entry>) -> usize {
    entries.values().filter(|entry| is_listed(entry)).count().div_ceil(ADDRESSES)
}

pub fn part_path(part: usize) -> SitePath {
    SitePath::new(format!("sitemap-{part}.xml"))
}

/// What search engines should show: pages with content, and of long lists the first page.
fn is_listed(entry: &Entry) -> bool {
    match entry {
        Entry::Page(page) => match page {
            Page::Home
            | Page::Report(_)
            | Page::Compilations
            | Page::Compilation(_)
            | Page::Regions
            | Page::RegionIndex
            | Page::Matrix
            | Page::Themes
            | Page::Years
            | Page::Kinds => true,
            Page::Reports { page }
            | Page::Region { page, .. }
            | Page::Unplaced { page }
            | Page::Theme { page, .. }
            | Page::Year { page, .. }
            | Page::Undated { page }
            | Page::Kind { page, .. } => *page == 1,
            Page::Insight(InsightPage::Periods | InsightPage::Phrases | InsightPage::Figures) => true,
            _ => false,
        },
        _ => false,
    }
}

pub fn render(site: &Site) -> String {
    let parts = parts(&site.entries);
    if parts <= 1 {
        return render_part(site, 1);
    }
    let mut out = head("sitemapindex");
    for part in 1..=parts {
        out.push_str(&format!("<sitemap><loc>{}</loc></sitemap>\n", location(site, &part_path(part))));
    }
    out.push_str("</sitemapindex>\n");
    out
}

pub fn render_part(site: &Site, part: usize) -> String {
    let mut out = head("urlset");
    let listed = site.entries.iter().filter(|(_, entry)| is_listed(entry));
    for (path, _) in listed.skip((part - 1) * ADDRESSES).take(ADDRESSES) {
        out.push_str(&format!("<url><loc>{}</loc></url>\n", location(site, path)));
    }
    out.push_str("</urlset>\n");
    out
}

fn head(element: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<{element} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n")
}

/// Absolute where the base URL is known, as the protocol wants it; otherwise from the host's root.
fn location(site: &Site, path: &SitePath) -> String {
    let base = site.config.base_url.as_deref().unwrap_or("/");
    format!("{}{}", xml(base), path.href())
}

pub fn robots(site: &Site) -> String {
    let mut out = String::from("User-agent: *\nAllow: /\n");
    if let Some(base) = &site.config.base_url {
        out.push_str(&format!("Sitemap: {base}sitemap.xml\n"));
    }
    out
}
