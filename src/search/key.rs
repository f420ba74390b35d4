//! Where a string stands in the index: with the rarest two letters that it holds.
//!
//! Neighbouring strings of a text mostly hold the same rare pair: `全面加`, `面加强` and `加强组` all stand with whatever
//! of their pairs is rarest. So the parts of a long query lie in few shards, and a string's reports are told among
//! those of its rarest pair, where they are most of all. Biologists sort the strings of a genome like this (minimizers).

use std::cmp::Reverse;

use crate::search::alphabet::Sign;

/// A string's home, its rarest two letters, and then what extends these, one letter at a time, as [`Extension`]s.
/// 0 where the string is shorter than four letters; a single letter is its own home.
///
/// Without its last extension, a key is that of a part of the string.
pub type Key = [u32; 4];

/// A letter by which a string is longer, doubled, and whether it stands before (1) or after it (0).
type Extension = u32;

fn after(letter: Sign) -> Extension {
    letter << 1
}

fn before(letter: Sign) -> Extension {
    letter << 1 | 1
}

/// The key of a string of one to four letters.
pub fn of(letters: &[Sign]) -> Key {
    match *letters {
        [a] => [a, 0, 0, 0],
        [a, b] => [a, b, 0, 0],
        [a, b, c] => match home(letters) {
            0 => [a, b, after(c), 0],
            _ => [b, c, before(a), 0],
        },
        [a, b, c, d] => match home(letters) {
            0 => [a, b, after(c), after(d)],
            2 => [c, d, before(b), before(a)],
            // By the side that is rarer first.
            _ if rarity([a, b]) > rarity([c, d]) => [b, c, before(a), after(d)],
            _ => [b, c, after(d), before(a)],
        },
        _ => [0; 4],
    }
}

/// The string of a key.
pub fn letters(key: &Key) -> Vec<Sign> {
    let mut letters: Vec<Sign> = key[..2].iter().copied().filter(|&letter| letter > 0).collect();
    for &extension in key[2..].iter().filter(|&&extension| extension > 0) {
        let at = if extension & 1 == 1 { 0 } else { letters.len() };
        letters.insert(at, extension >> 1);
    }
    letters
}

/// How many letters the string of a key has.
pub fn length(key: &Key) -> usize {
    key.iter().take_while(|&&part| part > 0).count()
}

/// Where the rarest two letters stand; of equals, the first.
fn home(letters: &[Sign]) -> usize {
    (0..letters.len() - 1).max_by_key(|&at| (rarity([letters[at], letters[at + 1]]), Reverse(at))).unwrap_or(0)
}

/// Letters are numbered by how common they are, and a letter is about as common as its number is small.
fn rarity([a, b]: [Sign; 2]) -> (u64, Sign) {
    (u64::from(a) * u64::from(b), a)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_key_is_its_strings_alone_and_leads_through_its_parts(string in proptest::collection::vec(1u32..6, 1..5)) {
            let key = of(&string);
            prop_assert_eq!(&letters(&key), &string);
            prop_assert_eq!(length(&key), string.len());
            for depth in 1..string.len() {
                let mut part = key;
                part[depth..].fill(0);
                prop_assert_eq!(of(&letters(&part)), part, "the key of a part");
            }
        }
    }

    #[test]
    fn neighbours_share_their_rarest_pair() {
        let text = [3, 9, 1, 80, 70, 2, 5];
        let homes: Vec<[u32; 2]> = text.windows(4).map(|four| [of(four)[0], of(four)[1]]).collect();
        assert_eq!(homes, [[1, 80], [80, 70], [80, 70], [80, 70]]);
    }
}
