//! One module for each kind of page: from the archive to the data that its template shows.

pub mod changes;
pub mod cite;
pub mod compilation;
pub mod home;
pub mod insight;
pub mod list;
pub mod matrix;
pub mod provenance;
pub mod region;
pub mod region_tree;
pub mod report;
pub mod reuse;
pub mod review;
pub mod search;
pub mod text;
pub mod theme;
pub mod tiles;
