//! What is to become of the lists of the last build.

use rustc_hash::FxHashMap;

use crate::search::alphabet::Sign;
use crate::search::grams::Posting;
use crate::search::key::{self, Key};

/// What changes about one string. Reports are told by their places in the row.
#[derive(Debug, Default)]
pub struct Change {
    /// The list becomes what is gained, whatever it was.
    pub replaces: bool,
    pub gained: Vec<Posting>,
    pub lost: Vec<Posting>,
    /// Of what begins with the string, if it has four letters: exceptions that are told anew, or no longer.
    pub exceptions: Vec<Exceptional>,
}

/// A string that is an exception, or none any more.
pub type Exceptional = (Vec<Sign>, Option<Held>);

/// How many candidates an exception has, and which of them hold it, as places among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub candidates: u32,
    pub holding: Vec<u32>,
}

impl Change {
    /// The string is no longer listed.
    pub fn drop() -> Self {
        Self { replaces: true, ..Self::default() }
    }

    /// The list is to be these postings.
    pub fn to(postings: Vec<Posting>) -> Self {
        Self { replaces: true, gained: postings, ..Self::default() }
    }
}

/// All changes, by the strings' keys.
#[derive(Debug, Default)]
pub struct Changes(FxHashMap<Key, Change>);

impl Changes {
    pub fn insert(&mut self, key: Key, change: Change) {
        self.0.insert(key, change);
    }

    /// An exception, or that a string is none any more.
    pub fn exception(&mut self, string: &[Sign], held: Option<Held>) {
        self.0.entry(key::of(&string[..4])).or_default().exceptions.push((string.to_vec(), held));
    }

    pub fn into_sorted(self) -> Vec<(Key, Change)> {
        let mut changes: Vec<(Key, Change)> = self.0.into_iter().collect();
        changes.sort_unstable_by_key(|(key, _)| *key);
        for (_, change) in &mut changes {
            change.exceptions.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        }
        changes
    }
}
