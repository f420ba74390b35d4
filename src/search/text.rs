//! A report as the search page shows it: one small file each, with the whole text.
//!
//! It is coded by the characters and words of a sample of the archive, and deflated with a dictionary of what that sample
//! repeats most: a text's file does not depend on the other texts but for the sample.

use std::collections::BinaryHeap;
use std::sync::OnceLock;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::Key;
use crate::search::Head;
use crate::search::bits::Damaged;
use crate::search::corpus::Text;
use crate::search::normal::{self, Simplified};

/// Between paragraphs; a line feed inside a paragraph is stored as [`LINE`].
pub const PARAGRAPH: char = '\n';
pub const LINE: char = '\u{2028}';
/// Between the fields of the first line.
pub const FIELD: char = '\t';

/// Of the dictionary, in bytes: the page loads it before its first query. Each KiB more takes about a hundredth off the
/// texts and adds 0.9 KiB to the base: beyond this, the first query costs more, and later ones little less.
const DICTIONARY: usize = 4 * 1024;
/// A text longer than this, unpacked, is refused as damaged.
const LONGEST: usize = 256 * 1024 * 1024;

/// What the file of a report holds: a line of fields, the title, the paragraphs.
pub fn stored(head: &Head, text: &Text) -> String {
    let paragraphs = text.paragraphs();
    let mut stored = fields(head);
    stored.reserve(text.title.len() + paragraphs.iter().map(|paragraph| paragraph.len() + 1).sum::<usize>() + 1);
    for paragraph in std::iter::once(text.title).chain(paragraphs.iter().map(|paragraph| &**paragraph)) {
        stored.push(PARAGRAPH);
        stored.extend(paragraph.chars().map(character));
    }
    stored
}

/// The first line of [`stored`].
pub fn fields(head: &Head) -> String {
    let year = head.year.map(|year| year.to_string()).unwrap_or_default();
    let (region, themes) = (head.region.join("/"), head.themes.join("/"));
    let mut fields = String::with_capacity(128);
    for (i, field) in [head.slug, &year, head.kind, &region, &themes].into_iter().enumerate() {
        if i > 0 {
            fields.push(FIELD);
        }
        fields.extend(field.chars().map(|c| if c.is_control() { ' ' } else { c }));
    }
    fields
}

/// Stands for [`stored`], of a text with this key.
pub fn key(head: &Head, text: Key) -> Key {
    Key::of(&(fields(head), text))
}

/// How a character of a title or a paragraph is stored.
fn character(c: char) -> char {
    if c == PARAGRAPH { LINE } else { c }
}

/// All that [`stored`] holds of a report whose fields these are.
pub fn characters<'t>(fields: &'t str, text: &'t Text) -> impl Iterator<Item = char> + 't {
    fields.chars().chain([PARAGRAPH]).chain(text.characters.iter().map(character))
}

/// A report as its file tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub slug: String,
    pub year: Option<i32>,
    pub kind: String,
    pub region: Vec<String>,
    pub themes: Vec<String>,
    pub title: String,
    pub paragraphs: Vec<String>,
    /// The normal forms of the title and of each paragraph.
    normals: OnceLock<Vec<String>>,
}

impl Stored {
    /// Takes apart what [`stored`] put together.
    ///
    /// # Errors
    /// Fields that are missing.
    pub fn parse(stored: &str) -> Result<Self, Damaged> {
        let mut lines = stored.split(PARAGRAPH);
        let fields: Vec<&str> = lines.next().unwrap_or_default().split(FIELD).collect();
        let [slug, year, kind, region, themes] = fields[..] else { return Err(Damaged("a text without its fields")) };
        let parts = |joined: &str| if joined.is_empty() { Vec::new() } else { joined.split('/').map(str::to_owned).collect() };
        let mut lines = lines.map(|line| line.replace(LINE, "\n"));
        let title = lines.next().ok_or(Damaged("a text without a title"))?;
        let paragraphs: Vec<String> = lines.collect();
        Ok(Self {
            slug: slug.to_owned(),
            year: year.parse().ok(),
            kind: kind.to_owned(),
            region: parts(region),
            themes: parts(themes),
            title,
            paragraphs,
            normals: OnceLock::new(),
        })
    }

    /// The normal forms of the title and of the paragraphs, made when they are first asked for: an update of the index does not.
    pub fn normals(&self) -> &[String] {
        let texts = || std::iter::once(&self.title).chain(&self.paragraphs);
        self.normals.get_or_init(|| texts().map(|text| normal::normal(text, Simplified::all())).collect())
    }
}

