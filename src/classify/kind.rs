//! What kind of document it is: 综述, 总结, 汇报, ….

use crate::classify::text::Text;
use crate::classify::{Evidence, EvidenceFrom, Found};
use crate::config::Kind;

/// By the title; where that is silent, by how the text opens and closes.
pub fn kind(text: &Text, kinds: &[Kind]) -> Option<Found<String>> {
    let found =
        |kind: &Kind, from, word: &str, line| Found { value: kind.name.clone(), evidence: Evidence { from, quote: word.into(), line } };
    let words = kinds.iter().flat_map(|kind| kind.words.iter().map(move |word| (kind, word.as_str())));
    if let Some(title) = &text.title
        && let Some((kind, word)) = last(title.text, words)
    {
        return Some(found(kind, EvidenceFrom::Title, word, title.line));
    }
    // `汇报完毕` at the end says more than `今年以来` at the beginning.
    let ends = text.blocks.iter().rev().take(2).chain(text.blocks.iter().take(3));
    ends.filter_map(|block| {
        let phrases = kinds.iter().flat_map(|kind| kind.phrases.iter().map(move |phrase| (kind, phrase.as_str())));
        let (kind, phrase) = last(&block.text, phrases)?;
        Some(found(kind, EvidenceFrom::Body, phrase, Some(block.line_at(block.text.rfind(phrase)?))))
    })
    .next()
}

/// Of all words in `text` the one that ends last, of those the longest: 工作总结汇报 is a 汇报, 述职报告 no 报告.
fn last<'k>(text: &str, words: impl Iterator<Item = (&'k Kind, &'k str)>) -> Option<(&'k Kind, &'k str)> {
    words
        .filter_map(|(kind, word)| Some((text.rfind(word)? + word.len(), word.len(), kind, word)))
        // The first kind of the list wins a tie.
        .reduce(|best, next| if (next.0, next.1) > (best.0, best.1) { next } else { best })
        .map(|(_, _, kind, word)| (kind, word))
}
