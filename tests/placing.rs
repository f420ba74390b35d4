//! Holds the labels of reports to the tables under `tests/cases/`: one row, one case.
#![allow(clippy::disallowed_methods)] // reads the tables

use std::fs;
use std::sync::Arc;
use std::sync::LazyLock;

use huibian::classify::{self, Classifier, Gazetteer, Labels, Placement, RegionId};
use huibian::config::{Config, Preset};
use huibian::document;
use huibian::source::{Encoding, Format, Source, SourcePath, SourceText};
use proptest::prelude::*;

/// A report as a row of a table describes it.
#[derive(Default)]
struct Report<'a> {
    title: &'a str,
    /// `\n` stands for a line end.
    text: &'a str,
    path: &'a str,
    group: &'a str,
    date: &'a str,
}

fn source(path: &str, text: String) -> Source {
    Source {
        path: SourcePath::new(path),
        format: Format::Text,
        size: text.len() as u64,
        sha256: String::new(),
        encoding: Encoding::Utf8,
        decided_by: String::new(),
        text: SourceText::new(text),
    }
}

fn label(report: &Report, classifier: &Classifier) -> Labels {
    let lines: String = report.text.split("\\n").map(|line| format!("　　{line}\n")).collect();
    let path = if report.path.is_empty() { "a.txt" } else { report.path };
    let source = source(path, format!("{}\n{lines}", report.title));
    let mut reading = document::read(&source);
    let document = Arc::make_mut(&mut reading.documents[0]);
    assert_eq!(document.title.text, report.title, "the reading itself took another title");
    document.group = Some(report.group.to_owned()).filter(|group| !group.is_empty());
    document.front_matter.date = Some(report.date.to_owned()).filter(|date| !date.is_empty());
    classify::label(&source, &reading, classifier).remove(0)
}

fn classifier(preset: Preset) -> &'static Classifier {
    static OF_ORGANISATION: LazyLock<Classifier> = LazyLock::new(|| new_classifier(Preset::Organisation));
    static OF_ANY_OFFICE: LazyLock<Classifier> = LazyLock::new(|| new_classifier(Preset::General));
    match preset {
        Preset::Organisation => &OF_ORGANISATION,
        Preset::General => &OF_ANY_OFFICE,
    }
}

fn new_classifier(preset: Preset) -> Classifier {
    let config = Config { themes: preset.themes(), ..Config::default() };
    let mut diagnostics = Vec::new();
    let classifier = Classifier::new(&config, None, &mut diagnostics);
    assert_eq!(diagnostics, []);
    classifier
}

