//! Two reports side by side: which sections answer each other, and what is the same, changed or new in them.
//!
//! Bounded: sections, sentences and words beyond the limits below are compared in order or as a whole, so that two
//! long texts without a sentence in common stay affordable. No clock decides: the result depends on the texts alone.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::archive::Report;
use crate::document::Block;
use crate::insight::sentence::sentences;
use crate::words;

/// A section of the earlier report and the one that answers it in the later; at least one is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Indexes into [`crate::classify::Labels::sections`].
    pub old: Option<usize>,
    pub new: Option<usize>,
    pub sentences: Vec<Change>,
}

/// What became of a sentence, or of several in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Same(String),
    /// The same sentence with other words.
    Changed {
        old: Vec<Run>,
        new: Vec<Run>,
    },
    Gone(String),
    New(String),
}

/// A part of a changed sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    /// Not in the other sentence.
    pub differs: bool,
}

/// Sections of a report beyond which they are compared in order.
const MOST_SECTIONS: usize = 200;
/// Product of the sentences of two sections beyond which sentences are compared as a set.
const MOST_SENTENCES: usize = 4_000_000;
/// Product of the sentences of a replaced passage beyond which no sentence is looked for among the others.
const MOST_REPLACED: usize = 10_000;
/// Characters of a sentence beyond which a changed one is shown as gone and new.
const LONGEST_SENTENCE: usize = 2_000;
/// Share of character pairs in common from which a sentence is a changed one.
const ALIKE: f32 = 0.45;
/// Likeness of headings and of texts, and 0.3 for the same main theme, from which two sections answer each other.
const ANSWERS: f32 = 0.35;

/// The sections of both, in the order of the later report; what is gone stands where it stood in the earlier one.
pub fn compare(old: &Report, new: &Report) -> Vec<Pair> {
    let partner = align(old, new);
    let mut taken = vec![false; old.labels.sections.len()];
    partner.iter().flatten().for_each(|&section| taken[section] = true);
    let mut pairs = Vec::new();
    let mut gone = 0;
    for (n, partner) in partner.into_iter().enumerate() {
        if let Some(partner) = partner {
            while gone < partner {
                pairs.extend((!taken[gone]).then(|| pair(old, Some(gone), new, None)));
                gone += 1;
            }
            gone = gone.max(partner + 1);
        }
        pairs.push(pair(old, partner, new, Some(n)));
    }
    pairs.extend((gone..taken.len()).filter(|&section| !taken[section]).map(|section| pair(old, Some(section), new, None)));
    pairs
}

/// For each section of the later report the one of the earlier that it answers: by heading, main theme and
/// words, the best pairs first.
fn align(old: &Report, new: &Report) -> Vec<Option<usize>> {
    let (before, after) = (&old.labels.sections, &new.labels.sections);
    let mut partner = vec![None; after.len()];
    if before.len() > MOST_SECTIONS || after.len() > MOST_SECTIONS {
        return (0..after.len()).map(|n| (n < before.len()).then_some(n)).collect();
    }
    let words = |report: &Report, sections: usize| -> Vec<Vec<[char; 2]>> {
        (0..sections).map(|section| pairs(&section_sentences(report, section).concat())).collect()
    };
    let (old_words, new_words) = (words(old, before.len()), words(new, after.len()));
    let mut candidates = Vec::new();
    for (o, theirs) in before.iter().enumerate() {
        for (n, ours) in after.iter().enumerate() {
            let score = match (&theirs.heading, &ours.heading) {
                (None, None) => 2.0,
                (Some(a), Some(b)) => {
                    let theme = theirs.themes.first().map(|found| &found.theme);
                    let same_theme = theme.is_some() && theme == ours.themes.first().map(|found| &found.theme);
                    alike(bare(a), bare(b)) + common(&old_words[o], &new_words[n]) + if same_theme { 0.3 } else { 0.0 }
                }
                _ => 0.0,
            };
            if score >= ANSWERS {
                candidates.push((score, o, n));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.abs_diff(a.2).cmp(&b.1.abs_diff(b.2))).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut taken = vec![false; before.len()];
    for (_, o, n) in candidates {
        if !taken[o] && partner[n].is_none() {
            taken[o] = true;
            partner[n] = Some(o);
        }
    }
    partner
}

/// A heading without its number: `二、建强堡垒` is about 建强堡垒.
fn bare(heading: &str) -> &str {
    heading.trim_start_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, '（' | '）' | '(' | ')' | '、' | '.' | '．') || "一二三四五六七八九十".contains(c)
    })
}

fn pair(old: &Report, o: Option<usize>, new: &Report, n: Option<usize>) -> Pair {
    let before = o.map(|section| section_sentences(old, section)).unwrap_or_default();
    let after = n.map(|section| section_sentences(new, section)).unwrap_or_default();
    Pair { old: o, new: n, sentences: changes(&before, &after) }
}

