//! Walks `content/` and reads what lies there.
#![allow(clippy::disallowed_methods)] // this is the stage that reads files

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use walkdir::{DirEntry, WalkDir};

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::source::{
    Conversion, Conversions, Decoded, Encoding, Format, Source, SourcePath, SourceText, Stamp, Undecodable, decode, office,
};

/// The uploads that could be read, in the order of their paths, and what could not.
#[derive(Debug, Default)]
pub struct Loaded {
    pub sources: Vec<Source>,
    /// Those and all that need not be read, in the order of their paths, each with how it stood before it was read.
    pub uploads: Vec<(SourcePath, Option<Stamp>)>,
    /// The text of `content/overrides.csv`.
    pub overrides: Option<String>,
    /// The text of `content/releases.csv`.
    pub releases: Option<String>,
    pub diagnostics: Vec<Diagnostic>,
    pub counts: Counts,
}

/// What lies under `content/`; no upload has been read.
#[derive(Debug, Default)]
pub struct Found {
    uploads: Vec<(SourcePath, Option<Stamp>)>,
    /// The text of `content/overrides.csv`.
    pub overrides: Option<String>,
    releases: Option<String>,
    diagnostics: Vec<Diagnostic>,
    counts: Counts,
}

/// What became of the files under `content/`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// All of them: the sum of the others.
    pub files: usize,
    pub sources: usize,
    /// Uploads that cannot be used; each has its error.
    pub refused: usize,
    /// No uploads: links, formats that are not read; each has its warning.
    pub unsupported: usize,
    /// What editors and file managers leave behind (`~$…`, `Thumbs.db`), without a word.
    pub ignored: usize,
    /// Tables that steer the archive: `overrides.csv`, `releases.csv`.
    pub tables: usize,
}

/// Reads everything under `root/content`.
pub fn load(root: &Path, config: &Config) -> Loaded {
    find(root, config).read(root, config, &Conversions::not_kept(), &|_, _| false)
}

/// Looks for everything under `root/content`, and reads the tables that steer the archive.
pub fn find(root: &Path, config: &Config) -> Found {
    let content = root.join("content");
    let mut found = Found::default();
    if !content.is_dir() {
        let problem = Diagnostic::error("no-content", "there is no folder `content` for the reports");
        found.diagnostics.push(problem.at(Place::file("content/")).help("make it, and put reports into it"));
        return found;
    }
    for entry in WalkDir::new(&content).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => {
                found.counts.files += 1;
                sort(&entry, &content, &mut found, config);
            }
            Err(error) => {
                let place = error.path().unwrap_or(&content);
                found.diagnostics.push(unreadable(shown(place, &content), &error.to_string()));
                if !place.is_dir() {
                    found.counts.files += 1;
                    found.counts.refused += 1;
                }
            }
        }
    }
    found
}

impl Found {
    /// Reads the uploads, but for those that stand as the caller knows them. What another program has to make of one is kept in `conversions`.
    pub fn read(
        self,
        root: &Path,
        config: &Config,
        conversions: &Conversions,
        is_known: &(dyn Fn(&SourcePath, &Stamp) -> bool + Sync),
    ) -> Loaded {
        let Self { uploads, overrides, releases, diagnostics, counts } = self;
        let content = root.join("content");
        let mut loaded = Loaded { overrides, releases, diagnostics, counts, ..Loaded::default() };
        let read_one = |path: &SourcePath| {
            let bytes = bytes_of(&content.join(path.as_str()), path, config)?;
            read(&bytes, path.clone(), config, &conversions.of(path))
        };
        let read = uploads.par_iter().map(|(path, stamp)| match stamp.as_ref().is_some_and(|stamp| is_known(path, stamp)) {
            true => Ok(None),
            false => read_one(path).map(Some),
        });
        let read: Vec<_> = read.collect();
        let known = read.iter().zip(&uploads).filter(|(read, _)| matches!(read, Ok(None)));
        conversions.forget_all_but(known.map(|(_, (path, _))| path));
        for (result, upload) in read.into_iter().zip(uploads) {
            match result {
                Ok(source) => {
                    loaded.counts.sources += 1;
                    loaded.sources.extend(source);
                    loaded.uploads.push(upload);
                }
                Err(diagnostic) => {
                    loaded.counts.refused += 1;
                    loaded.diagnostics.push(*diagnostic);
                }
            }
        }
        let Counts { files, sources, refused, unsupported, ignored, tables } = loaded.counts;
        debug_assert_eq!(files, sources + refused + unsupported + ignored + tables, "every file is accounted for");
        loaded
    }
}

