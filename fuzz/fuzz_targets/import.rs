//! Whatever comes in: archives give files with safe names or are refused, documents become text or are refused.
#![no_main]

use std::cell::Cell;
use std::io::{Cursor, Write};
use std::sync::Once;

use huibian::config::Config;
use huibian::document;
use huibian::intake::{safe_name, unpack_bytes};
use huibian::source::{SourcePath, read_bytes};
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;

/// Bytes that an upload may have here.
const LARGEST: u64 = 1 << 20;

thread_local!(static FOREIGN: Cell<bool> = const { Cell::new(false) });

/// The reader of .doc files belongs to somebody else; its panics are caught and are no finding here.
fn let_foreign_code_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let stop = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !FOREIGN.get() {
                stop(info);
            }
        }));
    });
}

/// A package of parts, which stand one after another with a zero between them.
fn package(names: &[&str], bytes: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in names.iter().zip(bytes.split(|&byte| byte == 0)) {
        zip.start_file(*name, SimpleFileOptions::default()).expect("memory takes it");
        zip.write_all(part).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}

/// An archive whose names are the lines of the text.
fn parcel(bytes: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for line in bytes.split(|&byte| byte == b'\n').take(50) {
        // Two entries of one name are refused here already.
        if zip.start_file(String::from_utf8_lossy(line), SimpleFileOptions::default()).is_ok() {
            zip.write_all(line).expect("memory takes it");
        }
    }
    zip.finish().expect("memory takes it").into_inner()
}

fn read(name: &str, bytes: &[u8], config: &Config) {
    match read_bytes(bytes, SourcePath::new(name), config) {
        Ok(source) => {
            assert!(!source.text.as_str().contains('\0'));
            assert!(!document::read(&source).documents.is_empty());
        }
        Err(problem) => assert!(problem.is_error() && problem.help.is_some()),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&kind, bytes)) = bytes.split_first() else { return };
    let_foreign_code_panic();
    let config = Config { max_file_size: LARGEST, ..Config::default() };
    let archive = match kind % 8 {
        0 => bytes.to_vec(),
        1 => parcel(bytes),
        2 => return read("甲.docx", &package(&["word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footnotes.xml"], bytes), &config),
        3 => return read("甲.odt", &package(&["content.xml", "styles.xml", "META-INF/manifest.xml"], bytes), &config),
        4 => return read("甲.rtf", &[b"{\\rtf1", bytes].concat(), &config),
        5 => return read("甲.html", &[b"<html>", bytes].concat(), &config),
        6 => return read("甲.docx", bytes, &config),
        _ => {
            FOREIGN.set(true);
            read("甲.doc", &[b"\xd0\xcf\x11\xe0", bytes].concat(), &config);
            return FOREIGN.set(false);
        }
    };
    let mut diagnostics = Vec::new();
    for upload in unpack_bytes("来件.zip", archive, LARGEST, &mut diagnostics) {
        assert!(upload.bytes.len() as u64 <= LARGEST);
        let name = safe_name(&upload.origin);
        assert!(!name.is_empty() && name.len() <= 255 && !name.starts_with('.') && !name.contains(['/', '\\', '\0']));
        assert_eq!(safe_name(&name), name, "a safe name is safe");
    }
});
