//! `huibian inspect`: how each file is understood.

use std::env;
use std::io::{self, Write};
use std::path::Path;

use crate::archive::Understood;
use crate::classify::{Classifier, corrections};
use crate::cli::args::Inspect;
use crate::cli::report::Reporter;
use crate::cli::{Failure, Outcome, root};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::pipeline;
use crate::source::{self, Source, SourcePath, SourceText};

mod human;
mod json;
mod spans;

/// Corrections by hand, which bear on the archive's own files.
const OVERRIDES: &str = "overrides.csv";

/// A file, what was made of it, and its name for people.
struct Inspected {
    /// `content/…` inside the archive, otherwise as typed.
    path: String,
    source: Source,
    understood: Understood,
}

pub fn run(args: &Inspect, given_root: Option<&Path>, reporter: &Reporter) -> Outcome {
    let root = root::find_if_any(given_root)?;
    let config = match &root {
        None => Config::default(),
        Some(root) => root::configuration(root).map_err(|diagnostics| {
            reporter.diagnostics(&diagnostics);
            Failure::Reported
        })?,
    };
    let content = root.as_ref().and_then(|root| root.join("content").canonicalize().ok());
    let mut problems = Vec::new();
    let overrides = content.as_ref().map(|content| content.join(OVERRIDES)).filter(|file| file.exists());
    let overrides = overrides.and_then(|file| match source::read_file(&file, SourcePath::new(OVERRIDES), &config) {
        Ok(table) => Some(table.text),
        Err(problem) => {
            problems.push(*problem);
            None
        }
    });
    let classifier = Classifier::new(&config, overrides.as_ref().map(SourceText::as_str), &mut problems);
    let mut inspected = Vec::new();
    for file in &args.files {
        let (path, name) = names(file, content.as_deref())?;
        match source::read_file(file, path, &config) {
            Ok(source) => {
                let understood = pipeline::understand(&source, &classifier);
                inspected.push(Inspected { path: name, source, understood });
            }
            Err(problem) => problems.push(renamed(*problem, &name)),
        }
    }
    let mut out = io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &json::sources(&inspected, &classifier.gazetteer)).map_err(io::Error::from)?;
        writeln!(out)?;
    } else if args.csv {
        let read = inspected.iter().map(|one| (&one.source.path, &one.understood.reading, one.understood.labels.as_slice()));
        write!(out, "{}", corrections::write(&classifier.gazetteer, read))?;
    } else {
        for one in &inspected {
            let text = if args.spans { spans::describe(one) } else { human::describe(one, &classifier.gazetteer, reporter.verbose) };
            writeln!(out, "{}", text?)?;
        }
    }
    for one in &inspected {
        problems.extend(one.understood.reading.diagnostics.iter().cloned().map(|problem| renamed(problem, &one.path)));
    }
    reporter.diagnostics(&problems);
    if problems.iter().any(Diagnostic::is_error) { Err(Failure::Reported) } else { Ok(()) }
}

/// A file outside the archive is called what was typed.
fn renamed(mut problem: Diagnostic, name: &str) -> Diagnostic {
    if let Some(place) = &mut problem.place {
        name.clone_into(&mut place.path);
    }
    problem
}

/// The file as an upload, and as people call it.
fn names(file: &Path, content: Option<&Path>) -> anyhow::Result<(SourcePath, String)> {
    let absolute = env::current_dir()?.join(file);
    let resolved = absolute.canonicalize().unwrap_or(absolute);
    if let Some(relative) = content.and_then(|content| resolved.strip_prefix(content).ok()).and_then(Path::to_str) {
        let path = SourcePath::new(relative.replace('\\', "/"));
        let name = path.to_string();
        return Ok((path, name));
    }
    let name = file.file_name().map_or_else(|| file.to_string_lossy(), |name| name.to_string_lossy());
    Ok((SourcePath::new(name), file.to_string_lossy().into_owned()))
}
