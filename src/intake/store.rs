//! Puts uploads under `content/`, each once, none over another.
#![allow(clippy::disallowed_methods)] // writes the uploads

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::intake::parcel::exists;
use crate::intake::safe_name;
use crate::source::SourcePath;

/// The uploads of an archive.
pub struct Store {
    content: PathBuf,
    /// Size of the files that are there, and where they are: only files of one size can be the same.
    by_size: BTreeMap<u64, Vec<PathBuf>>,
}

/// What became of an upload.
#[derive(Debug, PartialEq, Eq)]
pub enum Put {
    /// It lies there now.
    New(SourcePath),
    /// The same bytes lie there already.
    Known(SourcePath),
}

impl Store {
    /// # Errors
    /// `content/` can be neither looked at nor made.
    pub fn open(root: &Path) -> io::Result<Self> {
        let content = root.join("content");
        fs::create_dir_all(&content)?;
        let mut by_size: BTreeMap<u64, Vec<PathBuf>> = BTreeMap::new();
        for entry in WalkDir::new(&content).sort_by_file_name() {
            let entry = entry?;
            if entry.file_type().is_file() {
                by_size.entry(entry.metadata()?.len()).or_default().push(entry.into_path());
            }
        }
        Ok(Self { content, by_size })
    }

    /// Writes `bytes` to `content/<year>/<name>`, with a number behind the name where it is taken; `year` `None` is `content/`
    /// itself. The file appears as a whole or not at all.
    ///
    /// # Errors
    /// The disk is full, read-only, …
    pub fn put(&mut self, original: &str, year: Option<i32>, bytes: &[u8]) -> io::Result<Put> {
        if let Some(known) = self.known(bytes)? {
            return Ok(Put::Known(self.relative(&known)));
        }
        let folder = year.map_or_else(|| self.content.clone(), |year| self.content.join(year.to_string()));
        fs::create_dir_all(&folder)?;
        let mut file = tempfile::Builder::new().prefix(".huibian-").suffix(".part").tempfile_in(&folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // Temporary files are for their owner only; an upload is for whoever may read the folder.
            fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644))?;
        }
        let taken: BTreeSet<String> = fs::read_dir(&folder)?
            .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().to_lowercase()))
            .collect::<io::Result<_>>()?;
        let name = safe_name(original);
        for number in 1.. {
            let name = numbered(&name, number);
            // File systems that know no case must be able to take the archive too.
            let path = folder.join(&name);
            if taken.contains(&name.to_lowercase()) || exists(&path) {
                continue;
            }
            match file.persist_noclobber(&path) {
                Ok(_) => {
                    self.by_size.entry(bytes.len() as u64).or_default().push(path.clone());
                    return Ok(Put::New(self.relative(&path)));
                }
                Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => file = error.file,
                Err(error) => return Err(error.error),
            }
        }
        Err(io::Error::other("there is no free name"))
    }

    fn known(&self, bytes: &[u8]) -> io::Result<Option<PathBuf>> {
        let sum = Sha256::digest(bytes);
        for path in self.by_size.get(&(bytes.len() as u64)).into_iter().flatten() {
            if Sha256::digest(fs::read(path)?) == sum {
                return Ok(Some(path.clone()));
            }
        }
        Ok(None)
    }

    fn relative(&self, path: &Path) -> SourcePath {
        let relative = path.strip_prefix(&self.content).unwrap_or(path);
        SourcePath::new(relative.to_string_lossy().replace('\\', "/"))
    }
}

/// `总结.txt`, `总结-2.txt`, …
fn numbered(name: &str, number: u32) -> String {
    if number == 1 {
        return name.to_owned();
    }
    match name.rfind('.') {
        Some(dot) if dot > 0 => format!("{}-{number}{}", &name[..dot], &name[dot..]),
        _ => format!("{name}-{number}"),
    }
}
