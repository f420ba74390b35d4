//! What sections and reports are about, by the configured words.
//!
//! All words of all themes are found in one pass, the longest at each place. Within it each theme counts its own
//! words, so that 党员干部 speaks for 基层党建 by 党员 and, where 党员干部 is excluded there, not for 干部队伍 by 干部.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rustc_hash::FxHashMap;

use crate::classify::text::{BlockText, Text};
use crate::classify::{Section, ThemeMatch};
use crate::config::Theme;
use crate::document::Block;
use crate::words;

/// A word in a heading of depth 1 counts as much as this many in the body: the heading says what the section is about.
/// Chosen on 42 real reports with 173 sections labelled by hand.
const HEADING: f32 = 6.0;
/// The same for deeper headings and for the sentence that opens a paragraph in a text without headings.
const LEAD: f32 = 2.0;
/// A second theme needs this share of the first one's weight.
const SECOND: f32 = 0.3;
/// A theme needs this weight to name a run of paragraphs.
const ENOUGH: f32 = 4.0;

/// And this much to be the one that a title names.
const ENOUGH_IN_TITLE: f32 = 2.5;

/// The configured themes, ready to be looked for.
pub struct Themes {
    names: Vec<String>,
    words: Vec<Word>,
    /// One pattern for each different text; what each contributes.
    automaton: AhoCorasick,
    patterns: Vec<Pattern>,
}

struct Word {
    text: String,
    theme: usize,
    weight: f32,
}

#[derive(Default)]
struct Pattern {
    /// Indexes into [`Themes::words`].
    words: Vec<usize>,
    /// Of those, the ones that count only as a word of their own.
    whole: bool,
}

impl Themes {
    pub fn new(themes: &[Theme]) -> Self {
        let words: Vec<Word> = themes
            .iter()
            .enumerate()
            .flat_map(|(theme, t)| t.words.iter().map(move |w| Word { text: w.word.clone(), theme, weight: w.weight }))
            .collect();
        let wholes: Vec<&str> = themes.iter().flat_map(|t| &t.words).filter(|w| w.whole).map(|w| w.word.as_str()).collect();
        let mut texts: Vec<&str> =
            themes.iter().flat_map(|t| t.words.iter().map(|w| &w.word).chain(&t.exclude)).map(String::as_str).collect();
        texts.retain(|text| !text.is_empty());
        texts.sort_unstable();
        texts.dedup();
        let mut patterns: Vec<Pattern> = texts.iter().map(|text| Pattern { words: Vec::new(), whole: wholes.contains(text) }).collect();
        for (t, theme) in themes.iter().enumerate() {
            // What this theme alone sees in each pattern: its longest words, its exclusions hiding those inside them.
            let own: Vec<(usize, &Word)> = words.iter().enumerate().filter(|(_, word)| word.theme == t && !word.text.is_empty()).collect();
            let own_texts = own.iter().map(|(_, word)| word.text.as_str()).chain(theme.exclude.iter().map(String::as_str));
            let seen = automaton(AhoCorasickKind::NoncontiguousNFA, own_texts.filter(|text| !text.is_empty()));
            for (pattern, text) in patterns.iter_mut().zip(&texts) {
                let inside = seen.find_iter(text).filter_map(|found| own.get(found.pattern().as_usize()));
                // A whole word inside a longer one is none.
                pattern
                    .words
                    .extend(inside.filter(|(_, word)| word.text == *text || !wholes.contains(&word.text.as_str())).map(|(i, _)| *i));
            }
        }
        Self {
            names: themes.iter().map(|theme| theme.name.clone()).collect(),
            automaton: automaton(AhoCorasickKind::DFA, texts.iter().copied()),
            words,
            patterns,
        }
    }

    /// The sections of a document, in order, covering all its blocks.
    pub fn sections(&self, text: &Text) -> Vec<Section> {
        let starts: Vec<usize> = (0..text.blocks.len()).filter(|&i| is_section_heading(text.blocks[i].block)).collect();
        if starts.is_empty() {
            return self.runs(&text.blocks);
        }
        let before = (starts[0] > 0).then_some(0);
        let ends = starts.iter().copied().chain([text.blocks.len()]).collect::<Vec<_>>();
        before
            .into_iter()
            .chain(starts.iter().copied())
            .zip(ends[usize::from(before.is_none())..].iter())
            .map(|(first, &end)| self.section(&text.blocks, first, end))
            .collect()
    }

