//! Lays out the new site beside the old one. What has not changed is linked, not written; where there is a mirror of the old
//! site, it is there already.
#![allow(clippy::disallowed_methods)] // writes files

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;
use crate::progress::Observer;
use crate::publish::manifest::{FileRecord, MANIFEST, Manifest, Published};
use crate::publish::memory::{IndexMemory, Memory};
use crate::publish::mirror::{self, Difference, Mirror};
use crate::publish::problem::Problem;
use crate::publish::target::Target;
use crate::publish::{Written, compress, foreign, problem};
use crate::search::update::Last;
use crate::search::{Built, IndexKey};
use crate::site::{Entry, PageKey, Site, SitePath};
use crate::source::SourcePath;

/// The longest name that common file systems take, in bytes.
const LONGEST_NAME: usize = 255;

/// The new site, complete, where [`Target::staging`] says.
pub struct Staged {
    pub written: Written,
    /// The manifest as it is written.
    pub manifest: Vec<u8>,
    /// What it was made from.
    pub memory: Memory,
    /// From the old site.
    pub difference: Difference,
    /// Files that huibian did not write; `None` where the disk knows no links, so that a mirror would be a copy.
    pub foreign: Option<Vec<PathBuf>>,
}

impl Staged {
    /// Nothing has changed: there is nothing to switch to.
    pub fn is_the_old_site(&self) -> bool {
        self.written.files_written == 0 && self.written.files_removed == 0
    }
}

/// Renders and writes what differs from the old site, links the rest, and looks over the result.
pub fn lay_out(
    site: &Site,
    root: &Path,
    target: &Target,
    old: Option<&Published>,
    memory: &Memory,
    mirror: Option<&Mirror>,
    observer: &dyn Observer,
) -> Result<Staged, Vec<Diagnostic>> {
    let layout = Layout {
        site,
        content: root.join("content"),
        staging: target.staging(),
        folder: target.folder.clone(),
        old,
        memory,
        mirror,
        has_copies: AtomicBool::new(false),
    };
    layout.make_room().map_err(|problem| vec![*problem])?;
    let key = site.index_key();
    let pages = || -> Vec<Outcome> {
        let written = site.entries.par_iter().map(|(path, entry)| {
            let outcome = layout.write(path, entry);
            observer.step();
            (path.clone(), outcome)
        });
        written.collect()
    };
    let (mut outcomes, (index, index_memory)) = rayon::join(pages, || layout.write_index(key));
    let mut made = Memory { index: Some(index_memory), compressed: site.config.compress, ..Memory::default() };
    outcomes.extend(index);
    if site.config.compress {
        let copies: Vec<Outcome> = outcomes.par_iter().flat_map_iter(|(path, laid)| layout.compress(path, laid)).collect();
        outcomes.extend(copies);
    }
    let mut problems = Vec::new();
    let mut files = BTreeMap::new();
    let mut unchanged = Vec::new();
    let mut difference = Difference::default();
    let mut written = Written::default();
    for (path, outcome) in outcomes {
        let is_page = path.as_str().ends_with(".html");
        match outcome {
            Ok(Laid { record, is_new, key }) => {
                if let Some(key) = key {
                    made.pages.insert(path.clone(), key);
                }
                written.files += 1;
                written.pages += usize::from(is_page);
                if is_new {
                    written.files_written += 1;
                    written.pages_written += usize::from(is_page);
                    written.bytes_written += record.size;
                    difference.written.push(path.clone());
                } else {
                    unchanged.push(path.clone());
                }
                files.insert(path, record);
            }
            Err(problem) => problems.push(*problem),
        }
    }
    if !problems.is_empty() {
        return Err(one_of_each(problems));
    }
    let manifest = Manifest::new(files);
    let old_paths = old.iter().flat_map(|old| old.manifest.files.keys());
    difference.removed = old_paths.filter(|path| !manifest.files.contains_key(path)).cloned().collect();
    written.files_removed = difference.removed.len();
    let mut staged = Staged { written, manifest: manifest.to_json(), memory: made, difference, foreign: None };
    if old.is_none() || !staged.is_the_old_site() {
        let foreign = layout.complete(&staged, &unchanged, &manifest).map_err(|problem| vec![*problem])?;
        staged.written.files_kept = foreign.len();
        staged.foreign = (!layout.has_copies.into_inner()).then_some(foreign);
    }
    Ok(staged)
}

struct Layout<'a> {
    site: &'a Site,
    content: PathBuf,
    staging: PathBuf,
    folder: PathBuf,
    old: Option<&'a Published>,
    memory: &'a Memory,
    /// What `staging` holds to begin with.
    mirror: Option<&'a Mirror>,
    /// A file of the old site could not be linked.
    has_copies: AtomicBool,
}