/// Decides what one directory entry is.
fn sort(entry: &DirEntry, content: &Path, found: &mut Found, config: &Config) {
    let place = || Place::file(shown(entry.path(), content));
    let name = entry.file_name().to_string_lossy();
    if is_junk(&name) {
        found.counts.ignored += 1;
        return;
    }
    if entry.file_type().is_symlink() {
        found.counts.unsupported += 1;
        let problem = Diagnostic::warning("link", "a symbolic link, which is not followed");
        found.diagnostics.push(problem.at(place()).help("put a copy of the file here instead of a link"));
        return;
    }
    if !entry.file_type().is_file() {
        found.counts.unsupported += 1;
        let problem = Diagnostic::warning("unsupported", "neither a file nor a folder: left out");
        found.diagnostics.push(problem.at(place()).help("move it out of content/"));
        return;
    }
    // `strip_prefix` cannot fail for what the walk found below `content`; a name that is not UTF-8 gives `None`.
    let Some(relative) = entry.path().strip_prefix(content).ok().and_then(Path::to_str) else {
        found.counts.refused += 1;
        let problem = Diagnostic::error("file-name", "the file's name is not valid UTF-8, so it cannot have an address");
        found.diagnostics.push(problem.at(place()).help("rename the file"));
        return;
    };
    if let Some(c) = relative.chars().find(|&c| c == ':' || c == '\\' && !cfg!(windows)) {
        found.counts.refused += 1;
        let problem = Diagnostic::error("file-name", format!("the file's name holds `{c}`, which other systems cannot take"));
        found.diagnostics.push(problem.at(place()).help("rename the file; `huibian add` does so by itself"));
        return;
    }
    let path = SourcePath::new(if cfg!(windows) { relative.replace('\\', "/") } else { relative.to_owned() });
    match path.as_str() {
        table @ ("overrides.csv" | "releases.csv") => {
            found.counts.tables += 1;
            match read_text(entry.path(), &path, config) {
                Ok(text) if table == "overrides.csv" => found.overrides = Some(text.text),
                Ok(text) => found.releases = Some(text.text),
                Err(diagnostic) => found.diagnostics.push(*diagnostic),
            }
        }
        // Archives moved over from another generator still hold them.
        _ if name == "_index.md" => {
            found.counts.unsupported += 1;
            let problem = Diagnostic::warning("unsupported", "left out: a section page of another site generator");
            found.diagnostics.push(problem.at(place()).help("delete it: huibian makes its own lists"));
        }
        _ if Format::of(path.as_str()).is_some() => {
            found.uploads.push((path, entry.metadata().ok().and_then(|metadata| Stamp::of(&metadata))))
        }
        _ => {
            found.counts.unsupported += 1;
            let problem = Diagnostic::warning("unsupported", format!("left out: huibian reads {}", Format::EXTENSIONS));
            found.diagnostics.push(problem.at(place()).help("save the report in one of these formats, or move it out of content/"));
        }
    }
}

/// What nobody uploaded on purpose.
pub fn is_junk(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    name.starts_with('.')
        || name.starts_with("~$")
        || name.ends_with('~')
        || [".tmp", ".part", ".crdownload", ".swp", ".bak"].iter().any(|end| lower.ends_with(end))
        || matches!(lower.as_str(), "thumbs.db" | "desktop.ini")
}

fn shown(path: &Path, content: &Path) -> String {
    let relative = path.strip_prefix(content).unwrap_or(path);
    format!("content/{}", relative.to_string_lossy())
}

fn unreadable(place: String, reason: &str) -> Diagnostic {
    Diagnostic::error("unreadable", format!("cannot be read: {reason}")).at(Place::file(place)).help("check its permissions")
}

/// Reads one file, wherever it lies on disk, as the upload `path`.
///
/// # Errors
/// What is too large, cannot be read or is not text, with its place and a remedy.
pub fn read_file(file: &Path, path: SourcePath, config: &Config) -> Result<Source, Box<Diagnostic>> {
    let bytes = bytes_of(file, &path, config)?;
    read_bytes(&bytes, path, config)
}

