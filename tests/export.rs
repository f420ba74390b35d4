//! `huibian export`: what search engines elsewhere are given.
#![allow(clippy::disallowed_methods)] // tests look at the files and for programs

mod sandbox;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use sandbox::Sandbox;
use serde_json::Value;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

#[test]
fn reports_and_their_sections_are_lines_of_json() {
    let archive = Sandbox::new();
    let said = archive.must(&["export", "--ndjson", "--base-url", "https://reports.example/"]);
    assert!(said.stderr.contains("exported 1 report and 1 section"), "{}", said.stderr);
    let documents = lines(&said.stdout);
    let (report, section) = (&documents[0], &documents[1]);
    assert_eq!(report["title"], "安康市2023年工作总结");
    assert_eq!(report["text"], "一、基层党建\n正文在此。");
    assert_eq!(
        (&report["type"], &report["year"], &report["kind"], &report["level"]),
        (&"report".into(), &2023.into(), &"总结".into(), &"市级".into())
    );
    assert_eq!(report["region_path"], serde_json::json!(["陕西省", "安康市"]));
    assert_eq!(report["region_codes"], serde_json::json!(["610000", "610900"]));
    assert_eq!(report["url"], "https://reports.example/reports/%E6%80%BB%E7%BB%93/");
    assert_eq!(
        (&section["type"], &section["heading"], &section["text"]),
        (&"section".into(), &"一、基层党建".into(), &"正文在此。".into())
    );
    assert_eq!(section["report"], report["id"]);
    assert_eq!(section["themes"], serde_json::json!(["基层党建"]));
    let anchor = section["url"].as_str().and_then(|url| url.split_once('#')).expect("it leads to its heading").1.to_owned();
    archive.must(&["build"]);
    let page = String::from_utf8(archive.files("public")["reports/总结/index.html"].clone()).expect("pages are UTF-8");
    assert!(page.contains(&format!("id={anchor}")) || page.contains(&format!("id=\"{anchor}\"")), "{anchor} is a place of the page");
}

#[test]
fn ids_stay_when_the_rest_of_a_report_is_edited() {
    let archive = Sandbox::new();
    let ids = || lines(&archive.must(&["export", "--meilisearch"]).stdout).iter().map(|one| one["id"].to_string()).collect::<BTreeSet<_>>();
    let before = ids();
    archive.write("content/2023/总结.txt", "安康市2023年工作总结\n一、基层党建\n正文改了。\n二、人才工作\n新的一节。\n");
    archive.write("content/2024/新.txt", "汉中市2024年工作总结\n一、基层党建\n正文在此。\n");
    let after = ids();
    assert!(before.is_subset(&after), "{before:?} {after:?}");
    assert_eq!(after.len(), 5);
    assert!(after.iter().all(|id| id.trim_matches('"').bytes().all(|b| b.is_ascii_alphanumeric())), "every engine takes them");
}

#[test]
fn every_document_of_a_bulk_has_its_action() {
    let archive = Sandbox::new();
    archive.must(&["export", "--opensearch", "--index", "archive-1", "--output", "bulk.ndjson"]);
    let bulk = std::fs::read_to_string(archive.path("bulk.ndjson")).expect("it is written");
    assert!(bulk.ends_with('\n'), "the interface asks for it");
    for pair in lines(&bulk).chunks(2) {
        assert_eq!(pair[0]["index"], serde_json::json!({ "_index": "archive-1", "_id": pair[1]["id"] }));
    }
    assert!(!archive.path("bulk.ndjson.part").exists());
}

