//! `huibian serve` and `huibian watch`: build again whenever the archive changes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cli::args::{Serve, Watch};
use crate::cli::build::{self, Manner};
use crate::cli::report::{Reporter, Rest, folded};
use crate::cli::summary::{Counts, count};
use crate::cli::{Outcome, root};
use crate::diagnostic::Diagnostic;
use crate::memo::Memo;
use crate::pipeline;
use crate::preview::{self, Address, Built, Changes, Patience, Settled};
use crate::progress::Unwatched;
use crate::site::Site;

/// An editor saves in several steps; a build in between would see half of them. What comes later is seen when the build has ended.
const SAVED: Duration = Duration::from_millis(20);

/// Problems that the page lists.
const LISTED: usize = 20;

pub fn serve(args: &Serve, given_root: Option<&Path>, reporter: Reporter) -> Outcome {
    let root = root::find(given_root)?;
    let changes = Changes::of(&root, SAVED)?;
    let address = Address { ip: args.bind, port: args.port };
    let rebuild = {
        let root = root.clone();
        let review = args.review;
        let mut memo = Memo::default();
        move |changed: &[String]| rebuild(&root, review, &mut memo, changed, &reporter)
    };
    preview::serve(address, &root, changes, rebuild, |url| {
        // On standard output: the address is what scripts and tests wait for.
        anstream::println!("serving {url}  (Ctrl-C stops)");
        if args.open
            && let Err(error) = open(url)
        {
            anstream::eprintln!("warning: cannot open the browser: {error}\n  help: open {url} yourself");
        }
    })?;
    Ok(())
}

/// Everything again, as far as it can be used.
fn rebuild(root: &Path, review: bool, memo: &mut Memo, changed: &[String], reporter: &Reporter) -> Built {
    let start = Instant::now();
    let (site, diagnostics) = compose(root, review, memo);
    reporter.diagnostics(&diagnostics);
    let cause = match changed {
        [] => String::new(),
        [one] => format!("{one} changed: "),
        [one, rest @ ..] => format!("{one} and {} changed: ", count(rest.len(), "other")),
    };
    let took = start.elapsed().as_secs_f64();
    reporter.say(&match &site {
        Some(site) => {
            let Counts { reports, pages, left_out, .. } = Counts::of(site, &diagnostics);
            let left_out = if left_out.is_empty() { String::new() } else { format!(", {} left out", count(left_out.len(), "upload")) };
            format!("{cause}{}, {}{left_out}, built in {took:.2} s", count(reports, "report"), count(pages, "page"))
        }
        None => format!("{cause}cannot be built; the last good site is shown"),
    });
    let errors = diagnostics.iter().filter(|one| one.is_error());
    Built { site, problems: folded(errors, LISTED, Rest::Counted, false) }
}

fn compose(root: &Path, review: bool, memo: &mut Memo) -> (Option<Site>, Vec<Diagnostic>) {
    let inputs = root::configuration(root).and_then(|mut config| {
        config.review |= review;
        pipeline::read(root, config, memo, &Unwatched)
    });
    let inputs = match inputs {
        Ok(inputs) => inputs,
        Err(problems) => return (None, problems),
    };
    let (site, mut diagnostics) = pipeline::compose(inputs, memo, &Unwatched);
    let broken = preview::probe(&site);
    let usable = broken.is_empty();
    diagnostics.extend(broken);
    (usable.then_some(site), diagnostics)
}

fn open(url: &str) -> std::io::Result<()> {
    let (program, before): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/c", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    Command::new(program).args(before).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop)
}

pub fn watch(args: &Watch, given_root: Option<&Path>, reporter: &Reporter) -> Outcome {
    let root: PathBuf = root::find(given_root)?;
    let settle = Duration::from_secs(args.settle.into());
    let mut settled = Settled::of(&root, Patience { settle, poll: args.poll.map(|seconds| Duration::from_secs(seconds.into())) })?;
    loop {
        let summary = build::once(&root, &args.site, Manner { keep_going: true, ..Manner::default() }, reporter)?;
        reporter.diagnostics(&summary.diagnostics);
        reporter.say(&format!("{summary}\n\nwatching {} (Ctrl-C stops)\n", root.join("content").display()));
        match settled.wait() {
            Some(changed) => {
                let more = if changed.len() > LISTED { format!(" and {} more", changed.len() - LISTED) } else { String::new() };
                reporter.say(&format!("changed  {}{more}", changed[..changed.len().min(LISTED)].join(", ")));
            }
            None => return Ok(()),
        }
    }
}
