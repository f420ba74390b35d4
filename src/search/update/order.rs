//! One order for the reports of two archives: where both hold a report, it has one number.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// The reports of the last build and of this one in one row, oldest first in either.
#[derive(Debug, Default)]
pub struct Order {
    /// For each report of the last build, its place in the row.
    pub from_old: Vec<u32>,
    /// For each report of this build, its place in the row.
    pub from_new: Vec<u32>,
    /// Numbers in the last build of those that only it holds, with their places in the row.
    pub removed: Vec<(u32, u32)>,
    /// Places in the row of those that only this build holds.
    pub added: Vec<u32>,
}

impl Order {
    /// Of reports that are told by what stands for their texts. A report that has moved past others is removed and added.
    pub fn of<K: Eq + Hash>(old: &[K], new: &[K]) -> Self {
        let mut places: FxHashMap<&K, Vec<u32>> = FxHashMap::default();
        for (i, hash) in (0..old.len() as u32).zip(old).rev() {
            places.entry(hash).or_default().push(i);
        }
        let pairs: Vec<(u32, u32)> = (0..).zip(new).filter_map(|(i, hash)| Some((i, places.get_mut(hash)?.pop()?))).collect();
        let mut order = Self::default();
        let (mut old_next, mut new_next, mut next) = (0, 0, 0u32);
        let end = (new.len() as u32, old.len() as u32);
        for (new_at, old_at) in longest_ascending(&pairs).into_iter().chain([end]) {
            for removed in old_next..old_at {
                order.removed.push((removed, next));
                order.from_old.push(next);
                next += 1;
            }
            for _ in new_next..new_at {
                order.added.push(next);
                order.from_new.push(next);
                next += 1;
            }
            if (new_at, old_at) != end {
                order.from_old.push(next);
                order.from_new.push(next);
                next += 1;
            }
            (old_next, new_next) = (old_at + 1, new_at + 1);
        }
        order
    }

    /// How many reports have come or gone.
    pub fn changes(&self) -> usize {
        self.removed.len() + self.added.len()
    }
}

/// As many pairs as can be had whose second numbers ascend as their first do.
fn longest_ascending(pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
    // For each length, the chain of that length that ends lowest, as an index into `pairs`.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (i, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| pairs[end].1 < pair.1);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() { ends.push(i) } else { ends[length] = i }
    }
    let mut chain: Vec<(u32, u32)> = std::iter::successors(ends.last().copied(), |&i| before[i]).map(|i| pairs[i]).collect();
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn both_orders_are_kept(old in proptest::collection::vec(0u8..12, 0..12), new in proptest::collection::vec(0u8..12, 0..12)) {
            let order = Order::of(&old, &new);
            prop_assert_eq!((order.from_old.len(), order.from_new.len()), (old.len(), new.len()));
            prop_assert!(order.from_old.is_sorted_by(|a, b| a < b) && order.from_new.is_sorted_by(|a, b| a < b));
            let total = old.len() + order.added.len();
            prop_assert_eq!(total, new.len() + order.removed.len());
            for (i, place) in order.from_old.iter().enumerate() {
                match order.from_new.binary_search(place) {
                    Ok(j) => prop_assert_eq!(old[i], new[j]),
                    Err(_) => prop_assert!(order.removed.contains(&(i as u32, *place))),
                }
            }
        }
    }

    #[test]
    fn one_that_moved_is_all_that_changes() {
        let order = Order::of(&[1, 2, 3, 4], &[4, 1, 2, 3]);
        assert_eq!((order.changes(), order.removed, order.added), (2, vec![(3, 4)], vec![0]));
    }
}
