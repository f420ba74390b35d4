//! The website as a whole: every page of a tiny fictional archive.
#![allow(clippy::disallowed_methods)] // Looks of one's own are written to a temporary folder.

mod fixture;
mod golden;
mod hostile;
mod insight;
mod look;
mod pages;
