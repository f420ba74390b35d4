//! The blocks of a document, which may still be written down as a memo keeps them: of ten thousand documents most are not looked
//! at when one is new.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::document::Block;

/// A list of blocks. What is written down is read when it is first looked at.
#[derive(Clone, Default)]
pub struct Blocks {
    read: OnceLock<Vec<Block>>,
    packed: Option<Packed>,
}

impl Blocks {
    /// As [`Blocks::pack`] wrote them.
    pub fn packed(packed: Packed) -> Self {
        Self { read: OnceLock::new(), packed: Some(packed) }
    }

    /// Writes the blocks down.
    pub fn pack(&self) -> Vec<u8> {
        match &self.packed {
            Some(packed) => packed.to_vec(),
            None => postcard::to_allocvec(&**self).expect("strings, numbers and lists can be written"),
        }
    }
}

impl Deref for Blocks {
    type Target = [Block];

    fn deref(&self) -> &[Block] {
        self.read.get_or_init(|| match &self.packed {
            // A memo is believed only if it was written by this program and has its checksum.
            Some(packed) => postcard::from_bytes(packed).expect("a memo with its checksum holds what was written"),
            None => Vec::new(),
        })
    }
}

impl From<Vec<Block>> for Blocks {
    fn from(mut blocks: Vec<Block>) -> Self {
        // They are kept for long, and grew piece by piece.
        blocks.shrink_to_fit();
        for block in &mut blocks {
            match block {
                Block::Heading(heading) => heading.text.shrink_to_fit(),
                Block::Paragraph(paragraph) => {
                    paragraph.text.shrink_to_fit();
                    paragraph.joins.shrink_to_fit();
                }
                Block::Rich(_) | Block::Table(_) => {}
            }
        }
        Self { read: OnceLock::from(blocks), packed: None }
    }
}

impl FromIterator<Block> for Blocks {
    fn from_iter<I: IntoIterator<Item = Block>>(blocks: I) -> Self {
        Vec::from_iter(blocks).into()
    }
}

impl<'a> IntoIterator for &'a Blocks {
    type Item = &'a Block;
    type IntoIter = std::slice::Iter<'a, Block>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq for Blocks {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Blocks {}

impl fmt::Debug for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl Serialize for Blocks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Blocks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

/// A stretch of bytes of which many share the whole.
#[derive(Debug, Clone, Default)]
pub struct Packed {
    whole: Arc<Vec<u8>>,
    at: Range<usize>,
}

impl Packed {
    /// `at` lies within `whole`.
    pub fn new(whole: Arc<Vec<u8>>, at: Range<usize>) -> Self {
        Self { whole, at }
    }
}

impl From<Vec<u8>> for Packed {
    fn from(mut bytes: Vec<u8>) -> Self {
        bytes.shrink_to_fit();
        Self { at: 0..bytes.len(), whole: Arc::new(bytes) }
    }
}

impl Deref for Packed {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.whole.get(self.at.clone()).unwrap_or_default()
    }
}

impl PartialEq for Packed {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Packed {}

impl Serialize for Packed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self)
    }
}

impl<'de> Deserialize<'de> for Packed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&[u8]>::deserialize(deserializer).map(|bytes| bytes.to_vec().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Heading, Lines, Paragraph, ParagraphRole};

    #[test]
    fn what_was_packed_is_read_when_it_is_looked_at() {
        let heading = Block::Heading(Heading { depth: 1, text: "一、甲".into(), lines: Lines::one(2) });
        let text = "乙。".into();
        let paragraph = Block::Paragraph(Paragraph { text, lines: Lines::one(3), joins: Vec::new(), role: ParagraphRole::Body });
        let blocks = Blocks::from(vec![heading, paragraph]);
        let packed = Blocks::packed(blocks.pack().into());
        assert_eq!(packed.pack(), blocks.pack());
        assert_eq!((packed.len(), &packed), (2, &blocks));
        assert_eq!(Blocks::default().len(), 0);
    }
}
