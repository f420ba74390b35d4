//! The words of the texts and how they sound: advice for a query that finds nothing.

use std::cmp::Reverse;

use pinyin::ToPinyin;

use crate::search::alphabet::Alphabet;
use crate::search::contents::Contents;
use crate::search::key::{self, Key};
use crate::search::text;

/// So many words are enough to mend a slip; the file stays near 20 KB.
const MOST: usize = 4_000;
/// In fewer reports, a word is as likely to be a slip itself.
const FEWEST: u32 = 3;

/// The file's content, deflated: a line with the sound of every letter, in their order; a line with the words that
/// stand as such in the most reports, commonest first. Spaces between.
pub fn write(contents: &Contents, alphabet: &Alphabet) -> Vec<u8> {
    let sounds: Vec<&str> = alphabet.letters().iter().map(|&letter| letter.to_pinyin().map_or("", |pinyin| pinyin.plain())).collect();
    let words = contents.listed.iter().filter(|one| one.words >= FEWEST && one.key[1] > 0);
    let mut counts: Vec<u32> = words.clone().map(|one| one.words).collect();
    counts.sort_unstable_by_key(|&count| Reverse(count));
    let least = counts.get(MOST).copied().unwrap_or(FEWEST);
    let string = |key: &Key| key::letters(key).into_iter().filter_map(|sign| alphabet.letter(sign)).collect();
    let mut words: Vec<(u32, String)> = words.filter(|one| one.words >= least).map(|one| (one.words, string(&one.key))).collect();
    words.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    words.truncate(MOST);
    let words: Vec<String> = words.into_iter().map(|(_, word)| word).collect();
    text::deflate(format!("{}\n{}", sounds.join(" "), words.join(" ")).as_bytes(), &[])
}
