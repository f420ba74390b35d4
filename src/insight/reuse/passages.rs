//! From picked places to passages: what is the same around two places, to the left and to the right.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use crate::archive::{Archive, ReportId};
use crate::classify::RegionId;
use crate::insight::reuse::anchors::{Anchors, LENGTH};
use crate::insight::reuse::letters::{At, END, Letters};
use crate::insight::reuse::{EXAMINED, Kind, Passage, Place, Reuse, SET_REGIONS, SHORTEST, SHOWN, TOLD};

/// Reports of the same region that are always looked at, those nearest in the archive's order.
const OWN: usize = 4;
/// Places of a passage that are asked how often they stand elsewhere.
const ASKED: usize = 4;
/// Share of a passage that another report must hold to be named.
const COVERED: (usize, usize) = (4, 5);

pub fn find(archive: &Archive, letters: &Letters, anchors: &Anchors) -> Vec<Reuse> {
    let mut own: BTreeMap<RegionId, Vec<ReportId>> = BTreeMap::new();
    for (id, report) in archive.iter() {
        if let Some(region) = report.labels.placement.region() {
            own.entry(region).or_default().push(id);
        }
    }
    let finder = Finder { archive, letters, anchors, own };
    (0..archive.reports.len() as u32).into_par_iter().map(|report| finder.report(ReportId(report))).collect()
}

struct Finder<'a> {
    archive: &'a Archive,
    letters: &'a Letters,
    anchors: &'a Anchors,
    /// The reports of each region.
    own: BTreeMap<RegionId, Vec<ReportId>>,
}

/// The same letters here and there.
struct Match {
    here: Range<At>,
    there: At,
    report: ReportId,
}

/// A passage in letters.
struct Found {
    here: Range<At>,
    kind: Kind,
    places: Vec<(ReportId, At)>,
    others: usize,
    about: bool,
}

/// As an estimate is told, and so that it stays when one more is there: 10, 20, 30, 50, 70, 100, 200, …, never more than it is.
fn rounded(estimate: usize) -> usize {
    let power = 10_usize.pow(estimate.max(1).ilog10());
    let first = [7, 5, 3, 2, 1].into_iter().find(|first| first * power <= estimate);
    first.map_or(estimate, |first| if power == 1 { estimate } else { first * power })
}

