//! A folder as a place to deploy to: a share, a mounted disk.
#![allow(clippy::disallowed_methods)] // writes files

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::deploy::headers::Headers;
use crate::deploy::problem::{self, Problem};
use crate::deploy::store::{Fault, Store};

pub struct Folder {
    folder: PathBuf,
    /// Where this one's files lie until they are whole.
    new: PathBuf,
    /// Counts the files that are written.
    count: AtomicUsize,
}

/// Where each deployment has a folder for files that are not whole yet.
const NEW: &str = ".huibian.new";

impl Folder {
    /// `site` is what will be deployed, `root` the archive, if there is one.
    ///
    /// # Errors
    /// It cannot be made, or lies where it would be in the way.
    pub fn open(folder: &Path, site: &Path, root: Option<&Path>) -> Result<Self, Problem> {
        let unsafe_folder = |why: &str| Err(problem::unsafe_folder(folder, why));
        if let Err(error) = fs::create_dir_all(folder) {
            return unsafe_folder(&error.to_string());
        }
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let (here, site) = (real(folder), real(site));
        if here.starts_with(&site) || site.starts_with(&here) {
            return unsafe_folder("the site itself lies there");
        }
        if let Some(root) = root {
            if real(root).starts_with(&here) {
                return unsafe_folder("the archive itself lies there");
            }
            if ["content", "themes"].iter().any(|own| here.starts_with(real(&root.join(own)))) {
                return unsafe_folder("the archive keeps its own files there");
            }
        }
        // Another machine may be deploying there: not by the number of the process alone.
        let own = format!("{}-{}", std::process::id(), jiff::Timestamp::now().as_nanosecond());
        Ok(Self { new: here.join(NEW).join(own), folder: here, count: AtomicUsize::new(0) })
    }

    fn fault(&self, error: &io::Error) -> Fault {
        let help = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room there, and deploy again",
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "check who may write there",
            _ => "check that the folder is there and connected, and deploy again",
        };
        Fault { reason: error.to_string(), help: help.to_owned() }
    }
}

impl Store for Folder {
    fn read(&self, key: &str) -> Result<Option<Vec<u8>>, Fault> {
        match fs::read(self.folder.join(key)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.fault(&error)),
        }
    }

    fn write(&self, key: &str, bytes: Vec<u8>, _: &Headers) -> Result<(), Fault> {
        let file = self.folder.join(key);
        let parent = file.parent().unwrap_or(&self.folder);
        let write = || {
            fs::create_dir_all(parent)?;
            fs::create_dir_all(&self.new)?;
            let new = self.new.join(self.count.fetch_add(1, Ordering::Relaxed).to_string());
            fs::write(&new, &bytes)?;
            fs::rename(&new, &file)
        };
        write().map_err(|error: io::Error| self.fault(&error))
    }

    fn create(&self, key: &str, bytes: Vec<u8>, _: &Headers) -> Result<bool, Fault> {
        let create = || -> io::Result<()> {
            let mut file = fs::File::create_new(self.folder.join(key))?;
            file.write_all(&bytes)
        };
        match create() {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(self.fault(&error)),
        }
    }

    fn remove(&self, key: &str) -> Result<(), Fault> {
        let file = self.folder.join(key);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(self.fault(&error)),
            _ => {}
        }
        // Folders that are empty now; one that is not ends it.
        for folder in file.ancestors().skip(1).take_while(|folder| **folder != self.folder) {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(())
    }

    fn is_empty_but_for(&self, key: &str) -> Result<bool, Fault> {
        let is_other =
            |entry: io::Result<fs::DirEntry>| entry.map_or(true, |entry| ![key, NEW].iter().any(|own| entry.file_name() == *own));
        fs::read_dir(&self.folder).map(|mut entries| !entries.any(is_other)).map_err(|error| self.fault(&error))
    }

    fn tidy(&self) -> Result<(), Fault> {
        clear(&self.folder.join(NEW)).map_err(|error| self.fault(&error))
    }

    fn width(&self) -> usize {
        4
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed now, the next deployment removes; the folder of all of them goes when it is empty.
        clear(&self.new).and_then(|()| fs::remove_dir(self.folder.join(NEW))).unwrap_or_default();
    }
}

fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
