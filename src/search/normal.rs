//! The one form in which texts and queries are compared.
//!
//! Each character stands for itself alone, so a place in the normal form is a place in the text: compatibility
//! forms are resolved (NFKD), case and accents dropped, Traditional characters made Simplified, marks that
//! blank a name are `x`. Whatever is neither letter nor digit is a break; breaks in a row are one.
//! `themes/default/assets/search-index/20-normal.js` does the same; `tests/cases/search/normal.txt` holds both to it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What stands between runs of letters in a normal form.
pub const BREAK: char = ' ';

/// Traditional characters that are kept: they are Simplified ones as well, and place names hold them (乾县).
const KEPT: &str = "乾";

/// Both the dictionaries and the configuration are compiled into the library.
static OPENCC: LazyLock<OpenCC> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::T2s).expect("the configuration is built in"));

/// Characters and their Simplified forms.
#[derive(Debug, Clone, Default)]
pub struct Simplified(BTreeMap<char, char>);

impl Simplified {
    /// Those of `characters` that have a Simplified form.
    pub fn of(characters: impl Iterator<Item = char>) -> Self {
        let mut joined: String = String::new();
        for c in characters.filter(|c| !KEPT.contains(*c) && ('\u{2e80}'..'\u{40000}').contains(c)) {
            joined.extend([c, '\n']);
        }
        let simplified = |joined: &str| -> Vec<(char, char)> {
            let single = |line: &str| line.chars().next().filter(|c| c.len_utf8() == line.len());
            let converted = OPENCC.convert(joined);
            let pairs = joined.lines().zip(converted.lines()).filter_map(|(from, to)| Some((single(from)?, single(to)?)));
            pairs.filter(|(from, to)| from != to).collect()
        };
        let mut pairs = simplified(&joined);
        // The Simplified form of a rare character can be the Traditional form of another (薴, 苧, 苎).
        let again: String = pairs.iter().flat_map(|&(_, to)| [to, '\n']).collect();
        let again: BTreeMap<char, char> = simplified(&again).into_iter().collect();
        pairs.iter_mut().for_each(|(_, to)| *to = again.get(to).copied().unwrap_or(*to));
        Self(pairs.into_iter().filter(|(from, to)| from != to).collect())
    }

    /// All that the library knows.
    pub fn all() -> &'static Self {
        static ALL: LazyLock<Simplified> = LazyLock::new(|| Simplified::of(('\u{3400}'..='\u{9fff}').chain('\u{20000}'..='\u{3ffff}')));
        &ALL
    }

    pub fn new(pairs: impl IntoIterator<Item = (char, char)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    pub fn pairs(&self) -> impl Iterator<Item = (char, char)> {
        self.0.iter().map(|(&from, &to)| (from, to))
    }

    fn get(&self, c: char) -> char {
        self.0.get(&c).copied().unwrap_or(c)
    }
}

/// The normal form of one character: letters and [`BREAK`]s; empty for what only shapes its neighbours.
pub fn fold(c: char, simplified: &Simplified) -> impl Iterator<Item = char> {
    let simple = |c: char| match c {
        '×' | '✕' | '✖' | '╳' | '*' => 'x',
        '○' | '〇' | '◯' => '零',
        c if c.is_alphanumeric() => simplified.get(c),
        _ => BREAK,
    };
    let decomposed: Vec<char> = std::iter::once(c).nfkd().flat_map(char::to_lowercase).filter(|&c| !is_silent(c)).map(simple).collect();
    decomposed.into_iter()
}

/// Accents, joiners, marks of direction.
fn is_silent(c: char) -> bool {
    is_combining_mark(c)
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// The normal form of a text: runs of letters with one [`BREAK`] between them, none at the ends.
pub fn normal(text: &str, simplified: &Simplified) -> String {
    let mut normal = String::new();
    for c in text.chars().flat_map(|c| fold(c, simplified)) {
        if c != BREAK {
            normal.push(c);
        } else if !normal.is_empty() && !normal.ends_with(BREAK) {
            normal.push(BREAK);
        }
    }
    normal.truncate(normal.trim_end_matches(BREAK).len());
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simplified_character_stays_as_it_is() {
        let all = Simplified::all();
        let chains: Vec<(char, char)> = all.pairs().filter(|(_, to)| all.0.contains_key(to)).collect();
        assert_eq!(chains, [], "folding twice would differ from folding once");
        assert!(all.pairs().count() > 3_000);
    }
}
