//! Reports that are nearly the same text: found by their shingles, confirmed by laying their sentences side by side.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::archive::{Archive, ReportId};
use crate::insight::compare::{Change, changes};
use crate::insight::sentence::sentences;

/// Two reports of which most is the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Twins {
    /// In the order of their sources and lines.
    pub first: ReportId,
    pub second: ReportId,
    /// Share of the characters that stand in both, 0 to 1.
    pub likeness: f32,
    /// What differs: the earlier's words and the later's; one of them may be empty.
    pub differences: Vec<(String, String)>,
}

/// From this share of characters in common on, two reports are twins.
pub const TWINS: f32 = 0.85;
/// Characters of a shingle: shorter ones occur everywhere, longer ones miss reworded passages.
const SHINGLE: usize = 5;
/// Each band of the signature is one chance for two reports to meet. With a Jaccard likeness of 0.6 two reports meet with a
/// probability of 0.89, with 0.8 of 0.9998.
const BANDS: usize = 16;
const ROWS: usize = 4;
/// Others that a report is compared with: a template filled in a thousand times stays affordable.
const MOST: usize = 3;

type Signature = [u64; BANDS * ROWS];
/// Characters below which a text is too short to say anything.
const SHORTEST: usize = 100;

/// All twins, each pair once.
pub fn twins(archive: &Archive) -> Vec<Twins> {
    let mut order: Vec<ReportId> = archive.iter().map(|(id, _)| id).collect();
    order.sort_by_key(|&id| (archive[id].source, archive[id].document.lines.start));
    let signatures: Vec<Option<Signature>> = order.par_iter().map(|&id| signature(&text(archive, id))).collect();
    let mut bands: BTreeMap<(usize, [u64; ROWS]), Vec<usize>> = BTreeMap::new();
    for (at, signature) in signatures.iter().enumerate() {
        for (band, rows) in signature.iter().flat_map(|signature| signature.as_chunks::<ROWS>().0.iter().enumerate()) {
            bands.entry((band, *rows)).or_default().push(at);
        }
    }
    let mut candidates: BTreeSet<(usize, usize)> = BTreeSet::new();
    for met in bands.values() {
        for (i, &first) in met.iter().enumerate() {
            candidates.extend(met[i + 1..].iter().take(MOST).map(|&second| (first, second)));
        }
    }
    let candidates = nearest(&candidates, &signatures);
    candidates.par_iter().filter_map(|&(first, second)| confirm(archive, order[first], order[second])).collect()
}

/// For each report the few before it whose signatures agree best: laying sentences side by side is what takes time.
fn nearest(met: &BTreeSet<(usize, usize)>, signatures: &[Option<Signature>]) -> Vec<(usize, usize)> {
    let mut of: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for &(first, second) in met {
        if let (Some(a), Some(b)) = (&signatures[first], &signatures[second]) {
            let agree = a.iter().zip(b).filter(|(a, b)| a == b).count();
            if agree * 2 >= a.len() {
                of.entry(second).or_default().push((agree, first));
            }
        }
    }
    let mut pairs = Vec::new();
    for (second, mut firsts) in of {
        firsts.sort_unstable_by(|a, b| b.cmp(a));
        pairs.extend(firsts.into_iter().take(MOST).map(|(_, first)| (first, second)));
    }
    pairs.sort_unstable();
    pairs
}

fn text(archive: &Archive, id: ReportId) -> String {
    archive[id].document.blocks.iter().map(|block| block.text()).collect::<Vec<_>>().join("\n")
}

/// The smallest hash of each residue class: one permutation does the work of many.
fn signature(text: &str) -> Option<Signature> {
    let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    if chars.len() < SHORTEST {
        return None;
    }
    let mut smallest = [u64::MAX; BANDS * ROWS];
    for shingle in chars.windows(SHINGLE) {
        let hash = shingle.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &c| (hash ^ c as u64).wrapping_mul(0x0000_0100_0000_01b3));
        // FNV leaves the low bits of neighbours alike.
        let hash = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let class = (hash >> 58) as usize;
        smallest[class] = smallest[class].min(hash);
    }
    Some(smallest)
}

fn confirm(archive: &Archive, first: ReportId, second: ReportId) -> Option<Twins> {
    let (old, new) = (text(archive, first), text(archive, second));
    let cut = |text| sentences(text).map(str::trim).filter(|sentence| !sentence.is_empty()).collect::<Vec<&str>>();
    let (mut same, mut differences) = (0, Vec::new());
    for change in changes(&cut(&old), &cut(&new)) {
        match change {
            Change::Same(text) => same += 2 * letters(&text),
            Change::Changed { old, new } => {
                same += old.iter().chain(&new).filter(|run| !run.differs).map(|run| letters(&run.text)).sum::<usize>();
                let differing =
                    |runs: Vec<_>| runs.into_iter().filter(|run: &crate::insight::compare::Run| run.differs).map(|run| run.text);
                differences.push((differing(old).collect::<Vec<_>>().join("…"), differing(new).collect::<Vec<_>>().join("…")));
            }
            Change::Gone(text) => differences.push((text, String::new())),
            Change::New(text) => differences.push((String::new(), text)),
        }
    }
    let likeness = same as f32 / (letters(&old) + letters(&new)).max(1) as f32;
    (likeness >= TWINS).then_some(Twins { first, second, likeness, differences })
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}
