//! The files for machines: feed, sitemap, the archive's catalogue.

pub mod catalogue;
pub mod feed;
pub mod sitemap;
