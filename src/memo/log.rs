//! How a memo is written: one record after another, each with its checksum.
//!
//! ```text
//! program   32 bytes: which program wrote it; no other believes it
//! record    length, 4 bytes; checksum, 16 bytes; what `Written` holds, as postcard writes it
//! record    …
//! ```
//!
//! A later record of a path stands in the place of an earlier one, so what one new upload changes is put behind the rest: nothing is
//! written again until a fifth of the file is out of date. A file that ends within a record is good up to there.

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::archive::{Keys, SourceRecord, Understood};
use crate::classify::Labels;
use crate::diagnostic::Diagnostic;
use crate::document::anchor::Name;
use crate::document::{Blocks, Compilation, Document, Elements, FrontMatter, Key, Lines, Packed, Reading, Title};
use crate::insight::digest::Digest;
use crate::insight::memory as insight;
use crate::insight::reuse::Picks;
use crate::memo::{Kept, Memo, Record};
use crate::privacy::Finding;
use crate::search::alphabet::Characters;
use crate::source::Stamp;

/// Stands for the program that wrote a memo.
pub type Program = [u8; 32];

/// Before each record: its length and its checksum.
const HEAD: usize = 4 + 16;

/// What is to be done with the file of a memo.
pub enum Plan<'a> {
    /// It holds all.
    Nothing,
    /// It is cut to this length, and these records are put behind.
    Append(u64, Vec<&'a Record>),
    /// It is written anew, beginning with the program.
    Rewrite(Vec<&'a Record>),
}

/// What is to be written now.
pub fn plan(memo: &Memo) -> Plan<'_> {
    let new = memo.records.values().filter(|kept| kept.length == 0).count();
    let live: u64 = memo.records.values().map(|kept| kept.length).sum();
    let dead = memo.file.saturating_sub(live);
    let records = |wanted: &dyn Fn(&Kept) -> bool| {
        let mut records: Vec<&Record> = memo.records.values().filter(|kept| wanted(kept)).map(|kept| &*kept.record).collect();
        records.par_sort_unstable_by(|a, b| a.understood.source.path.cmp(&b.understood.source.path));
        records
    };
    match new {
        _ if memo.file == 0 || dead > live / 4 + new as u64 * live / memo.records.len().max(1) as u64 => Plan::Rewrite(records(&|_| true)),
        0 => Plan::Nothing,
        _ => Plan::Append(memo.file, records(&|kept| kept.length == 0)),
    }
}

/// A source as it is written.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    stamp: Option<Stamp>,
    settings: Key,
    source: Cow<'a, SourceRecord>,
    compilation: Cow<'a, Option<Compilation>>,
    diagnostics: Cow<'a, [Diagnostic]>,
    findings: Cow<'a, [Finding]>,
    #[serde(borrow)]
    documents: Vec<WrittenDocument<'a>>,
}

#[derive(Serialize, Deserialize)]
struct WrittenDocument<'a> {
    title: Cow<'a, Title>,
    lines: Lines,
    elements: Cow<'a, Elements>,
    group: Cow<'a, Option<String>>,
    front_matter: Cow<'a, FrontMatter>,
    labels: Cow<'a, Labels>,
    keys: Keys,
    length: u32,
    printed: u32,
    anchors: Cow<'a, [Name]>,
    units: &'a [u8],
    figures: &'a [u8],
    word_ends: &'a [u8],
    letters: u32,
    picks: &'a [u8],
    steps: &'a [u8],
    characters: &'a [u8],
    headings: &'a [u8],
    #[serde(borrow)] // or it would be read as a copy
    blocks: Cow<'a, [u8]>,
}

/// A record with its length and its checksum.
pub fn write(record: &Record) -> Vec<u8> {
    let Record { stamp, settings, understood, digests } = record;
    let Understood { source, reading, labels, keys, findings } = understood;
    let documents = reading.documents.iter().zip(labels).zip(keys).zip(digests);
    let written = Written {
        stamp: *stamp,
        settings: *settings,
        source: Cow::Borrowed(source),
        compilation: Cow::Borrowed(&reading.compilation),
        diagnostics: Cow::Borrowed(&reading.diagnostics),
        findings: Cow::Borrowed(findings),
        documents: documents
            .map(|(((document, labels), keys), digest)| WrittenDocument {
                title: Cow::Borrowed(&document.title),
                lines: document.lines,
                elements: Cow::Borrowed(&document.elements),
                group: Cow::Borrowed(&document.group),
                front_matter: Cow::Borrowed(&document.front_matter),
                labels: Cow::Borrowed(labels),
                keys: *keys,
                length: digest.length,
                printed: digest.printed,
                anchors: Cow::Borrowed(&digest.anchors),
                units: &digest.units,
                figures: &digest.figures,
                word_ends: &digest.word_ends,
                letters: digest.picks.letters,
                picks: &digest.picks.hashes,
                steps: &digest.picks.steps,
                characters: digest.characters.packed(),
                headings: &digest.headings,
                blocks: document.blocks.pack().into(),
            })
            .collect(),
    };
    let bytes = postcard::to_extend(&written, vec![0; HEAD]);
    let mut bytes = bytes.expect("strings, numbers and lists can be written");
    let length = (bytes.len() - HEAD) as u32;
    let sum = Key::from(blake3::hash(&bytes[HEAD..]));
    bytes[..4].copy_from_slice(&length.to_le_bytes());
    bytes[4..HEAD].copy_from_slice(sum.as_bytes());
    bytes
}

