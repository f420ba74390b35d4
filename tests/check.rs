//! `huibian check`: each lint finds what was planted, with its file and line, and says nothing about sound reports.

mod sandbox;

use sandbox::Sandbox;
use serde_json::Value;

/// What is said about one report: code, line and notes.
fn said(path: &str, text: &str) -> Vec<String> {
    let archive = Sandbox::empty();
    archive.write("config.toml", "title = \"库\"\n");
    archive.write(&format!("content/{path}"), text);
    let checked = archive.huibian(&["check", "--json"]);
    let value: Value = serde_json::from_str(&checked.stdout).expect("it prints JSON");
    let warnings = value["warnings"].as_array().expect("a list of warnings");
    warnings
        .iter()
        .map(|one| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let notes: Vec<String> = one["notes"].as_array().expect("a list of notes").iter().map(text).collect();
            format!("{}:{} {}", text(&one["code"]), one["place"]["line"], notes.join("; "))
        })
        .collect()
}

#[test]
fn a_sound_report_gives_no_warning() {
    let sound = "安康市2023年基层党建工作总结\n\n　　一、基层党建\n　　建强党支部（含机关党支部），“三会一课”落实到位。\n　　1）抓党员教育；2）抓阵地建设。\n";
    assert_eq!(said("2023/总结.txt", sound), [""; 0]);
}

#[test]
fn what_was_planted_is_found() {
    for (body, expected) in [
        ("　　建强党支部（含机关党支部，落实到位。\n", "brackets:4 line 4: `（` in `…建强党支部（含机关党支部…`"),
        ("　　落实《条例，抓好教育》》。\n", "brackets:4 line 4: `》` in `…，抓好教育》》。…`"),
        ("　　建强党支部。\n　　##vip_end##返回\n　　落实教育&lt;\n", "residue:6 line 6: `&lt;`"),
        ("　　建强党支部锟斤拷落实到位。\n", "residue:4 line 4: `锟斤拷`"),
        (
            "　　党支部书记王某某同志带头学习。\n　　村民反映，王建国同志办事公道。\n",
            "half-masked:5 line 5: a full name before 同志; 王… is blanked on line 4",
        ),
    ] {
        let found = said("2023/总结.txt", &format!("安康市2023年基层党建工作总结\n\n　　一、基层党建\n{body}"));
        assert!(found.iter().any(|one| one == expected), "{body}: {found:#?}");
    }
}

#[test]
fn a_blanked_place_that_is_named_elsewhere_is_found() {
    let masked = "xx市2023年基层党建工作总结\n\n　　一、基层党建\n　　我市建强党支部，中共安康市委作出部署。\n";
    let found = said("2023/总结.txt", masked);
    assert!(found.iter().any(|one| one == "half-masked:4 line 4: names `安康市`"), "{found:#?}");
    let other = "xx市2023年基层党建工作总结\n\n　　一、基层党建\n　　赴浙江省安吉县学习，对口支援榆林市。\n";
    assert_eq!(said("2023/总结.txt", other), [""; 0], "another place may be named");
}

#[test]
fn missing_labels_are_named_with_the_row_that_mends_them() {
    let archive = Sandbox::empty();
    archive.write("config.toml", "title = \"库\"\n");
    archive.write("content/情况.txt", "安康市图书馆情况汇报\n\n　　一、漫话\n　　正文在此。\n");
    let checked = archive.huibian(&["check"]);
    assert_eq!(checked.code, Some(0), "warnings are no errors: {}", checked.stderr);
    assert!(checked.stderr.contains("warning[no-year]"), "{}", checked.stderr);
    assert!(checked.stderr.contains("path `情况.txt`, part ``, year `…`"), "{}", checked.stderr);
    assert!(checked.stderr.contains("warning[no-theme]") && checked.stderr.contains("line 3: `一、漫话`"), "{}", checked.stderr);
}
