//! Every kind of page as it was when somebody last looked at it.

use huibian::site::SitePath;

use crate::fixture::{config, sample, site, text};

/// Line breaks between tags, for reading; hashes of assets out, because styles change often.
fn readable(page: &str) -> String {
    let mut out = String::new();
    for line in page.replace("><", ">\n<").lines() {
        let mut rest = line;
        // `assets/report.02441777.css`
        while let Some((before, named)) = rest.split_once("assets/") {
            let (name, hashed) = named.split_once('.').expect("an asset's name has a hash and an ending");
            out.push_str(&format!("{before}assets/{name}.HASH"));
            rest = &hashed[8..];
        }
        out.push_str(rest);
        out.push('\n');
    }
    out
}

#[test]
fn pages_look_as_they_did() {
    let site = site(&sample(), config());
    for (name, path) in [
        ("home", "index.html"),
        ("report", "reports/安康市人才工作总结/index.html"),
        ("report_in_compilation", "reports/汇编-xxx市工作汇报/index.html"),
        ("reports", "reports/index.html"),
        ("compilations", "compilations/index.html"),
        ("compilation", "compilations/汇编/index.html"),
        ("changes", "reports/安康市人才工作总结/changes/index.html"),
        ("regions", "regions/index.html"),
        ("region_index", "regions/pinyin/index.html"),
        ("matrix", "regions/themes/index.html"),
        ("periods", "years/themes/index.html"),
        ("phrases", "phrases/index.html"),
        ("figures", "figures/index.html"),
        ("compare", "compare/index.html"),
        ("region", "regions/610000/index.html"),
        ("unplaced", "regions/unplaced/index.html"),
        ("themes", "themes/index.html"),
        ("theme", "themes/talent/index.html"),
        ("years", "years/index.html"),
        ("year", "years/2023/index.html"),
        ("undated", "years/undated/index.html"),
        ("kinds", "kinds/index.html"),
        ("kind", "kinds/summary/index.html"),
        ("search", "search/index.html"),
        ("not_found", "404.html"),
        ("feed", "feed.xml"),
        ("sitemap", "sitemap.xml"),
        ("robots", "robots.txt"),
        ("archive_json", "archive.json"),
        ("archive_csv", "archive.csv"),
    ] {
        let page = text(&site, &SitePath::new(path));
        insta::assert_snapshot!(name, if path.ends_with(".html") { readable(&page) } else { page });
    }
}
