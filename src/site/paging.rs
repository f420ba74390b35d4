//! Lists that go over several pages: where they are cut, and the way from page to page.
//!
//! A list in the order of the years is cut between years where that makes no page too short, and a year that fills half a page
//! begins one. So a report that comes to one year changes the pages of that year, and moves nothing on those of the others.

use std::ops::Range;

use serde::Serialize;

use crate::site::path::list_page;

/// Where a list is cut. A list without items has one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    /// The place of each page's first item.
    starts: Vec<usize>,
    /// Items in all.
    length: usize,
}

impl Pages {
    /// Every page but the last is full.
    pub fn even(length: usize, size: usize) -> Self {
        Self { starts: (0..length.max(1)).step_by(size.max(1)).collect(), length }
    }

    /// The items are those of the years, in their order; no page has more than `size`. What fits on one page stands on one.
    pub fn by_year(years: impl Iterator<Item = Option<i32>>, size: usize) -> Self {
        let (size, years) = (size.max(1), years.collect::<Vec<_>>());
        if years.len() <= size {
            return Self::even(years.len(), size);
        }
        let half = size.div_ceil(2);
        let mut starts = vec![0];
        let mut at = 0;
        for year in years.chunk_by(|a, b| a == b) {
            let open = at - starts[starts.len() - 1];
            if at > 0 && (year.len() >= half || open >= half || open + year.len() > size) {
                starts.push(at);
            }
            // Pages of one year are about equally long: nobody turns to a page of one line.
            let pages = year.len().div_ceil(size);
            starts.extend((1..pages).map(|page| at + page * year.len().div_ceil(pages)));
            at += year.len();
        }
        Self { starts, length: years.len() }
    }

    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The items of a page, which counts from 1; none on a page that is not there.
    pub fn range(&self, page: usize) -> Range<usize> {
        let start = self.starts.get(page.saturating_sub(1)).copied().unwrap_or(self.length);
        start..self.starts.get(page.max(1)).copied().unwrap_or(self.length)
    }

    /// The page on which an item stands.
    pub fn page_of(&self, item: usize) -> usize {
        self.starts.partition_point(|&start| start <= item).max(1)
    }

    /// The way to the other pages; `None` where one page holds all.
    pub fn pager(&self, folder: &str, page: usize) -> Option<Pager> {
        let pages = self.count();
        if pages == 1 {
            return None;
        }
        let href = |number: usize| list_page(folder, number).href();
        let mut numbers: Vec<Step> = Vec::new();
        let mut last = 0;
        for number in 1..=pages {
            if number == 1 || number == pages || number.abs_diff(page) <= 2 {
                numbers.push(Step { number, href: (number != page).then(|| href(number)), gap: number > last + 1 });
                last = number;
            }
        }
        Some(Pager { page, pages, previous: (page > 1).then(|| href(page - 1)), next: (page < pages).then(|| href(page + 1)), numbers })
    }
}

/// Where in a list of several pages one is.
#[derive(Debug, Clone, Serialize)]
pub struct Pager {
    pub page: usize,
    pub pages: usize,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub numbers: Vec<Step>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Step {
    pub number: usize,
    /// `None` for the page one is on.
    pub href: Option<String>,
    /// Pages were left out before this one.
    pub gap: bool,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Cuts a list of years, each given with how many items it has, and tells the lengths of the pages.
    #[track_caller]
    fn check(years: &[(i32, usize)], size: usize, expected: &[usize]) {
        let items = years.iter().flat_map(|&(year, count)| std::iter::repeat_n(Some(year), count));
        let pages = Pages::by_year(items, size);
        assert_eq!((1..=pages.count()).map(|page| pages.range(page).len()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn years_are_kept_together() {
        check(&[], 10, &[0]);
        check(&[(2024, 1), (2023, 2), (2022, 1)], 10, &[4]);
        check(&[(2024, 4), (2023, 4), (2022, 4)], 10, &[8, 4]);
        check(&[(2024, 1), (2023, 5), (2022, 1)], 10, &[7]);
        check(&[(2024, 3), (2023, 5), (2022, 3)], 10, &[3, 5, 3]);
        check(&[(2024, 21), (2023, 3)], 10, &[7, 7, 7, 3]);
    }

    #[test]
    fn an_even_list_has_full_pages() {
        assert_eq!(Pages::even(0, 10).range(1), 0..0);
        let pages = Pages::even(21, 10);
        assert_eq!((pages.count(), pages.range(1), pages.range(3), pages.range(4), pages.page_of(20)), (3, 0..10, 20..21, 21..21, 3));
    }

    proptest! {
        /// Nothing is lost, nothing stands twice, and every item is on the page that is said to have it.
        #[test]
        fn pages_end_to_end_are_the_list(mut years in prop::collection::vec(prop::option::of(2000..2006), 0..60), size in 0..12_usize) {
            years.sort_unstable();
            let pages = Pages::by_year(years.iter().copied(), size);
            let ranges: Vec<_> = (1..=pages.count()).map(|page| pages.range(page)).collect();
            let items: Vec<usize> = ranges.iter().cloned().flatten().collect();
            prop_assert_eq!(items, (0..years.len()).collect::<Vec<_>>());
            prop_assert!(ranges.iter().all(|range| range.len() <= size.max(1) && (years.is_empty() || !range.is_empty())));
            for item in 0..years.len() {
                prop_assert!(pages.range(pages.page_of(item)).contains(&item));
            }
        }

        /// One item more in a year that fills half a page changes no page of a later or earlier one.
        #[test]
        fn large_years_do_not_move_each_other(mut counts in prop::collection::vec(5..40_usize, 1..6), which in any::<prop::sample::Index>()) {
            let pages_of = |counts: &[usize]| {
                let years = (0..).zip(counts).flat_map(|(year, &count)| std::iter::repeat_n(Some(year), count));
                let years: Vec<_> = years.collect();
                let pages = Pages::by_year(years.iter().copied(), 10);
                (1..=pages.count()).map(|page| years[pages.range(page)].to_vec()).collect::<Vec<_>>()
            };
            let which = which.index(counts.len());
            // Below, all of it stands on one page.
            prop_assume!(counts.iter().sum::<usize>() > 10);
            let others = |pages: Vec<Vec<Option<i32>>>| pages.into_iter().filter(|page| page[0] != Some(which as i32)).collect::<Vec<_>>();
            let before = others(pages_of(&counts));
            counts[which] += 1;
            prop_assert_eq!(before, others(pages_of(&counts)));
        }
    }
}
