//! What readers do.

use crate::archive::{Served, built};
use crate::chromium::{Tab, with_browser};

#[test]
fn a_reader_goes_from_home_to_region_to_report_to_theme_to_search() {
    with_browser(async |chromium| {
        let site = Served::sample();
        let tab = chromium.tab(1440, 900).await;
        tab.open(&site.url).await;
        tab.follow("a[href$='regions/']").await;
        tab.follow("main a[href*='610000/'], main a[href*='0000/']").await;
        tab.follow("main a[href*='reports/']").await;
        assert!(tab.text().await.contains("虚构"), "the sample says that it is fictional");
        tab.follow("a[href*='themes/']:not([href$='themes/'])").await;
        tab.follow("a[href$='search/']").await;
        search(&tab, "干部").await;
        tab.follow("a[data-search-hit]").await;
        assert!(tab.text().await.contains("干部"));
        tab.assert_quiet(&site.url).await;
    });
}

#[test]
fn the_site_works_from_disk() {
    with_browser(async |chromium| {
        let home = format!("file://{}/index.html", built().display());
        let tab = chromium.tab(1440, 900).await;
        tab.open(&home).await;
        tab.page.find_element("a[href*='search/']").await.expect("a way to the search");
        tab.open(&home.replace("/index.html", "/search/index.html")).await;
        search(&tab, "干部").await;
        let hit: String = tab.value("document.querySelector('a[data-search-hit]').href").await;
        assert!(hit.starts_with("file://"), "{hit}");
        tab.page.find_element("a[data-search-hit]").await.expect("a hit").click().await.expect("it can be clicked");
        tab.until("location.href.includes('/reports/') && location.pathname.endsWith('/index.html')", "the report opens").await;
        tab.assert_quiet("file://").await;
    });
}

/// Types a query and waits for its answer: at least one report, each hit truly holding the query.
async fn search(tab: &Tab, query: &str) {
    tab.until("['ready', 'done'].includes(document.documentElement.dataset.searchState)", "the search is ready").await;
    let input = tab.page.find_element("input[type=search]").await.expect("a search box");
    input.click().await.expect("it takes the focus");
    tab.value::<bool>(&format!(
        "(() => {{ const i = document.querySelector('input[type=search]'); i.value = {query:?};
           i.dispatchEvent(new InputEvent('input', {{bubbles: true}})); return true; }})()"
    ))
    .await;
    tab.until(
        &format!("document.documentElement.dataset.searchState === 'done' && new URLSearchParams(location.search).get('q') === {query:?}"),
        "the answer is there",
    )
    .await;
    let total: String = tab.value("document.querySelector('[data-search-total]').dataset.searchTotal").await;
    assert!(total.parse::<usize>().is_ok_and(|n| n > 0), "{query} is found: {total:?}");
}
