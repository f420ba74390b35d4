//! `huibian add`: takes uploads in and says what they are understood as.

use std::path::Path;

use crate::archive::Understood;
use crate::classify::{Classifier, Placement};
use crate::cli::args::Add;
use crate::cli::report::Reporter;
use crate::cli::summary::count;
use crate::cli::{Failure, Outcome, root};
use crate::diagnostic::{Diagnostic, Place};
use crate::intake::{Put, Store, Upload, safe_name, unpack};
use crate::pipeline;
use crate::source::{self, SourcePath};

pub fn run(args: &Add, given_root: Option<&Path>, reporter: &Reporter) -> Outcome {
    let root = root::find(given_root)?;
    let config = root::configuration(&root).map_err(|diagnostics| {
        reporter.diagnostics(&diagnostics);
        Failure::Reported
    })?;
    let classifier = Classifier::new(&config, None, &mut Vec::new());
    let mut store = Store::open(&root)?;
    let mut problems = Vec::new();
    let (mut added, mut known) = (0, 0);
    for path in &args.files {
        for Upload { origin, bytes } in unpack(path, config.max_file_size, &mut problems) {
            let name = safe_name(&origin);
            // Read under its own name, without the folders that it came from: they say nothing about the archive.
            let source = match source::read_bytes(&bytes, SourcePath::new(name), &config) {
                Ok(source) => source,
                Err(problem) => {
                    problems.push(problem.at(Place::file(origin)));
                    continue;
                }
            };
            let understood = pipeline::understand(&source, &classifier);
            match store.put(&origin, year(&understood), &bytes)? {
                Put::New(path) => {
                    added += 1;
                    reporter.say(&format!("{path}\n{}", described(&understood, &classifier)));
                }
                Put::Known(path) => {
                    known += 1;
                    reporter.say(&format!("{origin}\n  the same file is there already: {path}"));
                }
            }
        }
    }
    reporter.diagnostics(&problems);
    let errors = problems.iter().filter(|one| one.is_error()).count();
    let mut summary = format!("added {}", count(added, "file"));
    if known > 0 {
        summary.push_str(&format!(", {known} there already"));
    }
    if errors > 0 {
        summary.push_str(&format!(", {errors} refused"));
    }
    reporter.say(&summary);
    if problems.iter().any(Diagnostic::is_error) { Err(Failure::Reported) } else { Ok(()) }
}

/// The year that all reports of the source have, or most of them: the first among equals.
fn year(understood: &Understood) -> Option<i32> {
    let years: Vec<i32> = understood.labels.iter().filter_map(|labels| labels.year.as_ref().map(|found| found.value)).collect();
    let often = |year: i32| years.iter().filter(|other| **other == year).count();
    years.iter().copied().rev().max_by_key(|year| often(*year))
}

/// Reports of a compilation that are named one by one.
const LISTED: usize = 5;

fn described(understood: &Understood, classifier: &Classifier) -> String {
    let reading = &understood.reading;
    let mut lines = Vec::new();
    if reading.documents.len() > 1 {
        lines.push(format!("  {}", count(reading.documents.len(), "report")));
    }
    for (document, labels) in reading.documents.iter().zip(&understood.labels).take(LISTED) {
        let place = match &labels.placement {
            Placement::Stated(region, _) | Placement::Inferred(region, _) => classifier.gazetteer[*region].name.clone(),
            Placement::Masked(name, _) => name.clone(),
            Placement::Ambiguous(..) => "place ambiguous".into(),
            Placement::Unplaced => "place unknown".into(),
        };
        let year = labels.year.as_ref().map_or_else(|| "year unknown".to_owned(), |found| found.value.to_string());
        let kind = labels.kind.as_ref().map_or("kind unknown", |found| found.value.as_str());
        lines.push(format!("  {} · {place} · {year} · {kind}", document.title.text));
    }
    if let Some(more @ 1..) = reading.documents.len().checked_sub(LISTED) {
        lines.push(format!("  and {more} more"));
    }
    if !understood.findings.is_empty() {
        lines.push(format!("  personal data or secrecy markings found: {}; see `huibian check`", understood.findings.len()));
    }
    lines.join("\n")
}
