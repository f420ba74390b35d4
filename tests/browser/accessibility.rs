//! WCAG 2.2 AA on every sort of page, by axe-core, in both colour schemes; and what a keyboard reaches.
//!
//! axe-core is looked for at `HUIBIAN_AXE` (the path of `axe.min.js`); the continuous integration installs it.

#![allow(clippy::disallowed_methods, reason = "tests read files and the environment")]

use serde::Deserialize;

use crate::archive::Served;
use crate::chromium::{Tab, with_browser};
use crate::pages::pages;

#[derive(Deserialize)]
struct Violation {
    id: String,
    help: String,
    nodes: Vec<String>,
}

/// The source of axe-core; `None`, said aloud, where it is not to be found.
pub fn axe() -> Option<String> {
    let Ok(path) = std::env::var("HUIBIAN_AXE") else {
        assert!(std::env::var("HUIBIAN_BROWSER_TESTS").as_deref() != Ok("required"), "HUIBIAN_AXE must name axe.min.js");
        eprintln!("skipped: HUIBIAN_AXE does not name axe.min.js");
        return None;
    };
    Some(std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}")))
}

/// What axe-core finds wrong in an open page, a text for each rule.
pub async fn violations(tab: &Tab, axe: &str) -> Vec<String> {
    tab.page.evaluate(axe).await.expect("axe loads");
    let found: Vec<Violation> = tab
        .value(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r =>
             r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))})))",
        )
        .await;
    found.into_iter().map(|Violation { id, help, nodes }| format!("{id}: {help}\n    {}", nodes.join("\n    "))).collect()
}

#[test]
fn axe_finds_nothing_to_complain_about() {
    let Some(axe) = axe() else { return };
    with_browser(async |chromium| {
        let site = Served::sample();
        let mut found = Vec::new();
        for (width, dark) in [(1440, false), (1440, true), (390, false)] {
            let tab = chromium.tab(width, 900).await;
            if dark {
                tab.dark().await;
            }
            for page in pages() {
                tab.open(&site.page(&page)).await;
                for violation in violations(&tab, &axe).await {
                    found.push(format!("{page}, {width} pixels, dark {dark}: {violation}"));
                }
            }
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    });
}

#[test]
fn the_keyboard_reaches_the_text_first() {
    with_browser(async |chromium| {
        let site = Served::sample();
        let tab = chromium.tab(1440, 900).await;
        for page in pages() {
            tab.open(&site.page(&page)).await;
            tab.press("Tab").await;
            let skip: String = tab.value("document.activeElement.getAttribute('href') ?? ''").await;
            assert!(skip.starts_with('#'), "the first stop on {page} leads past the navigation: {skip:?}");
            let target: bool = tab.value(&format!("document.querySelector({skip:?}) !== null")).await;
            assert!(target, "{page}: {skip} exists");
        }
    });
}
