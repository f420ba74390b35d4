//! What counts as a quantity: the tables under `tests/cases/figures/`.
#![allow(clippy::disallowed_methods)] // the tables are files

use huibian::insight::figures::{Bound, Quantity, quantities, quantities_with_places};
use proptest::prelude::*;

fn table(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/cases/figures/{name}", env!("CARGO_MANIFEST_DIR"))).expect("the table is in the repository")
}

/// As the table writes it: `>3 万户 帮扶`.
fn shown(quantity: &Quantity) -> String {
    let bound = match quantity.bound {
        Bound::Exact => "",
        Bound::About => "~",
        Bound::Over => ">",
        Bound::Under => "<",
    };
    let to = quantity.to.as_ref().map(|to| format!("–{to}")).unwrap_or_default();
    let what = if quantity.what.is_empty() { "-" } else { &quantity.what };
    format!("{bound}{}{to} {} {what}", quantity.value, quantity.unit)
}

#[test]
fn every_stated_quantity_is_a_row() {
    let table = table("counted.txt");
    let mut sentences: Vec<(&str, Vec<String>)> = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        match line.strip_prefix("  ") {
            Some(row) => sentences.last_mut().expect("rows follow their sentence").1.push(row.to_owned()),
            None => sentences.push((line, Vec::new())),
        }
    }
    assert!(sentences.len() > 35);
    let wrong: Vec<String> = sentences
        .into_iter()
        .filter_map(|(sentence, expected)| {
            let found: Vec<String> = quantities(sentence).iter().map(shown).collect();
            (found != expected).then(|| format!("{sentence}\n  expected {expected:?}\n  found    {found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_only_looks_like_a_quantity_is_none() {
    let table = table("not-counted.txt");
    let wrong: Vec<String> = table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .filter(|sentence| !quantities(sentence).is_empty())
        .map(|sentence| format!("{sentence} → {:?}", quantities(sentence).iter().map(shown).collect::<Vec<_>>()))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The page of a report marks what the table lists.
#[test]
fn quantities_are_where_they_are_said_to_be() {
    let table = table("counted.txt");
    for sentence in table.lines().filter(|line| !line.starts_with(['#', ' ']) && !line.is_empty()) {
        let (found, places): (Vec<Quantity>, Vec<_>) = quantities_with_places(sentence).into_iter().unzip();
        assert_eq!(found.len(), places.len(), "{sentence}");
        for (quantity, place) in found.iter().zip(places) {
            let marked = &sentence[place];
            assert!(
                marked.starts_with(|c: char| c.is_numeric() || "〇零一二两三四五六七八九十百千万亿".contains(c)),
                "{sentence}: {marked}"
            );
            assert!(marked.contains(quantity.base) || quantity.base == "%", "{sentence}: {marked} for {quantity:?}");
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "[0-9０-９一二三十百千万亿点余多近约第年月日个名人元%。，“”《》〔〕×xX*.,+—至到 \\PC]{0,60}") {
        for quantity in quantities(&text) {
            prop_assert!(quantity.value.chars().all(|c| c.is_ascii_digit() || c == '.'), "{quantity:?}");
            prop_assert!(quantity.amount.is_finite() && !quantity.unit.is_empty(), "{quantity:?}");
        }
    }
}