/// What became of an address.
type Outcome = (SitePath, Result<Laid, Problem>);

/// A file of the new site.
struct Laid {
    record: FileRecord,
    /// It was written; otherwise the old site has it.
    is_new: bool,
    key: Option<PageKey>,
}

impl Layout<'_> {
    /// Clears away pages and uploads that are no more: what was a file may be a folder now.
    fn make_room(&self) -> Result<(), Problem> {
        let Some(old) = self.old.filter(|_| self.mirror.is_some()) else { return Ok(()) };
        let is_there = |path: &str| path.starts_with("search/") || self.site.entries.contains_key(&SitePath::new(path));
        let is_copy = |path: &str| compress::SUFFIXES.iter().filter_map(|suffix| path.strip_suffix(suffix)).any(is_there);
        let gone = old.manifest.files.keys().filter(|path| !is_there(path.as_str()) && !is_copy(path.as_str()));
        gone.into_iter().try_for_each(|path| self.remove(path))
    }

    fn remove(&self, path: &SitePath) -> Result<(), Problem> {
        mirror::remove(&self.staging, path).map_err(|error| problem::cannot("remove", &self.staging.join(path.as_str()), &error))
    }

    /// Writes one file of the site unless the old site has the same. A page that shows what it showed is not even rendered.
    fn write(&self, path: &SitePath, entry: &Entry) -> Result<Laid, Problem> {
        if !is_safe(path) {
            return Err(problem::bad_address(path.as_str()));
        }
        match entry {
            Entry::Upload(source) => self.copy_upload(path, source),
            Entry::Bytes(bytes) => self.write_bytes(path, bytes, None),
            Entry::Page(page) => {
                let prepared = self.site.prepare(page, path);
                let key = prepared.key;
                match self.standing(path).filter(|_| key.is_some() && self.memory.pages.get(path) == key.as_ref()) {
                    Some(record) => Ok(Laid { record: record.clone(), is_new: false, key }),
                    None => self.write_bytes(path, &prepared.render()?, key),
                }
            }
        }
    }

    /// Writes the search index, unless the old site has the index of the very same texts. One of nearly the same is
    /// brought up to date.
    fn write_index(&self, key: IndexKey) -> (Vec<Outcome>, IndexMemory) {
        let last = self.memory.index.as_ref();
        if let Some(last) = last.filter(|last| last.key == key)
            && let Some(records) = last.files.par_iter().map(|path| self.standing(path)).collect::<Option<Vec<_>>>()
        {
            let laid = |record: &FileRecord| Ok(Laid { record: record.clone(), is_new: false, key: None });
            return (last.files.iter().cloned().zip(records.into_iter().map(laid)).collect(), last.clone());
        }
        let load = |name: &str| {
            let path = SitePath::new(format!("search/{name}"));
            let record = self.standing(&path).ok_or(io::ErrorKind::NotFound)?;
            let bytes = fs::read(self.folder.join(path.as_str()))?;
            if FileRecord::of(&bytes) == *record { Ok(bytes) } else { Err(io::ErrorKind::InvalidData.into()) }
        };
        let Built { files, memory, .. } = self.site.build_index(last.map(|last| Last { memory: &last.memory, load: &load }));
        let files = files.into_par_iter().map(|(name, bytes)| {
            let path = SitePath::new(format!("search/{name}"));
            let laid = self.write_bytes(&path, &bytes, None);
            (path, laid)
        });
        let outcomes: Vec<Outcome> = files.collect();
        let files = outcomes.iter().map(|(path, _)| path.clone()).collect();
        (outcomes, IndexMemory { key, files, memory })
    }

    /// The compressed copies of a text file: those of the old site if the file is as it was there.
    fn compress(&self, path: &SitePath, laid: &Result<Laid, Problem>) -> Vec<Outcome> {
        let Ok(laid) = laid else { return Vec::new() };
        if !compress::is_text(path.as_str()) {
            return Vec::new();
        }
        if let Some(copies) = self.old_copies(path, laid) {
            return copies;
        }
        let file = if laid.is_new { &self.staging } else { &self.folder }.join(path.as_str());
        match fs::read(&file).and_then(|bytes| compress::copies(&bytes)) {
            Ok(copies) => copies
                .into_iter()
                .map(|(suffix, bytes)| (SitePath::new(format!("{path}{suffix}")), bytes))
                .filter(|(copy, _)| !self.site.entries.contains_key(copy))
                .map(|(copy, bytes)| {
                    let laid = self.write_bytes(&copy, &bytes, None);
                    (copy, laid)
                })
                .collect(),
            Err(error) => vec![(path.clone(), Err(problem::cannot("compress", &file, &error)))],
        }
    }

    /// `None` where they must be made: the file is new, or the last build made none, or they do not stand any more.
    fn old_copies(&self, path: &SitePath, laid: &Laid) -> Option<Vec<Outcome>> {
        let old = self.old.filter(|_| self.memory.compressed && !laid.is_new)?;
        let copies = compress::SUFFIXES.map(|suffix| SitePath::new(format!("{path}{suffix}")));
        let listed = copies.into_iter().filter(|copy| old.manifest.files.contains_key(copy));
        listed
            .map(|copy| {
                let record = self.standing(&copy)?.clone();
                Some((copy, Ok(Laid { record, is_new: false, key: None })))
            })
            .collect()
    }

    fn write_bytes(&self, path: &SitePath, bytes: &[u8], key: Option<PageKey>) -> Result<Laid, Problem> {
        let record = FileRecord::of(bytes);
        let is_new = self.standing(path) != Some(&record);
        if is_new {
            let file = self.staging.join(path.as_str());
            self.create(&file).and_then(|mut out| out.write_all(bytes)).map_err(|error| problem::cannot("write", &file, &error))?;
        }
        Ok(Laid { record, is_new, key })
    }

    /// An upload is copied and hashed on the way: it must still be what was read.
    fn copy_upload(&self, path: &SitePath, source: &SourcePath) -> Result<Laid, Problem> {
        let sources = &self.site.archive.sources;
        let known = sources.binary_search_by(|one| one.path.cmp(source)).map_err(|_| problem::bad_address(path.as_str()))?;
        let record = FileRecord { hash: format!("sha256:{}", sources[known].sha256), size: sources[known].size };
        if self.standing(path) == Some(&record) {
            return Ok(Laid { record, is_new: false, key: None });
        }
        let mut upload = File::open(self.content.join(source.as_str())).map_err(|_| problem::changed(source, "was taken away"))?;
        let file = self.staging.join(path.as_str());
        let cannot_write = |error: io::Error| problem::cannot("write", &file, &error);
        let mut copy = self.create(&file).map_err(cannot_write)?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = upload.read(&mut buffer).map_err(|error| problem::cannot("read", Path::new(&source.to_string()), &error))?;
            if count == 0 {
                break;
            }
            hasher.update(&buffer[..count]);
            copy.write_all(&buffer[..count]).map_err(cannot_write)?;
        }
        if format!("{:x}", hasher.finalize()) != sources[known].sha256 {
            return Err(problem::changed(source, "changed"));
        }
        Ok(Laid { record, is_new: true, key: None })
    }

    /// The old site's file at an address, if it stands as it was written.
    fn standing(&self, path: &SitePath) -> Option<&FileRecord> {
        let old = self.old?;
        let record = old.manifest.files.get(path)?;
        stands(&self.folder, path, record, old.since).then_some(record)
    }

    /// Takes over what stays, looks the new site over, and writes its manifest last. Hands back the files that are not
    /// huibian's.
    fn complete(&self, staged: &Staged, unchanged: &[SitePath], manifest: &Manifest) -> Result<Vec<PathBuf>, Problem> {
        unchanged.par_iter().try_for_each(|path| self.link(path, manifest))?;
        if self.mirror.is_some() {
            staged.difference.removed.iter().try_for_each(|path| self.remove(path))?;
        }
        let foreign = self.keep_foreign_files(manifest)?;
        staged.difference.written.par_iter().try_for_each(|path| arrived(&self.staging.join(path.as_str()), manifest.files[path].size))?;
        let file = self.staging.join(MANIFEST);
        let written = self.create(&file).and_then(|mut out| out.write_all(&staged.manifest));
        written.map_err(|error| problem::cannot("write", &file, &error))?;
        Ok(foreign)
    }

    /// Takes a file of the old site over; by a copy where the disk knows no links.
    fn link(&self, path: &SitePath, manifest: &Manifest) -> Result<(), Problem> {
        let (from, to) = (self.folder.join(path.as_str()), self.staging.join(path.as_str()));
        if self.mirror.is_some() {
            if mirror::is_same(&from, &to) {
                return Ok(());
            }
            mirror::clear(&to).map_err(|error| problem::cannot("remove", &to, &error))?;
        }
        match in_its_folder(&to, |to| fs::hard_link(&from, to)) {
            Ok(()) => Ok(()),
            Err(error) if is_missing(&error) => Err(problem::cannot("write", &to, &error)),
            Err(_) => {
                self.has_copies.store(true, Ordering::Relaxed);
                fs::copy(&from, &to).map_err(|error| problem::cannot("write", &to, &error))?;
                arrived(&to, manifest.files[path].size)
            }
        }
    }

    /// What someone has added to the published folder by hand stays there: `CNAME`, `.well-known/`.
    fn keep_foreign_files(&self, new: &Manifest) -> Result<Vec<PathBuf>, Problem> {
        let Some(old) = self.old else { return Ok(Vec::new()) };
        let known = self.mirror.map_or(&[][..], |mirror| &mirror.foreign);
        let mut foreign = match self.mirror {
            Some(_) => foreign::find_again(&self.folder, &old.manifest, known, old.since),
            None => foreign::find(&self.folder, &old.manifest),
        }
        .map_err(|error| problem::cannot("read", &self.folder, &error))?;
        // What the new site has at the same address takes its place.
        foreign.retain(|path| is_free(path, new));
        for path in known.iter().filter(|path| foreign.binary_search(path).is_err() && is_free(path, new)) {
            mirror::clear(&self.staging.join(path)).map_err(|error| problem::cannot("remove", &self.staging.join(path), &error))?;
        }
        for path in &foreign {
            let (from, to) = (self.folder.join(path), self.staging.join(path));
            if self.mirror.is_some() && mirror::is_same(&from, &to) {
                continue;
            }
            let keep = |to: &Path| match fs::read_link(&from) {
                Ok(link) => symlink(&link, to),
                Err(_) => fs::hard_link(&from, to).or_else(|_| fs::copy(&from, to).map(drop)),
            };
            let kept = mirror::clear(&to).and_then(|()| in_its_folder(&to, keep));
            kept.map_err(|error| problem::cannot("keep", &from, &error))?;
        }
        Ok(foreign)
    }

    /// Makes a file of the new site. What the mirror has there is the old site's: it is taken away, never written to.
    fn create(&self, path: &Path) -> io::Result<File> {
        if self.mirror.is_some() {
            mirror::clear(path)?;
        }
        in_its_folder(path, |path| File::create_new(path))
    }
}

