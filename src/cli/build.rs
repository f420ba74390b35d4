//! `huibian build`: reads, composes, publishes, and tells what happened.

use std::io::{self, Write};
use std::path::Path;

use crate::cli::args::{Build, SiteArgs, StatsFormat};
use crate::cli::progress::Progress;
use crate::cli::report::Reporter;
use crate::cli::summary::{Counts, Summary};
use crate::cli::{Failure, Outcome, root};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::{pipeline, publish};

pub fn run(args: &Build, given_root: Option<&Path>, reporter: &Reporter) -> Outcome {
    let root = root::find(given_root)?;
    if let Some(jobs) = args.jobs {
        rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs)).build_global()?;
    }
    let summary = once(&root, &args.site, args.keep_going, reporter)?;
    reporter.diagnostics(&summary.diagnostics);
    reporter.say(&summary.to_string());
    if args.stats == Some(StatsFormat::Json) {
        writeln!(io::stdout().lock(), "{}", summary.stats())?;
    }
    if summary.diagnostics.iter().any(Diagnostic::is_error) { Err(Failure::Reported) } else { Ok(()) }
}

/// Builds the site once. With `keep_going` it is published in spite of sources that cannot be used.
pub fn once(root: &Path, site_args: &SiteArgs, keep_going: bool, reporter: &Reporter) -> anyhow::Result<Summary> {
    let progress = Progress::new(reporter);
    let mut summary = Summary::default();
    let built = match root::configuration(root) {
        Ok(mut config) => {
            site_args.apply(&mut config)?;
            build(root, config, keep_going, reporter, &progress, &mut summary)
        }
        Err(mistakes) => Err(mistakes),
    };
    summary.diagnostics.extend(built.err().into_iter().flatten());
    summary.timings = progress.finish();
    Ok(summary)
}

/// Fills the summary as far as it gets.
fn build(
    root: &Path,
    config: Config,
    keep_going: bool,
    reporter: &Reporter,
    progress: &Progress,
    summary: &mut Summary,
) -> Result<(), Vec<Diagnostic>> {
    summary.output.clone_from(&config.output);
    let waiting = || reporter.say("another huibian is writing to the same folder: waiting for it to end");
    // First of all: whoever comes second reads the archive after the first has published.
    let target = publish::prepare(root, &config.output, &waiting)?;
    let inputs = pipeline::read(root, config, progress)?;
    let others = inputs.loaded.counts.unsupported;
    let (site, diagnostics) = pipeline::compose(inputs, progress);
    summary.counts = Counts { others, ..Counts::of(&site, &diagnostics) };
    let sound = !diagnostics.iter().any(Diagnostic::is_error);
    summary.diagnostics = diagnostics;
    if sound || keep_going {
        summary.published = Some(publish::write(&site, root, &target, progress)?);
    }
    Ok(())
}