/// The sentences under a section's heading, without the heading.
fn section_sentences(report: &Report, section: usize) -> Vec<&str> {
    let section = &report.labels.sections[section];
    let skip = usize::from(section.heading.is_some());
    let blocks = report.document.blocks.get(section.first_block + skip..section.end_block).unwrap_or_default();
    blocks.iter().flat_map(block_sentences).map(str::trim).filter(|sentence| !sentence.is_empty()).collect()
}

fn block_sentences(block: &Block) -> Vec<&str> {
    match block {
        Block::Heading(heading) => vec![heading.text.as_str()],
        Block::Paragraph(paragraph) => sentences(&paragraph.text).collect(),
        Block::Rich(rich) => sentences(&rich.text).collect(),
        Block::Table(table) => table.rows.iter().flatten().map(String::as_str).collect(),
    }
}

/// What became of each sentence.
pub fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    let same = |text: &&str| Change::Same((*text).to_owned());
    let mut changes = Vec::new();
    if old.len().saturating_mul(new.len()) > MOST_SENTENCES {
        let known: rustc_hash::FxHashSet<&&str> = old.iter().collect();
        let kept: rustc_hash::FxHashSet<&&str> = new.iter().collect();
        changes.extend(old.iter().filter(|text| !kept.contains(text)).map(|text| Change::Gone((*text).to_owned())));
        changes.extend(new.iter().map(|text| if known.contains(text) { same(text) } else { Change::New((*text).to_owned()) }));
        return changes;
    }
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        match op {
            DiffOp::Equal { new_index, len, .. } => changes.extend(new[new_index..new_index + len].iter().map(same)),
            other => replaced(&old[other.old_range()], &new[other.new_range()], &mut changes),
        }
    }
    changes
}

/// Finds, in order, the sentences that were only reworded.
fn replaced(old: &[&str], new: &[&str], changes: &mut Vec<Change>) {
    let mut next = 0;
    for sentence in new {
        let found = (old.len().saturating_mul(new.len()) <= MOST_REPLACED).then(|| likest(sentence, old, next..old.len())).flatten();
        match found {
            Some(at) => {
                changes.extend(old[next..at].iter().map(|text| Change::Gone((*text).to_owned())));
                changes.push(reworded(old[at], sentence));
                next = at + 1;
            }
            None => changes.push(Change::New((*sentence).to_owned())),
        }
    }
    changes.extend(old[next..].iter().map(|text| Change::Gone((*text).to_owned())));
}

fn likest(sentence: &str, old: &[&str], range: Range<usize>) -> Option<usize> {
    let mut best = (ALIKE, None);
    for at in range {
        let score = alike(sentence, old[at]);
        if score > best.0 {
            best = (score, Some(at));
        }
    }
    best.1.filter(|&at| sentence.chars().count().max(old[at].chars().count()) <= LONGEST_SENTENCE)
}

fn reworded(old: &str, new: &str) -> Change {
    let (before, after) = (words_and_numbers(old), words_and_numbers(new));
    let mut runs = (Vec::new(), Vec::new());
    for op in capture_diff_slices(Algorithm::Myers, &before, &after) {
        let differs = !matches!(op, DiffOp::Equal { .. });
        push(&mut runs.0, before[op.old_range()].concat(), differs);
        push(&mut runs.1, after[op.new_range()].concat(), differs);
    }
    Change::Changed { old: runs.0, new: runs.1 }
}

/// The words of a sentence; a number with its separators is one of them: 1,421 does not become 1,604 by its tail.
fn words_and_numbers(sentence: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    let mut end = 0;
    for word in words::cut(sentence) {
        let start = end;
        end += word.len();
        let of_number = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '%');
        match found.last_mut() {
            Some(last) if last.chars().all(of_number) && word.chars().all(of_number) => *last = &sentence[start - last.len()..end],
            _ => found.push(word),
        }
    }
    found
}

fn push(runs: &mut Vec<Run>, text: String, differs: bool) {
    if text.is_empty() {
        return;
    }
    match runs.last_mut() {
        Some(last) if last.differs == differs => last.text.push_str(&text),
        _ => runs.push(Run { text, differs }),
    }
}

/// Share of the neighbouring character pairs that two texts have in common, 0 to 1 (Dice).
pub fn alike(a: &str, b: &str) -> f32 {
    common(&pairs(a), &pairs(b))
}

/// A text to be compared with several others by [`alike`].
pub struct Profile(Vec<[char; 2]>);

impl Profile {
    pub fn of(text: &str) -> Self {
        Self(pairs(text))
    }

    pub fn alike(&self, other: &Self) -> f32 {
        common(&self.0, &other.0)
    }
}

/// The neighbouring character pairs of a text, sorted.
fn pairs(text: &str) -> Vec<[char; 2]> {
    let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut pairs: Vec<[char; 2]> = chars.windows(2).map(|pair| [pair[0], pair[1]]).collect();
    pairs.sort_unstable();
    pairs
}

fn common(a: &[[char; 2]], b: &[[char; 2]]) -> f32 {
    let (mut i, mut j, mut both) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, both) = (i + 1, j + 1, both + 1),
        }
    }
    if a.is_empty() && b.is_empty() { 1.0 } else { 2.0 * both as f32 / (a.len() + b.len()) as f32 }
}
