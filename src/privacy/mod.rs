//! Finds what should be looked at before it is published, and keeps it back until somebody has.
//!
//! `Source`, `Reading` ──► [`find`] ──► `Vec<Finding>` ──► [`hold`] ──► what of the reading may be published
//!
//! Promise: a message never repeats what was found, and of a report that is held back nothing reaches the site: not its
//! text, not its title, not the file that it came in.

use serde::{Deserialize, Serialize};

use crate::config::Concern;

mod glyphs;
mod hold;
mod identity;
mod phone;
pub mod releases;
mod rules;
mod scan;
mod secrecy;

pub use hold::{Held, hold};
pub use releases::Releases;
pub use scan::find;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// 居民身份证号: its checksum, its date and its province are right.
    IdentityNumber,
    MobileNumber,
    /// Of a landline.
    TelephoneNumber,
    BankCard,
    Email,
    NumberPlate,
    /// 绝密, 机密, 秘密.
    SecrecyMarking,
}

impl Rule {
    pub fn concern(self) -> Concern {
        match self {
            Self::SecrecyMarking => Concern::Secrecy,
            _ => Concern::PersonalData,
        }
    }

    /// For people; the plural has an `s`.
    pub fn name(self) -> &'static str {
        match self {
            Self::IdentityNumber => "identity number",
            Self::MobileNumber => "mobile number",
            Self::TelephoneNumber => "telephone number",
            Self::BankCard => "bank card number",
            Self::Email => "e-mail address",
            Self::NumberPlate => "number plate",
            Self::SecrecyMarking => "secrecy marking",
        }
    }
}

/// Which part of the source a finding concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Concerned {
    /// All of it: it stands in the file's name, in the contents list or above the whole volume.
    All,
    /// One report: index into [`crate::document::Reading::documents`].
    Document(usize),
    /// No report: it stands in what was left out of them, so only the original file shows it.
    Original,
}

/// One thing that was found. It holds nothing that may not be seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    pub concerned: Concerned,
    /// Source line, from 1; `None` for the file's name.
    pub line: Option<u32>,
    pub rule: Rule,
    /// Masked: `138******00`.
    pub shown: String,
}
