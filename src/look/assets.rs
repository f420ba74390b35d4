//! Styles and scripts: joined, made small, named by their content.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::look::files::Files;
use crate::look::minify;

/// What the look puts into the site beside pages.
pub struct Published {
    /// By published name.
    pub assets: BTreeMap<String, Arc<[u8]>>,
    /// The published name by the plain one.
    pub names: BTreeMap<String, String>,
}

/// Everything below `assets/`.
///
/// The files of `assets/style/` become one `style.css`, in the order of their names, which every page loads; scripts in the
/// folders of [`JOINED`] become one each, inside one function, where the minifier can shorten what they share. Other
/// sheets and scripts serve one sort of page each. A published name carries eight digits of the content's hash, so that
/// browsers may keep it for good.
pub fn publish(files: &Files) -> Published {
    let mut plain: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (path, file) in files {
        let Some(name) = path.strip_prefix("assets/") else { continue };
        let whole = plain.entry(joined(name).unwrap_or(name).to_owned()).or_default();
        whole.extend_from_slice(&file.bytes);
        whole.push(b'\n');
    }
    let mut published = Published { assets: BTreeMap::new(), names: BTreeMap::new() };
    for (name, mut bytes) in plain {
        bytes.pop(); // the line end put behind every part
        if JOINED.contains(&name.as_str()) && name.ends_with(".js") {
            bytes = [b"\"use strict\";(() => {\n", &bytes[..], b"\n})();"].concat();
        }
        published.add(&name, bytes);
    }
    published
}

impl Published {
    /// Puts a file into the site, small and under a name with its hash.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) {
        let bytes = match name.rsplit('.').next() {
            Some("css") => minify::css(&bytes),
            Some("js") => minify::js(&bytes),
            _ => bytes,
        };
        let published = with_hash(name, &bytes);
        self.assets.insert(published.clone(), Arc::from(bytes));
        self.names.insert(name.to_owned(), published);
    }
}

/// What a file is a part of: ideas have files of their own, and a page one request for all of them.
fn joined(name: &str) -> Option<&'static str> {
    let (folder, file) = name.split_once('/')?;
    JOINED
        .into_iter()
        .find(|whole| whole.strip_prefix(folder).is_some_and(|extension| extension.starts_with('.') && file.ends_with(extension)))
}

/// Each is made of the files in the folder of its name.
const JOINED: [&str; 3] = ["style.css", "search-index.js", "search-page.js"];

fn with_hash(name: &str, bytes: &[u8]) -> String {
    let hash = &blake3::hash(bytes).to_hex()[..8];
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{name}.{hash}"),
    }
}
