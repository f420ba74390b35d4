//! Which lists of strings of up to four letters change as reports come and go.
//!
//! Only strings whose two parts both stand in one of these reports can be listed anew or no longer: the candidates of all
//! others stay. A string that is listed anew had at most [`CANDIDATES`] candidates, which are looked into.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::search::grams::{CANDIDATES, Posting};
use crate::search::key;
use crate::search::update::change::{Change, Changes};
use crate::search::update::set::{Row, Set};
use crate::search::update::strings::{Known, Strings};
use crate::search::update::texts::{Gram, Texts, gram};

const MOST: u32 = CANDIDATES as u32;

/// Notes all changes. Afterwards the sets of `strings` are of both builds, for all that either lists.
pub fn change(strings: &mut Strings, texts: &Texts, row: &Row, changes: &mut Changes) {
    for at in 0..strings.all.len() {
        let known = &strings.all[at];
        if known.length <= 2 || known.is_listed {
            let set = with_added(known, row);
            if known.length <= 2 {
                changes.insert(known.key, edit(known, &set, texts, row));
            }
            strings.all[at].set = Some(Rc::new(set));
        }
    }
    for length in 3..=4 {
        for (a, b, string) in pairs(strings, length) {
            let held = strings.find(&string);
            if let Some((change, set)) = decide(strings, [a, b], &string[..length], held, texts, row) {
                changes.insert(key::of(&string[..length]), change);
                if let (Some(at), Some(set)) = (held, set) {
                    strings.all[at].set = Some(Rc::new(set));
                }
            }
        }
    }
}

/// The strings of a length whose two parts may both have enough reports, with these parts.
fn pairs(strings: &Strings, length: usize) -> Vec<(usize, usize, Gram)> {
    let size = length - 1;
    let mut by_beginning: FxHashMap<Gram, Vec<usize>> = FxHashMap::default();
    for at in strings.heavy(size) {
        by_beginning.entry(gram(&strings.all[at].gram[..size - 1])).or_default().push(at);
    }
    let mut pairs = Vec::new();
    for a in strings.heavy(size) {
        let first = strings.all[a].gram;
        for &b in by_beginning.get(&gram(&first[1..size])).into_iter().flatten() {
            let mut string = first;
            string[size] = strings.all[b].gram[size - 1];
            pairs.push((a, b, string));
        }
    }
    pairs
}

/// What becomes of a string of three or four letters with these parts; `held` tells where it stands among the strings, if one of the
/// changed texts holds it. With its set, where it is listed anew.
fn decide(
    strings: &Strings,
    [a, b]: [usize; 2],
    string: &[u32],
    held: Option<usize>,
    texts: &Texts,
    row: &Row,
) -> Option<(Change, Option<Set>)> {
    let known = held.map(|at| &strings.all[at]);
    let set = |at: usize| strings.all[at].set.as_ref();
    let (a, b) = (set(a)?, set(b)?);
    // So many that whatever came or went, both builds have more than enough.
    let plenty = MOST + (row.added.len() + row.removed.len()) as u32;
    let common = (a.count_common(b, plenty) <= plenty).then(|| row.common(a, b));
    let (old, new) = common.as_ref().map_or((plenty, plenty), |common| (common.old, common.new));
    if let Some(known) = known.filter(|known| known.is_listed) {
        let set = known.set.as_ref()?;
        let change = if new > MOST && set.new > 0 { edit(known, set, texts, row) } else { Change::drop() };
        return Some((change, None));
    }
    if new <= MOST {
        return (old > MOST).then(|| (Change::drop(), None));
    }
    let added = known.into_iter().flat_map(|known| &known.held).filter(|(report, _)| row.is_added(*report));
    let mut holding: Vec<u32> = added.map(|(report, _)| *report).collect();
    if old <= MOST {
        let looked = common.iter().flat_map(|common| row.new_of(common)).filter(|&report| !row.is_added(report));
        holding.extend(looked.filter(|&report| texts.holds(report, string)));
        holding.sort_unstable();
    }
    // With more candidates before, it would have been listed, had it stood anywhere.
    if holding.is_empty() {
        return None;
    }
    let set = row.set(holding.iter().copied());
    Some((Change::to(holding.into_iter().map(|report| posting(known, string, report, texts)).collect()), Some(set)))
}

/// A string that remains listed gains and loses reports.
fn edit(known: &Known, set: &Set, texts: &Texts, row: &Row) -> Change {
    // So many reports that the shards tell how it stands in each; until now they did not.
    if !known.is_listed || known.length < 4 && set.old <= MOST && set.new > MOST {
        let string = &known.gram[..known.length];
        return Change::to(row.new_of(set).map(|report| posting(Some(known), string, report, texts)).collect());
    }
    let postings = |is_of: &dyn Fn(u32) -> bool| {
        known.held.iter().filter(|(report, _)| is_of(*report)).map(|&(report, tier)| Posting::new(report, tier)).collect()
    };
    Change { gained: postings(&|report| row.is_added(report)), lost: postings(&|report| row.is_removed(report)), ..Change::default() }
}

fn posting(known: Option<&Known>, string: &[u32], report: u32, texts: &Texts) -> Posting {
    let held = known.and_then(|known| known.held.iter().find(|(one, _)| *one == report));
    Posting::new(report, held.map_or_else(|| texts.tier(report, string), |(_, tier)| *tier))
}

/// The reports that the last index tells, and those that came.
fn with_added(known: &Known, row: &Row) -> Set {
    let added = known.held.iter().map(|(report, _)| *report).filter(|&report| row.is_added(report));
    match &known.set {
        Some(set) => row.with(set, added),
        None => row.set(added),
    }
}
