//! Has LibreOffice, where it is installed, save a document as .docx.
//!
//! It takes seconds, so what came out of it, for good or ill, is remembered: the same upload gives the same text until another LibreOffice
//! is installed.
#![allow(clippy::disallowed_methods)] // looks for the program and keeps its results

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, UNIX_EPOCH};

use crate::source::SourcePath;

/// A document of a thousand pages takes half a minute on an old machine.
const LONGEST: Duration = Duration::from_secs(90);

/// How often it is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(50);

/// What LibreOffice made of uploads in this build and earlier ones.
pub struct Conversions {
    /// Where they are kept; `None` for those that are not.
    folder: Option<PathBuf>,
    /// The names of those that were asked for.
    used: Mutex<BTreeSet<String>>,
}

/// Those of one upload.
pub struct Conversion<'a> {
    all: &'a Conversions,
    /// Begins their names.
    upload: String,
}

/// Why there is no .docx.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failed {
    NotInstalled,
    /// In words that follow `LibreOffice`.
    Refused(String),
}

impl Conversions {
    pub fn kept_in(folder: PathBuf) -> Self {
        Self { folder: Some(folder), used: Mutex::default() }
    }

    /// Every document is converted when it is asked for.
    pub fn not_kept() -> Self {
        Self { folder: None, used: Mutex::default() }
    }

    pub fn of(&self, upload: &SourcePath) -> Conversion<'_> {
        Conversion { all: self, upload: beginning(upload) }
    }

    /// Forgets what was not asked for and is of none of these uploads: what was deleted from the archive is not kept here.
    pub(crate) fn forget_all_but<'a>(&self, uploads: impl Iterator<Item = &'a SourcePath>) {
        let Some(entries) = self.folder.as_ref().and_then(|folder| fs::read_dir(folder).ok()) else { return };
        let uploads: BTreeSet<String> = uploads.map(beginning).collect();
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let is_of_one = name.split('-').next().is_some_and(|beginning| uploads.contains(beginning));
            if !is_of_one && !used.contains(&name) {
                // Another build may have been quicker; what stays is tried again by the next.
                fs::remove_file(&path).unwrap_or_default();
            }
        }
    }
}

impl Conversion<'_> {
    /// The document as .docx.
    pub(super) fn to_word(&self, bytes: &[u8]) -> Result<Vec<u8>, Failed> {
        let program = find().ok_or(Failed::NotInstalled)?;
        let Some(folder) = &self.all.folder else { return convert(&program, bytes, LONGEST) };
        let name = format!("{}-{}", self.upload, key(&program, bytes));
        self.all.used.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone());
        let (good, bad) = (folder.join(format!("{name}.docx")), folder.join(format!("{name}.txt")));
        if let Ok(document) = fs::read(&good) {
            return Ok(document);
        }
        if let Ok(reason) = fs::read_to_string(&bad) {
            return Err(Failed::Refused(reason));
        }
        let converted = convert(&program, bytes, LONGEST);
        match &converted {
            Ok(document) => keep(folder, &good, document),
            Err(Failed::Refused(reason)) => keep(folder, &bad, reason.as_bytes()),
            Err(Failed::NotInstalled) => {}
        }
        converted
    }
}

/// Stands for an upload in names of files.
fn beginning(upload: &SourcePath) -> String {
    blake3::hash(upload.as_str().as_bytes()).to_hex()[..16].to_owned()
}

/// Whole or not at all. What cannot be kept is made again by the next build.
fn keep(folder: &Path, file: &Path, bytes: &[u8]) {
    let keep = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut whole = tempfile::NamedTempFile::new_in(folder)?;
        whole.write_all(bytes)?;
        whole.persist(file).map(drop).map_err(|error| error.error)
    };
    keep().unwrap_or_default();
}

/// Where the program is.
fn find() -> Option<PathBuf> {
    let names: &[&str] = if cfg!(windows) { &["soffice.com", "soffice.exe"] } else { &["soffice", "libreoffice"] };
    let path = env::var_os("PATH")?;
    let program = env::split_paths(&path).flat_map(|folder| names.iter().map(move |name| folder.join(name))).find(|file| file.is_file())?;
    program.canonicalize().ok()
}

/// Stands for a document and the program that converts it.
fn key(program: &Path, bytes: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(program.as_os_str().as_encoded_bytes());
    if let Ok(metadata) = program.metadata() {
        let changed = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        hasher.update(&metadata.len().to_le_bytes()).update(&changed.unwrap_or_default().as_nanos().to_le_bytes());
    }
    hasher.update(bytes).finalize().to_hex()[..32].to_owned()
}

