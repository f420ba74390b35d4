//! What a place must be able to do for a site to be deployed there.

use crate::deploy::headers::Headers;

/// A place for files with names. Safe to use from several threads at once.
pub trait Store: Sync {
    /// `None` where there is nothing of this name.
    ///
    /// # Errors
    /// The place cannot be reached, or does not let itself be read.
    fn read(&self, key: &str) -> Result<Option<Vec<u8>>, Fault>;

    /// Whoever reads it meanwhile gets the old bytes or the new ones.
    ///
    /// # Errors
    /// As for [`Self::read`], or it is full or not to be written.
    fn write(&self, key: &str, bytes: Vec<u8>, headers: &Headers) -> Result<(), Fault>;

    /// Only if there is nothing of this name; whether it was written. Of several who try at the same time one succeeds.
    ///
    /// # Errors
    /// As for [`Self::write`].
    fn create(&self, key: &str, bytes: Vec<u8>, headers: &Headers) -> Result<bool, Fault>;

    /// Fine if it is not there.
    ///
    /// # Errors
    /// As for [`Self::write`].
    fn remove(&self, key: &str) -> Result<(), Fault>;

    /// Whether nothing at all lies there, but for a file of this name.
    ///
    /// # Errors
    /// As for [`Self::read`].
    fn is_empty_but_for(&self, key: &str) -> Result<bool, Fault>;

    /// Removes what deployments that were killed have left half written. For who holds the lock.
    ///
    /// # Errors
    /// As for [`Self::write`].
    fn tidy(&self) -> Result<(), Fault>;

    /// How many threads may talk to it at a time.
    fn width(&self) -> usize;
}

/// Why a place did not do what it should, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub reason: String,
    pub help: String,
}
