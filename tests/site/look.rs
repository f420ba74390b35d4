//! A look of one's own, and what is said when it is wrong.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use huibian::config::{Config, Language};
use huibian::diagnostic::Diagnostic;
use huibian::look;
use huibian::site::SitePath;

use crate::fixture::{config, sample, site, site_at, text};

fn write(root: &Path, name: &str, content: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn problems(root: &Path, config: &Config) -> Vec<Diagnostic> {
    look::load(root, config).err().expect("the look is broken")
}

#[test]
fn one_file_replaces_one_file() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "themes/mine/templates/404.html", "{% extends \"base.html\" %}{% block main %}<p>自己的</p>{% endblock main %}");
    write(root.path(), "themes/mine/locales/zh-CN.toml", "[nav]\nregions = \"地方\"\n");
    write(root.path(), "themes/mine/assets/style/00-tokens.css", ":root{--paper:#123456}");
    let site = site_at(root.path(), &sample(), Config { look: "mine".into(), ..config() });
    let page = text(&site, &SitePath::new("404.html"));
    assert!(page.contains("自己的") && page.contains(">地方<") && page.contains(">主题<"), "{page}");
    let style = site.look.assets.iter().find(|(name, _)| name.starts_with("style.")).unwrap().1;
    let style = String::from_utf8_lossy(style);
    assert!(style.contains("#123456") && style.contains(".site-head"), "only the tokens are replaced");
}

#[test]
fn an_unknown_look_or_language_says_what_there_is() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "themes/mine/x", "");
    let found = problems(root.path(), &Config { look: "mien".into(), ..config() });
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "there is no look `mien`");
    assert_eq!(found[0].notes, ["known: `default`, `mine`"]);
    let found = problems(root.path(), &Config { language: Language("fr".into()), ..config() });
    assert_eq!(found[0].notes, ["known: en, zh-CN"]);
}

#[test]
fn a_broken_template_is_shown_at_its_place() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "themes/mine/templates/home.html", "<p>一</p>\n<p>{{ site.title </p>\n");
    write(root.path(), "themes/mine/templates/list.html", "{% if %}\n");
    let found = problems(root.path(), &Config { look: "mine".into(), ..config() });
    let places: Vec<(String, Option<u32>)> =
        found.iter().map(|one| one.place.clone().unwrap()).map(|place| (place.path, place.line)).collect();
    assert_eq!(
        places,
        [("themes/mine/templates/home.html".to_owned(), Some(2)), ("themes/mine/templates/list.html".to_owned(), Some(1))],
        "both, each with its line"
    );
    assert_eq!(found[0].place.as_ref().unwrap().excerpt.as_deref(), Some("<p>{{ site.title </p>"));
}

#[test]
fn a_template_that_fails_while_rendering_is_shown_at_its_place() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "themes/mine/templates/404.html", "<p>一</p>\n<p>{{ page.nothing.here }}</p>\n");
    let site = site_at(root.path(), &sample(), Config { look: "mine".into(), ..config() });
    let problem = site.body(&SitePath::new("404.html")).unwrap().err().expect("the template fails");
    let place = problem.place.clone().unwrap();
    assert_eq!((place.path.as_str(), place.line), ("themes/mine/templates/404.html", Some(2)));
    assert_eq!(place.excerpt.as_deref(), Some("<p>{{ page.nothing.here }}</p>"));
    assert!(problem.message.contains("nothing"), "{}", problem.message);
}

/// The dotted keys of a locale file.
fn keys(table: &toml::Table, prefix: &str, found: &mut BTreeSet<String>) {
    for (key, value) in table {
        match value {
            toml::Value::Table(forms) if !forms.contains_key("other") => keys(forms, &format!("{prefix}{key}."), found),
            _ => {
                found.insert(format!("{prefix}{key}"));
            }
        }
    }
}

fn locale_keys(language: &str) -> BTreeSet<String> {
    let look = look::load(Path::new("."), &Config { language: Language(language.into()), ..config() }).unwrap_or_else(|e| panic!("{e:?}"));
    let mut found = BTreeSet::new();
    keys(look.locale.words(), "", &mut found);
    found
}

#[test]
fn all_languages_have_the_same_words() {
    assert_eq!(locale_keys("zh-CN"), locale_keys("en"));
}

/// `t.a.b` in templates, `text("a.b")` and the like in the program.
#[test]
fn every_word_that_is_asked_for_is_there_and_every_word_is_asked_for() {
    let known = locale_keys("zh-CN");
    let mut asked = String::new();
    for folder in ["themes/default/templates", "src/site"] {
        for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
            let entry = entry.unwrap();
            if entry.file_type().is_file() {
                asked.push_str(&fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    for (at, _) in asked.match_indices("t.").filter(|&(at, _)| asked[..at].ends_with([' ', '{', '('])) {
        let key: String =
            asked[at + 2..].chars().take_while(|&c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.').collect();
        if key.contains('.') && !key.ends_with('.') && !asked[at + 2 + key.len()..].starts_with('(') {
            assert!(known.contains(&key), "t.{key} is in no locale");
        }
    }
    for entry in walkdir::WalkDir::new("themes/default/assets").sort_by_file_name() {
        let entry = entry.unwrap();
        let is_of_search = entry.path().to_string_lossy().contains("/assets/search");
        if is_of_search && entry.file_type().is_file() {
            let script = fs::read_to_string(entry.path()).unwrap();
            asked.extend(["script", "later"].map(|table| script.replace("words.", &format!("t.search.{table}."))));
        }
    }
    // Keys that are put together from parts in the program.
    const COMPOSED: &[&str] = &[
        "format.",
        "level.",
        "evidence.",
        "title_from.",
        "csv.",
        "report.",
        "phrases.",
        "phrase_notes.",
        "figures.",
        "figure_bound.",
        "reuse.",
        "review.",
    ];
    for key in &known {
        let composed = COMPOSED.iter().any(|prefix| key.starts_with(prefix)) || key.ends_with(".title");
        assert!(composed || asked.contains(&format!("t.{key}")) || asked.contains(&format!("\"{key}\"")), "nobody asks for {key}");
    }
}

#[test]
fn both_languages_render_every_page() {
    for language in ["zh-CN", "en"] {
        let site = site(&sample(), Config { language: Language(language.into()), ..config() });
        for (path, page) in crate::fixture::pages(&site) {
            assert!(page.contains(&format!("lang={language}")) || page.contains(&format!("lang=\"{language}\"")), "{path}");
        }
    }
}

#[test]
fn styles_and_scripts_can_be_parsed() {
    let look = look::load(Path::new("."), &config()).unwrap_or_else(|e| panic!("{e:?}"));
    for (name, bytes) in &look.assets {
        let text = String::from_utf8_lossy(bytes);
        match name.rsplit('.').next() {
            // What the minifier cannot parse stays as it is, comments and all.
            Some("css") => assert!(!text.contains("/*"), "{name} cannot be parsed"),
            Some("js") => assert!(!text.contains("\n  "), "{name} cannot be parsed"),
            _ => {}
        }
    }
}
