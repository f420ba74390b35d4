//! What people wrote down in `content/overrides.csv`: it beats every rule.
//!
//! One row corrects one report, or all reports of a source. The header names the columns, in any order; an empty cell
//! corrects nothing; `-` says that there is none. `huibian inspect --csv` writes the same columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::classify::declaration::{Checker, Correction, nearest};
use crate::classify::{Gazetteer, Labels, Placement, RegionId, placement};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::document::{Document, Key, Reading, TitleOrigin};
use crate::source::SourcePath;

/// As people see it.
pub const FILE: &str = "content/overrides.csv";

const COLUMNS: [(&str, &str); 8] = [
    ("path", "文件"),
    ("part", "篇目"),
    ("region", "地区"),
    ("level", "层级"),
    ("kind", "文种"),
    ("year", "年份"),
    ("themes", "主题"),
    ("title", "标题"),
];

/// The rows of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corrections {
    rows: Vec<Row>,
    /// Which of them are for a source, in their order.
    by_path: FxHashMap<String, Vec<usize>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    /// From `content/`.
    path: String,
    /// A title, or a number from 1; `None`: every report of the source.
    part: Option<String>,
    line: u32,
    correction: Correction,
}

impl Corrections {
    /// Cells may be separated by commas, semicolons or tabs. What is wrong with a row becomes a diagnostic with its
    /// line, and that cell or row does not count.
    pub fn parse(text: &str, config: &Config, gazetteer: &Gazetteer, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().next().unwrap_or_default();
        let delimiter =
            [b',', b';', b'\t'].into_iter().max_by_key(|&d| (first.bytes().filter(|&b| b == d).count(), d == b',')).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
        let mut table = Table(Checker { config, gazetteer, file: FILE, code: "override", diagnostics });
        let mut columns = Vec::new();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(1, |position| position.line() as u32);
                    table.0.complain(
                        line,
                        format!("cannot read this row: {error}"),
                        "put text with quotes or line breaks into double quotes",
                    );
                    continue;
                }
            };
            let line = record.position().map_or(1, |position| position.line() as u32);
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if columns.is_empty() {
                columns = record.iter().map(|name| table.column(line, name.trim())).collect();
                if !columns.contains(&Some("path")) {
                    table.0.complain(
                        line,
                        "there is no column `path`".into(),
                        "name the columns in the first line: path,part,region,level,kind,year,themes,title",
                    );
                    return Self::default();
                }
                continue;
            }
            rows.extend(table.row(line, &columns, &record));
        }
        let mut by_path: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (i, row) in rows.iter().enumerate() {
            by_path.entry(row.path.clone()).or_default().push(i);
        }
        Self { rows, by_path }
    }

    fn of_source(&self, path: &SourcePath) -> impl Iterator<Item = &Row> {
        self.by_path.get(path.as_str()).into_iter().flatten().map(|&i| &self.rows[i])
    }

    /// Stands for the rows of a source, if it has any.
    pub fn settings(&self, path: &SourcePath) -> Option<Key> {
        let rows: Vec<(&Option<String>, &Correction)> = self.of_source(path).map(|row| (&row.part, &row.correction)).collect();
        (!rows.is_empty()).then(|| Key::of(&rows))
    }

    /// Those for this document, in the order of the file: later ones win.
    pub fn of<'a>(&'a self, path: &'a SourcePath, part: usize, document: &'a Document) -> impl Iterator<Item = &'a Correction> {
        self.of_source(path).filter(move |row| row.is_for(path, part, document)).map(|row| &row.correction)
    }

    /// A warning for each row that no report matches, with the nearest match.
    pub fn unmatched<'a>(&self, read: impl Iterator<Item = (&'a SourcePath, &'a Reading)>) -> Vec<Diagnostic> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let read: BTreeMap<&str, (&SourcePath, &Reading)> = read.map(|(path, reading)| (path.as_str(), (path, reading))).collect();
        self.rows.iter().filter_map(|row| row.unmatched(&read)).collect()
    }
}

