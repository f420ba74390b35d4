//! The same upload twice, nearly the same twice, a newer version: nothing is dropped, nothing is shown twice.
#![allow(clippy::disallowed_methods)] // tests write archives

mod sandbox;

use sandbox::Sandbox;
use serde_json::Value;

/// Forty sentences about a place, with the figures of a year.
fn report(place: &str, year: i32, seed: usize) -> String {
    let what = ["走访慰问困难家庭", "组织业务培训讲座", "修缮村级活动场所", "开展志愿服务活动", "更新社区图书设备"];
    let who = ["街道办事处", "镇党委", "社区居委会", "机关党支部", "驻村工作队"];
    let sentences: String = (0..40)
        .map(|n| format!("{}在第{n}季度{}，累计{}人次参加。", who[(n + seed) % 5], what[(n * 3 + seed) % 5], 100 + n * 7 + seed * 1000))
        .collect();
    format!("{place}{year}年基层党建工作总结\n\n　　一、基层党建\n　　{sentences}\n")
}

fn warnings(archive: &Sandbox, code: &str) -> Vec<String> {
    let value: Value = serde_json::from_str(&archive.huibian(&["check", "--json"]).stdout).expect("it prints JSON");
    let all = value["warnings"].as_array().expect("a list");
    let ones = all.iter().filter(|one| one["code"] == code);
    ones.map(|one| format!("{} {} {}", one["place"]["path"].as_str().unwrap_or_default(), one["message"], one["notes"])).collect()
}

#[test]
fn the_same_bytes_twice_are_one_report_with_both_origins() {
    let archive = Sandbox::new();
    archive.write("content/2023/副本.txt", report("安康市", 2023, 1));
    archive.write("content/上传/副本（1）.txt", report("安康市", 2023, 1));
    let said = archive.must(&["build", "--stats", "json"]);
    let stats: Value = serde_json::from_str(&said.stdout).expect("it prints JSON");
    assert_eq!(stats["reports"], 2);
    let page = String::from_utf8(archive.files("public")["reports/副本/index.html"].clone()).expect("a page is UTF-8");
    assert!(page.contains("content/2023/副本.txt") && page.contains("content/上传/副本（1）.txt"), "both origins are named");
    assert!(!archive.path("public/reports/副本-1/index.html").exists());
    assert!(said.stderr.contains("the same file as content/2023/副本.txt"), "{}", said.stderr);
}

#[test]
fn near_duplicates_are_told_with_what_differs() {
    let archive = Sandbox::new();
    let text = report("安康市", 2023, 1);
    archive.write("content/2023/甲.txt", &text);
    archive.write(
        "content/2023/乙.txt",
        text.replace("累计1107人次", "累计1170人次").replace("第9季度走访慰问困难家庭", "第9季度看望困难家庭"),
    );
    // The same template filled in by another place is no duplicate.
    archive.write("content/2023/丙.txt", report("渭南市", 2023, 2));
    let told = warnings(&archive, "near-duplicate");
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].contains("the same text as content/2023/") && told[0].contains("1107") && told[0].contains("1170"), "{told:#?}");
    archive.must(&["build"]);
    for name in ["甲", "乙", "丙"] {
        assert!(archive.path(&format!("public/reports/{name}/index.html")).exists(), "nothing is dropped");
    }
}

#[test]
fn a_newer_version_becomes_the_successor() {
    let archive = Sandbox::new();
    let text = report("安康市", 2023, 1);
    archive.write("content/2023/党建总结.txt", &text);
    archive.write("content/2023/党建总结（修订）.txt", text.replace("累计1107人次", "累计1170人次"));
    archive.must(&["build"]);
    let files = archive.files("public");
    let changes = files.iter().find(|(name, _)| name.contains("修订") && name.ends_with("changes/index.html"));
    let changes = String::from_utf8(changes.expect("the newer version has a page of changes").1.clone()).expect("a page is UTF-8");
    assert!(changes.contains("<del>1107") && changes.contains("<ins>1170"), "it marks the figure that differs");
    assert!(!files.contains_key("reports/党建总结/changes/index.html"));
}
