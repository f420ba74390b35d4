//! The words of the texts and how they sound: advice for a query that finds nothing.

use std::cmp::Reverse;

use pinyin::ToPinyin;

use crate::search::alphabet::Alphabet;
use crate::search::contents::Listed;
use crate::search::key::{self, Key};
use crate::search::text;

/// So many words are enough to mend a slip; the file stays near 20 KB.
const MOST: usize = 4_000;
/// In fewer reports, a word is as likely to be a slip itself.
const FEWEST: u32 = 3;

/// In how many reports a word stands, and its key.
pub type Word = (u32, Key);

/// Whether a listed string may be one of the words.
pub fn is_word(listed: &Listed) -> bool {
    listed.words >= FEWEST && listed.key[1] > 0
}

/// Drops what cannot be among the words that stand in the most reports: so many reports, and the word's key.
pub fn keep_commonest(words: &mut Vec<Word>) {
    if words.len() > MOST {
        let (_, &mut (least, _), _) = words.select_nth_unstable_by_key(MOST - 1, |&(count, _)| Reverse(count));
        words.retain(|&(count, _)| count >= least);
    }
}

/// Whether the commonest words are all among `new`, where of some strings only those were looked at that `old` has.
pub fn are_known(old: &[Word], new: &[Word]) -> bool {
    let least = old.iter().map(|(count, _)| *count).min().unwrap_or(0);
    old.len() < MOST || new.iter().filter(|(count, _)| *count >= least).count() >= MOST
}

/// The file's content, deflated: a line with the sound of every letter, in their order; a line with the words that
/// stand as such in the most reports, commonest first. Spaces between.
pub fn write(common: &[Word], alphabet: &Alphabet) -> Vec<u8> {
    let sounds: Vec<&str> = alphabet.letters().iter().map(|&letter| letter.to_pinyin().map_or("", |pinyin| pinyin.plain())).collect();
    let string = |key: Key| key::letters(&key).into_iter().filter_map(|sign| alphabet.letter(sign)).collect();
    let mut words: Vec<(u32, String)> = common.iter().map(|&(count, key)| (count, string(key))).collect();
    words.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    words.truncate(MOST);
    let words: Vec<String> = words.into_iter().map(|(_, word)| word).collect();
    text::deflate(format!("{}\n{}", sounds.join(" "), words.join(" ")).as_bytes(), &[])
}
