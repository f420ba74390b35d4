//! Writes a site to disk, all of it or nothing.
#![allow(clippy::disallowed_methods)] // writing is what this stage does

use std::fs;
use std::path::Path;

use anyhow::Context;
use rayon::prelude::*;

use crate::site::{Body, Site};

/// What publishing did.
#[derive(Debug, Clone, Copy, Default)]
pub struct Written {
    pub pages: usize,
    pub bytes: u64,
}

/// Writes the site to the configured output under `root`.
pub fn write(site: &Site, root: &Path) -> anyhow::Result<Written> {
    let output = root.join(&site.config.output);
    site.entries
        .par_iter()
        .map(|(path, _)| {
            let file = output.join(path.as_str());
            if let Some(parent) = file.parent() {
                fs::create_dir_all(parent).with_context(|| format!("cannot create `{}`", parent.display()))?;
            }
            let bytes = match site.body(path).expect("the path comes from the entries") {
                Ok(Body::Bytes(bytes)) => bytes.to_vec(),
                Ok(Body::Upload(source)) => fs::read(root.join("content").join(source.as_str()))?,
                Err(diagnostic) => anyhow::bail!("{path}: {}", diagnostic.message),
            };
            fs::write(&file, &bytes).with_context(|| format!("cannot write `{}`", file.display()))?;
            Ok(Written { pages: 1, bytes: bytes.len() as u64 })
        })
        .try_reduce(Written::default, |a, b| Ok(Written { pages: a.pages + b.pages, bytes: a.bytes + b.bytes }))
}
