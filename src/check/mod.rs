//! Looks for mistakes in the finished site: what a reader would run into.
//!
//! `Site` ──► [`links`] ──► `Vec<Diagnostic>`

mod html;
mod links;

pub use links::{Links, links};
