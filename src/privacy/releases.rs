//! What people wrote down in `content/releases.csv`: reports that may be published in spite of what was found in them.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Place};
use crate::document::Reading;
use crate::source::SourcePath;

/// As people see it.
pub const FILE: &str = "content/releases.csv";

/// The first line of the file.
pub const HEADER: &str = "path,part,reason,sha256";

const COLUMNS: [(&str, &str); 4] = [("path", "文件"), ("part", "篇目"), ("reason", "理由"), ("sha256", "校验值")];

/// The rows of the file.
#[derive(Debug, Clone, Default)]
pub struct Releases {
    rows: Vec<Row>,
}

#[derive(Debug, Clone)]
struct Row {
    /// From `content/`.
    path: String,
    /// A title, or a number from 1; `None`: the whole source.
    part: Option<String>,
    /// Of the file that somebody has looked at; `None`: whatever it holds.
    sha256: Option<String>,
    line: u32,
}

impl Releases {
    /// A row without a reason releases nothing; it becomes an error with its line.
    pub fn parse(text: &str, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).trim(csv::Trim::All).from_reader(text.as_bytes());
        let mut columns: Vec<Option<&str>> = Vec::new();
        let mut rows = Vec::new();
        for record in reader.records() {
            let mut complain = |line: u32, message: String, help: &str| {
                diagnostics.push(Diagnostic::error("release", message).at(Place::line(FILE, line)).help(help));
            };
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(1, |position| position.line() as u32);
                    complain(line, format!("cannot read this row: {error}"), "put text with quotes or line breaks into double quotes");
                    continue;
                }
            };
            let line = record.position().map_or(1, |position| position.line() as u32);
            if record.iter().all(str::is_empty) {
                continue;
            }
            if columns.is_empty() {
                columns = record.iter().map(column).collect();
                if !columns.contains(&Some("path")) || !columns.contains(&Some("reason")) {
                    let help = "name the columns in the first line: path,part,reason,sha256";
                    complain(line, "the columns `path` and `reason` are needed".into(), help);
                    return Self::default();
                }
                continue;
            }
            let cell = |name: &str| {
                let at = columns.iter().position(|column| *column == Some(name))?;
                record.get(at).filter(|text| !text.is_empty()).map(str::to_owned)
            };
            match (cell("path"), cell("reason")) {
                (None, _) => complain(line, "this row names no source".into(), "write the path from content/ on into the column `path`"),
                (_, None) => complain(line, "this row gives no reason, so it releases nothing".into(), "say who decided, and why"),
                (Some(path), Some(_)) => {
                    let path = path.replace('\\', "/");
                    let path = path.trim_start_matches("./").trim_start_matches("content/").to_owned();
                    rows.push(Row { path, part: cell("part"), sha256: cell("sha256").map(|sum| sum.to_lowercase()), line });
                }
            }
        }
        Self { rows }
    }

    /// Whether somebody released a report of this file, or with `part` `None` all of it.
    pub fn cover(&self, path: &SourcePath, sha256: &str, part: Option<(usize, &str)>) -> Cover {
        let mut cover = Cover::None;
        for row in self.rows.iter().filter(|row| row.path == path.as_str() && row.is_for(part)) {
            match &row.sha256 {
                Some(sum) if sum != sha256 => cover = Cover::Outdated,
                _ => return Cover::Released,
            }
        }
        cover
    }

    /// A warning for each row that fits no report.
    pub fn unmatched<'a>(&self, read: impl Iterator<Item = (&'a SourcePath, &'a Reading)>) -> Vec<Diagnostic> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let read: BTreeMap<&str, &Reading> = read.map(|(path, reading)| (path.as_str(), reading)).collect();
        let fits = |row: &Row| {
            read.get(row.path.as_str()).is_some_and(|reading| {
                let mut parts = reading.documents.iter().enumerate();
                row.part.is_none() || parts.any(|(part, document)| row.is_for(Some((part, &document.title.text))))
            })
        };
        let unused = self.rows.iter().filter(|row| !fits(row));
        unused
            .map(|row| {
                let message = format!("no report fits this release of content/{}", row.path);
                let warning = Diagnostic::warning("release-unused", message).at(Place::line(FILE, row.line));
                warning.help("write the path from content/ on, and a report's title or number as its part; or delete the row")
            })
            .collect()
    }
}

/// What the table says of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    None,
    /// It was released, but the file has changed since.
    Outdated,
    Released,
}

impl Row {
    /// A row without a part is for everything in its source.
    fn is_for(&self, part: Option<(usize, &str)>) -> bool {
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        match (&self.part, part) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(wanted), Some((number, title))) => wanted.parse() == Ok(number + 1) || letters(wanted) == letters(title),
        }
    }
}

fn column(name: &str) -> Option<&'static str> {
    COLUMNS.iter().find(|(english, chinese)| name.eq_ignore_ascii_case(english) || name == *chinese).map(|(english, _)| *english)
}
