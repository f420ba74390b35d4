//! What lies at a place, as far as that is known, and the steps that make it another site.
//!
//! ```text
//! .huibian.json             the site that is deployed, complete
//! .huibian.deploying.json   while a deployment runs: its steps, in order
//! .huibian.progress.json    how many of them are done for certain
//! ```
//!
//! Before the first step its plan is written down. Whoever finds one has come after a deployment that broke off: what its steps did for
//! certain is known, what the others touch is not and is done again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::publish::{FileRecord, MANIFEST, Manifest};
use crate::site::SitePath;

pub const PLAN: &str = ".huibian.deploying.json";
pub const PROGRESS: &str = ".huibian.progress.json";

const FORMAT: &str = "huibian-deployment/1";

/// One file that comes, or goes where there is no record of it.
pub type Step = (SitePath, Option<FileRecord>);

/// A deployment as it is written down before it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    format: String,
    /// What deployments that broke off have done and this one leaves as it is.
    settled: Vec<Step>,
    /// Uploads in the order in which pages need them, the manifest, deletions.
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The hash of the plan as it is written.
    pub plan: String,
    /// Steps of it that are done.
    pub done: usize,
}

/// What lies at a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// As it is written; `None` before the first deployment has ended.
    pub manifest: Option<Vec<u8>>,
    /// Files that are there for certain.
    known: BTreeMap<SitePath, FileRecord>,
    /// Files that may be there, with whatever bytes.
    unknown: BTreeSet<SitePath>,
    /// Its last deployment did not end.
    pub broken_off: bool,
}

impl State {
    /// From the three records, as far as they are there.
    ///
    /// # Errors
    /// The name of the one that is none, and why.
    pub fn read(manifest: Option<Vec<u8>>, plan: Option<&[u8]>, progress: Option<&[u8]>) -> Result<Self, (&'static str, String)> {
        let mut known = match &manifest {
            Some(bytes) => Manifest::from_json(bytes).map_err(|error| (MANIFEST, error.to_string()))?.files,
            None => BTreeMap::new(),
        };
        let Some(written) = plan else { return Ok(Self { manifest, known, ..Self::default() }) };
        let plan: Plan = serde_json::from_slice(written).map_err(|error| (PLAN, error.to_string()))?;
        if plan.format != FORMAT {
            return Err((PLAN, format!("its format is `{}`, not `{FORMAT}`", plan.format)));
        }
        // A record of progress that cannot be read, or is another plan's, says nothing: all is done again.
        let progress = progress.and_then(|bytes| serde_json::from_slice::<Progress>(bytes).ok());
        let done = progress.filter(|progress| progress.plan == hash(written)).map_or(0, |progress| progress.done.min(plan.steps.len()));
        let (done, rest) = plan.steps.split_at(done);
        for (path, record) in plan.settled.iter().chain(done).filter(|(path, _)| path.as_str() != MANIFEST) {
            match record {
                Some(record) => known.insert(path.clone(), record.clone()),
                None => known.remove(path),
            };
        }
        let unknown: BTreeSet<SitePath> = rest.iter().map(|(path, _)| path.clone()).filter(|path| path.as_str() != MANIFEST).collect();
        known.retain(|path, _| !unknown.contains(path));
        Ok(Self { manifest, known, unknown, broken_off: true })
    }

    /// Nothing that huibian knows of lies there.
    pub fn is_new(&self) -> bool {
        self.manifest.is_none() && !self.broken_off
    }
}

/// When a file goes up: what a page needs is there before the page.
pub fn wave(path: &SitePath) -> u8 {
    let path = path.as_str();
    match path.strip_suffix(".gz").or_else(|| path.strip_suffix(".br")).unwrap_or(path) {
        path if path.starts_with("assets/") => 0,
        path if path.ends_with(".html") && !path.starts_with("files/") => 3,
        // The base leads to the other files of the index.
        "search/base.js" => 2,
        _ => 1,
    }
}

impl Plan {
    /// The steps from what lies there to the site with this manifest.
    pub fn new(state: &State, site: &Manifest, manifest: &[u8]) -> Self {
        let mut uploads: Vec<Step> = site
            .files
            .iter()
            .filter(|(path, record)| state.known.get(*path) != Some(*record))
            .map(|(path, record)| (path.clone(), Some(record.clone())))
            .collect();
        uploads.sort_by(|(a, _), (b, _)| (wave(a), a).cmp(&(wave(b), b)));
        let there: BTreeSet<&SitePath> = state.known.keys().chain(&state.unknown).collect();
        let deletions = there.into_iter().filter(|path| !site.files.contains_key(*path)).map(|path| (path.clone(), None));
        let mut steps = uploads;
        if state.manifest.as_deref() != Some(manifest) || state.broken_off {
            let record = FileRecord { hash: hash(manifest), size: manifest.len() as u64 };
            steps.push((SitePath::new(MANIFEST), Some(record)));
        }
        steps.extend(deletions);
        let settled = if state.broken_off { settled(state, &steps) } else { Vec::new() };
        Self { format: FORMAT.to_owned(), settled, steps }
    }

    /// As it is written down.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("lists of texts and numbers are always JSON")
    }
}

/// Where the known files differ from what the manifest at the place says, and no step touches them.
fn settled(state: &State, steps: &[Step]) -> Vec<Step> {
    let listed = state.manifest.as_deref().and_then(|bytes| Manifest::from_json(bytes).ok()).unwrap_or_default().files;
    let touched: BTreeSet<&SitePath> = steps.iter().map(|(path, _)| path).collect();
    let all: BTreeSet<&SitePath> = listed.keys().chain(state.known.keys()).collect();
    let differs = |path: &&SitePath| !touched.contains(*path) && listed.get(*path) != state.known.get(*path);
    all.into_iter().filter(differs).map(|path| (path.clone(), state.known.get(path).cloned())).collect()
}

pub fn hash(bytes: &[u8]) -> String {
    format!("blake3:{}", blake3::hash(bytes).to_hex())
}
