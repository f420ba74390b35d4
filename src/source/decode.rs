//! Finds out a file's encoding and decodes it, without ever replacing a byte it cannot read.
//!
//! The order of evidence: byte order mark, valid UTF-8, UTF-16 without a mark, then GB18030 against Big5 by how common
//! the characters are that each of them gives. A wrong guess is worse than an error: what two encodings read equally
//! well is refused.

use encoding_rs::{BIG5, Encoding as Charset, GB18030, UTF_16BE, UTF_16LE};

use crate::source::Encoding;
use crate::source::plausible::Plausibility;

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
    /// The way out.
    pub help: &'static str,
}

/// Real text scores above 0.8, a wrong reading below 0.4.
const LIKELY: f64 = 0.5;
const MARGIN: f64 = 0.25;

const SAVE_AS_UTF8: &str = "open it in an editor that shows it correctly and save it as UTF-8";
const NOT_TEXT: &str = "convert it to plain text or Markdown first, or move it out of content/";

/// Decodes a whole file.
///
/// # Errors
/// Empty files, binary files, broken or mixed encodings, and encodings that cannot be told apart.
pub fn decode(bytes: &[u8]) -> Result<Decoded, Undecodable> {
    if let Some(kind) = binary_kind(bytes) {
        return Err(refuse(format!("not a text file: {kind}"), Some(0), NOT_TEXT));
    }
    let decoded = match marked(bytes) {
        Some(result) => result?,
        None => unmarked(bytes)?,
    };
    check(decoded, bytes)
}

fn refuse(reason: impl Into<String>, byte: Option<usize>, help: &'static str) -> Undecodable {
    Undecodable { reason: reason.into(), byte, help }
}

/// Formats that office software writes and people rename.
fn binary_kind(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 9] = [
        (b"%PDF", "it is a PDF document"),
        (b"PK\x03\x04", "it is a ZIP archive or a .docx, .xlsx or .odt document"),
        (b"\xd0\xcf\x11\xe0", "it is a .doc, .xls or .wps document"),
        (b"{\\rtf", "it is a rich text (RTF) document"),
        (b"\x89PNG", "it is a PNG picture"),
        (b"\xff\xd8\xff", "it is a JPEG picture"),
        (b"GIF8", "it is a GIF picture"),
        (b"\x1f\x8b", "it is a gzip archive"),
        (b"\x7fELF", "it is a program"),
    ];
    KINDS.iter().find(|(head, _)| bytes.starts_with(head)).map(|&(_, kind)| kind)
}

/// By its byte order mark, where it has one.
fn marked(bytes: &[u8]) -> Option<Result<Decoded, Undecodable>> {
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
        return Some(Err(refuse("it is UTF-32, which is not supported", Some(0), SAVE_AS_UTF8)));
    }
    let (encoding, mark) = if bytes.starts_with(b"\xef\xbb\xbf") {
        (Encoding::Utf8, 3)
    } else if bytes.starts_with(b"\xff\xfe") {
        (Encoding::Utf16Le, 2)
    } else if bytes.starts_with(b"\xfe\xff") {
        (Encoding::Utf16Be, 2)
    } else if bytes.starts_with(b"\x84\x31\x95\x33") {
        (Encoding::Gb18030, 4)
    } else {
        return None;
    };
    let result = strict(&bytes[mark..], encoding).map_err(|at| {
        let reason = format!("its byte order mark says {encoding}, but it is not: it is broken or cut off");
        refuse(reason, Some(mark + at), SAVE_AS_UTF8)
    });
    Some(result.map(|text| Decoded { text, encoding, decided_by: "byte order mark".into() }))
}

fn unmarked(bytes: &[u8]) -> Result<Decoded, Undecodable> {
    match strict(bytes, Encoding::Utf8) {
        // UTF-16 of plain ASCII is valid UTF-8 with a NUL in every other place.
        Ok(text) if !bytes.contains(&0) => return utf8(text, bytes),
        Ok(_) | Err(_) => {}
    }
    if let Some(decoded) = utf16(bytes) {
        return Ok(decoded);
    }
    if let Some(at) = bytes.iter().position(|&b| b == 0) {
        return Err(refuse("it holds a NUL byte, so it is a binary file or damaged", Some(at), NOT_TEXT));
    }
    if let Some(problem) = mixed(bytes) {
        return Err(problem);
    }
    double_byte(bytes)
}

