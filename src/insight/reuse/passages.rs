//! From picked places to passages: what is the same around two places, to the left and to the right.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::archive::{Archive, ReportId};
use crate::classify::RegionId;
use crate::insight::reuse::anchors::{self, Anchors, Hash, LENGTH};
use crate::insight::reuse::letters::{At, Letters};
use crate::insight::reuse::{EXAMINED, Kind, Passage, Place, Reuse, SET_REGIONS, SHORTEST, SHOWN, TOLD};

/// Reports of the same region that are always looked at.
const OWN: usize = 4;
/// Places of a passage that are asked how often they stand elsewhere, at most.
const ASKED: usize = 4;
/// Share of a passage that another report must hold to be named.
const COVERED: (usize, usize) = (4, 5);

/// Finds what single reports share.
pub struct Finder<'a> {
    pub archive: &'a Archive,
    pub letters: &'a Letters<'a>,
    pub anchors: &'a Anchors,
    /// For each report its neighbours, as [`neighbours`] tells them.
    pub near: &'a [Vec<ReportId>],
}

/// For each report those of the same region that are always looked at: [`OWN`] at most, the nearest in the region's order.
pub fn neighbours(archive: &Archive) -> Vec<Vec<ReportId>> {
    let mut own: BTreeMap<RegionId, Vec<ReportId>> = BTreeMap::new();
    for (id, report) in archive.iter() {
        if let Some(region) = report.labels.placement.region() {
            own.entry(region).or_default().push(id);
        }
    }
    let mut near = vec![Vec::new(); archive.reports.len()];
    for reports in own.values() {
        for (at, id) in reports.iter().enumerate() {
            let around = at.saturating_sub(OWN)..reports.len().min(at + OWN + 1);
            let mut others: Vec<usize> = around.filter(|&other| other != at).collect();
            others.sort_by_key(|&other| (other.abs_diff(at), other));
            near[id.0 as usize] = others.into_iter().take(OWN).map(|other| reports[other]).collect();
        }
    }
    near
}

/// The same letters here and there.
struct Match {
    here: Range<At>,
    there: At,
    report: ReportId,
    /// It is one of the first that have the place, which is by chance; a neighbour is none.
    is_sample: bool,
}

/// Some of those who have the commonest place of a passage.
struct Sample {
    /// About how many other places there are like it.
    others: usize,
    /// How many of them were looked at.
    size: usize,
    /// Whether all were who have one or another place of the passage.
    is_all: bool,
}

/// What was learnt of one report.
pub struct Looked {
    pub reuse: Reuse,
    /// Letters of the longest match that was looked at, and [`SHORTEST`] at least: what differs farther from a place was not seen from there.
    pub reach: At,
}

/// A passage in letters.
struct Found {
    here: Range<At>,
    kind: Kind,
    places: Vec<(ReportId, At)>,
    others: usize,
    about: bool,
}

/// The steps in which estimates are told, so that they stay when one more is there: 10, 20, 30, 50, 70, 100, 200, …
const STEPS: [usize; 6] = [1, 2, 3, 5, 7, 10];

/// The step below a number and the one above it; below ten every number is one.
fn steps(number: usize) -> (usize, usize) {
    let power = 10_usize.pow(number.max(1).ilog10());
    let two = STEPS.windows(2).rev().map(|two| (two[0] * power, two[1] * power)).find(|(below, _)| *below <= number);
    two.filter(|_| power > 1).unwrap_or((number, number))
}

/// As an estimate is told: never more than it is.
fn rounded(estimate: usize) -> usize {
    steps(estimate).0
}

/// About how many places these are: the same for one more or less, unless that is the one that makes the next step.
pub fn about(places: usize) -> usize {
    let (below, above) = steps(places);
    below.midpoint(above)
}

/// Letters that are compared at a time.
const AT_ONCE: usize = 16;

fn same_at_start(a: &[u16], b: &[u16]) -> usize {
    let whole = a.chunks_exact(AT_ONCE).zip(b.chunks_exact(AT_ONCE)).take_while(|(a, b)| a == b).count() * AT_ONCE;
    whole + a[whole..].iter().zip(&b[whole..]).take_while(|(a, b)| a == b).count()
}

