//! The provinces as tiles: one square each, where one would look for it. No boundary is drawn.

use serde::Serialize;

use crate::site::Site;

/// First two digits of the GB/T 2260 code, column and row from 1. A drawing aid, not a map.
const GRID: [(&str, u8, u8); 34] = [
    ("23", 7, 1),
    ("15", 4, 2),
    ("21", 6, 2),
    ("22", 7, 2),
    ("65", 1, 3),
    ("62", 2, 3),
    ("64", 3, 3),
    ("14", 4, 3),
    ("11", 5, 3),
    ("12", 6, 3),
    ("63", 2, 4),
    ("61", 3, 4),
    ("41", 4, 4),
    ("13", 5, 4),
    ("37", 6, 4),
    ("54", 1, 5),
    ("51", 2, 5),
    ("50", 3, 5),
    ("42", 4, 5),
    ("34", 5, 5),
    ("32", 6, 5),
    ("31", 7, 5),
    ("53", 2, 6),
    ("52", 3, 6),
    ("43", 4, 6),
    ("36", 5, 6),
    ("33", 6, 6),
    ("45", 3, 7),
    ("44", 4, 7),
    ("35", 5, 7),
    ("71", 6, 7),
    ("46", 3, 8),
    ("82", 4, 8),
    ("81", 5, 8),
];

/// A province on the tile map.
#[derive(Debug, Serialize)]
pub struct Tile {
    name: String,
    short: String,
    /// `None` where there is nothing to go to.
    href: Option<String>,
    count: usize,
    /// 0 to 5, by the number of reports.
    shade: u8,
    column: u8,
    row: u8,
}

/// Empty when the archive knows none of the provinces.
pub fn tiles(site: &Site) -> Vec<Tile> {
    let gazetteer = &site.archive.gazetteer;
    let places: Vec<_> = GRID
        .iter()
        .filter_map(|&(code, column, row)| Some((gazetteer.by_code(&format!("{code}0000"))?, column, row)))
        .map(|(region, column, row)| {
            let count = site.archive.regions.get(&region).map_or(0, |reports| reports.own.len() + reports.below.len());
            (region, column, row, count)
        })
        .collect();
    let largest = places.iter().map(|place| place.3).max().unwrap_or(0);
    if largest == 0 {
        return Vec::new();
    }
    places
        .into_iter()
        .map(|(region, column, row, count)| Tile {
            name: gazetteer[region].name.clone(),
            short: gazetteer[region].short.clone(),
            href: (count > 0).then(|| site.region_link(region).href),
            count,
            shade: shade(count, largest),
            column,
            row,
        })
        .collect()
}

/// By the square root of the share: one province with thousands does not turn all others pale, and those near the
/// most still differ.
fn shade(count: usize, largest: usize) -> u8 {
    let share = count as f64 / largest as f64;
    (share.sqrt() * 5.0).ceil().min(5.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_province_has_a_square_of_its_own() {
        let mut squares: Vec<(u8, u8)> = GRID.iter().map(|&(_, column, row)| (column, row)).collect();
        let mut codes: Vec<&str> = GRID.iter().map(|&(code, ..)| code).collect();
        squares.sort_unstable();
        squares.dedup();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!((squares.len(), codes.len()), (34, 34));
        assert!(squares.iter().all(|&(column, row)| (1..=7).contains(&column) && (1..=8).contains(&row)));
    }

    #[test]
    fn more_reports_are_never_paler() {
        let shades: Vec<u8> = [0, 1, 2, 10, 100, 5000].iter().map(|&count| shade(count, 5000)).collect();
        assert!(shades.is_sorted() && shades[0] == 0 && shades[1] == 1 && shades[5] == 5, "{shades:?}");
    }
}
