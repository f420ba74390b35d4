//! Compressed copies of the text files, for servers that send them as they are (`gzip_static`, `precompressed`).
//!
//! The same bytes give the same copies: no time, no name, one level for all.

use std::io::{self, Write};

use flate2::{Compression, GzBuilder};

/// What follows the name of a file in that of its copy.
pub const SUFFIXES: [&str; 2] = [".gz", ".br"];

/// A copy must save a tenth of the file, or a server does better without.
const WORTH: (usize, usize) = (9, 10);

/// On report pages level 11 saves 6 % more and takes eight times as long; level 5 takes a fifth of the time and 3 % more room.
const BROTLI_LEVEL: i32 = 9;

/// The largest window that every browser takes: 4 MB.
const BROTLI_WINDOW: i32 = 22;

/// Texts by their names. An upload that is no plain text is only ever saved. The files of the search index are
/// deflated already: those of 1,000 reports do not shrink at all.
pub fn is_text(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    match path.split_once('/') {
        Some(("search", _)) if extension == "js" => return false,
        Some(("files", _)) => return ["txt", "md"].contains(&extension.as_str()),
        _ => {}
    }
    ["html", "css", "js", "json", "xml", "csv", "txt", "md", "svg"].contains(&extension.as_str())
}

/// The copies that are worth their room, with their [`SUFFIXES`].
///
/// # Errors
/// Never; the compressors write to memory.
pub fn copies(bytes: &[u8]) -> io::Result<Vec<(&'static str, Vec<u8>)>> {
    let [gz, br] = SUFFIXES;
    let mut copies = vec![(gz, gzip(bytes)?), (br, brotli(bytes)?)];
    copies.retain(|(_, copy)| copy.len() * WORTH.1 <= bytes.len() * WORTH.0);
    Ok(copies)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    // 255: the operating system is not told either.
    let mut encoder = GzBuilder::new().operating_system(255).write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut copy = Vec::new();
    let params =
        brotli::enc::BrotliEncoderParams { quality: BROTLI_LEVEL, lgwin: BROTLI_WINDOW, size_hint: bytes.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut copy, &params)?;
    Ok(copy)
}