fn same_at_end(a: &[u16], b: &[u16]) -> usize {
    let whole = a.rchunks_exact(AT_ONCE).zip(b.rchunks_exact(AT_ONCE)).take_while(|(a, b)| a == b).count() * AT_ONCE;
    let rest = |row: &[u16]| row.len() - whole;
    whole + a[..rest(a)].iter().rev().zip(b[..rest(b)].iter().rev()).take_while(|(a, b)| a == b).count()
}

impl Finder<'_> {
    fn region(&self, id: ReportId) -> Option<RegionId> {
        self.archive[id].labels.placement.region()
    }

    /// What stands for a report's region; one without a region stands for itself.
    fn home(&self, id: ReportId) -> Result<RegionId, ReportId> {
        self.region(id).ok_or(id)
    }

    /// What a report shares with others.
    pub fn report(&self, id: ReportId) -> Looked {
        let mine = self.letters.range(self.letters.rank(id));
        let mut reach = SHORTEST as At;
        let mut found: Vec<Found> = Vec::new();
        let places: Vec<(Hash, At)> =
            self.letters.picks(self.letters.rank(id)).places().map(|(hash, at)| (hash, mine.start + at)).collect();
        for (i, &(hash, at)) in places.iter().enumerate() {
            // An anchor that leans out of the last passage by a few letters would hardly show anything new.
            let is_covered = found.last().is_some_and(|last| at + LENGTH as At / 2 <= last.here.end);
            let like = if is_covered { &[] } else { self.anchors.like(hash) };
            if like.len() < 2 {
                continue;
            }
            let mut matches = self.matches(id, at, like);
            let Some(longest) = matches.iter().max_by_key(|found| (found.here.len(), Reverse(found.there))) else { continue };
            let here = longest.here.clone();
            reach = reach.max(here.len() as At);
            if found.last().is_some_and(|last| here.end <= last.here.end) {
                continue;
            }
            // Whoever has the passage has these places.
            let common: Vec<usize> = anchors::picked_within(&places, mine.start, &here).collect();
            let asked = common.iter().step_by(common.len().div_ceil(ASKED).max(1)).map(|&i| (places[i].1, self.anchors.like(places[i].0)));
            let asked: Vec<(At, &[At])> = asked.collect();
            // Those who share nearly all of it are best found where most have the same.
            let most = asked.iter().max_by_key(|(at, like)| (about(like.len()), Reverse(*at))).map_or((at, like), |&most| most);
            let is_common = common.contains(&i);
            if !is_common || about(most.1.len()) > about(like.len()) {
                // These say nothing of how many of the many have it.
                matches.iter_mut().for_each(|found| found.is_sample = false);
                matches.extend(self.matches(id, most.0, most.1));
                reach = matches.iter().map(|found| found.here.len() as At).fold(reach, At::max);
            }
            let sample = Sample {
                others: about(most.1.len()).saturating_sub(1),
                size: most.1.iter().take(EXAMINED).filter(|place| !mine.contains(place)).count(),
                is_all: most.1.len() <= EXAMINED || is_common && like.len() <= EXAMINED,
            };
            // A longer passage may begin before what was found up to here.
            while found.last().is_some_and(|last| here.start <= last.here.start) {
                found.pop();
            }
            let asked: Vec<&[At]> = asked.into_iter().map(|(_, like)| like).collect();
            found.push(self.passage(id, here, matches, &asked, &sample));
        }
        Looked { reuse: self.told(id, found), reach }
    }

    /// What is the same around a picked place of a report and around those of `like`, all that have its letters: around some of
    /// them where there are many, and around those of the report's neighbours.
    fn matches(&self, id: ReportId, at: At, like: &[At]) -> Vec<Match> {
        let near = &self.near[id.0 as usize];
        let own = near.iter().filter(|_| like.len() > EXAMINED).filter_map(|&other| {
            let range = self.letters.range(self.letters.rank(other));
            let first = like.partition_point(|&place| place < range.start);
            like.get(first).copied().filter(|there| range.contains(there))
        });
        let some = like.iter().take(EXAMINED).map(|&there| (there, true));
        let all = some.chain(own.map(|there| (there, false)));
        all.filter_map(|(there, is_sample)| Some(Match { is_sample, ..self.extend(self.letters.rank(id), at, there)? })).collect()
    }

    /// What `matches` say of the passage `here`. `asked` are those like some of the places that all have who have it; `sample` says how
    /// those were looked at of which there are most.
    fn passage(&self, id: ReportId, here: Range<At>, mut matches: Vec<Match>, asked: &[&[At]], sample: &Sample) -> Found {
        let enough = here.len() * COVERED.0 / COVERED.1;
        matches.retain(|found| found.here.end.min(here.end).saturating_sub(found.here.start.max(here.start)) as usize >= enough);
        let sampled = matches.iter().filter(|found| found.is_sample).map(|found| found.report).collect::<BTreeSet<_>>().len();
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
        // What some say of all; whoever holds a passage holds the rarest of its places, too.
        let rarest = asked.iter().map(|like| about(like.len()).saturating_sub(1)).min().unwrap_or(0);
        let estimate = if sample.others < EXAMINED { 0 } else { rounded((sample.others * sampled / sample.size.max(1)).min(rarest)) };
        let others = estimate.max(matches.len());
        let is_certain = sample.is_all || others >= rarest;
        matches.sort_by_key(|found| (!is_own(found), Reverse(found.here.len()), found.report));
        let begin = |found: &Match| found.there + here.start.saturating_sub(found.here.start);
        let places = matches.iter().take(SHOWN).map(|found| (found.report, begin(found))).collect();
        Found { kind, places, others, about: others > matches.len() || !is_certain, here }
    }

    /// Whether many regions have these letters.
    fn is_common(&self, id: ReportId, like: &[At]) -> bool {
        if like.len() < SET_REGIONS {
            return false;
        }
        let mut homes = vec![self.home(id)];
        for &place in like.iter().take(EXAMINED) {
            let home = self.home(self.letters.order()[self.letters.rank_at(place)]);
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
    fn extend(&self, mine: usize, here: At, there: At) -> Option<Match> {
        let theirs = self.letters.rank_at(there);
        if theirs == mine {
            return None;
        }
        let split = |rank: usize, at: At| self.letters.row(rank).split_at((at - self.letters.range(rank).start) as usize);
        let ((before, after), (before_there, after_there)) = (split(mine, here), split(theirs, there));
        let left = same_at_end(before, before_there) as At;
        let right = same_at_start(after, after_there) as At;
        let found = here - left..here + right;
        (found.len() >= SHORTEST).then(|| Match {
            here: found,
            there: there - left,
            report: self.letters.order()[theirs],
            is_sample: false,
        })
    }

    /// The passages that are told, in the order of the text, with their places in it.
    fn told(&self, id: ReportId, mut found: Vec<Found>) -> Reuse {
        let untold = found.len().saturating_sub(TOLD);
        if untold > 0 {
            found.sort_by_key(|one| (one.kind == Kind::SetPhrase, Reverse(one.here.len()), one.here.start));
            found.truncate(TOLD);
            found.sort_by_key(|one| one.here.start);
        }
        let rank = self.letters.rank(id);
        let first = self.letters.range(rank).start;
        let starts: Vec<At> = found.iter().map(|one| one.here.start - first).collect();
        // Both rise, for none holds another. An end stands behind its last letter, however many blanks follow.
        let lasts: Vec<At> = found.iter().map(|one| one.here.end - 1 - first).collect();
        let (starts, lasts) = (self.letters.points(rank, &starts), self.letters.points(rank, &lasts));
        let blocks = &self.archive[id].document.blocks;
        let passages = found.into_iter().zip(starts.into_iter().zip(lasts)).map(|(found, (from, mut to))| {
            let text = super::words(&blocks[to.block]);
            to.byte += text[to.byte..].chars().next().map_or(0, char::len_utf8);
            let places = found.places.iter().map(|&(report, at)| Place { report, block: self.letters.block_at(at) });
            let Found { kind, others, about, .. } = found;
            Passage { from, to, letters: found.here.len(), kind, places: places.collect(), others, about }
        });
        Reuse { passages: passages.collect(), untold }
    }
}
