//! The website as a value: every address and what stands there.
//!
//! `Archive`, `Look`, `Config` ──► [`compose`] ──► [`Site`]
//!
//! A page is rendered when it is asked for, so a site of 100,000 reports never stands in memory as a whole.
//! `publish` writes it to disk and `preview` answers from it; both see the same bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::archive::Archive;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::look::Look;
use crate::source::SourcePath;

mod path;

pub use path::SitePath;

/// The whole website. Cheap to share between threads.
pub struct Site {
    pub archive: Arc<Archive>,
    pub look: Arc<Look>,
    pub config: Arc<Config>,
    /// Every file of the site, in the order of the addresses.
    pub entries: BTreeMap<SitePath, Entry>,
}

/// What stands at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Rendered when asked for.
    Page(Page),
    /// Known already: an asset, a shard of the search index.
    Bytes(Arc<[u8]>),
    /// An upload, byte for byte as it lies under `content/`.
    Upload(SourcePath),
}

/// A page and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    Home,
}

/// What an address holds when it is asked for.
pub enum Body {
    Bytes(Arc<[u8]>),
    Upload(SourcePath),
}

/// Plans every page. Renders none.
pub fn compose(archive: Arc<Archive>, look: Arc<Look>, config: Arc<Config>) -> Site {
    let mut entries = BTreeMap::new();
    entries.insert(SitePath::new("index.html"), Entry::Page(Page::Home));
    Site { archive, look, config, entries }
}

impl Site {
    /// The bytes at an address, `None` where the site has nothing.
    ///
    /// # Errors
    /// A template that fails, with its place in the template.
    pub fn body(&self, path: &SitePath) -> Option<Result<Body, Box<Diagnostic>>> {
        Some(match self.entries.get(path)? {
            Entry::Bytes(bytes) => Ok(Body::Bytes(bytes.clone())),
            Entry::Upload(source) => Ok(Body::Upload(source.clone())),
            Entry::Page(Page::Home) => Ok(Body::Bytes(Arc::from(self.config.title.as_bytes()))),
        })
    }
}
