//! Decides what of a source may be published, and takes the rest out.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::classify::Labels;
use crate::config::Concern;
use crate::diagnostic::{Diagnostic, Place};
use crate::document::Reading;
use crate::privacy::releases::{self, Cover, Releases};
use crate::privacy::{Concerned, Finding, Rule};
use crate::source::SourcePath;

/// What was kept back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    Nothing,
    /// Some reports, or none but what stands between them: the original file may not be offered.
    Original,
    /// Nothing is left of the source.
    Everything,
}

/// Findings that a message lists.
const LISTED: usize = 6;

/// Takes out of `reading` and `labels` what `hold` names and nobody released, and says so. What is not held is only
/// pointed out.
pub fn hold(
    (path, sha256): (&SourcePath, &str),
    (reading, labels): (&mut Reading, &mut Vec<Arc<Labels>>),
    findings: &[Finding],
    releases: &Releases,
    hold: &[Concern],
    diagnostics: &mut Vec<Diagnostic>,
) -> Held {
    let mut groups: BTreeMap<Concerned, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        groups.entry(finding.concerned).or_default().push(finding);
    }
    let several = reading.documents.len() > 1;
    let mut held = Vec::new();
    for (concerned, findings) in groups {
        let part = match concerned {
            Concerned::Document(index) => reading.documents.get(index).map(|document| (index, document.title.text.as_str())),
            Concerned::All | Concerned::Original => None,
        };
        let cover = releases.cover(path, sha256, part);
        if cover == Cover::Released {
            continue;
        }
        let is_held = findings.iter().any(|finding| hold.contains(&finding.rule.concern()));
        if is_held {
            held.push(concerned);
        }
        let part = part.filter(|_| several).map(|(index, _)| index + 1);
        diagnostics.push(message(path, sha256, concerned, part, &findings, is_held, cover));
    }
    take_out(&held, reading, labels)
}

fn take_out(held: &[Concerned], reading: &mut Reading, labels: &mut Vec<Arc<Labels>>) -> Held {
    if held.is_empty() {
        return Held::Nothing;
    }
    let is_held = |index: usize| held.contains(&Concerned::All) || held.contains(&Concerned::Document(index));
    let kept: Vec<usize> = (0..reading.documents.len()).filter(|&index| !is_held(index)).collect();
    if kept.is_empty() {
        return Held::Everything;
    }
    if kept.len() < reading.documents.len() {
        let mut at = 0..;
        reading.documents.retain(|_| at.next().is_some_and(|index| !is_held(index)));
        let mut at = 0..;
        labels.retain(|_| at.next().is_some_and(|index| !is_held(index)));
        // The account speaks of the whole text, and an entry that no report answers may name one that is held.
        reading.account.clear();
        if let Some(compilation) = &mut reading.compilation {
            compilation.contents.retain_mut(|entry| {
                entry.document = entry.document.and_then(|index| kept.iter().position(|&kept| kept == index));
                entry.document.is_some()
            });
        }
    }
    Held::Original
}

fn message(
    path: &SourcePath,
    sha256: &str,
    concerned: Concerned,
    part: Option<usize>,
    findings: &[&Finding],
    is_held: bool,
    cover: Cover,
) -> Diagnostic {
    let mut counts: BTreeMap<Rule, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.rule).or_default() += 1;
    }
    let counted: Vec<String> =
        counts.iter().map(|(rule, count)| format!("{count} {}{}", rule.name(), if *count == 1 { "" } else { "s" })).collect();
    let counted = counted.join(", ");
    let code = findings.iter().map(|finding| finding.rule.concern()).max().map_or("personal-data", Concern::name);
    let (code, message) = match (is_held, concerned) {
        (false, _) => (code, counted),
        (true, Concerned::Original) => ("held", format!("the original file is not offered: {counted} between its reports")),
        (true, _) => ("held", format!("not published: {counted}")),
    };
    let line = findings.iter().find_map(|finding| finding.line);
    let place = Place { line, ..Place::file(path.to_string()) };
    let mut diagnostic = Diagnostic::warning(code, message).at(place);
    for finding in findings.iter().take(LISTED) {
        diagnostic = diagnostic.note(match finding.line {
            Some(line) => format!("line {line}: {} {}", finding.rule.name(), finding.shown),
            None => format!("in the file's name: {} {}", finding.rule.name(), finding.shown),
        });
    }
    if let Some(more @ 1..) = findings.len().checked_sub(LISTED) {
        diagnostic = diagnostic.note(format!("and {more} more"));
    }
    if cover == Cover::Outdated {
        diagnostic = diagnostic.note(format!("{} releases an earlier version of this file", releases::FILE));
    }
    let part = part.map_or_else(String::new, |part| part.to_string());
    let row = format!("{},{part},<reason>,{sha256}", path.as_str());
    let action = if is_held { "release" } else { "accept" };
    diagnostic.help(format!("blank it in the file; or {action} it by a row in {}: {row}", releases::FILE))
}
