//! Names for the blocks of a report, so that one can link to a paragraph.
//!
//! `p-k2m9x4tq7z`: three characters for how the text begins, three for how it ends, four for the whole of it. A name
//! comes from the block's own text, so it stays the same whatever is added or changed elsewhere. A link to a block that
//! was edited since is not lost either: `permalink.js` leads it to the block that still begins or ends the same way.
//! So old names need no memory of what was published before.

use std::fmt;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::document::Document;

/// Letters and digits at either end that make up the first six characters of a name.
const EDGE: usize = 8;
/// Without `i`, `l`, `o` and `u`, which are easily misread.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A name, in twelve bytes: an archive has millions of blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Name {
    /// How the text begins and how it ends, 15 bits each.
    edges: u32,
    /// The whole of it, 20 bits.
    whole: u32,
    /// Which of the blocks with this text, from 1.
    nth: u32,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut name = *b"p-..........";
        let digits = |of: u32| (0..).map(move |digit| DIGITS[(of >> (5 * digit)) as usize % 32]);
        let all = digits(self.edges & EDGE_BITS).take(3).chain(digits(self.edges >> 15).take(3)).chain(digits(self.whole).take(4));
        name[2..].iter_mut().zip(all).for_each(|(at, digit)| *at = digit);
        f.write_str(std::str::from_utf8(&name).expect("digits are ASCII"))?;
        if self.nth > 1 { write!(f, "-{}", self.nth) } else { Ok(()) }
    }
}

const EDGE_BITS: u32 = (1 << 15) - 1;

/// One name for each block, in order. The second block of the same text has `-2` behind its name.
pub fn names(document: &Document) -> Vec<Name> {
    let mut seen: FxHashMap<Name, u32> = FxHashMap::default();
    let named = document.blocks.iter().map(|block| {
        let name = name(&block.text());
        let nth = seen.entry(name).or_default();
        *nth += 1;
        Name { nth: *nth, ..name }
    });
    named.collect()
}

/// Only letters and digits count, so that mended spaces and punctuation change no name.
/// `search-page/20-page.js` names paragraphs in the same way.
pub fn name(text: &str) -> Name {
    let begin = letters(text).take(EDGE).fold(START, add);
    let mut end: Vec<char> = text.chars().rev().filter(is_letter).take(EDGE).collect();
    end.reverse();
    let end = end.into_iter().fold(START, add);
    let whole = letters(text).fold(START, add);
    let [begin, end, whole] = [begin, end, whole].map(|hash| hash ^ hash >> 15);
    Name { edges: begin & EDGE_BITS | (end & EDGE_BITS) << 15, whole: whole & ((1 << 20) - 1), nth: 1 }
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(is_letter)
}

/// Nearly all are common Han characters, for which no table need be asked.
fn is_letter(c: &char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fa5}') || c.is_alphanumeric()
}

/// FNV-1a, 32 bits, over UTF-8: few lines in a script too.
const START: u32 = 0x811c_9dc5;

fn add(hash: u32, c: char) -> u32 {
    c.encode_utf8(&mut [0; 4]).bytes().fold(hash, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edited_paragraph_keeps_the_part_of_its_name_that_was_not_touched() {
        let name = |text: &str| name(text).to_string();
        let before = name("今年以来，全市选派186名干部驻村，帮助群众解决困难。");
        let parts = |name: &str| (name[2..5].to_owned(), name[5..8].to_owned(), name[8..].to_owned());
        for (edited, begins, ends) in [
            ("今年以来，全市选派192名干部驻村，帮助群众解决困难。", true, true),
            ("今年以来，全市选派186名干部驻村，帮助群众解决困难，受到好评。", true, false),
            ("去年，全市选派186名干部驻村，帮助群众解决困难。", false, true),
            ("换届工作平稳有序。", false, false),
        ] {
            let (old, new) = (parts(&before), parts(&name(edited)));
            assert_eq!((old.0 == new.0, old.1 == new.1, old.2 == new.2), (begins, ends, false), "{edited}");
        }
        assert_eq!(name("今年以来,全市选派186名干部 驻村，帮助群众解决困难"), before, "punctuation and spaces are no change");
    }
}
