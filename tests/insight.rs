//! What is worked out over all texts together: likeness, changes from year to year, phrases.

use std::sync::Arc;

use huibian::archive::{Archive, ReportId, SourceRecord, Understood, assemble};
use huibian::classify::{Evidence, EvidenceFrom, Found, Gazetteer, Labels, Placement, Section, ThemeMatch};
use huibian::config::Config;
use huibian::document::{Block, Document, Elements, FrontMatter, Heading, Lines, Paragraph, ParagraphRole, Reading, Title, TitleOrigin};
use huibian::insight::compare::{Change, changes, compare};
use huibian::insight::digest::Digests;
use huibian::insight::matrix;
use huibian::insight::phrases::{Memory, phrases};
use huibian::insight::sentence::sentences;
use huibian::insight::series::series;
use huibian::insight::similar::{Alike, Likeness};
use huibian::insight::vocabulary;
use huibian::source::{Encoding, Format, SourcePath};
use proptest::prelude::*;

/// A report from its lines: those that begin with `#` are headings.
fn report(name: &str, year: i32, lines: &[&str]) -> Understood {
    let block = |(i, line): (usize, &&str)| {
        let lines = Lines::one(i as u32 + 2);
        match line.strip_prefix('#') {
            Some(text) => Block::Heading(Heading { depth: 1, text: text.into(), lines }),
            None => Block::Paragraph(Paragraph { text: (*line).into(), lines, joins: Vec::new(), role: ParagraphRole::Body }),
        }
    };
    let blocks: Vec<Block> = lines.iter().enumerate().map(block).collect();
    let starts: Vec<usize> = (0..blocks.len()).filter(|&i| i == 0 || matches!(blocks[i], Block::Heading(_))).collect();
    let end = |n: usize| starts.get(n + 1).copied().unwrap_or(blocks.len());
    let heading = |i: usize| matches!(blocks[i], Block::Heading(_)).then(|| blocks[i].text().into_owned());
    let sections = starts
        .iter()
        .enumerate()
        .map(|(n, &i)| Section { heading: heading(i), first_block: i, end_block: end(n), themes: Vec::new() })
        .collect();
    let evidence = Evidence { from: EvidenceFrom::Title, quote: year.to_string(), line: Some(1) };
    let document = Document {
        title: Title { text: name.into(), from: TitleOrigin::FileName },
        lines: Lines { start: 1, end: lines.len() as u32 + 1 },
        blocks: blocks.into(),
        elements: Elements::default(),
        group: None,
        front_matter: FrontMatter::default(),
    };
    let labels = Labels {
        placement: Placement::Unplaced,
        level: None,
        kind: None,
        year: Some(Found { value: year, evidence }),
        period: None,
        date: None,
        themes: Vec::new(),
        sections,
    };
    Understood::new(
        SourceRecord {
            path: SourcePath::new(format!("{name}.txt")),
            format: Format::Text,
            size: 1,
            sha256: String::new(),
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

fn archive(reports: Vec<Understood>) -> Archive {
    let config = Config::default();
    assemble(reports, Gazetteer::new(&config), &config, &mut Vec::new())
}

/// The same report filed under a place, a kind and, section by section, themes.
fn filed(mut report: Understood, code: &str, kind: &str, themes: &[&str]) -> Understood {
    let gazetteer = Gazetteer::new(&Config::default());
    let evidence = Evidence { from: EvidenceFrom::Title, quote: code.into(), line: Some(1) };
    let labels = Arc::make_mut(&mut report.labels[0]);
    labels.placement = gazetteer.by_code(code).map_or(Placement::Unplaced, |id| Placement::Stated(id, evidence.clone()));
    labels.kind = Some(Found { value: kind.into(), evidence });
    for (section, theme) in labels.sections.iter_mut().zip(themes) {
        section.themes = vec![ThemeMatch { theme: (*theme).into(), words: Vec::new() }];
    }
    report.rekey();
    report
}

/// Two provinces, three years.
fn filed_sample() -> Archive {
    let body = ["#一、甲", "修塔。", "#二、乙", "办班。"];
    archive(vec![
        filed(report("安康市2021年总结", 2021, &body), "610900", "总结", &["人才工作", "基层党建"]),
        filed(report("安康市2022年总结", 2022, &body), "610900", "总结", &["人才工作", "人才工作"]),
        filed(report("安康市2022年讲话", 2022, &body), "610900", "讲话", &["其他", "其他"]),
        filed(report("陕西省2023年总结", 2023, &body), "610000", "总结", &["基层党建", "人才工作"]),
        filed(report("杭州市2022年总结", 2022, &body), "330100", "总结", &["基层党建", "其他"]),
        filed(report("无名2022年总结", 2022, &body), "nowhere", "总结", &["基层党建", "其他"]),
    ])
}

#[test]
fn every_cell_holds_the_sections_that_it_counts() {
    let archive = filed_sample();
    let matrix = matrix::regions(&archive);
    let names: Vec<&str> = matrix.rows.iter().map(|row| archive.gazetteer[row.region].short.as_str()).collect();
    assert_eq!(names, ["浙江", "陕西"]);
    for (theme, of) in archive.themes.iter().enumerate() {
        let counted: usize = matrix.rows.iter().map(|row| row.cells[theme].len()).sum();
        assert_eq!(counted + matrix.elsewhere[theme], of.sections.len(), "{}", of.name);
        for (report, section) in matrix.rows.iter().flat_map(|row| &row.cells[theme]) {
            let themes = &archive[*report].labels.sections[*section].themes;
            assert!(themes.iter().any(|found| found.theme == of.name), "{}", of.name);
        }
    }
    let talent = archive.themes.iter().position(|theme| theme.name == "人才工作").expect("a theme of the preset");
    assert_eq!(matrix.rows.iter().map(|row| row.cells[talent].len()).collect::<Vec<_>>(), [0, 4]);
    assert_eq!(matrix.rows.iter().map(|row| row.sections).collect::<Vec<_>>(), [2, 8]);
    let years = matrix::years(&archive);
    assert_eq!(
        years.rows.iter().map(|(year, cells, sections)| (*year, cells[talent], *sections)).collect::<Vec<_>>(),
        [(2021, 1, 2), (2022, 2, 8), (2023, 1, 2)]
    );
}

#[test]
fn a_year_without_a_report_is_a_gap() {
    let coverage = matrix::coverage(&filed_sample());
    assert_eq!(coverage.years, [2021, 2022, 2023]);
    assert_eq!(coverage.rows.iter().map(|(_, counts)| counts.clone()).collect::<Vec<_>>(), [vec![0, 1, 0], vec![1, 2, 1]]);
}

#[test]
fn a_table_starts_where_the_archive_branches() {
    let body = ["#一、甲", "修塔。"];
    let of = |codes: &[&str]| {
        let reports = codes.iter().map(|code| filed(report(code, 2022, &body), code, "总结", &["其他"])).collect();
        let archive = archive(reports);
        matrix::branches(&archive).into_iter().map(|id| archive.gazetteer[id].code.clone()).collect::<Vec<_>>()
    };
    assert_eq!(of(&["610900", "330100"]), ["330000", "610000"]);
    assert_eq!(of(&["610900", "610100"]), ["610100", "610900"]);
    assert_eq!(of(&["610000", "610100"]), ["610000"]);
    assert!(of(&[]).is_empty());
}

#[test]
fn a_report_continues_the_last_one_of_its_kind_and_title() {
    let archive = filed_sample();
    let title = |id: ReportId| archive[id].document.title.text.as_str();
    let links: Vec<(&str, &str)> = series(&archive).into_iter().map(|(new, old)| (title(new), title(old))).collect();
    assert_eq!(links, [("安康市2022年总结", "安康市2021年总结")]);
}

/// A harbour, a library and their likes: invented texts on three matters.
fn sample() -> Archive {
    archive(vec![
        report("灯塔一", 2021, &["#一、灯塔", "灯塔看守员轮流值守灯塔，修缮航标，渔港夜航更安全。", "码头装卸有序。"]),
        report("灯塔二", 2022, &["#一、灯塔", "新招灯塔看守员，航标全部检修，渔港夜航零事故。", "船工讲堂开课。"]),
        report("灯塔三", 2023, &["航标联网，灯塔看守员学会远程检修。"]),
        report("书屋一", 2021, &["#一、书屋", "流动书屋添置绘本，管理员组织亲子阅读。", "借阅量上升。"]),
        report("书屋二", 2022, &["流动书屋进牧区，绘本借阅翻番，亲子阅读成风。"]),
        report("梯田一", 2022, &["梯田引水渠清淤，稻鱼共生连片推广。"]),
    ])
}

/// For each report those that are most like it.
fn similar(archive: &Archive, digests: &Digests, memory: &mut vocabulary::Memory) -> Vec<Vec<Alike>> {
    let likeness = Likeness::of(archive, digests, memory);
    archive.iter().map(|(id, _)| likeness.alike(id)).collect()
}

#[test]
fn reports_on_one_matter_are_alike() {
    let archive = sample();
    let found = similar(&archive, &Digests::of(&archive), &mut vocabulary::Memory::default());
    let title = |id: ReportId| archive[id].document.title.text.as_str();
    for (id, report) in archive.iter() {
        let name = report.document.title.text.as_str();
        let alike = &found[id.0 as usize];
        match name {
            "灯塔一" => {
                assert_eq!(title(alike[0].report), "灯塔二");
                assert!(alike[0].words.iter().any(|word| word == "灯塔"), "{alike:?}");
            }
            "书屋一" => assert_eq!(title(alike[0].report), "书屋二"),
            "梯田一" => assert!(alike.is_empty(), "shares no word: {alike:?}"),
            _ => {}
        }
        assert!(alike.iter().all(|other| other.report != id), "no report is like itself");
        assert!(alike.windows(2).all(|pair| pair[0].score >= pair[1].score));
    }
}

#[test]
fn what_is_remembered_of_words_changes_no_likeness() {
    let reports = |left_out: usize, title: &str| {
        let archive = sample();
        let reports = archive.reports.iter().enumerate().filter(|(n, _)| *n != left_out).map(|(_, one)| {
            let year = one.labels.year.as_ref().map_or(2020, |year| year.value);
            let texts: Vec<String> = one.document.blocks.iter().map(|block| block.text().into_owned()).collect();
            report(&one.document.title.text, year, &texts.iter().map(String::as_str).collect::<Vec<_>>())
        });
        let new = report(title, 2023, &["灯塔看守员种梯田，绘本借阅给船工。", "另有所述，皆为新词：风筝节、皮影戏。"]);
        reports.chain([new]).collect::<Vec<_>>()
    };
    let mut memory = vocabulary::Memory::default();
    for (left_out, title) in [(9, "新来一"), (0, "新来一"), (0, "新来二"), (3, "新来三"), (9, "又来"), (9, "又来")] {
        let archive = archive(reports(left_out, title));
        let digests = Digests::of(&archive);
        let found = similar(&archive, &digests, &mut memory);
        assert_eq!(found, similar(&archive, &digests, &mut vocabulary::Memory::default()), "without {left_out}, with {title}");
    }
}

#[test]
fn likeness_and_phrases_do_not_depend_on_threads() {
    let archive = sample();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a small pool");
        pool.install(|| {
            let digests = Digests::of(&archive);
            (similar(&archive, &digests, &mut vocabulary::Memory::default()), phrases(&archive, &digests, &[], &mut Memory::default()))
        })
    };
    assert_eq!(run(1), run(4));
}

#[test]
fn sections_answer_each_other_wherever_they_stand() {
    let archive = archive(vec![
        report(
            "甲2022",
            2022,
            &["开头。", "#一、修缮灯塔", "修塔三座。经费不足。", "#二、培训船工", "办班两期，船工反映良好。", "#三、清淤河道", "清淤。"],
        ),
        report("甲2023", 2023, &["开头。", "#一、船工培训", "办班五期，船工反映良好。", "#二、修缮灯塔", "修塔三座。新购望远镜。"]),
    ]);
    let (new, old) = (&archive.reports[0], &archive.reports[1]);
    let pairs = compare(old, new);
    let aligned: Vec<(Option<usize>, Option<usize>)> = pairs.iter().map(|pair| (pair.old, pair.new)).collect();
    assert_eq!(aligned, [(Some(0), Some(0)), (Some(2), Some(1)), (Some(1), Some(2)), (Some(3), None)]);
    assert_eq!(pairs[0].sentences, [Change::Same("开头。".into())]);
    assert!(matches!(&pairs[1].sentences[..], [Change::Changed { old, new }] if old != new), "{:?}", pairs[1]);
    assert_eq!(
        pairs[2].sentences,
        [Change::Same("修塔三座。".into()), Change::New("新购望远镜。".into()), Change::Gone("经费不足。".into())]
    );
}

#[test]
fn a_phrase_is_counted_as_a_plain_search_counts_it() {
    let line = "守护渔港夜航安全，守护渔港夜航安全。";
    let archive = archive(vec![
        report("一", 2020, &["#一、守护渔港夜航安全", line, "灯塔灯塔灯塔。"]),
        report("二", 2021, &[line, "灯塔灯塔。"]),
        report("三", 2021, &["守护渔港夜航安全是第一位的。"]),
        report("四", 2022, &["别的事。"]),
    ]);
    let watched = ["灯塔灯".to_owned(), "没有的话".to_owned()];
    let found = phrases(&archive, &Digests::of(&archive), &watched, &mut Memory::default());
    for phrase in &found {
        let plain = |report: &huibian::archive::Report| -> usize {
            report.document.blocks.iter().map(|block| block.text().matches(phrase.text.as_str()).count()).sum()
        };
        assert_eq!(phrase.count, archive.reports.iter().map(plain).sum::<usize>(), "{}", phrase.text);
        assert_eq!(phrase.reports, archive.reports.iter().filter(|report| plain(report) > 0).count(), "{}", phrase.text);
        assert_eq!(phrase.years.iter().map(|(_, n)| n).sum::<usize>(), phrase.count, "{}", phrase.text);
    }
    assert_eq!(found[0].text, "灯塔灯");
    assert_eq!((found[0].count, found[0].first_year()), (2, Some(2020)));
    assert_eq!((found[1].text.as_str(), found[1].count), ("没有的话", 0));
    let repeated = found.iter().find(|phrase| !phrase.watched).expect("a phrase that three reports repeat");
    assert!(repeated.text.ends_with("渔港夜航安全"), "{}", repeated.text);
    assert_eq!((repeated.count, repeated.reports), (6, 3));
}

proptest! {
    #[test]
    fn sentences_lose_nothing(text in "[甲乙丙。！？；”」\n]{0,40}") {
        prop_assert_eq!(sentences(&text).collect::<String>(), text);
    }

    /// Both texts can be put together again from the comparison.
    #[test]
    fn a_comparison_loses_nothing(old in prop::collection::vec("[甲乙丙丁]{1,6}。", 0..8), new in prop::collection::vec("[甲乙丙丁]{1,6}。", 0..8)) {
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = new.iter().map(String::as_str).collect();
        let mut before = String::new();
        let mut after = String::new();
        for change in changes(&old, &new) {
            match change {
                Change::Same(text) => {
                    before.push_str(&text);
                    after.push_str(&text);
                }
                Change::Gone(text) => before.push_str(&text),
                Change::New(text) => after.push_str(&text),
                Change::Changed { old, new } => {
                    before.extend(old.into_iter().map(|run| run.text));
                    after.extend(new.into_iter().map(|run| run.text));
                }
            }
        }
        prop_assert_eq!(before, old.concat());
        prop_assert_eq!(after, new.concat());
    }
}
