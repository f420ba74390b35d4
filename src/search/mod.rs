//! The search index: every substring, exactly. `docs/search-format.md` describes the files.
//!
//! `Archive` ──► [`index`] ──► files below `/search/`

use std::collections::BTreeMap;

use crate::archive::Archive;

/// The index's files by their path below `/search/`. Deterministic.
pub fn index(_archive: &Archive) -> BTreeMap<String, Vec<u8>> {
    BTreeMap::new()
}
