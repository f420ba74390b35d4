//! Reads `config.toml` and says everything that is wrong with it.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::section::{At, Mistakes, Section, closest, quoted_list};
use crate::config::value::{Objection, base_url, file_size, folder_name, language_tag, output_folder};
use crate::config::{Concern, Config, Deploy, Kind, Language, OwnRegion, Regions, Theme, WeightedWord, preset::Preset};
use crate::diagnostic::Diagnostic;

const LEVELS: [&str; 3] = ["省级", "市级", "县级"];

/// Above this a text's byte offsets might not fit into the 32 bits that they are kept in.
const LARGEST_FILE: u64 = 1024 * 1024 * 1024;

/// What to do about what the parser calls a duplicate; its other messages say it themselves.
const ONCE: &str = "it stands above already: put both into one";

/// `text` is the content of `config.toml`.
///
/// # Errors
/// Every mistake in it, in the order of the file, with line and column.
pub fn parse(text: &str) -> Result<Config, Vec<Diagnostic>> {
    let mistakes = Mistakes::new(text);
    let (table, syntax) = DeTable::parse_recoverable(text);
    for error in &syntax {
        let help = error.message().contains("duplicate").then(|| ONCE.into());
        mistakes.add(error.span().unwrap_or(0..0), error.message(), help);
    }
    if !syntax.is_empty() {
        // What the parser made of the rest would only bring mistakes that nobody has made.
        return Err(mistakes.into_diagnostics());
    }
    let config = read(Section::new(table.get_ref(), 0..0, &mistakes), &mistakes);
    let found = mistakes.into_diagnostics();
    if found.is_empty() { Ok(config) } else { Err(found) }
}

fn read(file: Section, mistakes: &Mistakes) -> Config {
    let mut config = Config::default();
    if let Some(title) = file.string("title") {
        config.title = title.value.trim().to_owned();
        if config.title.is_empty() {
            mistakes.add(title.span, "`title` is empty", Some("give the archive a name, or remove the line".into()));
        }
    }
    if let Some(description) = file.string("description") {
        config.description = description.value.trim().to_owned();
    }
    if let Some(url) = file.string("base_url").filter(|url| !url.value.is_empty()) {
        config.base_url = checked(url, base_url, mistakes);
    }
    if let Some(language) = file.string("language")
        && let Some(tag) = checked(language, language_tag, mistakes)
    {
        config.language = Language(tag);
    }
    if let Some(look) = file.string("look")
        && let Some(name) = checked(look, folder_name, mistakes)
    {
        config.look = name;
    }
    if let Some(output) = file.string("output")
        && let Some(path) = checked(output, output_folder, mistakes)
    {
        config.output = path;
    }
    if let Some(size) = file.integer("page_size") {
        match usize::try_from(size.value) {
            Ok(size @ 5..=1000) => config.page_size = size,
            _ => mistakes.add(size.span, "`page_size` must be between 5 and 1000", Some("the usual value is 50".into())),
        }
    }
    if let Some(value) = file.any("max_file_size") {
        match file_size(value.get_ref()) {
            Some(size @ 1..=LARGEST_FILE) => config.max_file_size = size,
            _ => mistakes.add(value.span(), "`max_file_size` must be a size up to 1 GB", Some("write it like \"64 MB\"".into())),
        }
    }
    if file.any("phrases").is_some() {
        config.phrases = file.strings("phrases");
    }
    read_insight(&file, &mut config);
    read_check(&file, &mut config, mistakes);
    read_going_out(&file, &mut config, mistakes);
    read_themes(&file, &mut config, mistakes);
    read_kinds(&file, &mut config, mistakes);
    read_regions(&file, &mut config, mistakes);
    file.finish(&[]);
    config
}

/// The keys of the whole file, for those who write one of them below a `[table]`.
const TOP: [&str; 9] = ["title", "description", "base_url", "language", "look", "output", "page_size", "max_file_size", "phrases"];

