//! Walks `content/` and reads what lies there.

use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::source::{Format, Source, SourcePath, SourceText, decode};

/// The uploads that could be read, in the order of their paths, and what could not.
#[derive(Debug, Default)]
pub struct Loaded {
    pub sources: Vec<Source>,
    /// The text of `content/overrides.csv`.
    pub overrides: Option<String>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads everything under `root/content`.
pub fn load(root: &Path, config: &Config) -> Loaded {
    let content = root.join("content");
    let mut loaded = Loaded::default();
    let mut files = Vec::new();
    for entry in WalkDir::new(&content).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let Some(relative) = entry.path().strip_prefix(&content).ok().and_then(Path::to_str) else { continue };
                if relative.ends_with(".txt") || relative.ends_with(".md") {
                    files.push(SourcePath::new(relative.replace('\\', "/")));
                }
            }
            Ok(_) => {}
            Err(error) => loaded.diagnostics.push(Diagnostic::error("unreadable", error.to_string())),
        }
    }
    let read: Vec<_> = files.par_iter().map(|path| read_file(&content.join(path.as_str()), path.clone(), config)).collect();
    for result in read {
        match result {
            Ok(source) => loaded.sources.push(source),
            Err(diagnostic) => loaded.diagnostics.push(*diagnostic),
        }
    }
    loaded
}

/// Reads one file, wherever it lies on disk, as the upload `path`.
pub fn read_file(file: &Path, path: SourcePath, _config: &Config) -> Result<Source, Box<Diagnostic>> {
    let bytes = std::fs::read(file)
        .map_err(|error| Box::new(Diagnostic::error("unreadable", error.to_string()).at(Place::file(path.to_string()))))?;
    let decoded =
        decode(&bytes).map_err(|error| Box::new(Diagnostic::error("undecodable", error.reason).at(Place::file(path.to_string()))))?;
    Ok(Source {
        format: if path.as_str().ends_with(".md") { Format::Markdown } else { Format::Text },
        size: bytes.len() as u64,
        sha256: format!("{:x}", Sha256::digest(&bytes)),
        encoding: decoded.encoding,
        decided_by: decoded.decided_by,
        text: SourceText::new(decoded.text),
        path,
    })
}
