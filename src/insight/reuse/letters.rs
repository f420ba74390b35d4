//! Every report as a row of letters, one after another: in the order of their keys, which is by chance. So the first few of those that share
//! something are a sample of them, and one report more hardly ever changes which.

use rayon::prelude::*;

use crate::archive::{Archive, Report, ReportId};
use crate::insight::reuse::{Point, words};
use crate::search::normal::{BREAK, Simplified, fold};

/// Index into [`Letters::row`].
pub type At = u32;

/// A report has several times as many letters: whoever begins to look here is there at once.
const STEP: usize = 1024;

/// Stands after the last letter of a report, and is none.
pub const END: u16 = 0;

pub struct Letters {
    /// The letters of all reports, [`END`] after each. A letter is 16 bits: the few characters beyond
    /// share the numbers that stand for no character.
    pub row: Vec<u16>,
    /// Where each report of the row begins, and where one after the last would.
    starts: Vec<At>,
    /// For each [`STEP`] letters of the row, which report of the row the first of them belongs to.
    at_steps: Vec<u32>,
    /// The reports in the row's order.
    order: Vec<ReportId>,
    /// Where each report stands in `order`.
    ranks: Vec<u32>,
    /// For each report, where its blocks begin, counted from its own beginning.
    blocks: Vec<Vec<u32>>,
    fold: Fold,
}

impl Letters {
    /// Empty if the archive is larger than 32 bits can count.
    pub fn of(archive: &Archive) -> Self {
        let fold = Fold::of(archive);
        let reports: Vec<(Vec<u16>, Vec<u32>)> = archive.reports.par_iter().map(|report| fold.report(report)).collect();
        let mut order: Vec<ReportId> = archive.iter().map(|(id, _)| id).collect();
        order.sort_by_key(|&id| (archive[id].keys.report, id));
        let mut ranks = vec![0; order.len()];
        (0..).zip(&order).for_each(|(rank, id)| ranks[id.0 as usize] = rank);
        let total: usize = reports.iter().map(|(letters, _)| letters.len() + 1).sum();
        let fits = u32::try_from(total).is_ok();
        let mut row = Vec::with_capacity(if fits { total } else { 0 });
        let mut starts = vec![0];
        for id in &order {
            if fits {
                row.extend_from_slice(&reports[id.0 as usize].0);
                row.push(END);
            }
            starts.push(row.len() as At);
        }
        let blocks = reports.into_iter().map(|(_, blocks)| blocks).collect();
        let mut rank = 0;
        let at_step = |step: usize| {
            while starts[rank + 1] as usize <= step {
                rank += 1;
            }
            rank as u32
        };
        let at_steps = (0..row.len()).step_by(STEP).map(at_step).collect();
        Self { row, starts, at_steps, order, ranks, blocks, fold }
    }

    /// Where a report's letters stand.
    pub fn of_report(&self, id: ReportId) -> std::ops::Range<At> {
        let rank = self.ranks[id.0 as usize] as usize;
        let start = self.starts[rank];
        start..self.starts[rank + 1].saturating_sub(1).max(start)
    }

    pub fn report_count(&self) -> usize {
        self.blocks.len()
    }

    /// The report that holds a letter.
    pub fn report_at(&self, at: At) -> ReportId {
        let first = self.at_steps[at as usize / STEP] as usize;
        let further = self.starts[first + 1..].iter().take_while(|&&start| start <= at).count();
        self.order[first + further]
    }

    /// The block that holds a letter of a report.
    pub fn block_at(&self, id: ReportId, at: At) -> usize {
        let within = at - self.of_report(id).start;
        self.blocks[id.0 as usize].partition_point(|&start| start <= within) - 1
    }

    /// Where letters of a report stand in its text: before each of them, `at` in rising order.
    pub fn points(&self, report: &Report, id: ReportId, at: &[At]) -> Vec<Point> {
        let mut points = Vec::with_capacity(at.len());
        let mut next = self.of_report(id).start;
        for (block, of) in report.document.blocks.iter().enumerate() {
            let range = self.of_report(id);
            let end = self.blocks[id.0 as usize].get(block + 1).map_or(range.end, |&end| range.start + end);
            if at.get(points.len()).is_some_and(|&wanted| wanted < end) {
                for (byte, _) in words(of).char_indices().filter(|&(_, c)| self.fold.letter(c).is_some()) {
                    while at.get(points.len()) == Some(&next) {
                        points.push(Point { block, byte });
                    }
                    next += 1;
                }
            }
            next = end;
        }
        points
    }
}

/// What each character is as a letter; [`END`] for those that are none.
struct Fold(Vec<u16>);

impl Fold {
    /// Knows the characters that stand in the archive's texts.
    fn of(archive: &Archive) -> Self {
        let seen = archive.reports.par_iter().fold(
            || vec![false; 1 << 16],
            |mut seen, report| {
                for block in &report.document.blocks {
                    words(block).chars().for_each(|c| seen[usize::from(number(c))] = true);
                }
                seen
            },
        );
        let seen = seen.reduce(Vec::new, |a, b| match a.is_empty() {
            true => b,
            false => a.iter().zip(&b).map(|(a, b)| a | b).collect(),
        });
        let characters = || seen.iter().enumerate().filter(|(_, seen)| **seen).filter_map(|(c, _)| char::from_u32(c as u32));
        let simplified = Simplified::of(characters());
        let mut letters = vec![END; 1 << 16];
        for c in characters() {
            let letter = fold(c, &simplified).find(|&c| c != BREAK);
            letters[usize::from(number(c))] = letter.map_or(END, number);
        }
        for beyond in 0xd800..=0xdfff_u16 {
            letters[usize::from(beyond)] = beyond;
        }
        Self(letters)
    }

    fn letter(&self, c: char) -> Option<u16> {
        Some(self.0[usize::from(number(c))]).filter(|&letter| letter != END)
    }

    fn report(&self, report: &Report) -> (Vec<u16>, Vec<u32>) {
        let mut row = Vec::new();
        let mut blocks = Vec::with_capacity(report.document.blocks.len());
        for block in &report.document.blocks {
            blocks.push(row.len() as u32);
            row.extend(words(block).chars().filter_map(|c| self.letter(c)));
        }
        row.shrink_to_fit();
        (row, blocks)
    }
}

fn number(c: char) -> u16 {
    match u16::try_from(c as u32) {
        Ok(number) => number,
        Err(_) => 0xd800 | (c as u32 & 0x7ff) as u16,
    }
}
