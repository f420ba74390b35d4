//! What is wrong with an archive, said so that its keeper can mend it.
//!
//! A bad report is a [`Diagnostic`] and the build goes on; only what leaves nothing to publish is an `Err`.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Published all the same.
    Warning,
    /// What it names cannot be used.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One problem: which file and line, the reason, the way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub severity: Severity,
    /// Short and stable, for scripts and for looking it up: `undecodable`, `same-address`, …
    pub code: Cow<'static, str>,
    pub message: String,
    pub place: Option<Place>,
    /// Further facts, a line each.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
}

/// Where in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// As a reader would type it, from the archive's root: `content/2023/a.txt`.
    pub path: String,
    /// From 1.
    pub line: Option<u32>,
    /// In characters, from 1.
    pub column: Option<u32>,
    /// That line's text, without its end; long lines may be cut to the part that matters.
    pub excerpt: Option<String>,
    /// The part of `excerpt` that is meant, in bytes.
    pub highlight: Option<Range<usize>>,
}

/// The longest line of text that is quoted, in characters.
const LONGEST_QUOTE: usize = 60;

impl fmt::Display for Place {
    /// `content/a.txt:12:3: the line`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        for number in [self.line, self.column].into_iter().flatten() {
            write!(f, ":{number}")?;
        }
        match &self.excerpt {
            Some(excerpt) if excerpt.chars().count() > LONGEST_QUOTE => {
                write!(f, ": {}…", excerpt.chars().take(LONGEST_QUOTE).collect::<String>())
            }
            Some(excerpt) => write!(f, ": {excerpt}"),
            None => Ok(()),
        }
    }
}

impl Place {
    pub fn file(path: impl Into<String>) -> Self {
        Self { path: path.into(), line: None, column: None, excerpt: None, highlight: None }
    }

    pub fn line(path: impl Into<String>, line: u32) -> Self {
        Self { line: Some(line), ..Self::file(path) }
    }

    /// The part of `text` that `span` (in bytes) covers, cut at the end of its first line.
    pub fn in_text(path: impl Into<String>, text: &str, span: Range<usize>) -> Self {
        let start = text.floor_char_boundary(span.start);
        let line_start = text[..start].rfind('\n').map_or(0, |end| end + 1);
        let line = text[line_start..].lines().next().unwrap_or_default();
        let at = (start - line_start).min(line.len());
        let end = line.floor_char_boundary(span.end.max(start).saturating_sub(line_start)).max(at);
        Self {
            path: path.into(),
            line: Some(text[..start].matches('\n').count() as u32 + 1),
            column: Some(line[..at].chars().count() as u32 + 1),
            excerpt: Some(line.to_owned()),
            highlight: Some(at..end),
        }
    }

    pub fn with_excerpt(mut self, excerpt: impl Into<String>) -> Self {
        self.excerpt = Some(excerpt.into());
        self
    }
}

impl Diagnostic {
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self { severity, code: Cow::Borrowed(code), message: message.into(), place: None, notes: Vec::new(), help: None }
    }

    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
