//! One table of `config.toml` while it is read: typed access that collects mistakes instead of stopping at the first.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Place};

/// Everything that is wrong with the file so far.
pub struct Mistakes<'t> {
    text: &'t str,
    found: RefCell<Vec<(usize, Diagnostic)>>,
}

impl<'t> Mistakes<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, found: RefCell::default() }
    }

    /// `span` is the part of the file that is wrong, in bytes.
    pub fn add(&self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        let start = span.start;
        let mut diagnostic = Diagnostic::error("config", message).at(Place::in_text("config.toml", self.text, span));
        diagnostic.help = help;
        self.found.borrow_mut().push((start, diagnostic));
    }

    /// In the order of the file.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|(start, _)| *start);
        found.into_iter().map(|(_, diagnostic)| diagnostic).collect()
    }
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct At<T> {
    pub value: T,
    pub span: Range<usize>,
}

type Value<'t> = Spanned<DeValue<'t>>;

/// A table whose keys are asked for one by one; those that nobody asked for are mistakes.
pub struct Section<'t, 'm> {
    table: &'m DeTable<'t>,
    /// Of its header, for what is missing.
    pub span: Range<usize>,
    asked: RefCell<Vec<&'m str>>,
    mistakes: &'m Mistakes<'t>,
}

impl<'t, 'm> Section<'t, 'm> {
    pub fn new(table: &'m DeTable<'t>, span: Range<usize>, mistakes: &'m Mistakes<'t>) -> Self {
        Self { table, span, asked: RefCell::default(), mistakes }
    }

    pub fn string(&self, key: &'static str) -> Option<At<&'m str>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(At { value: text.as_ref(), span: value.span() }),
            _ => self.wrong_type(key, value, "text in quotation marks"),
        }
    }

    /// Like [`Self::string`], but missing or blank is a mistake.
    pub fn required(&self, key: &'static str, example: &str) -> Option<At<&'m str>> {
        if !self.table.contains_key(key) {
            self.asked.borrow_mut().push(key);
            self.mistakes.add(self.span.clone(), format!("`{key}` is missing"), Some(format!("add `{key} = {example:?}`")));
            return None;
        }
        let text = self.string(key)?;
        if text.value.trim().is_empty() {
            self.mistakes.add(text.span, format!("`{key}` is empty"), Some(format!("write `{key} = {example:?}`")));
            return None;
        }
        Some(text)
    }

    pub fn boolean(&self, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(yes) => Some(*yes),
            _ => self.wrong_type(key, value, "true or false, without quotation marks"),
        }
    }

    /// A whole number.
    pub fn integer(&self, key: &'static str) -> Option<At<i64>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => Some(At { value: number, span: value.span() }),
                Err(_) => {
                    self.mistakes.add(value.span(), format!("`{key}` is too large a number"), None);
                    None
                }
            },
            _ => self.wrong_type(key, value, "a whole number, without quotation marks"),
        }
    }

    /// The value as it stands, for a key that takes several types.
    pub fn any(&self, key: &'static str) -> Option<&'m Value<'t>> {
        self.get(key)
    }

    /// The items of a list; none when the key is missing.
    pub fn list(&self, key: &'static str) -> impl Iterator<Item = &'m Value<'t>> + use<'t, 'm> {
        let items: &[Value<'t>] = match self.get(key) {
            None => &[],
            Some(value) => match value.get_ref() {
                DeValue::Array(items) => items,
                _ => {
                    self.wrong_type::<()>(key, value, "a list in square brackets");
                    &[]
                }
            },
        };
        items.iter()
    }

    /// A list of texts.
    pub fn strings(&self, key: &'static str) -> Vec<String> {
        self.list(key)
            .filter_map(|item| match item.get_ref() {
                DeValue::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
                DeValue::String(_) => {
                    self.mistakes.add(item.span(), format!("`{key}` holds an empty text"), Some("remove it".into()));
                    None
                }
                _ => self.wrong_type(key, item, "a list of texts in quotation marks"),
            })
            .collect()
    }

    /// A table of its own: `[key]`. Hands back an empty one when the key is missing.
    pub fn section(&self, key: &'static str) -> Option<Section<'t, 'm>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Section::new(table, value.span(), self.mistakes)),
            DeValue::Array(_) => {
                let help = format!("write `[{key}]` with single brackets");
                self.mistakes.add(value.span(), format!("`[[{key}]]` is one table, not a list"), Some(help));
                None
            }
            _ => self.wrong_type(key, value, &format!("a table: a line `[{key}]` with its keys below")),
        }
    }

    /// The tables of a list: `[[key]]`.
    pub fn sections(&self, key: &'static str) -> Vec<Section<'t, 'm>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let items = match value.get_ref() {
            DeValue::Array(items) => items,
            DeValue::Table(_) => {
                let help = format!("write `[[{key}]]` with double brackets, once for each");
                self.mistakes.add(value.span(), format!("`[{key}]` must be a list of tables"), Some(help));
                return Vec::new();
            }
            _ => return self.wrong_type(key, value, &format!("a list of tables: a line `[[{key}]]` for each")).unwrap_or_default(),
        };
        let mut sections = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::Table(table) => sections.push(Section::new(table, item.span(), self.mistakes)),
                _ => {
                    self.wrong_type::<()>(key, item, &format!("a list of tables: a line `[[{key}]]` for each"));
                }
            }
        }
        sections
    }

    /// A key whose name holds one of these words is a mistake of its own.
    pub fn refuse(&self, words: &[&str], message: &str, help: &str) {
        let mut asked = self.asked.borrow_mut();
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if !asked.contains(&name) && words.iter().any(|word| name.to_lowercase().contains(word)) {
                self.mistakes.add(key.span(), message, Some(help.to_owned()));
                asked.push(name);
            }
        }
    }

    /// Reports every key that nobody asked for. `above` are the keys of the whole file, which are easily written below a
    /// `[table]` by mistake.
    pub fn finish(self, above: &[&str]) {
        let known = self.asked.into_inner();
        for key in self.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref();
            let help = if let Some(guess) = closest(name, &known) {
                format!("did you mean `{guess}`?")
            } else if let Some(guess) = closest(name, above) {
                format!("`{guess}` concerns the whole site: write it above the first line in square brackets")
            } else {
                format!("known here are {}", quoted_list(&known))
            };
            self.mistakes.add(key.span(), format!("unknown key `{name}`"), Some(help));
        }
    }

    fn get(&self, key: &'static str) -> Option<&'m Value<'t>> {
        self.asked.borrow_mut().push(key);
        self.table.get(key)
    }

    fn wrong_type<T>(&self, key: &str, value: &Value<'t>, wanted: &str) -> Option<T> {
        self.mistakes.add(value.span(), format!("`{key}` must be {wanted}; this is {}", kind_of(value.get_ref())), None);
        None
    }
}

/// The one of `known` that was probably meant.
pub fn closest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(&name.to_lowercase().replace('-', "_"), candidate), *candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// `a`, `b` and `c`.
pub fn quoted_list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
