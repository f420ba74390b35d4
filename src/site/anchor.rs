//! Names for the blocks of a report, so that one can link to a paragraph.
//!
//! `p-k2m9x4tq7z`: three characters for how the text begins, three for how it ends, four for the whole of it. A name
//! comes from the block's own text, so it stays the same whatever is added or changed elsewhere. A link to a block that
//! was edited since is not lost either: `permalink.js` leads it to the block that still begins or ends the same way.
//! So old names need no memory of what was published before.

use rustc_hash::FxHashMap;

use crate::document::Document;

/// Letters and digits at either end that make up the first six characters of a name.
const EDGE: usize = 8;
/// Without `i`, `l`, `o` and `u`, which are easily misread.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// One name for each block, in order. The second block of the same text has `-2` behind its name.
pub fn names(document: &Document) -> Vec<String> {
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    document
        .blocks
        .iter()
        .map(|block| {
            let name = name(&block.text());
            let count = seen.entry(name.clone()).or_default();
            *count += 1;
            if *count == 1 { name } else { format!("{name}-{count}") }
        })
        .collect()
}

/// Only letters and digits count, so that mended spaces and punctuation change no name.
/// `search-page/20-page.js` names paragraphs in the same way.
pub fn name(text: &str) -> String {
    let begin = letters(text).take(EDGE).fold(START, add);
    let mut end: Vec<char> = text.chars().rev().filter(is_letter).take(EDGE).collect();
    end.reverse();
    let end = end.into_iter().fold(START, add);
    let whole = letters(text).fold(START, add);
    let mut name = String::with_capacity(12);
    name.push_str("p-");
    for (hash, digits) in [(begin, 3), (end, 3), (whole, 4)] {
        let hash = hash ^ hash >> 15;
        name.extend((0..digits).map(|digit| char::from(DIGITS[(hash >> (5 * digit)) as usize % 32])));
    }
    name
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
