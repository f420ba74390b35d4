//! What somebody wrote down about a report, checked against what there is: the names in `content/overrides.csv` and in
//! front matter.

use serde::Serialize;

use crate::classify::{Gazetteer, Level, placement};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::document::FrontMatter;

/// What one row or one front matter declares. Names have been checked against the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Correction {
    pub region: Option<String>,
    pub level: Option<String>,
    pub kind: Option<String>,
    pub year: Option<i32>,
    pub themes: Option<Vec<String>>,
    pub title: Option<String>,
}

/// Checks names; what is not known is complained of and left out.
pub(super) struct Checker<'a> {
    pub config: &'a Config,
    pub gazetteer: &'a Gazetteer,
    /// Where it is written, as a reader would type it.
    pub file: &'a str,
    /// Of the complaints.
    pub code: &'static str,
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

impl Checker<'_> {
    /// What a front matter declares.
    pub fn front_matter(&mut self, front: &FrontMatter) -> Correction {
        Correction {
            region: self.region(1, front.region.as_deref()),
            level: self.level(1, front.level.as_deref()),
            kind: self.kind(1, front.kind.as_deref()),
            year: front.year,
            themes: front.themes.as_ref().map(|themes| self.themes(1, themes.iter().map(String::as_str))),
            title: front.title.clone(),
        }
    }

    pub fn complain(&mut self, line: u32, message: String, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::warning(self.code, message).at(Place::line(self.file, line)).help(help));
    }

    pub fn level(&mut self, line: u32, typed: Option<&str>) -> Option<String> {
        self.one_of(line, "level", typed, [Level::Province, Level::Prefecture, Level::County].iter().map(|level| level.name()))
    }

    pub fn kind(&mut self, line: u32, typed: Option<&str>) -> Option<String> {
        let config = self.config;
        self.one_of(line, "kind", typed, config.kinds.iter().map(|kind| kind.name.as_str()))
    }

    pub fn themes<'t>(&mut self, line: u32, typed: impl Iterator<Item = &'t str>) -> Vec<String> {
        let config = self.config;
        typed.filter_map(|name| self.one_of(line, "theme", Some(name), config.themes.iter().map(|theme| theme.name.as_str()))).collect()
    }

    pub fn region(&mut self, line: u32, typed: Option<&str>) -> Option<String> {
        let typed = typed?;
        if is_none(typed) {
            return Some(typed.to_owned());
        }
        let Err(places) = placement::named(self.gazetteer, typed) else { return Some(typed.to_owned()) };
        let help = if places.is_empty() {
            let short = typed.trim_end_matches(['省', '市', '县', '区']);
            let names: Vec<&str> = self
                .gazetteer
                .iter()
                .map(|(_, region)| region.name.as_str())
                .filter(|name| name.starts_with(short) || strsim::levenshtein(name, typed) <= 1)
                .take(3)
                .collect();
            if names.is_empty() {
                "write a name such as 陕西省/安康市, or a code".into()
            } else {
                format!("did you mean {}?", names.join(", "))
            }
        } else {
            let known: Vec<String> = places.iter().take(8).map(|&place| placement::describe(self.gazetteer, place)).collect();
            format!("write one of these, by its code or its path: {}", known.join("; "))
        };
        let message =
            if places.is_empty() { format!("no region is called `{typed}`") } else { format!("several regions are called `{typed}`") };
        self.complain(line, message, help);
        None
    }

    pub fn year(&mut self, line: u32, typed: &str) -> Option<i32> {
        let year = typed.trim_end_matches('年').parse().ok().filter(|year| (1900..=2100).contains(year));
        if year.is_none() {
            self.complain(line, format!("`{typed}` is no year"), "write four digits: 2023");
        }
        year
    }

    fn one_of<'k>(&mut self, line: u32, what: &str, typed: Option<&str>, known: impl Iterator<Item = &'k str>) -> Option<String> {
        let typed = typed?;
        let known: Vec<&str> = known.collect();
        if known.contains(&typed) || is_none(typed) {
            return Some(typed.to_owned());
        }
        let near = nearest(typed, known.iter().copied())
            .map_or_else(|| format!("known: {}", known.join(", ")), |near| format!("did you mean {near}?"));
        self.complain(line, format!("unknown {what} `{typed}`"), near);
        None
    }
}

pub(super) fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored = known.map(|name| (strsim::normalized_levenshtein(wanted, name), name));
    scored.filter(|(score, _)| *score >= 0.4).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

/// A cell that says that there is none.
pub(super) fn is_none(cell: &str) -> bool {
    matches!(cell, "-" | "无")
}
