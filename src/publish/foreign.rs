//! Files in a published folder that huibian did not write: `CNAME`, `.well-known/`.
#![allow(clippy::disallowed_methods)] // looks through the published folder

use std::collections::BTreeSet;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rayon::prelude::*;
use walkdir::WalkDir;

use crate::publish::manifest::{MANIFEST, Manifest};
use crate::site::SitePath;

/// Their paths from the site's root, sorted.
///
/// # Errors
/// The folder cannot be looked through.
pub fn find(folder: &Path, manifest: &Manifest) -> io::Result<Vec<PathBuf>> {
    let mut found = Search { folder, manifest, found: Vec::new() };
    found.look_through(folder)?;
    Ok(found.sorted())
}

/// The same, where it is known which ones were there at a time: only folders in which something has come or gone since
/// then are looked through.
///
/// # Errors
/// See [`find`].
pub fn find_again(folder: &Path, manifest: &Manifest, known: &[PathBuf], since: SystemTime) -> io::Result<Vec<PathBuf>> {
    let mut folders: BTreeSet<&Path> = BTreeSet::new();
    for path in manifest.files.keys().map(|path| Path::new(path.as_str())).chain(known.iter().map(PathBuf::as_path)) {
        for above in path.ancestors().skip(1) {
            if !folders.insert(above) {
                break;
            }
        }
    }
    let has_changed = |path: &&&Path| {
        let modified = fs::symlink_metadata(folder.join(path)).and_then(|metadata| metadata.modified());
        // As old to the tick of the clock: it may have changed a moment later.
        modified.map_or(true, |modified| modified >= since)
    };
    let changed: Vec<&Path> = folders.iter().collect::<Vec<_>>().into_par_iter().filter(has_changed).copied().collect();
    let untouched = known.iter().filter(|path| path.parent().is_none_or(|parent| !changed.contains(&parent)));
    let mut search = Search { folder, manifest, found: untouched.cloned().collect() };
    for path in changed {
        let entries = match fs::read_dir(folder.join(path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let inner = path.join(entry.file_name());
            if !entry.file_type()?.is_dir() {
                search.meet(&entry.path(), entry.file_type()?);
            } else if !folders.contains(inner.as_path()) {
                search.look_through(&entry.path())?;
            }
        }
    }
    Ok(search.sorted())
}

struct Search<'a> {
    folder: &'a Path,
    manifest: &'a Manifest,
    found: Vec<PathBuf>,
}

impl Search<'_> {
    fn look_through(&mut self, from: &Path) -> io::Result<()> {
        for entry in WalkDir::new(from).min_depth(1) {
            let entry = entry?;
            self.meet(entry.path(), entry.file_type());
        }
        Ok(())
    }

    fn meet(&mut self, file: &Path, kind: FileType) {
        let Some(path) = file.strip_prefix(self.folder).ok().filter(|_| !kind.is_dir()) else { return };
        let is_ours = path.to_str().is_some_and(|path| {
            let path = SitePath::new(path.replace('\\', "/"));
            path.as_str() == MANIFEST || self.manifest.files.contains_key(&path)
        });
        if !is_ours {
            self.found.push(path.to_owned());
        }
    }

    fn sorted(mut self) -> Vec<PathBuf> {
        self.found.sort();
        self.found
    }
}
