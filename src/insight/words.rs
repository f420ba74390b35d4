//! Words, as jieba cuts them.

use std::sync::LazyLock;

use jieba_rs::{Jieba, Token};

/// Loading takes a tenth of a second and 36 MB, so there is one for all.
static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// The words of a text; laid end to end they are the text.
pub fn cut(text: &str) -> impl Iterator<Item = &str> {
    JIEBA.cut(text, true).into_iter().map(|Token { word, .. }| word)
}

/// The words of a text, each with what kind of word it is (`n`, `v`, `p`, …; `x` for what is not a word).
pub fn tagged(text: &str) -> impl Iterator<Item = (&str, &str)> {
    JIEBA.tag(text, true).into_iter().map(|tag| (tag.word, tag.tag))
}

/// Whether every character is a Han character.
pub fn is_han(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' | '〇'))
}
