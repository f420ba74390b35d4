//! Finds the uploads and decodes them.
//!
//! `content/` ──► [`load`] ──► `Vec<Source>`
//!
//! Promise: every file under `content/` becomes a [`Source`] or a [`Diagnostic`]; nothing is decoded
//! by replacement characters, and no link is followed out of the folder.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

mod decode;
mod discover;
mod fingerprint;
mod office;
mod plausible;

pub use decode::{Decoded, Undecodable, decode};
pub use discover::{Counts, Found, Loaded, find, is_junk, load, read_bytes, read_file};
pub use fingerprint::{Fingerprint, Stamp, fingerprint};
use office::Conversion;
pub use office::Conversions;

/// Where an upload lies under `content/`: relative, `/` between the parts, no `.` or `..`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourcePath(String);

impl SourcePath {
    /// `relative` must already be relative and normal, as `discover` hands it out.
    pub fn new(relative: impl Into<String>) -> Self {
        Self(relative.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file name without its extension.
    pub fn stem(&self) -> &str {
        let name = self.0.rsplit('/').next().unwrap_or(&self.0);
        match name.rfind('.') {
            Some(dot) if dot > 0 => &name[..dot],
            _ => name,
        }
    }

    /// The folders above the file, outermost first.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        let mut parts: Vec<&str> = self.0.split('/').collect();
        parts.pop();
        parts.into_iter()
    }
}

impl fmt::Display for SourcePath {
    /// As a reader would type it, from the archive's root.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "content/{}", self.0)
    }
}

/// How an upload is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    /// `.txt`: raw text as uploaded.
    Text,
    /// `.md`: CommonMark with front matter.
    Markdown,
    /// `.docx`
    Word,
    /// `.doc`, `.wps`: Word 97 to 2003, and WPS.
    OldWord,
    /// `.odt`
    OpenDocument,
    /// `.rtf`
    RichText,
    /// `.html`: a saved web page. Its text is Markdown.
    Html,
    /// `.pdf` with a text layer.
    Pdf,
}

impl Format {
    /// By the extension, in upper or lower case.
    pub fn of(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        Some(match extension.to_ascii_lowercase().as_str() {
            "txt" => Self::Text,
            "md" | "markdown" => Self::Markdown,
            "docx" => Self::Word,
            "doc" | "wps" => Self::OldWord,
            "odt" => Self::OpenDocument,
            "rtf" => Self::RichText,
            "html" | "htm" => Self::Html,
            "pdf" => Self::Pdf,
            _ => return None,
        })
    }

    /// All that are read.
    pub const EXTENSIONS: &str = ".txt, .md, .docx, .doc, .wps, .odt, .rtf, .html and .pdf files";

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "Markdown",
            Self::Word => "Word document",
            Self::OldWord => "Word 97-2003 document",
            Self::OpenDocument => "OpenDocument text",
            Self::RichText => "RTF document",
            Self::Html => "web page",
            Self::Pdf => "PDF document",
        }
    }
}

/// The character encodings that an upload may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Encoding {
    #[serde(rename = "UTF-8")]
    Utf8,
    #[serde(rename = "GB18030")]
    Gb18030,
    #[serde(rename = "UTF-16LE")]
    Utf16Le,
    #[serde(rename = "UTF-16BE")]
    Utf16Be,
    #[serde(rename = "Big5")]
    Big5,
}

impl Encoding {
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Big5 => "Big5",
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One upload, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub path: SourcePath,
    pub format: Format,
    /// Of the file, in bytes.
    pub size: u64,
    /// Of the file's bytes, in lower-case hexadecimal.
    pub sha256: String,
    pub encoding: Encoding,
    /// How the encoding was decided, for people: `byte order mark`, `valid UTF-8`, …
    pub decided_by: String,
    pub text: SourceText,
}

/// A part of a [`SourceText`], in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        // `source` refuses files above `Config::max_file_size`, which is far below 4 GiB.
        Self { start: start as u32, end: end as u32 }
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

/// Decoded text and where its lines are. No byte order mark; line ends as in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    text: Arc<str>,
    /// Of each line without its end (`\n`, `\r\n` or `\r`).
    lines: Vec<Span>,
}

impl SourceText {
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let bytes = text.as_bytes();
        let mut lines = Vec::new();
        let mut start = 0;
        let mut at = 0;
        while at < bytes.len() {
            let width = match bytes[at] {
                b'\r' if bytes.get(at + 1) == Some(&b'\n') => 2,
                b'\r' | b'\n' => 1,
                _ => {
                    at += 1;
                    continue;
                }
            };
            lines.push(Span::new(start, at));
            at += width;
            start = at;
        }
        if start < bytes.len() {
            lines.push(Span::new(start, bytes.len()));
        }
        Self { text, lines }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How many lines; line numbers run from 1 to this.
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// The lines in order, each with its number (from 1) and its span without the line end.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = (u32, Span, &str)> + ExactSizeIterator {
        self.lines.iter().enumerate().map(|(i, &span)| (i as u32 + 1, span, &self.text[span.range()]))
    }

    /// The line with this number, without its end; empty when there is none.
    pub fn line(&self, number: u32) -> &str {
        match (number as usize).checked_sub(1).and_then(|i| self.lines.get(i)) {
            Some(span) => &self.text[span.range()],
            None => "",
        }
    }

    /// The number of the line that holds this byte.
    pub fn line_at(&self, byte: usize) -> u32 {
        self.lines.partition_point(|span| span.start as usize <= byte).max(1) as u32
    }
}
