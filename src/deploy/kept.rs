//! The sites of the last two deployments to a place, kept beside the built site. Files are linked: they take no room until the
//! site has changed. A deployment goes out from here, so that a build which ends meanwhile changes nothing; and what a deployment
//! takes off the net is kept here, never at the place itself, where others could find it.
//!
//! ```text
//! .public.huibian/deployed/<place>/
//!   lock      held while a deployment runs
//!   desk      the name that this folder has in the lock at the place
//!   next/     the site that is being deployed
//!   now/      the last that was deployed
//!   before/   the one before it
//! ```
#![allow(clippy::disallowed_methods)] // links and moves files

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::deploy::destination::Destination;
use crate::deploy::problem::{self, Problem};
use crate::publish::{self, MANIFEST, Manifest, Published};

/// A place's sites; others are kept out until this is dropped.
pub struct Kept {
    folder: PathBuf,
    /// Holds the lock.
    _lock: File,
}

/// A site that can be deployed: every file is what its manifest says.
pub struct Sound {
    pub folder: PathBuf,
    pub published: Published,
}

impl Kept {
    pub fn open(site: &Path, destination: &Destination) -> Result<Self, Problem> {
        let site = site.canonicalize().unwrap_or_else(|_| site.to_owned());
        let folder = publish::work_folder(&site).join("deployed").join(destination.key());
        let cannot = |error: &io::Error| problem::cannot_keep(&folder, error);
        fs::create_dir_all(&folder).map_err(|error| cannot(&error))?;
        let lock = File::options().create(true).truncate(false).write(true).open(folder.join("lock")).map_err(|error| cannot(&error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(problem::busy(&destination.to_string())),
            Err(TryLockError::Error(error)) => Err(cannot(&error)),
        }
    }

    /// Takes the built site over as the next to be deployed.
    pub fn take(&self, site: &Path) -> Result<Sound, Problem> {
        let built = load(site)?;
        let next = self.next();
        let link = || {
            clear(&next)?;
            for path in built.manifest.files.keys() {
                let (from, to) = (site.join(path.as_str()), next.join(path.as_str()));
                fs::create_dir_all(to.parent().unwrap_or(&next))?;
                match fs::hard_link(&from, &to) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {} // told below, with its name
                    Err(_) => fs::copy(&from, &to).map(drop)?,
                    Ok(()) => {}
                }
            }
            fs::write(next.join(MANIFEST), &built.bytes)
        };
        link().map_err(|error: io::Error| problem::cannot_keep(&next, &error))?;
        sound(&next).map_err(|mut problem| {
            problem.message = problem.message.replace(&next.display().to_string(), &site.display().to_string());
            problem
        })
    }

    /// The last site that was deployed, if it is kept.
    pub fn now(&self) -> Option<PathBuf> {
        Some(self.folder.join("now")).filter(|folder| folder.is_dir())
    }

    /// The one before it, if it is kept.
    pub fn before(&self) -> Option<PathBuf> {
        Some(self.folder.join("before")).filter(|folder| folder.is_dir())
    }

    /// A name of its own.
    pub fn desk(&self) -> Result<String, Problem> {
        let file = self.folder.join("desk");
        if let Some(name) = fs::read_to_string(&file).ok().filter(|name| name.len() == 32) {
            return Ok(name);
        }
        // Nothing random is at hand: no two desks begin at the same instant in the same folder and process.
        let seed = format!("{}\n{}\n{}", self.folder.display(), std::process::id(), jiff::Timestamp::now().as_nanosecond());
        let name = blake3::hash(seed.as_bytes()).to_hex()[..32].to_owned();
        fs::write(&file, &name).map_err(|error| problem::cannot_keep(&file, &error))?;
        Ok(name)
    }

    fn next(&self) -> PathBuf {
        self.folder.join("next")
    }

    /// The next site has been deployed: it is the last one from here on.
    pub fn settle(&self, next: &Sound) -> Result<(), Problem> {
        let (now, before) = (self.folder.join("now"), self.folder.join("before"));
        let settle = || {
            if fs::read(now.join(MANIFEST)).is_ok_and(|manifest| manifest == next.published.bytes) {
                return clear(&next.folder); // deployed again, nothing new
            }
            if now.is_dir() {
                clear(&before)?;
                fs::rename(&now, &before)?;
            }
            fs::rename(&next.folder, &now)
        };
        settle().map_err(|error: io::Error| problem::cannot_keep(&self.folder, &error))
    }

    /// The last deployment has been taken back: the two sites change places.
    pub fn swap(&self) -> Result<(), Problem> {
        let (next, now, before) = (self.next(), self.folder.join("now"), self.folder.join("before"));
        let swap = || {
            clear(&next)?;
            fs::rename(&now, &next)?;
            fs::rename(&before, &now)?;
            fs::rename(&next, &before)
        };
        swap().map_err(|error: io::Error| problem::cannot_keep(&self.folder, &error))
    }
}

fn load(folder: &Path) -> Result<Published, Problem> {
    match Manifest::load(folder) {
        Ok(Some(published)) => Ok(published),
        Ok(None) => Err(problem::damaged_site(folder, &format!("there is no {MANIFEST}"))),
        Err(error) => Err(problem::damaged_site(folder, &format!("{MANIFEST}: {error}"))),
    }
}

/// Reads every file of a site and compares it with its manifest.
pub fn sound(folder: &Path) -> Result<Sound, Problem> {
    let published = load(folder)?;
    let verdict = publish::verify(folder, &published.manifest).map_err(|error| problem::damaged_site(folder, &error.to_string()))?;
    match (verdict.missing.first(), verdict.changed.first()) {
        (Some(path), _) => Err(problem::damaged_site(folder, &format!("{path} is missing"))),
        (_, Some(path)) => Err(problem::damaged_site(folder, &format!("{path} has been changed"))),
        _ => Ok(Sound { folder: folder.to_owned(), published }),
    }
}

fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
