//! Reads the text layer of a PDF with `pdftotext`, where it is installed. Its lines are those of the page: the reading
//! mends them like those of any other extracted text.

use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::source::office::Refused;
use crate::source::office::lines::Lines;

const INSTALL: &str = "install pdftotext (Debian: poppler-utils), or save the text as .docx or .txt";
const RECOGNISE: &str = "recognise its text first (OCR), or upload the document that it was made from";

/// A scanned yearbook of a thousand pages takes seconds.
const LONGEST: Duration = Duration::from_secs(90);

/// How often it is asked whether it has ended; most take some tens of milliseconds.
const PAUSE: Duration = Duration::from_millis(2);

/// Bytes of what it says about a document; it has a line for each thing that it stumbles over.
const LONGEST_COMPLAINT: u64 = 4096;

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
    // `-layout` keeps the indents that tell paragraphs and the gaps that tell columns. (`-q` would keep the reason of a refusal as well.)
    let child = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.map_err(|_| Refused::new("PDF documents need the program pdftotext, which is not installed", INSTALL))?;
    let failed = |error: std::io::Error| Refused::new(format!("pdftotext failed: {error}"), INSTALL);
    let (Some(mut stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take()) else {
        return Err(Refused::new("pdftotext failed: no pipes", INSTALL));
    };
    // All three pipes at once: the program stands still when one of them is full. It ends when nobody reads on.
    let (status, text, complaints) = std::thread::scope(|scope| {
        // It stops reading when it has seen enough: a broken pipe is no failure.
        scope.spawn(move || drop(stdin.write_all(bytes)));
        let text = scope.spawn(move || first(stdout, limit + 1));
        let complaints = scope.spawn(move || {
            let mut stderr = stderr;
            let complaints = first(&mut stderr, LONGEST_COMPLAINT)?;
            std::io::copy(&mut stderr, &mut std::io::sink()).map(|_| complaints)
        });
        let status = end(&mut child, LONGEST);
        let joined = |pipe: std::thread::ScopedJoinHandle<'_, std::io::Result<Vec<u8>>>| {
            pipe.join().unwrap_or_else(|_| Err(std::io::ErrorKind::Other.into()))
        };
        (status, joined(text), joined(complaints))
    });
    let (text, complaints) = (text.map_err(failed)?, complaints.map_err(failed)?);
    if text.len() as u64 > limit {
        return Err(Refused::new(
            "its text is longer than `max_file_size` allows",
            "split the file, or raise `max_file_size` in config.toml",
        ));
    }
    let Some(status) = status.map_err(failed)? else {
        let reason = format!("pdftotext has not ended after {} seconds", LONGEST.as_secs());
        return Err(Refused::new(reason, "save the text as .docx or .txt"));
    };
    if !status.success() {
        let complaints = String::from_utf8_lossy(&complaints);
        return Err(match complaints.contains("Incorrect password") {
            true => Refused::encrypted(),
            false => Refused::damaged("PDF document", complaints.lines().next().unwrap_or("pdftotext cannot read it").trim()),
        });
    }
    String::from_utf8(text).map_err(|error| Refused::damaged("PDF document", error))
}

/// So many bytes at the most.
fn first(pipe: impl Read, count: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    pipe.take(count).read_to_end(&mut bytes).map(|_| bytes)
}

/// How it ended; `None` if it had to be made to.
fn end(child: &mut Child, longest: Duration) -> std::io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() > longest {
            child.kill()?;
            return child.wait().map(|_| None);
        }
        std::thread::sleep(PAUSE);
    }
}

/// Radicals that stand for the characters that look like them, as fonts of browsers write them.
fn plain(c: char) -> char {
    use unicode_normalization::UnicodeNormalization;
    match c {
        '\u{2e80}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' => c.nfkc().next().unwrap_or(c),
        _ => c,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let mut child = Command::new("sleep").arg("600").spawn().unwrap();
        assert_eq!(end(&mut child, Duration::ZERO).unwrap(), None);
        assert!(child.try_wait().unwrap().is_some_and(|status| !status.success()));
        let mut child = Command::new("true").spawn().unwrap();
        assert!(end(&mut child, LONGEST).unwrap().is_some_and(|status| status.success()));
    }
}
