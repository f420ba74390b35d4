//! Looks for mistakes in the archive and in the finished site: what a reader would run into.
//!
//! `Site` ──► [`reports`] ──► what is doubtful in the texts
//!      └───► [`links`] ──► what leads nowhere

mod anonymity;
mod brackets;
mod html;
mod links;
mod reports;
mod residue;

pub use links::{Links, links};
pub use reports::reports;
