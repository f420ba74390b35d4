//! The search page as a searcher uses it.

#![allow(clippy::disallowed_methods, reason = "tests write archives and damage what was built")]

use std::path::Path;
use std::sync::atomic::Ordering;

use chromiumoxide::cdp::browser_protocol::input::{ImeSetCompositionParams, InsertTextParams};

use crate::accessibility::{axe, violations};
use crate::archive::{build, built};
use crate::chromium::{Chromium, Tab, with_browser};
use crate::host::Host;

const STATE: &str = "document.documentElement.dataset.searchState";
const BOX: &str = "document.querySelector('input[type=search]')";

/// The search page of a host, ready, with the box in focus.
async fn opened(chromium: &Chromium, host: &Host, query: &str) -> Tab {
    let tab = chromium.tab(1280, 900).await;
    tab.open(&format!("{}search/{query}", host.url)).await;
    tab.until(&format!("['ready', 'done'].includes({STATE})"), "the search is ready").await;
    tab.value::<bool>(&format!("({BOX}.focus(), true)")).await;
    tab
}

impl Tab {
    /// Types as a keyboard does, a character at a time.
    async fn write(&self, text: &str) {
        for character in text.chars() {
            self.page.execute(InsertTextParams::new(character)).await.expect("it is typed");
        }
    }

    /// In place of what is in the box.
    async fn retype(&self, text: &str) {
        self.value::<bool>(&format!("({BOX}.select(), true)")).await;
        self.write(text).await;
    }

    async fn answered(&self, query: &str) {
        let asked = "(new URLSearchParams(location.search || location.hash.slice(1)).get('q') ?? '')";
        let state = if query.is_empty() { "ready" } else { "done" };
        self.until(&format!("{asked} === {query:?} && {STATE} === {state:?} && {BOX}.value.trim() === {query:?}"), query).await;
    }

    async fn total(&self) -> usize {
        self.value::<String>("document.querySelector('[data-search-total]').dataset.searchTotal").await.parse().expect("a number")
    }

    async fn status(&self) -> String {
        self.value("document.querySelector('.search-status').textContent").await
    }

    /// Clicks the first button with this text.
    async fn click(&self, text: &str) {
        let button = format!("[...document.querySelectorAll('#search button')].find(b => b.textContent.trim().startsWith({text:?}))");
        self.until(&format!("{button} !== undefined"), text).await;
        self.value::<bool>(&format!("({button}.click(), true)")).await;
    }
}

/// An archive of short reports: file name and content.
fn archive(folder: &Path, reports: &[(&str, &str)]) {
    let content = folder.join("content");
    if content.exists() {
        std::fs::remove_dir_all(&content).expect("the old content goes");
    }
    std::fs::create_dir_all(&content).expect("content/ is made");
    std::fs::write(folder.join("config.toml"), "title = \"试\"\nphrases = [\"组织建设抓得紧\"]\n").expect("config.toml is written");
    for (name, text) in reports {
        std::fs::write(content.join(format!("{name}.txt")), format!("{name}\n\n{text}\n")).expect("a report is written");
    }
}

#[test]
fn results_follow_what_is_typed() {
    with_browser(async |chromium| {
        let host = Host::start(built(), "a/b");
        let tab = opened(chromium, &host, "").await;
        tab.write("干部队伍").await;
        tab.answered("干部队伍").await;
        let total = tab.total().await;
        assert!(total > 0);
        let listed: usize = tab.value("document.querySelectorAll('a[data-search-hit]').length").await;
        assert_eq!(listed, total.min(10));
        let truly: bool = tab
            .value(
                "[...document.querySelectorAll('.search-results > li')].every(li => li.querySelectorAll('.excerpt').length <= 3
                 && [...li.querySelectorAll('mark')].some(mark => mark.textContent === '干部队伍'))",
            )
            .await;
        assert!(truly, "each hit shows the words");
        tab.write(" 没有这样的话").await;
        tab.answered("干部队伍 没有这样的话").await;
        assert_eq!(tab.total().await, 0);
        // What is offered instead leads to results.
        tab.click("干部队伍").await;
        tab.answered("干部队伍").await;
        assert_eq!(tab.total().await, total);
        tab.assert_quiet(&host.url).await;
    });
}

