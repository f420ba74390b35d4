//! What a person or a script meets at the command line: help, exit status, streams, colour, a new archive.
#![allow(clippy::disallowed_methods)] // tests look at the files

mod sandbox;

use std::fs;
use std::process::Stdio;

use sandbox::{Sandbox, said};

#[test]
fn help_teaches_every_command() {
    let nowhere = Sandbox::empty();
    let help = nowhere.must(&["--help"]).stdout;
    for command in ["init", "add", "build", "serve", "watch", "inspect", "check", "completions"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command} is listed");
        let own = nowhere.must(&["help", command]).stdout;
        assert!(own.contains("--root <DIR>"), "{command}");
    }
    assert!(help.contains("huibian serve --open"), "a first session is shown");
    assert_eq!(nowhere.must(&["--version"]).stdout.trim(), concat!("huibian ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_is_status_2() {
    let nowhere = Sandbox::empty();
    for args in
        [&["biuld"][..], &["build", "--jobs", "0"], &["build", "--stats", "xml"], &["inspect"], &["build", "--quiet", "--verbose"], &[]]
    {
        assert_eq!(nowhere.huibian(args).code, Some(2), "{args:?}");
    }
    assert!(nowhere.huibian(&["biuld"]).stderr.contains("'build'"), "it says what was probably meant");
}

#[test]
fn completions_are_scripts_for_each_shell() {
    let nowhere = Sandbox::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = nowhere.must(&["completions", shell]).stdout;
        assert!(script.contains("keep-going"), "{shell}");
    }
}

#[test]
fn a_new_archive_builds_and_says_what_comes_next() {
    let place = Sandbox::empty();
    let said = place.must(&["init", "我的 档案"]);
    assert!(said.stderr.contains("cd '我的 档案'"), "{}", said.stderr);
    let built = place.must(&["build", "--root", "我的 档案"]);
    assert!(built.stderr.contains("1 report") && !built.stderr.contains("warning"), "{}", built.stderr);
    assert!(place.path("我的 档案/public/index.html").exists());
    let report = fs::read_dir(place.path("我的 档案/content")).expect("it is there").next().expect("a sample").expect("readable").path();
    assert!(fs::read_to_string(report).expect("it is text").contains("纯属虚构"), "the sample says that it is fictional");
    assert_eq!(place.must(&["check", "--root", "我的 档案"]).code, Some(0));
    let checked = huibian::config::parse(&fs::read_to_string(place.path("我的 档案/config.toml")).expect("it is there")).expect("sound");
    assert_eq!((checked.title.as_str(), checked.description.as_str()), ("报告汇编", ""), "not the name of the sample archive");
}

#[test]
fn init_touches_nothing_that_is_there() {
    let place = Sandbox::empty();
    place.write("used/letter.txt", "dear");
    place.write("file", "");
    fs::create_dir(place.path("empty")).expect("it is new");
    for (dir, expected) in
        [("used", "`used` is not empty, so nothing was written there"), ("file", "`file` is a file"), (".", "`.` is not empty")]
    {
        let said = place.huibian(&["init", dir]);
        assert_eq!(said.code, Some(1), "{dir}");
        assert!(said.stderr.contains(expected) && said.stderr.contains("help: "), "{dir}: {}", said.stderr);
    }
    assert_eq!(place.files("used").len(), 1);
    place.must(&["init", "empty"]);
}

#[test]
fn the_archive_is_found_from_any_folder_in_it() {
    let archive = Sandbox::new();
    let said = said(archive.command(&["build"]).current_dir(archive.path("content/2023")));
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    assert!(archive.path("public/index.html").exists());
    let missing = archive.huibian(&["build", "--root", "nowhere"]);
    assert_eq!(missing.code, Some(1));
    assert!(missing.stderr.contains("there is no folder `nowhere`"), "{}", missing.stderr);
}

#[test]
fn without_a_configuration_the_defaults_are_used() {
    let archive = Sandbox::empty();
    archive.write("content/总结.txt", "安康市2023年工作总结\n正文\n");
    archive.must(&["build"]);
    assert!(archive.path("public/reports/总结/index.html").exists());
}

