//! `huibian check`: everything that is wrong with the archive and with the site that comes from it.

use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

use crate::check::{self, Links};
use crate::cli::args::Check;
use crate::cli::report::Reporter;
use crate::cli::summary::count;
use crate::cli::{Failure, Outcome, root};
use crate::diagnostic::{Diagnostic, Severity};
use crate::memo::Memo;
use crate::pipeline;
use crate::progress::Unwatched;

pub fn run(args: &Check, given_root: Option<&Path>, reporter: &Reporter) -> Outcome {
    let root = root::find(given_root)?;
    let (links, mut diagnostics) =
        match root::configuration(&root).and_then(|config| pipeline::read(&root, config, &Memo::default(), &Unwatched)) {
            Ok(inputs) => {
                let (site, mut diagnostics) = pipeline::compose(inputs, &mut Memo::default(), &Unwatched);
                diagnostics.extend(check::reports(&site));
                diagnostics.extend(check::duplicates(&site));
                (check::links(&site), diagnostics)
            }
            Err(problems) => (Links::default(), problems),
        };
    diagnostics.extend(links.problems);
    let count_of = |severity| diagnostics.iter().filter(|one| one.severity == severity).count();
    let (errors, warnings) = (count_of(Severity::Error), count_of(Severity::Warning));
    if args.json {
        let (errors, warnings): (Vec<&Diagnostic>, Vec<&Diagnostic>) = diagnostics.iter().partition(|one| one.is_error());
        let value = json!({ "pages": links.pages, "links": links.links, "errors": errors, "warnings": warnings });
        let mut out = io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, &value).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        reporter.diagnostics(&diagnostics);
        let looked = format!("looked at {} and {}", count(links.pages, "page"), count(links.links, "link"));
        reporter.say(&format!("{looked}: {}, {}", count(errors, "error"), count(warnings, "warning")));
    }
    if errors > 0 { Err(Failure::Reported) } else { Ok(()) }
}
