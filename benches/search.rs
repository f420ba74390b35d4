//! Builds the index of generated archives, brings it up to date and answers queries from it: seconds, and bytes of the files.
//!
//! `cargo bench --bench search`, or `cargo bench --bench search -- FOLDER` for the texts below a folder: the first
//! line of each is its title, every other a paragraph.
#![allow(clippy::disallowed_methods)] // keeps time, reads texts

use std::time::Instant;

use huibian::search::answer::answer;
use huibian::search::corpus::Text;
use huibian::search::facet::Facets;
use huibian::search::reader::Index;
use huibian::search::update::Last;
use huibian::search::{Built, Head, Material, rebuild};

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

/// Title and paragraphs.
type Report = (String, Vec<String>);

fn main() {
    let folders: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    for folder in &folders {
        measure(&read(folder));
    }
    if folders.is_empty() {
        [300, 1_000, 3_000].into_iter().for_each(|count| measure(&reports(count)));
    }
}

fn measure(reports: &[Report]) {
    let size: usize = reports.iter().flat_map(|(_, paragraphs)| paragraphs).map(String::len).sum();
    let built = index("anew", reports, None);
    update(reports, &built);
    let files = built.files;
    let bytes = |folder: &str| files.iter().filter(|(path, _)| path.starts_with(folder)).map(|(_, bytes)| bytes.len()).sum::<usize>();
    let share = |folder: &str| 100.0 * bytes(folder) as f64 / size as f64;
    let (index_share, text_share, base, count) = (share("d/"), share("t/"), bytes("base.js"), reports.len());
    let shards = files.keys().filter(|path| path.starts_with("d/")).count();
    let index =
        Index::open(move |path| files.get(path).cloned().ok_or_else(|| std::io::ErrorKind::NotFound.into())).expect("it was just built");
    let start = Instant::now();
    let found: usize = CLAUSES.iter().map(|query| answer(&index, query).expect("it was just built").reports.len()).sum();
    println!(
        "{count} reports: {shards} shards, {index_share:.1} % + {text_share:.1} % of the text, base {base}; {} queries in {:.2?}, {found} found",
        CLAUSES.len(),
        start.elapsed()
    );
}

/// The index as it is after one report was edited, came in the middle, came last, went.
fn update(reports: &[Report], built: &Built) {
    let middle = reports.len() / 2;
    let mut new = reports[middle / 2].clone();
    new.0.push_str("（新）");
    let mut edited = reports.to_vec();
    edited[middle].1.push("另外，新增典型经验一项。".to_owned());
    let inserted = [&reports[..middle], &[new.clone()], &reports[middle..]].concat();
    let appended = [reports, &[new]].concat();
    let removed = [&reports[..middle], &reports[middle + 1..]].concat();
    for (what, reports) in [("one edited", edited), ("one in the middle", inserted), ("one at the end", appended), ("one removed", removed)]
    {
        index(what, &reports, Some(built));
    }
}

fn index(what: &str, reports: &[Report], last: Option<&Built>) -> Built {
    let texts = reports.iter().map(|(title, paragraphs)| Text::new(title, paragraphs.iter().map(String::as_str).collect()));
    let heads = reports.iter().map(|(title, _)| Head { slug: title, ..Head::default() });
    let material = Material { texts: texts.collect(), heads: heads.collect(), facets: Facets::default() };
    let load = |path: &str| last.and_then(|last| last.files.get(path).cloned()).ok_or_else(|| std::io::ErrorKind::NotFound.into());
    let (start, used) = (Instant::now(), cpu_seconds());
    let built = rebuild(&material, last.map(|last| Last { memory: &last.memory, load: &load }));
    let (took, used) = (start.elapsed(), cpu_seconds().zip(used).map(|(after, before)| after - before));
    let used = used.map_or_else(String::new, |used| format!(", {used:.3} s of the processors"));
    let how = if built.is_update { "brought up to date" } else { "built" };
    println!("{} reports, {what}: {how} in {took:.2?}{used}", reports.len());
    built
}

/// What the threads that run have used so far, where the system tells.
fn cpu_seconds() -> Option<f64> {
    let mut nanoseconds = 0u64;
    for thread in std::fs::read_dir("/proc/self/task").ok()? {
        let schedule = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        nanoseconds += schedule.split(' ').next()?.parse::<u64>().ok()?;
    }
    Some(nanoseconds as f64 / 1e9)
}

fn read(folder: &str) -> Vec<Report> {
    let mut paths: Vec<_> = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok).collect();
    paths.retain(|entry| entry.path().extension().is_some_and(|extension| extension == "txt"));
    let read = |entry: &walkdir::DirEntry| {
        let text = std::fs::read_to_string(entry.path()).expect("the folder holds texts");
        let mut lines = text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty());
        (lines.next().unwrap_or_default(), lines.collect())
    };
    paths.iter().rev().map(read).collect()
}

/// The same on every machine.
fn reports(count: usize) -> Vec<Report> {
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
