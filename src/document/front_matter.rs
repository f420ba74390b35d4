//! Front matter at the head of a Markdown source: TOML between `+++` lines, YAML between `---` lines.
//!
//! The keys are those of [`FrontMatter`]; what Zola and Hugo archives write (`[taxonomies]`, `[extra]`, `regions`,
//! `region_code`, `kind_name`) is understood too. A wrong type is an error, an unknown key a warning.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Place};
use crate::document::FrontMatter;
use crate::source::{Source, Span};

const KEYS: [&str; 8] = ["title", "region", "level", "kind", "year", "date", "themes", "slug"];

/// Front matter and where it stands.
pub(super) struct Found {
    pub values: FrontMatter,
    /// The fences included. Empty where there is none.
    pub span: Span,
}

/// Reads it; what is wrong goes to `diagnostics`.
pub(super) fn read(source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Found {
    let mut reader = Reader { source, values: FrontMatter::default(), diagnostics, region_code: false };
    let span = reader.read();
    Found { values: reader.values, span }
}

struct Reader<'s, 'd> {
    source: &'s Source,
    values: FrontMatter,
    diagnostics: &'d mut Vec<Diagnostic>,
    /// The code is more exact than the name.
    region_code: bool,
}

impl Reader<'_, '_> {
    fn read(&mut self) -> Span {
        let nothing = Span::new(0, 0);
        let fence = self.source.text.line(1).trim_end();
        if fence != "+++" && fence != "---" {
            return nothing;
        }
        let Some((last, closing, _)) = self.source.text.lines().skip(1).find(|(_, _, line)| line.trim_end() == fence) else {
            // `---` is also a rule between paragraphs.
            if fence == "+++" || self.source.text.line(2).contains(':') {
                let problem = Diagnostic::error("front-matter", format!("the front matter that begins with `{fence}` has no end"));
                self.diagnostics.push(problem.at(self.place(1)).help(format!("close it with a line `{fence}`")));
            }
            return nothing;
        };
        let start = self.source.text.lines().nth(1).map_or(0, |(_, span, _)| span.start as usize);
        let inner = &self.source.text.as_str()[start..closing.start as usize];
        let parsed = if fence == "+++" { self.toml(inner) } else { self.yaml(inner, last) };
        if let Some(values) = parsed {
            self.table(&values);
        }
        Span::new(0, closing.end as usize)
    }

    fn toml(&mut self, inner: &str) -> Option<serde_json::Map<String, Value>> {
        match inner.parse::<toml::Table>() {
            Ok(table) => Some(table.into_iter().map(|(key, value)| (key, json(value))).collect()),
            Err(error) => {
                let line = 2 + error.span().map_or(0, |span| inner[..span.start.min(inner.len())].matches('\n').count() as u32);
                let message = format!("the front matter is not valid TOML: {}", error.message());
                self.diagnostics
                    .push(Diagnostic::error("front-matter", message).at(self.place(line)).help("text needs quotes: title = \"…\""));
                None
            }
        }
    }

    fn yaml(&mut self, inner: &str, last: u32) -> Option<serde_json::Map<String, Value>> {
        if inner.trim().is_empty() {
            return None;
        }
        match serde_saphyr::from_str::<Value>(inner) {
            Ok(Value::Object(map)) => Some(map),
            Ok(Value::Null) => None,
            Ok(_) => {
                let problem = Diagnostic::error("front-matter", "the front matter is not a list of `key: value` lines");
                self.diagnostics.push(problem.at(self.place(2)).help("write one `key: value` on each line"));
                None
            }
            Err(error) => {
                let line = error.location().map_or(2, |location| (location.line() as u32 + 1).min(last));
                let text = error.to_string();
                let reason = text.lines().next().unwrap_or("cannot be parsed").trim_start_matches("error: ").to_owned();
                let problem = Diagnostic::error("front-matter", format!("the front matter is not valid YAML: {reason}"));
                self.diagnostics.push(problem.at(self.place(line)).help("a value with a colon needs quotes: title: \"关于: …\""));
                None
            }
        }
    }

    fn place(&self, line: u32) -> Place {
        Place::line(self.source.path.to_string(), line).with_excerpt(self.source.text.line(line))
    }

    /// The line that sets a key; the first where it stands twice.
    fn line_of(&self, key: &str) -> u32 {
        let sets = |line: &str| {
            let rest = line.trim_start().trim_start_matches(['"', '\'', '[']).strip_prefix(key);
            rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(['=', ':', ']']))
        };
        self.source.text.lines().find(|(_, _, line)| sets(line)).map_or(2, |(number, ..)| number)
    }

    fn table(&mut self, table: &serde_json::Map<String, Value>) {
        for (key, value) in table {
            match (key.as_str(), value) {
                (_, Value::Null) => {}
                ("taxonomies" | "extra" | "params", Value::Object(inner)) => self.table(inner),
                ("title", _) => self.values.title = self.text(key, value),
                ("region_code", _) => {
                    self.values.region = self.text(key, value).or(self.values.region.take());
                    self.region_code = true;
                }
                // From the province down: the last is the narrowest.
                ("region" | "regions", _) => {
                    let last = self.list(key, value).and_then(|names| names.into_iter().last());
                    if !self.region_code {
                        self.values.region = last;
                    }
                }
                ("level", _) => self.values.level = self.text(key, value),
                ("kind" | "kind_name", _) => self.values.kind = self.text(key, value),
                ("year", _) => self.values.year = self.year(key, value),
                ("date", _) => self.values.date = self.text(key, value),
                ("theme" | "themes", _) => self.values.themes = self.list(key, value),
                ("slug", _) => self.values.slug = self.text(key, value),
                _ => self.unknown(key),
            }
        }
    }

    fn unknown(&mut self, key: &str) {
        let nearest = KEYS.iter().map(|known| (strsim::jaro_winkler(known, key), known)).max_by(|a, b| a.0.total_cmp(&b.0));
        let help = match nearest.filter(|(similarity, _)| *similarity > 0.8) {
            Some((_, known)) => format!("did you mean `{known}`?"),
            None => format!("known keys: {}", KEYS.join(", ")),
        };
        let place = self.place(self.line_of(key));
        self.diagnostics
            .push(Diagnostic::warning("unknown-key", format!("unknown key `{key}` in the front matter: not used")).at(place).help(help));
    }

    fn wrong_type(&mut self, key: &str, wanted: &str, value: &Value) {
        let got = match value {
            Value::String(_) => "text",
            Value::Number(_) => "a number",
            Value::Bool(_) => "true or false",
            Value::Array(_) => "a list",
            Value::Object(_) => "a table",
            Value::Null => "nothing",
        };
        let place = self.place(self.line_of(key));
        let example = match wanted {
            "a list of texts" => format!("for example: {key} = [\"…\", \"…\"]"),
            "a year" => format!("for example: {key} = 2023"),
            _ => format!("for example: {key} = \"…\""),
        };
        let problem = Diagnostic::error("front-matter", format!("`{key}` must be {wanted}, but it is {got}"));
        self.diagnostics.push(problem.at(place).help(example));
    }

    fn text(&mut self, key: &str, value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            // A code may be written without quotes.
            Value::Number(number) if key.starts_with("region") => Some(number.to_string()),
            _ => {
                self.wrong_type(key, "text", value);
                None
            }
        }
    }

    fn year(&mut self, key: &str, value: &Value) -> Option<i32> {
        let year = match value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().trim_end_matches('年').parse().ok(),
            _ => None,
        };
        let year = year.and_then(|year| i32::try_from(year).ok()).filter(|year| (1000..10_000).contains(year));
        if year.is_none() {
            self.wrong_type(key, "a year", value);
        }
        year
    }

    fn list(&mut self, key: &str, value: &Value) -> Option<Vec<String>> {
        let items = match value {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Value::String(text) => texts.push(text.trim().to_owned()),
                Value::Number(number) if key.starts_with("region") => texts.push(number.to_string()),
                _ => {
                    self.wrong_type(key, "a list of texts", item);
                    return None;
                }
            }
        }
        Some(texts)
    }
}

fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(yes) => Value::Bool(yes),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(items) => Value::Array(items.into_iter().map(json).collect()),
        toml::Value::Table(table) => Value::Object(table.into_iter().map(|(key, value)| (key, json(value))).collect()),
    }
}
