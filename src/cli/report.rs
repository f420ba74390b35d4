//! Shows problems on the terminal.

use std::fmt::Write;

use crate::cli::args::Global;
use crate::diagnostic::{Diagnostic, Severity};

/// Says things on standard error, as much as was asked for.
pub struct Reporter {
    pub quiet: bool,
    pub verbose: bool,
}

impl Reporter {
    pub fn new(global: &Global) -> Self {
        Self { quiet: global.quiet, verbose: global.verbose }
    }

    /// Something that goes well.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            anstream::eprintln!("{text}");
        }
    }

    pub fn diagnostics(&self, diagnostics: &[Diagnostic]) {
        for one in diagnostics {
            if one.severity == Severity::Error || !self.quiet {
                anstream::eprintln!("{}", render(one));
            }
        }
    }

    pub fn failure(&self, error: &anyhow::Error) {
        anstream::eprintln!("error: {error:#}");
    }
}

fn render(diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut text = format!("{severity}[{}]: {}", diagnostic.code, diagnostic.message);
    if let Some(place) = &diagnostic.place {
        write!(text, "\n  {}", place.path).expect("a String takes everything");
        for number in [place.line, place.column].into_iter().flatten() {
            write!(text, ":{number}").expect("a String takes everything");
        }
        if let Some(excerpt) = &place.excerpt {
            write!(text, ": {excerpt}").expect("a String takes everything");
        }
    }
    for note in &diagnostic.notes {
        write!(text, "\n  {note}").expect("a String takes everything");
    }
    if let Some(help) = &diagnostic.help {
        write!(text, "\n  help: {help}").expect("a String takes everything");
    }
    text
}
