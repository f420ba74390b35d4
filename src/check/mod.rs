//! Looks for mistakes in the archive and in the finished site: what a reader would run into.
//!
//! `Site` ──► [`reports`] ──► what is doubtful in the texts
//!      ├───► [`duplicates`] ──► what is there twice
//!      └───► [`links`] ──► what leads nowhere

mod anonymity;
mod brackets;
mod duplicates;
mod html;
mod links;
mod reports;
mod residue;

pub use duplicates::duplicates;
pub use links::{Links, links};
pub use reports::reports;
