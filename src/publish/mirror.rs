//! The published site a second time, in hard links: between two builds it lies where the next site is laid out, so that a
//! build touches only what changes.
//!
//! ```text
//! public/   the site ◄── the same files ──► .public.huibian/new/
//! ```
//!
//! A record says of which site it is the mirror. It is taken away before anything is touched and written again when all is done: a mirror
//! without one, left by a build that was killed, is removed and laid out anew.
#![allow(clippy::disallowed_methods)] // links and removes files

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::publish::manifest::MANIFEST;
use crate::publish::record;
use crate::site::SitePath;

/// Its record's name in the work folder.
pub const RECORD: &str = "mirror";

/// What is said of a mirror.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mirror {
    /// Hash of the manifest of the site that it shows.
    manifest: Vec<u8>,
    /// Files of the site that huibian did not write.
    pub foreign: Vec<PathBuf>,
}

/// How two sites differ.
#[derive(Debug, Default)]
pub struct Difference {
    pub written: Vec<SitePath>,
    pub removed: Vec<SitePath>,
}

impl Mirror {
    pub fn of(manifest: &[u8], foreign: Vec<PathBuf>) -> Self {
        Self { manifest: blake3::hash(manifest).as_bytes().to_vec(), foreign }
    }

    /// Takes the record out of a work folder; `None` unless it is that of the site with this manifest.
    pub fn take(work: &Path, manifest: &[u8]) -> Option<Self> {
        let record = work.join(RECORD);
        let bytes = fs::read(&record).ok()?;
        fs::remove_file(&record).ok()?;
        let mirror: Self = postcard::from_bytes(&bytes).ok()?;
        (mirror.manifest == blake3::hash(manifest).as_bytes()).then_some(mirror)
    }

    /// Says that all is done.
    ///
    /// # Errors
    /// It cannot be written, or told: the name of a foreign file is not Unicode.
    pub fn put(&self, work: &Path) -> io::Result<()> {
        let bytes = postcard::to_allocvec(self).map_err(io::Error::other)?;
        record::replace(&work.join(RECORD), |mut file| file.write_all(&bytes))
    }
}

/// Makes a mirror of the last site one of this one.
///
/// # Errors
/// A file cannot be linked or removed.
pub fn follow(mirror: &Path, site: &Path, difference: &Difference) -> io::Result<()> {
    // First: what was a file may be a folder now.
    difference.removed.iter().try_for_each(|path| remove(mirror, path))?;
    let written = difference.written.par_iter().map(SitePath::as_str).chain(rayon::iter::once(MANIFEST));
    written.try_for_each(|path| replace(&site.join(path), &mirror.join(path)))
}

/// Puts a link to `file` in the place of whatever is at `at`.
///
/// # Errors
/// The disk knows no links, or is not to be written.
pub fn replace(file: &Path, at: &Path) -> io::Result<()> {
    clear(at)?;
    match fs::hard_link(file, at) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(at.parent().unwrap_or(at))?;
            fs::hard_link(file, at)
        }
        done => done,
    }
}

/// Removes a file of a site, and the folders that it leaves empty.
///
/// # Errors
/// It cannot be removed.
pub fn remove(site: &Path, path: &SitePath) -> io::Result<()> {
    let file = site.join(path.as_str());
    clear(&file)?;
    let above = file.ancestors().skip(1).take_while(|above| *above != site);
    for folder in above {
        // Mostly it is not empty: that is what the system answers then.
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// Makes room at a path. A folder may stand where there was a file.
///
/// # Errors
/// A file is there and cannot be removed.
pub fn clear(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) && !file.is_dir() => Err(error),
        _ => Ok(()),
    }
}

/// Whether two paths lead to one file.
#[cfg(unix)]
pub fn is_same(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |path: &Path| fs::symlink_metadata(path).map(|metadata| (metadata.dev(), metadata.ino()));
    matches!((place(a), place(b)), (Ok(a), Ok(b)) if a == b)
}

/// Not known here: the mirror's file is linked anew.
#[cfg(not(unix))]
pub fn is_same(_: &Path, _: &Path) -> bool {
    false
}
