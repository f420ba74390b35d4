//! Does the steps of a plan, several at a time, and records how far it has come.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::deploy::headers::Headers;
use crate::deploy::plan::{PLAN, PROGRESS, Plan, Progress, Step, hash};
use crate::deploy::problem::{self, Problem};
use crate::deploy::store::Store;
use crate::publish::MANIFEST;

/// Steps of each thread after which the progress is recorded: at most so many are done twice after a deployment that broke off.
const ROUNDS: usize = 12;

/// A place and what it is called.
pub struct Place<'a> {
    pub store: &'a dyn Store,
    pub name: String,
}

impl Place<'_> {
    pub fn read(&self, key: &str) -> Result<Option<Vec<u8>>, Problem> {
        self.store.read(key).map_err(|fault| problem::store("read", key, &self.name, &fault))
    }

    /// A record that huibian keeps for itself.
    pub fn write(&self, key: &str, bytes: Vec<u8>) -> Result<(), Problem> {
        self.upload(key, bytes, &Headers::record())
    }

    /// The same, only where there is none; whether there was none.
    pub fn create(&self, key: &str, bytes: Vec<u8>) -> Result<bool, Problem> {
        self.store.create(key, bytes, &Headers::record()).map_err(|fault| problem::store("write", key, &self.name, &fault))
    }

    fn upload(&self, key: &str, bytes: Vec<u8>, headers: &Headers) -> Result<(), Problem> {
        self.store.write(key, bytes, headers).map_err(|fault| problem::store("write", key, &self.name, &fault))
    }

    pub fn remove(&self, key: &str) -> Result<(), Problem> {
        self.store.remove(key).map_err(|fault| problem::store("remove", key, &self.name, &fault))
    }
}

/// Takes the files of `site` to the place. `step` is called after each; `may_go_on` is asked before every stretch.
pub fn run(
    plan: &Plan,
    site: &Path,
    place: &Place,
    step: &(dyn Fn() + Sync),
    may_go_on: &dyn Fn() -> Result<(), Problem>,
) -> Result<(), Problem> {
    let written = plan.to_json();
    let name = hash(&written);
    place.write(PLAN, written)?;
    let mut done = 0;
    let width = place.store.width();
    for stretch in stretches(&plan.steps, width * ROUNDS) {
        let outcome = may_go_on().and_then(|()| {
            together(width, stretch, |one| {
                act(one, site, place)?;
                step();
                Ok(())
            })
        });
        outcome.map_err(|problem| problem::broken_off(problem, done, plan.steps.len()))?;
        done += stretch.len();
        let progress = Progress { plan: name.clone(), done };
        let progress = serde_json::to_vec(&progress).expect("a text and a number are always JSON");
        place.write(PROGRESS, progress).map_err(|problem| problem::broken_off(problem, done, plan.steps.len()))?;
    }
    // In this order: progress without a plan says nothing.
    place.remove(PLAN)?;
    place.remove(PROGRESS)
}

fn act((path, record): &Step, site: &Path, place: &Place) -> Result<(), Problem> {
    let path = path.as_str();
    if record.is_none() {
        return place.remove(path);
    }
    let file = site.join(path);
    #[allow(clippy::disallowed_methods, reason = "reads what is deployed")]
    let bytes = std::fs::read(&file).map_err(|error| problem::damaged_site(site, &format!("{path}: {error}")))?;
    let headers = Headers::of(path, &bytes);
    place.upload(path, bytes, &headers)
}

/// Steps that may be done in any order. What differs in rank never shares one: pages come after what they need, the manifest after
/// all pages, and nothing goes before that.
fn stretches(steps: &[Step], length: usize) -> impl Iterator<Item = &[Step]> {
    let rank = |(path, record): &Step| match (path.as_str(), record) {
        (_, None) => 5,
        (MANIFEST, _) => 4,
        _ => super::plan::wave(path),
    };
    steps.chunk_by(move |a, b| rank(a) == rank(b)).flat_map(move |same| same.chunks(length))
}

/// Does all, `width` at a time. After the first that fails no other is begun.
fn together<T: Sync>(width: usize, all: &[T], act: impl Fn(&T) -> Result<(), Problem> + Sync) -> Result<(), Problem> {
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let failed: Mutex<BTreeMap<usize, Problem>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..width.min(all.len()) {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(one) = all.get(at) else { break };
                    if let Err(problem) = act(one) {
                        stop.store(true, Ordering::Relaxed);
                        failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(at, problem);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    failed.into_values().next().map_or(Ok(()), Err)
}
