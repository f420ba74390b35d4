//! Sorts the places of one letter by the letters that follow.

use crate::search::alphabet::Letter;

/// Two places whose next letters agree this far are not told apart: no string beyond this length has exceptions.
pub const LONGEST: usize = 40;

/// Letters in one sort key. A letter needs at most 21 bits, as there are no more characters.
const PER_KEY: usize = 3;

/// Sorts `places`, which all hold the same letter, by what follows them up to the end of their run.
/// Equal ones stand in the order of their places.
pub fn sort(letters: &[Letter], places: &mut [u32]) {
    let mut keyed: Vec<(u64, u32)> = places.iter().map(|&place| (key(letters, place, 1), place)).collect();
    sort_from(letters, &mut keyed, 1);
    for (place, (_, sorted)) in places.iter_mut().zip(keyed) {
        *place = sorted;
    }
}

fn sort_from(letters: &[Letter], keyed: &mut [(u64, u32)], depth: usize) {
    keyed.sort_unstable();
    if depth + PER_KEY > LONGEST {
        return;
    }
    let mut rest = keyed;
    while let Some(&(key_here, _)) = rest.first() {
        let same = rest.iter().take_while(|(key, _)| *key == key_here).count();
        let (group, after) = rest.split_at_mut(same);
        // A key whose last letter is 0 has reached the end of its run.
        if same > 1 && key_here & 0x1f_ffff != 0 {
            for (slot, place) in group.iter_mut() {
                *slot = key(letters, *place, depth + PER_KEY);
            }
            sort_from(letters, group, depth + PER_KEY);
        }
        rest = after;
    }
}

fn key(letters: &[Letter], place: u32, depth: usize) -> u64 {
    let mut key = 0;
    let mut ended = false;
    for i in 0..PER_KEY {
        let letter = if ended { 0 } else { letters[place as usize + depth + i] };
        ended = letter == 0;
        key = key << 21 | u64::from(letter);
    }
    key
}

/// For each place but the first: how many letters it shares with the one before it, counted to [`LONGEST`].
/// The first has 0.
pub fn shared(letters: &[Letter], places: &[u32]) -> Vec<u8> {
    let count = |a: u32, b: u32| {
        let (a, b) = (&letters[a as usize..], &letters[b as usize..]);
        a.iter().zip(b).take(LONGEST).take_while(|(x, y)| x == y && **x != 0).count() as u8
    };
    std::iter::once(0).chain(places.windows(2).map(|pair| count(pair[0], pair[1]))).take(places.len()).collect()
}
