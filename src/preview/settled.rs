//! Waits until uploads have arrived as a whole: until the sizes and times of all files have stood still for a while.
//!
//! Changes are told by the system, or looked for again and again where it tells none: on network shares (SMB, NFS).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use walkdir::WalkDir;

use crate::preview::changes::{Changes, FILE, WATCHED};
use crate::source::is_junk;

/// How to wait.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For how long nothing may have changed.
    pub settle: Duration,
    /// How often to look; `None`: when the system says that something has changed.
    pub poll: Option<Duration>,
}

/// What a build depends on, as it stood when it was last looked at.
pub struct Settled {
    root: PathBuf,
    patience: Patience,
    changes: Option<Changes>,
    seen: Snapshot,
}

/// Size and time of each file. On Unix the time is the one that no program can set.
type Snapshot = BTreeMap<PathBuf, (u64, Option<SystemTime>, i64)>;

/// While files arrive, they are looked at this often.
const STEP: Duration = Duration::from_millis(500);
/// The system tells of one change many times.
const DEBOUNCE: Duration = Duration::from_millis(200);

impl Settled {
    /// # Errors
    /// The system does not let us watch the archive.
    pub fn of(root: &Path, patience: Patience) -> anyhow::Result<Self> {
        // First the watching, then the look: what happens between the two is seen.
        let changes = if patience.poll.is_some() { None } else { Some(Changes::of(root, DEBOUNCE)?) };
        Ok(Self { root: root.to_owned(), patience, changes, seen: snapshot(root) })
    }

    /// Waits for the next change and until all files stand still; names what has changed, from the root. `None` when there
    /// will be no more changes.
    pub fn wait(&mut self) -> Option<Vec<String>> {
        loop {
            match (&mut self.changes, self.patience.poll) {
                (Some(changes), _) => drop(changes.wait()?),
                (None, poll) => std::thread::sleep(poll.unwrap_or(STEP)),
            }
            let now = self.stand_still();
            // Lock files of office programs and half-copied files come and go without meaning anything.
            if now != self.seen {
                let changed = differing(&self.seen, &now).map(|path| shown(path, &self.root)).collect();
                self.seen = now;
                return Some(changed);
            }
        }
    }

    fn stand_still(&self) -> Snapshot {
        let mut now = snapshot(&self.root);
        if now == self.seen {
            return now;
        }
        let mut since = Instant::now();
        while since.elapsed() < self.patience.settle {
            std::thread::sleep(STEP.min(self.patience.settle));
            let next = snapshot(&self.root);
            if next != now {
                now = next;
                since = Instant::now();
            }
        }
        now
    }
}

fn differing<'s>(old: &'s Snapshot, new: &'s Snapshot) -> impl Iterator<Item = &'s PathBuf> {
    let gone = old.keys().filter(|path| !new.contains_key(*path));
    gone.chain(new.iter().filter(|(path, facts)| old.get(*path) != Some(*facts)).map(|(path, _)| path))
}

fn shown(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned()
}

fn snapshot(root: &Path) -> Snapshot {
    let folders = WATCHED.iter().map(|folder| root.join(folder)).chain([root.join(FILE)]).filter(|path| path.exists());
    let entries = folders.flat_map(|folder| WalkDir::new(folder).into_iter());
    // What goes away while it is looked at, or cannot be looked at, is as good as not there: the next look tells.
    let files = entries.flatten().filter(|entry| entry.file_type().is_file() && !is_junk(&entry.file_name().to_string_lossy()));
    files
        .filter_map(|entry| {
            let metadata = entry.metadata().ok()?;
            let facts = (metadata.len(), metadata.modified().ok(), changed(&metadata));
            Some((entry.into_path(), facts))
        })
        .collect()
}

#[cfg(unix)]
fn changed(metadata: &std::fs::Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    metadata.ctime().wrapping_mul(1_000_000_000).wrapping_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_: &std::fs::Metadata) -> i64 {
    0
}
