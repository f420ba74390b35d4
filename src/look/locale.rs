//! The words of the interface in one language.

use std::fmt::Write as _;

use toml::{Table, Value};

use crate::classify::Date;
use crate::config::Language;
use crate::diagnostic::{Diagnostic, Place};
use crate::look::files::Files;

/// Words by dotted key: `report.source`. A word may hold `{name}`s to be filled in, and may differ by number
/// (`{ one = "…", other = "…" }`).
#[derive(Debug, Clone)]
pub struct Locale {
    words: Table,
}

/// `locales/<language>.toml`, built in or the archive's own; the archive's own words win one by one.
///
/// # Errors
/// No such language, or a file that is not TOML.
pub fn load(files: &Files, language: &Language) -> Result<Locale, Vec<Diagnostic>> {
    let name = format!("locales/{}.toml", language.0);
    let mut words = None;
    let mut problems = Vec::new();
    for path in [name.clone(), format!("own/{name}")] {
        let Some(file) = files.get(&path) else { continue };
        match parse(&file.bytes, &file.origin) {
            Ok(table) => merge(words.get_or_insert_with(Table::new), table),
            Err(problem) => problems.push(*problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    match words {
        Some(words) => Ok(Locale { words }),
        None => Err(vec![no_such_language(files, language)]),
    }
}

fn parse(bytes: &[u8], origin: &str) -> Result<Table, Box<Diagnostic>> {
    let text =
        std::str::from_utf8(bytes).map_err(|_| Box::new(Diagnostic::error("locale", "the file is not UTF-8").at(Place::file(origin))))?;
    text.parse::<Table>().map_err(|error| {
        let mut place = Place::file(origin);
        if let Some(span) = error.span() {
            let before = &text[..span.start.min(text.len())];
            let start = before.rfind('\n').map_or(0, |i| i + 1);
            place.line = Some(before.matches('\n').count() as u32 + 1);
            place.column = Some(before[start..].chars().count() as u32 + 1);
            place.excerpt = text[start..].lines().next().map(str::to_owned);
        }
        Box::new(Diagnostic::error("locale", error.message().to_owned()).at(place))
    })
}

fn merge(words: &mut Table, over: Table) {
    for (key, value) in over {
        match (words.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above),
            (_, value) => {
                words.insert(key, value);
            }
        }
    }
}

fn no_such_language(files: &Files, language: &Language) -> Diagnostic {
    let mut known: Vec<&str> = files
        .keys()
        .map(|path| path.strip_prefix("own/").unwrap_or(path))
        .filter_map(|path| path.strip_prefix("locales/")?.strip_suffix(".toml"))
        .collect();
    known.sort_unstable();
    known.dedup();
    Diagnostic::error("locale", format!("there are no words for the language `{}`", language.0))
        .note(format!("known: {}", known.join(", ")))
        .help(format!("add locales/{}.toml to your look, or set `language` in config.toml to a known one", language.0))
}

impl Locale {
    /// All words, nested as in the file.
    pub fn words(&self) -> &Table {
        &self.words
    }

    fn find(&self, key: &str) -> Option<&Value> {
        let (first, rest) = key.split_once('.').map_or((key, None), |(first, rest)| (first, Some(rest)));
        let mut value = self.words.get(first)?;
        for part in rest.into_iter().flat_map(|rest| rest.split('.')) {
            value = value.as_table()?.get(part)?;
        }
        Some(value)
    }

    /// The words at a dotted key, if the locale has them.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.find(key)?.as_str()
    }

    /// The words at a dotted key; the key itself where the locale has none, so that a gap is seen.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.get(key).unwrap_or(key)
    }

    /// [`Locale::text`] with its `{name}`s filled in.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.text(key), values)
    }

    /// A word that counts something: `共 1,234 篇`, `1,234 reports`.
    pub fn count(&self, key: &str, n: usize) -> String {
        let words = match self.find(key) {
            Some(Value::Table(forms)) => forms.get(if n == 1 { "one" } else { "other" }).and_then(Value::as_str).unwrap_or(key),
            _ => self.text(key),
        };
        fill(words, &[("n", &self.number(n))])
    }

    /// With the language's separator between the thousands.
    pub fn number(&self, n: usize) -> String {
        let digits = n.to_string();
        let separator = self.text("format.thousands");
        let mut out = String::with_capacity(digits.len() * 2);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push_str(separator);
            }
            out.push(digit);
        }
        out
    }

    /// As far as the date is known: day, month or year.
    pub fn date(&self, date: Date) -> String {
        let year = date.year.to_string();
        match (date.month, date.day) {
            (Some(month), Some(day)) => {
                let (m, d) = (month.to_string(), day.to_string());
                self.fill("format.day", &[("year", &year), ("month", &m), ("month_name", self.month(month)), ("day", &d)])
            }
            (Some(month), None) => {
                let m = month.to_string();
                self.fill("format.month", &[("year", &year), ("month", &m), ("month_name", self.month(month))])
            }
            _ => self.fill("format.year", &[("year", &year)]),
        }
    }

    fn month(&self, month: i8) -> &str {
        let names = self.find("format.months").and_then(Value::as_array);
        names.and_then(|names| names.get(usize::try_from(month - 1).ok()?)).and_then(Value::as_str).unwrap_or_default()
    }

    /// A part of a whole: `37%`.
    pub fn percent(&self, part: usize, whole: usize) -> String {
        let mut out = String::new();
        let share = if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 };
        write!(out, "{share:.0}%").expect("writing to a string cannot fail");
        out
    }
}

/// Puts values into `{name}`s; a name without a value stays as it is.
pub fn fill(words: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(words.len() + 16);
    let mut rest = words;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|i| open + i) else { break };
        out.push_str(&rest[..open]);
        match values.iter().find(|(name, _)| *name == &rest[open + 1..close]) {
            Some((_, value)) => out.push_str(value),
            None => out.push_str(&rest[open..=close]),
        }
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(words: &str) -> Locale {
        Locale { words: words.parse().unwrap() }
    }

    #[test]
    fn numbers_and_dates_follow_the_language() {
        let zh = locale("format = { thousands = ',', day = '{year}年{month}月{day}日', month = '{year}年{month}月', year = '{year}年' }");
        assert_eq!(zh.number(0), "0");
        assert_eq!(zh.number(999), "999");
        assert_eq!(zh.number(1_234_567), "1,234,567");
        assert_eq!(zh.date(Date { year: 2023, month: Some(5), day: Some(1) }), "2023年5月1日");
        assert_eq!(zh.date(Date { year: 2023, month: Some(5), day: None }), "2023年5月");
        assert_eq!(zh.date(Date { year: 2023, month: None, day: None }), "2023年");
        let en = locale("format = { thousands = ',', day = '{day} {month_name} {year}', months = ['January', 'February'] }");
        assert_eq!(en.date(Date { year: 2023, month: Some(2), day: Some(9) }), "9 February 2023");
    }

    #[test]
    fn one_and_many_have_their_own_words() {
        let en = locale("[n]\nreports = { one = '{n} report', other = '{n} reports' }");
        assert_eq!(en.count("n.reports", 1), "1 report");
        assert_eq!(en.count("n.reports", 1200), "1.200 reports".replace('.', en.text("format.thousands")));
    }

    #[test]
    fn a_value_is_never_filled_in_twice() {
        assert_eq!(fill("{a} and {b}, {c}", &[("a", "{b}"), ("b", "2")]), "{b} and 2, {c}");
    }
}
