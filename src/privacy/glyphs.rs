//! A line as the rules look at it: character by character, in half width, without what no reader sees.

/// Han characters and digits are both word characters to Unicode, so no rule can ask for a word boundary: each says
/// itself what may stand beside its match.
pub(super) struct Glyphs {
    pub chars: Vec<char>,
}

impl Glyphs {
    /// Full-width letters, digits and punctuation become half-width ones, other white space a blank.
    pub fn of(line: &str) -> Self {
        let visible =
            line.chars().filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{202a}'..='\u{202e}'));
        let chars = visible.map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
            c if c.is_whitespace() => ' ',
            c => c,
        });
        Self { chars: chars.collect() }
    }

    pub fn get(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    pub fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|at| self.get(at))
    }

    pub fn text(&self, range: std::ops::Range<usize>) -> String {
        self.chars[range].iter().collect()
    }

    /// Whether one of `words` stands in the `reach` characters before `at`.
    pub fn announced(&self, at: usize, reach: usize, words: &[&str]) -> bool {
        let before = self.text(at.saturating_sub(reach)..at);
        words.iter().any(|word| before.contains(word))
    }

    /// Whether the position lies in the address of a web page.
    pub fn in_address(&self, at: usize) -> bool {
        let is_part = |c: &char| c.is_ascii_graphic();
        let start = at - self.chars[..at].iter().rev().take_while(|c| is_part(c)).count();
        let word: String = self.chars[start..].iter().take_while(|c| is_part(c)).collect();
        word.contains("://") || word.starts_with("www.") || word.contains(".html") || word.contains(".gov.cn/")
    }
}

/// Digits with at most one blank or hyphen between their groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub start: usize,
    /// One past the last digit.
    pub end: usize,
    pub groups: Vec<Group>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub start: usize,
    pub digits: String,
}

impl Group {
    pub fn len(&self) -> usize {
        self.digits.len()
    }

    pub fn end(&self) -> usize {
        self.start + self.len()
    }
}

/// All runs of digits, in order.
pub(super) fn runs(glyphs: &Glyphs) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    while at < glyphs.chars.len() {
        if !glyphs.chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let digits: String = glyphs.chars[at..].iter().take_while(|c| c.is_ascii_digit()).collect();
        let group = Group { start: at, digits };
        at = group.end();
        match runs.last_mut() {
            // `138 0013 8000`, `(0571)88888888`, `0571-88888888`
            Some(run) if joined(&glyphs.chars[run.end..group.start]) => {
                run.end = group.end();
                run.groups.push(group);
            }
            _ => runs.push(Run { start: group.start, end: group.end(), groups: vec![group] }),
        }
    }
    runs
}

fn joined(between: &[char]) -> bool {
    matches!(between, [' ' | '-' | ')'] | [')', ' ' | '-'] | [' ', '-'] | ['-', ' '] | [' ', '-', ' '])
}