    fn section(&self, blocks: &[BlockText], first: usize, end: usize) -> Section {
        let heading = match blocks[first].block {
            Block::Heading(heading) if heading.depth == 1 => Some(heading.text.clone()),
            _ => None,
        };
        let mut tally = Tally::new(self);
        for block in &blocks[first..end] {
            tally.add(
                block,
                if is_section_heading(block.block) {
                    HEADING
                } else if matches!(block.block, Block::Heading(_)) {
                    LEAD
                } else {
                    1.0
                },
            );
        }
        let mut themes = tally.themes();
        // Every section with a heading has a theme; the last of the list is for those that fit no other.
        if themes.is_empty()
            && heading.is_some()
            && let Some(rest) = self.names.last()
        {
            themes.push(ThemeMatch { theme: rest.clone(), words: Vec::new() });
        }
        Section { heading, first_block: first, end_block: end, themes }
    }

    /// A text without headings: neighbouring paragraphs with one main theme are a section.
    fn runs(&self, blocks: &[BlockText]) -> Vec<Section> {
        let mut starts: Vec<(usize, Option<String>)> = Vec::new();
        for (i, block) in blocks.iter().enumerate() {
            let mut tally = Tally::new(self);
            tally.add(block, 1.0);
            tally.add_lead(block);
            let theme = tally.themes().into_iter().next().map(|found| found.theme).filter(|_| tally.best() >= ENOUGH);
            match starts.last_mut() {
                // A paragraph that says too little goes with what stands before it.
                Some((_, last)) if theme.is_none() || *last == theme => {}
                Some((_, last @ None)) if i == 0 => *last = theme,
                _ => starts.push((i, theme)),
            }
        }
        let ends: Vec<usize> = starts.iter().skip(1).map(|(i, _)| *i).chain([blocks.len()]).collect();
        starts.iter().zip(ends).map(|(&(first, _), end)| self.section(blocks, first, end)).collect()
    }

    /// A report's themes: the one that its title names, then by the share of its sections that each has; the second
    /// theme of a section counts less than half of the first.
    pub fn of_report(&self, sections: &[Section], text: &Text) -> Vec<String> {
        let blocks = &text.blocks;
        let headed = sections.iter().any(|section| section.heading.is_some());
        let mut shares = vec![0.0; self.names.len()];
        for section in sections.iter().filter(|section| !headed || section.heading.is_some()) {
            let length: usize = blocks[section.first_block..section.end_block].iter().map(|block| block.text.len()).sum();
            let parts: &[f64] = if section.themes.len() > 1 { &[0.7, 0.3] } else { &[1.0] };
            for (found, part) in section.themes.iter().zip(parts) {
                if let Some(theme) = self.names.iter().position(|name| *name == found.theme) {
                    shares[theme] += length as f64 * part;
                }
            }
        }
        let mut order: Vec<usize> = (0..shares.len()).filter(|&theme| shares[theme] > 0.0).collect();
        order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]).then(a.cmp(&b)));
        if let Some(named) = text.title.as_ref().and_then(|title| self.named_by(title.text)) {
            order.retain(|&theme| theme != named);
            order.insert(0, named);
        }
        order.into_iter().map(|theme| self.names[theme].clone()).collect()
    }

    /// The theme whose words a title holds, if it says so clearly.
    fn named_by(&self, title: &str) -> Option<usize> {
        let mut scores = vec![0.0; self.names.len()];
        for found in self.automaton.find_iter(title) {
            for &word in &self.patterns[found.pattern().as_usize()].words {
                scores[self.words[word].theme] += self.words[word].weight;
            }
        }
        let best = (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b]).then(b.cmp(&a)))?;
        (scores[best] >= ENOUGH_IN_TITLE).then_some(best)
    }
}

/// The one that reads every text is a DFA: it takes longer to build and twice as fast to run.
fn automaton<'a>(kind: AhoCorasickKind, texts: impl Iterator<Item = &'a str>) -> AhoCorasick {
    let texts: Vec<&str> = texts.collect();
    let builder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).kind(Some(kind)).build(texts);
    builder.expect("a few thousand short words fit an automaton")
}

