//! Writes a site to disk, all of it or nothing.
//!
//! `Site` ──► [`prepare`], [`write`] ──► `public/`
//!
//! The new site is laid out beside the old one: pages that have changed are written, the others are linked. It is looked
//! over, and then the two change places in one step. Whoever looks, and whenever the program is killed, sees the old
//! site or the new one. A folder that huibian did not write is never touched; neither is a file that someone
//! added to a site by hand.
#![allow(clippy::disallowed_methods)] // writing is what this stage does

use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::progress::{Observer, Stage};
use crate::site::Site;

mod manifest;
mod problem;
mod stage;
mod target;

pub use manifest::{MANIFEST, Manifest};
pub use target::Target;

/// What publishing did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// HTML pages of the site, and how many of them are new or have changed.
    pub pages: usize,
    pub pages_written: usize,
    /// All files of the site, and how many of them are new or have changed.
    pub files: usize,
    pub files_written: usize,
    pub bytes_written: u64,
    /// Files of the last site that are not in this one.
    pub files_removed: usize,
    /// Files in the folder that huibian did not write, and has kept.
    pub files_kept: usize,
}

/// Makes sure that `output` (from `root`) may be written to, and keeps others from writing there. `wait` is called once
/// if another huibian does.
///
/// # Errors
/// It is not ours to replace, or cannot be written.
pub fn prepare(root: &Path, output: &Path, wait: &dyn Fn()) -> Result<Target, Vec<Diagnostic>> {
    Target::open(root, output, wait).map_err(|problem| vec![*problem])
}

/// Writes the site. `root` is where the uploads lie under `content/`.
///
/// # Errors
/// Everything that is in the way. The folder is then as it was.
pub fn write(site: &Site, root: &Path, target: &Target, observer: &dyn Observer) -> Result<Written, Vec<Diagnostic>> {
    observer.begin(Stage::Publish, site.entries.len());
    let old = target.manifest().map_err(|problem| vec![*problem])?;
    let result = stage::lay_out(site, root, target, &old, observer).and_then(|staged| {
        if !staged.is_the_old_site() {
            target.switch().map_err(|problem| vec![*problem])?;
        }
        Ok(staged.written)
    });
    // Also after a failure: on a full disk the half-written site is what is in the way of everybody else.
    let tidied = target.tidy();
    let written = result?;
    tidied.map_err(|problem| vec![*problem])?;
    Ok(written)
}
