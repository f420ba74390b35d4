//! huibian 汇编: turns a folder of raw reports into a static website.
//!
//! ```text
//! source ──► document ──► classify ──► archive ──► site ──► publish
//!                                         ├─► search ─┤  └──► preview
//!                                         └─► insight ┘
//! ```
//!
//! Each folder is one stage and hands on one complete type: [`source::Source`], [`document::Reading`],
//! [`classify::Labels`], [`archive::Archive`], [`site::Site`]. Imports run in that direction only.
//! `ARCHITECTURE.md` has the picture, the invariants and the glossary.

pub mod archive;
pub mod check;
pub mod classify;
pub mod cli;
pub mod config;
pub mod deploy;
pub mod diagnostic;
pub mod document;
pub mod export;
pub mod insight;
pub mod intake;
pub mod look;
pub mod memo;
pub mod pipeline;
pub mod preview;
pub mod privacy;
pub mod progress;
pub mod publish;
pub mod search;
pub mod site;
pub mod source;
pub mod words;