/// Valid UTF-8 wins, save where a short double-byte text happens to be valid too.
fn utf8(text: String, bytes: &[u8]) -> Result<Decoded, Undecodable> {
    // A character that takes three bytes or more, or none above ASCII, leaves no doubt.
    let doubtful = bytes.len() < 64 && !text.is_ascii() && !text.chars().any(|c| c >= '\u{800}' || c.is_ascii_alphabetic());
    if doubtful && strict(bytes, Encoding::Gb18030).is_ok_and(|other| Plausibility::of(&other).share() > 0.9) {
        return Err(refuse("too short to tell UTF-8 from GB18030: both read it", None, SAVE_AS_UTF8));
    }
    let decided_by = if text.is_ascii() { "ASCII only" } else { "valid UTF-8" };
    Ok(Decoded { text, encoding: Encoding::Utf8, decided_by: decided_by.into() })
}

/// UTF-16 without a mark: nearly all units must be common characters in one byte order and few in the other.
fn utf16(bytes: &[u8]) -> Option<Decoded> {
    if !bytes.len().is_multiple_of(2) || bytes.is_empty() {
        return None;
    }
    let read = |encoding| {
        let text = strict(bytes, encoding).ok()?;
        let score = Plausibility::of(&text).max(Plausibility::of_traditional(&text));
        Some((score, text, encoding))
    };
    let (le, be) = (read(Encoding::Utf16Le), read(Encoding::Utf16Be));
    let share = |one: &Option<(Plausibility, String, Encoding)>| one.as_ref().map_or(0.0, |(score, ..)| score.share());
    let (best, other) = if share(&le) >= share(&be) { (le, be) } else { (be, le) };
    // Six units in a row that are common by chance: below one in a million, for one Han character in sixteen is common.
    if share(&best) < 0.8 || share(&best) - share(&other) < 0.5 || bytes.len() < 12 {
        return None;
    }
    // The bytes must not make better sense as GB18030.
    if strict(bytes, Encoding::Gb18030).is_ok_and(|text| Plausibility::of(&text).share() >= share(&best)) {
        return None;
    }
    best.map(|(score, text, encoding)| Decoded {
        decided_by: format!("no byte order mark; {}% of its characters are common ones", score.percent()),
        text,
        encoding,
    })
}

/// GB18030 or Big5: the one that gives the more common characters, by a clear margin.
fn double_byte(bytes: &[u8]) -> Result<Decoded, Undecodable> {
    let gb = strict(bytes, Encoding::Gb18030);
    let big5 = strict(bytes, Encoding::Big5);
    let gb_score = gb.as_ref().map_or(0.0, |text| Plausibility::of(text).share());
    let big5_score = big5.as_ref().map_or(0.0, |text| Plausibility::of_traditional(text).share());
    let decided_by = |score: f64, other: f64| {
        format!("{:.0}% of its characters are common ones, {:.0}% in the other double-byte encoding", score * 100.0, other * 100.0)
    };
    match (gb, big5) {
        (Ok(text), _) if gb_score >= LIKELY && gb_score - big5_score >= MARGIN => {
            Ok(Decoded { text, encoding: Encoding::Gb18030, decided_by: decided_by(gb_score, big5_score) })
        }
        (_, Ok(text)) if big5_score >= LIKELY && big5_score - gb_score >= MARGIN => {
            Ok(Decoded { text, encoding: Encoding::Big5, decided_by: decided_by(big5_score, gb_score) })
        }
        (Ok(_), Ok(_)) if gb_score >= LIKELY && big5_score >= LIKELY => {
            Err(refuse("its encoding is ambiguous: GB18030 and Big5 both read it", None, SAVE_AS_UTF8))
        }
        (Ok(_), _) | (_, Ok(_)) => {
            let first = bytes.iter().position(|b| !b.is_ascii());
            Err(refuse("not text in any encoding known here: it reads as rare characters only", first, SAVE_AS_UTF8))
        }
        (Err(gb_at), Err(big5_at)) => Err(broken(bytes, gb_at, big5_at)),
    }
}

