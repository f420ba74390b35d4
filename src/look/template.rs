//! Parses the templates and says where one is wrong.

use std::collections::BTreeMap;

use tera::{ErrorKind, Tera};

use crate::diagnostic::{Diagnostic, Place};
use crate::look::escape;
use crate::look::files::Files;

/// A template's text and where it came from.
pub struct Source {
    origin: String,
    text: String,
}

impl Source {
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// All files below `templates/`, ready to render.
///
/// # Errors
/// Each template that is not UTF-8 or cannot be parsed; otherwise the first one that names what is not there.
pub fn parse(files: &Files) -> Result<(Tera, BTreeMap<String, Source>), Vec<Diagnostic>> {
    let mut sources = BTreeMap::new();
    let mut problems = Vec::new();
    for (path, file) in files {
        let Some(name) = path.strip_prefix("templates/") else { continue };
        match std::str::from_utf8(&file.bytes) {
            Ok(text) => {
                sources.insert(name.to_owned(), Source { origin: file.origin.clone(), text: text.to_owned() });
            }
            Err(error) => problems.push(
                Diagnostic::error("template", format!("the template is not UTF-8 (byte {})", error.valid_up_to()))
                    .at(Place::file(file.origin.clone())),
            ),
        }
    }
    // Alone first, so that every broken one is reported; then together, for inheritance and components.
    for (name, source) in &sources {
        let mut alone = bare();
        if let Err(error) = alone.add_raw_template(name, &source.text)
            && matches!(error.kind(), ErrorKind::SyntaxError(_))
        {
            problems.push(diagnose(&error, name, &sources));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut templates = bare();
    match templates.add_raw_templates(sources.iter().map(|(name, source)| (name, &source.text))) {
        Ok(()) => Ok((templates, sources)),
        Err(error) => Err(vec![diagnose(&error, "", &sources)]),
    }
}

fn bare() -> Tera {
    let mut tera = Tera::default();
    tera.set_escape_fn(|text, out| out.write_all(escape::html(text).as_bytes()));
    crate::look::filters::declare(&mut tera);
    tera
}

/// A template error as a diagnostic that points into the template.
pub fn diagnose(error: &tera::Error, rendering: &str, sources: &BTreeMap<String, Source>) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let span = report.span();
            let mut place = Place::line(report.filename(), span.start_line as u32);
            place.column = Some(span.start_col as u32 + 1);
            if let Some(source) = sources.get(report.filename()) {
                place.path = source.origin.clone();
                let start = source.text[..span.range.start.min(source.text.len())].rfind('\n').map_or(0, |i| i + 1);
                let line = source.text[start..].lines().next().unwrap_or_default();
                let from = span.range.start.saturating_sub(start).min(line.len());
                let to = span.range.end.saturating_sub(start).clamp(from, line.len());
                place.excerpt = Some(line.to_owned());
                place.highlight = (to > from).then_some(from..to);
            }
            let diagnostic = Diagnostic::error("template", report.message().to_owned()).at(place);
            if rendering.is_empty() || rendering == report.filename() {
                diagnostic
            } else {
                diagnostic.note(format!("while rendering {rendering}"))
            }
        }
        ErrorKind::MissingParent { current, parent } => {
            let origin = sources.get(current).map_or(current, |source| &source.origin);
            Diagnostic::error("template", format!("the template extends `{parent}`, which does not exist"))
                .at(Place::file(origin))
                .note(format!("templates: {}", sources.keys().cloned().collect::<Vec<_>>().join(", ")))
        }
        ErrorKind::TemplateNotFound(name) => Diagnostic::error("template", format!("there is no template `{name}`"))
            .note(format!("templates: {}", sources.keys().cloned().collect::<Vec<_>>().join(", "))),
        kind => {
            let mut message = kind.to_string();
            let mut cause = std::error::Error::source(error);
            while let Some(inner) = cause {
                message = format!("{message}: {inner}");
                cause = inner.source();
            }
            Diagnostic::error("template", message)
        }
    }
}
