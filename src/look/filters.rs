//! What templates can do with a value: `{{ n | number }}`, `{{ t.list.count | fill(n=page.total) }}`.

use std::sync::Arc;

use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::look::locale::{self, Locale};

/// Makes the names known to the parser, before there are words: templates are checked alone first.
pub fn declare(tera: &mut Tera) {
    tera.register_filter("number", |value: Value, _: Kwargs, _: &State| value);
    tera.register_filter("fill", |value: Value, _: Kwargs, _: &State| value);
}

/// The filters in the words of the locale.
pub fn register(tera: &mut Tera, words: &Arc<Locale>) {
    let locale = words.clone();
    tera.register_filter("number", move |n: usize, _: Kwargs, _: &State| locale.number(n));
    let locale = words.clone();
    tera.register_filter("fill", move |value: &Value, arguments: Kwargs, _: &State| fill(&locale, value, &arguments));
}

/// Numbers are grouped by thousands, everything else stands as it is. Words that differ by number follow `n`.
fn fill(locale: &Locale, words: &Value, arguments: &Kwargs) -> TeraResult<String> {
    let one = arguments.get::<usize>("n").is_ok_and(|n| n == Some(1));
    let words = if words.as_map().is_some() {
        words.get_from_path(if one { "one" } else { "other" }).and_then(Value::as_str)
    } else {
        words.as_str()
    };
    let words = words.ok_or_else(|| tera::Error::message("`fill` needs words, or a map of `one` and `other`"))?;
    let values: Vec<(String, String)> = arguments
        .iter()
        .map(|(name, value)| {
            let text = match value.as_i128().and_then(|n| usize::try_from(n).ok()) {
                Some(n) if value.is_number() => locale.number(n),
                _ => value.to_string(),
            };
            (name.as_str().unwrap_or_default().to_owned(), text)
        })
        .collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Ok(locale::fill(words, &values))
}