/// Names the encoding that reads on longest, and where it stops.
fn broken(bytes: &[u8], gb_at: usize, big5_at: usize) -> Undecodable {
    let utf8_at = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let non_ascii = |end: usize| bytes[..end].iter().filter(|b| !b.is_ascii()).count();
    let (name, at) = if non_ascii(utf8_at) >= 6 {
        ("UTF-8", utf8_at)
    } else if gb_at >= big5_at {
        ("GB18030", gb_at)
    } else {
        ("Big5", big5_at)
    };
    refuse(format!("not valid in any encoding known here; as {name} it breaks at byte {at}"), Some(at), SAVE_AS_UTF8)
}

/// A file glued together from UTF-8 and GB18030 can be valid GB18030 and still be wrong: line by line it shows.
fn mixed(bytes: &[u8]) -> Option<Undecodable> {
    let mut utf8_line = None;
    let mut other_line = None;
    let mut at = 0;
    for (number, line) in bytes.split(|&b| b == b'\n').enumerate() {
        if !line.is_ascii() {
            let han = |text: &str| text.chars().filter(|c| ('\u{3000}'..='\u{9fff}').contains(c)).count();
            match std::str::from_utf8(line) {
                Ok(text) if han(text) >= 2 => utf8_line = utf8_line.or(Some((number + 1, at))),
                Ok(_) => {}
                // A broken character in a UTF-8 line makes no sense in GB18030.
                Err(_) if strict(line, Encoding::Gb18030).is_ok_and(|text| Plausibility::of(&text).share() >= LIKELY) => {
                    other_line = other_line.or(Some((number + 1, at)));
                }
                Err(_) => {}
            }
        }
        at += line.len() + 1;
    }
    let ((utf8, utf8_at), (other, other_at)) = (utf8_line?, other_line?);
    let reason = format!("mixed encodings: line {utf8} is UTF-8, line {other} is not");
    Some(refuse(reason, Some(utf8_at.max(other_at)), SAVE_AS_UTF8))
}

/// Decodes all bytes or says which is the first wrong one.
fn strict(bytes: &[u8], encoding: Encoding) -> Result<String, usize> {
    let charset: &'static Charset = match encoding {
        Encoding::Utf8 => {
            return std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| error.valid_up_to());
        }
        Encoding::Gb18030 => GB18030,
        Encoding::Big5 => BIG5,
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
    };
    match charset.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(text.into_owned()),
        None => Err(first_malformed(bytes, charset)),
    }
}

fn first_malformed(bytes: &[u8], charset: &'static Charset) -> usize {
    let mut decoder = charset.new_decoder_without_bom_handling();
    let mut scratch = [0u8; 4096];
    let mut at = 0;
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(&bytes[at..], &mut scratch, true);
        at += read;
        match result {
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::InputEmpty => return at,
            encoding_rs::DecoderResult::Malformed(length, after) => return at.saturating_sub(usize::from(length + after)),
        }
    }
}

/// Decoded text that is no text after all.
fn check(decoded: Decoded, bytes: &[u8]) -> Result<Decoded, Undecodable> {
    if decoded.text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
        let reason = if bytes.is_empty() { "the file is empty" } else { "the file holds nothing but blanks" };
        return Err(refuse(reason, None, "put the report's text into it, or delete it"));
    }
    if let Some(at) = decoded.text.find('\0') {
        let place = (decoded.encoding == Encoding::Utf8).then_some(at);
        return Err(refuse("it holds a NUL character, so it is a binary file or damaged", place, NOT_TEXT));
    }
    // Form feeds (page breaks), escapes and a final Ctrl-Z do occur in text; one control in fifty characters does not.
    let controls = decoded.text.bytes().filter(|&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c)).count();
    if controls > 8 && controls * 50 > decoded.text.len() {
        let at = bytes.iter().position(|&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c));
        return Err(refuse("it is full of control characters, so it is a binary file", at, NOT_TEXT));
    }
    Ok(decoded)
}
