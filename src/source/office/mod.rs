//! Turns documents of word processors, web pages and PDF into text as an upload of plain text would have it.
//!
//! bytes ──► [`text`] ──► [`Converted`]
//!
//! A paragraph becomes a line, a table rows of cells between bars, an automatic number the characters that a reader sees.
//! What has no text (pictures, running heads) is left out and counted. The upload itself stays as it is.

use crate::source::Format;

mod docx;
mod html;
mod legacy;
mod libreoffice;
mod lines;
mod numbering;
mod odt;
mod package;
mod pdf;
mod rtf;

pub use libreoffice::{Conversion, Conversions};

/// Text and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    pub text: String,
    /// For people: `Word document, 2 tables; left out: 1 picture`.
    pub how: String,
}

/// Why a document gives no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub reason: String,
    /// The way out.
    pub help: &'static str,
}

const DAMAGED: &str = "open it in the program that wrote it, save it again, and upload that";

const EMPTY: &str = "put the report's text into it, or delete it";

impl Refused {
    fn new(reason: impl Into<String>, help: &'static str) -> Self {
        Self { reason: reason.into(), help }
    }

    fn encrypted() -> Self {
        Self::new("it is protected with a password", "save it without a password, and upload that")
    }

    fn damaged(what: &str, error: impl std::fmt::Display) -> Self {
        Self::new(format!("not a sound {what}: {error}"), DAMAGED)
    }
}

/// What a document is by its content: the extension is often wrong. A .doc may be a .docx, RTF or a web page inside.
pub fn sniff(bytes: &[u8], declared: Format) -> Format {
    let head = bytes.trim_ascii_start();
    let head = &head[..head.len().min(2048)];
    let is_page = || head.windows(5).any(|window| window.eq_ignore_ascii_case(b"<html"));
    match bytes {
        [b'{', b'\\', b'r', b't', b'f', ..] => Format::RichText,
        [b'%', b'P', b'D', b'F', ..] => Format::Pdf,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Format::OldWord,
        // Which of the two it is, its parts say.
        [b'P', b'K', 3, 4, ..] if declared != Format::OpenDocument => Format::Word,
        _ if head.starts_with(b"<") && is_page() => Format::Html,
        _ => declared,
    }
}

/// Reads a document of this format; `limit` is the most that any part of it may unpack to, in bytes.
/// What other programs make of it is kept in `conversion`.
///
/// # Errors
/// What is damaged, encrypted, has no text layer, or needs a program that is not installed.
pub fn text(bytes: &[u8], format: Format, limit: u64, conversion: &Conversion) -> Result<Converted, Refused> {
    let lines = match format {
        Format::Html => html::read(bytes)?,
        Format::RichText if bytes.starts_with(b"{\\rtf") => rtf::read(bytes)?,
        Format::Pdf if bytes.starts_with(b"%PDF") => pdf::read(bytes, limit)?,
        Format::OldWord if legacy::is_one(bytes) => legacy::read(bytes, limit, conversion)?,
        Format::Word | Format::OpenDocument if bytes.starts_with(b"PK\x03\x04") => {
            let package = package::Package::open(bytes, limit)?;
            if package.has("content.xml") { odt::read(package)? } else { docx::read(package)? }
        }
        _ => return Err(Refused::new(format!("it is no {}", format.name()), DAMAGED)),
    };
    if lines.is_blank() {
        let help = if lines.pictures() > 0 { "recognise its text first (OCR), and upload the result" } else { EMPTY };
        return Err(Refused::new("it holds no text", help));
    }
    Ok(lines.finish())
}
