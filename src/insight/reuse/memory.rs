//! What the last build found, and what of it still stands.
//!
//! What a report shares is decided by itself, by its neighbours in its region, and by the reports in which each of its picked places also
//! stands: by about how many these are, and by the first [`EXAMINED`] of them. So one more report bears on those that it is a neighbour of, and
//! on those with a place that it is among the first to have, or that it makes one step more frequent. What all others share stands as it was found.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::archive::{Archive, ReportId};
use crate::document::Key;
use crate::insight::digest::Digests;
use crate::insight::reuse::anchors::{Hash, Picks, Wanted};
use crate::insight::reuse::letters::{Letters, address};
use crate::insight::reuse::passages::about;
use crate::insight::reuse::{EXAMINED, Reuse};

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
    pub fn new(reports: Vec<Known>, found: Arc<Vec<Reuse>>) -> Self {
        Self { reports, found }
    }

    /// Which reports are to be looked at again, now that these are there. `digests` has those of the reports that are no more, too.
    pub fn stale(&self, reports: &[Known], letters: &Letters, digests: &Digests) -> Stale {
        let places: FxHashMap<Key, ReportId> = (0..).map(ReportId).zip(reports).map(|(id, report)| (report.address, id)).collect();
        let place = |old: &Known| places.get(&old.address).copied().filter(|id| reports[id.0 as usize].stands(old));
        let moved: Vec<Option<ReportId>> = self.reports.iter().map(place).collect();
        let mut origins = vec![None; reports.len()];
        (0..).map(ReportId).zip(&moved).for_each(|(old, new)| {
            if let Some(new) = new {
                origins[new.0 as usize] = Some(old);
            }
        });
        match self.changed(&moved, &origins, letters, digests) {
            Some(changed) => origins.par_iter_mut().zip(reports).enumerate().for_each(|(id, (origin, report))| {
                let stands = |old: &ReportId| {
                    let (was, found) = (&self.reports[old.0 as usize], &self.found[old.0 as usize]);
                    let new = |old: &ReportId| moved.get(old.0 as usize).copied().flatten();
                    was.near.iter().map(new).eq(report.near.iter().copied().map(Some))
                        && found.passages.iter().flat_map(|passage| &passage.places).all(|place| new(&place.report).is_some())
                        && !letters.picks(letters.rank(ReportId(id as u32))).hashes().any(|hash| changed.contains(hash))
                };
                *origin = origin.filter(stands);
            }),
            None => origins.fill(None),
        }
        Stale { origins, moved }
    }

    /// The hashes of the places of which something shows in every report that has them; `None` if too much has changed, or nobody knows what.
    fn changed(&self, moved: &[Option<ReportId>], origins: &[Option<ReportId>], letters: &Letters, digests: &Digests) -> Option<Wanted> {
        let went = self.reports.iter().zip(moved).filter(|(_, new)| new.is_none()).map(|(old, _)| old);
        let came = (0..letters.order().len()).filter(|&rank| origins[letters.order()[rank].0 as usize].is_none());
        if self.found.len() != self.reports.len() || (went.clone().count() + came.clone().count()) * FEW > origins.len() {
            return None;
        }
        let went: Vec<(usize, &Picks)> =
            went.map(|old| Some((letters.rank_of_address(&old.address), &digests.find(&old.report)?.picks))).collect::<Option<_>>()?;
        let came = came.map(|rank| (rank, letters.picks(rank)));
        // Hash, rank, whether it came.
        let of =
            |is_new: bool| move |(rank, picks): (usize, &Picks)| picks.hashes().map(move |hash| (hash, rank, is_new)).collect::<Vec<_>>();
        let mut changes: Vec<(Hash, usize, bool)> = went.into_iter().flat_map(of(false)).chain(came.flat_map(of(true))).collect();
        changes.sort_unstable();
        let wanted: Wanted = changes.iter().map(|&(hash, ..)| hash).collect();
        let places = letters.places_with(&wanted, |rank| origins[letters.order()[rank].0 as usize].is_some());
        let shows = |changes: &&[(Hash, usize, bool)]| {
            let hash = changes[0].0;
            let stay = &places[places.partition_point(|place| place.0 < hash)..];
            let stay = &stay[..stay.partition_point(|place| place.0 == hash)];
            let came = changes.iter().filter(|(.., is_new)| *is_new).count();
            let is_first = |&(_, rank, _): &(Hash, usize, bool)| stay.partition_point(|place| place.1 < rank) < EXAMINED;
            about(stay.len() + came) != about(stay.len() + changes.len() - came) || changes.iter().any(is_first)
        };
        Some(changes.chunk_by(|a, b| a.0 == b.0).filter(shows).map(|changes| changes[0].0).collect())
    }
}

/// What of the last build still stands.
pub struct Stale {
    /// For each report which of the last build it is; `None` if it is to be looked at again.
    origins: Vec<Option<ReportId>>,
    /// For each report of the last build which one it is now.
    moved: Vec<Option<ReportId>>,
}

impl Stale {
    /// The hashes that the reports have that are to be looked at; `None` for all.
    pub fn wanted(&self, archive: &Archive, digests: &Digests) -> Option<Wanted> {
        let stale = || archive.reports.iter().zip(&self.origins).filter(|(_, origin)| origin.is_none()).map(|(report, _)| report);
        (stale().count() * SOME < self.origins.len()).then(|| stale().flat_map(|report| digests.get(report).picks.hashes()).collect())
    }

    /// What each report shares: what the last build found, or what `find` does.
    pub fn renew(self, last: Memory, find: impl Fn(ReportId) -> Reuse + Sync) -> Vec<Reuse> {
        let mut found = Arc::try_unwrap(last.found).unwrap_or_else(|shared| (*shared).clone());
        let kept: Vec<Option<Reuse>> =
            self.origins.iter().map(|origin| origin.map(|old| std::mem::take(&mut found[old.0 as usize]))).collect();
        let renew = |(id, kept): (usize, Option<Reuse>)| {
            let Some(mut reuse) = kept else { return find(ReportId(id as u32)) };
            for place in reuse.passages.iter_mut().flat_map(|passage| &mut passage.places) {
                place.report = self.moved[place.report.0 as usize].unwrap_or(place.report);
            }
            reuse
        };
        kept.into_par_iter().enumerate().map(renew).collect()
    }
}

fn write<S: Serializer>(found: &Arc<Vec<Reuse>>, serializer: S) -> Result<S::Ok, S::Error> {
    found.as_slice().serialize(serializer)
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Vec<Reuse>>, D::Error> {
    Vec::deserialize(deserializer).map(Arc::new)
}
