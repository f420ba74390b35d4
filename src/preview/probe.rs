//! Finds templates that fail before a reader does.

use std::collections::HashSet;
use std::mem::discriminant;

use crate::diagnostic::Diagnostic;
use crate::site::{Entry, Site};

/// Renders one page of each kind. What fails for one fails for most: the last good site is shown instead.
pub fn probe(site: &Site) -> Vec<Diagnostic> {
    let mut seen = HashSet::new();
    site.entries
        .iter()
        .filter(|(_, entry)| matches!(entry, Entry::Page(page) if seen.insert(discriminant(page))))
        .filter_map(|(path, _)| site.body(path)?.err())
        .map(|problem| *problem)
        .collect()
}