fn read_insight(file: &Section, config: &mut Config) {
    let Some(insight) = file.section("insight") else { return };
    if let Some(reuse) = insight.boolean("reuse") {
        config.reuse = reuse;
    }
    insight.finish(&TOP);
}

fn read_check(file: &Section, config: &mut Config, mistakes: &Mistakes) {
    let Some(check) = file.section("check") else { return };
    for item in check.list("hold") {
        let DeValue::String(name) = item.get_ref() else {
            mistakes.add(item.span(), "`hold` must be a list of texts in quotation marks", None);
            continue;
        };
        match Concern::ALL.into_iter().find(|concern| concern.name() == name.trim()) {
            Some(concern) if config.hold.contains(&concern) => {}
            Some(concern) => config.hold.push(concern),
            None => {
                let help = one_of(name.trim(), &Concern::ALL.map(Concern::name));
                mistakes.add(item.span(), format!("there is no check `{}`", name.trim()), Some(help));
            }
        }
    }
    config.review = check.boolean("review").unwrap_or(false);
    check.finish(&TOP);
}

/// Words in the names of keys that people put credentials under.
const CREDENTIALS: [&str; 6] = ["key", "secret", "token", "password", "credential", "account"];

fn read_going_out(file: &Section, config: &mut Config, mistakes: &Mistakes) {
    const MESSAGE: &str = "credentials come from the environment, never from config.toml";
    const HELP: &str = "remove it, and set the variables that `huibian help deploy` lists";
    if let Some(publish) = file.section("publish") {
        config.compress = publish.boolean("compress").unwrap_or(false);
        publish.finish(&TOP);
    }
    let Some(deploy) = file.section("deploy") else { return };
    let text = |key| {
        let text = deploy.string(key).filter(|text| !text.value.trim().is_empty())?;
        if text.value.contains("://") && text.value.contains('@') {
            mistakes.add(text.span, MESSAGE, Some(HELP.to_owned()));
            return None;
        }
        Some(text.value.trim().to_owned())
    };
    config.deploy = Deploy { to: text("to"), endpoint: text("endpoint") };
    deploy.refuse(&CREDENTIALS, MESSAGE, HELP);
    deploy.finish(&TOP);
}

fn read_themes(file: &Section, config: &mut Config, mistakes: &Mistakes) {
    if let Some(themes) = file.section("themes") {
        if let Some(name) = themes.string("preset") {
            match (name.value, Preset::from_name(name.value)) {
                ("none", _) => config.themes.clear(),
                (_, Some(preset)) => config.themes = preset.themes(),
                (wrong, None) => {
                    let names: Vec<&str> = Preset::ALL.iter().map(|preset| preset.name()).chain(["none"]).collect();
                    mistakes.add(name.span, format!("there is no preset `{wrong}`"), Some(one_of(wrong, &names)));
                }
            }
        }
        themes.finish(&TOP);
    }
    let mut names = Names::new("theme");
    let mut own = Vec::new();
    for section in file.sections("theme") {
        let name = section.required("name", "生态环境");
        let slug = section.string("slug");
        let words: Vec<WeightedWord> = section.list("words").filter_map(|item| weighted_word(item, mistakes)).collect();
        let exclude = section.strings("exclude");
        if let Some(name) = &name {
            names.claim(name, mistakes);
            let known = config.themes.iter_mut().find(|theme| theme.name == name.value.trim());
            if known.is_none() && words.is_empty() {
                let help = Some("add `words = [\"…\"]`: the words that tell it".into());
                mistakes.add(section.span.clone(), format!("the theme `{}` has no words", name.value), help);
            }
            match known {
                // A theme of the preset: its keeper adds words to it.
                Some(theme) => {
                    if let Some(slug) = slug {
                        theme.slug = slug.value.to_owned();
                    }
                    theme.words.retain(|old| words.iter().all(|new| new.word != old.word));
                    theme.words.extend(words);
                    theme.exclude.extend(exclude);
                }
                None => own.push(Theme {
                    name: name.value.trim().to_owned(),
                    slug: slug.map_or(name.value.trim(), |slug| slug.value).to_owned(),
                    words,
                    exclude,
                }),
            }
        }
        section.finish(&TOP);
    }
    // The last theme of a preset takes what fits no other.
    let before_last = config.themes.len().saturating_sub(1);
    config.themes.splice(before_last..before_last, own);
    names.check_slugs(config.themes.iter().map(|theme| (theme.name.as_str(), theme.slug.as_str())), mistakes);
}