/// Whether the site has no file there itself.
fn is_free(path: &Path, site: &Manifest) -> bool {
    !path.to_str().is_some_and(|path| site.files.contains_key(&SitePath::new(path.replace('\\', "/"))))
}

/// Looks whether a file has the size that it should have.
fn arrived(file: &Path, expected: u64) -> Result<(), Problem> {
    let size = fs::metadata(file).map_err(|error| problem::cannot("find", file, &error))?.len();
    if size == expected {
        return Ok(());
    }
    Err(problem::cannot("write", file, &io::Error::other(format!("{size} bytes arrived of {expected}"))))
}

/// Whether nobody has changed a file of a site since it was published: its size is right, and it is no younger than
/// the manifest, which is written last.
pub fn stands(folder: &Path, path: &SitePath, record: &FileRecord, since: SystemTime) -> bool {
    fs::symlink_metadata(folder.join(path.as_str())).is_ok_and(|metadata| {
        metadata.is_file() && metadata.len() == record.size && metadata.modified().is_ok_and(|modified| modified <= since)
    })
}

/// Only plain names, each of a length that file systems take: no way out of the folder.
fn is_safe(path: &SitePath) -> bool {
    let text = path.as_str();
    !text.is_empty()
        && text != MANIFEST
        && !text.contains(['\\', ':', '\0'])
        && text.split('/').all(|name| (1..=LONGEST_NAME).contains(&name.len()))
        && Path::new(text).components().all(|part| matches!(part, Component::Normal(_)))
        && !text.split('/').any(|name| name == "." || name == "..")
}

/// A problem that many pages share (a fault in a template) is told once.
fn one_of_each(problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut seen = std::collections::HashSet::new();
    problems
        .into_iter()
        .filter(|one| seen.insert((one.code.clone(), one.message.clone(), one.place.as_ref().map(ToString::to_string))))
        .collect()
}

/// Does something that needs the folder above `path`, which is created when it turns out to be missing.
fn in_its_folder<T>(path: &Path, act: impl Fn(&Path) -> io::Result<T>) -> io::Result<T> {
    match act(path) {
        Err(error) if is_missing(&error) => {
            fs::create_dir_all(path.parent().unwrap_or(path))?;
            act(path)
        }
        done => done,
    }
}

fn is_missing(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

#[cfg(unix)]
fn symlink(target: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

#[cfg(not(unix))]
fn symlink(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
