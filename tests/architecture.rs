//! The picture in ARCHITECTURE.md: imports run one way.

#![allow(clippy::disallowed_methods, reason = "the test reads the source code")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each may import those before it, never one behind it.
const ORDER: [&str; 22] = [
    "diagnostic",
    "words",
    "progress",
    "config",
    "source",
    "intake",
    "document",
    "classify",
    "privacy",
    "archive",
    "search",
    "insight",
    "memo",
    "look",
    "site",
    "export",
    "publish",
    "deploy",
    "preview",
    "check",
    "pipeline",
    "cli",
];

#[test]
fn imports_run_one_way() {
    for (at, module) in ORDER.iter().enumerate() {
        for import in imports(module) {
            let before = ORDER.iter().position(|name| *name == import);
            let before = before.unwrap_or_else(|| panic!("`{module}` imports `{import}`, which has no place in the order"));
            assert!(before <= at, "`{module}` imports `{import}`, which comes after it");
        }
    }
}

#[test]
fn every_module_has_its_place() {
    let library = fs::read_to_string(source().join("lib.rs")).expect("the library has a root");
    let declared: BTreeSet<&str> = library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert_eq!(declared, BTreeSet::from(ORDER));
    let picture = fs::read_to_string(source().join("../ARCHITECTURE.md")).expect("there is a picture");
    for module in declared {
        assert!(picture.contains(&format!("`src/{module}")), "ARCHITECTURE.md says nothing of src/{module}");
    }
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The top-level modules that a module's files name.
fn imports(module: &str) -> BTreeSet<String> {
    let mut waiting = vec![source().join(module), source().join(format!("{module}.rs"))];
    let mut found = BTreeSet::new();
    let mut files = 0;
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder can be listed");
            waiting.extend(entries.map(|entry| entry.expect("an entry can be read").path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") && path.is_file() {
            files += 1;
            let code = fs::read_to_string(&path).expect("source code is UTF-8");
            let names = code.split("crate::").skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_lowercase() && c != '_').next());
            found.extend(names.flatten().filter(|name| !name.is_empty()).map(str::to_owned));
        }
    }
    assert!(files > 0, "src/{module} has code");
    found
}
