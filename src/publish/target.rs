//! The folder that a site is written to: whether it may be, who may at a time, and the switch from old to new.
//!
//! ```text
//! public/              the site
//! .public.huibian/     beside it, on the same disk
//!   memory             what the last build remembers, so that the next is quicker
//!   understood         what each source was understood as, to the same end
//!   lock               held while a build writes; the system lets go of it when the program ends in any way
//!   new/               the site to be; after the switch the old one, which is then made a mirror of the new one
//!   mirror             says that `new/` is a mirror of the site, and of which
//!   old/               the old site, where the disk cannot swap two folders in one step
//! ```
#![allow(clippy::disallowed_methods)] // looks at and moves folders

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::publish::manifest::{MANIFEST, Manifest, Published};
use crate::publish::memory::Memory;
use crate::publish::mirror::{self, Mirror};
use crate::publish::problem::{self, Problem};

type Result<T> = std::result::Result<T, Problem>;

/// The output folder, locked until this is dropped.
pub struct Target {
    /// Where the site is published.
    pub folder: PathBuf,
    pub(super) work: PathBuf,
    /// Holds the lock.
    _lock: File,
}

impl Target {
    /// See [`super::prepare`].
    pub(super) fn open(root: &Path, output: &Path, wait: &dyn Fn()) -> Result<Self> {
        let folder = resolve(root, output)?;
        folder.file_name().ok_or_else(|| problem::unsafe_target(&folder, "it is the root of the disk"))?;
        let work = work_folder(&folder);
        fs::create_dir_all(&work).map_err(|error| problem::cannot("create", &work, &error))?;
        let lock = lock(&work.join("lock"), wait)?;
        let target = Self { folder, work, _lock: lock };
        target.recover()?;
        target.check_owner()?;
        Ok(target)
    }

    /// The folder in which the new site is laid out.
    pub(super) fn staging(&self) -> PathBuf {
        self.work.join("new")
    }

    /// The mirror in [`Self::staging`], if it is one of the site that is published; otherwise there is nothing.
    pub(super) fn mirror(&self, published: Option<&Published>) -> Result<Option<Mirror>> {
        let mirror = published.and_then(|published| Mirror::take(&self.work, &published.bytes));
        if mirror.is_none() {
            self.tidy()?;
        }
        Ok(mirror)
    }

    /// What is in [`Self::staging`] is a mirror now.
    pub(super) fn keep_mirror(&self, mirror: &Mirror) -> io::Result<()> {
        mirror.put(&self.work)
    }

    fn retired(&self) -> PathBuf {
        self.work.join("old")
    }

    /// What the last build of the published site remembers.
    pub(super) fn recall(&self, published: &Published) -> Option<Memory> {
        Memory::load(&self.work, &published.bytes)
    }

    pub(super) fn remember(&self, memory: &Memory) -> io::Result<()> {
        memory.save(&self.work)
    }

    /// What is published now.
    pub(super) fn published(&self) -> Result<Option<Published>> {
        Manifest::load(&self.folder).map_err(|error| problem::damaged(&self.folder.join(MANIFEST), &error))
    }

    /// Finishes or takes back what a killed build had begun.
    fn recover(&self) -> Result<()> {
        if !self.folder.exists() && self.retired().exists() {
            rename(&self.retired(), &self.folder)?;
        }
        if self.work.join(mirror::RECORD).exists() { Ok(()) } else { self.tidy() }
    }

    /// Removes everything but the site, the lock and the memory.
    pub(super) fn tidy(&self) -> Result<()> {
        for leftover in [self.staging(), self.retired()] {
            match fs::remove_dir_all(&leftover) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(problem::cannot("remove", &leftover, &error)),
                _ => {}
            }
        }
        Ok(())
    }

    fn check_owner(&self) -> Result<()> {
        match fs::metadata(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(problem::cannot("look at", &self.folder, &error)),
            Ok(metadata) if !metadata.is_dir() => Err(problem::unsafe_target(&self.folder, "it is a file")),
            Ok(_) => {
                let mut files = fs::read_dir(&self.folder).map_err(|error| problem::cannot("read", &self.folder, &error))?;
                let ours = self.folder.join(MANIFEST).is_file() || files.next().is_none();
                if ours { Ok(()) } else { Err(problem::not_ours(&self.folder)) }
            }
        }
    }

    /// The new site takes the place of the old one.
    pub(super) fn switch(&self) -> Result<()> {
        let (new, folder) = (self.staging(), &self.folder);
        if !folder.exists() {
            return rename(&new, folder);
        }
        match exchange(&new, folder) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::Unsupported || error.kind() == io::ErrorKind::InvalidInput => {
                // Network disks cannot swap. Between these two steps there is no site for a moment; `recover` ends
                // that should the program be killed right there.
                rename(folder, &self.retired())?;
                rename(&new, folder)?;
                rename(&self.retired(), &new)
            }
            Err(error) => Err(problem::cannot("replace", folder, &error)),
        }
    }
}

/// Where huibian keeps what it needs for a site, beside it. `folder` is the site's, with all links followed.
pub fn work_folder(folder: &Path) -> PathBuf {
    folder.with_file_name(format!(".{}.huibian", folder.file_name().unwrap_or_default().to_string_lossy()))
}

/// The folder with all links followed, whether it exists or not.
fn resolve(root: &Path, output: &Path) -> Result<PathBuf> {
    let wanted = root.join(output);
    let parent = wanted.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = match wanted.canonicalize() {
        Ok(folder) => folder,
        Err(_) => {
            fs::create_dir_all(parent).map_err(|error| problem::cannot("create", parent, &error))?;
            let parent = parent.canonicalize().map_err(|error| problem::cannot("find", parent, &error))?;
            parent.join(wanted.file_name().ok_or_else(|| problem::unsafe_target(&wanted, "it has no name"))?)
        }
    };
    let root = root.canonicalize().map_err(|error| problem::cannot("find", root, &error))?;
    if root.starts_with(&folder) {
        return Err(problem::unsafe_target(&folder, "the archive itself lies there"));
    }
    for own in ["content", "themes"] {
        let own = root.join(own);
        let own = own.canonicalize().unwrap_or(own);
        if folder.starts_with(&own) || own.starts_with(&folder) {
            return Err(problem::unsafe_target(&folder, "the archive keeps its own files there"));
        }
    }
    Ok(folder)
}

fn lock(path: &Path, wait: &dyn Fn()) -> Result<File> {
    let file = File::options().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(|error| problem::cannot("write", path, &error))?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => wait(),
        Err(TryLockError::Error(error)) => return Err(problem::cannot("lock", path, &error)),
    }
    file.lock().map_err(|error| problem::cannot("lock", path, &error))?;
    Ok(file)
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|error| problem::cannot("move a folder to", to, &error))
}

/// Swaps two folders in one step.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
