//! What is doubtful in each report: missing labels, signs that do not close, leftovers of extraction, blanks beside names.

use rayon::prelude::*;

use crate::archive::{Archive, Report};
use crate::check::{anonymity, brackets, residue};
use crate::classify::corrections;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::document::Block;
use crate::site::Site;

/// Places of one sort that a message lists for one report.
const LISTED: usize = 5;

/// A place in a report's text, and what is wrong there. It holds no more of the text than shows what is meant.
pub(super) struct Spot {
    pub line: u32,
    pub what: String,
}

/// All reports, in the order of their sources and lines.
pub fn reports(site: &Site) -> Vec<Diagnostic> {
    let archive = &*site.archive;
    let mut order: Vec<&Report> = archive.reports.iter().collect();
    order.sort_by_key(|report| (report.source, report.document.lines.start));
    order.par_iter().flat_map_iter(|report| report_problems(report, archive, &site.config)).collect()
}

fn report_problems(report: &Report, archive: &Archive, config: &Config) -> Vec<Diagnostic> {
    let labels = &report.labels;
    let path = &archive.sources[report.source].path;
    let place = || Place::line(path.to_string(), report.document.lines.start).with_excerpt(report.document.title.text.clone());
    let part = if report.compilation.is_some() { report.document.title.text.as_str() } else { "" };
    let row = |column: &str| format!("add a row to {}: path `{}`, part `{part}`, {column}", corrections::FILE, path.as_str());
    let mut problems = Vec::new();
    if labels.year.is_none() {
        let problem = Diagnostic::warning("no-year", "cannot tell which year this report is about").at(place());
        problems.push(problem.note("looked in: title, date, folders, body").help(row("year `…`")));
    }
    let other = config.themes.last().map(|theme| theme.name.as_str());
    let unthemed: Vec<Spot> = labels
        .sections
        .iter()
        .filter(|section| section.themes.iter().all(|found| Some(found.theme.as_str()) == other && found.words.is_empty()))
        .filter_map(|section| {
            let line = report.document.blocks.get(section.first_block)?.lines().start;
            Some(Spot { line, what: format!("`{}`", section.heading.as_deref()?) })
        })
        .collect();
    // Code has rules of its own.
    let is_code = |block: &&Block| matches!(block, Block::Rich(rich) if rich.html.contains("<pre"));
    let texts: Vec<&Block> = report.document.blocks.iter().filter(|block| !is_code(block)).collect();
    let title_line = report.document.lines.start;
    let title = report.document.title.text.as_str();
    let bodies = || std::iter::once((title_line, title.into())).chain(texts.iter().map(|block| (block.lines().start, block.text())));
    for (code, message, help, spots) in [
        ("no-theme", "no configured theme fits", "add words to a theme in config.toml, or leave it as it is".to_owned(), unthemed),
        ("brackets", "brackets or quotation marks that do not match", "mend the text".to_owned(), brackets::unbalanced(bodies())),
        ("residue", "leftovers of a web page or of extraction", "delete them from the file".to_owned(), residue::left(bodies())),
        (
            "half-masked",
            "blanked in one place and named in another",
            "blank the name everywhere, or nowhere".to_owned(),
            anonymity::named_beside_blanks(report, &archive.gazetteer),
        ),
    ] {
        if let Some(first) = spots.first() {
            let mut problem = Diagnostic::warning(code, format!("{message}: {}", spots.len()));
            problem = problem.at(Place::line(path.to_string(), first.line)).help(help);
            for spot in spots.iter().take(LISTED) {
                problem = problem.note(format!("line {}: {}", spot.line, spot.what));
            }
            if let Some(more @ 1..) = spots.len().checked_sub(LISTED) {
                problem = problem.note(format!("and {more} more"));
            }
            problems.push(problem);
        }
    }
    problems
}
