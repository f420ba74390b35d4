//! `huibian inspect` shows how a file is understood; scripts rely on its JSON.
#![allow(clippy::disallowed_methods)] // tests look at the files

mod sandbox;

use sandbox::Sandbox;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const REPORT: &str =
    "中共安康市委组织部\n关于2023年人才工作的总结\n\n　　一、引进人才\n　　全年引进人才186名。\n　　（一）政策\n　　出台办法3个。\n";

fn inspected(archive: &Sandbox, args: &[&str]) -> Value {
    let args: Vec<&str> = ["inspect", "--json"].iter().chain(args).copied().collect();
    serde_json::from_str(&archive.must(&args).stdout).expect("it is JSON")
}

#[test]
fn the_json_has_what_scripts_rely_on() {
    let archive = Sandbox::new();
    archive.write("content/2023/人才.txt", REPORT);
    let json = inspected(&archive, &["content/2023/人才.txt", "content/2023/总结.txt"]);
    assert_eq!(json["sources"].as_array().map(Vec::len), Some(2));
    let source = &json["sources"][0];
    assert_eq!(source["path"], "content/2023/人才.txt");
    assert_eq!(source["encoding"], "UTF-8");
    assert_eq!(source["sha256"], format!("{:x}", Sha256::digest(REPORT)));
    let report = &source["reports"][0];
    for key in ["title", "level", "kind", "year", "region", "themes", "evidence"] {
        assert!(report.get(key).is_some(), "{key} is there, known or not: {report}");
    }
    assert_eq!((&report["start_line"], &report["end_line"]), (&json!(1), &json!(7)));
    assert_eq!(report["headings"][0], json!({ "depth": 1, "text": "一、引进人才", "line": 4 }));
    assert_eq!(report["headings"][1], json!({ "depth": 2, "text": "（一）政策", "line": 6 }));
    assert_eq!(report["paragraphs"][0], json!({ "start_line": 5, "end_line": 5, "text": "全年引进人才186名。" }));
    assert_eq!(report["sections"][0]["heading"], "一、引进人才");
    assert!(report["sections"][0]["themes"].is_array());
}

#[test]
fn tables_and_rich_blocks_are_paragraphs_with_lines() {
    let archive = Sandbox::new();
    archive.write("content/表.md", "# 安康市总结\n\n一段**重点**文字。\n\n| 项目 | 数 |\n| --- | --- |\n| 人才 | 3 |\n");
    let paragraphs = inspected(&archive, &["content/表.md"])["sources"][0]["reports"][0]["paragraphs"].clone();
    let lines: Vec<(u64, u64)> = paragraphs
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (one["start_line"].as_u64().expect("a number"), one["end_line"].as_u64().expect("a number")))
        .collect();
    assert_eq!(lines, [(3, 3), (5, 7)], "{paragraphs}");
    assert_eq!(paragraphs[0]["text"], "一段重点文字。");
}

#[test]
fn paths_are_from_the_root_inside_and_as_typed_outside() {
    let archive = Sandbox::new();
    archive.write("elsewhere/上传.txt", REPORT);
    let inside = archive.path("content/2023/总结.txt").display().to_string();
    let json = inspected(&archive, &[&inside, "./content/../content/2023/总结.txt", "elsewhere/上传.txt"]);
    let paths: Vec<&str> = json["sources"].as_array().expect("a list").iter().filter_map(|source| source["path"].as_str()).collect();
    assert_eq!(paths, ["content/2023/总结.txt", "content/2023/总结.txt", "elsewhere/上传.txt"]);
    let nowhere = Sandbox::empty();
    nowhere.write("上传.txt", REPORT);
    assert_eq!(inspected(&nowhere, &["上传.txt"])["sources"][0]["path"], "上传.txt", "no archive is needed");
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_others_are_shown() {
    let archive = Sandbox::new();
    archive.write("坏.txt", b"\x81");
    let said = archive.huibian(&["inspect", "--json", "坏.txt", "content/2023/总结.txt", "没有.txt"]);
    assert_eq!(said.code, Some(1));
    let json: Value = serde_json::from_str(&said.stdout).expect("it is JSON");
    assert_eq!(json["sources"].as_array().map(Vec::len), Some(1));
    assert!(said.stderr.contains("\n  坏.txt") && said.stderr.contains("\n  没有.txt"), "{}", said.stderr);
}

#[test]
fn people_see_every_decision_with_its_line() {
    let archive = Sandbox::new();
    archive.write("content/2023/人才.txt", REPORT);
    let said = archive.must(&["inspect", "content/2023/人才.txt"]).stdout;
    for part in
        ["content/2023/人才.txt\n", "encoding  UTF-8", "region", "level", "kind", "year", "themes", "section   一、引进人才", "line 4"]
    {
        assert!(said.contains(part), "{part} in\n{said}");
    }
}

#[test]
fn spans_account_for_every_byte() {
    let archive = Sandbox::new();
    archive.write("content/2023/人才.txt", REPORT);
    let said = archive.must(&["inspect", "--spans", "content/2023/人才.txt"]).stdout;
    assert!(said.contains("every byte once") && !said.contains("NOT"), "{said}");
    assert!(said.contains("全年引进人才186名。"), "{said}");
}

#[test]
fn corrections_are_written_edited_and_read_back() {
    let archive = Sandbox::new();
    archive.write("content/2023/人才.txt", REPORT);
    let table = archive.must(&["inspect", "--csv", "content/2023/人才.txt", "content/2023/总结.txt"]).stdout;
    assert!(table.starts_with('\u{feff}'), "a spreadsheet needs the mark to see the Chinese");
    let row = table.lines().find(|line| line.starts_with("2023/总结.txt")).expect("each report has its row").to_owned();
    archive.write("content/overrides.csv", table.replace(&row, "2023/总结.txt,,汉中市,,,2019,,"));
    let report = &inspected(&archive, &["content/2023/总结.txt"])["sources"][0]["reports"][0];
    assert_eq!((&report["region"]["name"], &report["year"]), (&json!("汉中市"), &json!(2019)), "{report}");
    assert!(report["evidence"]["region"].as_str().is_some_and(|why| why.starts_with("overrides.csv")), "{report}");
}
