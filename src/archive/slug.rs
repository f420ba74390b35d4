//! The last part of an address.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Longest slug in bytes. File systems allow 255 bytes in a name; the rest is room for suffixes.
const LONGEST: usize = 180;

/// A name that is safe in a URL path and on every file system: letters, digits, `-`, `_` and `.`,
/// not starting or ending with a dot, no name that Windows reserves. Chinese stays Chinese.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slug(String);

impl Slug {
    /// Makes a slug of any text. Equal texts give equal slugs; different texts may too.
    pub fn new(text: &str) -> Self {
        let mut slug = String::new();
        for c in text.nfc() {
            if c.is_alphanumeric() || c == '_' || c == '.' {
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let trimmed = slug.trim_matches(|c| c == '-' || c == '.');
        let mut slug = if trimmed.is_empty() { format!("x{}", digest(text)) } else { trimmed.to_owned() };
        if slug.len() > LONGEST {
            let mut end = LONGEST - 9;
            while !slug.is_char_boundary(end) {
                end -= 1;
            }
            slug.truncate(end);
            slug = format!("{}-{}", slug.trim_end_matches(['-', '.']), digest(text));
        }
        if is_reserved(&slug) {
            slug.push('_');
        }
        Self(slug)
    }

    /// This slug with something after it, kept within the length limit.
    pub fn with(&self, suffix: &str) -> Self {
        Self::new(&format!("{}-{suffix}", self.0))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Two slugs with the same key are one file on a file system that ignores case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Eight hexadecimal digits of the text's hash.
fn digest(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..8].to_owned()
}

/// Names that Windows gives to devices, with or without an extension, and the name of every folder's own page.
fn is_reserved(slug: &str) -> bool {
    if slug.eq_ignore_ascii_case("index.html") {
        return true;
    }
    let stem = slug.split('.').next().unwrap_or_default().to_ascii_uppercase();
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (stem.len() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")) && stem.ends_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_becomes_a_safe_name() {
        for (text, expected) in [
            ("01-新时代北京组织工作综述", "01-新时代北京组织工作综述"),
            ("2023 年/总结（定稿）", "2023-年-总结-定稿"),
            ("con", "con_"),
            ("con.2023", "con.2023_"),
            ("index.html", "index.html_"),
            ("..", &format!("x{}", digest(".."))),
            ("a.b", "a.b"),
        ] {
            assert_eq!(Slug::new(text).as_str(), expected, "{text}");
        }
    }

    #[test]
    fn long_names_are_cut_but_stay_apart() {
        let long = "组".repeat(200);
        let other = format!("{long}织");
        assert!(Slug::new(&long).as_str().len() <= LONGEST);
        assert_ne!(Slug::new(&long), Slug::new(&other));
    }
}
