//! What every page keeps, at every size.

use crate::archive::{Served, built};
use crate::chromium::{Tab, with_browser};

/// One page of each sort, as files below the site's root.
pub fn pages() -> Vec<String> {
    let first = |folder: &str| {
        let mut names: Vec<String> = std::fs::read_dir(built().join(folder))
            .expect("the site has this folder")
            .map(|entry| entry.expect("it can be listed").file_name().into_string().expect("names are UTF-8"))
            .filter(|name| name != "index.html" && name != "page")
            .collect();
        names.sort();
        format!("{folder}/{}/index.html", names.first().expect("it has a page"))
    };
    ["index.html", "regions/index.html", "themes/index.html", "search/index.html", "404.html"]
        .into_iter()
        .map(str::to_owned)
        .chain(["reports", "compilations", "regions", "themes", "years", "kinds"].map(first))
        .chain(["regions/pinyin", "regions/themes", "years/themes", "phrases", "figures", "figures/percent", "compare"].map(of_folder))
        .chain(["themes/rencai-gongzuo/levels/county", "reports/东坡区2023年基层党建工作总结/changes"].map(of_folder))
        .collect()
}

fn of_folder(folder: &str) -> String {
    format!("{folder}/index.html")
}

#[test]
fn no_page_scrolls_sideways_or_complains() {
    with_browser(async |chromium| {
        let site = Served::sample();
        for width in [390, 1440] {
            let tab = chromium.tab(width, 900).await;
            for page in pages() {
                for dark in [false, true] {
                    if dark {
                        tab.dark().await;
                    }
                    tab.open(&site.page(&page)).await;
                    assert_no_sideways_scroll(&tab, &page, width).await;
                }
            }
            tab.assert_quiet(&site.url).await;
        }
    });
}

/// 200 % zoom of a laptop's window; 400 %, where WCAG asks that text reflows.
#[test]
fn pages_can_be_zoomed() {
    with_browser(async |chromium| {
        let site = Served::sample();
        for width in [720, 320] {
            let tab = chromium.tab(width, 450).await;
            for page in pages() {
                tab.open(&site.page(&page)).await;
                assert_no_sideways_scroll(&tab, &page, width).await;
            }
        }
    });
}

#[test]
fn pages_open_from_disk_without_complaint() {
    with_browser(async |chromium| {
        let tab = chromium.tab(1440, 900).await;
        for page in pages().iter().filter(|page| *page != "404.html") {
            tab.open(&format!("file://{}/{page}", built().display())).await;
            let broken: Vec<String> =
                tab.value("[...document.querySelectorAll('a[href]')].map(a => a.href).filter(href => href.endsWith('/'))").await;
            assert!(broken.is_empty(), "{page}: a folder is no page on disk: {broken:?}");
        }
        tab.assert_quiet("file://").await;
    });
}

#[test]
fn nothing_moves_while_a_page_loads_and_no_script_holds_it_up() {
    with_browser(async |chromium| {
        let site = Served::sample();
        for width in [390, 1440] {
            let tab = chromium.tab(width, 900).await;
            for page in pages() {
                tab.open(&site.page(&page)).await;
                let shift: f64 = tab
                    .value(
                        "new Promise(done => { let sum = 0;
                         new PerformanceObserver(list => { for (const entry of list.getEntries()) sum += entry.value })
                           .observe({type: 'layout-shift', buffered: true});
                         setTimeout(() => done(sum), 150) })",
                    )
                    .await;
                // Web Vitals calls 0.1 good; a page of text has no reason for more than a hair.
                assert!(shift < 0.01, "{page} shifts by {shift} at {width} pixels");
                let blocking: Vec<String> = tab
                    .value(
                        "performance.getEntriesByType('resource').filter(r => r.initiatorType === 'script' &&
                         r.renderBlockingStatus === 'blocking').map(r => r.name)",
                    )
                    .await;
                assert!(blocking.is_empty(), "{page}: {blocking:?}");
            }
        }
    });
}

#[test]
fn whoever_wants_no_motion_gets_none() {
    with_browser(async |chromium| {
        let site = Served::sample();
        let tab = chromium.tab(1440, 900).await;
        tab.prefer_still().await;
        for page in pages() {
            tab.open(&site.page(&page)).await;
            let moving: usize = tab
                .value(
                    "document.getAnimations().length + [...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);
                     return s.scrollBehavior === 'smooth' || parseFloat(s.transitionDuration) > 0 || parseFloat(s.animationDuration) > 0 }).length",
                )
                .await;
            assert_eq!(moving, 0, "{page}");
        }
    });
}

#[test]
fn paper_shows_the_text_alone() {
    with_browser(async |chromium| {
        let site = Served::sample();
        // The width of A4 less its margins, in CSS pixels.
        let tab = chromium.tab(600, 900).await;
        tab.on_paper().await;
        for page in pages() {
            tab.open(&site.page(&page)).await;
            let shown: Vec<String> = tab
                .value(
                    "['.site-head', '.site-foot', '.crumbs', '.pager', '.pick', '.reader', '.contents', '.search-box'].filter(s =>
                     [...document.querySelectorAll(s)].some(e => e.offsetParent))",
                )
                .await;
            assert!(shown.is_empty(), "{page} prints {shown:?}");
            let (heading, ink): (bool, String) = tab
                .value("[Boolean(document.querySelector('h1').offsetParent), getComputedStyle(document.documentElement).backgroundColor]")
                .await;
            assert!(heading && ink == "rgba(0, 0, 0, 0)", "{page}: a heading on white paper: {ink}");
        }
    });
}

#[test]
fn pages_can_be_read_without_scripts() {
    with_browser(async |chromium| {
        let site = Served::sample();
        for page in pages() {
            let tab = chromium.tab(1440, 900).await;
            tab.without_scripts().await;
            tab.open(&site.page(&page)).await;
            let visible: String = tab.value("document.querySelector('main').innerText").await;
            let heading: String = tab.value("document.querySelector('h1').innerText").await;
            assert!(visible.contains(&heading) && visible.len() > heading.len() + 10, "{page} shows its text without scripts: {visible:?}");
        }
        let tab = chromium.tab(1440, 900).await;
        tab.without_scripts().await;
        tab.open(&site.page("search/index.html")).await;
        let notice: bool = tab.value("[...document.querySelectorAll('noscript')].some(n => n.innerText.trim())").await;
        assert!(notice, "the search says that it needs a script");
    });
}

async fn assert_no_sideways_scroll(tab: &Tab, page: &str, width: i64) {
    let wide: i64 = tab.value("document.documentElement.scrollWidth").await;
    assert!(wide <= width, "{page} is {wide} pixels wide in a window of {width}");
}