/// Runs it in a folder and with a profile of its own: one that is open on the desk is in nobody's way.
fn convert(program: &Path, bytes: &[u8], longest: Duration) -> Result<Vec<u8>, Failed> {
    let failed = |what: &str| Failed::Refused(what.to_owned());
    let here = tempfile::tempdir().map_err(|error| failed(&format!("has no temporary folder: {error}")))?;
    fs::write(here.path().join("upload.doc"), bytes).map_err(|error| failed(&format!("cannot be given the file: {error}")))?;
    let mut child = start(program, here.path()).map_err(|error| failed(&format!("does not start: {error}")))?;
    let started = Instant::now();
    while child.try_wait().map_err(|error| failed(&format!("is lost: {error}")))?.is_none() {
        if started.elapsed() > longest {
            stop(&mut child);
            return Err(failed(&format!("has not ended after {} seconds", longest.as_secs())));
        }
        std::thread::sleep(PAUSE);
    }
    // Its exit status says nothing: it is 0 for files that cannot be read, too.
    fs::read(here.path().join("upload.docx")).map_err(|_| failed("cannot read it"))
}

fn start(program: &Path, here: &Path) -> io::Result<Child> {
    let mut command = Command::new(program);
    // A path of the system's temporary folder needs no escaping but for spaces.
    let profile = here.join("profile").display().to_string().replace('\\', "/").replace(' ', "%20");
    let slash = if profile.starts_with('/') { "" } else { "/" };
    command.arg(format!("-env:UserInstallation=file://{slash}{profile}"));
    command.args(["--headless", "--norestore", "--nolockcheck", "--convert-to", "docx:MS Word 2007 XML", "--outdir", ".", "upload.doc"]);
    command.current_dir(here).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // What is started is a script and what works is its child: they can only be ended together.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn()
}

fn stop(child: &mut Child) {
    #[cfg(unix)]
    rustix::process::kill_process_group(rustix::process::Pid::from_child(child), rustix::process::Signal::KILL).unwrap_or_default();
    // It may have ended by itself just now.
    child.kill().unwrap_or_default();
    child.wait().map(drop).unwrap_or_default();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// A script in the place of LibreOffice.
    fn program(folder: &Path, script: &str) -> PathBuf {
        let file = folder.join("soffice");
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        file
    }

    #[test]
    fn it_works_in_a_folder_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let program =
            program(folder.path(), "test \"$(cat upload.doc)\" = old && pwd >>\"$(dirname \"$0\")/log\" && echo new >upload.docx");
        assert_eq!(convert(&program, b"old", LONGEST), Ok(b"new\n".to_vec()));
        let log = fs::read_to_string(folder.path().join("log")).unwrap();
        assert!(!Path::new(log.trim()).exists(), "nothing of it stays");
    }

    #[test]
    fn one_that_never_ends_is_ended_with_all_that_it_has_started() {
        let folder = tempfile::tempdir().unwrap();
        let program = program(folder.path(), "sh -c 'echo $$ >child.new; mv child.new child; exec sleep 600' & wait");
        let mut running = start(&program, folder.path()).unwrap();
        let child = loop {
            if let Ok(child) = fs::read_to_string(folder.path().join("child")) {
                break child;
            }
            std::thread::sleep(PAUSE);
        };
        stop(&mut running);
        let is_alive = || {
            let state = fs::read_to_string(format!("/proc/{}/stat", child.trim())).unwrap_or_default();
            !state.is_empty() && !state.contains(") Z ")
        };
        // It dies when it is its turn.
        for _ in 0..1200 {
            if !is_alive() {
                break;
            }
            std::thread::sleep(PAUSE);
        }
        assert!(!is_alive());
        assert_eq!(convert(&program, b"old", Duration::ZERO), Err(Failed::Refused("has not ended after 0 seconds".into())));
    }

    #[test]
    fn what_it_cannot_read_or_start_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let program = program(folder.path(), "exit 0");
        assert_eq!(convert(&program, b"old", LONGEST), Err(Failed::Refused("cannot read it".into())));
        let Err(Failed::Refused(reason)) = convert(&folder.path().join("none"), b"old", LONGEST) else { panic!("there is none") };
        assert!(reason.starts_with("does not start: "), "{reason}");
    }

    #[test]
    fn what_no_upload_asks_for_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let conversions = Conversions::kept_in(folder.path().to_owned());
        let known = SourcePath::new("known.doc");
        let kept = format!("{}-x.txt", beginning(&known));
        for name in ["a-x.docx", "b-y.txt", &kept] {
            keep(folder.path(), &folder.path().join(name), b"");
        }
        conversions.used.lock().unwrap().insert("a-x".into());
        conversions.forget_all_but([known].iter());
        let names: BTreeSet<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, BTreeSet::from([kept.into(), "a-x.docx".into()]));
    }
}
