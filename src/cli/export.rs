//! `huibian export`: the archive for search engines.
#![allow(clippy::disallowed_methods)] // writes the file that was asked for

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::cli::args::{Export, SiteArgs};
use crate::cli::report::Reporter;
use crate::cli::summary::count;
use crate::cli::{Failure, Outcome, root};
use crate::diagnostic::Diagnostic;
use crate::export::{self, Engine, Exported};
use crate::memo::Memo;
use crate::pipeline;
use crate::progress::Unwatched;

pub fn run(args: &Export, given_root: Option<&Path>, reporter: &Reporter) -> Outcome {
    let engine = if args.opensearch {
        Engine::OpenSearch(&args.index)
    } else if args.meilisearch {
        Engine::Meilisearch
    } else {
        Engine::Plain
    };
    if let Some(settings) = export::settings(engine).filter(|_| args.settings) {
        write(args.output.as_deref(), |out| {
            serde_json::to_writer_pretty(&mut *out, &settings)?;
            out.write_all(b"\n")
        })?;
        return Ok(());
    }
    let root = root::find(given_root)?;
    let told = |diagnostics: &[Diagnostic]| {
        reporter.diagnostics(diagnostics);
        Failure::Reported
    };
    let mut config = root::configuration(&root).map_err(|diagnostics| told(&diagnostics))?;
    SiteArgs { base_url: args.base_url.clone(), ..SiteArgs::default() }.apply(&mut config)?;
    let inputs = pipeline::read(&root, config, &Memo::default(), &Unwatched).map_err(|diagnostics| told(&diagnostics))?;
    let (site, diagnostics) = pipeline::compose(inputs, &mut Memo::default(), &Unwatched);
    let errors: Vec<Diagnostic> = diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    reporter.diagnostics(&errors);
    if !errors.is_empty() && !args.keep_going {
        reporter.say(&format!("not exported: {}; --keep-going exports the rest", count(errors.len(), "error")));
        return Err(Failure::Reported);
    }
    let Exported { reports, sections } = write(args.output.as_deref(), |out| export::write(&site, engine, out))?;
    reporter.say(&format!("exported {} and {}", count(reports, "report"), count(sections, "section")));
    if errors.is_empty() { Ok(()) } else { Err(Failure::Reported) }
}

/// To the file, which is there when it is whole, or to standard output.
fn write<T>(output: Option<&Path>, act: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> anyhow::Result<T> {
    let Some(output) = output else {
        let mut out = BufWriter::new(io::stdout().lock());
        let done = act(&mut out)?;
        out.flush()?;
        return Ok(done);
    };
    let part = PathBuf::from(format!("{}.part", output.display()));
    let write = || -> io::Result<T> {
        let mut out = BufWriter::new(File::create(&part)?);
        let done = act(&mut out)?;
        out.flush()?;
        fs::rename(&part, output)?;
        Ok(done)
    };
    write().with_context(|| format!("cannot write `{}`", output.display()))
}
