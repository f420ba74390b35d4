//! What the last build found, and what of it still stands.
//!
//! What a report shares is decided by itself, by its neighbours in its region, and by the reports in which each of its picked places also
//! stands: by about how many these are, and by the first [`EXAMINED`] of them. So one more report bears on those that it is a neighbour of, and
//! on those with a place that it is among the first to have, or that it makes one step more frequent. One that is corrected bears on those with a
//! place near enough to what was corrected: its letters elsewhere are the same, and so is what they share with others. What all others share
//! stands as it was found.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::archive::{Archive, ReportId};
use crate::document::Key;
use crate::insight::digest::Digests;
use crate::insight::reuse::anchors::{Hash, LENGTH, Wanted};
use crate::insight::reuse::letters::{At, Letters, Row, address};
use crate::insight::reuse::passages::{Looked, about};
use crate::insight::reuse::{EXAMINED, Place, Reuse};

/// Where more than one report in so many came or went, all are looked at: nearly all would be.
const FEW: usize = 16;
/// The same for reports that are to be looked at again: then all places are gathered, which is quicker than to choose among them.
const SOME: usize = 2;

/// What the last build leaves for the next.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// In the order of the archive of that build.
    reports: Vec<Known>,
    /// What each shares.
    #[serde(serialize_with = "write", deserialize_with = "read")]
    found: Arc<Vec<Reuse>>,
    /// How far from its places each was looked at.
    reach: Vec<At>,
}

/// What decides what a report shares, as far as it decides itself.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Of its address.
    address: Key,
    /// Of its text, among other things.
    report: Key,
    /// Of its region's code.
    region: Option<Key>,
    near: Vec<ReportId>,
}

impl Known {
    /// All reports of an archive. `near` are the neighbours of each.
    pub fn of(archive: &Archive, near: &[Vec<ReportId>]) -> Vec<Self> {
        let known = archive.reports.par_iter().zip(near).map(|(report, near)| {
            let region = report.labels.placement.region().map(|region| Key::of(&archive.gazetteer[region].code));
            Self { address: address(report), report: report.keys.report, region, near: near.clone() }
        });
        known.collect()
    }

    /// Whether it is that report, as it was.
    fn stands(&self, old: &Self) -> bool {
        (self.address, self.report, self.region) == (old.address, old.report, old.region)
    }
}

impl Memory {
    /// `reach` is that of each report, as [`Looked`] tells it.
    pub fn new(reports: Vec<Known>, found: Arc<Vec<Reuse>>, reach: Vec<At>) -> Self {
        Self { reports, found, reach }
    }

    /// Which reports are to be looked at again, now that these are there. `digests` has those of the reports that are no more, too.
    pub fn stale(&self, reports: &[Known], letters: &Letters, digests: &Digests) -> Stale {
        let fates = self.fates(reports, letters, digests);
        let mut origins = vec![None; reports.len()];
        for (old, fate) in (0..).map(ReportId).zip(&fates) {
            if let Fate::Stands(new) = fate {
                origins[new.0 as usize] = Some(old);
            }
        }
        match self.changed(&fates, &origins, letters, digests) {
            Some(changed) => origins.par_iter_mut().zip(reports).enumerate().for_each(|(id, (origin, report))| {
                let stands = |old: &ReportId| {
                    let (was, found, reach) = (&self.reports[old.0 as usize], &self.found[old.0 as usize], self.reach[old.0 as usize]);
                    let new = |old: &ReportId| fates.get(old.0 as usize).and_then(Fate::stands);
                    was.near.iter().map(new).eq(report.near.iter().copied().map(Some))
                        && found.passages.iter().flat_map(|passage| &passage.places).all(|place| now(place, &fates).is_some())
                        && !letters.picks(letters.rank(ReportId(id as u32))).hashes().any(|hash| changed.shows(hash, reach))
                };
                *origin = origin.filter(stands);
            }),
            None => origins.fill(None),
        }
        Stale { origins, fates }
    }

    /// What has become of each report of the last build.
    fn fates(&self, reports: &[Known], letters: &Letters, digests: &Digests) -> Vec<Fate> {
        let places: FxHashMap<Key, ReportId> = (0..).map(ReportId).zip(reports).map(|(id, report)| (report.address, id)).collect();
        let now: Vec<Option<ReportId>> = self.reports.iter().map(|old| places.get(&old.address).copied()).collect();
        // Equals are told in the archive's order: whoever was moved in it counts as another.
        let mut least_behind = vec![u32::MAX; now.len()];
        let mut least = u32::MAX;
        for (behind, now) in least_behind.iter_mut().zip(&now).rev() {
            *behind = least;
            least = now.map_or(least, |now| least.min(now.0));
        }
        let mut most_before = None;
        let fate = |((old, now), behind): ((&Known, &Option<ReportId>), u32)| {
            let Some(id) = *now else { return Fate::Gone };
            let keeps_place = most_before.is_none_or(|most| most < id) && id.0 < behind;
            most_before = most_before.max(Some(id));
            let new = &reports[id.0 as usize];
            match () {
                () if new.stands(old) => Fate::Stands(id),
                () if !keeps_place || new.region != old.region => Fate::Gone,
                () => digests.former(&old.report).map_or(Fate::Gone, |former| {
                    Fate::Corrected(Box::new(Correction::of(id, &Row::of(former), letters.row_of(letters.rank(id)))))
                }),
            }
        };
        self.reports.iter().zip(&now).zip(least_behind).map(fate).collect()
    }

