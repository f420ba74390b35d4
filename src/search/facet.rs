//! By what the hits can be narrowed: region, theme and kind, each with its reports.
//!
//! Years are in the base: the reports stand in their order.

use serde::{Deserialize, Serialize};

use crate::archive::Archive;
use crate::search::base::{number, varint};
use crate::search::bits::{BitReader, Bits, Damaged};
use crate::search::text;

/// Everything that the facets file tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    pub themes: Vec<Facet>,
    pub kinds: Vec<Facet>,
    /// Parents before their children.
    pub regions: Vec<Facet>,
}

/// One theme, kind or region.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    pub name: String,
    /// The last part of its page's address.
    pub slug: String,
    /// For a region: where the one that it lies in stands in the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<usize>,
    /// Ascending. A region's are its own, without those of the regions below.
    #[serde(skip)]
    pub reports: Vec<u32>,
}

#[derive(Serialize, Deserialize)]
struct Names {
    themes: Vec<Facet>,
    kinds: Vec<Facet>,
    regions: Vec<Facet>,
}

impl Facets {
    pub fn of(archive: &Archive) -> Self {
        let facet = |name: &str, slug: &str, reports: &[crate::archive::ReportId]| Facet {
            name: name.to_owned(),
            slug: slug.to_owned(),
            parent: None,
            // The archive counts from the newest report, the index from the oldest.
            reports: reports.iter().rev().map(|id| archive.reports.len() as u32 - 1 - id.0).collect(),
        };
        let ids: Vec<_> = archive.regions.keys().copied().collect();
        let mut regions: Vec<Facet> = Vec::new();
        for (&id, held) in &archive.regions {
            let region = &archive.gazetteer[id];
            let parent = region.parent.and_then(|parent| ids.binary_search(&parent).ok());
            regions.push(Facet { parent, ..facet(&region.name, &region.code, &held.own) });
        }
        Self {
            themes: archive.themes.iter().filter(|t| !t.reports.is_empty()).map(|t| facet(&t.name, t.slug.as_str(), &t.reports)).collect(),
            kinds: archive.kinds.iter().filter(|k| !k.reports.is_empty()).map(|k| facet(&k.name, k.slug.as_str(), &k.reports)).collect(),
            regions,
        }
    }

    fn all(&self) -> impl Iterator<Item = &Facet> {
        self.themes.iter().chain(&self.kinds).chain(&self.regions)
    }

    pub fn write(&self, report_count: u32) -> Vec<u8> {
        let names = Names { themes: self.themes.clone(), kinds: self.kinds.clone(), regions: self.regions.clone() };
        let names = serde_json::to_vec(&names).expect("names and numbers are valid JSON");
        let mut bits = Bits::default();
        for facet in self.all() {
            bits.golomb(facet.reports.len() as u64, 3);
            bits.ascending(&facet.reports, report_count);
        }
        let mut bytes = Vec::new();
        varint(&mut bytes, names.len() as u32);
        bytes.extend(names);
        bytes.extend(bits.into_bytes());
        text::deflate(&bytes, &[])
    }

    /// # Errors
    /// Bytes that no writer of this format would have written.
    pub fn read(deflated: &[u8], report_count: u32) -> Result<Self, Damaged> {
        let bytes = text::inflate(deflated, &[])?;
        let mut rest = bytes.as_slice();
        let length = number(&mut rest)? as usize;
        let (names, lists) = rest.split_at_checked(length).ok_or(Damaged("ends too early"))?;
        let Names { mut themes, mut kinds, mut regions } = serde_json::from_slice(names).map_err(|_| Damaged("facets without names"))?;
        let mut bits = BitReader::new(lists);
        for (i, facet) in themes.iter_mut().chain(&mut kinds).chain(&mut regions).enumerate() {
            let count = bits.golomb(3)?;
            if count > u64::from(report_count) {
                return Err(Damaged("a list longer than its range"));
            }
            facet.reports = bits.ascending(count as u32, report_count)?;
            if facet.parent.is_some_and(|parent| parent >= i) {
                return Err(Damaged("a region inside a later one"));
            }
        }
        Ok(Self { themes, kinds, regions })
    }
}
