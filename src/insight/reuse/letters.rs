//! Every report as a row of letters, one after another: in the order of a hash of their addresses, which is by chance. So the first few of
//! those that share something are a sample of them, and one report more, or one that is corrected, hardly ever changes which.

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use rayon::prelude::*;

use crate::archive::{Archive, Report, ReportId};
use crate::document::{Document, Key};
use crate::insight::digest::Digests;
use crate::insight::reuse::anchors::{Hash, Picks, Wanted};
use crate::insight::reuse::{Point, words};
use crate::search::normal::{BREAK, Simplified, fold};

/// Where a letter stands among those of all reports.
pub type At = u32;

/// A report has several times as many letters: whoever begins to look here is there at once.
const STEP: usize = 1024;

/// What a character is that is no letter.
const NONE: u16 = 0;

/// The reports as rows of letters. A row is made when it is first looked at.
pub struct Letters<'a> {
    archive: &'a Archive,
    digests: &'a Digests,
    /// By rank, which is the place in the order of the rows: whose row it is.
    order: Vec<ReportId>,
    /// By rank, in rising order: what stands for the report's address.
    addresses: Vec<Key>,
    /// By rank, where the report begins, and where one after the last would.
    starts: Vec<At>,
    /// For each [`STEP`] letters, the rank of the report that the first of them belongs to.
    at_steps: Vec<u32>,
    /// By rank.
    rows: Vec<OnceLock<Row>>,
    /// For each report its rank.
    ranks: Vec<u32>,
}

/// A document as letters. A letter is 16 bits: the few characters beyond share the numbers that stand for no character.
pub struct Row {
    pub letters: Vec<u16>,
    /// Where each block begins.
    blocks: Vec<u32>,
}

impl Row {
    pub fn of(document: &Document) -> Self {
        let mut row = Self { letters: Vec::new(), blocks: Vec::with_capacity(document.blocks.len()) };
        for block in &document.blocks {
            row.blocks.push(row.letters.len() as u32);
            row.letters.extend(words(block).chars().filter_map(letter));
        }
        row.letters.shrink_to_fit();
        row
    }

    /// The block that holds a letter.
    pub fn block_at(&self, at: At) -> usize {
        self.blocks.partition_point(|&start| start <= at) - 1
    }

    /// The letters of each block.
    pub fn blocks(&self) -> impl Iterator<Item = Range<At>> {
        let ends = self.blocks.iter().skip(1).copied().chain([self.letters.len() as At]);
        self.blocks.iter().copied().zip(ends).map(|(start, end)| start..end)
    }
}

impl<'a> Letters<'a> {
    /// `None` if the archive is larger than 32 bits can count.
    pub fn of(archive: &'a Archive, digests: &'a Digests) -> Option<Self> {
        let mut order: Vec<(Key, ReportId)> = archive.iter().map(|(id, report)| (address(report), id)).collect();
        order.sort_unstable();
        let (addresses, order): (Vec<Key>, Vec<ReportId>) = order.into_iter().unzip();
        let mut ranks = vec![0; order.len()];
        (0..).zip(&order).for_each(|(rank, id)| ranks[id.0 as usize] = rank);
        let (mut starts, mut end): (Vec<At>, At) = (vec![0], 0);
        for &id in &order {
            end = end.checked_add(digests.get(&archive[id]).picks.letters)?;
            starts.push(end);
        }
        let mut rank = 0;
        let at_step = |at: At| {
            while starts[rank + 1] <= at {
                rank += 1;
            }
            rank as u32
        };
        let at_steps = (0..end).step_by(STEP).map(at_step).collect();
        let rows = order.iter().map(|_| OnceLock::new()).collect();
        Some(Self { archive, digests, order, addresses, starts, at_steps, rows, ranks })
    }

