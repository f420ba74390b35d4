//! Which pages there are, and where.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::archive::{Archive, CompilationId};
use crate::config::Config;
use crate::look::Look;
use crate::search;
use crate::site::facts::Facts;
use crate::site::file::sitemap;
use crate::site::insights::Insights;
use crate::site::page::insight;
use crate::site::paging::Pages;
use crate::site::path::{self, SitePath, list_page};
use crate::site::{Entry, Page};

type Entries = BTreeMap<SitePath, Entry>;

/// Every file of the site but those of the search index. A list has a page of its own even when it is empty.
pub fn entries(archive: &Archive, look: &Look, config: &Config, facts: &Facts, insights: &Insights) -> Entries {
    let mut entries = Entries::new();
    for (address, page) in single_pages() {
        entries.insert(SitePath::new(address), Entry::Page(page));
    }
    let size = config.page_size;
    list(&mut entries, "reports", &facts.report_pages, |page| Page::Reports { page });
    list(&mut entries, "regions/unplaced", &Pages::even(facts.without_place_count(), size), |page| Page::Unplaced { page });
    list(&mut entries, "years/undated", &Pages::even(facts.undated.len(), size), |page| Page::Undated { page });
    for (&region, pages) in &facts.region_pages {
        let folder = path::region_folder(&archive.gazetteer[region].code);
        list(&mut entries, &folder, pages, |page| Page::Region { region, page });
    }
    for (&old, &new) in &facts.retired {
        for region in [old, new] {
            let page = Page::Region { region, page: 1 };
            entries.entry(list_page(&path::region_folder(&archive.gazetteer[region].code), 1)).or_insert(Entry::Page(page));
        }
    }
    for (&(theme, of), found) in &facts.sections {
        list(&mut entries, &of.folder(archive, theme), &found.pages, |page| Page::Theme { theme, of, page });
    }
    for (year, (name, reports)) in archive.years.iter().enumerate() {
        list(&mut entries, &path::year_folder(*name), &Pages::even(reports.len(), size), |page| Page::Year { year, page });
    }
    for (kind, of) in archive.kinds.iter().enumerate().filter(|(_, of)| !of.reports.is_empty()) {
        list(&mut entries, &path::kind_folder(&of.slug), &facts.kind_pages[kind], |page| Page::Kind { kind, page });
    }
    for slug in archive.namesakes.keys() {
        entries.insert(path::report(slug), Entry::Page(Page::Namesakes(slug.clone())));
    }
    for (id, report) in archive.iter() {
        entries.insert(path::report(&report.slug), Entry::Page(Page::Report(id)));
    }
    for &id in facts.continues.keys() {
        entries.insert(path::changes(&archive[id].slug), Entry::Page(Page::Changes(id)));
    }
    for (id, report) in archive.iter().filter(|(id, _)| facts.has_reuse(*id)) {
        entries.insert(path::reuse(&report.slug), Entry::Page(Page::Reuse(id)));
    }
    if config.review {
        entries.insert(SitePath::folder("review"), Entry::Page(Page::Review));
    }
    for (i, compilation) in archive.compilations.iter().enumerate() {
        entries.insert(path::compilation(&compilation.slug), Entry::Page(Page::Compilation(CompilationId(i as u32))));
    }
    insight::plan(&mut entries, insights);
    // The pages that a sitemap lists are those so far; what follows are files.
    let parts = sitemap::parts(&entries);
    if parts > 1 {
        for part in 1..=parts {
            entries.insert(sitemap::part_path(part), Entry::Page(Page::SitemapPart(part)));
        }
    }
    for source in archive.sources.iter().filter(|source| !source.withheld) {
        entries.insert(path::original(&source.path), Entry::Upload(source.path.clone()));
    }
    for (name, bytes) in &look.assets {
        entries.insert(SitePath::new(format!("assets/{name}")), Entry::Bytes(bytes.clone()));
    }
    let (path, bytes) = search::phrases(facts.phrases.iter().filter(|phrase| phrase.count > 0).map(|phrase| phrase.text.as_str()));
    entries.insert(SitePath::new(format!("search/{path}")), Entry::Bytes(Arc::from(bytes)));
    entries
}

fn single_pages() -> [(&'static str, Page); 16] {
    [
        ("index.html", Page::Home),
        ("compilations/index.html", Page::Compilations),
        ("regions/index.html", Page::Regions),
        ("regions/pinyin/index.html", Page::RegionIndex),
        ("regions/themes/index.html", Page::Matrix),
        ("themes/index.html", Page::Themes),
        ("years/index.html", Page::Years),
        ("kinds/index.html", Page::Kinds),
        ("compare/index.html", Page::Compare),
        ("search/index.html", Page::Search),
        ("404.html", Page::NotFound),
        ("feed.xml", Page::Feed),
        ("sitemap.xml", Page::Sitemap),
        ("robots.txt", Page::Robots),
        ("archive.json", Page::ArchiveJson),
        ("archive.csv", Page::ArchiveCsv),
    ]
}

fn list(entries: &mut Entries, folder: &str, pages: &Pages, page: impl Fn(usize) -> Page) {
    for number in 1..=pages.count() {
        entries.insert(list_page(folder, number), Entry::Page(page(number)));
    }
}