    /// The places of which something shows in reports that have them; `None` if too much has changed, or nobody knows what.
    fn changed(&self, fates: &[Fate], origins: &[Option<ReportId>], letters: &Letters, digests: &Digests) -> Option<Changed> {
        let went = self.reports.iter().zip(fates).filter(|(_, fate)| fate.stands().is_none());
        let came = (0..letters.order().len()).filter(|&rank| origins[letters.order()[rank].0 as usize].is_none());
        let complete = self.found.len() == self.reports.len() && self.reach.len() == self.reports.len();
        if !complete || (went.clone().count() + came.clone().count()) * FEW > origins.len() {
            return None;
        }
        let mut changes: Vec<Change> = Vec::new();
        let mut corrected = BTreeSet::new();
        for (old, fate) in went {
            let (rank, picks) = (letters.rank_of_address(&old.address), &digests.find(&old.report)?.picks);
            match fate {
                Fate::Corrected(correction) => {
                    corrected.insert(rank);
                    let new: FxHashSet<(Hash, At)> = letters.picks(rank).places().collect();
                    let mut stand = FxHashSet::default();
                    for (hash, at) in picks.places() {
                        let kept = correction.place(at).filter(|&(at, _)| new.contains(&(hash, at)));
                        stand.extend(kept.map(|(at, _)| (hash, at)));
                        changes.push(Change { hash, rank, what: kept.map_or(What::Went, |(_, gap)| What::Stands { gap }) });
                    }
                    let came = new.into_iter().filter(|place| !stand.contains(place));
                    changes.extend(came.map(|(hash, _)| Change { hash, rank, what: What::Came }));
                }
                _ => changes.extend(picks.hashes().map(|hash| Change { hash, rank, what: What::Went })),
            }
        }
        for rank in came.filter(|rank| !corrected.contains(rank)) {
            changes.extend(letters.picks(rank).hashes().map(|hash| Change { hash, rank, what: What::Came }));
        }
        changes.sort_unstable();
        let wanted: Wanted = changes.iter().map(|change| change.hash).collect();
        let places = letters.places_with(&wanted, |rank| origins[letters.order()[rank].0 as usize].is_some());
        let gap = |changes: &[Change]| {
            let hash = changes[0].hash;
            let stay = &places[places.partition_point(|place| place.0 < hash)..];
            let stay = &stay[..stay.partition_point(|place| place.0 == hash)];
            let count = |what: fn(&What) -> bool| changes.iter().filter(|change| what(&change.what)).count();
            let (before, after) = (count(|what| *what != What::Came), count(|what| *what != What::Went));
            let is_first = |change: &&Change| stay.partition_point(|place| place.1 < change.rank) < EXAMINED;
            let gap = changes.iter().filter(is_first).map(|change| change.what.gap()).min();
            if about(stay.len() + before) == about(stay.len() + after) { gap } else { Some(0) }
        };
        let gaps: FxHashMap<Hash, At> =
            changes.chunk_by(|a, b| a.hash == b.hash).filter_map(|changes| Some((changes[0].hash, gap(changes)?))).collect();
        Some(Changed { hashes: gaps.keys().copied().collect(), gaps })
    }
}

/// What has become of a report of the last build.
enum Fate {
    /// It is no more, or nobody knows what it was.
    Gone,
    Stands(ReportId),
    /// Its text is another one.
    Corrected(Box<Correction>),
}

impl Fate {
    fn stands(&self) -> Option<ReportId> {
        match self {
            Self::Stands(id) => Some(*id),
            _ => None,
        }
    }
}

/// How a report was corrected: somewhere in the middle, while its letters before and behind that are the same.
struct Correction {
    report: ReportId,
    /// How many letters are the same from the beginning on, and from the end.
    same: [At; 2],
    /// How many letters there were, and how many there are.
    length: [At; 2],
    /// For each block that was there the one whose letters these now are; `None` if there are several, or none.
    blocks: Vec<Option<usize>>,
}

