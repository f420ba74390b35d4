//! What stands for something, so that whoever has seen it need not look at it again.

use serde::{Deserialize, Serialize};

/// A hash. What has the same one is the same, for this program: it says nothing to another version of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key([u8; 16]);

impl Key {
    /// Of strings, numbers and lists of these.
    pub fn of(value: &impl Serialize) -> Self {
        let bytes = postcard::to_allocvec(value).expect("strings, numbers and lists can be written");
        Self::from(blake3::hash(&bytes))
    }

    /// Of texts one after the other.
    pub fn of_texts<T: AsRef<str>>(texts: impl Iterator<Item = T>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for text in texts {
            let text = text.as_ref();
            hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
        hasher.finalize().into()
    }

    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl From<blake3::Hash> for Key {
    fn from(hash: blake3::Hash) -> Self {
        let [key, _] = hash.as_bytes().as_chunks().0 else { return Self([0; 16]) };
        Self(*key)
    }
}