impl Finder<'_> {
    fn region(&self, id: ReportId) -> Option<RegionId> {
        self.archive[id].labels.placement.region()
    }

    /// What stands for a report's region; one without a region stands for itself.
    fn home(&self, id: ReportId) -> Result<RegionId, ReportId> {
        self.region(id).ok_or(id)
    }

    fn report(&self, id: ReportId) -> Reuse {
        let near = self.near(id);
        let mine = self.letters.of_report(id);
        let mut found: Vec<Found> = Vec::new();
        let mut places = self.anchors.of_report(self.letters, id);
        while let Some(at) = places.next() {
            // An anchor that leans out of the last passage by a few letters would hardly show anything new.
            let is_covered = found.last().is_some_and(|last| at + LENGTH as At / 2 <= last.here.end);
            let like = if is_covered { &[] } else { self.anchors.like(self.letters, at) };
            if like.len() < 2 {
                continue;
            }
            let mut matches = self.matches(&mine, at, like, &near);
            let Some(longest) = matches.iter().max_by_key(|found| (found.here.len(), Reverse(found.there))) else { continue };
            let here = longest.here.clone();
            if found.last().is_some_and(|last| here.end <= last.here.end) {
                continue;
            }
            let inside: Vec<At> = places.clone().take_while(|&at| at + LENGTH as At <= here.end).collect();
            let some = inside.iter().step_by(inside.len().div_ceil(ASKED).max(1)).map(|&at| (at, self.anchors.like(self.letters, at)));
            let asked: Vec<(At, &[At])> = std::iter::once((at, like)).chain(some).collect();
            // Those who share nearly all of it are best found where most have the same.
            let most = asked.iter().max_by_key(|(at, like)| (like.len(), Reverse(*at))).map_or((at, like), |&most| most);
            if most.1.len() > like.len() {
                matches.extend(self.matches(&mine, most.0, most.1, &near));
            }
            // A longer passage may begin before what was found up to here.
            while found.last().is_some_and(|last| here.start <= last.here.start) {
                found.pop();
            }
            let asked: Vec<&[At]> = asked.into_iter().map(|(_, like)| like).collect();
            found.push(self.passage(id, here, matches, &asked, most.1.len()));
        }
        self.told(id, found)
    }

    /// Reports of the same region, [`OWN`] at most.
    fn near(&self, id: ReportId) -> Vec<ReportId> {
        let Some(own) = self.region(id).and_then(|region| self.own.get(&region)) else { return Vec::new() };
        let mut near: Vec<ReportId> = own.iter().copied().filter(|&other| other != id).collect();
        near.sort_by_key(|other| (other.0.abs_diff(id.0), *other));
        near.truncate(OWN);
        near
    }

    /// What is the same around a picked place and around those of `like`, all that have its letters: around some of them where
    /// there are many, and around those in `near`.
    fn matches(&self, mine: &Range<At>, at: At, like: &[At], near: &[ReportId]) -> Vec<Match> {
        let some = like.iter().take(EXAMINED).copied();
        let own = near.iter().filter(|_| like.len() > EXAMINED).filter_map(|&other| {
            let range = self.letters.of_report(other);
            let first = like.partition_point(|&place| place < range.start);
            like.get(first).copied().filter(|there| range.contains(there))
        });
        some.chain(own).filter_map(|there| self.extend(mine, at, there)).collect()
    }

    /// What `matches` say of the passage `here`. `asked` are some of its picked places with all that are like them; most of
    /// them has `most`.
    fn passage(&self, id: ReportId, here: Range<At>, mut matches: Vec<Match>, asked: &[&[At]], most: usize) -> Found {
        let enough = here.len() * COVERED.0 / COVERED.1;
        matches.retain(|found| found.here.end.min(here.end).saturating_sub(found.here.start.max(here.start)) as usize >= enough);
        matches.sort_by_key(|found| (found.report, Reverse(found.here.len()), found.there));
        matches.dedup_by_key(|found| found.report);
        let mine = self.region(id);
        let is_own = |found: &Match| mine.is_some() && self.region(found.report) == mine;
        let regions: BTreeSet<_> = matches.iter().map(|found| found.report).chain([id]).map(|report| self.home(report)).collect();
        // A few regions may share more than a set phrase, which then makes up most of the passage; a region's own words are more than one
        // in any case, or they are none.
        let is_own_words = matches.iter().any(is_own);
        let needed = if is_own_words { asked.len() } else { asked.len() / 2 + 1 };
        let is_set = || asked.iter().filter(|like| self.is_common(id, like)).take(needed).count() == needed;
        let kind = match () {
            () if regions.len() >= SET_REGIONS || is_set() => Kind::SetPhrase,
            () if is_own_words => Kind::Own,
            () => Kind::Borrowed,
        };
        // What some say of all; whoever holds a passage holds its rarest place too.
        let rarest = asked.iter().map(|like| like.len() - 1).min().unwrap_or(0);
        let others = match most.checked_sub(EXAMINED) {
            None | Some(0) => matches.len(),
            Some(_) => rounded((most * matches.len() / EXAMINED).min(rarest)).max(matches.len()),
        };
        matches.sort_by_key(|found| (!is_own(found), Reverse(found.here.len()), found.report));
        let begin = |found: &Match| found.there + here.start.saturating_sub(found.here.start);
        let places = matches.iter().take(SHOWN).map(|found| (found.report, begin(found))).collect();
        Found { kind, places, others, about: others > matches.len(), here }
    }

    /// Whether many regions have these letters.
    fn is_common(&self, id: ReportId, like: &[At]) -> bool {
        if like.len() < SET_REGIONS {
            return false;
        }
        let mut homes = vec![self.home(id)];
        for &place in like.iter().take(EXAMINED) {
            let home = self.home(self.letters.report_at(place));
            if !homes.contains(&home) {
                homes.push(home);
            }
            if homes.len() >= SET_REGIONS {
                return true;
            }
        }
        false
    }

    /// What is the same around two places; `None` if it is too short, or one report.
    fn extend(&self, mine: &Range<At>, here: At, there: At) -> Option<Match> {
        if mine.contains(&there) {
            return None;
        }
        let before = |at: At| self.letters.row[..at as usize].iter().rev();
        let after = |at: At| self.letters.row[at as usize..].iter();
        let is_same = |(a, b): &(&u16, &u16)| a == b && **a != END;
        let left = before(here).zip(before(there)).take_while(is_same).count() as At;
        let right = after(here).zip(after(there)).take_while(is_same).count() as At;
        let found = here - left..here + right;
        (found.len() >= SHORTEST).then(|| Match { here: found, there: there - left, report: self.letters.report_at(there) })
    }

    /// The passages that are told, in the order of the text, with their places in it.
    fn told(&self, id: ReportId, mut found: Vec<Found>) -> Reuse {
        let untold = found.len().saturating_sub(TOLD);
        if untold > 0 {
            found.sort_by_key(|one| (one.kind == Kind::SetPhrase, Reverse(one.here.len()), one.here.start));
            found.truncate(TOLD);
            found.sort_by_key(|one| one.here.start);
        }
        let report = &self.archive[id];
        let starts: Vec<At> = found.iter().map(|one| one.here.start).collect();
        // Both rise, for none holds another. An end stands behind its last letter, however many blanks follow.
        let lasts: Vec<At> = found.iter().map(|one| one.here.end - 1).collect();
        let (starts, lasts) = (self.letters.points(report, id, &starts), self.letters.points(report, id, &lasts));
        let passages = found.into_iter().zip(starts.into_iter().zip(lasts)).map(|(found, (from, mut to))| {
            let text = super::words(&report.document.blocks[to.block]);
            to.byte += text[to.byte..].chars().next().map_or(0, char::len_utf8);
            let places = found.places.iter().map(|&(report, at)| Place { report, block: self.letters.block_at(report, at) });
            let Found { kind, others, about, .. } = found;
            Passage { from, to, letters: found.here.len(), kind, places: places.collect(), others, about }
        });
        Reuse { passages: passages.collect(), untold }
    }
}
