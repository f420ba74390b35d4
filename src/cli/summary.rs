//! What a build did, for people and for scripts.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::cli::progress::Timings;
use crate::diagnostic::{Diagnostic, Severity};
use crate::pipeline;
use crate::publish::Written;
use crate::site::Site;

/// One build, done or not.
#[derive(Default)]
pub struct Summary {
    pub diagnostics: Vec<Diagnostic>,
    pub counts: Counts,
    /// Where the site was to go, as configured.
    pub output: PathBuf,
    /// `None` when the published site was left as it was.
    pub published: Option<Written>,
    pub timings: Timings,
}

/// What the archive holds.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Counts {
    pub reports: usize,
    /// Uploads that became reports.
    pub sources: usize,
    pub compilations: usize,
    pub pages: usize,
    /// Files under `content/` that did not.
    pub left_out: BTreeSet<String>,
    /// Uploads of which nothing is in the site until they are released.
    #[serde(default)]
    pub held: usize,
    /// Files under `content/` that are no uploads: links, formats that are not read.
    pub others: usize,
}

impl Counts {
    pub fn of(site: &Site, diagnostics: &[Diagnostic]) -> Self {
        Self {
            reports: site.archive.reports.len(),
            sources: site.archive.sources.len(),
            compilations: site.archive.compilations.len(),
            pages: site.entries.keys().filter(|path| path.as_str().ends_with(".html")).count(),
            left_out: pipeline::left_out(diagnostics).map(str::to_owned).collect(),
            held: held(site, diagnostics),
            others: 0,
        }
    }
}

/// How many uploads are named as held back and have nothing in the site.
fn held(site: &Site, diagnostics: &[Diagnostic]) -> usize {
    let mut held: BTreeSet<&str> =
        diagnostics.iter().filter(|one| one.code == "held").filter_map(|one| Some(one.place.as_ref()?.path.as_str())).collect();
    if !held.is_empty() {
        for source in &site.archive.sources {
            held.remove(source.path.to_string().as_str());
        }
    }
    held.len()
}

/// Files that are listed as left out before the rest is only counted.
const LISTED: usize = 20;

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { reports, sources, compilations, pages, left_out, held, others } = &self.counts;
        let errors = self.diagnostics.iter().filter(|one| one.is_error()).count();
        let Some(written) = &self.published else {
            write!(f, "not published: {}", count(errors, "error"))?;
            if !left_out.is_empty() {
                let uploads = count(sources + left_out.len(), "upload");
                write!(f, " ({} of {uploads} cannot be used)", left_out.len())?;
            }
            if !self.output.as_os_str().is_empty() {
                write!(f, "\n{} is as it was", self.output.display())?;
            }
            return if left_out.is_empty() { Ok(()) } else { write!(f, "; --keep-going publishes the rest") };
        };
        write!(f, "read     {}: every one became reports", count(sources + held + left_out.len(), "upload"))?;
        let apart = [(left_out.len(), "left out"), (*held, "held back")];
        let apart: Vec<String> = apart.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        if !apart.is_empty() {
            write!(f, " or is named above ({})", apart.join(", "))?;
        }
        if *others > 0 {
            write!(f, "; {} not read", count(*others, "other file"))?;
        }
        write!(f, "\nbuilt    {}", count(*reports, "report"))?;
        if *compilations > 0 {
            write!(f, " ({})", count(*compilations, "compilation"))?;
        }
        write!(f, ", {}, {} in all", count(*pages, "page"), count(written.files, "file"))?;
        write!(f, "\nwrote    ")?;
        if written.files_written == 0 && written.files_removed == 0 {
            write!(f, "nothing: {} is up to date", self.output.display())?;
        } else {
            write!(f, "{}, {} to {}", count(written.files_written, "file"), size(written.bytes_written), self.output.display())?;
            write!(f, " ({} as before, {} removed)", written.files - written.files_written, written.files_removed)?;
        }
        if written.files_kept > 0 {
            write!(f, "\nkept     {} there that huibian did not write", count(written.files_kept, "file"))?;
        }
        for (i, path) in left_out.iter().take(LISTED).enumerate() {
            write!(f, "\n{} {path}", if i == 0 { "left out" } else { "        " })?;
        }
        if let Some(more @ 1..) = left_out.len().checked_sub(LISTED) {
            write!(f, "\n         and {more} more")?;
        }
        let warnings = self.diagnostics.iter().filter(|one| one.severity == Severity::Warning).count();
        if warnings > 0 {
            write!(f, "\nnoted    {}", count(warnings, "warning"))?;
        }
        write!(f, "\ntook     {:.2} s:", self.timings.total.as_secs_f64())?;
        for (i, (stage, time)) in self.timings.stages.iter().enumerate() {
            write!(f, "{} {stage} {:.2}", if i == 0 { "" } else { "," }, time.as_secs_f64())?;
        }
        Ok(())
    }
}

impl Summary {
    /// The same as one JSON object. Scripts rely on its names.
    pub fn stats(&self) -> Value {
        let mut seconds = Map::new();
        seconds.insert("total".into(), json!(self.timings.total.as_secs_f64()));
        for (stage, time) in &self.timings.stages {
            seconds.insert(stage.name().into(), json!(time.as_secs_f64()));
        }
        let (errors, warnings): (Vec<&Diagnostic>, Vec<&Diagnostic>) = self.diagnostics.iter().partition(|one| one.is_error());
        let written = self.published.unwrap_or_default();
        json!({
            "reports": self.counts.reports,
            "sources": self.counts.sources,
            "compilations": self.counts.compilations,
            "pages": self.counts.pages,
            "pages_written": written.pages_written,
            "files": written.files,
            "files_written": written.files_written,
            "files_removed": written.files_removed,
            "bytes_written": written.bytes_written,
            "published": self.published.is_some(),
            "left_out": self.counts.left_out,
            "seconds": seconds,
            "errors": errors,
            "warnings": warnings,
        })
    }
}

/// `1 page`, `2 pages`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

pub fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => count(bytes as usize, "byte"),
        10_000..10_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