impl Row {
    fn is_for(&self, path: &SourcePath, part: usize, document: &Document) -> bool {
        let title = &document.title.text;
        // A corrected title is the document's title by the time the other labels are given.
        let is_part =
            |wanted: &String| wanted.parse() == Ok(part + 1) || same(wanted, title) || self.correction.title.as_ref() == Some(title);
        self.path == path.as_str() && self.part.as_ref().is_none_or(is_part)
    }

    fn unmatched(&self, read: &BTreeMap<&str, (&SourcePath, &Reading)>) -> Option<Diagnostic> {
        let warning = |message: String| Diagnostic::warning("override-unused", message).at(Place::line(FILE, self.line));
        let Some((path, reading)) = read.get(self.path.as_str()) else {
            let warning = warning(format!("no source is called content/{}", self.path));
            let near = nearest(&self.path, read.keys().copied());
            return Some(
                warning.help(near.map_or_else(|| "write the path from content/ on".into(), |near| format!("did you mean {near}?"))),
            );
        };
        if reading.documents.iter().enumerate().any(|(part, document)| self.is_for(path, part, document)) {
            return None;
        }
        let part = self.part.as_deref().unwrap_or_default();
        let warning = warning(format!("{path} has no report `{part}`"));
        let near = nearest(part, reading.documents.iter().map(|document| document.title.text.as_str()));
        Some(warning.help(match near {
            Some(near) => format!("did you mean {near}?"),
            None => format!("write a report's title or its number, 1 to {}", reading.documents.len()),
        }))
    }
}

/// Blanks do not tell two titles apart.
fn same(a: &str, b: &str) -> bool {
    let letters = |text: &'_ str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    letters(a) == letters(b)
}

/// Reads rows, cell by cell.
struct Table<'a>(Checker<'a>);

impl Table<'_> {
    fn column(&mut self, line: u32, name: &str) -> Option<&'static str> {
        let found = COLUMNS.iter().find(|(english, chinese)| name.eq_ignore_ascii_case(english) || name == *chinese);
        if found.is_none() && !name.is_empty() {
            let names = COLUMNS.map(|(english, _)| english);
            let near = nearest(name, names.into_iter())
                .map_or_else(|| format!("the columns are {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
            self.0.complain(line, format!("unknown column `{name}`"), near);
        }
        found.map(|(english, _)| *english)
    }

    fn row(&mut self, line: u32, columns: &[Option<&str>], record: &csv::StringRecord) -> Option<Row> {
        if record.len() > columns.len() {
            self.0.complain(
                line,
                format!("{} cells in a table of {} columns", record.len(), columns.len()),
                "put cells that hold the separator into double quotes",
            );
            return None;
        }
        let cell = |name: &str| {
            let at = columns.iter().position(|column| *column == Some(name))?;
            let text = plain(record.get(at)?.trim());
            (!text.is_empty()).then_some(text)
        };
        let Some(path) = cell("path") else {
            self.0.complain(line, "this row names no source".into(), "write the path from content/ on into the column `path`");
            return None;
        };
        let path = path.replace('\\', "/");
        let path = path.trim_start_matches("./");
        let checker = &mut self.0;
        let themes =
            cell("themes").map(|themes| themes.split(['、', ';', '；', ',', '，', '|']).map(str::trim).filter(|name| !name.is_empty()));
        let correction = Correction {
            region: checker.region(line, cell("region")),
            level: checker.level(line, cell("level")),
            kind: checker.kind(line, cell("kind")),
            year: cell("year").and_then(|year| checker.year(line, year)),
            themes: themes.map(|themes| checker.themes(line, themes)),
            title: cell("title").map(str::to_owned),
        };
        Some(Row {
            path: path.strip_prefix("content/").unwrap_or(path).to_owned(),
            part: cell("part").map(str::to_owned),
            line,
            correction,
        })
    }
}

/// Spreadsheets take cells that begin like this for formulas.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn neutral(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(cell)
}

