//! The pages that read the archive as a whole say what the archive holds.

use std::collections::BTreeMap;

use huibian::config::Config;
use huibian::insight::figures::figures;
use huibian::site::{Site, SitePath};

use crate::fixture::{Draft, attribute, config, pages, paragraph, sample, site, text};

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

const SHARED: &str = "坚持把<b>夯实基层基础</b>作为固本之举，统筹推进城乡各领域党组织建设";

/// Two reports with a passage in common, of 4,500 characters each.
fn sharing(config: Config) -> Site {
    let filler = |from: u32| (0..2_200).filter_map(|i| char::from_u32(0x4e00 + (i * i * 7 + from) % 20_000)).collect::<String>();
    let draft = |path, title, region, from| {
        let blocks = vec![paragraph(&filler(from)), paragraph(&format!("“（{SHARED}。{}", filler(from + 3)))];
        Draft { path, title, region: Some(region), year: Some(2023), kind: None, blocks }
    };
    site(&[draft("content/a.txt", "安康市<i>总结", "610900", 1), draft("content/b.txt", "汉中市总结", "610700", 9_000)], config)
}

#[test]
fn passages_found_elsewhere_lead_to_the_very_paragraph() {
    let site = sharing(config());
    let page = page(&all(&site), "reports/b/reuse/index.html");
    assert!(page.contains("坚持把&lt;b&gt;夯实基层基础&lt;/b&gt;作为固本之举，统筹推进城乡各领域党组织建设"), "{page}");
    assert!(page.contains("安康市&lt;i&gt;总结") && page.contains("安康市、2023年") && page.contains("另见 1 篇"), "{page}");
    let names: Vec<Vec<String>> = site.archive.iter().map(|(id, _)| site.anchors(id)).collect();
    let (own, other) = if site.archive.reports[0].slug.as_str() == "b" { (&names[0], &names[1]) } else { (&names[1], &names[0]) };
    assert!(attribute(&page, "href").contains(&format!("../../a/#{}", other[1])), "{page}");
    // Marks count where they stand in a passage; those around it are none of it.
    assert_eq!(attribute(&page, "data-at"), [format!("{} 2+{}", own[1], SHARED.chars().count())]);
}

#[test]
fn a_report_with_passages_found_elsewhere_says_so_and_stays_light() {
    let shown = sharing(config());
    let page = text(&shown, &SitePath::new("reports/a/index.html"));
    assert!(page.contains("与他处相同的文字：1 处") && attribute(&page, "href").iter().any(|href| href.ends_with("reports/a/reuse/")));
    let loaded = shown.look.assets.iter().filter(|(name, _)| page.contains(&format!("assets/{name}")) && !name.ends_with(".svg"));
    let weight = page.len() + loaded.map(|(_, bytes)| bytes.len()).sum::<usize>();
    assert!(weight < 60_000, "{weight} bytes");
    let off = sharing(Config { reuse: false, ..config() });
    assert!(!off.entries.keys().any(|path| path.as_str().ends_with("/reuse/index.html")));
    assert!(!text(&off, &SitePath::new("reports/a/index.html")).contains("reuse.js"));
}

#[test]
fn an_archive_of_nothing_has_these_pages_too() {
    let pages = all(&site(&[], config()));
    for path in ["years/themes/index.html", "phrases/index.html", "figures/index.html"] {
        page(&pages, path);
    }
}