    pub fn report(&self, rank: usize) -> &'a Report {
        &self.archive[self.order[rank]]
    }

    pub fn picks(&self, rank: usize) -> &'a Picks {
        &self.digests.get(self.report(rank)).picks
    }

    /// The picked places with some hashes, in order: hash and rank. Only those of the reports, by rank, that are asked for.
    pub fn places_with(&self, wanted: &Wanted, is_asked: impl Fn(usize) -> bool + Sync) -> Vec<(Hash, usize)> {
        let of_one = |rank: usize| self.picks(rank).hashes().filter(|&hash| wanted.contains(hash)).map(move |hash| (hash, rank));
        let mut places: Vec<(Hash, usize)> =
            (0..self.order.len()).into_par_iter().filter(|&rank| is_asked(rank)).flat_map_iter(of_one).collect();
        places.par_sort_unstable();
        places
    }

    /// The reports, by rank.
    pub fn order(&self) -> &[ReportId] {
        &self.order
    }

    pub fn rank(&self, id: ReportId) -> usize {
        self.ranks[id.0 as usize] as usize
    }

    /// The rank that a report with this address has or would have.
    pub fn rank_of_address(&self, address: &Key) -> usize {
        self.addresses.partition_point(|other| other < address)
    }

    /// Where the letters of a report stand.
    pub fn range(&self, rank: usize) -> Range<At> {
        self.starts[rank]..self.starts[rank + 1]
    }

    /// The rank of the report that holds a letter.
    pub fn rank_at(&self, at: At) -> usize {
        let first = self.at_steps[at as usize / STEP] as usize;
        first + self.starts[first + 1..].iter().take_while(|&&start| start <= at).count()
    }

    pub fn row(&self, rank: usize) -> &[u16] {
        &self.row_of(rank).letters
    }

    pub fn row_of(&self, rank: usize) -> &Row {
        self.rows[rank].get_or_init(|| Row::of(&self.report(rank).document))
    }

    /// The block that holds a letter.
    pub fn block_at(&self, at: At) -> usize {
        let rank = self.rank_at(at);
        self.row_of(rank).block_at(at - self.starts[rank])
    }

    /// Where letters of a report stand in its text: before each of them, `at` in rising order, counted from the report's first.
    pub fn points(&self, rank: usize, at: &[At]) -> Vec<Point> {
        let mut points = Vec::with_capacity(at.len());
        let Row { letters, blocks } = self.row_of(rank);
        for (block, of) in self.report(rank).document.blocks.iter().enumerate() {
            let end = blocks.get(block + 1).map_or(letters.len() as u32, |&end| end);
            if at.get(points.len()).is_none_or(|&wanted| wanted >= end) {
                continue;
            }
            let those = words(of);
            let letters = those.char_indices().filter(|&(_, c)| letter(c).is_some());
            for (number, (byte, _)) in (blocks[block]..).zip(letters) {
                while at.get(points.len()) == Some(&number) {
                    points.push(Point { block, byte });
                }
            }
        }
        points
    }
}

/// What stands for a report's address. No two reports have one, and one that is corrected keeps it.
pub fn address(report: &Report) -> Key {
    Key::of(&report.slug.as_str())
}

fn letter(c: char) -> Option<u16> {
    /// For each number the letter that it is.
    static LETTERS: LazyLock<Vec<u16>> = LazyLock::new(|| {
        let simplified = Simplified::of('\u{3400}'..='\u{9fff}');
        let letter = |number: u16| match char::from_u32(u32::from(number)) {
            Some(c) => fold(c, &simplified).find(|&c| c != BREAK).map_or(NONE, number_of),
            None => number,
        };
        (0..=u16::MAX).map(letter).collect()
    });
    Some(LETTERS[usize::from(number_of(c))]).filter(|&letter| letter != NONE)
}

fn number_of(c: char) -> u16 {
    match u16::try_from(c as u32) {
        Ok(number) => number,
        Err(_) => 0xd800 | (c as u32 & 0x7ff) as u16,
    }
}
