//! Builds the index of generated archives and answers queries from it: seconds, and bytes of the files.
//!
//! `cargo bench --bench search`
#![allow(clippy::disallowed_methods)] // keeps time

use std::collections::BTreeMap;
use std::time::Instant;

use huibian::search::answer::answer;
use huibian::search::corpus::Text;
use huibian::search::facet::Facets;
use huibian::search::reader::Index;
use huibian::search::{Head, Material, build};

/// Clauses that recur with small changes, as they do in administrative prose.
const CLAUSES: [&str; 12] = [
    "全面加强组织建设",
    "持续推进人才工作",
    "落实落细各项责任",
    "着力破解发展难题",
    "选派干部驻村帮扶",
    "完善考核评价机制",
    "推动产业提质增效",
    "开展专题教育培训",
    "严格执行工作制度",
    "健全联系服务机制",
    "整顿提升薄弱环节",
    "压紧压实工作职责",
];

fn main() {
    for count in [300, 1_000, 3_000] {
        let reports = reports(count);
        let size: usize = reports.iter().flat_map(|(_, paragraphs)| paragraphs).map(String::len).sum();
        let texts =
            reports.iter().map(|(title, paragraphs)| Text { title, paragraphs: paragraphs.iter().map(|p| p.as_str().into()).collect() });
        let heads = reports.iter().map(|(title, _)| Head { slug: title, ..Head::default() });
        let material = Material { texts: texts.collect(), heads: heads.collect(), facets: Facets::default() };
        let start = Instant::now();
        let files = build(&material);
        let built = start.elapsed();
        let share = |folder: &str| 100.0 * bytes(&files, folder) as f64 / size as f64;
        let (index_share, text_share) = (share("d/"), share("t/"));
        let index = Index::open(move |path| files.get(path).cloned().ok_or_else(|| std::io::ErrorKind::NotFound.into()))
            .expect("it was just built");
        let start = Instant::now();
        let found: usize = CLAUSES.iter().map(|query| answer(&index, query).expect("it was just built").reports.len()).sum();
        println!(
            "{count} reports: index in {built:.2?}, {index_share:.1} % + {text_share:.1} % of the text; {} queries in {:.2?}, {found} found",
            CLAUSES.len(),
            start.elapsed()
        );
    }
}

fn bytes(files: &BTreeMap<String, Vec<u8>>, folder: &str) -> usize {
    files.iter().filter(|(path, _)| path.starts_with(folder)).map(|(_, bytes)| bytes.len()).sum()
}

/// Title and paragraphs; the same on every machine.
fn reports(count: usize) -> Vec<(String, Vec<String>)> {
    let mut state = 1u64;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit
    };
    (0..count)
        .map(|i| {
            let paragraphs =
                (0..20).map(|_| (0..12).map(|_| format!("{}{}项，", CLAUSES[below(CLAUSES.len())], below(400))).collect()).collect();
            (format!("第{i}号工作总结"), paragraphs)
        })
        .collect()
}