#[test]
fn settings_name_exactly_the_fields_that_there_are() {
    let archive = Sandbox::empty();
    archive.write(
        "content/报告.md",
        "+++\nregion = \"安康市\"\nyear = 2023\ndate = \"2023-05-01\"\nkind = \"总结\"\n+++\n\n# 某报告\n\n## 一、基层党建\n\n正文。\n",
    );
    let fields: BTreeSet<String> = lines(&archive.must(&["export", "--ndjson"]).stdout)
        .iter()
        .flat_map(|one| one.as_object().expect("an object").keys().cloned().collect::<Vec<_>>())
        .collect();
    let mapping: Value = serde_json::from_str(&archive.must(&["export", "--opensearch", "--settings"]).stdout).expect("it is JSON");
    let mapped: BTreeSet<String> = mapping["mappings"]["properties"].as_object().expect("fields").keys().cloned().collect();
    assert_eq!(fields, mapped);
    let settings: Value = serde_json::from_str(&archive.must(&["export", "--meilisearch", "--settings"]).stdout).expect("it is JSON");
    for list in ["searchableAttributes", "filterableAttributes", "sortableAttributes"] {
        for field in settings[list].as_array().expect("a list") {
            assert!(fields.contains(field.as_str().expect("a name")), "{list}: {field}");
        }
    }
    assert_eq!(archive.huibian(&["export", "--ndjson", "--settings"]).code, Some(2));
    assert_eq!(archive.huibian(&["export"]).code, Some(2));
    assert_eq!(archive.huibian(&["export", "--opensearch", "--index", "_Bad"]).code, Some(2));
}

#[test]
fn what_is_held_back_is_in_no_line() {
    let archive = Sandbox::new();
    archive.write("config.toml", "[check]\nhold = [\"personal-data\"]\n");
    archive.write("content/名单.txt", "独特的名单汇报\n一、探针小节\n王某，身份证号11010519491231002X，探针正文。\n");
    for engine in ["--ndjson", "--opensearch", "--meilisearch"] {
        let said = archive.must(&["export", engine]);
        for probe in ["11010519491231002X", "探针", "独特的名单", "名单"] {
            assert!(!said.stdout.contains(probe), "{engine}: {probe}");
        }
        assert!(said.stdout.contains("安康市2023年工作总结"));
    }
}

#[test]
fn an_archive_with_errors_is_exported_only_if_asked_to() {
    let archive = Sandbox::new();
    archive.write("content/坏.txt", b"\x81");
    let refused = archive.huibian(&["export", "--ndjson"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
    assert!(refused.stderr.contains("--keep-going exports the rest"), "{}", refused.stderr);
    let kept = archive.huibian(&["export", "--ndjson", "--keep-going"]);
    assert_eq!((kept.code, lines(&kept.stdout).len()), (Some(1), 2));
}

/// The sample archive in real engines (SQLite's FTS5, and Lucene where it is installed), and every form against its schema.
/// `tests/export/load.py` says what it needs.
#[test]
fn an_engine_finds_what_the_search_page_finds() {
    let python = std::env::var_os("HUIBIAN_PYTHON").unwrap_or_else(|| "python3".into());
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = tempfile::tempdir().expect("a temporary folder");
    let huibian = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_huibian")).args(args).current_dir(repository).output().expect("it starts");
        String::from_utf8(output.stdout).expect("it writes UTF-8")
    };
    let site = place.path().join("site").display().to_string();
    huibian(&["build", "--quiet", "--output", &site]);
    let file = |name: &str, args: &[&str]| -> PathBuf {
        let path = place.path().join(name);
        huibian(&[&["export", "--output", &path.display().to_string()], args].concat());
        path
    };
    let ndjson = file("documents.ndjson", &["--ndjson"]);
    file("bulk.ndjson", &["--opensearch"]);
    file("mapping.json", &["--opensearch", "--settings"]);
    file("settings.json", &["--meilisearch", "--settings"]);
    // At least three characters: what a trigram index can answer exactly.
    let queries = ["工作总结", "人才工作", "干部队伍", "没有这个词", "党支部", "加强领导"];
    let answers: Vec<Value> = queries
        .iter()
        .map(|query| {
            serde_json::from_str(&huibian(&["search", "--json", "--all", "--site", &site, &format!("\"{query}\"")])).expect("JSON")
        })
        .map(|answer: Value| answer["total"].clone())
        .collect();
    assert!(answers.iter().any(|total| *total != 0), "{answers:?}");
    let load =
        Command::new(&python).arg(repository.join("tests/export/load.py")).arg(ndjson.parent().expect("a folder")).args(queries).output();
    let Ok(load) = load else {
        assert!(std::env::var_os("HUIBIAN_PYTHON").is_none(), "the Python that was named runs");
        return eprintln!("skipped: no python3 on this machine");
    };
    assert!(load.status.success(), "{}", String::from_utf8_lossy(&load.stderr));
    let found: Vec<Value> = serde_json::from_slice(&load.stdout).expect("it prints a list of totals");
    assert_eq!(found, answers, "{queries:?}");
}