#[test]
fn nothing_is_searched_in_the_middle_of_a_composition() {
    with_browser(async |chromium| {
        let host = Host::start(built(), "site");
        let tab = opened(chromium, &host, "").await;
        for text in ["g", "gan", "gan bu"] {
            let length = text.len() as i64;
            tab.page.execute(ImeSetCompositionParams::new(text, length, length)).await.expect("a composition goes on");
        }
        assert_eq!(tab.value::<String>(&format!("{BOX}.value")).await, "gan bu");
        assert_eq!(tab.value::<String>("location.search").await, "", "nothing was asked");
        assert_eq!(tab.value::<String>(STATE).await, "ready");
        tab.page.execute(InsertTextParams::new("干部")).await.expect("the composition ends");
        tab.answered("干部").await;
        assert!(tab.total().await > 0);
        tab.assert_quiet(&host.url).await;
    });
}

#[test]
fn the_address_is_the_state_and_back_works() {
    with_browser(async |chromium| {
        let host = Host::start(built(), "site");
        let tab = opened(chromium, &host, "?q=人才").await;
        tab.answered("人才").await;
        let before = tab.total().await;
        tab.retype("干部").await;
        tab.press("Enter").await;
        tab.answered("干部").await;
        tab.click("日期").await;
        tab.until("location.search.includes('sort=date')", "the order is in the address").await;
        tab.answered("干部").await;
        let years: Vec<u32> = tab
            .value("[...document.querySelectorAll('.search-results .meta')].flatMap(m => (m.textContent.match(/(?:19|20)\\d\\d/) ?? []).map(Number))")
            .await;
        assert!(years.len() > 2 && years.is_sorted_by(|a, b| a >= b), "newest first: {years:?}");
        tab.value::<bool>("(history.back(), true)").await;
        tab.until("!location.search.includes('sort')", "a step back").await;
        tab.answered("干部").await;
        tab.open(&format!("{}search/?q=人才", host.url)).await;
        tab.answered("人才").await;
        assert_eq!(tab.total().await, before);
        tab.assert_quiet(&host.url).await;
    });
}

#[test]
fn facets_narrow_by_exactly_what_they_say() {
    with_browser(async |chromium| {
        let host = Host::start(built(), "site");
        let tab = opened(chromium, &host, "?q=工作").await;
        tab.until("document.querySelector('.search-facets button[aria-pressed]') !== null", "the facets are there").await;
        let chips: Vec<(String, usize)> = tab
            .value(
                "[...document.querySelectorAll('.search-facets .chips button, .search-facets .tree button')].map(b =>
                 [b.firstChild.data, Number(b.querySelector('.n').textContent)])",
            )
            .await;
        assert!(chips.len() > 5, "{chips:?}");
        for (name, count) in chips.iter().step_by(chips.len() / 4) {
            tab.open(&format!("{}search/?q=工作", host.url)).await;
            tab.answered("工作").await;
            tab.click(name).await;
            tab.until("new URLSearchParams(location.search).get('q').includes(':')", "the address holds it").await;
            tab.until(&format!("{STATE} === 'done'"), "it is answered").await;
            assert_eq!(tab.total().await, *count, "{name}");
        }
        tab.assert_quiet(&host.url).await;
    });
}

#[test]
fn keys_lead_from_the_box_through_the_hits_to_the_words() {
    with_browser(async |chromium| {
        let host = Host::start(built(), "site");
        let focused = "[...document.querySelectorAll('a[data-search-hit]')].indexOf(document.activeElement)";
        let tab = opened(chromium, &host, "?q=人才").await;
        tab.answered("人才").await;
        tab.value::<bool>(&format!("({BOX}.blur(), true)")).await;
        tab.press("j").await;
        tab.until(&format!("{focused} === 0"), "keys work before the tools are there").await;
        tab.until("document.querySelector('.search-tools button') !== null", "the tools are there").await;
        tab.value::<bool>("(document.activeElement.blur(), true)").await;
        tab.press("/").await;
        assert!(tab.value::<bool>(&format!("document.activeElement === {BOX}")).await, "/ leads to the box");
        for (key, expected) in [("ArrowDown", 0), ("j", 1), ("j", 2), ("k", 1)] {
            tab.press(key).await;
            assert_eq!(tab.value::<i32>(focused).await, expected, "after {key}");
        }
        tab.press("Escape").await;
        assert!(tab.value::<bool>(&format!("document.activeElement === {BOX}")).await, "Esc leads back");
        tab.press("ArrowDown").await;
        tab.press("Enter").await;
        tab.until("location.pathname.includes('/reports/') && document.readyState === 'complete'", "the report opens").await;
        let marked: Vec<String> = tab.value("[...CSS.highlights.get('search')].map(range => range.toString())").await;
        assert!(!marked.is_empty() && marked.iter().all(|text| text == "人才"), "{marked:?}");
        let target: String = tab.value("document.querySelector(':target').textContent").await;
        assert!(target.contains("人才"), "the very paragraph: {target}");
        tab.assert_quiet(&host.url).await;
    });
}