/// What a file holds, as far as this program can believe it.
pub fn read(bytes: Vec<u8>, program: &Program) -> Memo {
    if !bytes.starts_with(program) {
        return Memo::default();
    }
    let whole = Arc::new(bytes);
    let mut places = Vec::new();
    let mut at = program.len();
    while let Some([a, b, c, d, ..]) = whole.get(at..at + HEAD) {
        let end = at + HEAD + u32::from_le_bytes([*a, *b, *c, *d]) as usize;
        if end > whole.len() {
            break;
        }
        places.push(at..end);
        at = end;
    }
    let records: Vec<Option<Record>> = places.par_iter().map(|place| read_one(&whole, place.start, place.end)).collect();
    let mut memo = Memo { file: program.len() as u64, ..Memo::default() };
    for (record, place) in records.into_iter().zip(places) {
        let Some(record) = record else { break };
        memo.file = place.end as u64;
        memo.records.insert(record.understood.source.path.clone(), Kept { record: Arc::new(record), length: place.len() as u64 });
    }
    memo
}

fn read_one(whole: &Arc<Vec<u8>>, start: usize, end: usize) -> Option<Record> {
    let bytes = &whole[start + HEAD..end];
    if Key::from(blake3::hash(bytes)).as_bytes() != &whole[start + 4..start + HEAD] {
        return None;
    }
    // A slice that was read lies within the file: its place there is kept, and the file shared.
    let packed = |slice: &[u8]| {
        let at = slice.as_ptr() as usize - whole.as_ptr() as usize;
        Packed::new(whole.clone(), at..at + slice.len())
    };
    let Written { stamp, settings, source, compilation, diagnostics, findings, documents } = postcard::from_bytes(bytes).ok()?;
    let (mut labels, mut keys, mut digests) = (Vec::new(), Vec::new(), Vec::new());
    let read = |one: WrittenDocument| {
        labels.push(Arc::new(one.labels.into_owned()));
        keys.push(one.keys);
        let (units, figures) = (one.units.to_vec(), packed(one.figures));
        let word_ends = packed(one.word_ends);
        let picks = Picks { letters: one.letters, hashes: packed(one.picks), steps: packed(one.steps) };
        let (characters, headings) = (Characters::new(packed(one.characters)), packed(one.headings));
        let (anchors, length, printed) = (one.anchors.into_owned(), one.length, one.printed);
        digests.push(Arc::new(Digest { anchors, length, printed, units, figures, word_ends, picks, characters, headings }));
        Arc::new(Document {
            title: one.title.into_owned(),
            lines: one.lines,
            blocks: Blocks::packed(match one.blocks {
                Cow::Borrowed(blocks) => packed(blocks),
                Cow::Owned(blocks) => blocks.into(),
            }),
            elements: one.elements.into_owned(),
            group: one.group.into_owned(),
            front_matter: one.front_matter.into_owned(),
        })
    };
    let reading = Reading {
        documents: documents.into_iter().map(read).collect(),
        compilation: compilation.into_owned(),
        account: Vec::new(),
        diagnostics: diagnostics.into_owned(),
    };
    let understood = Understood { source: source.into_owned(), reading, labels, keys, findings: findings.into_owned() };
    Some(Record { stamp, settings, understood, digests })
}

/// What was worked out over all sources: the program, a checksum, the rest.
pub fn write_insight(memory: &insight::Memory, program: &Program) -> Vec<u8> {
    let bytes = postcard::to_extend(memory, [&program[..], &[0; 16]].concat());
    let mut bytes = bytes.expect("strings, numbers and lists can be written");
    let (head, rest) = bytes.split_at_mut(program.len() + 16);
    head[program.len()..].copy_from_slice(Key::from(blake3::hash(rest)).as_bytes());
    bytes
}

/// `None` where another program wrote it, or it is damaged.
pub fn read_insight(bytes: &[u8], program: &Program) -> Option<insight::Memory> {
    let (sum, rest) = bytes.strip_prefix(program)?.split_at_checked(16)?;
    (Key::from(blake3::hash(rest)).as_bytes() == sum).then(|| postcard::from_bytes(rest).ok())?
}
