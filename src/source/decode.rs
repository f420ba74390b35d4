//! Finds out a file's encoding and decodes it, without ever replacing a byte it cannot read.

use crate::source::Encoding;

/// Text and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    pub encoding: Encoding,
    pub decided_by: String,
}

/// Why bytes are not text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecodable {
    pub reason: String,
    /// Offset of the first byte that is wrong, from 0.
    pub byte: Option<usize>,
}

/// Decodes a whole file.
pub fn decode(bytes: &[u8]) -> Result<Decoded, Undecodable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text: text.into(), encoding: Encoding::Utf8, decided_by: "valid UTF-8".into() }),
        Err(error) => Err(Undecodable { reason: "not UTF-8".into(), byte: Some(error.valid_up_to()) }),
    }
}
