//! `huibian deploy`: takes the built site to where readers find it.

use std::env;
use std::io::{self, Write};
use std::path::Path;

use anyhow::anyhow;

use crate::cli::args::Deploy;
use crate::cli::progress::Progress;
use crate::cli::report::Reporter;
use crate::cli::summary::{count, size};
use crate::cli::{Failure, Outcome, root};
use crate::config;
use crate::deploy::{self, Deployed, Destination, Order, Problem};

pub fn run(args: &Deploy, given_root: Option<&Path>, reporter: &Reporter) -> Outcome {
    let told = |problem: Problem| {
        reporter.diagnostics(&[*problem]);
        Failure::Reported
    };
    // With everything on the command line no archive is needed.
    let root = if args.site.is_some() { root::find_if_any(given_root)? } else { Some(root::find(given_root)?) };
    let config = match &root {
        Some(root) => root::configuration(root).map_err(|diagnostics| {
            reporter.diagnostics(&diagnostics);
            Failure::Reported
        })?,
        None => config::Config::default(),
    };
    let here = env::current_dir()?;
    let endpoint = args.endpoint.as_deref().or(config.deploy.endpoint.as_deref());
    let destination = match (&args.to, &config.deploy.to, &root) {
        (Some(to), _, _) => Destination::parse(to, endpoint, &here),
        (None, Some(to), Some(root)) => Destination::parse(to, endpoint, root),
        _ => {
            let help = "name a folder or s3://bucket/prefix, or write `to = \"…\"` below [deploy] in config.toml";
            return Err(anyhow!("there is nowhere to deploy to\n  help: {help}").into());
        }
    };
    let destination = destination.map_err(told)?;
    let site = match (&args.site, &root) {
        (Some(site), _) => site.clone(),
        (None, Some(root)) => root.join(&config.output),
        (None, None) => config.output.clone(),
    };
    if args.site.is_none() && !site.exists() {
        return Err(anyhow!("there is no website in `{}` yet\n  help: build it with `huibian build`", site.display()).into());
    }
    let order = Order {
        site: &site,
        root: root.as_deref(),
        destination: &destination,
        rollback: args.rollback,
        dry_run: args.dry_run,
        take_over: args.take_over,
        break_lock: args.break_lock,
    };
    let progress = Progress::new(reporter);
    let deployed = deploy::deploy(&order, &progress);
    let timings = progress.finish();
    let deployed = deployed.map_err(told)?;
    if args.dry_run {
        let mut out = io::stdout().lock();
        for (path, bytes) in &deployed.uploads {
            writeln!(out, "upload  {path}  ({})", size(*bytes))?;
        }
        for path in &deployed.deletions {
            writeln!(out, "delete  {path}")?;
        }
    }
    reporter.say(&summary(&deployed, args, &destination));
    if !args.dry_run {
        reporter.say(&format!("took     {:.2} s", timings.total.as_secs_f64()));
    }
    Ok(())
}

fn summary(deployed: &Deployed, args: &Deploy, destination: &Destination) -> String {
    let Deployed { uploads, deletions, as_before, resumed } = deployed;
    let (would, done) = if args.dry_run { ("would upload", "would delete") } else { ("uploaded", "deleted ") };
    let mut lines = Vec::new();
    if *resumed && !args.rollback {
        lines.push("the last deployment had broken off: going on from there".to_owned());
    }
    if uploads.is_empty() && deletions.is_empty() && !resumed {
        lines.push(format!("nothing to do: {destination} is up to date ({})", count(*as_before, "file")));
    } else {
        let bytes = uploads.iter().map(|(_, bytes)| bytes).sum();
        lines.push(format!("{would} {}, {} to {destination} ({as_before} as before)", count(uploads.len(), "file"), size(bytes)));
        lines.push(format!("{done} {}", count(deletions.len(), "file")));
    }
    if args.rollback && !args.dry_run {
        lines.push("rolled back; the built site is as it was: the next `huibian deploy` brings it again".to_owned());
    }
    lines.join("\n")
}
