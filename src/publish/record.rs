//! Files that a build leaves for the next, beside the lock.
#![allow(clippy::disallowed_methods)] // writes them

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Puts what `write` writes in the place of a file in one step. Whoever calls this holds the lock. What is half written, on a full disk,
/// goes again.
///
/// # Errors
/// The disk is full, or not to be written.
pub fn replace(path: &Path, write: impl FnOnce(File) -> io::Result<()>) -> io::Result<()> {
    let new = path.with_extension("new");
    let done = File::create(&new).and_then(write).and_then(|()| fs::rename(&new, path));
    if done.is_err() {
        // If even that fails, the next build writes over it.
        fs::remove_file(&new).unwrap_or_default();
    }
    done
}
