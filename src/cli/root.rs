//! Finds the archive and reads its configuration.
#![allow(clippy::disallowed_methods)] // reads config.toml

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use anyhow::{Context, anyhow, bail};

use crate::cli::Failure;
use crate::cli::args::SiteArgs;
use crate::cli::report::Reporter;
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Place};

/// The folder that `--root` names, or this one or its nearest parent that has a `config.toml`.
///
/// # Errors
/// There is no archive here: neither `config.toml` nor `content/`.
pub fn find(given: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(root) = search(given)? {
        return Ok(root);
    }
    let here = given.map_or_else(|| PathBuf::from("."), Path::to_owned);
    if !here.is_dir() {
        bail!("there is no folder `{}`\n  help: check --root, or start an archive with `huibian init {}`", here.display(), here.display());
    }
    if here.join("content").is_dir() {
        return Ok(here);
    }
    let place = if given.is_some() { format!("in `{}`", here.display()) } else { "here or in a folder above".to_owned() };
    bail!(
        "there is no archive {place}: no config.toml and no content/\n  help: start one with `huibian init archive`, or name its folder with --root"
    )
}

/// Like [`find`], for a command that works without an archive too.
pub fn find_if_any(given: Option<&Path>) -> anyhow::Result<Option<PathBuf>> {
    match given {
        Some(_) => find(given).map(Some),
        None => match search(None)? {
            Some(root) => Ok(Some(root)),
            None => Ok(Path::new("content").is_dir().then(|| PathBuf::from("."))),
        },
    }
}

fn search(given: Option<&Path>) -> anyhow::Result<Option<PathBuf>> {
    if let Some(root) = given {
        return Ok(root.join("config.toml").is_file().then(|| root.to_owned()));
    }
    let here = env::current_dir().context("cannot tell which folder this is")?;
    Ok(here.ancestors().find(|folder| folder.join("config.toml").is_file()).map(Path::to_owned))
}

/// The configuration of the archive; the default one where there is no `config.toml`.
///
/// # Errors
/// Every mistake in it.
pub fn configuration(root: &Path) -> Result<Config, Vec<Diagnostic>> {
    match fs::read(root.join("config.toml")) {
        Ok(bytes) => match std::str::from_utf8(&bytes) {
            Ok(text) => config::parse(text),
            Err(error) => {
                let sound = &bytes[..error.valid_up_to()];
                let line = sound.iter().filter(|byte| **byte == b'\n').count() as u32 + 1;
                let problem = Diagnostic::error("config", "the file is not UTF-8").at(Place::line("config.toml", line));
                Err(vec![problem.help("save it as UTF-8")])
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Config::default()),
        Err(error) => Err(vec![Diagnostic::error("config", format!("cannot read config.toml: {error}"))]),
    }
}

/// The folder of the archive's built site.
pub fn site(given: Option<&Path>, reporter: &Reporter) -> Result<PathBuf, Failure> {
    let root = find(given)?;
    let config = configuration(&root).map_err(|diagnostics| {
        reporter.diagnostics(&diagnostics);
        Failure::Reported
    })?;
    Ok(root.join(config.output))
}

impl SiteArgs {
    /// Puts what was typed in the place of what the file says.
    pub fn apply(&self, config: &mut Config) -> anyhow::Result<()> {
        config.review |= self.review;
        if let Some(output) = &self.output {
            config.output = env::current_dir()?.join(output);
        }
        if let Some(base_url) = &self.base_url {
            let checked = config::base_url(base_url);
            config.base_url =
                Some(checked.map_err(|(message, help)| anyhow!("{}\n  help: {help}", message.replace("`base_url`", "--base-url")))?);
        }
        Ok(())
    }
}
