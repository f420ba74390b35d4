//! Whatever an upload holds, it is text.

use huibian::document::Block;
use huibian::site::SitePath;

use crate::fixture::{Draft, config, heading, pages, paragraph, site, tags, text, visible};

const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "{{ site.title }}{% raw %}",
    "\"><img src=x onerror=alert(1)>",
    "' onclick='alert(1)",
    "]]></script></title><!--",
    "\u{202E}txt.exe\u{202C}",
    "nul\u{0} bell\u{7} esc\u{1B}[0m \u{FFFE}",
    "&lt;b&gt; &amp;amp; =cmd|' /C calc'!A0",
];

fn drafts() -> Vec<Draft> {
    const PATHS: [&str; 8] = ["0.txt", "1.txt", "2.txt", "3.txt", "4.txt", "5.txt", "6.txt", "7.txt"];
    HOSTILE
        .into_iter()
        .zip(PATHS)
        .map(|(evil, path)| Draft {
            path,
            title: evil,
            region: None,
            year: Some(2023),
            kind: Some("总结"),
            blocks: vec![
                paragraph(evil),
                heading(1, evil),
                paragraph(evil),
                Block::Table(huibian::document::Table {
                    rows: vec![vec![evil.into()], vec![evil.into()]],
                    header_rows: 1,
                    lines: huibian::document::Lines::one(1),
                }),
            ],
        })
        .collect()
}

#[test]
fn markup_in_reports_stays_text() {
    let site = site(&drafts(), config());
    for (path, page) in pages(&site) {
        for tag in tags(&page) {
            assert!(tag.name != "img" && (tag.name != "script" || !tag.attributes.is_empty()), "{path}: {tag:?}");
            assert!(tag.attributes.iter().all(|(name, _)| !name.starts_with("on") && name != "style"), "{path}: {tag:?}");
        }
        assert!(page.chars().all(|c| c == '\n' || c == '\t' || !c.is_control()), "{path} holds a control character");
    }
    let page = text(&site, &SitePath::new("reports/1/index.html"));
    assert!(visible(&page).contains("{{ site.title }}{% raw %}"), "templates are not read twice");
}

#[test]
fn the_feed_and_the_sitemap_stay_xml() {
    let site = site(&drafts(), config());
    for file in ["feed.xml", "sitemap.xml"] {
        let xml = text(&site, &SitePath::new(file));
        assert!(xml.chars().all(|c| matches!(c, '\n' | '\t' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)), "{file}");
        let mut open: Vec<&str> = Vec::new();
        for tag in xml.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
            match tag.as_bytes()[0] {
                b'?' => {}
                b'/' => assert_eq!(open.pop(), Some(&tag[1..]), "{file}"),
                _ if tag.ends_with('/') => {}
                _ => open.push(tag.split(' ').next().unwrap()),
            }
        }
        assert_eq!(open, Vec::<&str>::new(), "{file}");
    }
}

#[test]
fn a_spreadsheet_finds_no_formula() {
    let mut drafts = drafts();
    drafts[0].title = "=HYPERLINK(\"http://x\")";
    drafts[1].title = "@SUM(1)";
    let site = site(&drafts, config());
    let csv = text(&site, &SitePath::new("archive.csv"));
    assert!(csv.starts_with('\u{FEFF}'), "without the mark a spreadsheet takes UTF-8 for something else");
    let table = &csv['\u{FEFF}'.len_utf8()..];
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let mut rows = 0;
    for row in reader.records() {
        rows += 1;
        for cell in row.unwrap().iter() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
        }
    }
    assert_eq!(rows, 8);
    assert!(table.lines().next().unwrap().len() > 10 && table.contains("\r\n"));
}