#[test]
fn suggestions_complete_what_is_typed() {
    with_browser(async |chromium| {
        let folder = tempfile::tempdir().expect("a folder");
        let texts: Vec<(String, String)> =
            (1..7).map(|n| (format!("第{n}号组织建设报告"), format!("组织建设抓得紧，组织部门第{n}次检查。"))).collect();
        archive(folder.path(), &texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>());
        let host = Host::start(&build(folder.path()), "site");
        let tab = opened(chromium, &host, "").await;
        let options = "[...document.querySelectorAll('[role=option]')].map(o => o.textContent)";
        for typed in ["组", "zuzhi"] {
            tab.until("document.querySelector('#suggestions') !== null", "the list box is there").await;
            tab.write(typed).await;
            tab.until(&format!("{options}.includes('组织')"), "a word is suggested").await;
            assert_eq!(tab.value::<String>(&format!("{BOX}.ariaExpanded")).await, "true");
            tab.press("Escape").await;
            assert_eq!(tab.value::<String>(&format!("{BOX}.ariaExpanded")).await, "false");
            assert_eq!(tab.value::<String>(&format!("{BOX}.value")).await, typed, "the first Esc only closes the list");
            tab.press("Escape").await;
            tab.answered("").await;
        }
        tab.write("建设抓").await;
        tab.until(&format!("{options}.includes('组织建设抓得紧')"), "a set phrase is suggested").await;
        tab.press("Escape").await;
        tab.press("Escape").await;
        tab.answered("").await;
        tab.write("组织建设").await;
        tab.until(&format!("{options}.some(text => text.endsWith('号组织建设报告'))"), "titles are suggested").await;
        tab.press("Escape").await;
        tab.press("Escape").await;
        tab.answered("").await;
        tab.write("组").await;
        tab.until(&format!("{options}.includes('组织')"), "a word is suggested").await;
        tab.press("ArrowDown").await;
        let active: String = tab.value(&format!("document.getElementById({BOX}.getAttribute('aria-activedescendant')).textContent")).await;
        tab.press("Enter").await;
        tab.answered(&active).await;
        assert!(tab.value::<bool>("document.querySelector('#suggestions').hidden").await);
        tab.assert_quiet(&host.url).await;
    });
}

#[test]
fn a_concordance_has_a_line_for_each_place_and_a_sentence_for_a_spreadsheet() {
    with_browser(async |chromium| {
        let folder = tempfile::tempdir().expect("a folder");
        archive(folder.path(), &[("甲", "前一句。丙某抓组织，组织乙事。后一句。"), ("乙", "=甲某抓组织甲事！再一句。")]);
        let host = Host::start(&build(folder.path()), "site");
        let tab = opened(chromium, &host, "?q=组织").await;
        tab.click("按句").await;
        tab.until("document.querySelectorAll('.search-lines > li').length === 3", "three places").await;
        let aligned: bool = tab
            .value("new Set([...document.querySelectorAll('.search-lines mark')].map(m => Math.round(m.getBoundingClientRect().left))).size === 1")
            .await;
        assert!(aligned, "one below the other");
        for (button, side, expected) in [("后文", "after", ["甲", "乙", "，"]), ("前文", "before", ["抓", "抓", "，"])] {
            tab.click(button).await;
            tab.until(&format!("{STATE} === 'done' && document.querySelectorAll('.search-lines > li').length === 3"), "sorted").await;
            let nearest = if side == "after" { "t[0]" } else { "t.at(-1)" };
            let mut found: Vec<String> = tab
                .value(&format!("[...document.querySelectorAll('.search-lines .{side}')].map(e => e.textContent).map(t => {nearest})"))
                .await;
            let in_order: bool = tab
                .value(&format!(
                    "[...document.querySelectorAll('.search-lines .{side}')].map(e => e.textContent).map(t => {nearest})
                     .every((t, i, all) => !i || new Intl.Collator('zh-CN').compare(all[i - 1], t) <= 0)"
                ))
                .await;
            assert!(in_order, "{button}: {found:?}");
            found.sort();
            let mut expected = expected.map(String::from).to_vec();
            expected.sort();
            assert_eq!(found, expected);
        }
        tab.value::<bool>("(navigator.clipboard.writeText = async (text) => { globalThis.copied = text; }, true)").await;
        tab.click("复制").await;
        tab.until("globalThis.copied !== undefined", "it is copied").await;
        let copied: String = tab.value("globalThis.copied").await;
        let mut rows = csv::Reader::from_reader(copied.as_bytes());
        assert_eq!(rows.headers().expect("a head").len(), 9);
        let mut sentences: Vec<String> =
            rows.records().map(|row| row.expect("a row")).map(|row| format!("{}|{}|{}", &row[5], &row[6], &row[7])).collect();
        sentences.sort();
        assert_eq!(sentences, ["'=甲某抓|组织|甲事！", "丙某抓|组织|，组织乙事。", "丙某抓组织，|组织|乙事。"]);
        tab.assert_quiet(&host.url).await;
    });
}

