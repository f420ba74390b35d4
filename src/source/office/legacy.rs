//! Reads .doc and .wps: the binary documents of Word 97 to 2003 and of WPS; those of older programs with LibreOffice, where it is installed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use undoc::{Block, Document, Error, FormatType, Paragraph, Table, TextAlignment};

use crate::source::office::Refused;
use crate::source::office::docx;
use crate::source::office::libreoffice::{Conversion, Failed};
use crate::source::office::lines::{Lines, Stand};
use crate::source::office::package::Package;
use crate::source::plausible::Plausibility;

const SAVE_AS: &str = "open it in Word, WPS or LibreOffice and save it as .docx";
const INSTALL: &str = "install LibreOffice (Debian: libreoffice-writer-nogui), or open it in Word or WPS and save it as .docx";

/// What each program that wrote such documents begins its files with.
const BEGINNINGS: [&[u8]; 5] = [
    b"\xd0\xcf\x11\xe0", // Word 6 to 2003, WPS, Works 2000 and later: a compound file
    b"\xdb\xa5-\0",      // Word 2
    b"\x31\xbe\0\0",     // Write, Word for DOS
    b"\x01\xfe",         // Works 1 to 4
    b"\xffWPC",          // WordPerfect
];

/// Streams of a compound file that hold a document, as its directory writes their names.
const STREAMS: [&str; 3] = ["WordDocument", "MatOST", "CONTENTS"];

/// Of a text that somebody wrote, more of the characters above ASCII are common ones.
const SENSIBLE: f64 = 0.3;

/// Whether these bytes are those of an old document, whatever program wrote it.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    BEGINNINGS.iter().any(|beginning| bytes.starts_with(beginning))
}

pub(super) fn read(bytes: &[u8], limit: u64, conversion: &Conversion) -> Result<Lines, Refused> {
    // A damaged file may make the library panic: nothing of it is used then.
    let wrong = match catch_unwind(AssertUnwindSafe(|| undoc::parse_bytes(bytes))) {
        Ok(Ok(document)) if document.format == FormatType::Doc => return Ok(lines(&document)),
        Ok(Ok(_)) => return Err(Refused::new("it is a spreadsheet or a presentation, not a report", SAVE_AS)),
        Ok(Err(Error::Encrypted)) => return Err(Refused::encrypted()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "it is damaged".to_owned(),
    };
    // LibreOffice takes whatever it does not know for plain text.
    if bytes.starts_with(BEGINNINGS[0]) && !STREAMS.iter().any(|name| holds(bytes, name)) {
        return Err(Refused::new(format!("it cannot be read as a .doc document: {wrong}"), SAVE_AS));
    }
    with_libreoffice(bytes, limit, conversion, &wrong)
}

fn with_libreoffice(bytes: &[u8], limit: u64, conversion: &Conversion, wrong: &str) -> Result<Lines, Refused> {
    let document = conversion.to_word(bytes).map_err(|failed| match failed {
        Failed::NotInstalled => Refused::new(format!("it cannot be read as a .doc document: {wrong}"), INSTALL),
        Failed::Refused(reason) => Refused::new(format!("it cannot be read as a .doc document: {wrong}; LibreOffice {reason}"), SAVE_AS),
    })?;
    let mut lines = docx::read(Package::open(&document, limit)?)?;
    if !lines.is_blank() && Plausibility::of(lines.text()).share() < SENSIBLE {
        return Err(Refused::new("it cannot be read as a .doc document: what LibreOffice finds in it is no sensible text", SAVE_AS));
    }
    lines.called("old document, read by LibreOffice");
    Ok(lines)
}

fn holds(bytes: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|part| part == name)
}

fn lines(document: &Document) -> Lines {
    let mut lines = Lines::new("Word 97-2003 document");
    for block in document.sections.iter().flat_map(|section| &section.content) {
        match block {
            Block::Paragraph(paragraph) => {
                let centred = matches!(paragraph.alignment, TextAlignment::Center);
                paragraph.images.iter().for_each(|_| lines.leave_out("pictures"));
                lines.paragraph(&text(paragraph), if centred { Stand::Title } else { Stand::Body });
            }
            Block::Table(table) => lines.table(&rows(table)),
            Block::Note { label, content } => {
                let note: String = content.iter().map(text).collect();
                lines.paragraph(&format!("［注{label}］{note}"), Stand::Body);
            }
            Block::Image { .. } => lines.leave_out("pictures"),
            Block::PageBreak | Block::SectionBreak => {}
        }
    }
    lines
}

fn text(paragraph: &Paragraph) -> String {
    let mut text = String::new();
    if let Some(number) = paragraph.list_info.as_ref().and_then(|list| list.number) {
        text.push_str(&format!("{number}."));
    }
    for run in &paragraph.runs {
        text.push_str(&run.text);
        if let Some(label) = &run.note {
            text.push_str(&format!("［注{label}］"));
        }
        if run.line_break {
            text.push('\n');
        }
    }
    text.replace('\t', "　")
}

fn rows(table: &Table) -> Vec<Vec<String>> {
    let columns = table.cell_columns();
    let width = table.column_count();
    let rows = table.rows.iter().zip(columns);
    rows.map(|(row, columns)| {
        let mut cells = vec![String::new(); width];
        for (cell, column) in row.cells.iter().zip(columns) {
            if let Some(place) = cells.get_mut(column) {
                *place = cell.content.iter().map(text).collect::<Vec<_>>().join("\n");
            }
        }
        cells
    })
    .collect()
}
