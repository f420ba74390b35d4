//! Two hundred files that mean harm, or are merely broken, among a few good ones. None stops the program, none gets out, none
//! runs, and every good one is published whole.
#![allow(clippy::disallowed_methods)] // tests write archives

#[path = "../sandbox/mod.rs"]
mod sandbox;

mod names;
mod packages;
mod texts;

use std::collections::BTreeSet;
use std::fs;

use sandbox::Sandbox;

/// A file under `content/`. Names need not be text.
pub struct Nasty {
    pub path: std::ffi::OsString,
    pub bytes: Vec<u8>,
}

impl Nasty {
    pub fn new(path: impl Into<std::ffi::OsString>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), bytes: bytes.into() }
    }
}

/// Markup, template syntax and a formula, to be put wherever words can stand. None of it may come out as more than words.
pub const PAYLOADS: [&str; 8] = [
    "<script>alert(7231)</script>",
    "\"><img src=x onerror=alert(7231)>",
    "'-alert(7231)-'",
    "</title></script><svg onload=alert(7231)>",
    "{{ 31 * 41 * 43 }}{% include \"base.html\" %}",
    "=HYPERLINK(\"http://x/\"&A1)",
    "]]><!ENTITY x SYSTEM \"file:///etc/passwd\">&x;",
    "javascript:alert(7231)",
];

/// Good reports, each with words of its own.
fn good() -> Vec<(String, String)> {
    let one = |n: usize| {
        let place = ["安康市", "汉中市", "长治市", "大同市"][n % 4];
        let text = format!("{place}20{}年工作总结\n一、基层党建\n　　好文{n}号的正文完整无缺，好文{n}号到此为止。\n", 10 + n);
        (format!("content/好/好文{n}.txt"), text)
    };
    (0..12).map(one).collect()
}

fn corpus() -> Vec<Nasty> {
    [texts::all(), packages::all(), names::all()].into_iter().flatten().collect()
}

fn archive() -> Sandbox {
    let archive = Sandbox::empty();
    archive.write("config.toml", "title = \"库\"\nmax_file_size = \"1 MB\"\nbase_url = \"https://example.org/\"\n");
    for (path, text) in good() {
        archive.write(&path, text);
    }
    archive
}

/// How many could be written: not every file system takes every name.
fn put(archive: &Sandbox, files: &[Nasty]) -> usize {
    let is_written = |file: &&Nasty| {
        let path = archive.path("content").join(&file.path);
        path.parent().is_some_and(|folder| fs::create_dir_all(folder).is_ok()) && fs::write(path, &file.bytes).is_ok()
    };
    files.iter().filter(is_written).count()
}

