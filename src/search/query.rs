//! What a searcher typed.
//!
//! ```text
//! 人才 干部      both         "人才，干部"   one phrase, whatever marks stand between
//! 人才 OR 干部   either       -人才          not
//! title:人才  region:安康  theme:党建  year:2019..2023  kind:总结
//! ```
//!
//! `themes/default/assets/search-page/10-query.js` reads the same; `tests/cases/search/queries.txt` holds both to it.

/// One word or phrase of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// `-`: the reports that do not hold it.
    pub not: bool,
    pub field: Option<Field>,
    /// As typed, without quotation marks.
    pub text: String,
}

/// Where a term is looked for; without one, in title and text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Title,
    Region,
    Theme,
    Year,
    Kind,
}

impl Field {
    const NAMES: [(&str, Self); 10] = [
        ("title", Self::Title),
        ("region", Self::Region),
        ("theme", Self::Theme),
        ("year", Self::Year),
        ("kind", Self::Kind),
        ("标题", Self::Title),
        ("地区", Self::Region),
        ("主题", Self::Theme),
        ("年份", Self::Year),
        ("文种", Self::Kind),
    ];

    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }
}

/// The clauses that must all hold; of each, one term must.
pub fn parse(query: &str) -> Vec<Vec<Term>> {
    let mut clauses: Vec<Vec<Term>> = Vec::new();
    let mut is_joined = false;
    let mut rest = query;
    loop {
        rest = rest.trim_start_matches(is_space);
        if rest.is_empty() {
            return clauses;
        }
        if let Some(after) = or(rest) {
            is_joined = !clauses.is_empty();
            rest = after;
            continue;
        }
        let (term, after) = match rest.strip_prefix('-').and_then(|positive| named(positive)) {
            Some((field, text, after)) => (Term { not: true, field, text }, after),
            // Neither space nor `|` begins here, so there is at least a bare word.
            None => named(rest).map(|(field, text, after)| (Term { not: false, field, text }, after)).unwrap_or_else(|| {
                let (text, after) = bare(rest).unwrap_or((rest, ""));
                (Term { not: false, field: None, text: text.to_owned() }, after)
            }),
        };
        match clauses.last_mut().filter(|_| is_joined) {
            Some(clause) => clause.push(term),
            None => clauses.push(vec![term]),
        }
        is_joined = false;
        rest = after;
    }
}

/// White space as browsers see it.
fn is_space(c: char) -> bool {
    (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}'
}

fn or(rest: &str) -> Option<&str> {
    rest.strip_prefix('|').or_else(|| rest.strip_prefix("OR").filter(|after| after.starts_with(is_space)))
}

/// `name:value`, or a value alone.
fn named(rest: &str) -> Option<(Option<Field>, String, &str)> {
    let latin = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_lowercase()).len();
    let chinese = Field::NAMES.iter().map(|(name, _)| *name).find(|name| !name.is_ascii() && rest.starts_with(name));
    let name = if latin > 0 { &rest[..latin] } else { chinese.unwrap_or("") };
    if !name.is_empty()
        && let Some(after) = rest[name.len()..].strip_prefix([':', '：'])
        && let Some((text, after)) = value(after)
    {
        let field = Field::NAMES.iter().find(|(other, _)| *other == name).map(|(_, field)| *field);
        let text = if field.is_some() { text.to_owned() } else { format!("{name}:{text}") };
        return Some((field, text, after));
    }
    value(rest).map(|(text, after)| (None, text.to_owned(), after))
}

fn value(rest: &str) -> Option<(&str, &str)> {
    const QUOTES: [char; 2] = ['"', '＂'];
    if let Some(quoted) = rest.strip_prefix(QUOTES) {
        let end = quoted.find(QUOTES).unwrap_or(quoted.len());
        let after = &quoted[end..];
        return Some((&quoted[..end], after.strip_prefix(QUOTES).unwrap_or(after)));
    }
    if let Some((quoted, after)) = rest.strip_prefix('“').and_then(|quoted| quoted.split_once('”'))
        && (after.is_empty() || after.starts_with(is_space))
    {
        return Some((quoted, after));
    }
    bare(rest)
}

fn bare(rest: &str) -> Option<(&str, &str)> {
    let end = rest.find(|c| is_space(c) || c == '|').unwrap_or(rest.len());
    (end > 0).then(|| rest.split_at(end))
}

/// First and last year of `2019`, `2019..2023`, `2019..`, `..2023`, `2019-2023`; `None` for anything else.
pub fn years(text: &str) -> Option<(i32, i32)> {
    use unicode_normalization::UnicodeNormalization;
    let text: String = text.nfkc().filter(|&c| c != '年').collect();
    let year = |text: &str| if text.is_empty() { Some(None) } else { four_digits(text).map(Some) };
    if let Some(one) = four_digits(&text) {
        return Some((one, one));
    }
    let (from, to) = ["..", "-", "—", "~"].iter().find_map(|between| text.split_once(between))?;
    match (year(from)?, year(to)?) {
        (None, None) => None,
        (from, to) => Some((from.unwrap_or(1), to.unwrap_or(9999))),
    }
}

fn four_digits(text: &str) -> Option<i32> {
    (text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}