#[test]
fn a_site_that_is_published_anew_under_an_open_page_is_searched_anew() {
    with_browser(async |chromium| {
        let folder = tempfile::tempdir().expect("a folder");
        archive(folder.path(), &[("甲", "甲某在此。"), ("乙", "乙某在此。"), ("丙", "丙某在此。")]);
        let site = build(folder.path());
        let host = Host::start(&site, "site");
        let tab = opened(chromium, &host, "?q=甲某").await;
        tab.answered("甲某").await;
        assert_eq!(tab.total().await, 1);
        archive(folder.path(), &[("甲", "甲某在此。"), ("乙", "乙某在此。"), ("丙", "丙某不在，乙某代他。"), ("丁", "丁某来了。")]);
        build(folder.path());
        tab.retype("乙某").await;
        tab.answered("乙某").await;
        assert_eq!(tab.total().await, 2, "the new site is searched");
        // A file that is missing is told once the second try has failed as well, and mended by what is typed next.
        let (texts, away) = (site.join("search/t"), folder.path().join("away"));
        std::fs::rename(&texts, &away).expect("the texts go");
        tab.retype("丁某").await;
        tab.until(&format!("{STATE} === 'failed'"), "the failure is told").await;
        assert!(tab.status().await.contains("未能载入"), "{}", tab.status().await);
        std::fs::rename(&away, &texts).expect("the texts come back");
        tab.retype("甲某").await;
        tab.answered("甲某").await;
        assert_eq!(tab.total().await, 1);
        // For a letter that no text held, no file is asked that would tell of the new site: after a while the base is.
        archive(folder.path(), &[("甲", "甲某在此。"), ("戊", "龘某来了。")]);
        build(folder.path());
        tab.value::<bool>("(performance.now = () => 1e9, true)").await;
        tab.retype("龘某").await;
        tab.answered("龘某").await;
        assert_eq!(tab.total().await, 1);
    });
}

#[test]
fn a_slow_network_shows_what_is_going_on() {
    with_browser(async |chromium| {
        let host = Host::start(built(), "site");
        let tab = opened(chromium, &host, "").await;
        host.delay.store(1500, Ordering::Relaxed);
        tab.write("干部").await;
        tab.until("document.querySelector('.search-status').textContent.startsWith('正在查找')", "it says that it is searching").await;
        tab.answered("干部").await;
        assert!(tab.status().await.starts_with('共'));
        tab.assert_quiet(&host.url).await;
    });
}

#[test]
fn axe_finds_nothing_wrong_with_what_search_shows() {
    let Some(axe) = axe() else { return };
    with_browser(async |chromium| {
        let host = Host::start(built(), "site");
        for (query, typed, shown) in [
            ("?q=人才", "", ".search-facets .spread"),
            ("?q=人才&view=lines", "", ".search-facets .spread"),
            ("", "组织", "[role=option]"),
            ("?q=查无此语的组织建设", "", ".search-tools .chips"),
        ] {
            for dark in [false, true] {
                let tab = opened(chromium, &host, query).await;
                if dark {
                    tab.dark().await;
                }
                tab.write(typed).await;
                tab.until(&format!("document.querySelector('{shown}') !== null"), shown).await;
                let found = violations(&tab, &axe).await;
                assert!(found.is_empty(), "{query}{typed}, dark {dark}: {}", found.join("\n"));
            }
        }
    });
}

#[test]
fn without_scripts_a_note_leads_to_the_lists() {
    with_browser(async |chromium| {
        let host = Host::start(built(), "site");
        let tab = chromium.tab(390, 800).await;
        tab.without_scripts().await;
        tab.open(&format!("{}search/", host.url)).await;
        assert!(tab.text().await.contains("搜索需要浏览器脚本"));
        tab.page.find_element("noscript a[href$='regions/']").await.expect("a way on");
    });
}
