//! The ZIP archive that .docx and .odt files are, read within limits.

use std::io::{Cursor, Read};

use roxmltree::Document;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::source::office::Refused;

/// Elements within each other: a table in a text box in a list takes thirty.
const DEEPEST: usize = 256;

/// The XML of a part; `what` is what people call the format.
pub(super) fn parse<'x>(xml: &'x str, what: &str) -> Result<Document<'x>, Refused> {
    let document = Document::parse(xml).map_err(|error| Refused::damaged(what, error))?;
    // Readers follow the elements down.
    let mut deepest = 0;
    let (mut node, mut depth) = (document.root_element(), 0);
    while deepest <= DEEPEST {
        if let Some(child) = node.first_element_child() {
            (node, depth) = (child, depth + 1);
            deepest = deepest.max(depth);
            continue;
        }
        while node.next_sibling_element().is_none() && depth > 0 {
            (node, depth) = (node.parent_element().unwrap_or(node), depth - 1);
        }
        match node.next_sibling_element() {
            Some(next) if depth > 0 => node = next,
            _ => return Ok(document),
        }
    }
    Err(Refused::damaged(what, "its elements are nested too deeply"))
}

pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Bytes that a part may unpack to.
    limit: u64,
}

impl<'b> Package<'b> {
    pub fn open(bytes: &'b [u8], limit: u64) -> Result<Self, Refused> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| Refused::damaged("document", error))?;
        Ok(Self { archive, limit })
    }

    pub fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// The text of a part; `None` where there is none of this name.
    pub fn part(&mut self, name: &str) -> Result<Option<String>, Refused> {
        let entry = match self.archive.by_name(name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => return Err(Refused::encrypted()),
            Err(error) => return Err(Refused::damaged("document", error)),
        };
        let mut bytes = Vec::new();
        entry.take(self.limit + 1).read_to_end(&mut bytes).map_err(|error| Refused::damaged("document", error))?;
        if bytes.len() as u64 > self.limit {
            let reason = format!("its part `{name}` unpacks to more than the {} MiB that are allowed", self.limit >> 20);
            return Err(Refused::new(reason, "split the file, or raise `max_file_size` in config.toml"));
        }
        let (text, _, wrong) = match bytes.as_slice() {
            [0xff, 0xfe, ..] => encoding_rs::UTF_16LE.decode(&bytes),
            [0xfe, 0xff, ..] => encoding_rs::UTF_16BE.decode(&bytes),
            _ => encoding_rs::UTF_8.decode(&bytes),
        };
        if wrong {
            return Err(Refused::damaged("document", format!("its part `{name}` is not text")));
        }
        Ok(Some(text.into_owned()))
    }

    /// A part that the format requires.
    pub fn required(&mut self, name: &str) -> Result<String, Refused> {
        self.part(name)?.ok_or_else(|| Refused::damaged("document", format!("its part `{name}` is missing")))
    }
}
