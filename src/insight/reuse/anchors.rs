//! Winnowing: of every row of neighbouring places one is picked, by the letters alone, so that equal passages have equal picks.

use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::document::{Document, Packed};
use crate::insight::reuse::SHORTEST;
use crate::insight::reuse::letters::{At, Letters, Row};

/// Letters that name a place.
pub const LENGTH: usize = 10;
/// Of so many neighbouring places one is picked: a passage of [`SHORTEST`] letters has as many.
const WINDOW: usize = SHORTEST - LENGTH + 1;

/// Reports whose places are gathered at a time.
const AT_ONCE: usize = 1024;

/// What stands for the letters of a place.
pub type Hash = u32;

/// The picked places of one document.
#[derive(Clone, Default)]
pub struct Picks {
    /// How many letters the document has.
    pub letters: u32,
    /// The hash of each place, in order, lowest byte first.
    pub(crate) hashes: Packed,
    /// How far each is from the one before it.
    pub(crate) steps: Packed,
}

impl Picks {
    pub fn of(document: &Document) -> Self {
        let Row { letters, .. } = Row::of(document);
        let picked = pick(&letters);
        let hashes: Vec<u8> = picked.iter().flat_map(|(hash, _)| hash.to_le_bytes()).collect();
        let steps: Vec<u8> = picked.iter().scan(0, |last, &(_, at)| Some((at - std::mem::replace(last, at)) as u8)).collect();
        Self { letters: letters.len() as u32, hashes: hashes.into(), steps: steps.into() }
    }

    pub fn hashes(&self) -> impl Iterator<Item = Hash> + Clone {
        self.hashes.as_chunks().0.iter().map(|&hash| Hash::from_le_bytes(hash))
    }

    /// Each place with its hash, counted from the document's first letter.
    pub fn places(&self) -> impl Iterator<Item = (Hash, At)> + Clone {
        let ats = self.steps.iter().scan(0, |at, &step| {
            *at += At::from(step);
            Some(*at)
        });
        self.hashes().zip(ats)
    }
}

/// Some of all hashes.
pub struct Wanted {
    hashes: FxHashSet<Hash>,
    /// A bit for each row of first bits, whether any has it: mostly there is none, and this says so at once.
    beginnings: Vec<u64>,
}

impl Wanted {
    const BITS: u32 = 22;

    pub fn contains(&self, hash: Hash) -> bool {
        let (word, bit) = Self::beginning(hash);
        self.beginnings[word] & bit != 0 && self.hashes.contains(&hash)
    }

    fn beginning(hash: Hash) -> (usize, u64) {
        let beginning = hash >> (Hash::BITS - Self::BITS);
        ((beginning / u64::BITS) as usize, 1 << (beginning % u64::BITS))
    }
}

impl FromIterator<Hash> for Wanted {
    fn from_iter<I: IntoIterator<Item = Hash>>(hashes: I) -> Self {
        let mut beginnings = vec![0; 1 << (Self::BITS - u64::BITS.ilog2())];
        let hashes: FxHashSet<Hash> = hashes.into_iter().collect();
        for &hash in &hashes {
            let (word, bit) = Self::beginning(hash);
            beginnings[word] |= bit;
        }
        Self { hashes, beginnings }
    }
}

/// The picked places of all reports.
pub struct Anchors {
    /// By their letters, then by where they stand.
    places: Vec<At>,
    /// The hashes of their letters, each once, in order.
    hashes: Vec<Hash>,
    /// Where the places of each hash begin, and where one after the last would.
    starts: Vec<u32>,
    /// Where the hashes with each beginning stand in `hashes`, and the end.
    beginnings: Vec<u32>,
    /// Bits of a hash that are not its beginning.
    rest: u32,
}

