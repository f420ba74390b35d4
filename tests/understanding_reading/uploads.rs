//! Walking `content/`: every file ends as a source or is accounted for, with a reason that its keeper can act on.

use std::fs;
use std::path::Path;

use huibian::config::Config;
use huibian::source::{Counts, Encoding, Format, Loaded, load};

const TEXT: &str = "某某县水利工作总结\n今年以来，全县水利工作稳步推进。\n";

/// Loads an archive with these files under `content/`.
fn archive(files: &[(&str, &[u8])], arrange: impl FnOnce(&Path), config: &Config) -> Loaded {
    let root = tempfile::tempdir().expect("a folder for the test");
    let content = root.path().join("content");
    fs::create_dir(&content).expect("an empty folder");
    for (path, bytes) in files {
        let file = content.join(path);
        fs::create_dir_all(file.parent().expect("below content")).expect("folders can be made");
        fs::write(file, bytes).expect("files can be written");
    }
    arrange(&content);
    load(root.path(), config)
}

/// `code place` of each diagnostic.
fn said(loaded: &Loaded) -> Vec<String> {
    let place = |one: &huibian::diagnostic::Diagnostic| one.place.as_ref().map_or("-".into(), |place| place.path.clone());
    assert!(loaded.diagnostics.iter().all(|one| one.help.is_some()), "each names a way out: {:?}", loaded.diagnostics);
    loaded.diagnostics.iter().map(|one| format!("{} {}", one.code, place(one))).collect()
}

#[test]
fn uploads_are_found_at_any_depth_in_the_order_of_their_paths() {
    let (gb, _, _) = encoding_rs::GB18030.encode(TEXT);
    let files: &[(&str, &[u8])] = &[
        ("乙.TXT", TEXT.as_bytes()),
        ("甲/丙/丁.txt", &gb),
        ("甲/一.Md", b"# A\n"),
        ("甲 乙.markdown", b"# B\n"),
        ("a.txt", TEXT.as_bytes()),
    ];
    let loaded = archive(files, |_| {}, &Config::default());
    let found: Vec<_> = loaded.sources.iter().map(|source| (source.path.as_str(), source.format)).collect();
    let mut sorted = found.clone();
    sorted.sort_by_key(|(path, _)| path.split('/').map(str::to_owned).collect::<Vec<_>>());
    assert_eq!(found, sorted);
    assert_eq!(found.len(), 5);
    assert_eq!(loaded.sources.iter().filter(|source| source.format == Format::Markdown).count(), 2);
    let gb = loaded.sources.iter().find(|source| source.path.as_str() == "甲/丙/丁.txt").expect("found");
    assert_eq!((gb.encoding, gb.text.as_str()), (Encoding::Gb18030, TEXT));
    assert_eq!(said(&loaded), Vec::<String>::new());
}

#[test]
fn what_is_no_upload_is_counted_or_named() {
    let files: &[(&str, &[u8])] = &[
        ("a.txt", TEXT.as_bytes()),
        ("~$a.docx", b"x"),
        ("Thumbs.db", b"x"),
        (".DS_Store", b"x"),
        ("b.txt.part", b"x"),
        ("c.tmp", b"x"),
        ("d.xlsx", b"x"),
        ("no-extension", b"x"),
        ("2020/_index.md", b"+++\n+++\n"),
        ("overrides.csv", "path,title\n".as_bytes()),
        ("releases.csv", b"x\n"),
        ("bad.txt", b"ab\0c"),
        ("empty.md", b""),
    ];
    let loaded = archive(files, |_| {}, &Config::default());
    assert_eq!(loaded.counts, Counts { files: 13, sources: 1, refused: 2, unsupported: 3, ignored: 5, tables: 2 });
    assert_eq!(loaded.overrides.as_deref(), Some("path,title\n"));
    let mut said = said(&loaded);
    said.sort();
    assert_eq!(
        said,
        [
            "undecodable content/bad.txt",
            "undecodable content/empty.md",
            "unsupported content/2020/_index.md",
            "unsupported content/d.xlsx",
            "unsupported content/no-extension"
        ]
    );
}

#[test]
fn a_file_that_is_too_large_names_the_key_that_allows_it() {
    let config = Config { max_file_size: 40, ..Config::default() };
    let loaded = archive(&[("a.txt", TEXT.as_bytes())], |_| {}, &config);
    let problem = &loaded.diagnostics[0];
    assert_eq!(problem.code, "too-large");
    assert!(problem.help.as_ref().is_some_and(|help| help.contains("max_file_size")));
    assert_eq!(loaded.sources.len(), 0);
}

#[test]
fn a_wrong_byte_is_named_with_its_line() {
    let text = [TEXT.as_bytes(), b"\xe5\x85\n"].concat();
    let loaded = archive(&[("a.txt", &text)], |_| {}, &Config::default());
    let problem = &loaded.diagnostics[0];
    assert_eq!(problem.place.as_ref().and_then(|place| place.line), Some(3));
    assert!(problem.notes[0].contains(&format!("at byte {}", TEXT.len())), "{:?}", problem.notes);
}

#[test]
fn a_line_of_a_million_characters_is_read() {
    let text = "今年以来，工作顺利。".repeat(100_000);
    let loaded = archive(&[("a.txt", text.as_bytes())], |_| {}, &Config::default());
    let reading = huibian::document::read(&loaded.sources[0]);
    assert_eq!(reading.documents[0].blocks[0].text().len(), text.len());
}

#[test]
fn without_content_there_is_nothing_to_read() {
    let root = tempfile::tempdir().expect("a folder for the test");
    assert_eq!(said(&load(root.path(), &Config::default())), ["no-content content/"]);
}

#[cfg(unix)]
#[test]
fn links_and_names_that_are_no_text_are_left_out() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    let arrange = |content: &Path| {
        symlink("/etc/hostname", content.join("out.txt")).expect("links can be made");
        symlink("..", content.join("up")).expect("links can be made");
        fs::write(content.join(OsStr::from_bytes(b"\xb1\xa8.txt")), TEXT).expect("any name can be written");
    };
    let loaded = archive(&[("a.txt", TEXT.as_bytes())], arrange, &Config::default());
    assert_eq!(loaded.sources.len(), 1);
    let mut said = said(&loaded);
    said.sort();
    assert_eq!(said, ["file-name content/\u{fffd}\u{fffd}.txt", "link content/out.txt", "link content/up"]);
    assert_eq!(loaded.counts, Counts { files: 4, sources: 1, refused: 1, unsupported: 2, ignored: 0, tables: 0 });
}
