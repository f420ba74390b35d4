//! Reads .doc and .wps: the binary documents of Word 6 to 2003 and of WPS.

use std::panic::{AssertUnwindSafe, catch_unwind};

use undoc::{Block, Error, FormatType, Paragraph, Table, TextAlignment};

use crate::source::office::Refused;
use crate::source::office::lines::{Lines, Stand};

const SAVE_AS: &str = "open it in Word, WPS or LibreOffice and save it as .docx";

pub(super) fn read(bytes: &[u8]) -> Result<Lines, Refused> {
    // A damaged file may make the library panic: nothing of it is used then.
    let document = match catch_unwind(AssertUnwindSafe(|| undoc::parse_bytes(bytes))) {
        Ok(Ok(document)) if document.format == FormatType::Doc => document,
        Ok(Ok(_)) => return Err(Refused::new("it is a spreadsheet or a presentation, not a report", SAVE_AS)),
        Ok(Err(Error::Encrypted)) => return Err(Refused::encrypted()),
        Ok(Err(error)) => return Err(Refused::new(format!("it cannot be read as a .doc document: {error}"), SAVE_AS)),
        Err(_) => return Err(Refused::new("it cannot be read as a .doc document: it is damaged", SAVE_AS)),
    };
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
    Ok(lines)
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
