//! What holds for every page: links lead somewhere, nothing is lost, nothing runs that should not.

use std::collections::{BTreeMap, BTreeSet};

use huibian::document::Block;
use huibian::site::{Entry, Page, Site, SitePath};

use crate::fixture::{Draft, attribute, config, heading, pages, paragraph, sample, site, tags, text, visible};

/// Where a link of a page leads, as an address of the site with `index.html`, and its fragment.
fn resolve(from: &SitePath, href: &str) -> (String, Option<String>) {
    let (path, fragment) = href.split_once('#').map_or((href, None), |(path, fragment)| (path, Some(fragment.to_owned())));
    if path.is_empty() {
        return (from.as_str().to_owned(), fragment);
    }
    let mut parts: Vec<&str> = if path.starts_with('/') { Vec::new() } else { from.as_str().split('/').collect() };
    if !path.starts_with('/') {
        parts.pop();
    }
    for part in path.split('/') {
        match part {
            ".." => {
                assert!(parts.pop().is_some(), "{from}: {href} leads out of the site");
            }
            "." | "" => {}
            _ => parts.push(part),
        }
    }
    let mut found = percent_decode(&parts.join("/"));
    if path.ends_with('/') || path == "." || path == ".." {
        found = if found.is_empty() { "index.html".into() } else { format!("{found}/index.html") };
    }
    (found, fragment)
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        match (first, tail) {
            (b'%', [a, b, tail @ ..]) => {
                let hex = [*a, *b];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
                rest = tail;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn every_link_and_anchor_leads_somewhere() {
    let site = site(&sample(), config());
    let pages = pages(&site);
    let anchors: BTreeMap<&str, BTreeSet<String>> =
        pages.iter().map(|(path, page)| (path.as_str(), attribute(page, "id").into_iter().collect())).collect();
    for (path, page) in &pages {
        for href in ["href", "src", "action"].iter().flat_map(|name| attribute(page, name)) {
            let (to, fragment) = resolve(path, &href);
            assert!(site.entries.contains_key(&SitePath::new(&to)), "{path} links to {href} = {to}, where nothing is");
            if let Some(fragment) = fragment {
                assert!(anchors[to.as_str()].contains(&fragment), "{path}: {to} has no #{fragment}");
            }
        }
        let ids = attribute(page, "id");
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{path} has an id twice: {ids:?}");
    }
}

/// A page of a report as long as most, with its styles and scripts, on a slow line.
#[test]
fn a_report_of_4500_characters_weighs_less_than_60_kb() {
    let mut blocks = Vec::new();
    for (chapter, number) in ["一", "二", "三", "四"].into_iter().enumerate() {
        blocks.push(heading(1, &format!("{number}、虚构的一章")));
        let paragraphs = (0..12).map(|n| format!("第{chapter}{n}段选派{n}86名干部，{}。", "这里是虚构的正文文字".repeat(8)));
        blocks.extend(paragraphs.map(|text| paragraph(&text)));
    }
    let characters: usize = blocks.iter().map(|block| block.text().chars().count()).sum();
    assert!((4_300..4_900).contains(&characters), "{characters} characters");
    let draft = Draft {
        path: "content/a.txt",
        title: "安康市2023年工作总结",
        region: Some("610900"),
        year: Some(2023),
        kind: Some("总结"),
        blocks,
    };
    let site = site(&[draft], config());
    let path = "reports/a/index.html";
    let page = text(&site, &SitePath::new(path));
    let mut weight = page.len();
    for (name, bytes) in &site.look.assets {
        let loaded = page.contains(&format!("assets/{name}")) && (name.ends_with(".css") || name.ends_with(".js"));
        weight += if loaded { bytes.len() } else { 0 };
    }
    assert!(weight < 60_000, "{weight} bytes");
}

#[test]
fn every_page_can_be_reached_from_home() {
    let site = site(&sample(), config());
    let mut reached: BTreeSet<String> = BTreeSet::new();
    let mut open = vec!["index.html".to_owned()];
    while let Some(path) = open.pop() {
        if !reached.insert(path.clone()) || !path.ends_with(".html") {
            continue;
        }
        let path = SitePath::new(path);
        open.extend(attribute(&text(&site, &path), "href").into_iter().map(|href| resolve(&path, &href).0));
    }
    let missing: Vec<&SitePath> = site
        .entries
        .iter()
        .filter(|(path, entry)| matches!(entry, Entry::Page(_)) && path.as_str().ends_with(".html") && path.as_str() != "404.html")
        .map(|(path, _)| path)
        .filter(|path| !reached.contains(path.as_str()))
        .collect();
    assert_eq!(missing, Vec::<&SitePath>::new());
}

fn report_pages(site: &Site) -> impl Iterator<Item = (&huibian::archive::Report, String)> {
    site.entries.iter().filter_map(|(path, entry)| match entry {
        Entry::Page(Page::Report(id)) => Some((&site.archive[*id], text(site, path))),
        _ => None,
    })
}

#[test]
fn a_page_holds_every_word_of_its_report() {
    let site = site(&sample(), config());
    for (report, page) in report_pages(&site) {
        let seen = visible(&page);
        assert!(seen.contains(&report.document.title.text));
        for block in &report.document.blocks {
            match block {
                Block::Table(table) => {
                    for cell in table.rows.iter().flatten() {
                        assert!(seen.contains(cell.as_str()), "{cell}");
                    }
                }
                _ => assert!(seen.contains(block.text().as_ref()), "{} is not in {seen}", block.text()),
            }
        }
    }
}

#[test]
fn nothing_runs_but_the_sites_own_scripts() {
    let site = site(&sample(), config());
    for (path, page) in pages(&site) {
        assert!(page.contains("default-src 'none'; script-src 'self'; style-src 'self'"), "{path} has no policy");
        assert!(!page.contains("<style"), "{path} has a style element");
        for tag in tags(&page) {
            assert!(tag.attributes.iter().all(|(name, _)| name != "style" && !name.starts_with("on")), "{path}: {tag:?}");
            let is_data = tag.attributes.iter().any(|(name, value)| name == "src" || value == "application/ld+json");
            assert!(tag.name != "script" || is_data, "{path}: {tag:?}");
        }
        for address in ["http://", "https://", "//"] {
            let outside = attribute(&page, "href").into_iter().chain(attribute(&page, "src")).find(|value| value.starts_with(address));
            assert_eq!(outside, None, "{path}");
        }
    }
}

#[test]
fn the_same_archive_gives_the_same_bytes() {
    let (first, second) = (site(&sample(), config()), site(&sample(), config()));
    assert!(first.entries.keys().eq(second.entries.keys()));
    for (path, page) in pages(&first) {
        assert_eq!(page, text(&second, &path), "{path}");
    }
}

#[test]
fn lists_go_over_pages_and_lose_no_report() {
    let mut drafts = sample();
    for path in ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt", "f.txt", "g.txt", "h.txt"] {
        drafts.push(crate::fixture::Draft { path, ..sample().remove(4) });
    }
    let site = site(&drafts, config());
    for folder in ["reports", "regions/unplaced", "years/undated"] {
        let listed: BTreeSet<String> = site
            .entries
            .keys()
            .filter(|path| path.as_str() == format!("{folder}/index.html") || path.as_str().starts_with(&format!("{folder}/page/")))
            .flat_map(|path| {
                let page = text(&site, path);
                attribute(&page, "href").into_iter().map(|href| resolve(path, &href).0).collect::<Vec<_>>()
            })
            .collect();
        let wanted = report_pages(&site).filter(|(report, _)| folder == "reports" || report.labels.year.is_none());
        for (report, _) in wanted {
            let address = format!("reports/{}/index.html", report.slug);
            assert!(listed.contains(&address), "{folder} does not list {address}");
        }
    }
}

#[test]
fn a_known_address_makes_links_absolute_where_standards_ask_for_it() {
    let site = site(&sample(), huibian::config::Config { base_url: Some("https://example.org/base/".into()), ..config() });
    let home = text(&site, &SitePath::new("index.html"));
    assert!(attribute(&home, "href").contains(&"https://example.org/base/".to_owned()), "canonical");
    let not_found = text(&site, &SitePath::new("404.html"));
    for href in attribute(&not_found, "href").into_iter().filter(|href| !href.starts_with('#')) {
        assert!(href.starts_with("/base/"), "{href} would break below another address");
    }
    for (file, expected) in [
        ("sitemap.xml", "<loc>https://example.org/base/reports/"),
        ("feed.xml", "<link href=\"https://example.org/base/reports/"),
        ("robots.txt", "Sitemap: https://example.org/base/sitemap.xml"),
    ] {
        assert!(text(&site, &SitePath::new(file)).contains(expected), "{file}");
    }
}

#[test]
fn a_long_report_stays_light() {
    let long = crate::fixture::paragraph(&"这是一个虚构的段落，用来测量页面的分量。".repeat(8));
    let mut draft = sample().remove(0);
    draft.blocks.extend(std::iter::repeat_n(long, 28)); // about 4,500 characters
    let site = site(&[draft], config());
    let page = report_pages(&site).next().unwrap().1;
    let assets: usize = site
        .entries
        .iter()
        .filter(|(path, _)| page.contains(path.as_str()))
        .filter_map(|(_, entry)| match entry {
            Entry::Bytes(bytes) => Some(bytes.len()),
            _ => None,
        })
        .sum();
    assert!(assets > 10_000, "the style sheet is counted");
    assert!(page.len() + assets < 60_000, "{} + {assets} bytes", page.len());
}
