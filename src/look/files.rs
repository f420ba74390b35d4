//! The files of a look: built in, or the archive's own in their place.
#![allow(clippy::disallowed_methods)] // A look is read from disk; nothing after `load` is.

use std::collections::BTreeMap;
use std::path::Path;

use rust_embed::RustEmbed;
use walkdir::WalkDir;

use crate::diagnostic::{Diagnostic, Place};

/// The name of the look that is compiled in.
pub const BUILTIN: &str = "default";

#[derive(RustEmbed)]
#[folder = "themes/default/"]
struct Builtin;

/// One file of a look.
pub struct File {
    pub bytes: Vec<u8>,
    /// As a reader would type it, from the archive's root; built-in files say that they are.
    pub origin: String,
}

/// Files by their path below the look: `templates/home.html`. The archive's own locales stand beside the
/// built-in ones as `own/locales/…`: they are merged, not replaced.
pub type Files = BTreeMap<String, File>;

/// The built-in files, and over them those of `root/themes/<look>/`.
///
/// # Errors
/// There is no such look, or a file of it cannot be read.
pub fn collect(root: &Path, look: &str) -> Result<Files, Vec<Diagnostic>> {
    let mut files: Files = Builtin::iter()
        .filter_map(|name| Some((name.to_string(), Builtin::get(&name)?)))
        .map(|(name, file)| {
            let origin = format!("themes/{BUILTIN}/{name} (built in)");
            (name, File { bytes: file.data.into_owned(), origin })
        })
        .collect();
    let folder = root.join("themes").join(look);
    if !is_name(look) || !folder.is_dir() {
        return if look == BUILTIN { Ok(files) } else { Err(vec![no_such_look(root, look)]) };
    }
    let mut problems = Vec::new();
    for entry in WalkDir::new(&folder).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_file() => match own_file(&folder, look, entry.path()) {
                Ok((name, file)) => {
                    files.insert(if name.starts_with("locales/") { format!("own/{name}") } else { name }, file);
                }
                Err(problem) => problems.push(*problem),
            },
            Ok(_) => {}
            Err(error) => problems.push(Diagnostic::error("look", error.to_string()).at(Place::file(format!("themes/{look}")))),
        }
    }
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

fn own_file(folder: &Path, look: &str, path: &Path) -> Result<(String, File), Box<Diagnostic>> {
    let relative = path.strip_prefix(folder).unwrap_or(path);
    let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
    let Some(parts) = parts else {
        let shown = format!("themes/{look}/{}", relative.display());
        let problem = Diagnostic::error("look", "the file's name is not UTF-8").at(Place::file(shown)).help("rename the file");
        return Err(Box::new(problem));
    };
    let name = parts.join("/");
    let origin = format!("themes/{look}/{name}");
    match std::fs::read(path) {
        Ok(bytes) => Ok((name, File { bytes, origin })),
        Err(error) => Err(Box::new(Diagnostic::error("look", format!("cannot read the file: {error}")).at(Place::file(origin)))),
    }
}

/// A look is a folder directly under `themes/`.
fn is_name(look: &str) -> bool {
    !look.is_empty() && !look.starts_with('.') && !look.contains(['/', '\\'])
}

fn no_such_look(root: &Path, look: &str) -> Diagnostic {
    let mut known: Vec<String> = WalkDir::new(root.join("themes"))
        .min_depth(1)
        .max_depth(1)
        .into_iter()
        .flatten() // What cannot be listed cannot be offered.
        .filter(|entry| entry.file_type().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .chain([BUILTIN.to_owned()])
        .collect();
    known.sort();
    known.dedup();
    let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    Diagnostic::error("look", format!("there is no look `{look}`")).note(format!("known: {}", names.join(", "))).help(format!(
        "create themes/{look}/ with the files that differ from the built-in look, or set `look` in config.toml to a known one"
    ))
}