#[test]
fn a_pipe_gets_no_colour_and_no_progress_unless_asked_for() {
    let archive = Sandbox::new();
    archive.write("content/坏.txt", b"\x81");
    let plain = archive.huibian(&["build"]);
    assert!(!plain.stderr.contains('\x1b') && !plain.stderr.contains('\r'), "{:?}", plain.stderr);
    let coloured = archive.huibian(&["build", "--color", "always"]);
    assert!(coloured.stderr.contains("\x1b["), "{:?}", coloured.stderr);
    let asked = said(archive.command(&["build"]).env("CLICOLOR_FORCE", "1"));
    assert!(asked.stderr.contains("\x1b["), "{:?}", asked.stderr);
    let refused = said(archive.command(&["build"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1"));
    assert!(!refused.stderr.contains('\x1b'), "NO_COLOR wins: {:?}", refused.stderr);
}

#[test]
fn quiet_says_errors_only() {
    let archive = Sandbox::new();
    archive.write("content/表.xlsx", "");
    assert_eq!(archive.must(&["build", "--quiet"]).stderr, "");
    archive.write("content/坏.txt", b"\x81");
    let said = archive.huibian(&["build", "--quiet"]);
    assert!(said.stderr.contains("error[") && !said.stderr.contains("warning["), "{}", said.stderr);
}

#[test]
fn stats_are_one_json_object_on_standard_output() {
    let archive = Sandbox::new();
    archive.write("content/表.xlsx", "");
    let stats = |args: &[&str]| -> serde_json::Value {
        let said = archive.huibian(args);
        assert_eq!(said.stdout.lines().count(), 1, "{}", said.stdout);
        serde_json::from_str(&said.stdout).expect("one JSON object")
    };
    let first = stats(&["build", "--stats", "json"]);
    for key in ["reports", "sources", "pages", "pages_written", "bytes_written"] {
        assert!(first[key].as_u64().is_some_and(|number| number > 0), "{key}: {first}");
    }
    let seconds = first["seconds"].as_object().expect("an object");
    assert!(seconds.len() > 1 && seconds.values().all(serde_json::Value::is_f64), "{first}");
    assert_eq!((first["errors"].as_array().map(Vec::len), first["warnings"].as_array().map(Vec::len)), (Some(0), Some(1)), "{first}");
    archive.write("content/坏.txt", b"\x81");
    let failed = stats(&["build", "--stats", "json"]);
    assert_eq!((&failed["published"], &failed["pages_written"]), (&false.into(), &0.into()));
    assert_eq!(failed["errors"][0]["place"]["path"], "content/坏.txt");
    archive.write("config.toml", "titel = 1");
    assert_eq!(stats(&["build", "--stats", "json"])["errors"][0]["code"], "config");
}

#[test]
fn check_finds_links_that_lead_nowhere() {
    let archive = Sandbox::new();
    archive.must(&["check"]);
    let home = "<!doctype html><h1 id=top>x</h1><a href=./nowhere/>a</a><a href='./themes/#nothing'>b</a><a href=#top>c</a>\
                <script src=https://cdn.example/x.js></script><a href=https://example.com/>d</a><a href=../>e</a>";
    archive.write("themes/default/templates/home.html", home);
    let said = archive.huibian(&["check"]);
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(archive.tidy(said.stderr.split("looked at").next().expect("a beginning")), @r"
    error[broken-anchor]: the link `./themes/#nothing` leads to a place that /themes/index.html does not have
      /index.html

    error[broken-link]: the link `../` leads out of the site
      /index.html

    error[broken-link]: the link `./nowhere/` leads nowhere: there is no /nowhere/index.html
      /index.html

    error[external-request]: the page loads `https://cdn.example/x.js` from elsewhere
      /index.html
    ");
    let json: serde_json::Value = serde_json::from_str(&archive.huibian(&["check", "--json"]).stdout).expect("JSON");
    assert_eq!(json["errors"].as_array().map(Vec::len), Some(4), "{json}");
    assert!(!archive.path("public").exists(), "nothing is written");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let archive = Sandbox::new();
    let mut process = archive
        .command(&["inspect", "--json", "content/2023/总结.txt"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(process.stdout.take());
    let output = process.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}
