//! `config.toml`: what it may say, and how its mistakes are told.

use huibian::config::{Config, parse};

fn messages(text: &str) -> Vec<String> {
    let Err(found) = parse(text) else { return Vec::new() };
    found
        .iter()
        .map(|one| {
            let place = one.place.as_ref().expect("every mistake has its place");
            let line = place.line.expect("every mistake has its line");
            let column = place.column.expect("every mistake has its column");
            format!("{line}:{column} {} | {}", one.message, one.help.as_deref().unwrap_or("-"))
        })
        .collect()
}

#[test]
fn the_sample_means_the_defaults_and_its_examples_are_sound() {
    let sample = include_str!("../config.toml");
    let named = |title: &Config| Config { title: title.title.clone(), description: title.description.clone(), ..parse("").unwrap() };
    let config = parse(sample).expect("the sample is sound");
    assert_eq!(config, named(&config), "apart from its name, the sample sets nothing but defaults");

    // A comment line that begins with a key or a table is an example: with the `#` taken away it must still parse.
    let uncommented: String = sample
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.starts_with('[') || rest.split_once(" = ").is_some_and(|(key, _)| is_key(key)) => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let config = parse(&uncommented).unwrap_or_else(|_| panic!("{:#?}", messages(&uncommented)));
    assert_eq!(config.base_url.as_deref(), Some("https://reports.example/"));
    assert_eq!(config.max_file_size, 64 * 1024 * 1024);
    let theme = config.themes.iter().find(|theme| theme.name == "营商环境").expect("the example theme");
    assert_eq!(theme.words.iter().map(|word| word.weight).collect::<Vec<_>>(), [1.0, 3.0]);
    assert_eq!(config.kinds[0].name, "大事记", "own kinds come first");
    assert_eq!(config.regions.own[0].code, "east");
}

fn is_key(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

#[test]
fn every_mistake_is_told_at_once() {
    let text = r#"titel = "库"
base_url = "reports.example"
page_size = "50"
output = "../elsewhere"
language = 3
max_file_size = "9 TB"

[themes]
preset = "organization"
page_size = 20

[[theme]]
words = ["人才", 7, { word = "引才", wieght = 3 }]

[[theme]]
name = "空主题"

[[region]]
code = "a"
name = "甲"
parent = "b"
level = "乡级"

[kind]
name = "简报"
"#;
    insta::assert_snapshot!(messages(text).join("\n"), @r#"
    1:1 unknown key `titel` | did you mean `title`?
    2:12 `base_url` must begin with http:// or https:// | write it like "https://reports.example/"
    3:13 `page_size` must be a whole number, without quotation marks; this is text | -
    4:10 `output` must not lead out of the archive by `..` | write "public", or the full path of a folder outside the archive
    5:12 `language` must be text in quotation marks; this is a whole number | -
    6:17 `max_file_size` must be a size up to 1 GB | write it like "64 MB"
    9:10 there is no preset `organization` | did you mean "organisation"?
    10:1 unknown key `page_size` | `page_size` concerns the whole site: write it above the first line in square brackets
    12:1 `name` is missing | add `name = "生态环境"`
    13:16 `words` must hold texts | write "引才", or { word = "引才", weight = 3 }
    13:34 unknown key `wieght` | did you mean `weight`?
    15:1 the theme `空主题` has no words | add `words = ["…"]`: the words that tell it
    21:10 no region has the code `b` | there is `a`
    22:9 there is no level `乡级` | known are `省级`, `市级` and `县级`
    24:1 `[kind]` must be a list of tables | write `[[kind]]` with double brackets, once for each
    "#);
}

#[test]
fn syntax_errors_name_their_place() {
    insta::assert_snapshot!(messages("title = \"库\"\nlook = default\n[themes\n").join("\n"), @r"
    2:8 string values must be quoted, expected literal string | -
    3:8 unclosed table, expected `]` | -
    ");
    let twice = messages("[check]\nhold = []\n[check]\n");
    assert_eq!(twice, ["3:2 duplicate key | it stands above already: put both into one"]);
}

#[test]
fn values_are_checked() {
    for (text, expected) in [
        ("base_url = \"https://a.example/x\"", None),
        ("base_url = \"https://\"", Some("not an address")),
        ("base_url = \"ftp://a.example/\"", Some("begin with http")),
        ("base_url = \"https://a.example/?x\"", Some("must not hold")),
        ("output = \"site/public\"", None),
        ("output = \"/srv/www\"", None),
        ("output = \".\"", Some("archive itself")),
        ("output = \"content/public\"", Some("keeps its own files")),
        ("output = \"./themes\"", Some("keeps its own files")),
        ("look = \"../../etc\"", Some("name of a folder")),
        ("look = \"素雅\"", None),
        ("language = \"zh_CN\"", Some("not a language tag")),
        ("page_size = 0", Some("between 5 and 1000")),
        ("page_size = 99999999999999999999", Some("too large")),
        ("max_file_size = 1024", None),
        ("max_file_size = \"1 GiB\"", None),
        ("max_file_size = \"-1 MB\"", Some("a size up to 1 GB")),
        ("title = \" \"", Some("is empty")),
        ("[[region]]\ncode = \"a\"\nname = \"甲\"\nparent = \"a\"", Some("lie within itself")),
        ("[[region]]\ncode = \"a\"\nname = \"甲\"\nparent = \"330100\"", None),
        ("[[theme]]\nname = \"甲\"\nwords = [\"乙\"]\n[[theme]]\nname = \"甲\"\nwords = [\"丙\"]", Some("there twice")),
        (
            "[[theme]]\nname = \"甲\"\nslug = \"x\"\nwords = [\"乙\"]\n[[theme]]\nname = \"丁\"\nslug = \"X\"\nwords = [\"丙\"]",
            Some("both have the slug"),
        ),
    ] {
        let found = messages(text);
        match expected {
            None => assert_eq!(found, Vec::<String>::new(), "{text}"),
            Some(part) => assert!(found.len() == 1 && found[0].contains(part), "{text}: {found:?}"),
        }
    }
}

#[test]
fn a_theme_of_the_preset_takes_more_words_and_a_new_one_comes_before_the_last() {
    let plain = parse("").expect("nothing is sound");
    let config =
        parse("[[theme]]\nname = \"人才工作\"\nwords = [\"蓄水池计划\"]\n[[theme]]\nname = \"水利\"\nwords = [\"水库\"]").expect("sound");
    let of = |config: &Config, name: &str| config.themes.iter().find(|theme| theme.name == name).cloned().expect("a theme of the preset");
    assert!(of(&config, "人才工作").words.len() > of(&plain, "人才工作").words.len());
    assert_eq!(config.themes.last(), plain.themes.last(), "the last theme takes what fits no other");
    assert_eq!(config.themes[config.themes.len() - 2].name, "水利");
}
