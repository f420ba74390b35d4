//! The lists of the last build, brought up to date by the reports that came and went.
//!
//! Only what these reports bear on is looked at; the outcome is that of a clean build.
//!
//! texts that came and went ──► [`strings`] ──► [`lists`], [`exceptions`] ──► changes ──► [`stream`] ──► shards
//!                                  ▲                                                        ▲
//!                                  └──────────────────── shards of the last build ──────────┘

use std::io;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::document;
use crate::search::alphabet::Alphabet;
use crate::search::base::{self, Base, Stamp};
use crate::search::bits::BitReader;
use crate::search::contents::Written;
use crate::search::corpus::{Corpus, Text};
use crate::search::file::File;
use crate::search::key::Key;
use crate::search::shard::Extent;
use crate::search::text::Stored;
use crate::search::words::Word;

mod change;
mod exceptions;
mod lists;
mod order;
mod set;
mod stream;
mod strings;
mod texts;

use change::Changes;
use order::Order;
use set::Row;
use stream::Stream;
use strings::Strings;
use texts::Texts;

/// With more changes than this, a clean build is as quick.
const MOST_CHANGES: usize = 24;

/// What an index leaves for the next one, beside its files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// Hash of the reports that decide how everything is coded.
    pub sample: [u8; 32],
    pub reports: Vec<Known>,
    pub shards: Vec<Extent>,
    /// The words that stand in the most reports, in order.
    pub common: Vec<Word>,
}

/// What is remembered of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Of all that its file holds.
    pub stored: document::Key,
    /// Of title and paragraphs.
    pub text: document::Key,
    /// Years that it writes in Chinese digits.
    pub chinese_years: Vec<i32>,
}

/// Gives the bytes of a file of the last index by its path below `search/`.
pub type Load<'a> = dyn Fn(&str) -> io::Result<Vec<u8>> + Sync + 'a;

/// The last build.
#[derive(Clone, Copy)]
pub struct Last<'a> {
    pub memory: &'a Memory,
    pub load: &'a Load<'a>,
}

impl Last<'_> {
    pub fn base(&self) -> Option<Base> {
        Base::read(&self.payload(File::Base)?).ok()
    }

    pub fn payload(&self, file: File) -> Option<Vec<u8>> {
        file.unwrap(&(self.load)(&file.path()).ok()?).ok()
    }

    /// What a shard holds.
    fn shard(&self, base: &Base, i: u32) -> Option<Vec<u8>> {
        self.stamped(base, File::Shard(i))
    }

    /// Where the shards begin.
    fn starts(&self, base: &Base) -> Option<Vec<Key>> {
        if !Base::has_stretches(base.shard_count) {
            return Some(base.starts.clone());
        }
        base::read_starts(&mut BitReader::new(&self.stamped(base, File::Starts)?), base.shard_count as usize).ok()
    }

    /// The payload after its stamp, if that is the base's.
    fn stamped(&self, base: &Base, file: File) -> Option<Vec<u8>> {
        let mut payload = self.payload(file)?;
        payload.starts_with(&base.stamp).then(|| payload.split_off(size_of::<Stamp>()))
    }
}

/// The texts of this build.
pub struct New<'a> {
    pub texts: &'a [Text<'a>],
    /// All that they hold, by code point.
    pub characters: &'a [char],
    /// What files hold of those that decide how everything is coded.
    pub sample: &'a [&'a str],
}

/// The lists, and in `reports` the years; `None` if that is better found from the texts: too much has
/// changed, or the last index is not whole.
pub fn lists(new: New, reports: &mut [Known], last: Last, base: &Base) -> Option<Written> {
    let hashes = |reports: &[Known]| reports.iter().map(|known| known.text).collect::<Vec<_>>();
    let old = &last.memory.reports;
    let order = Order::of(&hashes(old), &hashes(reports));
    if order.changes() > MOST_CHANGES || old.len() != base.report_count as usize {
        return None;
    }
    let removed: Vec<(u32, Stored)> =
        order.removed.iter().map(|&(old, at)| Some((at, removed(last, base, old)?))).collect::<Option<_>>()?;
    let removed: Vec<(u32, Text)> = removed.iter().map(|(at, stored)| (*at, text_of(stored))).collect();
    // Letters that only the removed texts hold are told apart, too; no letter's sign changes by that.
    let mut characters = new.characters.to_vec();
    characters.extend(removed.iter().flat_map(|(_, text)| text.characters.iter()));
    characters.sort_unstable();
    characters.dedup();
    let alphabet = Alphabet::of(&characters, new.sample);
    let kept = order.from_new.iter().copied().zip(new.texts);
    let texts = Texts::new(&alphabet, kept.chain(removed.iter().map(|(at, text)| (*at, text))).collect());
    let row = Row::of(&order);
    let starts = last.starts(base)?;
    let mut strings = Strings::of(&texts, &row);
    strings.look_up(last, base, &starts, &order, &row)?;
    let mut changes = Changes::default();
    lists::change(&mut strings, &texts, &row, &mut changes);
    exceptions::change(&strings, &texts, &row, &mut changes);
    drop(strings);
    let changes = changes.into_sorted();
    let written = Stream::new(last, base, &starts, changes, &order).write()?;
    let years: FxHashMap<&document::Key, &[i32]> = old.iter().map(|known| (&known.text, &known.chinese_years[..])).collect();
    for (known, text) in reports.iter_mut().zip(new.texts) {
        known.chinese_years = match years.get(&known.text) {
            Some(years) => years.to_vec(),
            None => Corpus::unmarked(std::slice::from_ref(text), &alphabet).chinese_years(&alphabet).concat(),
        };
    }
    Some(written)
}

/// A report that only the last build has.
fn removed(last: Last, base: &Base, report: u32) -> Option<Stored> {
    let payload = last.payload(File::Text(report))?;
    base.text(payload.get(size_of::<Stamp>()..)?).ok()
}

fn text_of(stored: &Stored) -> Text<'_> {
    Text::new(&stored.title, stored.paragraphs.iter().map(String::as_str).collect())
}
