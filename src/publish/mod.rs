//! Writes a site to disk, all of it or nothing.
