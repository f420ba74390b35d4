//! Puts the files of an index together.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::document;
use crate::search::alphabet::{Alphabet, Letter, Seen, Sign};
use crate::search::base::{self, Base, Stamp};
use crate::search::bits::Bits;
use crate::search::codes::{Coder, Codes};
use crate::search::contents::{Listed, Sink, Written};
use crate::search::corpus::Corpus;
use crate::search::exceptions::{self, Exception};
use crate::search::file::File;
use crate::search::grams::{Grams, Place, Places, Posting, Tier};
use crate::search::key::{self, Key};
use crate::search::shard::Stretch;
use crate::search::update::{self, Known, Last, Memory};
use crate::search::{Head, Material, normal, text, words};

/// Reports in the sample. With half or twice as many, the texts of 1,000 generated reports take as much room.
const SAMPLE: usize = 64;
/// Reports read at a time by one thread.
const AT_ONCE: usize = 256;

/// An index.
pub struct Built {
    /// By their path below `/search/`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// For the next build.
    pub memory: Memory,
    /// Whether the lists are those of the last index, brought up to date.
    pub is_update: bool,
}

/// Builds the index of any texts: the same, whether anew or from the last one.
pub fn build(material: &Material, last: Option<Last>) -> Built {
    let report_count = material.texts.len() as u32;
    let (mut reports, all) = read(material);
    let sample = sample(&material.heads);
    let sampled: Vec<String> = sample.iter().map(|&i| stored(material, i)).collect();
    let sampled: Vec<&str> = sampled.iter().map(String::as_str).collect();
    let sample_hash = whole(sample.iter().map(|&i| &reports[i].stored));
    let alphabet = Alphabet::of(&all, &sampled);
    // What the sample alone decides is taken over with it.
    let old = last.filter(|last| last.memory.sample == sample_hash).and_then(|last| Some((last, last.base()?)));
    let (codes, dictionary) = match &old {
        Some((_, base)) => (base.codes.clone(), base.dictionary.clone()),
        None => {
            let codes = Codes::of(&alphabet, &sampled);
            let coder = Coder::new(&codes, &alphabet);
            let coded: Vec<Vec<u8>> = sampled.par_iter().map(|text| coder.code(text)).collect();
            let dictionary = text::dictionary(&coded.iter().map(Vec::as_slice).collect::<Vec<_>>());
            (codes, dictionary)
        }
    };
    let stamp = first_bytes(&whole(reports.iter().map(|known| &known.stored)));
    let new = update::New { texts: &material.texts, characters: &all, sample: &sampled };
    let updated = old.as_ref().and_then(|(last, base)| update::lists(new, &mut reports, *last, base));
    let is_update = updated.is_some();
    let written = match updated {
        Some(written) => written,
        None => {
            let corpus = Corpus::new(&material.texts, &alphabet);
            for (known, years) in reports.iter_mut().zip(corpus.chinese_years(&alphabet)) {
                known.chinese_years = years;
            }
            let places = Places::new(&corpus);
            let grams = Grams::new(&corpus, &places);
            let exceptions = exceptions::find(&corpus, &places);
            drop((corpus, places));
            write(&grams, exceptions, &alphabet, report_count)
        }
    };
    let starts: Vec<Key> = written.shards.iter().map(|shard| shard.start).collect();
    let stretches: Vec<&[Key]> = if Base::has_stretches(starts.len() as u32) { starts.chunks(base::STRETCH).collect() } else { Vec::new() };
    let mut chinese_years: Vec<i32> = reports.iter().flat_map(|known| &known.chinese_years).copied().collect();
    chinese_years.sort_unstable();
    chinese_years.dedup();
    let base = Base {
        stamp,
        text_stamps: text_stamps(&material.heads, &codes, &dictionary),
        report_count,
        shard_count: starts.len() as u32,
        codes,
        years: years(&material.heads),
        chinese_years,
        starts: if stretches.is_empty() { starts.clone() } else { starts.iter().copied().step_by(base::STRETCH).collect() },
        dictionary,
        alphabet,
    };
    let stamped = |payload: &[u8]| [&stamp, payload].concat();
    let mut files: Vec<(File, Vec<u8>)> = vec![
        (File::Base, base.write()),
        (File::Facets, stamped(&material.facets.write(report_count))),
        (File::Words, stamped(&words::write(&written.common, &base.alphabet))),
        (File::Simplified, text::deflate(all_simplified().as_bytes(), &[])),
    ];
    let mut directory = |file: File, starts: &[Key]| {
        let mut bits = Bits::default();
        base::write_starts(&mut bits, starts);
        files.push((file, stamped(&bits.into_bytes())));
    };
    if !stretches.is_empty() {
        directory(File::Starts, &starts);
    }
    (0..).zip(stretches).for_each(|(i, starts)| directory(File::Directory(i), starts));
    files.extend((0..).zip(&written.shards).map(|(i, shard)| (File::Shard(i), stamped(&shard.bytes))));
    let shards = written.shards.into_iter().map(|shard| shard.extent).collect();
    // One after the other, and after all else: nothing is held twice.
    let deflated = Deflated::new(material, Coder::new(&base.codes, &base.alphabet), &base.dictionary, old.as_ref().map(|(last, _)| *last));
    let texts = reports.par_iter().enumerate().map(|(i, known)| {
        let payload = [&base.text_stamps[i / base::BLOCK][..], &deflated.text(i, known)].concat();
        (File::Text(i as u32), payload)
    });
    let files = files.into_par_iter().chain(texts).map(|(file, payload)| (file.path(), file.wrap(&payload))).collect();
    Built { files, memory: Memory { sample: sample_hash, reports, shards, common: written.common }, is_update }
}

