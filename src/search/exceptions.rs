//! The strings of five letters and more that their parts do not decide.
//!
//! A string's candidates are the reports that hold both the string without its last letter and the string without
//! its first. Almost always these are the reports that hold the string. Where they are not, and there are more than
//! [`CANDIDATES`], the string is an exception, and its reports are listed among the candidates.
//!
//! Say the string is x·m·y. Unless m is preceded by something else than x somewhere, and followed by something else
//! than y, the candidates are right. So only those m matter that repeat with different neighbours on both sides: the
//! branches of the suffix tree, which the sorted places give.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::search::alphabet::{Letter, Sign};
use crate::search::corpus::Corpus;
use crate::search::grams::{CANDIDATES, Places};
use crate::search::key::{self, Key};
use crate::search::suffix::LONGEST;

/// A string that its parts do not decide.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exception {
    /// Five letters or more.
    pub string: Vec<Letter>,
    /// How many candidates it has.
    pub candidates: u32,
    /// Which of them hold it: places in the list of candidates, ascending.
    pub holding: Vec<u32>,
}

/// All exceptions up to [`LONGEST`] letters, sorted.
pub fn find(corpus: &Corpus, places: &Places) -> Vec<Exception> {
    let mut exceptions: Vec<Exception> =
        (1..corpus.letter_count).into_par_iter().with_max_len(1).flat_map_iter(|letter| within(corpus, places, letter)).collect();
    exceptions.par_sort_unstable();
    exceptions
}

/// By the keys of their first four letters; letters become signs. The order remains.
pub fn by_beginning(exceptions: Vec<Exception>, sign: impl Fn(Letter) -> Sign) -> FxHashMap<Key, Vec<Exception>> {
    let mut by_beginning: FxHashMap<Key, Vec<Exception>> = FxHashMap::default();
    for mut exception in exceptions {
        exception.string.iter_mut().for_each(|letter| *letter = sign(*letter));
        by_beginning.entry(key::of(&exception.string[..4])).or_default().push(exception);
    }
    by_beginning
}

/// Those whose middle begins with `letter`.
fn within(corpus: &Corpus, all: &Places, letter: usize) -> Vec<Exception> {
    let (places, shared) = all.of(letter);
    let mut found = Vec::new();
    let mut scratch = Branch::default();
    // The open intervals of places that share so many letters.
    let mut open: Vec<(usize, usize)> = Vec::new();
    for end in 1..=places.len() {
        let shared_here = shared.get(end).copied().map_or(0, usize::from);
        let mut start = end - 1;
        while let Some(&(length, from)) = open.last()
            && length > shared_here
        {
            open.pop();
            start = from;
            if (3..=LONGEST - 2).contains(&length) {
                scratch.look(corpus, &places[from..end], length, &mut found);
            }
        }
        if shared_here > open.last().map_or(0, |&(length, _)| length) {
            open.push((shared_here, start));
        }
    }
    found
}

/// A report in which the middle stands, and between which neighbours: indexes into [`Branch::before`] and
/// [`Branch::after`]. There are fewer than 2^17 letters in Unicode's scripts, and reports are counted in 29 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Around(u64);

impl Around {
    fn new(report: u32, before: u32, after: u32) -> Self {
        Self(u64::from(report) << 34 | u64::from(before) << 17 | u64::from(after))
    }

    fn report(self) -> u32 {
        (self.0 >> 34) as u32
    }

    fn before(self) -> u32 {
        (self.0 >> 17) as u32 & 0x1_ffff
    }

    fn after(self) -> u32 {
        self.0 as u32 & 0x1_ffff
    }
}

/// One middle with everything around it. Kept between uses for its memory.
#[derive(Default)]
struct Branch {
    before: Vec<Letter>,
    after: Vec<Letter>,
    around: Vec<Around>,
    reports_before: Vec<u32>,
    reports_after: Vec<u32>,
    pairs: FxHashMap<(u32, u32), Pair>,
}

#[derive(Default, Clone)]
struct Pair {
    candidates: u32,
    holding: u32,
    exception: Option<usize>,
}

