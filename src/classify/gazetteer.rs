//! The places that a report can speak for.

use serde::{Deserialize, Serialize};

use crate::classify::Level;
use crate::config::Config;

/// Only a [`Gazetteer`] hands one out, so the place always exists in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RegionId(u32);

/// One place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// GB/T 2260, six digits; or the code that the configuration gives.
    pub code: String,
    /// The official name: `内蒙古自治区`.
    pub name: String,
    /// Without the generic part: `内蒙古`.
    pub short: String,
    /// `None` where the configuration's own tree has no levels.
    pub level: Option<Level>,
    pub parent: Option<RegionId>,
    /// Pinyin of the name, without tones, for sorting: `neimenggu`.
    pub pinyin: String,
    /// For a division that no longer exists: the one that took its place.
    pub successor: Option<RegionId>,
}

/// All places, by id.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    regions: Vec<Region>,
}

impl Gazetteer {
    /// The built-in list, if the configuration wants it, and the configuration's own regions.
    pub fn new(_config: &Config) -> Self {
        Self::default()
    }

    /// All places with their ids, parents before children, in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = (RegionId, &Region)> {
        self.regions.iter().enumerate().map(|(i, region)| (RegionId(i as u32), region))
    }

    pub fn by_code(&self, code: &str) -> Option<RegionId> {
        self.iter().find(|(_, region)| region.code == code).map(|(id, _)| id)
    }

    /// From the outermost to the place itself.
    pub fn path(&self, region: RegionId) -> Vec<RegionId> {
        let mut path = vec![region];
        while let Some(parent) = self[path[path.len() - 1]].parent {
            path.push(parent);
        }
        path.reverse();
        path
    }
}

impl std::ops::Index<RegionId> for Gazetteer {
    type Output = Region;

    fn index(&self, id: RegionId) -> &Region {
        &self.regions[id.0 as usize]
    }
}