fn read_kinds(file: &Section, config: &mut Config, mistakes: &Mistakes) {
    if let Some(kinds) = file.section("kinds") {
        if kinds.boolean("builtin") == Some(false) {
            config.kinds.clear();
        }
        kinds.finish(&TOP);
    }
    let mut names = Names::new("kind");
    let mut own = Vec::new();
    for section in file.sections("kind") {
        let name = section.required("name", "工作简报");
        let slug = section.string("slug");
        let words = section.strings("words");
        let phrases = section.strings("phrases");
        if let Some(name) = name {
            names.claim(&name, mistakes);
            let text = name.value.trim().to_owned();
            match config.kinds.iter_mut().find(|kind| kind.name == text) {
                Some(kind) => {
                    if let Some(slug) = slug {
                        kind.slug = slug.value.to_owned();
                    }
                    kind.words.extend(words);
                    kind.phrases.extend(phrases);
                }
                None => own.push(Kind {
                    slug: slug.map_or(text.as_str(), |slug| slug.value).to_owned(),
                    words: if words.is_empty() { vec![text.clone()] } else { words },
                    phrases,
                    name: text,
                }),
            }
        }
        section.finish(&TOP);
    }
    // Between equals the first wins: the archive's own come before the built-in ones.
    config.kinds.splice(0..0, own);
    names.check_slugs(config.kinds.iter().map(|kind| (kind.name.as_str(), kind.slug.as_str())), mistakes);
}

/// Pages below `/regions/` that are no region.
const TAKEN_CODES: [&str; 4] = ["unplaced", "themes", "page", "pinyin"];

fn read_regions(file: &Section, config: &mut Config, mistakes: &Mistakes) {
    let mut regions = Regions { builtin: true, own: Vec::new() };
    if let Some(section) = file.section("regions") {
        regions.builtin = section.boolean("builtin").unwrap_or(true);
        section.finish(&TOP);
    }
    let mut codes = Names::new("region");
    let mut parents = Vec::new();
    for section in file.sections("region") {
        let code = section.required("code", "east");
        let name = section.required("name", "东区");
        let parent = section.string("parent");
        let level = section.string("level");
        let aliases = section.strings("aliases");
        if let Some(level) = &level
            && !LEVELS.contains(&level.value)
        {
            mistakes.add(level.span.clone(), format!("there is no level `{}`", level.value), Some(one_of(level.value, &LEVELS)));
        }
        if let (Some(code), Some(name)) = (code, name) {
            codes.claim(&code, mistakes);
            if TAKEN_CODES.contains(&code.value.trim()) {
                let problem = format!("/regions/{}/ is a page of its own", code.value.trim());
                mistakes.add(code.span.clone(), problem, Some("choose another code".into()));
            }
            regions.own.push(OwnRegion {
                code: code.value.trim().to_owned(),
                name: name.value.trim().to_owned(),
                parent: parent.as_ref().map(|parent| parent.value.to_owned()),
                level: level.map(|level| level.value.to_owned()),
                aliases,
            });
            parents.extend(parent);
        }
        section.finish(&TOP);
    }
    for parent in parents {
        let builtin = regions.builtin && parent.value.len() == 6 && parent.value.bytes().all(|b| b.is_ascii_digit());
        if !builtin && !regions.own.iter().any(|region| region.code == parent.value) {
            let codes: Vec<&str> = regions.own.iter().map(|region| region.code.as_str()).collect();
            mistakes.add(parent.span, format!("no region has the code `{}`", parent.value), Some(one_of(parent.value, &codes)));
        } else if let Some(region) = regions.own.iter().find(|region| region.code == parent.value)
            && is_its_own_ancestor(region, &regions.own)
        {
            mistakes.add(parent.span, format!("`{}` would lie within itself", parent.value), Some("change one of the parents".into()));
        }
    }
    config.regions = regions;
}

