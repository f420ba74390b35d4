//! What can be in the way of publishing, in words.

use std::io;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Place};

/// Boxed, because results that hold it travel far and are mostly good.
pub type Problem = Box<Diagnostic>;

/// A file or folder that cannot be written, read, moved or removed.
pub fn cannot(verb: &str, path: &Path, error: &io::Error) -> Problem {
    let (code, help) = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            ("disk-full", "make room on the disk, or write elsewhere with --output; a new site needs room beside the old one")
        }
        io::ErrorKind::FileTooLarge => ("disk-full", "raise the limit on the size of files (`ulimit -f`)"),
        io::ErrorKind::PermissionDenied => ("not-writable", "check who owns the folder, or write elsewhere with --output"),
        io::ErrorKind::ReadOnlyFilesystem => ("not-writable", "the disk is read-only: write elsewhere with --output"),
        io::ErrorKind::ResourceBusy => {
            ("not-writable", "a folder that is a disk of its own cannot be replaced: write to a folder inside it")
        }
        _ => ("write", "the site that was there is untouched; mend the cause and build again"),
    };
    Box::new(Diagnostic::error(code, format!("cannot {verb} `{}`: {}", path.display(), reason(error))).help(help))
}

/// Without the number that the operating system gives it.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.find(" (os error").map_or(text.clone(), |end| text[..end].to_lowercase())
}

/// The folder holds something, and huibian did not put it there.
pub fn not_ours(folder: &Path) -> Problem {
    let text = format!("the output folder `{}` holds files that huibian did not write", folder.display());
    Box::new(
        Diagnostic::error("not-ours", text)
            .note("publishing replaces the whole folder, so huibian only touches one that is empty or its own")
            .help("empty the folder, or choose another with --output or `output` in config.toml"),
    )
}

/// It looks like ours, but its list of files cannot be read.
pub fn damaged(file: &Path, error: &io::Error) -> Problem {
    Box::new(
        Diagnostic::error("not-ours", format!("cannot tell whether huibian wrote `{}`", file.parent().unwrap_or(file).display()))
            .note(format!("{}: {}", file.display(), reason(error)))
            .help("if it is a site that huibian built, remove the folder and build again"),
    )
}

/// The folder is one that must not be replaced.
pub fn unsafe_target(folder: &Path, why: &str) -> Problem {
    Box::new(
        Diagnostic::error("not-ours", format!("`{}` cannot be the output folder: {why}", folder.display()))
            .help("choose a folder of its own, like `public`"),
    )
}

/// An address that is no safe file name. Finds something only if huibian itself is wrong.
pub fn bad_address(path: &str) -> Problem {
    let problem = Diagnostic::error("bad-address", format!("`{path}` cannot be a file of the site"))
        .help("this is a mistake in huibian: please report it");
    Box::new(problem)
}

/// An upload is not what it was when it was read.
pub fn changed(path: impl ToString, what: &str) -> Problem {
    let problem = Diagnostic::error("changed", format!("the file {what} while the site was being built"))
        .at(Place::file(path.to_string()))
        .help("build again when nobody is writing to it");
    Box::new(problem)
}
