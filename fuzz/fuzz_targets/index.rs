//! Whatever the files of a search index hold: they are read or refused, soon, and what is read is in order.
#![no_main]

use huibian::search::base::Base;
use huibian::search::bits::BitReader;
use huibian::search::codes::Codes;
use huibian::search::facet::Facets;
use huibian::search::{key, shard, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, u16, &[u8])| {
    let (reports, signs, bytes) = (u32::from(input.0), u32::from(input.1), input.2);
    if let Ok(items) = shard::read(bytes, reports, signs) {
        for (key, item) in items {
            assert!(key[0] >= 1 && key::letters(&key).iter().all(|&sign| sign >= 1 && sign < signs));
            assert!(item.reports.is_sorted() && item.reports.iter().all(|&report| report < reports));
            assert!(item.tiers.is_empty() || item.tiers.len() == item.reports.len());
        }
    }
    // Nothing random is a deflate stream: what stands in one is tried by itself.
    let deflated = text::deflate(bytes, &[]);
    if let Ok(base) = Base::read(&deflated) {
        assert_eq!(base.text_stamps.len(), (base.report_count as usize).div_ceil(256));
        assert!(base.starts.iter().all(|start| start[0] >= 1));
    }
    if let Ok(facets) = Facets::read(&deflated, reports) {
        assert!(facets.regions.iter().flat_map(|region| &region.reports).all(|&report| report < reports));
    }
    drop(Base::read(bytes));
    drop(text::inflate(bytes, b"dictionary"));
    if let Ok(codes) = Codes::read(&mut BitReader::new(bytes), &['a', 'b', 'c'], 3)
        && let Ok(decoded) = codes.decode(bytes)
    {
        assert!(decoded.len() <= 4 * bytes.len());
    }
});
