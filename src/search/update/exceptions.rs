//! The exceptions as one report comes or goes.
//!
//! A string's candidates change only if the report is one of them: if both its parts stand in the report. So the walk
//! goes from the report's strings of four letters upwards, as far as they have more than [`CANDIDATES`] reports.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::search::alphabet::Sign;
use crate::search::exceptions::Exception;
use crate::search::grams::CANDIDATES;
use crate::search::suffix::LONGEST;
use crate::search::update::lists::Lists;
use crate::search::update::texts::Texts;

/// How many candidates a string has, and which of them hold it, as places among them.
#[derive(Debug)]
struct Held {
    candidates: u32,
    holding: Vec<u32>,
}

#[derive(Default)]
pub struct Exceptions(FxHashMap<Box<[Sign]>, Held>);

/// Strings of one length, with the reports that hold them.
type Level<'a> = FxHashMap<&'a [Sign], Rc<Vec<u32>>>;

impl Exceptions {
    pub fn insert(&mut self, exception: Exception) {
        self.0.insert(exception.string.into(), Held { candidates: exception.candidates, holding: exception.holding });
    }

    pub fn into_sorted(self) -> Vec<Exception> {
        let list = self.0.into_iter();
        let mut list: Vec<Exception> = list
            .map(|(string, held)| Exception { string: string.into_vec(), candidates: held.candidates, holding: held.holding })
            .collect();
        list.sort_unstable();
        list
    }

    /// Counts a report in or out. `lists` hold it in either case: they change before what is added, and after what is removed.
    pub fn change(&mut self, lists: &Lists, texts: &Texts, report: u32, is_added: bool) {
        let text = texts.get(report);
        let mut level: Level = Level::default();
        for string in text.signs.windows(4).filter(|string| !string.contains(&0)) {
            if let Some(list) = lists.get(string).filter(|list| list.postings.len() > CANDIDATES) {
                level.entry(string).or_insert_with(|| Rc::new(list.reports().collect()));
            }
        }
        for length in 5..=LONGEST {
            if level.is_empty() {
                return;
            }
            let windows = text.signs.windows(length).filter(|string| level.contains_key(&string[1..]));
            let held: FxHashSet<&[Sign]> = windows.collect();
            let mut by_beginning: FxHashMap<&[Sign], Vec<&[Sign]>> = FxHashMap::default();
            for string in level.keys() {
                by_beginning.entry(&string[..length - 2]).or_default().push(string);
            }
            let mut next: Level = Level::default();
            let mut string = Vec::new();
            for (a, in_a) in &level {
                for b in by_beginning.get(&a[1..]).into_iter().flatten() {
                    let candidates = common(in_a, &level[b]);
                    if candidates.len() <= CANDIDATES {
                        continue;
                    }
                    string.clear();
                    string.extend_from_slice(a);
                    string.push(b[length - 2]);
                    let held = held.get(&string[..]).copied();
                    let holding = self.count(texts, &string, &candidates, report, is_added, held.is_some());
                    if let Some(held) = held
                        && holding.len() > CANDIDATES
                    {
                        next.insert(held, holding);
                    }
                }
            }
            level = next;
        }
    }

    /// Counts the report in or out for one string. Tells which of the candidates, the report with them, hold it.
    fn count(
        &mut self,
        texts: &Texts,
        string: &[Sign],
        candidates: &Rc<Vec<u32>>,
        report: u32,
        is_added: bool,
        is_held: bool,
    ) -> Rc<Vec<u32>> {
        let without = |list: &[u32]| list.iter().copied().filter(|&one| one != report).collect::<Vec<u32>>();
        let known = self.0.get(string);
        let holding: Rc<Vec<u32>> = if is_added {
            let before = || without(candidates);
            let mut holding = match known {
                Some(held) => {
                    let before = before();
                    held.holding.iter().map(|&rank| before[rank as usize]).collect()
                }
                // Few candidates until now: nothing was told of them.
                None if candidates.len() == CANDIDATES + 1 => before().into_iter().filter(|&one| texts.holds(one, string)).collect(),
                None if is_held => return candidates.clone(),
                None => before(),
            };
            if is_held {
                holding.insert(holding.partition_point(|&one| one < report), report);
            }
            Rc::new(holding)
        } else {
            match known {
                Some(held) => Rc::new(held.holding.iter().map(|&rank| candidates[rank as usize]).collect()),
                None => candidates.clone(),
            }
        };
        let (all, some) = if is_added { (candidates.to_vec(), holding.to_vec()) } else { (without(candidates), without(&holding)) };
        if all.len() > CANDIDATES && some.len() < all.len() {
            let held = Held { candidates: all.len() as u32, holding: ranks(&some, &all) };
            self.0.insert(string.into(), held);
        } else if known.is_some() {
            self.0.remove(string);
        }
        holding
    }
}

/// What two lists share; one of them itself if that is all of it.
fn common(a: &Rc<Vec<u32>>, b: &Rc<Vec<u32>>) -> Rc<Vec<u32>> {
    let mut common = Vec::with_capacity(a.len().min(b.len()));
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        let (x, y) = (a[i], b[j]);
        if x == y {
            common.push(x);
        }
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    if common.len() == a.len() { a.clone() } else { Rc::new(common) }
}

/// Where the elements of `some` lie in `all`, which holds them.
fn ranks(some: &[u32], all: &[u32]) -> Vec<u32> {
    let mut at = 0;
    some.iter()
        .map(|one| {
            at += all[at..].partition_point(|other| other < one);
            at as u32
        })
        .collect()
}
