//! What people write into `content/overrides.csv` and front matter beats every rule, and mistakes in it are named.

use std::sync::Arc;

use huibian::classify::{self, Classifier, EvidenceFrom, Labels, Placement, corrections};
use huibian::config::{Config, OwnRegion};
use huibian::diagnostic::Diagnostic;
use huibian::document::{self, Reading};
use huibian::source::{Encoding, Format, Source, SourcePath, SourceText};

fn source(path: &str, text: &str) -> Source {
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

const REPORT: &str = "2021年安康市人才工作总结\n　　全市引进人才成效显著。\n一、引才聚才\n　　优化人才服务。\n";

/// The report above under these corrections.
fn corrected(overrides: &str) -> (Reading, Labels, Vec<Diagnostic>, Classifier) {
    let mut diagnostics = Vec::new();
    let classifier = Classifier::new(&Config::default(), Some(overrides), &mut diagnostics);
    let source = source("2021/a.txt", REPORT);
    let reading = classify::retitle(&source, document::read(&source), &classifier);
    let labels = classify::label(&source, &reading, &classifier).remove(0);
    diagnostics.extend(classifier.corrections.unmatched([(&source.path, &reading)].into_iter()));
    (reading, labels, diagnostics, classifier)
}

fn region(labels: &Labels, classifier: &Classifier) -> String {
    labels.placement.region().map_or("-".into(), |id| classifier.gazetteer[id].code.clone())
}

#[test]
fn a_row_beats_every_rule() {
    let (reading, labels, diagnostics, classifier) = corrected(
        "path,part,region,level,kind,year,themes,title\n2021/a.txt,,陕西省/汉中市,县级,经验材料,2020,基层党建、乡村振兴,引才有方\n",
    );
    assert_eq!(diagnostics, []);
    assert_eq!(reading.documents[0].title.text, "引才有方");
    assert_eq!(region(&labels, &classifier), "610700");
    assert_eq!(labels.placement.evidence().map(|evidence| evidence.from), Some(EvidenceFrom::Override));
    assert_eq!(labels.level.as_ref().map(|found| found.value.name()), Some("县级"));
    assert_eq!(labels.kind.as_ref().map(|found| found.value.as_str()), Some("经验材料"));
    assert_eq!(labels.year.as_ref().map(|found| found.value), Some(2020));
    assert_eq!(labels.themes, ["基层党建", "乡村振兴"]);
}

/// As people and programs save such files: each line of the table is a whole file with the same meaning.
#[test]
fn a_table_is_read_as_any_program_saves_it() {
    for table in [
        "path,region\n2021/a.txt,610700\n",
        "\u{feff}path,region\r\n2021/a.txt,610700\r\n",
        "path;region\ncontent/2021/a.txt;汉中市\n",
        "path\tregion\n./2021/a.txt\t汉中\n",
        "文件,地区\n2021\\a.txt,陕西汉中\n",
        "region,Path,part\n\"610700\",\"2021/a.txt\",1\n\n,,\n",
        "path,part,region\n2021/a.txt,2021年 安康市 人才工作总结,陕西省汉中市\n",
    ] {
        let (_, labels, diagnostics, classifier) = corrected(table);
        assert_eq!(diagnostics, [], "{table}");
        assert_eq!(region(&labels, &classifier), "610700", "{table}");
    }
}

#[test]
fn an_empty_cell_corrects_nothing_and_a_dash_takes_away() {
    let (_, labels, diagnostics, classifier) = corrected("path,region,kind,year,themes\n2021/a.txt,,-,,\n");
    assert_eq!(diagnostics, []);
    assert_eq!(region(&labels, &classifier), "610900");
    assert_eq!(labels.kind, None);
    assert_eq!(labels.year.map(|found| found.value), Some(2021));
    assert_eq!(labels.themes, ["人才工作"]);
    let (_, labels, ..) = corrected("path,region\n2021/a.txt,-\n");
    assert_eq!(labels.placement, Placement::Unplaced);
}

/// Each mistake is named with its line and a way out, and the other rows count.
#[test]
fn mistakes_are_named() {
    for (table, line, message, help) in [
        ("path,regoin\n2021/a.txt,安康\n", 1, "unknown column `regoin`", "did you mean `region`?"),
        ("file\n2021/a.txt\n", 1, "there is no column `path`", "name the columns"),
        ("path,year\n2021/a.txt,二〇二一\n", 2, "`二〇二一` is no year", "four digits"),
        ("path,kind\n2021/a.txt,总结报\n", 2, "unknown kind `总结报`", "did you mean 总结?"),
        ("path,themes\n2021/a.txt,人才工做\n", 2, "unknown theme `人才工做`", "did you mean 人才工作?"),
        ("path,level\n2021/a.txt,地级\n", 2, "unknown level `地级`", "did you mean"),
        ("path,region\n2021/a.txt,朝阳区\n", 2, "several regions are called `朝阳区`", "北京市/朝阳区"),
        ("path,region\n2021/a.txt,安康县市\n", 2, "no region is called `安康县市`", "安康市"),
        ("path,region\n2021/a.txt,安康,市\n", 2, "3 cells in a table of 2 columns", "double quotes"),
        ("path,region\n,安康\n", 2, "this row names no source", "path"),
        ("path,year\n2021/b.txt,2020\n", 2, "no source is called content/2021/b.txt", "did you mean 2021/a.txt?"),
        (
            "path,part,year\n2021/a.txt,2021年安康市人才总结,2020\n",
            2,
            "content/2021/a.txt has no report",
            "did you mean 2021年安康市人才工作总结?",
        ),
        ("path,part,year\n2021/a.txt,7,2020\n", 2, "content/2021/a.txt has no report `7`", "1 to 1"),
    ] {
        let (_, _, diagnostics, _) = corrected(table);
        let found: Vec<_> = diagnostics.iter().filter(|one| one.message.contains(message)).collect();
        let [one] = found.as_slice() else { panic!("{table}: {diagnostics:#?}") };
        assert_eq!(one.place.as_ref().and_then(|place| place.line), Some(line), "{table}");
        assert!(one.help.as_deref().unwrap_or_default().contains(help), "{table}: {one:#?}");
    }
}

/// What `inspect --csv` writes says the same when it is fed back, cell for cell, and no cell is a formula.
#[test]
fn a_written_table_can_be_fed_back() {
    let classifier = Classifier::new(&Config::default(), None, &mut Vec::new());
    let source = source("2021/=a.txt", &REPORT.replace("2021年", "=2021年"));
    let reading = document::read(&source);
    let labels: Vec<_> = classify::label(&source, &reading, &classifier).into_iter().map(Arc::new).collect();
    let table = corrections::write(&classifier.gazetteer, [(&source.path, &reading, labels.as_slice())].into_iter());
    assert!(table.starts_with("\u{feff}path,part,region,level,kind,year,themes,title\r\n"), "{table}");
    assert!(table.contains("陕西省/安康市,市级,总结,2021,人才工作,'=2021年"), "{table}");

    let mut diagnostics = Vec::new();
    let again = Classifier::new(&Config::default(), Some(&table), &mut diagnostics);
    assert_eq!(diagnostics, []);
    let reading_again = classify::retitle(&source, document::read(&source), &again);
    assert_eq!(reading_again, reading);
    let labelled_again: Vec<_> = classify::label(&source, &reading_again, &again).into_iter().map(Arc::new).collect();
    assert_eq!(labelled_again, labels);
    assert_eq!(again.corrections.unmatched([(&source.path, &reading)].into_iter()), []);
}

#[test]
fn front_matter_beats_the_rules_and_the_table_beats_front_matter() {
    let source = source("2021/a.txt", REPORT);
    let mut reading = document::read(&source);
    let front_matter = &mut Arc::make_mut(&mut reading.documents[0]).front_matter;
    front_matter.region = Some("陕西省/汉中市".into());
    front_matter.kind = Some("汇报".into());
    let mut diagnostics = Vec::new();
    let classifier = Classifier::new(&Config::default(), Some("path,kind\n2021/a.txt,讲话\n"), &mut diagnostics);
    let labels = classify::label(&source, &reading, &classifier).remove(0);
    assert_eq!(diagnostics, []);
    assert_eq!(region(&labels, &classifier), "610700");
    assert_eq!(labels.kind.map(|found| (found.value, found.evidence.from)), Some(("讲话".into(), EvidenceFrom::Override)));
}

/// A company's sales areas, written in any order, one of them in a ring, with the built-in list switched off.
#[test]
fn an_archive_may_have_its_own_regions() {
    let own = |code: &str, name: &str, parent: Option<&str>, aliases: &[&str]| OwnRegion {
        code: code.into(),
        name: name.into(),
        parent: parent.map(str::to_owned),
        level: None,
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
    };
    let mut config = Config::default();
    config.regions.builtin = false;
    config.regions.own = vec![
        own("E-SH", "沪北大区", Some("E"), &["沪北"]),
        own("E", "东区销售公司", None, &[]),
        own("R1", "环一", Some("R2"), &[]),
        own("R2", "环二", Some("R1"), &[]),
    ];
    let classifier = Classifier::new(&config, None, &mut Vec::new());
    let gazetteer = &classifier.gazetteer;
    let place = |title: &str| {
        let source = source("a.txt", &format!("{title}\n　　全面进步。\n"));
        let labels = classify::label(&source, &document::read(&source), &classifier).remove(0);
        labels
            .placement
            .region()
            .map(|id| gazetteer.path(id).into_iter().map(|id| gazetteer[id].code.as_str()).collect::<Vec<_>>().join(">"))
    };
    assert_eq!(place("沪北大区2021年工作总结").as_deref(), Some("E>E-SH"));
    assert_eq!(place("2021年沪北工作总结").as_deref(), Some("E>E-SH"));
    assert_eq!(place("安康市2021年工作总结"), None);
    assert!(place("环一2021年工作总结").is_some());

    config.regions.builtin = true;
    config.regions.own = vec![own("610900-gx", "安康高新区", Some("610900"), &["安康高新"])];
    let classifier = Classifier::new(&config, None, &mut Vec::new());
    let id = classifier.gazetteer.by_code("610900-gx").expect("it was configured");
    assert_eq!(classifier.gazetteer.path(id).len(), 3);
}

/// Parents stand before their children, retired divisions lead to living ones, codes are found.
#[test]
fn the_list_of_places_holds_together() {
    let gazetteer = Classifier::new(&Config::default(), None, &mut Vec::new()).gazetteer;
    for (id, region) in gazetteer.iter() {
        assert!(region.parent.is_none_or(|parent| parent < id), "{region:?}");
        let today = gazetteer.today(id);
        assert_eq!(gazetteer[today].successor, None, "{region:?}");
        assert!(gazetteer.by_code(&region.code).is_some());
        assert!(!region.pinyin.is_empty() && region.pinyin.bytes().all(|b| b.is_ascii_lowercase()), "{region:?}");
    }
    for (code, name, path) in [
        ("610900", "安康市", 2),
        ("110105", "朝阳区", 2),
        ("659001", "石河子市", 2),
        ("429004", "仙桃市", 2),
        ("321002", "广陵区", 3),
        ("710000", "台湾省", 1),
    ] {
        let id = gazetteer.by_code(code).unwrap_or_else(|| panic!("{code} is missing"));
        assert_eq!((gazetteer[id].name.as_str(), gazetteer.path(id).len()), (name, path));
    }
}

#[test]
fn what_front_matter_declares_and_nobody_knows_is_named() {
    let text = "+++\ntitle = \"某事\"\nregion = \"安康是\"\nkind = \"总节\"\nthemes = [\"人才工作\", \"没有的主题\"]\n+++\n\n正文。\n";
    let source = Source { format: Format::Markdown, ..source("front.md", text) };
    let classifier = Classifier::new(&Config::default(), None, &mut Vec::new());
    let reading = document::read(&source);
    let labels = classify::label(&source, &reading, &classifier);
    assert_eq!(labels[0].themes, ["人才工作"], "what is known counts");
    assert_eq!(labels[0].kind, None);
    let said: Vec<String> = classify::undeclarable(&source.path, &reading, &classifier)
        .into_iter()
        .map(|one| format!("{}: {} ({})", one.place.expect("it names the file").path, one.message, one.help.expect("and a way out")))
        .collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said.iter().any(|one| one.contains("content/front.md: no region is called `安康是` (did you mean 安康市")), "{said:?}");
    assert!(said.iter().any(|one| one.contains("unknown kind `总节` (did you mean 总结?)")), "{said:?}");
}
