//! Passages that stand in several reports: what is planted is found, what is found is there.

use std::sync::Arc;

use huibian::archive::{Archive, SourceRecord, Understood, assemble};
use huibian::classify::{Evidence, EvidenceFrom, Gazetteer, Labels, Placement};
use huibian::config::Config;
use huibian::document::{Block, Document, Elements, FrontMatter, Key, Lines, Paragraph, ParagraphRole, Reading, Title, TitleOrigin};
use huibian::insight::digest::{Digest, Digests};
use huibian::insight::reuse::{Kind, Memory, Passage, Reuse, SHORTEST, reuse};
use huibian::source::{Encoding, Format, SourcePath};
use proptest::prelude::*;

/// A report of a region, by its code, or of none.
fn report(name: &str, region: Option<&str>, paragraphs: &[String], gazetteer: &Gazetteer) -> Understood {
    let lines = Lines::one(1);
    let block = |text: &String| Block::Paragraph(Paragraph { text: text.clone(), lines, joins: Vec::new(), role: ParagraphRole::Body });
    let evidence = Evidence { from: EvidenceFrom::Title, quote: String::new(), line: Some(1) };
    let document = Document {
        title: Title { text: name.into(), from: TitleOrigin::FileName },
        lines,
        blocks: paragraphs.iter().map(block).collect(),
        elements: Elements::default(),
        group: None,
        front_matter: FrontMatter::default(),
    };
    let region = region.and_then(|code| gazetteer.by_code(code));
    let labels = Labels {
        placement: region.map_or(Placement::Unplaced, |region| Placement::Stated(region, evidence)),
        level: None,
        kind: None,
        year: None,
        period: None,
        date: None,
        themes: Vec::new(),
        sections: Vec::new(),
    };
    Understood::new(
        SourceRecord {
            path: SourcePath::new(format!("{name}.txt")),
            format: Format::Text,
            size: 1,
            sha256: name.into(),
            encoding: Encoding::Utf8,
            decided_by: String::new(),
            withheld: false,
            copies: Vec::new(),
        },
        Reading { documents: vec![document.into()], compilation: None, account: Vec::new(), diagnostics: Vec::new() },
        vec![labels],
        Vec::new(),
    )
}

/// Reports in this order by their names: without years, the archive is in the order of codes and titles.
fn archive(reports: &[(&str, Option<&str>, Vec<String>)]) -> Archive {
    let config = Config::default();
    let gazetteer = Gazetteer::new(&config);
    let understood = reports.iter().map(|(name, region, paragraphs)| report(name, *region, paragraphs, &gazetteer)).collect();
    assemble(understood, gazetteer, &config, &mut Vec::new())
}

fn found(archive: &Archive) -> Arc<Vec<Reuse>> {
    reuse(archive, &Digests::of(archive), &mut Memory::default())
}

fn of<'r>(archive: &Archive, found: &'r [Reuse], name: &str) -> &'r Reuse {
    let at = archive.reports.iter().position(|report| report.document.title.text == name).expect("there is such a report");
    &found[at]
}

