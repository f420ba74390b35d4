//! Whatever has happened to an archive, an update gives byte for byte what a clean build gives.
#![allow(clippy::disallowed_methods)] // tests look at the files

mod sandbox;

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use sandbox::{Sandbox, files};

/// Something that happens to an archive between two builds.
#[derive(Debug, Clone)]
enum Step {
    Add {
        name: usize,
        text: String,
    },
    Edit {
        which: Index,
        text: String,
    },
    Rename {
        which: Index,
        name: usize,
    },
    Delete {
        which: Index,
    },
    Configure(&'static str),
    /// A file of the look is replaced, or given back.
    Restyle(Option<(&'static str, &'static str)>),
    Correct(&'static str),
    /// A build is killed after so many milliseconds.
    Crash(u64),
    /// Somebody meddles with the published site.
    Meddle(Index),
    /// One of the files that the last build left for the next is cut short, damaged, or gone.
    Forget {
        file: &'static str,
        how: Damage,
    },
    Nothing,
}

#[derive(Debug, Clone, Copy)]
enum Damage {
    /// So many 256ths of it are left.
    Cut(u8),
    /// The byte there is another.
    Flip(u8),
    Gone,
}

fn text() -> impl Strategy<Value = String> {
    let place = select(vec!["汉中市", "安康市", "长治市", "朝阳区", "×××县", ""]);
    let year = select(vec!["2021年", "2022年", "2023年", ""]);
    let kind = select(vec!["工作总结", "工作综述", "述职报告"]);
    let section = (
        select(vec!["抓实干部队伍建设", "推进乡村振兴", "做好人才工作", "加强基层治理", "其他事项"]),
        select(vec![
            "选派186名干部到村任职，举办培训班12期。",
            "引进高层次人才35名，投入资金3.5亿元。",
            "坚持党建引领，健全网格体系，走访群众2300余户。",
            "全面落实各项任务，成效明显。",
        ]),
    );
    (place, year, kind, prop::collection::vec(section, 1..5)).prop_map(|(place, year, kind, sections)| {
        let mut text = format!("{place}{year}{kind}\n");
        for (n, (heading, body)) in sections.into_iter().enumerate() {
            text.push_str(&format!("{}、{heading}\n{body}\n", ["一", "二", "三", "四", "五"][n]));
        }
        text
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..8_usize, text()).prop_map(|(name, text)| Step::Add { name, text }),
        4 => (any::<Index>(), text()).prop_map(|(which, text)| Step::Edit { which, text }),
        2 => (any::<Index>(), 0..8_usize).prop_map(|(which, name)| Step::Rename { which, name }),
        2 => any::<Index>().prop_map(|which| Step::Delete { which }),
        1 => select(vec!["title = \"甲\"\n", "title = \"乙\"\n", "title = \"甲\"\npage_size = 5\n", "base_url = \"https://example.org/a/\"\n", "language = \"en\"\n"]).prop_map(Step::Configure),
        1 => prop::option::of(select(vec![
            ("templates/kinds.html", "unused"),
            ("templates/404.html", "{% extends \"base.html\" %}{% block main %}<p>没有这一页。</p>{% endblock main %}"),
            ("assets/theme.css", "h1 { color: teal; }"),
            ("assets/style/zz.css", "h1 { color: navy; }"),
        ])).prop_map(Step::Restyle),
        1 => select(vec!["", "path,part,theme\na0.txt,,人才工作\n"]).prop_map(Step::Correct),
        1 => (20..400_u64).prop_map(Step::Crash),
        1 => any::<Index>().prop_map(Step::Meddle),
        2 => (select(vec!["memory", "understood", "insight"]), damage()).prop_map(|(file, how)| Step::Forget { file, how }),
        1 => Just(Step::Nothing),
    ]
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![any::<u8>().prop_map(Damage::Cut), any::<u8>().prop_map(Damage::Flip), Just(Damage::Gone)]
}

fn uploads(archive: &Sandbox) -> Vec<String> {
    let names = fs::read_dir(archive.path("content")).expect("there are uploads").map(|entry| entry.expect("it can be read").file_name());
    let mut names: Vec<String> =
        names.map(|name| name.into_string().expect("the test names its files")).filter(|name| name.ends_with(".txt")).collect();
    names.sort();
    names
}

fn take(step: &Step, archive: &Sandbox) {
    let upload = |which: &Index| {
        let all = uploads(archive);
        (!all.is_empty()).then(|| format!("content/{}", which.get(&all)))
    };
    match step {
        Step::Add { name, text } => archive.write(&format!("content/a{name}.txt"), text),
        Step::Edit { which, text } => {
            if let Some(path) = upload(which) {
                archive.write(&path, text);
            }
        }
        Step::Rename { which, name } => {
            if let Some(path) = upload(which) {
                fs::rename(archive.path(&path), archive.path(&format!("content/a{name}.txt"))).expect("it can be renamed");
            }
        }
        Step::Delete { which } => {
            if let Some(path) = upload(which) {
                fs::remove_file(archive.path(&path)).expect("it is there");
            }
        }
        Step::Configure(text) => archive.write("config.toml", text),
        Step::Restyle(file) => {
            if let Err(error) = fs::remove_dir_all(archive.path("themes/default")) {
                assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
            }
            if let Some((path, text)) = file {
                archive.write(&format!("themes/default/{path}"), text);
            }
        }
        Step::Correct("") => {
            if let Err(error) = fs::remove_file(archive.path("content/overrides.csv")) {
                assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
            }
        }
        Step::Correct(table) => archive.write("content/overrides.csv", table),
        Step::Crash(milliseconds) => {
            let mut build =
                archive.command(&["build", "--keep-going"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
            std::thread::sleep(Duration::from_millis(*milliseconds));
            build.kill().expect("it can be killed");
            build.wait().expect("it ends");
        }
        Step::Meddle(which) => {
            let published: Vec<String> = files(&archive.path("public")).into_keys().filter(|path| path.ends_with(".html")).collect();
            if !published.is_empty() {
                archive.write(&format!("public/{}", which.get(&published)), "meddled");
            }
        }
        Step::Forget { file, how } => {
            let path = archive.path(&format!(".public.huibian/{file}"));
            let Ok(mut bytes) = fs::read(&path) else { return };
            let at = |part: u8| bytes.len() * usize::from(part) / 256;
            match *how {
                Damage::Cut(keep) => bytes.truncate(at(keep)),
                Damage::Flip(place) => {
                    let at = at(place);
                    bytes[at] ^= 1;
                }
                Damage::Gone => return fs::remove_file(path).expect("it is there"),
            }
            fs::write(path, bytes).expect("it can be written");
        }
        Step::Nothing => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_update_gives_what_a_clean_build_gives(steps in prop::collection::vec(step(), 3..9)) {
        let archive = Sandbox::new();
        archive.huibian(&["build", "--keep-going"]);
        for step in &steps {
            take(step, &archive);
            let updated = archive.huibian(&["build", "--keep-going"]);
            let clean = archive.huibian(&["build", "--keep-going", "--no-cache", "--output", "clean"]);
            prop_assert_eq!(updated.code, clean.code, "{}", &updated.stderr);
            prop_assert!(archive.files("public") == archive.files("clean"), "the update is not the clean build after {:?}", step);
            fs::remove_dir_all(archive.path("clean")).expect("it was built");
        }
    }
}

#[test]
fn an_archive_that_stands_still_is_not_read_again_and_tells_the_same() {
    let archive = Sandbox::new();
    archive.write("content/无年份.txt", "某某县工作\n正文。\n");
    let told = |said: &str| {
        said.lines().filter(|line| !line.starts_with("wrote") && !line.starts_with("took")).map(str::to_owned).collect::<Vec<_>>()
    };
    // Older than the coarsest disk can tell apart.
    std::thread::sleep(Duration::from_secs(4));
    let first = archive.must(&["build"]);
    let again = archive.must(&["build"]);
    assert_eq!(told(&first.stderr), told(&again.stderr));
    assert!(again.stderr.contains("wrote    nothing"), "{}", again.stderr);
    assert!(!again.stderr.contains("understand"), "no stage has run: {}", again.stderr);
    let afresh = archive.must(&["build", "--no-cache"]);
    assert!(afresh.stderr.contains("understand"), "{}", afresh.stderr);
}
