//! Waits until something under `content/`, `themes/` or `config.toml` changes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use anyhow::Context;
use notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

/// What is watched below the archive's root. The output folder is not: writing it must not start another build.
pub(super) const WATCHED: [&str; 2] = ["content", "themes"];
pub(super) const FILE: &str = "config.toml";

/// The changes of an archive, from the moment on that this is made.
pub struct Changes {
    root: PathBuf,
    debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
    events: Receiver<DebounceEventResult>,
    /// Which of [`WATCHED`] exist; the others are looked for after each change.
    watched: BTreeSet<&'static str>,
}

impl Changes {
    /// Changes are told once nothing more has happened for `quiet`.
    ///
    /// # Errors
    /// The system does not let us watch the archive.
    pub fn of(root: &Path, quiet: Duration) -> anyhow::Result<Self> {
        let root = root.canonicalize().with_context(|| format!("cannot find `{}`", root.display()))?;
        let (sender, events) = mpsc::channel();
        // The receiver is gone only when the program is ending: nobody needs the event then.
        let mut debouncer = new_debouncer(quiet, None, move |event| drop(sender.send(event))).context("cannot watch for changes")?;
        debouncer.watch(&root, RecursiveMode::NonRecursive).with_context(|| format!("cannot watch `{}` for changes", root.display()))?;
        let mut changes = Self { root, debouncer, events, watched: BTreeSet::new() };
        changes.watch_folders()?;
        Ok(changes)
    }

    /// Waits for the next change, and names what has changed, from the root; `None` when there will be no more.
    pub fn wait(&mut self) -> Option<Vec<String>> {
        loop {
            let first = self.events.recv().ok()?;
            let changed = self.told(Some(first));
            if !changed.is_empty() {
                return Some(changed);
            }
        }
    }

    /// What has changed since the last time that it was asked.
    pub fn so_far(&mut self) -> Vec<String> {
        self.told(None)
    }

    /// What these events tell, and those that wait.
    fn told(&mut self, first: Option<DebounceEventResult>) -> Vec<String> {
        let mut changed = BTreeSet::new();
        for result in first.into_iter().chain(self.events.try_iter()) {
            match result {
                Ok(events) => {
                    let written = events.iter().filter(|event| !event.kind.is_access() || event.need_rescan());
                    changed.extend(written.flat_map(|event| &event.paths).filter_map(|path| self.concerns_us(path)));
                }
                Err(errors) => errors.iter().for_each(|error| anstream::eprintln!("warning: watching for changes: {error}")),
            }
        }
        if !changed.is_empty()
            && let Err(error) = self.watch_folders()
        {
            anstream::eprintln!("warning: {error:#}");
        }
        changed.into_iter().collect()
    }

    /// The path from the root, if a build depends on it.
    fn concerns_us(&self, path: &Path) -> Option<String> {
        let relative = path.strip_prefix(&self.root).ok()?;
        let first = relative.components().next()?.as_os_str();
        let ours = first == FILE || WATCHED.iter().any(|folder| first == *folder);
        ours.then(|| relative.to_string_lossy().into_owned())
    }

    fn watch_folders(&mut self) -> anyhow::Result<()> {
        for folder in WATCHED {
            let path = self.root.join(folder);
            if !path.is_dir() {
                self.watched.remove(folder);
            } else if self.watched.insert(folder) {
                self.debouncer
                    .watch(&path, RecursiveMode::Recursive)
                    .with_context(|| format!("cannot watch `{folder}/` for changes (Linux: raise fs.inotify.max_user_watches)"))?;
            }
        }
        Ok(())
    }
}
