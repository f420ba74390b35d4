//! Reports that are nearly the same: perhaps one upload too many, perhaps a version that the other replaces. Nothing is
//! dropped; the keeper decides.

use crate::archive::ReportId;
use crate::diagnostic::{Diagnostic, Place};
use crate::insight::duplicates::{Twins, twins};
use crate::site::Site;

/// Differences that a message lists, and the characters of each side that it shows.
const LISTED: usize = 5;
const SHOWN: usize = 30;

pub fn duplicates(site: &Site) -> Vec<Diagnostic> {
    twins(&site.archive).into_iter().map(|twins| told(site, &twins)).collect()
}

fn told(site: &Site, twins: &Twins) -> Diagnostic {
    let archive = &site.archive;
    let place = |id: ReportId| {
        let report = &archive[id];
        Place::line(archive.sources[report.source].path.to_string(), report.document.lines.start)
    };
    // 99.6 % must not be told as all of it.
    let share = (twins.likeness * 100.0).floor();
    let message = match twins.differences.is_empty() {
        true => format!("the same text as {}", place(twins.first)),
        false => format!("{share:.0}% the same text as {}", place(twins.first)),
    };
    let mut problem = Diagnostic::warning("near-duplicate", message).at(place(twins.second));
    // Figures that differ matter most: a correction, or an error in copying.
    let (figures, words): (Vec<_>, Vec<_>) = twins.differences.iter().partition(|(old, new)| holds_figure(old) && holds_figure(new));
    for (old, new) in figures.iter().chain(&words).take(LISTED) {
        let side = |text: &str| if text.is_empty() { "(nothing)".to_owned() } else { format!("`{}`", shortened(text)) };
        problem = problem.note(format!("{} there, {} here", side(old), side(new)));
    }
    if let Some(more @ 1..) = twins.differences.len().checked_sub(LISTED) {
        problem = problem.note(format!("and {more} more differences"));
    }
    problem.help("delete one of them if it is one upload too many; both are published as they are")
}

fn holds_figure(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

fn shortened(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() > SHOWN { format!("{}…", text.chars().take(SHOWN).collect::<String>()) } else { text.to_owned() }
}
