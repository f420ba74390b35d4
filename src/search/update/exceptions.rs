//! Which exceptions change as reports come and go.
//!
//! A string's candidates change only if one of these reports is among them: if both its parts stand in that report. So the walk
//! goes from the strings of four letters upwards, as far as they have more than [`CANDIDATES`] reports, one letter at a
//! time. A string is told by its two parts, never spelled out unless it matters.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::search::alphabet::Sign;
use crate::search::exceptions::Exception;
use crate::search::grams::CANDIDATES;
use crate::search::suffix::LONGEST;
use crate::search::update::change::{Changes, Exceptional, Held};
use crate::search::update::set::{Row, Set};
use crate::search::update::strings::{Strings, is_heavy};
use crate::search::update::texts::{Read, Texts, gram};

/// A string that a changed text holds.
struct Node {
    /// All reports of the row that hold it.
    set: Rc<Set>,
    /// Without its last and without its first letter, among the strings of a letter less.
    parts: [u32; 2],
    /// Where it stands: the text, and the place there.
    at: (usize, usize),
    /// Its first four letters, among the strings of the changed texts.
    beginning: usize,
}

/// Where a string stands that has two parts: its first place, and the reports among the changed ones.
struct Standing {
    at: (usize, usize),
    reports: Vec<u32>,
}

const NONE: u32 = u32::MAX;

/// The walk through the changed texts.
struct Walk<'a> {
    strings: &'a Strings,
    texts: &'a Texts<'a>,
    row: &'a Row,
    /// The changed texts, with their places in the row.
    changed: Vec<(u32, Rc<Read>)>,
    changes: &'a mut Changes,
    /// How many letters the strings have.
    length: usize,
    nodes: Vec<Node>,
    /// For each place of each changed text, the string that begins there, or [`NONE`].
    places: Vec<Vec<u32>>,
}

/// Notes all changes.
pub fn change(strings: &Strings, texts: &Texts, row: &Row, changes: &mut Changes) {
    let changed: Vec<(u32, Rc<Read>)> = row.removed.iter().chain(&row.added).map(|&report| (report, texts.get(report))).collect();
    let mut nodes = Vec::new();
    let mut numbers: FxHashMap<usize, u32> = FxHashMap::default();
    let mut places = Vec::new();
    for (i, (_, text)) in changed.iter().enumerate() {
        let windows = text.signs.windows(4).enumerate().map(|(place, four)| {
            let Some(beginning) = strings.find(&gram(four)).filter(|_| !four.contains(&0)) else { return NONE };
            let Some(set) = strings.all[beginning].set.as_ref().filter(|set| is_heavy(set)) else { return NONE };
            let part = |three: &[Sign]| strings.find(&gram(three)).map_or(NONE, |at| at as u32);
            *numbers.entry(beginning).or_insert_with(|| {
                nodes.push(Node { set: set.clone(), parts: [part(&four[..3]), part(&four[1..])], at: (i, place), beginning });
                nodes.len() as u32 - 1
            })
        });
        places.push(windows.collect());
    }
    let mut walk = Walk { strings, texts, row, changed, changes, length: 4, nodes, places };
    while !walk.nodes.is_empty() && walk.length < LONGEST {
        walk.step();
    }
}

impl Walk<'_> {
    /// From the strings of one length to those of the next.
    fn step(&mut self) {
        let standing = self.standing();
        let mut by_beginning: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for (i, node) in (0..).zip(&self.nodes) {
            by_beginning.entry(node.parts[0]).or_default().push(i);
        }
        let mut nodes: Vec<Node> = Vec::new();
        let mut numbers: FxHashMap<[u32; 2], u32> = FxHashMap::default();
        for (i, node) in (0..).zip(&self.nodes) {
            for &j in by_beginning.get(&node.parts[1]).into_iter().flatten() {
                let candidates = self.row.common(&node.set, &self.nodes[j as usize].set);
                if !is_heavy(&candidates) {
                    continue;
                }
                let standing = standing.get(&[i, j]);
                let (set, told) = self.hold(node, &self.nodes[j as usize], &candidates, standing);
                if let Some((string, held)) = told {
                    self.changes.exception(&string, held);
                }
                if let Some(standing) = standing
                    && is_heavy(&set)
                {
                    numbers.insert([i, j], nodes.len() as u32);
                    nodes.push(Node { set, parts: [i, j], at: standing.at, beginning: node.beginning });
                }
            }
        }
        for places in &mut self.places {
            let longer = places.windows(2).map(|parts| numbers.get(parts).copied().unwrap_or(NONE));
            *places = longer.collect();
        }
        self.nodes = nodes;
        self.length += 1;
    }

    /// The strings of the next length that the changed texts hold, by their parts.
    fn standing(&self) -> FxHashMap<[u32; 2], Standing> {
        let mut standing: FxHashMap<[u32; 2], Standing> = FxHashMap::default();
        for (i, (places, (report, _))) in self.places.iter().zip(&self.changed).enumerate() {
            for (place, parts) in places.windows(2).enumerate().filter(|(_, parts)| !parts.contains(&NONE)) {
                let new = || Standing { at: (i, place), reports: Vec::new() };
                let standing = standing.entry([parts[0], parts[1]]).or_insert_with(new);
                if standing.reports.last() != Some(report) {
                    standing.reports.push(*report);
                }
            }
        }
        standing
    }

    /// Which of the candidates hold the string of two parts; and, unless nothing is to be told of it before or after, what is.
    fn hold(&self, a: &Node, b: &Node, candidates: &Rc<Set>, standing: Option<&Standing>) -> (Rc<Set>, Option<Exceptional>) {
        let row = self.row;
        let string = || {
            let signs = |(text, place): (usize, usize), from: usize| &self.changed[text].1.signs[place + from..place + self.length];
            [signs(a.at, 0), signs(b.at, self.length - 1)].concat()
        };
        let exceptions = &self.strings.all[a.beginning].exceptions;
        let known = if exceptions.is_empty() { None } else { find(exceptions, &string()) };
        let mut set = candidates.clone();
        if let Some(known) = known {
            let mut holding = known.holding.iter().peekable();
            let before = (0..).zip(row.old_of(candidates)).filter(|(rank, _)| holding.next_if_eq(&rank).is_none());
            set = row.without(&set, before.map(|(_, report)| report));
        } else if candidates.old <= CANDIDATES as u32 {
            // Few candidates until now: nothing was told of them.
            let string = string();
            let old = row.old_of(candidates).filter(|&report| !row.is_removed(report));
            set = row.without(&set, old.filter(|&report| !self.texts.holds(report, &string)));
        }
        let holds = |report: &u32| standing.is_some_and(|standing| standing.reports.contains(report));
        set = row.without(&set, row.added.iter().copied().filter(|report| !holds(report)));
        let is_exception = candidates.new > CANDIDATES as u32 && set.new < candidates.new;
        let held = is_exception.then(|| {
            let ranked = (0..).zip(row.new_of(candidates)).filter(|(_, report)| set.holds(*report));
            Held { candidates: candidates.new, holding: ranked.map(|(rank, _)| rank).collect() }
        });
        let is_same = match (known, &held) {
            (Some(known), Some(held)) => known.candidates == held.candidates && known.holding == held.holding,
            (known, held) => known.is_none() && held.is_none(),
        };
        let told = (!is_same).then(|| (string(), held));
        (set, told)
    }
}

fn find<'a>(exceptions: &'a [Exception], string: &[Sign]) -> Option<&'a Exception> {
    exceptions.binary_search_by(|one| one.string[..].cmp(string)).ok().map(|at| &exceptions[at])
}
