//! `huibian verify`: whether a published site is what was built.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, anyhow};
use serde_json::json;

use crate::cli::args::Verify;
use crate::cli::report::Reporter;
use crate::cli::summary::count;
use crate::cli::{Failure, Outcome, root};
use crate::publish::{self, Manifest, Published};

/// Files of one sort that are named before the rest is counted; `--verbose` and `--json` name all.
const LISTED: usize = 20;

pub fn run(args: &Verify, given_root: Option<&Path>, reporter: &Reporter) -> Outcome {
    let folder = match &args.dir {
        Some(folder) => folder.clone(),
        None => root::site(given_root, reporter)?,
    };
    let Published { manifest, .. } = published(&folder)?;
    let verdict = publish::verify(&folder, &manifest).with_context(|| format!("cannot read `{}`", folder.display()))?;
    let sound = verdict.is_whole() && (args.allow_foreign || verdict.foreign.is_empty());
    if args.json {
        let mut value = json!(verdict);
        value["folder"] = json!(folder.display().to_string());
        value["sound"] = json!(sound);
        let mut out = io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, &value).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        let path = |path: &crate::site::SitePath| path.to_string();
        list("missing", verdict.missing.iter().map(path).collect(), reporter);
        list("changed", verdict.changed.iter().map(path).collect(), reporter);
        if !args.allow_foreign {
            list("foreign", verdict.foreign.clone(), reporter);
        }
        let sorts = [("missing", verdict.missing.len()), ("changed", verdict.changed.len()), ("foreign", verdict.foreign.len())];
        let found: Vec<String> = sorts.iter().filter(|(_, n)| *n > 0).map(|(sort, n)| format!("{n} {sort}")).collect();
        let found = if found.is_empty() { "all as they were written".to_owned() } else { found.join(", ") };
        reporter.say(&format!("read {} of {}: {found}", count(verdict.files, "file"), folder.display()));
        if !verdict.is_whole() {
            reporter.say("  help: build or deploy again; if that changes nothing, remove the folder first");
        } else if !sound {
            reporter.say("  help: remove what does not belong there, or say --allow-foreign");
        }
    }
    if sound { Ok(()) } else { Err(Failure::Reported) }
}

/// The manifest of the site in a folder.
pub fn published(folder: &Path) -> anyhow::Result<Published> {
    let help = "build the website with `huibian build`, or name its folder";
    match Manifest::load(folder) {
        Ok(Some(published)) => Ok(published),
        Ok(None) => Err(anyhow!("`{}` holds no website that huibian wrote: no {}\n  help: {help}", folder.display(), publish::MANIFEST)),
        Err(error) => Err(anyhow!("cannot read {} in `{}`: {error}\n  help: {help}", publish::MANIFEST, folder.display())),
    }
}

fn list(sort: &str, paths: Vec<String>, reporter: &Reporter) {
    let limit = if reporter.verbose { usize::MAX } else { LISTED };
    for path in paths.iter().take(limit) {
        anstream::eprintln!("{sort}  {path}");
    }
    if let Some(more @ 1..) = paths.len().checked_sub(limit) {
        anstream::eprintln!("{sort}  … and {more} more; --verbose names all");
    }
}
