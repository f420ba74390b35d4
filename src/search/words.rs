//! The words of the texts and how they sound: advice for a query that finds nothing.

use pinyin::ToPinyin;

use crate::search::alphabet::Alphabet;
use crate::search::grams::{Grams, Tier};
use crate::search::text;

/// So many words are enough to mend a slip; the file stays near 20 KB.
const MOST: usize = 4_000;
/// In fewer reports, a word is as likely to be a slip itself.
const FEWEST: usize = 3;

/// The file's content, deflated: a line with the sound of every letter, in their order; a line with the words that
/// stand as such in the most reports, commonest first. Spaces between.
pub fn write(grams: &Grams, alphabet: &Alphabet) -> Vec<u8> {
    let sounds: Vec<&str> = alphabet.letters().iter().map(|&letter| letter.to_pinyin().map_or("", |pinyin| pinyin.plain())).collect();
    let letter = |number: u32| alphabet.letters()[number as usize - 1];
    let mut words: Vec<(usize, String)> = Vec::new();
    for level in &grams.levels[1..] {
        for (first, lists) in level.iter().enumerate().skip(1) {
            for (i, rest) in lists.rests.iter().enumerate() {
                let count = lists.at(i).iter().filter(|posting| posting.tier() >= Tier::Word).count();
                if count >= FEWEST {
                    let letters = std::iter::once(first as u32).chain(rest.iter().copied().filter(|&number| number != 0));
                    words.push((count, letters.map(letter).collect()));
                }
            }
        }
    }
    words.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    words.truncate(MOST);
    let words: Vec<String> = words.into_iter().map(|(_, word)| word).collect();
    text::deflate(format!("{}\n{}", sounds.join(" "), words.join(" ")).as_bytes(), &[])
}
