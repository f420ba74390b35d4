//! Whatever is typed into the search box: it is understood as something, and an index answers it.
#![no_main]

use std::cell::OnceCell;

use huibian::search::answer::answer;
use huibian::search::corpus::Text;
use huibian::search::facet::Facets;
use huibian::search::normal::{Simplified, normal};
use huibian::search::query::{parse, years};
use huibian::search::reader::Index;
use huibian::search::{Head, Material, build, numeral};
use libfuzzer_sys::fuzz_target;

thread_local!(static INDEX: OnceCell<Index> = const { OnceCell::new() });

fn index() -> Index {
    let titles: Vec<String> = (0..30).map(|i| format!("202{}年第{i}号报告", i % 10)).collect();
    let texts = titles.iter().map(|title| Text::new(title, vec!["加强组织领导，落实工作责任 abc"])).collect();
    let heads = titles.iter().map(|title| Head { slug: title, ..Head::default() }).collect();
    let files = build(&Material { texts, heads, facets: Facets::default() });
    Index::open(move |path| files.get(path).cloned().ok_or_else(|| std::io::ErrorKind::NotFound.into())).expect("it was just built")
}

fuzz_target!(|query: &str| {
    for term in parse(query).into_iter().flatten() {
        if let Some((from, to)) = years(&term.text) {
            assert!(from >= 0 && to <= 9999);
        }
        let form = normal(&term.text, Simplified::all());
        assert_eq!(normal(&form, Simplified::all()), form, "a normal form is its own");
        for other in numeral::alternatives(&form) {
            assert_eq!(other.chars().count(), form.chars().count());
        }
    }
    INDEX.with(|index_here| {
        let found = answer(index_here.get_or_init(index), query).expect("a whole index answers everything");
        assert!(found.reports.len() <= 30);
    });
});
