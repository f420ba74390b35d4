//! Finds templates that fail before a reader does.

use std::collections::HashSet;
use std::mem::{Discriminant, discriminant};

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::site::{Entry, InsightPage, Page, Site, SitePath};

/// Renders one page of each kind that has a template. What fails for one fails for most: the last good site is shown instead.
pub fn probe(site: &Site) -> Vec<Diagnostic> {
    let mut seen = HashSet::new();
    let one_of_each: Vec<&SitePath> = site
        .entries
        .iter()
        .filter(|(path, entry)| path.as_str().ends_with(".html") && matches!(entry, Entry::Page(page) if seen.insert(kind(page))))
        .map(|(path, _)| path)
        .collect();
    one_of_each.into_par_iter().filter_map(|path| site.body(path)?.err()).map(|problem| *problem).collect()
}

/// What has a template of its own.
fn kind(page: &Page) -> (Discriminant<Page>, Option<Discriminant<InsightPage>>) {
    let of_insight = match page {
        Page::Insight(insight) => Some(discriminant(insight)),
        _ => None,
    };
    (discriminant(page), of_insight)
}
