//! Sets of reports, one bit each: what two share is found 64 reports at a time.

use std::rc::Rc;

use crate::search::update::order::Order;

const WORD: u32 = u64::BITS;

/// The reports of the last build and of this one in one row, as sets see them.
pub struct Row {
    /// How many there are.
    pub count: u32,
    /// Places of those that only this build has, and of those that only the last one had, ascending.
    pub added: Vec<u32>,
    pub removed: Vec<u32>,
}

/// Reports of a row, and how many of them each of the two builds has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    bits: Vec<u64>,
    pub old: u32,
    pub new: u32,
}

impl Row {
    pub fn of(order: &Order) -> Self {
        let removed = order.removed.iter().map(|&(_, place)| place).collect();
        Self { count: (order.from_new.len() + order.removed.len()) as u32, added: order.added.clone(), removed }
    }

    /// Of places in the row, in any order.
    pub fn set(&self, reports: impl Iterator<Item = u32>) -> Set {
        let mut bits = vec![0; self.count.div_ceil(WORD) as usize];
        for report in reports {
            bits[(report / WORD) as usize] |= 1 << (report % WORD);
        }
        self.counted(bits)
    }

    fn counted(&self, bits: Vec<u64>) -> Set {
        let count: u32 = bits.iter().map(|word| word.count_ones()).sum();
        let mut set = Set { bits, old: 0, new: 0 };
        let of = |some: &[u32]| some.iter().filter(|&&report| set.holds(report)).count() as u32;
        (set.old, set.new) = (count - of(&self.added), count - of(&self.removed));
        set
    }

    /// What two sets share: one of them itself if that is all of it.
    pub fn common(&self, a: &Rc<Set>, b: &Rc<Set>) -> Rc<Set> {
        if Rc::ptr_eq(a, b) {
            return a.clone();
        }
        let common = self.counted(a.bits.iter().zip(&b.bits).map(|(a, b)| a & b).collect());
        [a, b].into_iter().find(|one| common.bits == one.bits).cloned().unwrap_or_else(|| Rc::new(common))
    }

    /// A set without some of its reports.
    pub fn without(&self, set: &Rc<Set>, some: impl Iterator<Item = u32>) -> Rc<Set> {
        let mut bits = None;
        for report in some.filter(|&report| set.holds(report)) {
            bits.get_or_insert_with(|| set.bits.clone())[(report / WORD) as usize] &= !(1 << (report % WORD));
        }
        bits.map_or_else(|| set.clone(), |bits| Rc::new(self.counted(bits)))
    }

    /// A set and some more reports.
    pub fn with(&self, set: &Set, some: impl Iterator<Item = u32>) -> Set {
        let mut bits = set.bits.clone();
        for report in some {
            bits[(report / WORD) as usize] |= 1 << (report % WORD);
        }
        self.counted(bits)
    }

    pub fn is_added(&self, report: u32) -> bool {
        self.added.binary_search(&report).is_ok()
    }

    pub fn is_removed(&self, report: u32) -> bool {
        self.removed.binary_search(&report).is_ok()
    }

    /// The reports of a set that this build has.
    pub fn new_of<'a>(&'a self, set: &'a Set) -> impl Iterator<Item = u32> {
        set.reports().filter(|&report| !self.is_removed(report))
    }

    /// The reports of a set that the last build had.
    pub fn old_of<'a>(&'a self, set: &'a Set) -> impl Iterator<Item = u32> {
        set.reports().filter(|&report| !self.is_added(report))
    }
}

impl Set {
    pub fn holds(&self, report: u32) -> bool {
        self.bits[(report / WORD) as usize] >> (report % WORD) & 1 == 1
    }

    /// Ascending.
    pub fn reports(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.bits).flat_map(|(at, &word)| {
            std::iter::successors(Some(word), |word| Some(word & word.wrapping_sub(1)))
                .take_while(|&word| word != 0)
                .map(move |word| at * WORD + word.trailing_zeros())
        })
    }

    /// How many reports two sets share, counted until it is clear that they are more than `most`.
    pub fn count_common(&self, other: &Self, most: u32) -> u32 {
        let mut count = 0;
        for (a, b) in self.bits.iter().zip(&other.bits) {
            count += (a & b).count_ones();
            if count > most {
                break;
            }
        }
        count
    }
}