impl Anchors {
    /// Those with these hashes, or all.
    pub fn of(letters: &Letters, wanted: Option<&Wanted>) -> Self {
        let ranks: Vec<usize> = (0..letters.order().len()).collect();
        let of_some = |ranks: &[usize]| {
            let of_one = |&rank: &usize| {
                let start = letters.range(rank).start;
                let places = letters.picks(rank).places();
                let some = places.filter(|&(hash, _)| wanted.is_none_or(|wanted| wanted.contains(hash)));
                // Hash above, place below.
                some.map(move |(hash, at)| u64::from(hash) << 32 | u64::from(start + at))
            };
            ranks.iter().flat_map(of_one).collect::<Vec<u64>>()
        };
        let count = |&rank: &usize| letters.picks(rank).hashes().size_hint().0;
        let mut sorted: Vec<u64> = Vec::with_capacity(if wanted.is_some() { 0 } else { ranks.iter().map(count).sum() });
        // Not all at once: what is gathered in pieces stands in memory twice.
        for ranks in ranks.chunks(AT_ONCE) {
            let found: Vec<Vec<u64>> = ranks.par_chunks(AT_ONCE / 16).map(of_some).collect();
            found.into_iter().for_each(|some| sorted.extend(some));
        }
        sorted.par_sort_unstable();
        let (mut hashes, mut starts) = (Vec::new(), Vec::new());
        for (i, anchor) in (0..).zip(&sorted) {
            let hash = (anchor >> 32) as Hash;
            if hashes.last() != Some(&hash) {
                hashes.push(hash);
                starts.push(i);
            }
        }
        starts.push(sorted.len() as u32);
        let places = sorted.into_iter().map(|anchor| anchor as At).collect();
        let rest = Hash::BITS - hashes.len().max(2).ilog2().min(24);
        let mut beginnings = vec![0; (1 << (Hash::BITS - rest)) + 1];
        for hash in &hashes {
            beginnings[(hash >> rest) as usize + 1] += 1;
        }
        for i in 1..beginnings.len() {
            beginnings[i] += beginnings[i - 1];
        }
        Self { places, hashes, starts, beginnings, rest }
    }

    /// All picked places with this hash, in order.
    pub fn like(&self, hash: Hash) -> &[At] {
        let beginning = (hash >> self.rest) as usize;
        let near = self.beginnings[beginning] as usize..self.beginnings[beginning + 1] as usize;
        // Hashes are as even as chance makes them: one or two have the same beginning.
        match self.hashes[near.clone()].iter().position(|&other| other == hash) {
            Some(found) => &self.places[self.starts[near.start + found] as usize..self.starts[near.start + found + 1] as usize],
            None => &[],
        }
    }
}

const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
/// `BASE` to the power of `LENGTH`.
const LEAVES: u64 = {
    let (mut power, mut i) = (1_u64, 0);
    while i < LENGTH {
        power = power.wrapping_mul(BASE);
        i += 1;
    }
    power
};

fn enter(sum: u64, letter: u16) -> u64 {
    sum.wrapping_mul(BASE).wrapping_add(u64::from(letter) + 1)
}

/// Which place is picked must not hang on the order of the letters' numbers.
fn mixed(sum: u64) -> Hash {
    ((sum ^ sum >> 31).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32) as u32
}

/// The smallest hash of each window, the last of equal ones; each once, with its place.
fn pick(row: &[u16]) -> Vec<(Hash, At)> {
    let mut picked: Vec<(Hash, At)> = Vec::with_capacity(row.len() / 5);
    let mut window = [Hash::MAX; WINDOW];
    let (mut sum, mut least) = (0_u64, 0);
    for (i, &letter) in row.iter().enumerate() {
        sum = enter(sum, letter);
        if let Some(left) = i.checked_sub(LENGTH) {
            sum = sum.wrapping_sub(LEAVES.wrapping_mul(u64::from(row[left]) + 1));
        }
        let Some(at) = (i + 1).checked_sub(LENGTH) else { continue };
        window[at % WINDOW] = mixed(sum);
        if at - least == WINDOW {
            // The smallest has left: the window is looked through from its end.
            least = (at + 1 - WINDOW..=at).rev().min_by_key(|&at| window[at % WINDOW]).unwrap_or(at);
        } else if window[at % WINDOW] <= window[least % WINDOW] {
            least = at;
        }
        if at + 1 >= WINDOW && picked.last().is_none_or(|&(_, last)| last != least as u32) {
            picked.push((window[least % WINDOW], least as u32));
        }
    }
    picked
}

