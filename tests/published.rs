//! What stands in a published site: `verify` names every file that is not as it was written, and compressed copies are always those of
//! the files beside them.
#![allow(clippy::disallowed_methods)] // tests look at the files

mod sandbox;

use std::fs;
use std::io::Read;

use sandbox::Sandbox;

#[test]
fn a_site_as_it_was_written_is_sound() {
    let archive = Sandbox::new();
    archive.must(&["build", "--compress"]);
    let said = archive.must(&["verify"]);
    assert!(said.stderr.contains("all as they were written"), "{}", said.stderr);
    let elsewhere = archive.path("public").display().to_string();
    archive.must(&["verify", &elsewhere]);
}

#[test]
fn every_file_that_is_not_as_it_was_written_is_named() {
    let archive = Sandbox::new();
    archive.must(&["build"]);
    let mut page = archive.files("public")["index.html"].clone();
    page[20] ^= 1; // the size stays
    archive.write("public/index.html", page);
    archive.write("public/files/2023/总结.txt", "别的"); // listed by another sort of hash
    fs::remove_file(archive.path("public/404.html")).expect("it is there");
    archive.write("public/.well-known/security.txt", "Contact: mailto:a@example");
    let said = archive.huibian(&["verify", "public"]);
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(archive.tidy(&said.stderr).split("read ").next().expect("the list"), @r"
    missing  404.html
    changed  files/2023/总结.txt
    changed  index.html
    foreign  .well-known/security.txt
    ");
    let json: serde_json::Value = serde_json::from_str(&archive.huibian(&["verify", "--json"]).stdout).expect("it prints JSON");
    assert_eq!(json["missing"], serde_json::json!(["404.html"]));
    assert_eq!(json["changed"], serde_json::json!(["files/2023/总结.txt", "index.html"]));
    assert_eq!(json["foreign"], serde_json::json!([".well-known/security.txt"]));
    assert_eq!(json["sound"], false);
}

#[test]
fn files_of_ones_own_can_be_allowed() {
    let archive = Sandbox::new();
    archive.must(&["build"]);
    archive.write("public/CNAME", "reports.example");
    assert_eq!(archive.huibian(&["verify"]).code, Some(1));
    archive.must(&["verify", "--allow-foreign"]);
}

#[test]
fn where_there_is_no_site_the_message_says_so() {
    let archive = Sandbox::new();
    archive.write("somewhere/index.html", "mine");
    let said = archive.huibian(&["verify", "somewhere"]);
    assert_eq!(said.code, Some(1));
    assert!(said.stderr.contains("no .huibian.json\n  help: "), "{}", said.stderr);
    archive.write("somewhere/.huibian.json", "{");
    assert!(archive.huibian(&["verify", "somewhere"]).stderr.contains("cannot read .huibian.json"));
}

/// Every copy holds exactly its file, and every text file of some length has both.
#[track_caller]
fn assert_copies_fit(archive: &Sandbox) -> usize {
    let files = archive.files("public");
    let mut copies = 0;
    for (path, bytes) in &files {
        let mut plain = Vec::new();
        let original = if let Some(original) = path.strip_suffix(".gz") {
            flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut plain).expect("it is gzip");
            assert_eq!(bytes[4..8], [0; 4], "{path} holds no time");
            original
        } else if let Some(original) = path.strip_suffix(".br") {
            brotli::BrotliDecompress(&mut &bytes[..], &mut plain).expect("it is brotli");
            original
        } else {
            let wanted = path.ends_with(".html") && bytes.len() > 1000;
            assert!(!wanted || files.contains_key(&format!("{path}.gz")) && files.contains_key(&format!("{path}.br")), "{path}");
            continue;
        };
        assert!(plain == files[original], "{path} is that of its file");
        assert!(bytes.len() * 10 <= plain.len() * 9, "{path} is worth its room");
        copies += 1;
    }
    copies
}

#[test]
fn compressed_copies_follow_their_files() {
    let archive = Sandbox::new();
    archive.must(&["build"]);
    assert_eq!(copies_of(&archive), 0);
    archive.write("config.toml", "title = \"库\"\n[publish]\ncompress = true\n");
    archive.must(&["build"]);
    let count = assert_copies_fit(&archive);
    assert!(count > 20, "{count}");
    assert!(
        archive.files("public").keys().all(|path| !path.starts_with("search/d/") || path.ends_with(".js")),
        "the index is deflated already"
    );

    archive.write("content/2024/新.txt", "汉中市2024年工作总结\n一、人才工作\n正文。\n");
    archive.must(&["build"]);
    assert_copies_fit(&archive);
    archive.must(&["build", "--output", "clean"]);
    assert_eq!(archive.files("public"), archive.files("clean"), "an update is a clean build");
    assert!(archive.must(&["build"]).stderr.contains("nothing: public is up to date"));

    fs::remove_file(archive.path("public/index.html.br")).expect("it is there");
    fs::remove_file(archive.path("content/2024/新.txt")).expect("it is there");
    archive.must(&["build"]);
    assert_copies_fit(&archive);
    assert!(!archive.path("public/reports/新").exists(), "no copy outlives its page");

    archive.write("config.toml", "title = \"库\"\n");
    archive.must(&["build"]);
    assert_eq!(copies_of(&archive), 0, "none is left when nobody asks for them");
    archive.must(&["build", "--compress"]);
    assert_copies_fit(&archive);
}

fn copies_of(archive: &Sandbox) -> usize {
    archive.files("public").keys().filter(|path| path.ends_with(".gz") || path.ends_with(".br")).count()
}
