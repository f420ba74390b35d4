//! A memo makes a build quicker, not different: what is remembered is what would be understood anew.

use std::sync::{Arc, LazyLock};

use huibian::archive::Understood;
use huibian::classify::Classifier;
use huibian::config::Config;
use huibian::document::Key;
use huibian::insight::digest::Digest;
use huibian::memo::log::{self, Plan};
use huibian::memo::{Memo, Record};
use huibian::pipeline::understand;
use huibian::source::{SourcePath, read_bytes};
use proptest::prelude::*;

const PROGRAM: log::Program = [7; 32];

static CLASSIFIER: LazyLock<Classifier> = LazyLock::new(|| Classifier::new(&Config::default(), None, &mut Vec::new()));

fn understood(path: &str, text: &str) -> Understood {
    let source = read_bytes(text.as_bytes(), SourcePath::new(path), &Config::default()).expect("it is text");
    let mut understood = understand(&source, &CLASSIFIER);
    understood.reading.account = Vec::new();
    understood
}

fn records(texts: &[(usize, String)]) -> Vec<Arc<Record>> {
    let mut records: Vec<Arc<Record>> = Vec::new();
    for (name, text) in texts {
        let record = Record::new(None, Key::of(&0), understood(&format!("a{name}.txt"), text));
        records.retain(|other| other.understood.source.path != record.understood.source.path);
        records.push(Arc::new(record));
    }
    records
}

/// What the file of a memo is after it has been brought up to date.
fn saved(mut file: Vec<u8>, memo: &Memo) -> Vec<u8> {
    match log::plan(memo) {
        Plan::Nothing => file,
        Plan::Append(end, records) => {
            file.truncate(end as usize);
            records.iter().for_each(|record| file.extend(log::write(record)));
            file
        }
        Plan::Rewrite(records) => PROGRAM.into_iter().chain(records.iter().flat_map(|record| log::write(record))).collect(),
    }
}

/// All that the rest of a build can ask of a source.
fn told(understood: &Understood, digests: &[Arc<Digest>]) -> String {
    let digests: Vec<_> = understood
        .reading
        .documents
        .iter()
        .zip(digests)
        .map(|(document, digest)| {
            let picks: Vec<_> = digest.picks.places().collect();
            let of_text = (digest.length, digest.printed, digest.headings(), digest.characters.iter().collect::<String>());
            (&digest.anchors, of_text, &digest.units, digest.figures(document), digest.picks.letters, picks)
        })
        .collect();
    format!("{understood:?} {digests:?}")
}

fn text() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "安康市2023年组织工作总结",
        "一、选贤任能",
        "　　选派186名干部驻村，投入资金3.5亿元。",
        "（一）夯实基层基础",
        "　　今年以来，全市各级党组织全面进步。",
        "| 项目 | 数量 |",
        "---",
        "title: 甲",
        "目　录",
        "×××县工作汇报",
        "",
    ]);
    prop::collection::vec(line, 1..20).prop_map(|lines| format!("甲市工作总结\n{}\n", lines.join("\n")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_remembered_is_what_is_understood(
        rounds in prop::collection::vec(prop::collection::vec((0..5_usize, text()), 1..5), 1..6),
        cut in any::<prop::sample::Index>(),
        flip in any::<prop::sample::Index>(),
    ) {
        let (mut memo, mut file) = (Memo::default(), Vec::new());
        for texts in &rounds {
            // Those that stay are the same records; the others are new.
            let new = records(texts);
            let kept: Vec<Arc<Record>> = new.iter().map(|record| match memo.get(&record.understood.source.path) {
                Some(old) if old.understood.source.sha256 == record.understood.source.sha256 => old.clone(),
                _ => record.clone(),
            }).collect();
            memo.replace(&kept);
            file = saved(file, &memo);
            memo = log::read(file.clone(), &PROGRAM);
            for record in &new {
                let path = &record.understood.source.path;
                let remembered = memo.get(path).expect("it was written");
                prop_assert_eq!(told(&remembered.understood, &remembered.digests), told(&record.understood, &record.digests));
            }
        }
        // Whatever is believed of a damaged file is right.
        let mut damaged = file[..cut.index(file.len() + 1)].to_vec();
        if !damaged.is_empty() {
            let at = flip.index(damaged.len());
            damaged[at] ^= 0x10;
        }
        for bytes in [damaged, file[..cut.index(file.len() + 1)].to_vec()] {
            let believed = log::read(bytes, &PROGRAM);
            for name in 0..5 {
                let path = SourcePath::new(format!("a{name}.txt"));
                if let (Some(found), Some(whole)) = (believed.get(&path), memo.get(&path))
                    && found.understood.source.sha256 == whole.understood.source.sha256
                {
                    prop_assert_eq!(told(&found.understood, &found.digests), told(&whole.understood, &whole.digests));
                }
            }
        }
    }
}

#[test]
fn another_program_believes_nothing() {
    let mut memo = Memo::default();
    memo.replace(&records(&[(0, "安康市工作总结\n　　正文。\n".into())]));
    let file = saved(Vec::new(), &memo);
    let path = SourcePath::new("a0.txt");
    assert!(log::read(file.clone(), &PROGRAM).get(&path).is_some());
    assert!(log::read(file, &[8; 32]).get(&path).is_none());
}

/// A hundred times another text in the place of the one: the file holds at most as much again as it must.
#[test]
fn a_memo_does_not_grow_without_end() {
    let (mut memo, mut file) = (Memo::default(), Vec::new());
    let text = |n: usize| format!("安康市第{n}次工作总结\n　　{}。\n", "正文".repeat(200));
    let mut one = 0;
    for n in 0..100 {
        memo.replace(&records(&[(0, text(n))]));
        file = saved(file, &memo);
        one = one.max(log::write(memo.get(&SourcePath::new("a0.txt")).expect("it is remembered")).len());
        memo = log::read(file.clone(), &PROGRAM);
    }
    assert!(file.len() <= PROGRAM.len() + 3 * one, "{} bytes for a record of {one}", file.len());
}
