//! Compares a site on disk with its manifest, byte for byte.
#![allow(clippy::disallowed_methods)] // reads the published files

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::publish::foreign;
use crate::publish::manifest::{FileRecord, Manifest};
use crate::site::SitePath;

/// How the files of a folder stand against a manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Files that the manifest lists.
    pub files: usize,
    /// Listed, but not there.
    pub missing: Vec<SitePath>,
    /// There, but not with the listed bytes.
    pub changed: Vec<SitePath>,
    /// There, but not listed. Relative, `/` between the parts.
    pub foreign: Vec<String>,
}

impl Verdict {
    /// Every listed file stands as it was written; others may lie beside them.
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty() && self.changed.is_empty()
    }
}

/// Reads every file below `folder` that `manifest` lists, and looks for others.
///
/// # Errors
/// A file or folder cannot be read.
pub fn verify(folder: &Path, manifest: &Manifest) -> io::Result<Verdict> {
    let states = manifest.files.par_iter().map(|(path, record)| Ok((path, state(&folder.join(path.as_str()), record)?)));
    let states: Vec<(&SitePath, State)> = states.collect::<io::Result<_>>()?;
    let those = |wanted| states.iter().filter(|(_, state)| *state == wanted).map(|(path, _)| (*path).clone()).collect();
    let foreign = foreign::find(folder, manifest)?.iter().map(|path| path.to_string_lossy().replace('\\', "/")).collect();
    Ok(Verdict { files: states.len(), missing: those(State::Missing), changed: those(State::Changed), foreign })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Sound,
    Changed,
    Missing,
}

fn state(file: &Path, record: &FileRecord) -> io::Result<State> {
    match std::fs::symlink_metadata(file) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(State::Missing),
        Err(error) => return Err(error),
        Ok(metadata) if !metadata.is_file() || metadata.len() != record.size => return Ok(State::Changed),
        Ok(_) => {}
    }
    Ok(if hash_like(record, File::open(file)?)? == record.hash { State::Sound } else { State::Changed })
}

/// The hash of what can be read, in the manner of a record's.
fn hash_like(record: &FileRecord, mut bytes: impl Read) -> io::Result<String> {
    if record.hash.starts_with("sha256:") {
        let mut hasher = Sha256::new();
        io::copy(&mut bytes, &mut hasher)?;
        return Ok(format!("sha256:{:x}", hasher.finalize()));
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(bytes)?;
    Ok(format!("blake3:{}", hasher.finalize().to_hex()))
}
