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

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::memo::Memo;
use crate::progress::{Observer, Stage};
use crate::site::{Site, SitePath};
use crate::source::Fingerprint;

mod compress;
mod foreign;
mod manifest;
mod memo;
mod memory;
mod mirror;
mod problem;
mod record;
mod stage;
mod target;
mod verify;

pub use compress::SUFFIXES;
pub use manifest::{FileRecord, MANIFEST, Manifest, Published};
use memory::Memory;
use mirror::Mirror;
use stage::Staged;
pub use target::{Target, work_folder};
pub use verify::{Verdict, verify};

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

/// What earlier builds for this folder understood.
pub fn recall(target: &Target) -> Memo {
    memo::load(&target.work)
}

/// Keeps for the next build what this one understood. Where that fails, the next takes longer, and nobody has lost anything.
pub fn keep(memo: &Memo, target: &Target) {
    memo::save(memo, &target.work).unwrap_or_default();
}

/// What a build tells the next one.
#[derive(Debug, Default)]
pub struct Note {
    /// Everything that was read; `None` where that may have changed meanwhile.
    pub inputs: Option<Fingerprint>,
    /// What was told about the build.
    pub outcome: String,
}

/// The published site and what was told about it, if it was built by this program from these very inputs and stands as it was
/// written.
///
/// # Errors
/// The published site cannot be looked at.
pub fn unchanged(target: &Target, inputs: &Fingerprint) -> Result<Option<(Written, String)>, Vec<Diagnostic>> {
    let Some(published) = target.published().map_err(|problem| vec![*problem])? else { return Ok(None) };
    let memory = target.recall(&published).filter(|memory| memory.inputs.as_ref() == Some(inputs));
    let files = &published.manifest.files;
    let stands = |(path, record): (&SitePath, &FileRecord)| stage::stands(&target.folder, path, record, published.since);
    Ok(memory.filter(|_| files.par_iter().all(stands)).map(|memory| {
        let pages = files.keys().filter(|path| path.as_str().ends_with(".html")).count();
        (Written { pages, files: files.len(), ..Written::default() }, memory.outcome)
    }))
}

/// Writes the site. `root` is where the uploads lie under `content/`. With `afresh`, what the last build remembers is left
/// aside.
///
/// # Errors
/// Everything that is in the way. The folder is then as it was.
pub fn write(
    site: &Site,
    root: &Path,
    target: &Target,
    note: Note,
    afresh: bool,
    observer: &dyn Observer,
) -> Result<Written, Vec<Diagnostic>> {
    observer.begin(Stage::Publish, site.entries.len());
    let old = target.published().map_err(|problem| vec![*problem])?;
    let old_to_use = old.as_ref().filter(|_| !afresh);
    let memory = old_to_use.and_then(|old| target.recall(old)).unwrap_or_default();
    let mirror = target.mirror(old_to_use).map_err(|problem| vec![*problem])?;
    let result = stage::lay_out(site, root, target, old.as_ref(), &memory, mirror.as_ref(), observer).and_then(|staged| {
        if !staged.is_the_old_site() {
            target.switch().map_err(|problem| vec![*problem])?;
        }
        Ok(staged)
    });
    // Where there is to be no mirror, and after a failure: on a full disk the half-written site is what is in the way of everybody else.
    let has_mirror = result.as_ref().is_ok_and(|staged| keep_mirror(target, old.is_some(), mirror, staged));
    let tidied = if has_mirror { Ok(()) } else { target.tidy() };
    let staged = result?;
    tidied.map_err(|problem| vec![*problem])?;
    let memory = Memory { inputs: note.inputs, outcome: note.outcome, ..staged.memory }.seal(&staged.manifest);
    // The site is published: a record that cannot be kept costs the next build some time, and nobody anything else.
    target.remember(&memory).unwrap_or_default();
    Ok(staged.written)
}

/// Makes what lies in the place of the next site a mirror of the published one. Says whether there is one: where there is none, the
/// next build takes a little longer.
fn keep_mirror(target: &Target, had_site: bool, old: Option<Mirror>, staged: &Staged) -> bool {
    if staged.is_the_old_site() {
        return old.is_some_and(|mirror| target.keep_mirror(&mirror).is_ok());
    }
    // After a first build: who builds once needs none.
    let Some(foreign) = staged.foreign.as_ref().filter(|_| had_site) else { return false };
    mirror::follow(&target.staging(), &target.folder, &staged.difference).is_ok()
        && target.keep_mirror(&Mirror::of(&staged.manifest, foreign.clone())).is_ok()
}