#[test]
fn none_of_two_hundred_nasty_files_does_any_harm() {
    let archive = archive();
    let files = corpus();
    let written = put(&archive, &files);
    assert!(written >= 200, "{written} of {} files", files.len());
    let (overrides, releases) = texts::tables();
    archive.write("content/overrides.csv", overrides);
    archive.write("content/releases.csv", releases);
    let before: BTreeSet<_> =
        fs::read_dir(archive.path(".")).expect("it is there").map(|entry| entry.expect("readable").file_name()).collect();
    let said = archive.huibian(&["build", "--keep-going", "--review"]);
    assert_eq!(said.code, Some(1), "it says that some cannot be used: {}", said.stderr);
    assert!(!said.stderr.contains("panicked") && !said.stderr.contains("a mistake in huibian"), "{}", said.stderr);
    // Nothing lies anywhere but where the site belongs.
    let after: BTreeSet<_> =
        fs::read_dir(archive.path(".")).expect("it is there").map(|entry| entry.expect("readable").file_name()).collect();
    let new: Vec<_> = after.difference(&before).map(|name| name.to_string_lossy().into_owned()).collect();
    assert_eq!(new, [".public.huibian", "public"]);
    let site = archive.files("public");
    every_good_report_is_whole(&site);
    for (path, bytes) in &site {
        if path.starts_with("files/") {
            continue; // the uploads themselves, byte for byte
        }
        let text = String::from_utf8_lossy(bytes);
        match path.rsplit('.').next() {
            Some("html") => nothing_runs(path, &text),
            Some("xml") => drop(roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{path}: {error}"))),
            Some("csv") => no_formula(path, bytes),
            Some("json") if !path.starts_with("search/") => {
                drop(serde_json::from_slice::<serde_json::Value>(bytes).unwrap_or_else(|error| panic!("{path}: {error}")));
            }
            _ => {}
        }
    }
    // Without the flag nothing is published, and the site stays.
    assert_eq!(archive.huibian(&["build"]).code, Some(1));
    assert!(archive.files("public") == site);
    let checked = archive.huibian(&["check"]);
    assert!(checked.code == Some(1) && !checked.stderr.contains("panicked"), "{}", checked.stderr);
}

fn every_good_report_is_whole(site: &std::collections::BTreeMap<String, Vec<u8>>) {
    for (n, (path, text)) in good().into_iter().enumerate() {
        let original = path.replacen("content/", "files/", 1);
        assert_eq!(site.get(&original).map(Vec::as_slice), Some(text.as_bytes()), "{original}");
        let body = format!("好文{n}号的正文完整无缺，好文{n}号到此为止。");
        let shown = |(path, bytes): (&String, &Vec<u8>)| {
            path.starts_with("reports/") && path.ends_with("/index.html") && String::from_utf8_lossy(bytes).contains(&body)
        };
        assert!(site.iter().any(shown), "{path} has no page");
    }
}

/// Whatever stands in a tag is the site's own.
fn nothing_runs(path: &str, page: &str) {
    assert!(!page.contains("54653"), "{path}: a template was run");
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let (name, attributes, after) = tag(rest);
        rest = after;
        assert!(!["img", "iframe", "object", "embed", "base"].contains(&name), "{path}: <{name}>");
        for (key, value) in &attributes {
            assert!(!key.starts_with("on") && *key != "srcdoc" && *key != "style", "{path}: <{name} {key}>");
            let leads = ["href", "src", "action", "formaction", "poster", "xlink:href"].contains(key);
            let scheme = value.trim().to_ascii_lowercase();
            assert!(
                !leads || !["javascript:", "data:", "vbscript:"].iter().any(|bad| scheme.starts_with(bad)),
                "{path}: <{name} {key}={value}>"
            );
        }
        let has = |key: &str, value: &str| attributes.iter().any(|(k, v)| *k == key && v.contains(value));
        if name == "script" {
            assert!(has("src", "assets/") || has("type", "ld+json"), "{path}: <script>");
        }
        // What stands in these is no markup, up to their end.
        if let Some(end) = ["script", "title", "style", "textarea"].contains(&name).then(|| format!("</{name}")) {
            rest = &rest[rest.find(&end).unwrap_or_else(|| panic!("{path}: <{name}> has no end"))..];
        }
    }
}

type Attribute<'p> = (&'p str, &'p str);

/// Name and attributes of a tag, and what follows it.
fn tag(text: &str) -> (&str, Vec<Attribute<'_>>, &str) {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() || rest.starts_with('>') {
            return (name, attributes, rest);
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(rest.len()).max(1);
        let key = &rest[..end];
        rest = &rest[end..];
        let Some(value) = rest.strip_prefix('=') else {
            attributes.push((key, ""));
            continue;
        };
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_at(value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len())),
        };
        attributes.push((key, value));
        rest = after;
    }
}

fn no_formula(path: &str, bytes: &[u8]) {
    let mut table = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    for record in table.records() {
        for cell in &record.unwrap_or_else(|error| panic!("{path}: {error}")) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']) || cell.parse::<f64>().is_ok(), "{path}: {cell}");
        }
    }
}

#[test]
fn nothing_gets_out_of_an_archive_of_files() {
    let archive = archive();
    for (n, bytes) in packages::parcels().into_iter().enumerate() {
        archive.write(&format!("来件/{n}.zip"), bytes);
    }
    let outside = archive.files(".");
    let said = archive.huibian(&["add", "来件"]);
    assert!(said.code == Some(1) && !said.stderr.contains("panicked"), "{}", said.stderr);
    for (path, bytes) in archive.files(".") {
        let is_new = !outside.contains_key(&path);
        assert!(!is_new || path.starts_with("content/"), "{path} was written");
        assert!(is_new || outside[&path] == bytes, "{path} was changed");
        assert!(!is_new || path.len() < 255 && !path.contains("..") && !path.contains(['\\', ':', '\n']), "{path:?}");
    }
    assert!(!archive.path("../过界.txt").exists());
    let names: Vec<String> = archive.files("content").into_keys().collect();
    assert!(names.iter().any(|name| name.ends_with("好的.txt")), "what is good in them arrives: {names:?}");
}

#[test]
fn a_configuration_that_means_harm_is_refused_or_harmless() {
    for text in texts::configurations() {
        let archive = archive();
        archive.write("config.toml", &text);
        let said = archive.huibian(&["build"]);
        assert!(matches!(said.code, Some(0..=2)) && !said.stderr.contains("panicked"), "{text:?}: {:?} {}", said.code, said.stderr);
        assert!(!archive.path("../过界").exists(), "{text:?}");
        if said.code == Some(0) {
            for (path, bytes) in archive.files("public").iter().filter(|(path, _)| path.ends_with(".html")) {
                nothing_runs(path, &String::from_utf8_lossy(bytes));
            }
        }
    }
}
