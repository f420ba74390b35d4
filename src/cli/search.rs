//! `huibian search`: answers from the built website.
#![allow(clippy::disallowed_methods)] // reads the index of the website

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, anyhow};
use serde_json::json;

use crate::cli::args::Search;
use crate::cli::report::Reporter;
use crate::cli::{Failure, Outcome, root};
use crate::search::answer::{Answer, answer};
use crate::search::reader::{Index, ReadError};

/// Characters of a paragraph shown on either side of a hit.
const AROUND: usize = 30;

pub fn run(args: &Search, given_root: Option<&Path>, reporter: &Reporter) -> Outcome {
    let site = match &args.site {
        Some(site) => site.clone(),
        None => root::site(given_root, reporter)?,
    };
    let folder = site.join("search");
    if !folder.join("base.js").is_file() {
        return Err(anyhow!(
            "there is no search index in `{}`\n  help: build the website with `huibian build`, or name it with --site",
            site.display()
        )
        .into());
    }
    let index = Index::open(move |path| fs::read(folder.join(path))).context("the search index cannot be read")?;
    let found = answer(&index, &args.query.join(" ")).context("the search index cannot be read")?;
    let limit = if args.all { found.reports.len() } else { args.limit };
    let text = if args.json { as_json(&index, &found, limit)? } else { for_people(&index, &found, limit)? };
    io::stdout().lock().write_all(text.as_bytes())?;
    if found.reports.is_empty() { Err(Failure::Reported) } else { Ok(()) }
}

fn as_json(index: &Index, found: &Answer, limit: usize) -> Result<String, ReadError> {
    let mut reports = Vec::new();
    for &report in found.reports.iter().take(limit) {
        let text = index.text(report)?;
        reports.push(json!({
            "slug": text.slug, "title": text.title, "year": text.year, "kind": text.kind, "region": text.region, "themes": text.themes,
        }));
    }
    Ok(format!("{}\n", json!({ "total": found.reports.len(), "reports": reports })))
}

fn for_people(index: &Index, found: &Answer, limit: usize) -> Result<String, ReadError> {
    let total = found.reports.len();
    let mut lines = vec![format!("{total} report{}", if total == 1 { "" } else { "s" })];
    for &report in found.reports.iter().take(limit) {
        let text = index.text(report)?;
        lines.push(format!("\n{}", text.title));
        let year = text.year.map(|year| year.to_string());
        let facts: Vec<&str> = [text.region.last(), year.as_ref(), Some(&text.kind)]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .filter(|fact| !fact.is_empty())
            .collect();
        lines.push(format!("  {}  reports/{}/", facts.join(" · "), text.slug));
        // The normal form stands character by character beside the text, but for what it leaves out: the
        // paragraph is shown in its normal form, so that the hit is where it says.
        let hit = text.normals()[1..]
            .iter()
            .find_map(|normal| found.wanted.iter().find_map(|wanted| Some((normal, normal.find(wanted)?, wanted))));
        if let Some((normal, at, wanted)) = hit {
            let before: Vec<char> = normal[..at].chars().collect();
            let after = &normal[at + wanted.len()..];
            let before: String = before[before.len().saturating_sub(AROUND)..].iter().collect();
            let after: String = after.chars().take(AROUND).collect();
            lines.push(format!("  …{before}[{wanted}]{after}…"));
        }
    }
    if total > limit {
        lines.push(format!("\n{} more; --all shows them", total - limit));
    }
    Ok(lines.join("\n") + "\n")
}
