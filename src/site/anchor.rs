//! Names for the blocks of a report, so that one can link to a paragraph.

use rustc_hash::FxHashMap;

use crate::document::Document;

/// One name for each block, in order: `p-3f9a1c04`.
///
/// It comes from the block's own text, so it stays the same whatever is added or changed elsewhere in the
/// report. The second block of the same text is `p-3f9a1c04-2`.
pub fn names(document: &Document) -> Vec<String> {
    let mut seen: FxHashMap<u32, usize> = FxHashMap::default();
    document
        .blocks
        .iter()
        .map(|block| {
            let short = hash(&block.text());
            let count = seen.entry(short).or_default();
            *count += 1;
            if *count == 1 { format!("p-{short:08x}") } else { format!("p-{short:08x}-{count}") }
        })
        .collect()
}

/// FNV-1a, 32 bits: few lines in the search page's script too, which links to paragraphs by the same names.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