/// What a passage says, as its report writes it.
fn words(archive: &Archive, name: &str, passage: &Passage) -> String {
    let report = archive.reports.iter().find(|report| report.document.title.text == name).expect("there is such a report");
    let blocks = &report.document.blocks;
    let part = |block: usize| {
        let text = blocks[block].text();
        let start = if block == passage.from.block { passage.from.byte } else { 0 };
        let end = if block == passage.to.block { passage.to.byte } else { text.len() };
        text[start..end].to_owned()
    };
    (passage.from.block..=passage.to.block).map(part).collect()
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Text that stands nowhere else: characters by chance.
fn own_words(seed: u32, length: u32) -> String {
    let chance = |i: u32| {
        let number = (u64::from(seed) << 32 | u64::from(i)).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (number ^ number >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40
    };
    (0..length).filter_map(|i| char::from_u32(0x4e00 + (chance(i) % 20_000) as u32)).collect()
}

const SHARED: &str = "坚持把夯实基层基础作为固本之举统筹推进城乡各领域党组织建设";

#[test]
fn what_differs_only_in_breaks_and_marks_is_the_same() {
    let elsewhere = format!("{}坚持把夯实基层基础，作为“固本之举”，", own_words(5, 30));
    let archive = archive(&[
        ("甲", Some("610900"), vec![own_words(1, 50), format!("{}。{SHARED}。{}", own_words(2, 20), own_words(3, 20))]),
        ("乙", Some("610700"), vec![elsewhere, format!("统筹推进 城乡各领域党组织建设！{}", own_words(6, 20))]),
        ("丙", Some("610300"), vec![own_words(8, 200)]),
    ]);
    let found = found(&archive);
    let [passage] = &of(&archive, &found, "甲").passages[..] else { panic!("{found:?}") };
    assert_eq!(words(&archive, "甲", passage), SHARED);
    assert_eq!((passage.letters, passage.kind, passage.others, passage.about), (SHARED.chars().count(), Kind::Borrowed, 1, false));
    let [there] = &of(&archive, &found, "乙").passages[..] else { panic!("{found:?}") };
    assert_eq!(words(&archive, "乙", there), "坚持把夯实基层基础，作为“固本之举”，统筹推进 城乡各领域党组织建设");
    assert_eq!((there.from.block, there.to.block, there.places[0].block), (0, 1, 1), "it runs over a paragraph's end");
    assert!(of(&archive, &found, "丙").passages.is_empty());
}

#[test]
fn a_passage_is_as_long_as_it_is_the_same() {
    for (length, is_found) in [(SHORTEST - 1, false), (SHORTEST, true), (SHORTEST + 1, true), (400, true)] {
        let shared = own_words(40, length as u32);
        let archive = archive(&[
            ("甲", None, vec![format!("{}{shared}{}", own_words(1, 33), own_words(2, 9))]),
            ("乙", None, vec![format!("{}{shared}{}", own_words(3, 7), own_words(4, 50))]),
        ]);
        let found = found(&archive);
        let lengths: Vec<usize> = of(&archive, &found, "甲").passages.iter().map(|passage| passage.letters).collect();
        assert_eq!(lengths, if is_found { vec![length] } else { vec![] });
    }
}

#[test]
fn who_shares_a_passage_says_what_it_is() {
    let text =
        |seed: u32, shared: &str| vec![own_words(seed, 40), format!("{}{shared}{}", own_words(seed + 20, 30), own_words(seed + 40, 30))];
    let own = own_words(300, 30);
    let borrowed = own_words(301, 25);
    let set = own_words(302, 22);
    let archive = archive(&[
        ("安康一", Some("610900"), text(1, &format!("{own}{}{set}", own_words(90, 9)))),
        ("安康二", Some("610900"), text(2, &own)),
        ("汉中", Some("610700"), text(3, &format!("{borrowed}{}{set}", own_words(91, 9)))),
        ("宝鸡", Some("610300"), text(4, &format!("{borrowed}{}{set}", own_words(92, 9)))),
        ("长治", Some("140400"), text(5, &set)),
        ("大同", Some("140200"), text(6, &set)),
    ]);
    let found = found(&archive);
    for (name, expected) in [
        ("安康一", vec![(&own, Kind::Own, 1), (&set, Kind::SetPhrase, 4)]),
        ("安康二", vec![(&own, Kind::Own, 1)]),
        ("汉中", vec![(&borrowed, Kind::Borrowed, 1), (&set, Kind::SetPhrase, 4)]),
        ("大同", vec![(&set, Kind::SetPhrase, 4)]),
    ] {
        let passages = &of(&archive, &found, name).passages;
        let told: Vec<_> = passages.iter().map(|one| (words(&archive, name, one), one.kind, one.others)).collect();
        let expected: Vec<_> = expected.into_iter().map(|(text, kind, others)| (text.clone(), kind, others)).collect();
        assert_eq!(told, expected, "{name}");
    }
}

/// Planted passages of many lengths, their ends changed in the copy, in reports of common words: how many are found, and how
/// many of the passages found are planted.
#[test]
fn nearly_all_that_is_planted_is_found_and_nothing_else() {
    let mut planted = Vec::new();
    let mut reports: Vec<(String, Vec<String>)> = (0..40).map(|n| (format!("第{n:02}篇"), vec![own_words(500 + n, 120)])).collect();
    for n in 0..120_usize {
        let text = own_words(2_000 + n as u32, 20 + n as u32 % 60);
        let (from, to) = (n % 40, (n * 7 + 3) % 40);
        if from == to {
            continue;
        }
        reports[from].1.push(format!("{}{text}{}", own_words(5_000 + n as u32, 15), own_words(6_000 + n as u32, 15)));
        // The copy has another first and last character, and a break in the middle.
        let mut copy: Vec<char> = text.chars().collect();
        let last = copy.len() - 1;
        (copy[0], copy[last]) = ('首', '尾');
        copy.insert(copy.len() / 2, '，');
        reports[to].1.push(copy.into_iter().collect());
        if text.chars().count() - 2 >= SHORTEST {
            planted.push((reports[from].0.clone(), text.chars().skip(1).take(last - 1).collect::<String>()));
        }
    }
    let reports: Vec<_> = reports.iter().map(|(name, text)| (name.as_str(), None, text.clone())).collect();
    let archive = archive(&reports);
    let found = found(&archive);
    let all: Vec<(String, Vec<char>)> = archive
        .reports
        .iter()
        .zip(found.iter())
        .flat_map(|(report, reuse)| reuse.passages.iter().map(|one| (report.document.title.text.clone(), one)))
        .map(|(name, one)| (name.clone(), letters(&words(&archive, &name, one))))
        .collect();
    for (name, text) in &planted {
        let text = letters(text);
        let is_found = all.iter().any(|(in_name, found)| in_name == name && found.windows(text.len()).any(|part| part == text));
        assert!(is_found, "planted in {name} and not found: {text:?}");
    }
    // Each is found in both reports, and that is all.
    assert_eq!(all.len(), 2 * planted.len());
}

/// The parts of a passage stand in many reports, the whole of it in three of one region, which are always looked at.
#[test]
fn how_many_have_a_passage_is_not_told_by_who_has_a_part_of_it() {
    let (first, second) = (own_words(700, 30), own_words(701, 30));
    let both = format!("{first}{second}");
    let names: Vec<String> = (0..90).map(|n| format!("第{n:02}篇")).collect();
    let shared = |n: usize| match n {
        0..3 => (Some("610900"), &both),
        3..43 => (None, &first),
        _ => (None, &second),
    };
    let reports: Vec<_> = (names.iter().enumerate())
        .map(|(n, name)| {
            (name.as_str(), shared(n).0, vec![format!("{}{}{}", own_words(800 + n as u32, 40), shared(n).1, own_words(n as u32, 40))])
        })
        .collect();
    let archive = archive(&reports);
    let found = found(&archive);
    for name in &names[..3] {
        let [passage] = &of(&archive, &found, name).passages[..] else { panic!("{found:?}") };
        assert_eq!(words(&archive, name, passage), both);
        assert_eq!(passage.others, 2);
    }
    let estimates = names[3..].iter().flat_map(|name| &of(&archive, &found, name).passages).map(|passage| passage.others);
    assert!(estimates.clone().all(|others| (30..=50).contains(&others)), "{:?}", estimates.collect::<Vec<_>>());
}

/// Passages go on for a few letters, too few for a place to be picked there, and then these are corrected in one of two reports.
#[test]
fn a_correction_shows_where_a_passage_ends_though_no_picked_place_has_changed() {
    let pairs = 40;
    let text = |n: u32, side: u32, tail: u32| {
        let shared = own_words(9_000 + n, 30) + &own_words(9_100 + tail, n % 9 + 1);
        vec![format!("{}{shared}{}", own_words(9_200 + 2 * n + side, 15), own_words(9_400 + 2 * n + side, 15))]
    };
    // Among others, so that few are corrected.
    let others: Vec<(String, Vec<String>)> = (0..1_300).map(|n| (format!("其他{n}"), vec![own_words(n, 9)])).collect();
    let archive_with = |tail: &dyn Fn(u32) -> u32| {
        let pairs = (0..pairs).flat_map(|n| [(format!("第{n}篇"), text(n, 0, n)), (format!("第{n}篇之二"), text(n, 1, tail(n)))]);
        let reports: Vec<(String, Vec<String>)> = others.iter().cloned().chain(pairs).collect();
        let reports: Vec<_> = reports.iter().map(|(name, text)| (name.as_str(), None, text.clone())).collect();
        archive(&reports)
    };
    let (before, after) = (archive_with(&|n| n), archive_with(&|n| n + 1_000));
    let mut memory = Memory::default();
    reuse(&before, &Digests::of(&before), &mut memory);
    let of = |archive: &Archive| {
        archive.reports.iter().map(|report| (report.keys.report, Arc::new(Digest::of(&report.document)))).collect::<Vec<_>>()
    };
    let known: Digests = of(&before).into_iter().chain(of(&after)).collect();
    let known = known.with_former(before.reports.iter().map(|report| (report.keys.report, report.document.clone())));
    let again = reuse(&after, &known, &mut memory);
    let lengths: Vec<usize> = again.iter().flat_map(|reuse| &reuse.passages).map(|passage| passage.letters).collect();
    assert_eq!(lengths, vec![30; 2 * pairs as usize]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Against a plain search, in texts of few characters, which repeat everything.
    #[test]
    fn every_shared_row_of_letters_is_touched_and_every_passage_is_shared(
        texts in prop::collection::vec(prop::collection::vec(prop::collection::vec(0..4_u32, 0..40), 1..4), 2..6),
        shared in prop::collection::vec(0..4_u32, 20..50),
        at in prop::collection::vec(any::<prop::sample::Index>(), 2),
    ) {
        let text = |digits: &Vec<u32>| digits.iter().filter_map(|&digit| char::from_u32('甲' as u32 + digit)).collect::<String>();
        let mut reports: Vec<Vec<String>> = texts.iter().map(|paragraphs| paragraphs.iter().map(text).collect()).collect();
        for index in &at {
            let report = index.index(reports.len());
            reports[report].push(text(&shared));
        }
        let names: Vec<String> = (0..reports.len()).map(|n| format!("第{n}篇")).collect();
        let rows: Vec<_> = names.iter().zip(&reports).map(|(name, text)| (name.as_str(), None, text.clone())).collect();
        let archive = archive(&rows);
        let found = found(&archive);
        let whole = |n: usize| letters(&reports[n].concat());
        for (n, name) in names.iter().enumerate() {
            let reuse = of(&archive, &found, name);
            let mine = whole(n);
            let mut is_told = vec![false; mine.len()];
            for passage in &reuse.passages {
                let told = letters(&words(&archive, name, passage));
                prop_assert!(told.len() >= SHORTEST && told.len() == passage.letters);
                prop_assert!(!passage.places.is_empty() && passage.others >= passage.places.len());
                let elsewhere = (0..names.len()).filter(|&other| other != n).any(|other| whole(other).windows(told.len()).any(|part| part == told));
                prop_assert!(elsewhere, "{told:?} stands nowhere else");
                let before: usize = reports[n][..passage.from.block].iter().map(|text| letters(text).len()).sum();
                let start = before + letters(&reports[n][passage.from.block][..passage.from.byte]).len();
                is_told[start..start + told.len()].fill(true);
            }
            if reuse.untold > 0 {
                continue;
            }
            for (i, part) in mine.windows(SHORTEST).enumerate() {
                let is_shared = (0..names.len()).filter(|&other| other != n).any(|other| whole(other).windows(SHORTEST).any(|there| there == part));
                prop_assert!(!is_shared || is_told[i..i + SHORTEST].contains(&true), "{part:?} is shared and not told");
            }
        }
    }

    #[test]
    fn any_number_of_threads_finds_the_same(texts in prop::collection::vec(prop::collection::vec(0..3_u32, 0..90), 2..12)) {
        let text = |digits: &Vec<u32>| vec![digits.iter().filter_map(|&digit| char::from_u32('甲' as u32 + digit)).collect::<String>()];
        let names: Vec<String> = (0..texts.len()).map(|n| format!("第{n}篇")).collect();
        let rows: Vec<_> = names.iter().zip(&texts).map(|(name, digits)| (name.as_str(), None, text(digits))).collect();
        let archive = archive(&rows);
        let with = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads").install(|| found(&archive));
        prop_assert_eq!(with(1), with(5));
    }

    /// What the last build left makes the next quicker, not different: whatever comes, goes, changes its text or its region.
    #[test]
    fn what_stands_of_the_last_build_is_what_a_clean_one_finds(
        first in prop::collection::vec(sentences(), 40..60),
        rounds in prop::collection::vec(prop::collection::vec((any::<prop::sample::Index>(), sentences(), 0..8_usize), 1..3), 1..5),
    ) {
        let mut reports: Vec<(usize, (Vec<u32>, usize))> = first.into_iter().enumerate().collect();
        let mut digests: Vec<(Key, Arc<Digest>)> = Vec::new();
        let mut former: Vec<(Key, Arc<Document>)> = Vec::new();
        let mut memory = Memory::default();
        for round in std::iter::once(Vec::new()).chain(rounds) {
            for (at, new, what) in round {
                let at = at.index(reports.len());
                match what {
                    0 => drop(reports.remove(at)),
                    1 => reports.push((1_000 + reports.iter().map(|report| report.0).max().unwrap_or(0), new)),
                    2 => reports[at].1.0 = new.0,
                    3 => reports[at].1.1 = new.1,
                    _ => {
                        // One sentence for another, or one less, or one more.
                        let text = &mut reports[at].1.0;
                        let where_to = new.0.len() % text.len();
                        let less = (what % 3).min(1);
                        text.splice(where_to..where_to + less, new.0.iter().copied().take(what % 2 + 1 - less));
                        if text.is_empty() {
                            text.push(0);
                        }
                    }
                }
            }
            let name = |n: usize| format!("第{n}篇");
            let regions = [None, Some("610900"), Some("610700"), Some("610300"), Some("140400"), Some("140200"), Some("140300")];
            // A report's paragraphs are of sentences that others have, too, and one that nobody has.
            let text = |(n, (sentences, _)): &(usize, (Vec<u32>, usize))| {
                let mut paragraphs: Vec<String> = Vec::new();
                for &of in sentences {
                    let sentence = own_words(7_000 + of, 25 + of);
                    match paragraphs.last_mut() {
                        Some(last) if of % 3 == 0 => last.push_str(&sentence),
                        _ => paragraphs.push(sentence),
                    }
                }
                paragraphs.push(own_words(*n as u32, 9));
                paragraphs
            };
            let names: Vec<String> = reports.iter().map(|report| name(report.0)).collect();
            let rows: Vec<_> = names.iter().zip(&reports).map(|(name, report)| (name.as_str(), regions[report.1.1], text(report))).collect();
            let archive = archive(&rows);
            digests.extend(archive.reports.iter().map(|report| (report.keys.report, Arc::new(Digest::of(&report.document)))));
            let known = digests.iter().cloned().collect::<Digests>().with_former(former.iter().cloned());
            let found = reuse(&archive, &known, &mut memory);
            former.extend(archive.reports.iter().map(|report| (report.keys.report, report.document.clone())));
            let clean = reuse(&archive, &Digests::of(&archive), &mut Memory::default());
            prop_assert_eq!(found, clean);
        }
    }
}

/// Which sentences of a few a report has, and which region of a few is its own.
fn sentences() -> impl Strategy<Value = (Vec<u32>, usize)> {
    (prop::collection::vec(prop_oneof![0..6_u32, 0..40_u32], 1..8), 0..7_usize)
}