/// The first line of the file.
pub fn header() -> String {
    COLUMNS.map(|(english, _)| english).join(",")
}

/// A line under [`header`] that corrects one label. `part` is a title or a number, empty where a source holds one report.
pub fn row(path: &SourcePath, part: &str, column: &str, value: &str) -> String {
    let cells = COLUMNS.map(|(name, _)| match name {
        "path" => path.as_str(),
        "part" => part,
        name if name == column => value,
        _ => "",
    });
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(cells.map(neutral)).expect("memory takes a row");
    let bytes = table.into_inner().expect("memory takes a row");
    String::from_utf8(bytes).expect("every cell was a string").trim_end_matches('\n').to_owned()
}

/// The reports of these sources as a table that a spreadsheet opens with its Chinese intact (it begins with a byte order
/// mark) and that can be edited and saved as `content/overrides.csv`.
pub fn write<'a>(gazetteer: &Gazetteer, sources: impl Iterator<Item = (&'a SourcePath, &'a Reading, &'a [Arc<Labels>])>) -> String {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let mut put =
        |cells: [String; 8]| table.write_record(cells.iter().map(|cell| neutral(cell))).expect("memory takes every row of eight cells");
    put(COLUMNS.map(|(english, _)| english.to_owned()));
    for (path, reading, labels) in sources {
        for (number, (document, labels)) in reading.documents.iter().zip(labels).enumerate() {
            let title = &document.title.text;
            let unique = reading.documents.iter().filter(|other| same(&other.title.text, title)).count() == 1;
            let part = match reading.documents.len() {
                1 => String::new(),
                _ if unique => title.clone(),
                _ => (number + 1).to_string(),
            };
            put([
                path.as_str().to_owned(),
                part,
                labels.placement.region().map_or_else(String::new, |region| names(gazetteer, region)),
                labels.level.as_ref().map_or_else(String::new, |level| level.value.name().to_owned()),
                labels.kind.as_ref().map_or_else(String::new, |kind| kind.value.clone()),
                labels.year.as_ref().map_or_else(String::new, |year| year.value.to_string()),
                labels.themes.join("、"),
                // A name that the file only lends is none.
                if document.title.from == TitleOrigin::FileName { String::new() } else { title.clone() },
            ]);
        }
    }
    let bytes = table.into_inner().expect("memory takes the last row");
    format!("\u{feff}{}", String::from_utf8(bytes).expect("every cell was a string"))
}

fn names(gazetteer: &Gazetteer, region: RegionId) -> String {
    gazetteer.path(region).into_iter().map(|id| gazetteer[id].name.as_str()).collect::<Vec<_>>().join("/")
}

/// What stays open, for the keeper to decide: ambiguous places, with their candidates, and reports without one.
pub fn doubts(path: &SourcePath, reading: &Reading, labels: &[Arc<Labels>], gazetteer: &Gazetteer) -> Vec<Diagnostic> {
    let several = reading.documents.len() > 1;
    reading
        .documents
        .iter()
        .zip(labels)
        .filter_map(|(document, labels)| {
            let place = Place::line(path.to_string(), document.lines.start).with_excerpt(document.title.text.clone());
            let part = if several { document.title.text.as_str() } else { "" };
            let row = |region: &str| format!("add a row to {FILE}: path `{}`, part `{part}`, region `{region}`", path.as_str());
            match &labels.placement {
                Placement::Ambiguous(places, evidence) => {
                    let message = format!("several places are called {} and nothing decides between them", evidence.quote);
                    let warning = Diagnostic::warning("ambiguous-place", message).at(place);
                    let warning = places.iter().take(8).fold(warning, |w, &id| w.note(placement::describe(gazetteer, id)));
                    Some(warning.help(row(&gazetteer[places[0]].code)))
                }
                Placement::Unplaced => Some(
                    Diagnostic::warning("unplaced", "cannot tell which region this report is about")
                        .at(place)
                        .note("looked in: title, signature, compilation, folders, body")
                        .help(row("…")),
                ),
                _ => None,
            }
        })
        .collect()
}
