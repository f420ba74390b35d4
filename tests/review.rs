//! The page of doubtful decisions: there when it is asked for, it names every doubt with the line that settles it, and nothing
//! that is held back.
#![allow(clippy::disallowed_methods)] // tests write archives

mod sandbox;

use std::fs;

use sandbox::Sandbox;

const PAGE: &str = "public/review/index.html";

fn archive() -> Sandbox {
    let archive = Sandbox::new();
    archive.write("content/无年份.txt", "关于有关工作的若干情况\n　　正文在此，说明有关情况。\n");
    archive.write("content/2023/同名.txt", "朝阳区2023年工作总结\n一、基层党建\n　　建强支部。\n");
    archive.write("content/2023/隐去.txt", "xxx市2023年工作总结\n一、基层党建\n　　建强支部。\n");
    archive.write("content/2022/电话.txt", "汉中市2022年工作总结\n一、基层党建\n　　联系人手机13912345678。\n");
    archive
}

fn page(archive: &Sandbox) -> String {
    fs::read_to_string(archive.path(PAGE)).expect("the page is there")
}

#[test]
fn it_is_made_only_when_asked_for_and_stands_in_no_list() {
    let archive = archive();
    archive.must(&["build"]);
    assert!(!archive.path(PAGE).exists());
    archive.must(&["build", "--review", "--base-url", "https://example.org/"]);
    for (path, bytes) in archive.files("public") {
        let names_it = String::from_utf8_lossy(&bytes).contains("/review/");
        assert!(path == "review/index.html" || path.starts_with("manifest") || !names_it, "{path} leads to it");
    }
    assert!(page(&archive).contains("noindex"));
    archive.must(&["build"]);
    assert!(!archive.path(PAGE).exists());
    archive.write("config.toml", "title = \"库\"\nlanguage = \"en\"\n[check]\nreview = true\n");
    archive.must(&["build"]);
    assert!(page(&archive).contains("Doubtful decisions"));
}

#[test]
fn every_doubt_comes_with_the_line_that_settles_it() {
    let archive = archive();
    archive.must(&["build", "--review"]);
    let before = page(&archive);
    for part in [
        "id=\"ambiguous\"",
        "2023/同名.txt,,北京市/朝阳区,,,,,",
        "2023/同名.txt,,吉林省/长春市/朝阳区,,,,,",
        "id=\"masked\"",
        "2023/隐去.txt,,?,,,,,",
        "id=\"no_year\"",
        "无年份.txt,,,,,?,,",
        "id=\"no_kind\"",
        "id=\"personal-data\"",
        "139",
        "2022/电话.txt,,",
    ] {
        assert!(before.contains(part), "{part} is missing in {before}");
    }
    assert!(!before.contains("13912345678"), "a number is masked");
    let header = "path,part,region,level,kind,year,themes,title";
    assert!(before.contains(header));
    let rows = ["2023/同名.txt,,北京市/朝阳区,,,,,", "2023/隐去.txt,,安康市,,,,,", "无年份.txt,,,,,2021,,", "无年份.txt,,汉中市,,,,,"];
    archive.write("content/overrides.csv", format!("{header}\n{}\n", rows.join("\n")));
    archive.must(&["build", "--review"]);
    let after = page(&archive);
    for settled in ["id=\"ambiguous\"", "id=\"masked\"", "id=\"no_year\"", "id=\"unplaced\""] {
        assert!(!after.contains(settled), "{settled} is settled");
    }
    archive.must(&["build", "--review", "--no-cache", "--output", "clean"]);
    assert!(archive.files("public") == archive.files("clean"));
}

#[test]
fn what_is_held_back_is_not_named() {
    let archive = archive();
    archive.write("config.toml", "title = \"库\"\n[check]\nhold = [\"personal-data\"]\nreview = true\n");
    archive.must(&["build"]);
    let page = page(&archive);
    assert!(!page.contains("电话") && !page.contains("汉中"), "{page}");
}
