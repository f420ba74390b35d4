//! The files of the index: bytes inside a script, so that a page opened from disk can load them too.
//!
//! `H("d12","…")` in windows-1252, in which each byte is one character. Over HTTP the page fetches the bytes and
//! undoes the escapes itself; from `file://` the browser runs the file as a script. See `docs/search-format.md`.

use crate::search::bits::Damaged;

/// One file of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    Base,
    /// Where the shards of one stretch begin; only large archives have them.
    Directory(u32),
    /// The same of all stretches, for a reader that has the time before it is asked.
    Starts,
    Shard(u32),
    Text(u32),
    Facets,
    /// How the words of the texts sound.
    Words,
    /// Set phrases, to be suggested while a searcher types.
    Phrases,
    /// Traditional characters that the archive does not hold.
    Simplified,
}

impl File {
    /// What the file calls itself.
    pub fn id(self) -> String {
        match self {
            Self::Base => "base".into(),
            Self::Directory(i) => format!("n{i}"),
            Self::Starts => "starts".into(),
            Self::Shard(i) => format!("d{i}"),
            Self::Text(i) => format!("t{i}"),
            Self::Facets => "facets".into(),
            Self::Words => "words".into(),
            Self::Phrases => "phrases".into(),
            Self::Simplified => "simplified".into(),
        }
    }

    /// Below `/search/`. Folders of 256 files: some hosts are slow with large ones.
    pub fn path(self) -> String {
        match self {
            Self::Shard(i) => format!("d/{}/{i}.js", i / 256),
            Self::Text(i) => format!("t/{}/{i}.js", i / 256),
            Self::Directory(i) => format!("n/{i}.js"),
            file => format!("{}.js", file.id()),
        }
    }

    pub fn wrap(self, payload: &[u8]) -> Vec<u8> {
        let mut bytes = format!("H(\"{}\",\"", self.id()).into_bytes();
        bytes.reserve(payload.len() + payload.len() / 32 + 4);
        for &byte in payload {
            match byte {
                b'\\' => bytes.extend(b"\\\\"),
                b'"' => bytes.extend(b"\\\""),
                b'\n' => bytes.extend(b"\\n"),
                b'\r' => bytes.extend(b"\\r"),
                byte => bytes.push(byte),
            }
        }
        bytes.extend(b"\")");
        bytes
    }

    /// The payload of a file that calls itself by this name.
    ///
    /// # Errors
    /// Anything that [`Self::wrap`] would not have written.
    pub fn unwrap(self, bytes: &[u8]) -> Result<Vec<u8>, Damaged> {
        let head = format!("H(\"{}\",\"", self.id());
        let inner = bytes.strip_prefix(head.as_bytes()).and_then(|rest| rest.strip_suffix(b"\")"));
        let mut inner = inner.ok_or(Damaged("not the file that was asked for"))?.iter();
        let mut payload = Vec::with_capacity(bytes.len());
        while let Some(&byte) = inner.next() {
            payload.push(match byte {
                b'\\' => match inner.next() {
                    Some(b'n') => b'\n',
                    Some(b'r') => b'\r',
                    Some(&escaped @ (b'\\' | b'"')) => escaped,
                    _ => return Err(Damaged("an unknown escape")),
                },
                byte => byte,
            });
        }
        Ok(payload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives_its_wrapping() {
        let all: Vec<u8> = (0..=255).chain([b'\\', b'"', b'\n', b'\r', b'\\']).collect();
        let wrapped = File::Shard(300).wrap(&all);
        assert!(wrapped.starts_with(b"H(\"d300\",\""));
        assert_eq!(File::Shard(300).unwrap(&wrapped).unwrap(), all);
        assert_eq!(File::Shard(300).path(), "d/1/300.js");
        assert!(File::Shard(301).unwrap(&wrapped).is_err(), "another file's name");
        assert!(File::Shard(300).unwrap(&wrapped[..wrapped.len() - 1]).is_err(), "cut short");
    }
}