impl Branch {
    fn look(&mut self, corpus: &Corpus, places: &[u32], length: usize, found: &mut Vec<Exception>) {
        let letters = &corpus.letters;
        let before = |place: u32| letters[place as usize - 1];
        let after = |place: u32| letters[place as usize + length];
        let first = before(places[0]);
        if places.iter().all(|&place| before(place) == first) {
            return;
        }
        if places.iter().map(|&place| corpus.occurrences(place).len()).sum::<usize>() <= CANDIDATES {
            return;
        }
        for (set, neighbour) in [(&mut self.before, &before as &dyn Fn(u32) -> Letter), (&mut self.after, &after)] {
            set.clear();
            set.extend(places.iter().map(|&place| neighbour(place)));
            set.sort_unstable();
            set.dedup();
        }
        self.around.clear();
        for &place in places {
            let x = index(&self.before, before(place));
            let y = index(&self.after, after(place));
            self.around.extend(corpus.occurrences(place).iter().map(|occurrence| Around::new(occurrence.report(), x, y)));
        }
        // Each place brings its reports in order: a sort that finds runs is quick here.
        self.around.sort();
        self.around.dedup();
        let (xs, ys) = (self.before.len(), self.after.len());
        count(&self.around, xs, |around| around.before(), &mut self.reports_before);
        count(&self.around, ys, |around| around.after(), &mut self.reports_after);
        // What is rare, and the ends of runs, cannot have too many candidates.
        let heavy_before = |x: u32| self.before[x as usize] != 0 && self.reports_before[x as usize] > CANDIDATES as u32;
        let heavy_after = |y: u32| self.after[y as usize] != 0 && self.reports_after[y as usize] > CANDIDATES as u32;
        if !(0..xs as u32).any(heavy_before) || !(0..ys as u32).any(heavy_after) {
            return;
        }
        self.pairs.clear();
        let (mut some_before, mut some_after) = (Vec::new(), Vec::new());
        for report in self.around.chunk_by(|a, b| a.report() == b.report()) {
            sides(report, heavy_before, heavy_after, &mut some_before, &mut some_after);
            for &x in &some_before {
                for &y in &some_after {
                    let pair = self.pairs.entry((x, y)).or_default();
                    pair.candidates += 1;
                    pair.holding += u32::from(report.binary_search(&Around::new(report[0].report(), x, y)).is_ok());
                }
            }
        }
        let from = found.len();
        let middle = &letters[places[0] as usize..places[0] as usize + length];
        for (&(x, y), pair) in &mut self.pairs {
            if pair.candidates > CANDIDATES as u32 && pair.holding < pair.candidates {
                pair.exception = Some(found.len());
                let mut string = vec![self.before[x as usize]];
                string.extend_from_slice(middle);
                string.push(self.after[y as usize]);
                found.push(Exception { string, candidates: 0, holding: Vec::with_capacity(pair.holding as usize) });
            }
        }
        if found.len() == from {
            return;
        }
        for report in self.around.chunk_by(|a, b| a.report() == b.report()) {
            sides(report, heavy_before, heavy_after, &mut some_before, &mut some_after);
            for &x in &some_before {
                for &y in &some_after {
                    let Some(exception) = self.pairs[&(x, y)].exception else { continue };
                    let exception = &mut found[exception];
                    if report.binary_search(&Around::new(report[0].report(), x, y)).is_ok() {
                        exception.holding.push(exception.candidates);
                    }
                    exception.candidates += 1;
                }
            }
        }
    }
}

fn index(set: &[Letter], letter: Letter) -> u32 {
    set.partition_point(|other| *other < letter) as u32
}

/// In how many reports each neighbour stands.
fn count(around: &[Around], size: usize, side: impl Fn(Around) -> u32, counts: &mut Vec<u32>) {
    counts.clear();
    counts.resize(size, 0);
    let mut last = vec![u32::MAX; size];
    for &around in around {
        let neighbour = side(around) as usize;
        if last[neighbour] != around.report() {
            last[neighbour] = around.report();
            counts[neighbour] += 1;
        }
    }
}

/// The heavy neighbours within one report.
fn sides(
    report: &[Around],
    heavy_before: impl Fn(u32) -> bool,
    heavy_after: impl Fn(u32) -> bool,
    before: &mut Vec<u32>,
    after: &mut Vec<u32>,
) {
    before.clear();
    before.extend(report.iter().map(|around| around.before()).filter(|&x| heavy_before(x)));
    before.dedup();
    after.clear();
    after.extend(report.iter().map(|around| around.after()).filter(|&y| heavy_after(y)));
    after.sort_unstable();
    after.dedup();
}
