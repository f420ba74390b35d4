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
        .chain(["regions/themes", "years/themes", "phrases", "figures", "figures/percent"].map(|folder| format!("{folder}/index.html")))
        .collect()
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
