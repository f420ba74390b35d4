//! Words, as jieba cuts them. Loading its dictionary takes a tenth of a second and 36 MB, so there is one for all stages.

use std::sync::LazyLock;

use jieba_rs::{Jieba, Token, TokenizeMode};

static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// The words of a text, guessing those that no dictionary has; laid end to end they are the text.
pub fn cut(text: &str) -> impl Iterator<Item = &str> {
    JIEBA.cut(text, true).into_iter().map(|Token { word, .. }| word)
}

/// The words of a text by the dictionary alone.
pub fn cut_known(text: &str) -> impl Iterator<Item = &str> {
    JIEBA.cut(text, false).into_iter().map(|Token { word, .. }| word)
}

/// Where words stand in a text, long ones and the words within them: first character, and the one after the last.
pub fn spans(text: &str) -> impl Iterator<Item = (usize, usize)> {
    JIEBA.tokenize(text, TokenizeMode::Search, false).into_iter().map(|token| (token.start, token.end))
}

/// The words of a text, each with what kind of word it is (`n`, `v`, `p`, …; `x` for what is not a word).
pub fn tagged(text: &str) -> impl Iterator<Item = (&str, &str)> {
    JIEBA.tag(text, true).into_iter().map(|tag| (tag.word, tag.tag))
}

/// Whether every character is a Han character.
pub fn is_han(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' | '〇'))
}
