//! What the READMEs and the guides tell people to type works.
//!
//! Every command of every `sh` block is run, in order, in a copy of the sample archive. Snippets for other programs are given
//! to those programs, where they are installed.

#![allow(clippy::disallowed_methods, reason = "tests touch files and look at the path")]

use std::fs;
use std::process::Command;

mod blocks;
mod commands;
mod deploying;
#[path = "../store/mod.rs"]
mod store;

use blocks::{blocks, commands as commands_of, repository};

const HUIBIAN: &str = env!("CARGO_BIN_EXE_huibian");

#[test]
fn both_languages_show_the_same_blocks() {
    assert_eq!(commands_of("README.md"), commands_of("README.zh-CN.md"));
    let languages = |file| blocks(file).into_iter().map(|(language, _)| language).collect::<Vec<_>>();
    assert_eq!(languages("README.md"), languages("README.zh-CN.md"));
}

#[test]
fn every_link_leads_somewhere() {
    for file in ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CHANGELOG.md", "docs/deploying.md"] {
        let text = fs::read_to_string(repository().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        let from = repository().join(file);
        let mut local = 0;
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.contains("://") || target.starts_with('#') {
                continue;
            }
            local += 1;
            let path = from.parent().expect("a file lies in a folder").join(target.split('#').next().unwrap_or(target));
            assert!(path.exists(), "{file} links to {target}, which is not there");
        }
        assert!(local > 0 || !file.starts_with("README"), "{file} links to other pages");
    }
}

#[test]
fn the_front_matter_is_understood() {
    for file in ["README.md", "README.zh-CN.md"] {
        let (_, keys) = blocks(file).into_iter().find(|(language, _)| language == "toml").expect("there is an example");
        let place = tempfile::tempdir().expect("a temporary folder");
        let upload = place.path().join("upload.md");
        fs::write(&upload, format!("+++\n{keys}\n+++\n\n正文。\n")).expect("it can be written");
        let output = Command::new(HUIBIAN).arg("inspect").arg("--json").arg(&upload).current_dir(place.path()).output().expect("it runs");
        assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
        let report = &json["sources"][0]["reports"][0];
        assert_eq!(report["title"], "榆林市人才服务运行情况报告");
        assert_eq!(report["region"]["code"], "610800");
        assert_eq!(report["themes"][0], "人才工作");
        assert_eq!((&report["year"], &report["kind"]), (&2023.into(), &"汇报".into()));
    }
}

#[test]
fn the_correction_is_the_one_of_the_sample() {
    let sample = fs::read_to_string(repository().join("content/overrides.csv")).expect("the sample has a correction");
    for file in ["README.md", "README.zh-CN.md"] {
        let (_, table) = blocks(file).into_iter().find(|(language, _)| language == "csv").expect("there is an example");
        assert_eq!(table, sample.trim_end(), "{file} shows a correction that is in use");
    }
}
