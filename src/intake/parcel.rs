//! Opens what was handed over: a file is an upload, a folder and a ZIP archive hold several.
#![allow(clippy::disallowed_methods)] // reads files from anywhere

use std::fs::{self, File};
use std::io::{Cursor, Read};
use std::path::Path;

use encoding_rs::GB18030;
use walkdir::WalkDir;
use zip::ZipArchive;

use crate::diagnostic::{Diagnostic, Place};
use crate::source::{Format, is_junk};

/// A file that wants to come in.
#[derive(Debug)]
pub struct Upload {
    /// As people know it: its path, or its name in the archive that it came in.
    pub origin: String,
    pub bytes: Vec<u8>,
}

/// Files in one archive or folder.
const MOST_FILES: usize = 20_000;
/// What one archive may unpack to, as a multiple of `max_file_size`.
const MOST_UNPACKED: u64 = 32;
/// A compressed text is a tenth of itself; a thousandth is made to do harm.
const DENSEST: u64 = 1000;

/// Everything in `path` that is an upload by its extension. `largest` is the largest file that is taken, in bytes.
pub fn unpack(path: &Path, largest: u64, diagnostics: &mut Vec<Diagnostic>) -> Vec<Upload> {
    let mut taker = Taker { largest, uploads: Vec::new(), diagnostics };
    if path.is_dir() {
        for entry in WalkDir::new(path).sort_by_file_name() {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) if entry.file_type().is_symlink() => {
                    taker.refuse(&shown(entry.path()), "link", "a link, which is not followed", "hand over the file itself")
                }
                Ok(entry) => taker.file(entry.path()),
                Err(error) => taker.refuse(&shown(path), "unreadable", &format!("cannot be read: {error}"), "check its permissions"),
            }
        }
    } else {
        taker.file(path);
    }
    taker.uploads
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The same for a file that is in memory, under the name that it came with.
pub fn unpack_bytes(origin: &str, bytes: Vec<u8>, largest: u64, diagnostics: &mut Vec<Diagnostic>) -> Vec<Upload> {
    let mut taker = Taker { largest, uploads: Vec::new(), diagnostics };
    match is_archive(Path::new(origin)) {
        true => taker.archive(origin, &bytes),
        false => taker.upload(origin.to_owned(), bytes),
    }
    taker.uploads
}

fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}

struct Taker<'d> {
    largest: u64,
    uploads: Vec<Upload>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Taker<'_> {
    fn refuse(&mut self, origin: &str, code: &'static str, reason: &str, help: &str) {
        self.diagnostics.push(Diagnostic::error(code, reason).at(Place::file(origin)).help(help));
    }

    fn file(&mut self, path: &Path) {
        let origin = shown(path);
        if is_junk(&path.file_name().unwrap_or_default().to_string_lossy()) {
            return;
        }
        let is_zip = is_archive(path);
        // An archive may be larger than a file in it.
        let limit = if is_zip { self.largest.saturating_mul(MOST_UNPACKED) } else { self.largest };
        let bytes = File::open(path).and_then(|file| {
            let mut bytes = Vec::new();
            file.take(limit + 1).read_to_end(&mut bytes).map(|_| bytes)
        });
        match bytes {
            Err(error) => self.refuse(&origin, "unreadable", &format!("cannot be read: {error}"), "check its name and its permissions"),
            Ok(bytes) if bytes.len() as u64 > limit => self.too_large(&origin),
            Ok(bytes) if is_zip => self.archive(&origin, &bytes),
            Ok(bytes) => self.upload(origin, bytes),
        }
    }

    fn too_large(&mut self, origin: &str) {
        let reason = format!("larger than the {} MiB that are allowed", self.largest >> 20);
        self.refuse(origin, "too-large", &reason, "split the file, or raise `max_file_size` in config.toml");
    }

    fn upload(&mut self, origin: String, bytes: Vec<u8>) {
        if Format::of(&origin).is_some() {
            self.uploads.push(Upload { origin, bytes });
        } else {
            let warning = Diagnostic::warning("unsupported", format!("left out: huibian reads {}", Format::EXTENSIONS));
            self.diagnostics.push(warning.at(Place::file(origin)));
        }
    }

    fn archive(&mut self, origin: &str, bytes: &[u8]) {
        let damaged = |error: &dyn std::fmt::Display| format!("not a sound ZIP archive: {error}");
        let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
            Ok(archive) => archive,
            Err(error) => return self.refuse(origin, "archive", &damaged(&error), "unpack it yourself and hand over the folder"),
        };
        if archive.len() > MOST_FILES {
            let reason = format!("the archive holds {} files; {MOST_FILES} are allowed", archive.len());
            return self.refuse(origin, "archive", &reason, "hand it over in several parts");
        }
        let mut left = self.largest.saturating_mul(MOST_UNPACKED);
        for index in 0..archive.len() {
            let mut entry = match archive.by_index(index) {
                Ok(entry) => entry,
                Err(error) => {
                    let within = format!("{origin}, entry {}", index + 1);
                    let reason =
                        if error.to_string().contains("assword") { "protected with a password".to_owned() } else { damaged(&error) };
                    self.refuse(&within, "archive", &reason, "unpack it yourself and hand over the folder");
                    continue;
                }
            };
            let name = name_of(entry.name_raw());
            let within = format!("{origin}/{name}");
            if entry.is_dir() || name.split('/').any(|part| is_junk(part) || part == "__MACOSX") && !leads_out(&name) {
                continue;
            }
            if leads_out(&name) {
                self.refuse(
                    &within,
                    "archive",
                    "its name leads out of the archive",
                    "this file was not meant well: ask where it comes from",
                );
                continue;
            }
            if entry.is_symlink() {
                self.refuse(&within, "link", "a link, which is not followed", "hand over the file itself");
                continue;
            }
            let allowed = self.largest.min(left).min(entry.compressed_size().saturating_mul(DENSEST).saturating_add(1 << 20));
            let mut bytes = Vec::new();
            match entry.by_ref().take(allowed + 1).read_to_end(&mut bytes) {
                Err(error) => self.refuse(&within, "archive", &damaged(&error), "unpack it yourself and hand over the folder"),
                Ok(_) if bytes.len() as u64 > allowed => {
                    let reason = "it unpacks to far more than an upload may hold";
                    self.refuse(&within, "too-large", reason, "look at it yourself, or raise `max_file_size` in config.toml");
                }
                Ok(_) => {
                    left -= bytes.len() as u64;
                    self.upload(within, bytes);
                }
            }
        }
    }
}

/// Names in archives are UTF-8, or in the code page of the machine that packed them.
fn name_of(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    };
    name.replace('\\', "/")
}

fn leads_out(name: &str) -> bool {
    name.starts_with('/') || name.contains('\0') || name.split('/').any(|part| part == "..") || name.as_bytes().get(1) == Some(&b':')
}

/// Whether anything lies there.
pub(super) fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}
