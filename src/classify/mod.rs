//! Decides what a report is about: region, level, kind, year, themes, each with its evidence.
//!
//! `Document` ──► [`label`] ──► [`Labels`]
//!
//! Promise: a masked place stays masked, an ambiguous one stays open, and every label says why.

use serde::{Deserialize, Serialize};

pub mod corrections;
mod declaration;
mod gazetteer;
mod kind;
mod label;
mod level;
mod mask;
mod names;
mod place;
mod placement;
mod text;
mod themes;
mod time;
mod year;

pub use corrections::doubts;
pub use gazetteer::{Gazetteer, Name, Region, RegionId};
pub use label::{Classifier, label, retitle, undeclarable};
pub use mask::{Mask, masks};

/// Why a label was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub from: EvidenceFrom,
    /// The words that decided, as they stand there.
    pub quote: String,
    /// Source line, from 1; `None` where the evidence is not in the text.
    pub line: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceFrom {
    /// `content/overrides.csv`.
    Override,
    FrontMatter,
    Title,
    /// The compilation: its title, or the group of its contents list.
    Contents,
    /// 署名 and 成文日期.
    Signature,
    Heading,
    Body,
    /// The file's name or its folders.
    Path,
}

/// A value and why it was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found<T> {
    pub value: T,
    pub evidence: Evidence,
}

/// Everything that a report is filed by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    pub placement: Placement,
    pub level: Option<Found<Level>>,
    /// A name of the configured kinds: 综述, 总结, …
    pub kind: Option<Found<String>>,
    pub year: Option<Found<i32>>,
    /// The span of time that the report speaks of, where it names one.
    pub period: Option<Found<Period>>,
    /// 成文日期 or a declared date.
    pub date: Option<Found<Date>>,
    /// Names of the configured themes, the report's main one first.
    pub themes: Vec<String>,
    /// In order; they cover all blocks of the document.
    pub sections: Vec<Section>,
}

/// The level of the region that a report speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    #[serde(rename = "省级")]
    Province,
    #[serde(rename = "市级")]
    Prefecture,
    #[serde(rename = "县级")]
    County,
}

impl Level {
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Province, Self::Prefecture, Self::County].into_iter().find(|level| level.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Province => "省级",
            Self::Prefecture => "市级",
            Self::County => "县级",
        }
    }
}

/// Which place a report speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Placement {
    /// The title, the signature or its keeper names the place.
    Stated(RegionId, Evidence),
    /// Only the body or the folders suggest it. The page shows what did.
    Inferred(RegionId, Evidence),
    /// The source blanks the place: `xxx市`. Its name as printed; never guessed, never merged.
    Masked(String, Evidence),
    /// Several places have this name and nothing decides between them.
    Ambiguous(Vec<RegionId>, Evidence),
    /// The text names none. Filed under “unplaced”; a report is never dropped.
    Unplaced,
}

impl Placement {
    /// The place, when there is exactly one.
    pub fn region(&self) -> Option<RegionId> {
        match self {
            Self::Stated(region, _) | Self::Inferred(region, _) => Some(*region),
            Self::Masked(..) | Self::Ambiguous(..) | Self::Unplaced => None,
        }
    }

    pub fn evidence(&self) -> Option<&Evidence> {
        match self {
            Self::Stated(_, evidence) | Self::Inferred(_, evidence) | Self::Masked(_, evidence) | Self::Ambiguous(_, evidence) => {
                Some(evidence)
            }
            Self::Unplaced => None,
        }
    }
}

/// A span of time as a report names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// `党的十八大以来`.
    pub name: String,
    /// First and last year, where the text or the phrase fixes them.
    pub from: Option<i32>,
    pub to: Option<i32>,
}

/// A calendar date; month and day where the text gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Date {
    pub year: i16,
    pub month: Option<i8>,
    pub day: Option<i8>,
}

/// The part of a report under one heading of depth 1, or the part before the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The heading's text; `None` for what stands before the first one.
    pub heading: Option<String>,
    /// First and one past the last of the document's blocks, the heading included.
    pub first_block: usize,
    pub end_block: usize,
    /// The main theme first; at most two. Empty only where `heading` is `None`.
    pub themes: Vec<ThemeMatch>,
}

/// A theme and the words that gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThemeMatch {
    pub theme: String,
    /// The words that weighed most, strongest first, each with the line of its first occurrence.
    pub words: Vec<(String, u32)>,
}
