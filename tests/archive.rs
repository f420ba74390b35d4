//! What the archive promises: every document once, addresses that last, the same result from any order.

use std::sync::Arc;

use huibian::archive::{Archive, SourceRecord, Understood, assemble};
use huibian::classify::{Gazetteer, Labels, Placement};
use huibian::config::Config;
use huibian::diagnostic::Diagnostic;
use huibian::document::{Blocks, Compilation, Document, Elements, FrontMatter, Lines, Reading, Title, TitleOrigin};
use huibian::source::{Encoding, Format, SourcePath};
use proptest::prelude::*;

/// A source with one report, or a compilation when there are several titles.
fn source(path: &str, titles: &[&str]) -> Understood {
    let documents: Vec<Arc<Document>> = titles.iter().map(|title| document(title).into()).collect();
    let compilation = (titles.len() > 1).then(|| Compilation { title: None, contents: Vec::new() });
    let labels = documents.iter().map(|_| unlabelled()).collect();
    Understood::new(
        SourceRecord {
            path: SourcePath::new(path),
            format: if path.ends_with(".md") { Format::Markdown } else { Format::Text },
            size: 1,
            sha256: path.to_owned(),
            encoding: Encoding::Utf8,
            decided_by: String::new(),
            withheld: false,
            copies: Vec::new(),
        },
        Reading { documents, compilation, account: Vec::new(), diagnostics: Vec::new() },
        labels,
        Vec::new(),
    )
}

fn document(title: &str) -> Document {
    Document {
        title: Title { text: title.into(), from: TitleOrigin::FileName },
        lines: Lines::one(1),
        blocks: Blocks::default(),
        elements: Elements::default(),
        group: None,
        front_matter: FrontMatter::default(),
    }
}

fn unlabelled() -> Labels {
    Labels {
        placement: Placement::Unplaced,
        level: None,
        kind: None,
        year: None,
        period: None,
        date: None,
        themes: Vec::new(),
        sections: Vec::new(),
    }
}

fn assembled(sources: Vec<Understood>) -> (Archive, Vec<Diagnostic>) {
    let mut config = Config::default();
    // No report here has a place.
    config.regions.builtin = false;
    let mut diagnostics = Vec::new();
    let archive = assemble(sources, Gazetteer::new(&config), &config, &mut diagnostics);
    (archive, diagnostics)
}

fn slugs(archive: &Archive) -> Vec<&str> {
    let mut slugs: Vec<&str> = archive.reports.iter().map(|report| report.slug.as_str()).collect();
    slugs.sort_unstable();
    slugs
}

#[test]
fn a_report_is_addressed_by_its_file_name() {
    let (archive, diagnostics) = assembled(vec![source("2023/安康总结.txt", &["某题"]), source("b.md", &["另题"])]);
    assert_eq!(slugs(&archive), ["b", "安康总结"]);
    assert!(diagnostics.is_empty());
}

#[test]
fn files_of_one_name_are_told_apart_by_their_folders() {
    let (archive, diagnostics) = assembled(vec![source("2022/总结.txt", &["甲"]), source("2023/总结.txt", &["乙"])]);
    assert_eq!(slugs(&archive), ["2022-总结", "2023-总结"]);
    assert!(diagnostics.is_empty());
    let (name, both) = archive.namesakes.iter().next().expect("the bare address still leads somewhere");
    assert_eq!((name.as_str(), both.len()), ("总结", 2));
}

#[test]
fn two_sources_cannot_have_one_address() {
    for (first, second) in [("总结.md", "总结.txt"), ("A.txt", "a.txt"), ("2023-总结.txt", "2023/总结.txt")] {
        let sources = vec![source(second, &["乙"]), source(first, &["甲"]), source("x/总结.txt", &["丙"])];
        let (archive, diagnostics) = assembled(sources);
        assert_eq!(archive.reports.len(), 2, "{first} {second}");
        assert_eq!(diagnostics.len(), 1, "{first} {second}: {diagnostics:?}");
        assert_eq!(diagnostics[0].code, "same-address");
        let place = diagnostics[0].place.as_ref().expect("it names the file");
        assert_eq!(place.path, format!("content/{second}"));
        assert!(diagnostics[0].notes[0].contains(first), "{diagnostics:?}");
    }
}

#[test]
fn a_report_inserted_into_a_compilation_moves_no_other() {
    let before = assembled(vec![source("汇编.txt", &["甲市综述", "乙市综述", "乙市综述"])]).0;
    let after = assembled(vec![source("汇编.txt", &["新来的", "甲市综述", "乙市综述", "乙市综述"])]).0;
    assert_eq!(slugs(&before), ["汇编-乙市综述", "汇编-乙市综述-2", "汇编-甲市综述"]);
    for slug in slugs(&before) {
        assert!(slugs(&after).contains(&slug), "{slug} is still there");
    }
    let order: Vec<&str> = after.compilations[0].reports.iter().map(|&id| after[id].document.title.text.as_str()).collect();
    assert_eq!(order, ["新来的", "甲市综述", "乙市综述", "乙市综述"], "a compilation keeps its own order");
}

proptest! {
    /// Whatever the files are called, each document becomes one report or its file is named in an error, no two
    /// reports share an address even where case is ignored, and the order of reading does not matter.
    #[test]
    fn nothing_is_lost_and_order_does_not_matter(
        paths in prop::collection::btree_set("[ab/汇 .A-]{1,6}\\.(txt|md)", 1..12),
        titles in prop::collection::vec("[甲乙a2-]{1,3}", 1..5),
        seed in any::<u64>(),
    ) {
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        let sources: Vec<Understood> = paths.iter().map(|path| source(path, &titles)).collect();
        let mut shuffled = sources.clone();
        shuffled.sort_by_key(|one| blake3::hash(format!("{seed}{}", one.source.path).as_bytes()).to_string());

        let (archive, diagnostics) = assembled(sources);
        prop_assert_eq!(archive.reports.len() + diagnostics.len() * titles.len(), paths.len() * titles.len());
        let mut keys: Vec<String> = archive.reports.iter().map(|report| report.slug.key()).collect();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), archive.reports.len());

        let (again, same) = assembled(shuffled);
        let addresses = |archive: &Archive| archive.reports.iter().map(|r| (r.slug.clone(), r.source)).collect::<Vec<_>>();
        prop_assert_eq!(addresses(&archive), addresses(&again));
        prop_assert_eq!(diagnostics, same);
    }
}
