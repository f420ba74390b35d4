//! Takes a published site to where readers find it: a folder, or an object store.
//!
//! `public/` ──► [`deploy`] ──► the place
//!
//! Only what differs goes up, in an order in which every page finds what it needs: assets, then everything else, then pages,
//! then the manifest; what is no longer used is deleted last. A deployment that breaks off is known by what it left behind, and the next one goes
//! on from there. A place that holds something else is not touched.

use std::path::Path;

use crate::progress::{Observer, Stage};

mod destination;
mod folder;
mod headers;
mod kept;
mod lock;
#[cfg(feature = "deploy")]
mod objects;
mod plan;
mod problem;
mod store;
#[cfg(test)]
mod tests;
mod transfer;

pub use destination::{Bucket, Destination, Service};
use folder::Folder;
use kept::{Kept, Sound};
use lock::{LOCK, Lock};
use plan::{PLAN, PROGRESS, Plan, State};
pub use problem::Problem;
use store::Store;
use transfer::Place;

use crate::publish::MANIFEST;

/// What to deploy, and how.
pub struct Order<'a> {
    /// The built site.
    pub site: &'a Path,
    /// The archive, if there is one.
    pub root: Option<&'a Path>,
    pub destination: &'a Destination,
    /// Put back what was deployed before.
    pub rollback: bool,
    /// Only say what would be done.
    pub dry_run: bool,
    /// The place may hold files that huibian did not put there.
    pub take_over: bool,
    /// The lock at the place is that of a deployment which is dead.
    pub break_lock: bool,
}

/// What a deployment did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deployed {
    /// In their order, with their sizes.
    pub uploads: Vec<(String, u64)>,
    pub deletions: Vec<String>,
    /// Files that were there already.
    pub as_before: usize,
    /// An earlier deployment had broken off; this one went on from there.
    pub resumed: bool,
}

/// Makes the place hold the site.
///
/// # Errors
/// The site is not what its manifest says, or the place does not take it. What had gone up by then is recorded there.
pub fn deploy(order: &Order, observer: &dyn Observer) -> Result<Deployed, Problem> {
    let name = order.destination.to_string();
    let store = open(order)?;
    let place = Place { store: &*store, name };
    let state = look(&place, order.take_over)?;
    let kept = Kept::open(order.site, order.destination)?;
    let (site, is_old) = if order.rollback { earlier(&kept, &state, &place.name)? } else { (next(&kept, order)?, false) };
    let manifest = &site.published.manifest;
    let plan = Plan::new(&state, manifest, &site.published.bytes);
    let is_upload = |path: &str| path != MANIFEST;
    let uploads: Vec<(String, u64)> = plan
        .steps
        .iter()
        .filter_map(|(path, record)| Some((path.to_string(), record.as_ref()?.size)))
        .filter(|(path, _)| is_upload(path))
        .collect();
    let deployed = Deployed {
        as_before: manifest.files.len() - uploads.len(),
        deletions: plan.steps.iter().filter(|(_, record)| record.is_none()).map(|(path, _)| path.to_string()).collect(),
        uploads,
        resumed: state.broken_off,
    };
    if order.dry_run {
        return Ok(deployed);
    }
    if !plan.steps.is_empty() {
        let lock = Lock::take(&place, &kept.desk()?, order.break_lock)?;
        // Until the lock was there, another deployment may have ended.
        if look(&place, true)? != state {
            return Err(problem::changed_meanwhile(&place.name));
        }
        place.store.tidy().map_err(|fault| problem::store("tidy", "/", &place.name, &fault))?;
        observer.begin(Stage::Deploy, plan.steps.len());
        transfer::run(&plan, &site.folder, &place, &|| observer.step(), &|| lock.check())?;
    }
    match (order.rollback, is_old) {
        (false, _) => kept.settle(&site)?,
        (true, true) => kept.swap()?,
        (true, false) => {}
    }
    Ok(deployed)
}

fn open(order: &Order) -> Result<Box<dyn Store>, Problem> {
    match order.destination {
        Destination::Folder(folder) => Ok(Box::new(Folder::open(folder, order.site, order.root)?)),
        #[cfg(feature = "deploy")]
        Destination::Objects(bucket) => Ok(Box::new(objects::Objects::open(bucket)?)),
        #[cfg(not(feature = "deploy"))]
        Destination::Objects(_) => Err(problem::without_stores(&order.destination.to_string())),
    }
}

/// What lies at the place.
fn look(place: &Place, take_over: bool) -> Result<State, Problem> {
    let manifest = place.read(MANIFEST)?;
    let plan = place.read(PLAN)?;
    let progress = if plan.is_some() { place.read(PROGRESS)? } else { None };
    match State::read(manifest, plan.as_deref(), progress.as_deref()) {
        Ok(state) if state.is_new() && !take_over => match place.store.is_empty_but_for(LOCK) {
            Ok(true) => Ok(state),
            Ok(false) => Err(problem::not_ours(&place.name)),
            Err(fault) => Err(problem::store("list", "/", &place.name, &fault)),
        },
        Ok(state) => Ok(state),
        Err((name, why)) => Err(problem::unreadable_record(&place.name, name, &why)),
    }
}

/// The built site, verified.
fn next(kept: &Kept, order: &Order) -> Result<Sound, Problem> {
    if order.dry_run { kept::sound(order.site) } else { kept.take(order.site) }
}

/// The site to go back to, and whether it is the one before the last: a deployment that broke off is taken back to the last that
/// ended.
fn earlier(kept: &Kept, state: &State, name: &str) -> Result<(Sound, bool), Problem> {
    let nothing = |why: &str| problem::nothing_to_go_back_to(name, why);
    let now = kept.now().ok_or_else(|| nothing("nothing has been deployed there from here"))?;
    let now = kept::sound(&now)?;
    if state.broken_off {
        return Ok((now, false));
    }
    if state.manifest.as_ref() != Some(&now.published.bytes) {
        return Err(nothing("what is deployed there is not what was last deployed from here"));
    }
    let before = kept.before().ok_or_else(|| nothing("only one site has been deployed there from here"))?;
    Ok((kept::sound(&before)?, true))
}