/// Writes the lists as found in the texts.
fn write(grams: &Grams, exceptions: Vec<Exception>, alphabet: &Alphabet, report_count: u32) -> Written {
    let sign = |letter: Letter| alphabet.sign(letter);
    let exceptions = exceptions::by_beginning(exceptions, sign);
    let key_of = |place: &Place| {
        let mut signs: [Sign; 4] = [0; 4];
        let signs = &mut signs[..place.string().len()];
        signs.iter_mut().zip(place.string()).for_each(|(slot, &letter)| *slot = sign(letter));
        key::of(signs)
    };
    let mut stretches: BTreeMap<Stretch, Vec<(Key, Place)>> = BTreeMap::new();
    for letter in 1..=alphabet.letters().len() as Letter {
        for place in grams.of(letter) {
            let key = key_of(&place);
            stretches.entry(Stretch::of_key(&key)).or_default().push((key, place));
        }
    }
    let stretches: Vec<Vec<(Key, Place)>> = stretches.into_values().collect();
    let written = stretches.into_par_iter().with_max_len(1).map(|mut strings| {
        strings.sort_unstable_by_key(|&(key, _)| key);
        let mut sink = Sink::new(report_count);
        let mut postings: Vec<Posting> = Vec::new();
        for (key, place) in strings {
            postings.clear();
            postings.extend(grams.at(&place).iter());
            let words = postings.iter().filter(|posting| posting.tier() >= Tier::Word).count() as u32;
            let exceptions = exceptions.get(&key).cloned().unwrap_or_default();
            sink.push(Listed { key, postings: &postings, words, exceptions, within: None });
        }
        sink.close()
    });
    Written::joined(written.collect())
}

/// Gives texts, coded and deflated. Those that the last index has are taken from there.
struct Deflated<'a> {
    material: &'a Material<'a>,
    coder: Coder<'a>,
    dictionary: &'a [u8],
    last: Option<Last<'a>>,
    /// The reports of the last index.
    old: FxHashMap<document::Key, u32>,
}

