//! `huibian build`: reads, composes, publishes, and tells what happened.

use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::cli::args::{Build, SiteArgs, StatsFormat};
use crate::cli::progress::Progress;
use crate::cli::report::Reporter;
use crate::cli::summary::{Counts, Summary};
use crate::cli::{Failure, root};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::memo::Memo;
use crate::{cli, pipeline, publish};

pub fn run(args: &Build, given_root: Option<&Path>, reporter: &Reporter) -> cli::Outcome {
    let root = root::find(given_root)?;
    if let Some(jobs) = args.jobs {
        rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs)).build_global()?;
    }
    let summary =
        once(&root, &args.site, Manner { keep_going: args.keep_going, afresh: args.no_cache, compress: args.compress }, reporter)?;
    reporter.diagnostics(&summary.diagnostics);
    reporter.say(&summary.to_string());
    if args.stats == Some(StatsFormat::Json) {
        writeln!(io::stdout().lock(), "{}", summary.stats())?;
    }
    if summary.diagnostics.iter().any(Diagnostic::is_error) { Err(Failure::Reported) } else { Ok(()) }
}

/// How a build goes about it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// Publish in spite of sources that cannot be used.
    pub keep_going: bool,
    /// Take nothing over from the last build.
    pub afresh: bool,
    /// Write compressed copies, whatever config.toml says.
    pub compress: bool,
}

/// Builds the site once.
pub fn once(root: &Path, site_args: &SiteArgs, manner: Manner, reporter: &Reporter) -> anyhow::Result<Summary> {
    let progress = Progress::new(reporter);
    let mut summary = Summary::default();
    let built = match root::configuration(root) {
        Ok(mut config) => {
            site_args.apply(&mut config)?;
            config.compress |= manner.compress;
            build(root, config, manner, reporter, &progress, &mut summary)
        }
        Err(mistakes) => Err(mistakes),
    };
    summary.diagnostics.extend(built.err().into_iter().flatten());
    summary.timings = progress.finish();
    Ok(summary)
}

/// What is told about a build, as the next one may tell it again.
#[derive(Serialize, Deserialize)]
struct Outcome {
    counts: Counts,
    diagnostics: Vec<Diagnostic>,
}

/// Fills the summary as far as it gets.
fn build(
    root: &Path,
    config: Config,
    manner: Manner,
    reporter: &Reporter,
    progress: &Progress,
    summary: &mut Summary,
) -> Result<(), Vec<Diagnostic>> {
    summary.output.clone_from(&config.output);
    let waiting = || reporter.say("another huibian is writing to the same folder: waiting for it to end");
    // First of all: whoever comes second reads the archive after the first has published.
    let target = publish::prepare(root, &config.output, &waiting)?;
    let inputs = pipeline::fingerprint(root, &config, manner.keep_going);
    if let Some(inputs) = inputs.filter(|_| !manner.afresh)
        && let Some((written, outcome)) = publish::unchanged(&target, &inputs)?
        && let Ok(Outcome { counts, diagnostics }) = serde_json::from_str(&outcome)
    {
        summary.counts = counts;
        summary.diagnostics = diagnostics;
        summary.published = Some(written);
        return Ok(());
    }
    let mut memo = if manner.afresh { Memo::default() } else { publish::recall(&target) };
    let read = pipeline::read(root, config, &memo, progress)?;
    let others = read.loaded.counts.unsupported;
    let (site, diagnostics) = pipeline::compose(read, &mut memo, progress);
    let outcome = Outcome { counts: Counts { others, ..Counts::of(&site, &diagnostics) }, diagnostics };
    let sound = !outcome.diagnostics.iter().any(Diagnostic::is_error);
    let told = serde_json::to_string(&outcome).expect("numbers and texts are always JSON");
    summary.counts = outcome.counts;
    summary.diagnostics = outcome.diagnostics;
    if sound || manner.keep_going {
        // What could not be read may be readable next time, with a program that is installed by then.
        let note = publish::Note { inputs: inputs.filter(|_| sound), outcome: told };
        let written = publish::write(&site, root, &target, note, manner.afresh, progress);
        drop(site);
        publish::keep(&memo, &target);
        summary.published = Some(written?);
    }
    Ok(())
}
