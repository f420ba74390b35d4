//! What the last build remembers of itself, so that the next need not do it all again.
//!
//! It lies beside the lock, not in the site. Only a record that this very program wrote, whole, for the very site that is published is
//! believed; any other is as good as none. It may be deleted at any time.
#![allow(clippy::disallowed_methods)] // reads and writes the record

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::{env, fs};

use serde::{Deserialize, Serialize};

use crate::publish::record;
use crate::search::{IndexKey, update};
use crate::site::{PageKey, SitePath};
use crate::source::Fingerprint;

/// Its name in the work folder.
const MEMORY: &str = "memory";

/// Bytes of the checksum at the record's end.
const CHECKSUM: usize = blake3::OUT_LEN;

/// The last build of a site.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Memory {
    pub(super) program: Vec<u8>,
    /// Of the manifest that was published with it.
    pub(super) manifest: Vec<u8>,
    /// What each page showed.
    pub pages: BTreeMap<SitePath, PageKey>,
    pub index: Option<IndexMemory>,
    /// Its text files have compressed copies, where these are worth their room.
    pub compressed: bool,
    /// Everything that was read for it; `None` where that may have changed meanwhile.
    pub inputs: Option<Fingerprint>,
    /// What was told about it.
    pub outcome: String,
}

/// The search index of a build.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IndexMemory {
    /// What it was made of.
    pub key: IndexKey,
    pub files: Vec<SitePath>,
    /// From what it can be brought up to date.
    pub memory: update::Memory,
}

impl Memory {
    /// Binds a record to this program and the site with this manifest.
    pub fn seal(self, manifest: &[u8]) -> Self {
        Self { program: program().to_vec(), manifest: hash(manifest), ..self }
    }

    /// The record in a folder if it belongs to the site with this manifest. A damaged one is none.
    pub fn load(folder: &Path, manifest: &[u8]) -> Option<Self> {
        let bytes = fs::read(folder.join(MEMORY)).ok()?;
        let (record, checksum) = bytes.split_at_checked(bytes.len().checked_sub(CHECKSUM)?)?;
        if hash(record) != checksum {
            return None;
        }
        let memory: Self = postcard::from_bytes(record).ok()?;
        (memory.program == program() && memory.manifest == hash(manifest)).then_some(memory)
    }

    /// Replaces the record in a folder in one step.
    ///
    /// # Errors
    /// The disk is full, or not to be written.
    pub fn save(&self, folder: &Path) -> io::Result<()> {
        let mut bytes = postcard::to_allocvec(self).map_err(io::Error::other)?;
        bytes.extend(hash(&bytes));
        record::replace(&folder.join(MEMORY), |mut file| file.write_all(&bytes))
    }
}

fn hash(bytes: &[u8]) -> Vec<u8> {
    blake3::hash(bytes).as_bytes().to_vec()
}

/// Stands for the program that runs: its version, and which build of it.
pub fn program() -> [u8; blake3::OUT_LEN] {
    let file = env::current_exe().and_then(fs::metadata);
    let build = file.and_then(|file| Ok((file.len(), file.modified()?)));
    *blake3::hash(format!("{} {:?}", env!("CARGO_PKG_VERSION"), build.ok()).as_bytes()).as_bytes()
}
