//! Shows problems on the terminal: which file and line, the reason, the way out, and never more than a screen of one sort.

use std::collections::BTreeMap;
use std::fmt::Write;

use annotate_snippets::renderer::{AnsiColor, Style};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use anstream::ColorChoice;

use crate::cli::args::Global;
use crate::diagnostic::{Diagnostic, Place, Severity};

/// Problems of one code that are shown in full; `--verbose` shows all so.
const SHOWN: usize = 5;

/// Says things on standard error, as much as was asked for.
#[derive(Debug, Clone, Copy)]
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

    /// Warnings first and errors last: the end of the output is what stays on the screen.
    pub fn diagnostics(&self, diagnostics: &[Diagnostic]) {
        let limit = if self.verbose { usize::MAX } else { SHOWN };
        let colour = anstream::AutoStream::choice(&std::io::stderr()) != ColorChoice::Never;
        for severity in [Severity::Warning, Severity::Error] {
            if severity == Severity::Error || !self.quiet {
                let ones = diagnostics.iter().filter(|one| one.severity == severity);
                // Every file that cannot be used is named with its reason, however many there are.
                let rest = if severity == Severity::Error { Rest::Named } else { Rest::Counted };
                for text in folded(ones, limit, rest, colour) {
                    anstream::eprintln!("{text}\n");
                }
            }
        }
    }

    /// What stopped the program and is not about one file of the archive.
    pub fn failure(&self, error: &anyhow::Error) {
        let (open, close) = (style_of(Severity::Error).render(), style_of(Severity::Error).render_reset());
        anstream::eprintln!("{open}error{close}: {error:#}");
    }
}

/// What becomes of problems that are not shown in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// A line for each: where, and what.
    Named,
    /// How many there are.
    Counted,
}

/// Each problem as text, by their codes; of one code only the first `limit` in full.
pub fn folded<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>, limit: usize, rest: Rest, colour: bool) -> Vec<String> {
    let mut by_code: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for one in diagnostics {
        by_code.entry(&one.code).or_default().push(one);
    }
    let mut texts = Vec::new();
    for (code, ones) in by_code {
        let (full, short) = ones.split_at(limit.min(ones.len()));
        texts.extend(full.iter().map(|one| render(one, colour)));
        match rest {
            _ if short.is_empty() => {}
            Rest::Counted => texts.push(format!("… and {} more {}[{code}]; --verbose shows all", short.len(), ones[0].severity)),
            Rest::Named => {
                let lines: String = short.iter().map(|one| format!("\n  {}", in_a_line(one))).collect();
                texts.push(format!("… and {} more {}[{code}]:{lines}", short.len(), ones[0].severity));
            }
        }
    }
    texts
}

fn in_a_line(diagnostic: &Diagnostic) -> String {
    match &diagnostic.place {
        Some(Place { path, line: Some(line), .. }) => format!("{path}:{line}: {}", diagnostic.message),
        Some(Place { path, .. }) => format!("{path}: {}", diagnostic.message),
        None => diagnostic.message.clone(),
    }
}

/// One problem, with the line of its file where it is known.
pub fn render(diagnostic: &Diagnostic, colour: bool) -> String {
    match &diagnostic.place {
        Some(Place { path, line: Some(line), excerpt: Some(excerpt), highlight: Some(highlight), .. }) => {
            with_caret(diagnostic, path, *line, excerpt, highlight.clone(), colour)
        }
        place => plain(diagnostic, place.as_ref(), colour),
    }
}

/// The line with a mark below the part that is meant.
fn with_caret(diagnostic: &Diagnostic, path: &str, line: u32, excerpt: &str, highlight: std::ops::Range<usize>, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let snippet = Snippet::source(excerpt).path(path).line_start(line as usize).annotation(AnnotationKind::Primary.span(highlight));
    let mut group: Group = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.as_ref()).element(snippet);
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}

fn plain(diagnostic: &Diagnostic, place: Option<&Place>, colour: bool) -> String {
    let style = if colour { style_of(diagnostic.severity) } else { Style::new() };
    let (open, close) = (style.render(), style.render_reset());
    let mut text = format!("{open}{}[{}]{close}: {}", diagnostic.severity, diagnostic.code, diagnostic.message);
    let mut line = |rest: &dyn std::fmt::Display| write!(text, "\n  {rest}").expect("a String takes everything");
    if let Some(place) = place {
        line(place);
    }
    for note in &diagnostic.notes {
        line(note);
    }
    if let Some(help) = &diagnostic.help {
        line(&format_args!("help: {help}"));
    }
    text
}

fn style_of(severity: Severity) -> Style {
    match severity {
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Error => AnsiColor::BrightRed.on_default().bold(),
    }
}
