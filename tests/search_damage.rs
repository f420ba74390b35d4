//! Damaged index files give an error: never a panic, never a hang, never a wrong answer told as right.
#![allow(clippy::disallowed_methods)] // writes an index for Node and runs it

use std::collections::BTreeMap;
use std::rc::Rc;

use huibian::search::answer::answer;
use huibian::search::base::{Base, read_starts};
use huibian::search::bits::BitReader;
use huibian::search::codes::Codes;
use huibian::search::corpus::Text;
use huibian::search::facet::Facets;
use huibian::search::reader::{Index, ReadError};
use huibian::search::{Head, Material, build, key, shard, text};
use proptest::prelude::*;

fn built() -> BTreeMap<String, Vec<u8>> {
    let titles: Vec<String> = (0..40).map(|i| format!("第{i}号报告")).collect();
    let texts = titles.iter().map(|title| Text::new(title, vec!["加强组织领导，落实工作责任", "人才工作又上新台阶"]));
    let heads = titles.iter().map(|title| Head { slug: title, ..Head::default() });
    build(&Material { texts: texts.collect(), heads: heads.collect(), facets: Facets::default() })
}

fn open(files: Rc<BTreeMap<String, Vec<u8>>>) -> Result<Index, ReadError> {
    Index::open(move |path| files.get(path).cloned().ok_or_else(|| std::io::ErrorKind::NotFound.into()))
}

proptest! {
    #[test]
    fn hostile_shards_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..400), reports in 0u32..2000, signs in 0u32..5000) {
        if let Ok(items) = shard::read(&bytes, reports, signs) {
            for (key, item) in items {
                prop_assert!(key[0] >= 1 && key::letters(&key).iter().all(|&sign| sign >= 1 && sign < signs));
                prop_assert!(item.reports.is_sorted() && item.reports.iter().all(|&report| report < reports));
            }
        }
    }

    #[test]
    fn hostile_bases_texts_and_facets_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let deflated = text::deflate(&bytes, &[]);
        for bytes in [&bytes, &deflated] {
            drop(Base::read(bytes));
            drop(Facets::read(bytes, 100));
            drop(text::inflate(bytes, b"dictionary"));
            if let Ok(codes) = Codes::read(&mut BitReader::new(bytes), &['a', 'b', 'c'], 3) {
                drop(codes.decode(bytes));
            }
            drop(read_starts(&mut BitReader::new(bytes), 50));
        }
    }

    #[test]
    fn one_changed_byte_never_panics(at in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), flip in 1u8..) {
        let mut files = built();
        let name = files.keys().nth(at.index(files.len())).cloned().unwrap_or_default();
        let bytes = files.get_mut(&name).expect("the name is one of theirs");
        let place = place.index(bytes.len());
        bytes[place] ^= flip;
        if let Ok(index) = open(Rc::new(files)) {
            for query in ["工作", "加强组织领导，落实", "落实工作责任", "人才工作又上新", "theme:党建 报告"] {
                drop(answer(&index, query));
            }
        }
    }
}

#[test]
fn the_browser_answers_or_refuses() {
    let folder = tempfile::tempdir().expect("there is room");
    for (path, bytes) in built() {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it is inside the folder")).expect("there is room");
        std::fs::write(path, bytes).expect("there is room");
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/search/hostile.mjs");
    match std::process::Command::new("node").arg(script).arg(folder.path()).arg("500").output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(_) => assert!(std::env::var("HUIBIAN_REQUIRE_NODE").is_err(), "Node is required and missing"),
    }
}

#[test]
fn files_of_two_builds_do_not_mix() {
    let mut files = built();
    let titles = ["另一篇".to_owned()];
    let other =
        build(&Material { texts: vec![Text::new(&titles[0], vec!["工作"])], heads: vec![Head::default()], facets: Facets::default() });
    let shard = "d/0/0.js".to_owned();
    files.insert(shard.clone(), other[&shard].clone());
    let index = open(Rc::new(files)).expect("the base is whole");
    assert!(matches!(answer(&index, "工作"), Err(ReadError::Stale { path }) if path == shard));
}

#[test]
fn a_missing_file_is_named() {
    let mut files = built();
    files.remove("d/0/0.js");
    let index = open(Rc::new(files)).expect("the base is whole");
    assert!(matches!(answer(&index, "工作"), Err(ReadError::Missing { path, .. }) if path == "d/0/0.js"));
}

#[test]
fn building_twice_gives_the_same_bytes() {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("threads can be had").install(built);
    assert_eq!(one, built(), "one thread and many");
}
