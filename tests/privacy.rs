//! Personal data and secrecy: what is found, that a message never repeats it, and that nothing of a report that is held
//! back reaches the site.

#![allow(clippy::disallowed_methods)] // tests read and write archives

mod sandbox;

use huibian::classify::Classifier;
use huibian::config::Config;
use huibian::pipeline;
use huibian::privacy::{Concerned, Finding};
use huibian::source::{Encoding, Format, Source, SourcePath, SourceText};
use sandbox::Sandbox;

fn findings(path: &str, text: &str) -> Vec<Finding> {
    let classifier = Classifier::new(&Config::default(), None, &mut Vec::new());
    let format = if path.ends_with(".md") { Format::Markdown } else { Format::Text };
    let source = Source {
        path: SourcePath::new(path),
        format,
        size: text.len() as u64,
        sha256: String::new(),
        encoding: Encoding::Utf8,
        decided_by: String::new(),
        text: SourceText::new(text),
    };
    pipeline::understand(&source, &classifier).findings
}

fn said(findings: &[Finding]) -> String {
    let words: Vec<String> = findings.iter().map(|one| format!("{} {}", one.rule.name(), one.shown)).collect();
    if words.is_empty() { "nothing".into() } else { words.join(", ") }
}

#[test]
fn every_rule_finds_what_it_is_for_and_nothing_else() {
    let mut checked = 0;
    let mut wrong = Vec::new();
    for case in include_str!("cases/privacy.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (line, expected) = case.split_once(" => ").expect("a case has two sides");
        let found = findings("a.txt", &format!("安康市2023年工作总结\n\n　　一、情况\n　　{line}\n"));
        checked += 1;
        if said(&found) != expected {
            wrong.push(format!("{line} => {}, not {expected}", said(&found)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 60, "the cases were read");
}

#[test]
fn a_marking_counts_at_the_head_only() {
    let body = "　　正文在此，说明有关情况。\n".repeat(20);
    for (head, expected) in [
        ("机密★1年\n安康市2023年工作总结\n", "secrecy marking 机密★1年"),
        ("　　　绝　密\n安康市2023年工作总结\n", "secrecy marking 绝密"),
        ("000012\n秘密★长期　特急\n安康市2023年工作总结\n", "secrecy marking 秘密★长期"),
        ("密级：秘密\n安康市2023年工作总结\n", "secrecy marking 秘密"),
        ("安康市2023年保守国家秘密工作总结\n", "nothing"),
        ("安康市2023年工作总结\n　　一年来，严守机密，未发生泄密事件。\n", "nothing"),
    ] {
        assert_eq!(said(&findings("a.txt", &format!("{head}{body}"))), expected, "{head}");
    }
    let late = format!("安康市2023年工作总结\n{body}机密★1年\n{body}");
    assert_eq!(said(&findings("a.txt", &late)), "nothing");
}

#[test]
fn a_number_is_found_wherever_it_stands() {
    let broken = "安康市2023年工作总结\n　　一、情况\n　　经审核，受助学生家长的身份证号为1101051949\n1231002X，已经登记在册，补助资金按月发放到位，全年没有发生差错。\n";
    assert!(said(&findings("a.txt", broken)).contains("identity number"), "broken over two lines");
    assert_eq!(findings("13800138000.txt", "安康市2023年工作总结\n正文。\n")[0].concerned, Concerned::All, "in the file's name");
    let markdown = "# 安康市总结\n\n<!-- 13800138000 -->\n\n| 姓名 | 电话 |\n|---|---|\n| 甲 | 13900139000 |\n";
    assert_eq!(said(&findings("a.md", markdown)), "mobile number 138******00, mobile number 139******00");
}

/// Two volumes and three single files; what must not be seen holds a word that stands nowhere else.
fn archive(config: &str) -> Sandbox {
    let archive = Sandbox::empty();
    archive.write("config.toml", config);
    archive.write("content/2023/公开总结.txt", "安康市2023年工作总结\n　　一、情况\n　　公开的正文在此。\n");
    archive.write("content/2023/探名甲.txt", "榆林市2023年探题甲工作总结\n　　一、探章甲\n　　探文甲，联系人13800138000。\n");
    archive.write("content/2023/探名乙.md", "---\ntitle: 汉中市探题乙汇报\n---\n\n机密★1年\n\n探文乙在此。\n");
    let contents = "2023年工作总结汇编\n目　　录\n";
    let volume = |middle: &str| {
        format!(
            "{contents}宝鸡市2023年工作总结……1\n渭南市2023年探题丙工作总结……2\n铜川市2023年工作总结……3\n\n\
             宝鸡市2023年工作总结\n　　一、情况\n　　宝鸡的正文在此，可以公开。\n\n\
             渭南市2023年探题丙工作总结\n　　一、探章丙\n　　探文丙，{middle}。\n\n\
             铜川市2023年工作总结\n　　一、情况\n　　铜川的正文在此，可以公开。\n"
        )
    };
    archive.write("content/2023/汇编.txt", volume("身份证号11010519491231002X"));
    archive
}

const PROBES: [&str; 12] = [
    "探名甲",
    "探题甲",
    "探章甲",
    "探文甲",
    "13800138000",
    "探名乙",
    "探题乙",
    "探文乙",
    "探题丙",
    "探章丙",
    "探文丙",
    "11010519491231002",
];

/// Which probes occur in any file of the site, its name included: as text, as percent-encoded text, inside JSON escapes,
/// as UTF-16.
fn seen(archive: &Sandbox) -> Vec<&'static str> {
    let files = archive.files("public");
    assert!(files.len() > 20, "there is a site");
    let holds = |haystack: &[u8], needle: &[u8]| haystack.windows(needle.len()).any(|window| window == needle);
    let forms = |probe: &str| {
        let percent: String = probe.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let json: String = probe.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        let wide: Vec<u8> = probe.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [probe.as_bytes().to_vec(), percent.to_lowercase().into_bytes(), percent.into_bytes(), json.into_bytes(), wide]
    };
    PROBES
        .into_iter()
        .filter(|probe| {
            let forms = forms(probe);
            files.iter().any(|(name, bytes)| forms.iter().any(|form| holds(bytes, form) || holds(name.as_bytes(), form)))
        })
        .collect()
}

#[test]
fn what_is_held_back_occurs_in_no_file_of_the_site() {
    let open = archive("title = \"库\"\n");
    open.must(&["build"]);
    assert_eq!(seen(&open), PROBES, "without `hold` everything is published, so the probes are good");

    let held = archive("title = \"库\"\n[check]\nhold = [\"personal-data\", \"secrecy\"]\n");
    let said = held.must(&["build"]);
    assert_eq!(seen(&held), [""; 0]);
    for probe in PROBES.iter().filter(|probe| !probe.starts_with("探名")) {
        assert!(!said.stderr.contains(probe), "a message repeats `{probe}`:\n{}", said.stderr);
    }
    assert!(held.path("public/compilations/汇编/index.html").exists(), "the rest of the volume is published");
    assert!(!held.path("public/files/2023/汇编.txt").exists(), "but not the file that holds all of it");
    // What had been published before it was held is taken away.
    open.write("config.toml", "title = \"库\"\n[check]\nhold = [\"personal-data\", \"secrecy\"]\n");
    open.must(&["build"]);
    assert_eq!(seen(&open), [""; 0]);
    assert_eq!(open.files("public"), held.files("public"));
    // The pages do not lead to what is not there.
    let checked = held.huibian(&["check"]);
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
}

#[test]
fn only_what_is_released_with_a_reason_is_published() {
    let archive = archive("title = \"库\"\n[check]\nhold = [\"personal-data\", \"secrecy\"]\n");
    archive.write("content/releases.csv", "path,part,reason\n2023/探名甲.txt,,\n");
    let said = archive.huibian(&["build"]);
    assert!(said.stderr.contains("gives no reason"), "{}", said.stderr);
    assert_eq!(said.code, Some(1));

    archive.write("content/releases.csv", "path,part,reason\n2023/探名甲.txt,,办公室值班电话，已核\n");
    archive.must(&["build"]);
    assert_eq!(seen(&archive), ["探名甲", "探题甲", "探章甲", "探文甲", "13800138000"]);

    // The part of a volume, by its number; with it the original may be had again.
    archive.write("content/releases.csv", "文件,篇目,理由\n2023/汇编.txt,2,本人同意\n");
    archive.must(&["build"]);
    assert_eq!(seen(&archive), ["探题丙", "探章丙", "探文丙", "11010519491231002"]);
    assert!(archive.path("public/files/2023/汇编.txt").exists());

    // A release holds for the file that somebody has looked at.
    archive.write("content/releases.csv", "path,reason,sha256\n2023/探名甲.txt,已核,00ff\n没有.txt,已核,\n");
    let said = archive.must(&["build"]);
    assert_eq!(seen(&archive), [""; 0]);
    assert!(said.stderr.contains("releases an earlier version of this file"), "{}", said.stderr);
    assert!(said.stderr.contains("no report fits this release"), "{}", said.stderr);
}
