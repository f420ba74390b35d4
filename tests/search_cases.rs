//! What Rust and the browser's script make of texts and queries: `tests/cases/search/` holds both to the same.
#![allow(clippy::disallowed_methods)] // reads the cases and runs Node

use std::path::{Path, PathBuf};
use std::process::Command;

use huibian::search::normal::{Simplified, normal};
use huibian::search::query::{parse, years};

fn cases(name: &str) -> Vec<(String, String)> {
    let path = root().join("tests/cases/search").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    let cases: Vec<_> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" => "))
        .map(|(a, b)| (a.into(), b.into()))
        .collect();
    assert!(cases.len() > 20, "{} lost its cases", path.display());
    cases
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

#[test]
fn texts_have_one_normal_form() {
    for (text, expected) in cases("normal.txt") {
        assert_eq!(normal(&text, Simplified::all()), expected, "{text}");
    }
}

#[test]
fn queries_are_read_one_way() {
    for (query, expected) in cases("queries.txt") {
        let clauses: Vec<String> = parse(&query)
            .iter()
            .map(|clause| {
                let terms = clause.iter().map(|term| {
                    let field = term.field.map(|field| format!("[{}]", field.name())).unwrap_or_default();
                    format!("{}{field}{}", if term.not { "!" } else { "" }, term.text)
                });
                terms.collect::<Vec<_>>().join("|")
            })
            .collect();
        assert_eq!(clauses.join(" / "), expected, "{query}");
    }
}

#[test]
fn spans_of_years() {
    for (text, expected) in [
        ("2019", Some((2019, 2019))),
        ("2019年", Some((2019, 2019))),
        ("２０１９", Some((2019, 2019))),
        ("2019..2023", Some((2019, 2023))),
        ("2019-2023", Some((2019, 2023))),
        ("2019..", Some((2019, 9999))),
        ("..2023", Some((1, 2023))),
        ("..", None),
        ("19", None),
        ("abcd", None),
        ("", None),
    ] {
        assert_eq!(years(text), expected, "{text}");
    }
}

#[test]
fn the_browser_agrees() {
    let node = Command::new("node").arg(root().join("tests/search/cases.mjs")).output();
    match node {
        Ok(output) => {
            assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
        }
        Err(_) => assert!(std::env::var("HUIBIAN_REQUIRE_NODE").is_err(), "Node is required and missing"),
    }
}