/// Runs `case` on every row of a table and shows all rows that went wrong.
#[track_caller]
fn each_row(table: &str, case: impl Fn(&[&str]) -> (String, String)) {
    let text = fs::read_to_string(format!("tests/cases/{table}")).expect("the table is in the repository");
    let rows: Vec<&str> = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    assert!(!rows.is_empty(), "{table} is empty");
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let (expected, found) = case(&row.split('\t').collect::<Vec<_>>());
            (expected != found).then(|| format!("{row}\n    found: {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows of {table}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

fn place(gazetteer: &Gazetteer, region: RegionId) -> String {
    gazetteer.path(region).into_iter().map(|id| gazetteer[id].name.clone()).collect::<Vec<_>>().join("/")
}

fn placement(gazetteer: &Gazetteer, labels: &Labels) -> String {
    match &labels.placement {
        Placement::Stated(region, _) | Placement::Inferred(region, _) => place(gazetteer, *region),
        Placement::Masked(name, _) => format!("masked {name}"),
        Placement::Ambiguous(regions, _) => {
            format!("open {}", regions.iter().map(|&region| place(gazetteer, region)).collect::<Vec<_>>().join(" ; "))
        }
        Placement::Unplaced => "-".into(),
    }
}

fn level(labels: &Labels) -> &str {
    labels.level.as_ref().map_or("-", |found| found.value.name())
}

#[test]
fn titles_name_places() {
    let classifier = classifier(Preset::Organisation);
    each_row("regions/titles.tsv", |row| {
        let labels = label(&Report { title: row[2], ..Report::default() }, classifier);
        (row[..2].join(" "), format!("{} {}", placement(&classifier.gazetteer, &labels), level(&labels)))
    });
}

#[test]
fn surroundings_decide_what_a_title_leaves_open() {
    let classifier = classifier(Preset::Organisation);
    each_row("regions/context.tsv", |row| {
        let report = Report { title: row[2], text: row[3], path: row[4], group: row[5], ..Report::default() };
        let labels = label(&report, classifier);
        (row[..2].join(" "), format!("{} {}", placement(&classifier.gazetteer, &labels), level(&labels)))
    });
}

#[test]
fn blanked_places_stay_blank() {
    let classifier = classifier(Preset::Organisation);
    each_row("masks/places.tsv", |row| {
        let labels = label(&Report { title: row[2], text: row[3], path: "陕西省/安康/a.txt", ..Report::default() }, classifier);
        let found = match &labels.placement {
            // The folder speaks for what the report leaves out, never for what it blanks.
            Placement::Inferred(..) if row[0] == "-" => "- -".into(),
            _ => format!("{} {}", placement(&classifier.gazetteer, &labels), level(&labels)),
        };
        (row[..2].join(" "), found)
    });
}

#[test]
fn years_are_those_that_reports_state() {
    let classifier = classifier(Preset::Organisation);
    each_row("dates/years.tsv", |row| {
        let labels = label(&Report { title: row[1], text: row[2], path: row[3], ..Report::default() }, classifier);
        (row[0].into(), labels.year.map_or("-".into(), |found| found.value.to_string()))
    });
}

#[test]
fn periods_are_those_that_reports_name() {
    let classifier = classifier(Preset::Organisation);
    let year = |year: Option<i32>| year.map_or("-".into(), |year| year.to_string());
    each_row("dates/periods.tsv", |row| {
        let labels = label(&Report { title: row[3], text: row[4], ..Report::default() }, classifier);
        let found = labels.period.map_or(["-".into(), "-".into(), "-".into()], |found| {
            let period = found.value;
            [period.name, year(period.from), year(period.to)]
        });
        (row[..3].join(" "), found.join(" "))
    });
}

#[test]
fn dates_are_read_as_written() {
    let classifier = classifier(Preset::Organisation);
    each_row("dates/dates.tsv", |row| {
        let labels = label(&Report { title: "工作总结", date: row[1], ..Report::default() }, classifier);
        let found = labels.date.map_or("-".into(), |found| {
            let parts = [found.value.month, found.value.day];
            parts.into_iter().flatten().fold(found.value.year.to_string(), |date, part| format!("{date}-{part:02}"))
        });
        (row[0].into(), found)
    });
}

#[test]
fn kinds_come_from_titles_then_from_turns_of_phrase() {
    let classifier = classifier(Preset::Organisation);
    each_row("kinds/kinds.tsv", |row| {
        let labels = label(&Report { title: row[1], text: row[2], ..Report::default() }, classifier);
        (row[0].into(), labels.kind.map_or("-".into(), |found| found.value))
    });
}

#[track_caller]
fn check_themes(table: &str, preset: Preset) {
    let classifier = classifier(preset);
    each_row(table, |row| {
        let text = format!("全面进步。\\n{}\\n{}", row[1], row[2]);
        let labels = label(&Report { title: "工作总结", text: &text, ..Report::default() }, classifier);
        let section = labels.sections.iter().find(|section| section.heading.is_some());
        let found = section.and_then(|section| section.themes.first()).map_or("-".into(), |found| found.theme.clone());
        (row[0].into(), found)
    });
}

#[test]
fn sections_have_the_themes_of_their_words() {
    check_themes("themes/organisation.tsv", Preset::Organisation);
}

#[test]
fn sections_have_the_themes_of_their_words_in_any_office() {
    check_themes("themes/general.tsv", Preset::General);
}

/// Titles of one kind for every place in the list: by its full name each is found, unless others are called so too.
#[test]
fn every_place_is_found_by_its_name() {
    let classifier = classifier(Preset::Organisation);
    let gazetteer = &classifier.gazetteer;
    let patterns =
        ["新时代{}组织工作综述", "{}五年来组织工作综述", "2021年{}人才工作总结", "关于{}党建工作情况的报告", "中共{}委2022年工作总结"];
    for (id, region) in gazetteer.iter().filter(|(id, region)| region.successor.is_none() && gazetteer.by_code(&region.code) == Some(*id)) {
        let namesakes = gazetteer.called(&region.name);
        for pattern in patterns {
            let title = pattern.replace("{}", &region.name);
            let labels = label(&Report { title: &title, ..Report::default() }, classifier);
            match &labels.placement {
                Placement::Stated(found, _) => assert_eq!(namesakes, [*found], "{title}"),
                Placement::Ambiguous(open, _) => assert_eq!(*open, namesakes, "{title}"),
                other => panic!("{title}: {other:?}, not {id:?}"),
            }
        }
    }
}

/// Behind its parents' names every place is found, however many are called so.
#[test]
fn every_place_is_found_behind_its_parents() {
    let classifier = classifier(Preset::Organisation);
    let gazetteer = &classifier.gazetteer;
    for (id, region) in gazetteer.iter().filter(|(id, region)| region.successor.is_none() && gazetteer.by_code(&region.code) == Some(*id)) {
        // A county that was divided: its name is today another's.
        if !gazetteer.called(&region.name).contains(&id) {
            continue;
        }
        let title = format!("新时代{}组织工作综述", place(gazetteer, id).replace('/', ""));
        let labels = label(&Report { title: &title, ..Report::default() }, classifier);
        assert_eq!(labels.placement.region(), Some(id), "{title}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands around it, and wherever the file lies, a blank in the title is never filled.
    #[test]
    fn a_blanked_place_never_becomes_a_region(
        blank in "(xx|xxx|XX|××|某|\\*\\*|○○)(市|县|州)",
        body in "[安康市委西全州的，。吉林省]{0,40}",
        folder in "(陕西省|安康市|吉林)",
    ) {
        let classifier = classifier(Preset::Organisation);
        let title = format!("{blank}组织工作总结");
        let path = format!("{folder}/a.txt");
        let labels = label(&Report { title: &title, text: &body, path: &path, ..Report::default() }, classifier);
        prop_assert_eq!(labels.placement.region(), None);
        prop_assert!(matches!(labels.placement, Placement::Masked(..)));
    }

    /// Sections lie end to end over all blocks, and no text makes the classifiers fall over.
    #[test]
    fn sections_cover_every_block(lines in prop::collection::vec("[一二、（）1. 党干部人才村市县2021年x×*。，\u{1F600}]{0,30}", 0..12)) {
        let classifier = classifier(Preset::Organisation);
        let source = source("a.txt", format!("工作总结\n{}", lines.join("\n")));
        let reading = document::read(&source);
        for (document, labels) in reading.documents.iter().zip(classify::label(&source, &reading, classifier)) {
            let mut at = 0;
            for section in &labels.sections {
                prop_assert_eq!(section.first_block, at);
                prop_assert!(section.end_block > at);
                prop_assert!(section.themes.len() <= 2);
                at = section.end_block;
            }
            prop_assert_eq!(at, document.blocks.len());
        }
    }
}

/// The labels of one report do not depend on the others of its source.
#[test]
fn a_report_is_labelled_by_itself() {
    let classifier = classifier(Preset::Organisation);
    let source = source("a.txt", "安康市组织工作总结\n　　全市各级党组织全面进步。\n一、选贤任能\n　　大力培养年轻干部。\n".into());
    let mut reading = document::read(&source);
    let alone = classify::label(&source, &reading, classifier).remove(0);
    let mut other = reading.documents[0].clone();
    Arc::make_mut(&mut other).title.text = "xxx县2019年人才工作汇报".into();
    reading.documents.push(other);
    let both = classify::label(&source, &reading, classifier);
    assert_eq!(both[0], alone);
    assert_ne!(both[1].placement, alone.placement);
}
