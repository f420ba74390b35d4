//! The sample archive is understood as its author meant it.

#![allow(clippy::disallowed_methods, reason = "the test lists a folder")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Beginning of the title, region, level, kind, year. `-`: none, or blanked.
const REPORTS: &str = "
    浙江省安吉县2018年        330523  县级  总结      2018
    中共张掖市委组织部关于     620700  市级  汇报      2018
    在江西省干部教育培训       360000  省级  讲话      2019
    从“等通知”到“坐拢来”——     430181  县级  经验材料  2019
    六安市人民政府关于2020年   341500  市级  汇报      2020
    湖北省宜昌市2020年         420500  市级  总结      2020
    寿光市村“两委”换届         370783  县级  汇报      2021
    把担子压给肯干的人         222400  市级  综述      2021
    福建省龙岩市2021年         350800  市级  总结      2021
    四川省眉山市东坡区2022年   511402  县级  总结      2022
    2022年度抓基层党建         441422  县级  述职报告  2022
    朝阳区2022年               220104  县级  总结      2022
    江苏省2022年               320000  省级  综述      2022
    福建省龙岩市2022年         350800  市级  总结      2022
    xxx市委组织部2023年        -       县级  汇报      2023
    四川省眉山市东坡区2023年   511402  县级  总结      2023
    搬下山，更要融进城         513400  市级  综述      2023
    榆林市人才服务             610800  市级  汇报      2023
    江苏省2023年               320000  省级  综述      2023
    河北省保定市               130600  市级  经验材料  2024
    草原深处有热气             150700  市级  综述      2024
    广西桂林市2024年           450300  市级  总结      2024
    重庆市渝北区               500112  县级  汇报      2024
    海南省琼海市               469002  县级  汇报      2024
    青海省2023年               630000  省级  综述      2023
    山西省村级集体经济         140000  省级  综述      -
    河南省信阳市2023年         411500  市级  综述      2023
    辽宁省鞍山市2023年         210300  市级  总结      2023
    贵州省遵义市               520300  市级  经验材料  -
    浙江省嘉善县2023年         330421  县级  总结      2023
    云南省腾冲市2023年         530581  县级  汇报      2023
    湖北省秭归县               420527  县级  经验材料  -
";

#[test]
fn every_report_is_labelled_right() {
    let reports = reports();
    let expected: Vec<&str> = REPORTS.trim().lines().collect();
    assert_eq!(reports.len(), expected.len());
    for line in expected {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [title, region, level, kind, year] = words[..] else { panic!("five columns: {line}") };
        let found: Vec<&Value> = reports.iter().filter(|report| text(&report["title"]).starts_with(title)).collect();
        let [report] = found[..] else { panic!("one report is called {title}…, not {}", found.len()) };
        let labels = [&report["region"]["code"], &report["level"], &report["kind"], &report["year"]].map(text);
        assert_eq!(labels, [region, level, kind, year], "{title}");
        assert!(!report["themes"].as_array().expect("a list").is_empty(), "{title} has a theme");
    }
}

#[test]
fn every_report_says_that_it_is_fictional() {
    for source in sources() {
        let path = text(&source["path"]);
        for report in source["reports"].as_array().expect("a list") {
            // Markdown's emphasis is no plain paragraph.
            let whole = if path.ends_with(".md") { read(&path) } else { report["paragraphs"].to_string() };
            assert!(whole.contains("虚构示例"), "{path}: {}", report["title"]);
        }
    }
}

#[test]
fn broken_lines_are_mended() {
    let ends = ['。', '！', '？', '：', '）', '”'];
    for source in sources().iter().filter(|source| text(&source["path"]).ends_with(".txt")) {
        let reports = source["reports"].as_array().expect("a list");
        for paragraph in reports.iter().flat_map(|report| report["paragraphs"].as_array().expect("a list")) {
            let paragraph = text(&paragraph["text"]);
            // Short ones are addresses, signatures and dates.
            let whole = paragraph.chars().count() < 34 || paragraph.ends_with(ends);
            assert!(whole, "{}: a paragraph breaks off: {paragraph}", source["path"]);
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "-".into(),
        other => other.to_string(),
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("the file is UTF-8")
}

fn reports() -> Vec<Value> {
    sources().iter().flat_map(|source| source["reports"].as_array().expect("a list").clone()).collect()
}

/// What `inspect` says about all uploads.
fn sources() -> Vec<Value> {
    let mut uploads = Vec::new();
    let mut folders = vec![root().join("content")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder can be listed") {
            let path: PathBuf = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "txt" || extension == "md") {
                uploads.push(path);
            }
        }
    }
    uploads.sort();
    let output = Command::new(env!("CARGO_BIN_EXE_huibian")).arg("--root").arg(root()).args(["inspect", "--json"]).args(&uploads).output();
    let output = output.expect("huibian starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    json["sources"].as_array().expect("a list").clone()
}