fn is_section_heading(block: &Block) -> bool {
    matches!(block, Block::Heading(heading) if heading.depth == 1)
}

/// The words of a section, counted.
struct Tally<'a> {
    themes: &'a Themes,
    words: FxHashMap<usize, Counted>,
}

struct Counted {
    /// Occurrences in the body and weight from headings.
    body: f32,
    heading: f32,
    line: u32,
}

impl<'a> Tally<'a> {
    fn new(themes: &'a Themes) -> Self {
        Self { themes, words: FxHashMap::default() }
    }

    fn add(&mut self, block: &BlockText, factor: f32) {
        let themes = self.themes;
        for found in themes.automaton.find_iter(block.text.as_ref()) {
            let pattern = &themes.patterns[found.pattern().as_usize()];
            if pattern.words.is_empty() || pattern.whole && !is_word(&block.text, found.start(), found.end()) {
                continue;
            }
            for &word in &pattern.words {
                let counted =
                    self.words.entry(word).or_insert_with(|| Counted { body: 0.0, heading: 0.0, line: block.line_at(found.start()) });
                if factor > 1.0 { counted.heading += factor } else { counted.body += 1.0 }
            }
        }
    }

    /// The first sentence of a paragraph stands for the heading that it lacks.
    fn add_lead(&mut self, block: &BlockText) {
        let lead = block.text.find('。').unwrap_or(block.text.len());
        let themes = self.themes;
        for found in themes.automaton.find_iter(&block.text[..lead]) {
            for &word in &themes.patterns[found.pattern().as_usize()].words {
                if let Some(counted) = self.words.get_mut(&word) {
                    counted.heading += LEAD;
                }
            }
        }
    }

    /// A word that comes again says less each time.
    fn weight(&self, word: usize, counted: &Counted) -> f32 {
        self.themes.words[word].weight * (counted.body.sqrt() + counted.heading)
    }

    fn scores(&self) -> Vec<f32> {
        let mut scores = vec![0.0; self.themes.names.len()];
        // In the order of the words, so that sums do not depend on the order of a hash map.
        let mut words: Vec<_> = self.words.iter().collect();
        words.sort_unstable_by_key(|(word, _)| **word);
        for (&word, counted) in words {
            scores[self.themes.words[word].theme] += self.weight(word, counted);
        }
        scores
    }

    fn best(&self) -> f32 {
        self.scores().into_iter().fold(0.0, f32::max)
    }

    /// The main theme and, where a real part is about something else, a second.
    fn themes(&self) -> Vec<ThemeMatch> {
        let scores = self.scores();
        let mut order: Vec<usize> = (0..scores.len()).filter(|&theme| scores[theme] > 0.0).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
        let enough = order.first().map_or(0.0, |&first| scores[first] * SECOND);
        order.into_iter().take(2).filter(|&theme| scores[theme] >= enough).map(|theme| self.matched(theme)).collect()
    }

    fn matched(&self, theme: usize) -> ThemeMatch {
        let mut words: Vec<(f32, usize, u32)> = self
            .words
            .iter()
            .filter(|(word, _)| self.themes.words[**word].theme == theme)
            .map(|(&word, counted)| (self.weight(word, counted), word, counted.line))
            .collect();
        words.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let words = words.into_iter().take(5).map(|(_, word, line)| (self.themes.words[word].text.clone(), line)).collect();
        ThemeMatch { theme: self.themes.names[theme].clone(), words }
    }
}

/// Whether jieba cuts at both ends. It sees the clause alone: a long text would cost more and say no more.
fn is_word(text: &str, start: usize, end: usize) -> bool {
    let stop = |c: char| !c.is_alphanumeric();
    let from = text[..start].rfind(stop).map_or(0, |i| i + text[i..].chars().next().map_or(1, char::len_utf8));
    let to = text[end..].find(stop).map_or(text.len(), |i| end + i);
    let mut at = from;
    for word in words::cut_known(&text[from..to]) {
        if at == start && at + word.len() == end {
            return true;
        }
        at += word.len();
    }
    false
}
