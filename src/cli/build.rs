//! `huibian build`.

use std::path::Path;
use std::time::Instant;

use crate::cli::args::Build;
use crate::cli::report::Reporter;
use crate::cli::{Failure, Outcome, root};
use crate::diagnostic::Severity;
use crate::{pipeline, publish};

pub fn run(args: &Build, given_root: Option<&Path>, reporter: &Reporter) -> Outcome {
    let start = Instant::now();
    let root = root::find(given_root)?;
    if let Some(jobs) = args.jobs {
        rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs)).build_global()?;
    }
    let reported = |diagnostics: Vec<_>| {
        reporter.diagnostics(&diagnostics);
        Failure::Reported
    };
    let mut config = root::configuration(&root).map_err(reported)?;
    args.site.apply(&mut config)?;
    let inputs = pipeline::read(&root, config).map_err(reported)?;
    let (site, diagnostics) = pipeline::compose(inputs);
    let failed = diagnostics.iter().any(|one| one.severity == Severity::Error);
    if failed && !args.keep_going {
        reporter.diagnostics(&diagnostics);
        return Err(Failure::Reported);
    }
    let written = publish::write(&site, &root)?;
    reporter.diagnostics(&diagnostics);
    reporter.say(&format!(
        "{} reports from {} sources, {} pages, {} written, in {:.1} s",
        site.archive.reports.len(),
        site.archive.sources.len(),
        site.entries.len(),
        written.pages,
        start.elapsed().as_secs_f64()
    ));
    if failed { Err(Failure::Reported) } else { Ok(()) }
}