/// Which of the picked places of a row are picked wherever the letters of `part` stand: those that are picked of a window within it. `row` is
/// where the row begins.
pub fn picked_within<'a>(places: &'a [(Hash, At)], row: At, part: &'a Range<At>) -> impl Iterator<Item = usize> + 'a {
    let window = WINDOW as At - 1;
    // The first window that a place is picked of: where it is the smallest as soon as it comes, or once the one before it is gone.
    let first = move |i: usize| match i.checked_sub(1).map(|before| (places[before], places[i])) {
        None => row,
        Some(((before, _), (hash, at))) if hash <= before => at.saturating_sub(window).max(row),
        Some(((_, gone), _)) => gone + 1,
    };
    let last = move |i: usize| if i + 1 < places.len() { first(i + 1) - 1 } else { places[i].1 };
    let inside = places.partition_point(|&(_, at)| at < part.start)..places.partition_point(|&(_, at)| at + LENGTH as At <= part.end);
    inside.filter(move |&i| first(i).max(part.start) + window + LENGTH as At <= (last(i) + window + LENGTH as At).min(part.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_of_the_shortest_length_has_the_same_pick_wherever_it_stands() {
        let mut state = 7_u32;
        let mut letters = |n: usize| -> Vec<u16> {
            let next = std::iter::repeat_with(|| {
                state = state.wrapping_mul(1_103_515_245).wrapping_add(12345);
                (state >> 16) as u16 % 5
            });
            next.take(n).collect()
        };
        for round in 0..200 {
            let shared = letters(SHORTEST);
            let rows = [[letters(round % 37), shared.clone(), letters(13)].concat(), [letters(round % 23), shared, letters(29)].concat()];
            let [a, b] = rows.map(|row| pick(&row).into_iter().map(|(hash, _)| hash).collect::<Vec<_>>());
            assert!(a.iter().any(|hash| b.contains(hash)), "round {round}");
        }
    }

    #[test]
    fn what_is_picked_within_a_part_is_what_is_picked_of_the_part_alone() {
        let row: Vec<u16> = (0..400_u32).map(|i| (i * i % 61 + i * 7 % 13) as u16).collect();
        let places: Vec<(Hash, At)> = pick(&row).into_iter().map(|(hash, at)| (hash, at + 1_000)).collect();
        for (start, length) in (0..400 - 90).flat_map(|start| [SHORTEST, 27, 40, 90].map(|length| (start, length))) {
            let part = start as At + 1_000..(start + length) as At + 1_000;
            let within: Vec<(Hash, At)> = picked_within(&places, 1_000, &part).map(|i| places[i]).collect();
            let alone: Vec<(Hash, At)> = pick(&row[start..start + length]).into_iter().map(|(hash, at)| (hash, at + part.start)).collect();
            assert_eq!(within, alone, "{part:?}");
        }
    }

    #[test]
    fn picks_are_near_each_other_and_their_hashes_those_of_their_letters() {
        let row: Vec<u16> = (0..500_u32).map(|i| (i * i % 61) as u16).collect();
        let picked = pick(&row);
        assert!(picked.windows(2).all(|two| two[0].1 < two[1].1 && two[1].1 - two[0].1 <= WINDOW as u32));
        let hash = |letters: &[u16]| mixed(letters.iter().fold(0, |sum, &letter| enter(sum, letter)));
        assert!(picked.iter().all(|&(of, at)| of == hash(&row[at as usize..at as usize + LENGTH])));
        assert!(pick(&row[..SHORTEST - 1]).is_empty() && pick(&row[..SHORTEST]).len() == 1);
    }
}
