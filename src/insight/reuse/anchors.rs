//! Winnowing: of every row of neighbouring places one is picked, by the letters alone, so that equal passages have equal picks.

use rayon::prelude::*;

use crate::archive::ReportId;
use crate::insight::reuse::SHORTEST;
use crate::insight::reuse::letters::{At, Letters};

/// Letters that name a place.
pub const LENGTH: usize = 10;
/// Of so many neighbouring places one is picked: a passage of [`SHORTEST`] letters has as many.
const WINDOW: usize = SHORTEST - LENGTH + 1;

/// All picked places.
pub struct Anchors {
    /// By their letters, then by where they stand.
    places: Vec<At>,
    /// The hashes of their letters, each once, in order.
    hashes: Vec<u32>,
    /// Where the places of each hash begin, and where one after the last would.
    starts: Vec<u32>,
    /// Where the hashes with each beginning stand in `hashes`, and the end.
    beginnings: Vec<u32>,
    /// Bits of a hash that are not its beginning.
    rest: u32,
    /// For each report, how far each picked place is from the one before it.
    steps: Vec<Vec<u8>>,
}

impl Anchors {
    pub fn of(letters: &Letters) -> Self {
        let reports: Vec<(Vec<u64>, Vec<u8>)> = (0..letters.report_count() as u32)
            .into_par_iter()
            .map(|report| {
                let range = letters.of_report(ReportId(report));
                let picked = pick(&letters.row[range.start as usize..range.end as usize]);
                let steps = picked.iter().scan(0, |last, &(_, at)| Some((at - std::mem::replace(last, at)) as u8)).collect();
                (picked.into_iter().map(|(hash, at)| u64::from(hash) << 32 | u64::from(range.start + at)).collect(), steps)
            })
            .collect();
        let mut sorted = Vec::with_capacity(reports.iter().map(|(picked, _)| picked.len()).sum());
        let mut steps = Vec::with_capacity(reports.len());
        for (picked, of) in reports {
            sorted.extend_from_slice(&picked);
            steps.push(of);
        }
        // Hash above, place below.
        sorted.par_sort_unstable();
        let (mut hashes, mut starts) = (Vec::new(), Vec::new());
        for (i, anchor) in (0..).zip(&sorted) {
            let hash = (anchor >> 32) as u32;
            if hashes.last() != Some(&hash) {
                hashes.push(hash);
                starts.push(i);
            }
        }
        starts.push(sorted.len() as u32);
        let places = sorted.into_iter().map(|anchor| anchor as At).collect();
        let rest = 32 - hashes.len().max(2).ilog2().min(24);
        let mut beginnings = vec![0; (1 << (32 - rest)) + 1];
        for hash in &hashes {
            beginnings[(hash >> rest) as usize + 1] += 1;
        }
        for i in 1..beginnings.len() {
            beginnings[i] += beginnings[i - 1];
        }
        Self { places, hashes, starts, beginnings, rest, steps }
    }

    /// The picked places of a report, in order.
    pub fn of_report(&self, letters: &Letters, id: ReportId) -> impl Iterator<Item = At> + Clone {
        let start = letters.of_report(id).start;
        self.steps[id.0 as usize].iter().scan(start, |at, &step| {
            *at += At::from(step);
            Some(*at)
        })
    }

    /// All picked places with the letters of this one, itself among them, in order.
    pub fn like(&self, letters: &Letters, at: At) -> &[At] {
        let hash = hash(&letters.row[at as usize..at as usize + LENGTH]);
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

fn hash(letters: &[u16]) -> u32 {
    mixed(letters.iter().fold(0, |sum, &letter| enter(sum, letter)))
}

fn enter(sum: u64, letter: u16) -> u64 {
    sum.wrapping_mul(BASE).wrapping_add(u64::from(letter) + 1)
}

/// Which place is picked must not hang on the order of the letters' numbers.
fn mixed(sum: u64) -> u32 {
    ((sum ^ sum >> 31).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32) as u32
}

/// The smallest hash of each window, the last of equal ones; each once, with its place.
fn pick(row: &[u16]) -> Vec<(u32, u32)> {
    let mut picked: Vec<(u32, u32)> = Vec::with_capacity(row.len() / 5);
    let mut window = [u32::MAX; WINDOW];
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
    fn picks_are_near_each_other_and_their_hashes_those_of_their_letters() {
        let row: Vec<u16> = (0..500_u32).map(|i| (i * i % 61) as u16).collect();
        let picked = pick(&row);
        assert!(picked.windows(2).all(|two| two[0].1 < two[1].1 && two[1].1 - two[0].1 <= WINDOW as u32));
        assert!(picked.iter().all(|&(of, at)| of == hash(&row[at as usize..at as usize + LENGTH])));
        assert!(pick(&row[..SHORTEST - 1]).is_empty() && pick(&row[..SHORTEST]).len() == 1);
    }
}
