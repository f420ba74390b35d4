//! Whether anything that a build reads has changed, without reading it.
#![allow(clippy::disallowed_methods)] // looks at files

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

/// Stands for the names, sizes and times of all files in some folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint([u8; 32]);

/// Disks tell times this coarsely (FAT), and a clock may be a little behind: what changed within it might change again unseen.
const COARSEST: Duration = Duration::from_secs(2);

/// Of `files`, of all that lies in `folders`, and of `settings` that are no files. `None` where a file cannot be looked at, or
/// has changed so lately that a further change could look the same.
pub fn fingerprint(folders: &[PathBuf], files: &[PathBuf], settings: &str) -> Option<Fingerprint> {
    let settled = SystemTime::now().checked_sub(COARSEST)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(settings.as_bytes());
    for file in files {
        match file.symlink_metadata() {
            Ok(metadata) => add(&mut hasher, file, &metadata, settled)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                hasher.update(b"none");
            }
            Err(_) => return None,
        }
    }
    for folder in folders.iter().filter(|folder| folder.exists()) {
        if folder.is_symlink() {
            return None;
        }
        for entry in WalkDir::new(folder).sort_by_file_name() {
            let entry = entry.ok()?;
            // What a link leads to may change without it.
            if entry.path_is_symlink() {
                return None;
            }
            add(&mut hasher, entry.path(), &entry.metadata().ok()?, settled)?;
        }
    }
    Some(Fingerprint(*hasher.finalize().as_bytes()))
}

fn add(hasher: &mut blake3::Hasher, path: &Path, metadata: &Metadata, settled: SystemTime) -> Option<()> {
    let path = path.as_os_str().as_encoded_bytes();
    hasher.update(&(path.len() as u64).to_le_bytes()).update(path);
    let Stamp { size, modified, changed, inode } = Stamp::settled(metadata, settled)?;
    for number in [size, modified, changed, inode] {
        hasher.update(&number.to_le_bytes());
    }
    Some(())
}

/// How a file stands: with the same name and stamp it holds the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    size: u64,
    /// In nanoseconds.
    modified: u64,
    /// The time that no program can set: a copy may keep its original's time of change.
    changed: u64,
    inode: u64,
}

impl Stamp {
    /// `None` where the file has changed so lately that a further change could look the same.
    pub fn of(metadata: &Metadata) -> Option<Self> {
        Self::settled(metadata, SystemTime::now().checked_sub(COARSEST)?)
    }

    fn settled(metadata: &Metadata, settled: SystemTime) -> Option<Self> {
        let modified = metadata.modified().ok().filter(|modified| *modified <= settled)?;
        let modified = modified.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64);
        let (changed, inode) = changed(metadata);
        let settled = settled.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_nanos() as u64;
        (changed <= settled).then_some(Self { size: metadata.len(), modified, changed, inode })
    }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    let nanoseconds = metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec());
    // A time that no clock shows is never in the past.
    (u64::try_from(nanoseconds).unwrap_or(u64::MAX), metadata.ino())
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn of(folder: &Path, settings: &str) -> Option<Fingerprint> {
        fingerprint(&[folder.to_owned()], &[folder.with_extension("toml")], settings)
    }

    #[test]
    fn what_has_just_changed_is_not_trusted() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "甲").unwrap();
        assert_eq!(of(folder.path(), ""), None);
    }

    /// Takes as long as the coarsest disk needs.
    #[test]
    fn names_sizes_times_and_settings_count() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let settled = |settings: &str| {
            std::thread::sleep(COARSEST + Duration::from_secs(1));
            of(folder.path(), settings)
        };
        write("a.txt", "甲");
        let first = settled("");
        assert!(first.is_some());
        assert_eq!(first, of(folder.path(), ""));
        assert_ne!(first, of(folder.path(), "other"));
        write("a.txt", "乙");
        assert_ne!(first, settled(""), "the same name and size");
        write("b.txt", "乙");
        assert_ne!(first, settled(""));
    }
}
