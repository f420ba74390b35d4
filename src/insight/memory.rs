//! What the stages that look at all texts together leave for the next build. It makes that quicker, not different.

use serde::{Deserialize, Serialize};

use crate::insight::{phrases, reuse, vocabulary};

/// Empty before the first build.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    pub phrases: phrases::Memory,
    pub reuse: reuse::Memory,
    pub words: vocabulary::Memory,
}
