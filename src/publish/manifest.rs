//! The list of a site's files. It marks a folder as written by huibian, and tells what has changed since.
#![allow(clippy::disallowed_methods)] // reads the published folder

use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;
use std::{fs, io};

use serde::{Deserialize, Serialize};

use crate::site::SitePath;

/// Its name in the site's folder.
pub const MANIFEST: &str = ".huibian.json";

const FORMAT: &str = "huibian-site/1";

/// Every file of a published site but the manifest itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: String,
    pub files: BTreeMap<SitePath, FileRecord>,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// `blake3:` or, for an upload, `sha256:` and hexadecimal digits.
    pub hash: String,
    pub size: u64,
}

impl FileRecord {
    pub fn of(bytes: &[u8]) -> Self {
        Self { hash: format!("blake3:{}", blake3::hash(bytes).to_hex()), size: bytes.len() as u64 }
    }
}

/// A site that stands.
pub struct Published {
    pub manifest: Manifest,
    /// When the manifest was written, after all other files.
    pub since: SystemTime,
    /// The manifest as it is written.
    pub bytes: Vec<u8>,
}

impl Manifest {
    pub fn new(files: BTreeMap<SitePath, FileRecord>) -> Self {
        Self { format: FORMAT.to_owned(), files }
    }

    /// What is published in a folder, `None` where there is no manifest.
    ///
    /// # Errors
    /// It cannot be read, or is no manifest.
    pub fn load(folder: &Path) -> io::Result<Option<Published>> {
        let path = folder.join(MANIFEST);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let manifest = Self::from_json(&bytes)?;
        Ok(Some(Published { manifest, since: fs::metadata(&path)?.modified()?, bytes }))
    }

    /// # Errors
    /// The bytes are no manifest.
    pub fn from_json(bytes: &[u8]) -> io::Result<Self> {
        let manifest: Self = serde_json::from_slice(bytes)?;
        if manifest.format == FORMAT {
            return Ok(manifest);
        }
        Err(io::Error::other(format!("its format is `{}`, not `{FORMAT}`", manifest.format)))
    }

    /// One file a line.
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec_pretty(self).expect("a map of text to text and numbers is always JSON");
        json.push(b'\n');
        json
    }
}
