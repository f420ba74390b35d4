//! `.huibian.lock.json`: who is deploying to a place. It is written only where there is none, and goes when the deployment ends; while it is
//! there, other machines are kept out.
//!
//! A deployment that is killed leaves it behind. The same desk (an archive's site on a machine) knows its own and goes on; others
//! need somebody to say that it is a dead one's. Nothing is concluded from clocks.
#![allow(clippy::disallowed_methods)] // looks at the environment and the clock

use serde::{Deserialize, Serialize};

use crate::deploy::problem::{self, Problem};
use crate::deploy::transfer::Place;

pub const LOCK: &str = ".huibian.lock.json";

/// Held until it is dropped.
pub struct Lock<'a> {
    place: &'a Place<'a>,
    desk: String,
}

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Holder {
    desk: String,
    machine: String,
    process: u32,
    since: String,
}

impl Lock<'_> {
    /// For the desk of this name, whose deployments do not run at the same time; `force` takes it from whoever holds it.
    ///
    /// # Errors
    /// Somebody else holds it.
    pub fn take<'a>(place: &'a Place<'a>, desk: &str, force: bool) -> Result<Lock<'a>, Problem> {
        let machine = machine().unwrap_or_else(|| "a machine without a name".to_owned());
        let since = jiff::Timestamp::now().strftime("%F %R UTC").to_string();
        let mine = Holder { desk: desk.to_owned(), machine, process: std::process::id(), since };
        let bytes = serde_json::to_vec(&mine).expect("texts and a number are always JSON");
        let lock = Lock { place, desk: desk.to_owned() };
        if place.create(LOCK, bytes.clone())? {
            return Ok(lock);
        }
        match holder(place)? {
            Some(other) if other.desk != desk && !force => Err(problem::locked(&place.name, &other.shown())),
            _ => place.write(LOCK, bytes).map(|()| lock),
        }
    }

    /// # Errors
    /// Somebody has taken it.
    pub fn check(&self) -> Result<(), Problem> {
        match holder(self.place)? {
            Some(holder) if holder.desk == self.desk => Ok(()),
            Some(other) => Err(problem::lock_lost(&self.place.name, &other.shown())),
            None => Err(problem::lock_lost(&self.place.name, "it has ended already")),
        }
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        // On a dead line it stays: the next deployment from here knows it.
        if self.check().is_ok() {
            self.place.remove(LOCK).unwrap_or_default();
        }
    }
}

impl Holder {
    fn shown(&self) -> String {
        format!("on {}, process {}, since {}", self.machine, self.process, self.since)
    }
}

/// Who holds it. A lock that cannot be read is somebody's.
fn holder(place: &Place) -> Result<Option<Holder>, Problem> {
    let Some(bytes) = place.read(LOCK)? else { return Ok(None) };
    let unknown =
        || Holder { desk: String::new(), machine: "an unknown machine".to_owned(), process: 0, since: "an unknown time".to_owned() };
    Ok(Some(serde_json::from_slice(&bytes).unwrap_or_else(|_| unknown())))
}

/// What people call this machine.
fn machine() -> Option<String> {
    #[cfg(unix)]
    let name = Some(rustix::system::uname().nodename().to_string_lossy().into_owned());
    #[cfg(not(unix))]
    let name = std::env::var("COMPUTERNAME").ok();
    name.filter(|name| !name.is_empty())
}