impl<'a> Deflated<'a> {
    fn new(material: &'a Material, coder: Coder<'a>, dictionary: &'a [u8], last: Option<Last<'a>>) -> Self {
        let old = last.iter().flat_map(|last| (0..).zip(&last.memory.reports).map(|(i, known)| (known.stored, i)));
        Self { material, coder, dictionary, last, old: old.collect() }
    }

    fn text(&self, i: usize, known: &Known) -> Vec<u8> {
        let taken = || Some(self.last?.payload(File::Text(*self.old.get(&known.stored)?))?.split_off(size_of::<Stamp>()));
        taken().unwrap_or_else(|| text::deflate(&self.coder.code(&stored(self.material, i)), self.dictionary))
    }
}

/// What the index keeps of a report, to be coded.
fn stored(material: &Material, i: usize) -> String {
    text::stored(&material.heads[i], &material.texts[i])
}

/// What is known of each report, the years left open; and all characters, by code point.
pub fn read(material: &Material) -> (Vec<Known>, Vec<char>) {
    let all: Vec<usize> = (0..material.texts.len()).collect();
    let read = all.par_chunks(AT_ONCE).map(|some| {
        let mut seen = Seen::default();
        let known = some.iter().map(|&i| {
            let (fields, text) = (text::fields(&material.heads[i]), &material.texts[i]);
            seen.add(text::characters(&fields, text));
            Known { stored: text::key(&material.heads[i], text.key), text: text.key, chinese_years: Vec::new() }
        });
        (known.collect::<Vec<_>>(), seen)
    });
    let mut seen = Seen::default();
    let mut reports = Vec::with_capacity(all.len());
    for (known, some) in read.collect::<Vec<_>>() {
        reports.extend(known);
        seen.join(&some);
    }
    (reports, seen.characters())
}

/// One hash for many, and for the format.
pub fn whole<'a>(keys: impl Iterator<Item = &'a document::Key>) -> [u8; 32] {
    let mut whole = blake3::Hasher::new();
    whole.update(&[base::VERSION]);
    keys.for_each(|key| {
        whole.update(key.as_bytes());
    });
    *whole.finalize().as_bytes()
}

fn first_bytes([a, b, c, d, ..]: &[u8; 32]) -> Stamp {
    [*a, *b, *c, *d]
}

/// Of what else decides the bytes and the meaning of a block's texts: which reports they are, and how texts are coded.
fn text_stamps(heads: &[Head], codes: &Codes, dictionary: &[u8]) -> Vec<Stamp> {
    let mut coding = blake3::Hasher::new();
    coding.update(&[base::VERSION]).update(dictionary);
    for string in codes.strings() {
        coding.update(string.as_bytes()).update(b"\n");
    }
    let stamp = |block: &[Head]| {
        let mut whole = coding.clone();
        for head in block {
            whole.update(blake3::hash(head.slug.as_bytes()).as_bytes());
        }
        first_bytes(whole.finalize().as_bytes())
    };
    heads.chunks(base::BLOCK).map(stamp).collect()
}

/// The reports that decide how texts are coded: those with the least hashes of their addresses, in their order.
/// One more report is seldom one of them.
fn sample(heads: &[Head]) -> Vec<usize> {
    let mut hashes: Vec<([u8; 32], usize)> =
        heads.iter().enumerate().map(|(i, head)| (*blake3::hash(head.slug.as_bytes()).as_bytes(), i)).collect();
    hashes.sort_unstable();
    let mut sample: Vec<usize> = hashes.into_iter().take(SAMPLE).map(|(_, i)| i).collect();
    sample.sort_unstable();
    sample
}

fn years(heads: &[Head]) -> Vec<(Option<i32>, u32)> {
    heads.chunk_by(|a, b| a.year == b.year).map(|some| (some[0].year, some.len() as u32)).collect()
}

/// All Traditional characters with their Simplified ones, in pairs.
fn all_simplified() -> String {
    normal::Simplified::all().pairs().flat_map(|(from, to)| [from, to]).collect()
}