/// Deflates, without any frame.
pub fn deflate(bytes: &[u8], dictionary: &[u8]) -> Vec<u8> {
    let mut compress = Compress::new(Compression::best(), false);
    if !dictionary.is_empty() {
        compress.set_dictionary(dictionary).expect("a fresh stream takes a dictionary");
    }
    let mut out = Vec::with_capacity(bytes.len() + 64);
    loop {
        let done = compress.total_in() as usize;
        let status = compress.compress_vec(&bytes[done..], &mut out, FlushCompress::Finish).expect("memory is all that compressing needs");
        if status == Status::StreamEnd {
            return out;
        }
        out.reserve(out.capacity());
    }
}

/// Undoes [`deflate`].
///
/// # Errors
/// Bytes that are no deflate stream.
pub fn inflate(bytes: &[u8], dictionary: &[u8]) -> Result<Vec<u8>, Damaged> {
    let mut decompress = Decompress::new(false);
    if !dictionary.is_empty() {
        decompress.set_dictionary(dictionary).map_err(|_| Damaged("a dictionary that does not fit"))?;
    }
    let mut out = Vec::with_capacity(bytes.len() * 4 + 64);
    loop {
        let (read, written) = (decompress.total_in(), decompress.total_out());
        let status = decompress
            .decompress_vec(&bytes[read as usize..], &mut out, FlushDecompress::Finish)
            .map_err(|_| Damaged("no deflate stream"))?;
        if status == Status::StreamEnd {
            return Ok(out);
        }
        if out.len() < out.capacity() && decompress.total_in() == read && decompress.total_out() == written {
            return Err(Damaged("a deflate stream that ends too early"));
        }
        if out.len() > LONGEST {
            return Err(Damaged("a text too long to be one"));
        }
        out.reserve(out.len().max(1024));
    }
}

/// What the texts repeat most, the commonest last, where deflate reaches it most cheaply.
///
/// Pieces are taken greedily, each time the one whose strings of eight bytes, as far as none is in the dictionary yet,
/// stand in the most texts.
pub fn dictionary(sample: &[&[u8]]) -> Vec<u8> {
    const PIECE: usize = 96;
    const STEP: usize = 4;
    let mut worth: FxHashMap<[u8; 8], u64> = FxHashMap::default();
    for text in sample {
        let strings: FxHashSet<[u8; 8]> = eights(text).collect();
        for string in strings {
            *worth.entry(string).or_default() += 1;
        }
    }
    // One text alone repeats nothing.
    worth.values_mut().for_each(|count| *count -= 1);
    let total = |piece: &[u8], worth: &FxHashMap<[u8; 8], u64>| eights(piece).map(|string| worth[&string]).sum::<u64>();
    let pieces = sample.iter().flat_map(|text| text.windows(PIECE).step_by(STEP));
    let mut heap: BinaryHeap<(u64, &[u8])> = pieces.map(|piece| (total(piece, &worth), piece)).collect();
    let mut chosen: Vec<&[u8]> = Vec::new();
    let mut size = 0;
    while let Some((promised, piece)) = heap.pop()
        && size < DICTIONARY
        && promised > 0
    {
        let now = total(piece, &worth);
        // What was taken since it was weighed may have made it lighter than others.
        if now < promised && heap.peek().is_some_and(|(next, _)| *next > now) {
            heap.push((now, piece));
            continue;
        }
        let is_new = |at: &usize| worth[&eight(piece, *at)] > 0;
        let (first, last) = ((0..=PIECE - 8).find(is_new), (0..=PIECE - 8).rev().find(is_new));
        let (Some(first), Some(last)) = (first, last) else { continue };
        let piece = &piece[first..last + 8];
        worth.extend(eights(piece).map(|string| (string, 0)));
        size += piece.len();
        chosen.push(piece);
    }
    chosen.reverse();
    let joined = chosen.concat();
    joined[joined.len().saturating_sub(DICTIONARY)..].to_vec()
}

fn eight(bytes: &[u8], at: usize) -> [u8; 8] {
    bytes[at..at + 8].try_into().expect("eight bytes are eight")
}

fn eights(bytes: &[u8]) -> impl Iterator<Item = [u8; 8]> {
    bytes.windows(8).map(|window| window.try_into().expect("a window of eight has eight bytes"))
}