/// Reads the bytes of the upload `path`.
///
/// # Errors
/// What is not text, with its place and a remedy.
pub fn read_bytes(bytes: &[u8], path: SourcePath, config: &Config) -> Result<Source, Box<Diagnostic>> {
    let conversions = Conversions::not_kept();
    let conversion = conversions.of(&path);
    read(bytes, path, config, &conversion)
}

fn read(bytes: &[u8], path: SourcePath, config: &Config, conversion: &Conversion) -> Result<Source, Box<Diagnostic>> {
    let format = Format::of(path.as_str()).unwrap_or(Format::Text);
    let (format, decoded) = match format {
        Format::Text | Format::Markdown => (format, decode(bytes).map_err(|problem| Box::new(undecodable(&path, bytes, &problem)))?),
        _ => convert(bytes, format, &path, config, conversion)?,
    };
    Ok(Source {
        format,
        size: bytes.len() as u64,
        sha256: format!("{:x}", Sha256::digest(bytes)),
        encoding: decoded.encoding,
        decided_by: decoded.decided_by,
        text: SourceText::new(decoded.text),
        path,
    })
}

fn convert(
    bytes: &[u8],
    format: Format,
    path: &SourcePath,
    config: &Config,
    conversion: &Conversion,
) -> Result<(Format, Decoded), Box<Diagnostic>> {
    let format = office::sniff(bytes, format);
    match office::text(bytes, format, config.max_file_size, conversion) {
        Ok(office::Converted { text, how }) => Ok((format, Decoded { text, encoding: Encoding::Utf8, decided_by: how })),
        Err(refused) => {
            let problem = Diagnostic::error("unconvertible", refused.reason).at(Place::file(path.to_string()));
            Err(Box::new(problem.help(refused.help)))
        }
    }
}

fn read_text(file: &Path, path: &SourcePath, config: &Config) -> Result<Decoded, Box<Diagnostic>> {
    let bytes = bytes_of(file, path, config)?;
    decode(&bytes).map_err(|problem| Box::new(undecodable(path, &bytes, &problem)))
}

fn bytes_of(file: &Path, path: &SourcePath, config: &Config) -> Result<Vec<u8>, Box<Diagnostic>> {
    let fail = |error: std::io::Error| Box::new(unreadable(path.to_string(), &error.to_string()));
    // Spans count in 32 bits.
    let limit = config.max_file_size.min(u64::from(u32::MAX) / 2);
    let mut opened = File::open(file).map_err(fail)?;
    let size = opened.metadata().map_err(fail)?.len();
    if size > limit {
        return Err(Box::new(too_large(path, size, limit)));
    }
    let mut bytes = Vec::with_capacity(size as usize);
    // It may grow while it is read.
    opened.by_ref().take(limit + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > limit {
        return Err(Box::new(too_large(path, bytes.len() as u64, limit)));
    }
    Ok(bytes)
}

fn too_large(path: &SourcePath, size: u64, limit: u64) -> Diagnostic {
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    Diagnostic::error("too-large", format!("{:.1} MiB, larger than the {:.1} MiB that are allowed", mib(size), mib(limit)))
        .at(Place::file(path.to_string()))
        .help("split the file, or raise `max_file_size` in config.toml")
}

fn undecodable(path: &SourcePath, bytes: &[u8], problem: &Undecodable) -> Diagnostic {
    let mut place = Place::file(path.to_string());
    let mut diagnostic = Diagnostic::error("undecodable", problem.reason.clone());
    if let Some(byte) = problem.byte {
        diagnostic = diagnostic.note(format!("at byte {byte} of {}", bytes.len()));
        // In UTF-16 a line feed is two bytes, and counting one of them would name a wrong line.
        if !bytes[..byte.min(bytes.len())].contains(&0) && !bytes.starts_with(b"\xff\xfe") && !bytes.starts_with(b"\xfe\xff") {
            place.line = Some(bytes[..byte.min(bytes.len())].iter().filter(|&&b| b == b'\n').count() as u32 + 1);
        }
    }
    diagnostic.at(place).help(problem.help)
}
