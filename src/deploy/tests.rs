//! Whatever breaks off whenever, the next deployment that ends makes the place hold its site, exactly.
#![allow(clippy::disallowed_methods)] // writes small sites

use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;

use proptest::prelude::*;

use super::headers::Headers;
use super::store::Fault;
use super::*;
use crate::publish::{FileRecord, Manifest};
use crate::site::SitePath;

/// A place in memory that fails when it is told to.
#[derive(Default)]
struct Memory(Mutex<Inside>);

#[derive(Default)]
struct Inside {
    files: BTreeMap<String, Vec<u8>>,
    /// Changes until the connection is gone; for good if there are none left.
    left: usize,
    /// The change that fails takes place all the same: only its answer is lost.
    answer_lost: bool,
    changes: Vec<String>,
}

impl Memory {
    fn change(&self, what: &str, key: &str, act: impl FnOnce(&mut BTreeMap<String, Vec<u8>>)) -> Result<(), Fault> {
        let mut inside = self.0.lock().expect("no test panics while it holds this");
        let fails = inside.left == 0;
        if !fails || std::mem::take(&mut inside.answer_lost) {
            act(&mut inside.files);
            inside.changes.push(format!("{what} {key}"));
        }
        inside.left = inside.left.saturating_sub(1);
        if fails { Err(Fault { reason: "the line is dead".into(), help: String::new() }) } else { Ok(()) }
    }
}

impl Store for Memory {
    fn read(&self, key: &str) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.0.lock().expect("as above").files.get(key).cloned())
    }

    fn write(&self, key: &str, bytes: Vec<u8>, _: &Headers) -> Result<(), Fault> {
        self.change("write", key, |files| drop(files.insert(key.to_owned(), bytes)))
    }

    fn create(&self, key: &str, bytes: Vec<u8>, headers: &Headers) -> Result<bool, Fault> {
        let is_free = self.read(key)?.is_none();
        if is_free { self.write(key, bytes, headers).map(|()| true) } else { Ok(false) }
    }

    fn remove(&self, key: &str) -> Result<(), Fault> {
        self.change("remove", key, |files| drop(files.remove(key)))
    }

    fn is_empty_but_for(&self, key: &str) -> Result<bool, Fault> {
        Ok(self.0.lock().expect("as above").files.keys().all(|other| other == key))
    }

    fn tidy(&self) -> Result<(), Fault> {
        Ok(())
    }

    fn width(&self) -> usize {
        1
    }
}

/// A site in a folder: for each of these files nothing, or what it holds.
const NAMES: [&str; 20] = [
    "404.html",
    "a.txt",
    "assets/1.css",
    "assets/2.js",
    "b.txt",
    "c/index.html",
    "d/index.html",
    "e.json",
    "f.xml",
    "files/1.txt",
    "files/2.txt",
    "g/index.html",
    "h/index.html",
    "i/index.html",
    "index.html",
    "j/index.html",
    "search/base.js",
    "search/d/0.js",
    "search/d/1.js",
    "x/index.html.br",
];

fn site(contents: &[Option<u8>]) -> (tempfile::TempDir, Manifest) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut files = BTreeMap::new();
    for (name, content) in NAMES.iter().zip(contents) {
        let Some(content) = content else { continue };
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("it lies in the folder")).expect("the folder can be made");
        fs::write(file, [*content]).expect("the file can be written");
        files.insert(SitePath::new(*name), FileRecord { hash: plan::hash(&[*content]), size: 1 });
    }
    let manifest = Manifest::new(files);
    fs::write(folder.path().join(MANIFEST), manifest.to_json()).expect("the manifest can be written");
    (folder, manifest)
}

/// Deploys with so many changes before the line breaks. What the place holds then, if it ended.
fn attempt(memory: &Memory, contents: &[Option<u8>], left: usize, answer_lost: bool) -> Option<BTreeMap<String, Vec<u8>>> {
    let (folder, manifest) = site(contents);
    {
        let mut inside = memory.0.lock().expect("as above");
        (inside.left, inside.answer_lost) = (left, answer_lost);
        inside.changes.clear();
    }
    let place = Place { store: memory, name: "memory".into() };
    let state = look(&place, false).unwrap_or_else(|problem| panic!("{problem:?}"));
    let plan = Plan::new(&state, &manifest, &manifest.to_json());
    if !plan.steps.is_empty() && transfer::run(&plan, folder.path(), &place, &|| (), &|| Ok(())).is_err() {
        return None;
    }
    Some(memory.0.lock().expect("as above").files.clone())
}

fn whole(contents: &[Option<u8>]) -> BTreeMap<String, Vec<u8>> {
    let (_folder, manifest) = site(contents);
    let files = NAMES.iter().zip(contents).filter_map(|(name, content)| Some(((*name).to_owned(), vec![(*content)?])));
    files.chain([(MANIFEST.to_owned(), manifest.to_json())]).collect()
}

fn contents() -> impl Strategy<Value = Vec<Option<u8>>> {
    prop::collection::vec(prop::option::weighted(0.7, 0..3u8), NAMES.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_deployment_that_ends_decides(
        broken in prop::collection::vec((contents(), 0..50usize, any::<bool>()), 0..6),
        last in contents(),
    ) {
        let memory = Memory::default();
        for (contents, left, answer_lost) in &broken {
            if let Some(files) = attempt(&memory, contents, *left, *answer_lost) {
                prop_assert_eq!(files, whole(contents));
            }
        }
        prop_assert_eq!(attempt(&memory, &last, usize::MAX, false), Some(whole(&last)));
    }
}

#[test]
fn pages_come_after_what_they_need_and_deletions_last() {
    let memory = Memory::default();
    let mut first = vec![Some(0); NAMES.len()];
    first[1] = None;
    attempt(&memory, &first, usize::MAX, false).expect("nothing is in the way");
    let mut second = vec![Some(1); NAMES.len()];
    second[0] = None;
    attempt(&memory, &second, usize::MAX, false).expect("nothing is in the way");
    let inside = memory.0.lock().expect("as above");
    let changes: Vec<&str> = inside.changes.iter().map(String::as_str).filter(|change| !change.ends_with(PROGRESS)).collect();
    assert_eq!(
        changes,
        [
            "write .huibian.deploying.json",
            "write assets/1.css",
            "write assets/2.js",
            "write a.txt",
            "write b.txt",
            "write e.json",
            "write f.xml",
            "write files/1.txt",
            "write files/2.txt",
            "write search/d/0.js",
            "write search/d/1.js",
            "write search/base.js",
            "write c/index.html",
            "write d/index.html",
            "write g/index.html",
            "write h/index.html",
            "write i/index.html",
            "write index.html",
            "write j/index.html",
            "write x/index.html.br",
            "write .huibian.json",
            "remove 404.html",
            "remove .huibian.deploying.json",
        ]
    );
}

#[test]
fn what_is_done_for_certain_is_not_done_again() {
    let memory = Memory::default();
    let site = vec![Some(0); NAMES.len()];
    // The plan, two assets and their record, twelve others and theirs, and a few more.
    assert_eq!(attempt(&memory, &site, 1 + 2 + 1 + 12 + 1, false), None);
    attempt(&memory, &site, usize::MAX, false).expect("nothing is in the way");
    let inside = memory.0.lock().expect("as above");
    let written = inside.changes.iter().filter(|change| change.starts_with("write ") && !change.contains(".huibian")).count();
    assert!(written < NAMES.len() - 8, "{:?}", inside.changes);
}
