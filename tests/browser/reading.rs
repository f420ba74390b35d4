//! What a report offers beside its text: lasting links, comparison, figures, the reader's settings; by keyboard too.

#![allow(clippy::disallowed_methods, reason = "tests write archives")]

use std::path::Path;

use crate::archive::{Served, build};
use crate::chromium::{Tab, with_browser};

/// A report of the sample archive with contents, figures and a later year.
const REPORT: &str = "reports/东坡区2023年基层党建工作总结/index.html";
const EARLIER: &str = "reports/东坡区2022年基层党建工作总结/index.html";

fn write(root: &Path, paragraphs: &[&str]) {
    let content = root.join("content");
    std::fs::create_dir_all(&content).expect("content/ is made");
    let text: String = paragraphs.iter().map(|paragraph| format!("　　{paragraph}\n")).collect();
    std::fs::write(content.join("虚构.txt"), format!("安康市2023年工作总结\n\n{text}")).expect("the report is written");
}

#[test]
fn a_link_to_a_paragraph_survives_edits() {
    with_browser(async |chromium| {
        let folder = tempfile::tempdir().expect("a folder");
        let (first, second, third) = (
            "今年以来，全市选派虚构干部一百八十六名驻村帮扶。",
            "人才公寓建成两处，入住青年教师四十人。",
            "干部教育培训办班十二期，参训人员覆盖全部乡镇。",
        );
        write(folder.path(), &[first, second, third]);
        let page = format!("file://{}/reports/虚构/index.html", build(folder.path()).display());
        let tab = chromium.tab(1440, 900).await;
        tab.open(&page).await;
        let names: Vec<String> = tab.value("[...document.querySelectorAll('.text > p')].map(p => p.id)").await;
        let [_, edited, kept] = names.as_slice() else { panic!("three paragraphs: {names:?}") };
        write(folder.path(), &[first, "人才公寓建成三处，其中一处在县城，入住青年教师四十人。", third]);
        build(folder.path());

        tab.open("about:blank").await;
        tab.open(&format!("{page}#{kept}")).await;
        let still: String = tab.value("document.querySelector(':target').textContent").await;
        assert_eq!(still, third, "an edit elsewhere changes nothing");
        tab.open("about:blank").await;
        tab.open(&format!("{page}#{edited}")).await;
        let found: String = tab.value("document.querySelector('.cited').textContent").await;
        assert!(found.starts_with("人才公寓建成三处"), "the edited paragraph is found: {found}");
        assert!(tab.text().await.contains("所引段落后来有改动"), "and it says that it was edited");
        tab.open("about:blank").await;
        tab.open(&format!("{page}#p-0000000000")).await;
        assert!(tab.text().await.contains("所引段落已不在本文中"), "what is gone is said to be gone");
    });
}

#[test]
fn any_two_reports_or_sections_can_be_laid_side_by_side() {
    with_browser(async |chromium| {
        let site = Served::sample();
        let disk = format!("file://{}/", crate::archive::built().display());
        for base in [site.url.as_str(), &disk] {
            let address = |file: &str| if base == disk { format!("{base}{file}") } else { site.page(file) };
            let tab = chromium.tab(1440, 900).await;
            tab.open(&address(EARLIER)).await;
            pick(&tab, 0).await;
            assert!(tab.text().await.contains("已选来比较"), "{base}: what is picked is said");
            tab.open(&address(REPORT)).await;
            pick(&tab, 0).await;
            compared(&tab).await;
            let (struck, added): (usize, usize) =
                tab.value("[document.querySelectorAll('del').length, document.querySelectorAll('ins').length]").await;
            assert!(struck > 0 && added > 0, "{base}: changed words are marked");
            // One section of each.
            tab.value::<bool>(
                "[...document.querySelectorAll('select')].every(s => { s.value = '1'; return s.dispatchEvent(new Event('change')) })",
            )
            .await;
            let headings: Vec<String> = tab.value("[...document.querySelectorAll('.changes h2 span')].map(s => s.textContent)").await;
            assert_eq!(headings.len(), 2, "{base}: one section beside another: {headings:?}");
            // Sections of a theme.
            tab.open(&address("themes/rencai-gongzuo/index.html")).await;
            pick(&tab, 0).await;
            pick(&tab, 1).await;
            compared(&tab).await;
            tab.assert_quiet(base).await;
        }
    });
}

async fn pick(tab: &Tab, which: usize) {
    // The page may be scrolling smoothly, so a place on the screen would not do.
    tab.value::<bool>(&format!("document.querySelectorAll('button.pick')[{which}].click() === undefined")).await;
}

async fn compared(tab: &Tab) {
    tab.until("document.documentElement.dataset.compareState === 'done'", "the comparison is there").await;
}

#[test]
fn the_figures_marked_are_those_of_the_table() {
    with_browser(async |chromium| {
        let site = Served::sample();
        let tab = chromium.tab(1440, 900).await;
        tab.open(&site.page(REPORT)).await;
        let marked: Vec<String> = tab
            .value(
                "(() => { const box = document.querySelector('input[name=figures]'); box.checked = true;
                 box.dispatchEvent(new Event('change', {bubbles: true}));
                 return [...CSS.highlights.get('figures')].map(String) })()",
            )
            .await;
        let stated: usize =
            tab.value("[...document.querySelectorAll('[data-f]')].reduce((n, b) => n + b.dataset.f.split(' ').length, 0)").await;
        assert!(stated > 5 && marked.len() == stated, "{stated} quantities, marked: {marked:?}");
        assert!(marked.iter().all(|text| text.chars().any(char::is_numeric) && !text.chars().all(char::is_numeric)), "{marked:?}");
    });
}

#[test]
fn a_keyboard_reaches_contents_and_settings() {
    with_browser(async |chromium| {
        let site = Served::sample();
        let tab = chromium.tab(1440, 900).await;
        tab.open(&site.page(REPORT)).await;
        until_focus(&tab, "nav.contents a").await;
        let target: String = tab.value("document.activeElement.hash").await;
        tab.press("Enter").await;
        tab.until(&format!("location.hash === {target:?}"), "the heading is gone to").await;
        until_focus(&tab, "details.reader summary").await;
        tab.press("Enter").await;
        until_focus(&tab, "input[name=font]").await;
        tab.press("ArrowDown").await;
        tab.until("document.documentElement.dataset.font === 'hei'", "the typeface changes").await;
        tab.open(&site.page(EARLIER)).await;
        let kept: String = tab.value("document.documentElement.dataset.font").await;
        assert_eq!(kept, "hei", "the choice is kept");
        tab.open(&site.page("themes/rencai-gongzuo/index.html")).await;
        until_focus(&tab, ".filters a").await;
        until_focus(&tab, "button.pick").await;
        tab.assert_quiet(&site.url).await;
    });
}

/// Presses Tab until something that matches has the focus, and sees that the focus is shown.
async fn until_focus(tab: &Tab, selector: &str) {
    for _ in 0..200 {
        tab.press("Tab").await;
        if tab.value::<bool>(&format!("document.activeElement.matches({selector:?})")).await {
            let outline: String = tab.value("getComputedStyle(document.activeElement).outlineStyle").await;
            assert_ne!(outline, "none", "the focus on {selector} is seen");
            return;
        }
    }
    panic!("no Tab leads to {selector} on {}", tab.url().await);
}
