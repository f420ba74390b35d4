//! The lists of the last build, brought up to date by the reports that came and went.
//!
//! Only what these reports bear on is looked at; the outcome is that of a clean build.

use std::io;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::search::alphabet::Alphabet;
use crate::search::base::{Base, Stamp};
use crate::search::contents::{self, Listed, Written};
use crate::search::corpus::{Corpus, Text};
use crate::search::exceptions::by_beginning;
use crate::search::file::File;
use crate::search::grams::{Posting, Tier};
use crate::search::key::Key;
use crate::search::shard::{self, Item};
use crate::search::text::Stored;

mod exceptions;
mod lists;
mod order;
mod texts;

use exceptions::Exceptions;
use lists::{List, Lists};
use order::Order;
use texts::Texts;

/// With more changes than this, a clean build is as quick.
const MOST_CHANGES: usize = 24;

/// What an index leaves for the next one, beside its files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// Hash of the reports that decide how everything is coded.
    pub sample: [u8; 32],
    pub reports: Vec<Known>,
    /// For each listed string, in how many reports it stands as words.
    pub words: Vec<u32>,
}

/// What is remembered of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Hash of all that its file holds.
    pub stored: [u8; 32],
    /// Hash of title and paragraphs.
    pub text: [u8; 32],
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

    fn shard(&self, base: &Base, i: u32) -> Option<Vec<(Key, Item)>> {
        let payload = self.payload(File::Shard(i))?;
        let bytes = payload.strip_prefix(&base.stamp)?;
        shard::read(bytes, base.report_count, base.alphabet.sign_count()).ok()
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
pub fn contents(new: New, reports: &mut [Known], last: Last, base: &Base) -> Option<Written> {
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
    characters.extend(
        removed.iter().flat_map(|(_, text)| text.paragraphs.iter().flat_map(|paragraph| paragraph.chars()).chain(text.title.chars())),
    );
    characters.sort_unstable();
    characters.dedup();
    let alphabet = Alphabet::of(&characters, new.sample);
    let (mut lists, mut exceptions) = read(last, base, &order)?;
    let kept = order.from_new.iter().copied().zip(new.texts);
    let texts = Texts::new(&alphabet, kept.chain(removed.iter().map(|(at, text)| (*at, text))).collect());
    for &(_, report) in &order.removed {
        exceptions.change(&lists, &texts, report, false);
        lists.remove(&texts, report);
    }
    for &report in &order.added {
        lists.add(&texts, report);
        exceptions.change(&lists, &texts, report, true);
    }
    let years: FxHashMap<&[u8; 32], &[i32]> = old.iter().map(|known| (&known.text, &known.chinese_years[..])).collect();
    for (known, text) in reports.iter_mut().zip(new.texts) {
        known.chinese_years = match years.get(&known.text) {
            Some(years) => years.to_vec(),
            None => Corpus::unmarked(std::slice::from_ref(text), &alphabet).chinese_years(&alphabet).concat(),
        };
    }
    Some(contents::write(in_order(lists, exceptions, &order), new.texts.len() as u32))
}

/// A report that only the last build has.
fn removed(last: Last, base: &Base, report: u32) -> Option<Stored> {
    let payload = last.payload(File::Text(report))?;
    base.text(payload.get(size_of::<Stamp>()..)?).ok()
}

fn text_of(stored: &Stored) -> Text<'_> {
    Text { title: &stored.title, paragraphs: stored.paragraphs.iter().map(|paragraph| paragraph.as_str().into()).collect() }
}

/// All that the shards of the last build hold, by the reports' places in the row.
fn read(last: Last, base: &Base, order: &Order) -> Option<(Lists, Exceptions)> {
    let mut exceptions = Exceptions::default();
    let list = |item: &Item| {
        let tiers = item.tiers.iter().copied().chain(std::iter::repeat(Tier::Across));
        let postings = item.reports.iter().zip(tiers).map(|(&report, tier)| Posting::new(order.from_old[report as usize], tier));
        List { postings: postings.collect(), words: 0, has_tiers: !item.tiers.is_empty() }
    };
    let shards = (0..base.shard_count).into_par_iter().map(|i| {
        let items = last.shard(base, i)?;
        Some(items.into_iter().map(|(key, item)| (key, list(&item), item.exceptions)).collect::<Vec<_>>())
    });
    let shards: Vec<_> = shards.collect::<Option<_>>()?;
    let count = shards.iter().map(Vec::len).sum();
    if count != last.memory.words.len() {
        return None;
    }
    let mut lists = Lists { lists: Vec::with_capacity(count), at: FxHashMap::with_capacity_and_hasher(count, Default::default()) };
    for ((key, list, some), &words) in shards.into_iter().flatten().zip(&last.memory.words) {
        lists.at.insert(key, lists.lists.len() as u32);
        lists.lists.push(List { words, ..list });
        some.into_iter().for_each(|exception| exceptions.insert(exception));
    }
    Some((lists, exceptions))
}

/// The lists by their keys, with the numbers that reports have in this build.
fn in_order(lists: Lists, exceptions: Exceptions, order: &Order) -> Vec<Listed<'static>> {
    let mut numbers = vec![u32::MAX; order.from_new.len() + order.removed.len()];
    for (number, &at) in (0..).zip(&order.from_new) {
        numbers[at as usize] = number;
    }
    let Lists { mut lists, at } = lists;
    let mut exceptions = by_beginning(exceptions.into_sorted(), |sign| sign);
    let mut listed: Vec<Listed> = at
        .into_iter()
        .map(|(key, at)| {
            let list = std::mem::take(&mut lists[at as usize]);
            let exceptions = exceptions.remove(&key).unwrap_or_default();
            Listed { key, postings: list.postings.into(), words: list.words, exceptions: exceptions.into() }
        })
        .collect();
    listed.par_sort_unstable_by_key(|one| one.key);
    // What is new mostly stands at the end.
    let is_same = (0..).zip(&numbers).all(|(at, number)| at == *number);
    listed.par_iter_mut().filter(|_| !is_same).for_each(|one| {
        for posting in one.postings.to_mut() {
            *posting = Posting::new(numbers[posting.report() as usize], posting.tier());
        }
    });
    listed
}
