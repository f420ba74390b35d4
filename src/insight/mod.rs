//! What the texts of an archive say when they are read together: which reports are alike, how regions and years
//! divide over the themes, what changed from one year to the next, which phrases come and go, which quantities
//! are stated.
//!
//! `Archive` ──► one value for each of these ──► `site`
//!
//! Pure and deterministic. What concerns one document ([`figures`], [`compare`]) asks for that document alone, so
//! a page can work it out when it is rendered; what concerns all of them ([`phrases`], [`reuse`], [`matrix`])
//! is worked out once, and so is what decides which are alike ([`similar`]).

pub mod compare;
pub mod digest;
pub mod duplicates;
pub mod figures;
pub mod matrix;
pub mod memory;
pub mod phrases;
pub mod reuse;
pub mod sentence;
pub mod series;
pub mod similar;
pub mod vocabulary;
