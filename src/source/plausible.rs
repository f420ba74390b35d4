//! How much a decoded text looks like Chinese that somebody wrote.

use std::sync::OnceLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use rustc_hash::FxHashSet;

/// The 1,300 characters that weigh most in jieba's word frequencies, and some of official documents.
const COMMON: &str = include_str!("common.txt");

/// Enough to judge by; more would only cost time.
const SAMPLE: usize = 4000;

/// Counts of the characters above ASCII.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plausibility {
    common: usize,
    all: usize,
}

impl Plausibility {
    pub(super) fn of(text: &str) -> Self {
        let mut counts = Self { common: 0, all: 0 };
        for c in text.chars().filter(|&c| !matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{3000}')).take(SAMPLE) {
            match c {
                // Letters say little: any wrong reading of a double byte gives some.
                ' '..='~' => continue,
                _ if is_common(c) => counts.common += 1,
                _ => {}
            }
            counts.all += 1;
        }
        // UTF-16 of pure ASCII.
        if counts.all == 0 && text.len() >= 6 {
            return Self { common: text.len(), all: text.len() };
        }
        counts
    }

    /// The same for traditional characters.
    pub(super) fn of_traditional(text: &str) -> Self {
        static SIMPLIFIER: OnceLock<Option<OpenCC>> = OnceLock::new();
        let simplifier = SIMPLIFIER.get_or_init(|| OpenCC::from_config(BuiltinConfig::T2s).ok());
        let sample: String = text.chars().take(SAMPLE).collect();
        match simplifier {
            Some(simplifier) => Self::of(&simplifier.convert(&sample)),
            None => Self::of(&sample),
        }
    }

    pub(super) fn max(self, other: Self) -> Self {
        if other.share() > self.share() { other } else { self }
    }

    /// From 0 to 1; 0 where there is nothing to judge by.
    pub(super) fn share(self) -> f64 {
        if self.all == 0 { 0.0 } else { self.common as f64 / self.all as f64 }
    }

    pub(super) fn percent(self) -> u32 {
        (self.share() * 100.0).round() as u32
    }
}

fn is_common(c: char) -> bool {
    static SET: OnceLock<FxHashSet<char>> = OnceLock::new();
    let punctuation = matches!(
        c,
        '，' | '。'
            | '、'
            | '：'
            | '；'
            | '（'
            | '）'
            | '《'
            | '》'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '！'
            | '？'
            | '—'
            | '…'
            | '〔'
            | '〕'
            | '·'
            | '•'
            | '×'
            | '％'
            | '０'..='９' | '．'
    );
    punctuation || SET.get_or_init(|| COMMON.chars().filter(|c| !c.is_whitespace()).collect()).contains(&c)
}
