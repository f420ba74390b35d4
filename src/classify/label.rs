//! The row of classifiers that a document passes.

use std::sync::Arc;

use crate::classify::corrections::Corrections;
use crate::classify::declaration::{Checker, Correction, is_none};
use crate::classify::text::Text;
use crate::classify::themes::Themes;
use crate::classify::{Evidence, EvidenceFrom, Found, Gazetteer, Labels, Level, Placement, kind, level, placement, year};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Key, Reading, Title, TitleOrigin};
use crate::source::{Source, SourcePath};

/// Everything that is built once from the configuration and then asked for every document.
pub struct Classifier {
    pub gazetteer: Gazetteer,
    config: Config,
    themes: Themes,
    pub corrections: Corrections,
    /// Of the settings that bear on every source.
    settings: Key,
}

impl Classifier {
    /// `overrides` is the text of `content/overrides.csv`, if there is one.
    pub fn new(config: &Config, overrides: Option<&str>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let gazetteer = Gazetteer::new(config);
        let corrections = overrides.map_or_else(Corrections::default, |text| Corrections::parse(text, config, &gazetteer, diagnostics));
        // The last decides what a document of an office program may unpack to.
        let settings = Key::of(&(&config.themes, &config.kinds, &config.regions, config.max_file_size));
        Self { gazetteer, config: config.clone(), themes: Themes::new(&config.themes), corrections, settings }
    }

    /// Stands for all settings that bear on what this source is understood as: those of the configuration, and its rows of
    /// `content/overrides.csv`.
    pub fn settings(&self, path: &SourcePath) -> Key {
        match self.corrections.settings(path) {
            None => self.settings,
            Some(rows) => Key::of(&(self.settings, rows)),
        }
    }
}

/// Labels every document of a reading, in order. Pure: the same input gives the same labels.
pub fn label(source: &Source, reading: &Reading, classifier: &Classifier) -> Vec<Labels> {
    let compilation = reading.compilation.as_ref().and_then(|compilation| compilation.title.as_deref());
    let documents = reading.documents.iter().enumerate();
    documents
        .map(|(part, document)| {
            let text = Text::new(source, document, compilation);
            let mut labels = by_rules(&text, classifier);
            let front_matter = front_matter(source.path.to_string().as_str(), document, classifier, &mut Vec::new());
            declared(&front_matter, EvidenceFrom::FrontMatter, &mut labels, &text, classifier);
            for correction in classifier.corrections.of(&source.path, part, document) {
                declared(correction, EvidenceFrom::Override, &mut labels, &text, classifier);
            }
            labels
        })
        .collect()
}

/// What the front matter of these documents declares and nobody knows: a region, a kind, a theme.
pub fn undeclarable(path: &SourcePath, reading: &Reading, classifier: &Classifier) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for document in &reading.documents {
        front_matter(&path.to_string(), document, classifier, &mut diagnostics);
    }
    diagnostics
}

fn front_matter(file: &str, document: &Document, classifier: &Classifier, diagnostics: &mut Vec<Diagnostic>) -> Correction {
    let Classifier { config, gazetteer, .. } = classifier;
    Checker { config, gazetteer, file, code: "front-matter", diagnostics }.front_matter(&document.front_matter)
}

fn by_rules(text: &Text, classifier: &Classifier) -> Labels {
    let gazetteer = &classifier.gazetteer;
    let placement = placement::place(text, gazetteer);
    let level = level::level(text, &placement, gazetteer);
    let date = year::date(text);
    let year = year::year(text, date.as_ref());
    let period = year::period(text, year.as_ref());
    let sections = classifier.themes.sections(text);
    let themes = classifier.themes.of_report(&sections, text);
    Labels { placement, level, kind: kind::kind(text, &classifier.config.kinds), year, period, date, themes, sections }
}

/// What somebody wrote down beats what the rules say.
fn declared(correction: &Correction, from: EvidenceFrom, labels: &mut Labels, text: &Text, classifier: &Classifier) {
    let gazetteer = &classifier.gazetteer;
    let evidence = |quote: &str| Evidence { from, quote: quote.into(), line: None };
    if let Some(typed) = &correction.region {
        let region = if is_none(typed) { None } else { placement::named(gazetteer, typed).ok() };
        let changed = region != labels.placement.region();
        labels.placement = match region {
            Some(region) if changed => Placement::Stated(region, evidence(typed)),
            None if is_none(typed) => Placement::Unplaced,
            _ => labels.placement.clone(),
        };
        if changed {
            labels.level = level::level(text, &labels.placement, gazetteer);
        }
    }
    // What the rules found as well keeps the reason that they found.
    if let Some(typed) = &correction.level {
        let value = Level::from_name(typed);
        if labels.level.as_ref().map(|found| found.value) != value {
            labels.level = value.map(|value| Found { value, evidence: evidence(typed) });
        }
    }
    if let Some(typed) = &correction.kind
        && labels.kind.as_ref().map(|found| &found.value) != Some(typed)
    {
        labels.kind = (!is_none(typed)).then(|| Found { value: typed.clone(), evidence: evidence(typed) });
    }
    if let Some(value) = correction.year
        && labels.year.as_ref().map(|found| found.value) != Some(value)
    {
        labels.year = Some(Found { value, evidence: evidence(&value.to_string()) });
        labels.period = year::period(text, labels.year.as_ref());
    }
    if let Some(themes) = &correction.themes {
        labels.themes = themes.iter().filter(|theme| !is_none(theme)).cloned().collect();
    }
}

/// A reading whose documents have the titles that `content/overrides.csv` gives them.
pub fn retitle(source: &Source, mut reading: Reading, classifier: &Classifier) -> Reading {
    for (part, document) in reading.documents.iter_mut().enumerate() {
        let corrected = classifier.corrections.of(&source.path, part, document).filter_map(|correction| correction.title.clone()).last();
        if let Some(text) = corrected.filter(|text| *text != document.title.text) {
            Arc::make_mut(document).title = Title { text, from: TitleOrigin::Override };
        }
    }
    reading
}
