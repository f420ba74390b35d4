//! How far a build has come, for whoever watches it.

use std::fmt;

/// The stages from uploads to a site that is online, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Finding, reading and decoding the uploads and the look.
    Read,
    /// Documents and labels.
    Understand,
    /// Addresses and listings.
    Assemble,
    /// Planning the pages and indexing them for search.
    Compose,
    /// Rendering the pages and writing them to disk.
    Publish,
    /// Taking the files to where readers find them.
    Deploy,
}

impl Stage {
    /// For machines; people read the same word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Understand => "understand",
            Self::Assemble => "assemble",
            Self::Compose => "compose",
            Self::Publish => "publish",
            Self::Deploy => "deploy",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Is told how far the build has come. It never changes what is built.
pub trait Observer: Sync {
    /// A stage begins, and the one before it has ended. `steps` is 0 where they cannot be counted.
    fn begin(&self, stage: Stage, steps: usize);
    /// One source or one page is done.
    fn step(&self);
}

/// Nobody watches.
pub struct Unwatched;

impl Observer for Unwatched {
    fn begin(&self, _: Stage, _: usize) {}
    fn step(&self) {}
}