fn is_its_own_ancestor(region: &OwnRegion, all: &[OwnRegion]) -> bool {
    let mut at = region;
    for _ in 0..all.len() {
        match at.parent.as_ref().and_then(|code| all.iter().find(|other| other.code == *code)) {
            Some(parent) if parent.code == region.code => return true,
            Some(parent) => at = parent,
            None => return false,
        }
    }
    false
}

/// `"引才"`, or `{ word = "引才", weight = 3 }`.
fn weighted_word<'t>(item: &Spanned<DeValue<'t>>, mistakes: &Mistakes<'t>) -> Option<WeightedWord> {
    match item.get_ref() {
        DeValue::String(word) if !word.trim().is_empty() => Some(WeightedWord { word: word.trim().to_owned(), weight: 1.0, whole: false }),
        DeValue::Table(table) => {
            let section = Section::new(table, item.span(), mistakes);
            let word = section.required("word", "引才");
            let weight = section.any("weight").map(|value| (number(value.get_ref()), value.span()));
            let weight = match weight {
                None => 1.0,
                Some((Some(weight), _)) if weight > 0.0 && weight <= 100.0 => weight,
                Some((_, span)) => {
                    mistakes.add(span, "`weight` must be a number above 0 and up to 100", Some("a plain word weighs 1".into()));
                    1.0
                }
            };
            let whole = section.boolean("whole").unwrap_or(false);
            section.finish(&[]);
            Some(WeightedWord { word: word?.value.trim().to_owned(), weight, whole })
        }
        _ => {
            let help = "write \"引才\", or { word = \"引才\", weight = 3 }".to_owned();
            mistakes.add(item.span(), "`words` must hold texts", Some(help));
            None
        }
    }
}

fn number(value: &DeValue) -> Option<f32> {
    match value {
        DeValue::Integer(number) => number.as_str().parse().ok(),
        DeValue::Float(number) => number.as_str().parse().ok(),
        _ => None,
    }
}

/// Names that must differ from each other, and the addresses that come from them.
struct Names {
    what: &'static str,
    seen: BTreeMap<String, std::ops::Range<usize>>,
}

impl Names {
    fn new(what: &'static str) -> Self {
        Self { what, seen: BTreeMap::new() }
    }

    fn claim(&mut self, name: &At<&str>, mistakes: &Mistakes) {
        if self.seen.insert(name.value.trim().to_owned(), name.span.clone()).is_some() {
            let help = Some("put both into one".into());
            mistakes.add(name.span.clone(), format!("the {} `{}` is there twice", self.what, name.value.trim()), help);
        }
    }

    /// `all` are names and slugs, the built-in ones included.
    fn check_slugs<'a>(&self, all: impl Iterator<Item = (&'a str, &'a str)>, mistakes: &Mistakes) {
        let mut taken: BTreeMap<String, &str> = BTreeMap::new();
        for (name, slug) in all {
            let Some(other) = taken.insert(slug.to_lowercase(), name).filter(|other| *other != name) else { continue };
            if let Some(span) = self.seen.get(name).or_else(|| self.seen.get(other)) {
                let help = Some("give one of them another `slug`".into());
                mistakes.add(span.clone(), format!("`{other}` and `{name}` both have the slug `{slug}`"), help);
            }
        }
    }
}

fn one_of(given: &str, known: &[&str]) -> String {
    match closest(given, known) {
        Some(guess) => format!("did you mean \"{guess}\"?"),
        None if known.is_empty() => "there are none yet".into(),
        None if known.len() == 1 => format!("there is `{}`", known[0]),
        None => format!("known are {}", quoted_list(known)),
    }
}

fn checked<T>(text: At<&str>, check: fn(&str) -> Result<T, Objection>, mistakes: &Mistakes) -> Option<T> {
    check(text.value.trim()).map_err(|(message, help)| mistakes.add(text.span, message, Some(help.into()))).ok()
}
