//! Reads the text layer of a PDF with `pdftotext`, where it is installed. Its lines are those of the page: the reading
//! mends them like those of any other extracted text.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use crate::source::office::Refused;
use crate::source::office::lines::Lines;

const INSTALL: &str = "install pdftotext (Debian: poppler-utils), or save the text as .docx or .txt";
const RECOGNISE: &str = "recognise its text first (OCR), or upload the document that it was made from";

/// Share of characters without a meaning above which a text layer is useless.
const PRIVATE: usize = 20;

pub(super) fn read(bytes: &[u8], limit: u64) -> Result<Lines, Refused> {
    let text = run(bytes, limit)?;
    let characters = text.chars().filter(|c| !c.is_whitespace()).count();
    if characters == 0 {
        return Err(Refused::new("it has no text layer: its pages are pictures", RECOGNISE));
    }
    // Some Chinese typesetting programs write glyph numbers where characters should be.
    let private = text.chars().filter(|c| matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fffd}')).count();
    if private * PRIVATE > characters {
        return Err(Refused::new("its fonts do not say which characters they show", RECOGNISE));
    }
    let mut lines = Lines::new("PDF, check the text");
    lines.raw(&text.chars().map(plain).collect::<String>());
    Ok(lines)
}

fn run(bytes: &[u8], limit: u64) -> Result<String, Refused> {
    // `-layout` keeps the indents that tell paragraphs and the gaps that tell columns.
    let child = Command::new("pdftotext")
        .args(["-q", "-layout", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.map_err(|_| Refused::new("PDF documents need the program pdftotext, which is not installed", INSTALL))?;
    let failed = |error: std::io::Error| Refused::new(format!("pdftotext failed: {error}"), INSTALL);
    let (Some(mut stdin), Some(stdout), Some(mut stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take()) else {
        return Err(Refused::new("pdftotext failed: no pipes", INSTALL));
    };
    let mut text = Vec::new();
    let mut complaint = String::new();
    std::thread::scope(|scope| {
        // It stops reading when it has seen enough: a broken pipe is no failure.
        scope.spawn(move || drop(stdin.write_all(bytes)));
        let read = stdout.take(limit + 1).read_to_end(&mut text);
        read.and_then(|_| stderr.read_to_string(&mut complaint))
    })
    .map_err(failed)?;
    let status = child.wait().map_err(failed)?;
    if text.len() as u64 > limit {
        return Err(Refused::new(
            "its text is longer than `max_file_size` allows",
            "split the file, or raise `max_file_size` in config.toml",
        ));
    }
    if !status.success() {
        return Err(match complaint.contains("assword") {
            true => Refused::encrypted(),
            false => Refused::damaged("PDF document", complaint.lines().next().unwrap_or("pdftotext cannot read it").trim()),
        });
    }
    String::from_utf8(text).map_err(|error| Refused::damaged("PDF document", error))
}

/// Radicals that stand for the characters that look like them, as fonts of browsers write them.
fn plain(c: char) -> char {
    use unicode_normalization::UnicodeNormalization;
    match c {
        '\u{2e80}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' => c.nfkc().next().unwrap_or(c),
        _ => c,
    }
}
