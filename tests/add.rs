//! `huibian add`: uploads come in under safe names, once each, over nothing; what was not meant well stays out.
#![allow(clippy::disallowed_methods)] // tests write uploads

mod sandbox;

use std::io::{Cursor, Write};

use sandbox::Sandbox;
use zip::write::SimpleFileOptions;

fn report(place: &str, year: i32) -> String {
    format!("{place}{year}年工作总结\n一、基层党建\n{place}正文在此。\n")
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        match name.strip_prefix("link:") {
            Some(name) => zip.add_symlink(name, "/etc/passwd", SimpleFileOptions::default()).expect("memory takes it"),
            None => {
                zip.start_file(*name, SimpleFileOptions::default()).expect("memory takes it");
                zip.write_all(bytes).expect("memory takes it");
            }
        }
    }
    zip.finish().expect("memory takes it").into_inner()
}

fn content(sandbox: &Sandbox) -> Vec<String> {
    sandbox.files("content").into_keys().collect()
}

#[test]
fn uploads_come_in_by_year_and_are_described() {
    let sandbox = Sandbox::new();
    sandbox.write("in/安康.txt", report("安康市", 2021));
    sandbox.write("in/深/渭南.txt", report("渭南市", 2022));
    sandbox.write("in/无年.txt", "安康市图书馆情况\n　　正文在此。\n");
    sandbox.write("in/~$锁.docx", "x");
    let said = sandbox.must(&["add", "in"]);
    assert_eq!(content(&sandbox), ["2021/安康.txt", "2022/渭南.txt", "2023/总结.txt", "无年.txt"]);
    assert!(said.stderr.contains("content/2021/安康.txt\n  安康市2021年工作总结 · 安康市 · 2021 · 总结"), "{}", said.stderr);
    assert!(said.stderr.contains("added 3 files"), "{}", said.stderr);
    assert_eq!(sandbox.files("content")["2021/安康.txt"], report("安康市", 2021).into_bytes(), "byte for byte");
    // Once more: nothing happens, and it says so.
    let said = sandbox.must(&["add", "in"]);
    assert!(said.stderr.contains("added 0 files, 3 there already"), "{}", said.stderr);
    assert_eq!(content(&sandbox).len(), 4);
    sandbox.must(&["build"]);
}

#[test]
fn nothing_is_overwritten() {
    let sandbox = Sandbox::new();
    let before = sandbox.files("content");
    sandbox.write("in/总结.txt", report("渭南市", 2023));
    sandbox.write("in2/总结.TXT", report("铜川市", 2023));
    sandbox.must(&["add", "in/总结.txt", "in2/总结.TXT"]);
    assert_eq!(content(&sandbox), ["2023/总结-2.txt", "2023/总结-3.TXT", "2023/总结.txt"].map(str::to_owned));
    assert_eq!(sandbox.files("content")["2023/总结.txt"], before["2023/总结.txt"]);
}

#[test]
fn an_archive_of_files_is_unpacked_within_bounds() {
    let sandbox = Sandbox::new();
    sandbox.write("outside.txt", "as it was");
    let good = report("安康市", 2021);
    let bomb = vec![b' '; 70 << 20];
    let (name, ..) = encoding_rs::GBK.encode("宝鸡.txt");
    // The writer takes names as strings, so a GBK name is put in afterwards.
    let mut bytes = archive(&[
        ("报告/安康.txt", good.as_bytes()),
        ("GBKNAME8.txt", report("宝鸡市", 2021).as_bytes()),
        ("../../outside.txt", b"evil"),
        ("/etc/cron.txt", b"evil"),
        ("C:/evil.txt", b"evil"),
        ("a/../../evil.txt", b"evil"),
        ("CON.txt", report("商洛市", 2021).as_bytes()),
        ("bomb.txt", &bomb),
        ("link:链接.txt", b""),
        ("__MACOSX/._安康.txt", b"x"),
        ("图.png", b"x"),
    ]);
    let wanted = b"GBKNAME8.txt";
    let new = [&name[..4], b"____.txt"].concat();
    for at in 0..bytes.len() - wanted.len() {
        if &bytes[at..at + wanted.len()] == wanted {
            bytes[at..at + wanted.len()].copy_from_slice(&new);
        }
    }
    sandbox.write("in.zip", &bytes);
    let said = sandbox.huibian(&["add", "in.zip"]);
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    assert_eq!(content(&sandbox), ["2021/_CON.txt", "2021/安康.txt", "2021/宝鸡____.txt", "2023/总结.txt"].map(str::to_owned));
    assert_eq!(sandbox.files(".")["outside.txt"], b"as it was");
    assert_eq!(said.stderr.matches("its name leads out of the archive").count(), 4, "{}", said.stderr);
    for wanted in ["unpacks to far more", "which is not followed", "warning[unsupported]", "added 3 files, 6 refused"] {
        assert!(said.stderr.contains(wanted), "{wanted}: {}", said.stderr);
    }
    sandbox.must(&["build"]);
}

#[test]
fn what_cannot_be_used_stays_out_and_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("in/坏.txt", "ab\0c");
    sandbox.write("in/好.txt", report("安康市", 2021));
    sandbox.write("坏.zip", "PK no archive");
    let said = sandbox.huibian(&["add", "in", "坏.zip", "没有.txt"]);
    assert_eq!(said.code, Some(1));
    assert_eq!(content(&sandbox), ["2021/好.txt", "2023/总结.txt"].map(str::to_owned));
    for wanted in ["in/坏.txt", "not a sound ZIP archive", "没有.txt", "added 1 file, 3 refused"] {
        assert!(said.stderr.contains(wanted), "{wanted}: {}", said.stderr);
    }
    assert_eq!(sandbox.huibian(&["add"]).code, Some(2));
}