impl Correction {
    fn of(report: ReportId, old: &Row, new: &Row) -> Self {
        let rest = old.letters.len().min(new.letters.len());
        let begin = old.letters.iter().zip(&new.letters).take_while(|(a, b)| a == b).count();
        let both = old.letters.iter().rev().zip(new.letters.iter().rev()).take(rest - begin);
        let end = both.take_while(|(a, b)| a == b).count();
        let length = [old, new].map(|row| row.letters.len() as At);
        let mut correction = Self { report, same: [begin as At, end as At], length, blocks: Vec::new() };
        let block = |range: Range<At>| {
            let [begin, end] = correction.same;
            let kept = [range.start..range.end.min(begin), range.start.max(length[0] - end)..range.end];
            let ends = kept.into_iter().filter(|kept| !kept.is_empty()).flat_map(|kept| [kept.start, kept.end - 1]);
            let mut blocks = ends.map(|at| new.block_at(correction.moved(at)));
            let first = blocks.next()?;
            blocks.all(|block| block == first).then_some(first)
        };
        correction.blocks = old.blocks().map(block).collect();
        correction
    }

    /// Where a letter now stands that is the same as it was.
    fn moved(&self, at: At) -> At {
        if at < self.same[0] { at } else { at + self.length[1] - self.length[0] }
    }

    /// Where a picked place of the old text now stands, and how many letters from what has changed. `None` if it has changed itself.
    fn place(&self, at: At) -> Option<(At, At)> {
        let ([begin, end], [length, _]) = (self.same, self.length);
        let gap = begin.checked_sub(at + LENGTH as At).or_else(|| at.checked_sub(length - end))?;
        Some((self.moved(at), gap))
    }
}

/// A picked place that came, or went, or stands in a report that was corrected elsewhere. In the order of hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Change {
    hash: Hash,
    rank: usize,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Went,
    Came,
    /// So many letters from what has changed.
    Stands {
        gap: At,
    },
}

impl What {
    fn gap(self) -> At {
        match self {
            Self::Went | Self::Came => 0,
            Self::Stands { gap } => gap,
        }
    }
}

/// The places of which a change shows.
struct Changed {
    hashes: Wanted,
    /// How many letters the change is away from the place, in the nearest case.
    gaps: FxHashMap<Hash, At>,
}

impl Changed {
    /// Whether a report that looks so far from its places can see from this one that something has changed.
    fn shows(&self, hash: Hash, reach: At) -> bool {
        self.hashes.contains(hash) && self.gaps.get(&hash).is_some_and(|&gap| gap <= reach)
    }
}

/// Where a place of the last build now is, if it is the same.
fn now(place: &Place, fates: &[Fate]) -> Option<Place> {
    match &fates[place.report.0 as usize] {
        Fate::Gone => None,
        Fate::Stands(report) => Some(Place { report: *report, ..*place }),
        Fate::Corrected(correction) => Some(Place { report: correction.report, block: (*correction.blocks.get(place.block)?)? }),
    }
}

/// What of the last build still stands.
pub struct Stale {
    /// For each report which of the last build it is; `None` if it is to be looked at again.
    origins: Vec<Option<ReportId>>,
    /// For each report of the last build what has become of it.
    fates: Vec<Fate>,
}

impl Stale {
    /// The hashes that the reports have that are to be looked at; `None` for all.
    pub fn wanted(&self, archive: &Archive, digests: &Digests) -> Option<Wanted> {
        let stale = || archive.reports.iter().zip(&self.origins).filter(|(_, origin)| origin.is_none()).map(|(report, _)| report);
        (stale().count() * SOME < self.origins.len()).then(|| stale().flat_map(|report| digests.get(report).picks.hashes()).collect())
    }

    /// What each report shares, and how far was looked for it: what the last build found, or what `find` does.
    pub fn renew(self, last: Memory, find: impl Fn(ReportId) -> Looked + Sync) -> (Vec<Reuse>, Vec<At>) {
        let mut found = Arc::try_unwrap(last.found).unwrap_or_else(|shared| (*shared).clone());
        let kept: Vec<Option<Looked>> = (self.origins.iter())
            .map(|origin| origin.map(|ReportId(old)| old as usize))
            .map(|origin| origin.map(|old| Looked { reuse: std::mem::take(&mut found[old]), reach: last.reach[old] }))
            .collect();
        let renew = |(id, kept): (usize, Option<Looked>)| {
            let Some(Looked { mut reuse, reach }) = kept else {
                let Looked { reuse, reach } = find(ReportId(id as u32));
                return (reuse, reach);
            };
            for place in reuse.passages.iter_mut().flat_map(|passage| &mut passage.places) {
                *place = now(place, &self.fates).unwrap_or(*place);
            }
            (reuse, reach)
        };
        kept.into_par_iter().enumerate().map(renew).unzip()
    }
}

fn write<S: Serializer>(found: &Arc<Vec<Reuse>>, serializer: S) -> Result<S::Ok, S::Error> {
    found.as_slice().serialize(serializer)
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Vec<Reuse>>, D::Error> {
    Vec::deserialize(deserializer).map(Arc::new)
}
