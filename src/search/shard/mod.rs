//! The shards: the listed strings in order, cut into files of a few kilobytes.
//!
//! A shard is a walk through the strings by their keys: each pair, with what extends it by one letter and then another.
//! A string's reports are coded within the reports of the part it extends, where these stand in the same shard.
//! `docs/search-format.md` has the layout bit by bit.

use crate::search::alphabet::Sign;
use crate::search::key::Key;

mod read;
mod write;

pub use read::{Item, Told, each, read};
pub use write::{Extent, Shard, Writer};

/// Shards are closed before they outgrow so many bytes, unless a single string needs more. Small ones make queries
/// cheap, but more of their lists are told among all reports, not among those of a part that stands in the same shard:
/// with 4 KiB for 100,000 reports, the index would be a seventh larger.
fn target(report_count: u32) -> usize {
    (2560 + report_count as usize / 8).min(8192)
}

/// Also closed before they hold more reports than this: what a reader must be ready to unpack.
const MOST_POSTINGS: usize = 1 << 20;

/// Golomb orders of a letter's distance from its predecessor, by depth. Measured on generated reports.
const LETTER_ORDER: [u32; 4] = [0, 4, 5, 6];
const FIRST_LETTER_ORDER: u32 = 9;
const EXCEPTION_LETTER_ORDER: u32 = 6;

/// Strings whose keys begin in one stretch of letters are written together, by one thread, in shards of their own: what
/// stands in them does not move where those of other stretches begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch(u32);

impl Stretch {
    /// Letters below this are told by how common they are in the sample, and are together in sixty-fours. Those above are
    /// rare ones, told by their code points: each of many small stretches would have a shard that is almost empty.
    const COMMON: Sign = 4096;

    /// Of the strings whose keys begin with `letter`. Ascends with it.
    pub fn of(letter: Sign) -> Self {
        Self(if letter < Self::COMMON { letter >> 6 } else { (Self::COMMON >> 6) + (letter >> 12) })
    }

    pub fn of_key(key: &Key) -> Self {
        Self::of(key[0])
    }
}
