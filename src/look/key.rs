//! What a template's pages depend on in the look: so much of it, and no more, makes them change.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// For each template: stands for its own text, the templates that it extends or includes, those of the components that it uses,
/// and the words and assets that these name.
pub struct Keys(BTreeMap<String, [u8; 32]>);

impl Keys {
    /// `everywhere` is what any template may use: the words, the language, the site's title. `assets` are the published
    /// names of assets by their own.
    pub fn of(texts: &BTreeMap<String, &str>, assets: &BTreeMap<String, String>, everywhere: &impl Serialize) -> Self {
        let everywhere = serde_json::to_vec(everywhere).expect("words and names are always JSON");
        let components = components(texts);
        let keys = texts.keys().map(|name| {
            let mut hasher = blake3::Hasher::new();
            let mut add = |part: &str| {
                hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
            };
            for used in closure(name, texts, &components) {
                add(used);
                add(texts[used]);
                for (asset, published) in assets {
                    if may_name(texts[used], asset) {
                        add(published);
                    }
                }
            }
            hasher.update(&everywhere);
            (name.clone(), *hasher.finalize().as_bytes())
        });
        Self(keys.collect())
    }

    /// `None` for a template that does not exist.
    pub fn get(&self, template: &str) -> Option<&[u8; 32]> {
        self.0.get(template)
    }
}

/// Which template declares each component.
fn components<'a>(texts: &'a BTreeMap<String, &str>) -> BTreeMap<&'a str, &'a str> {
    texts.iter().flat_map(|(name, text)| after(text, "{% component ").map(move |rest| (word(rest), name.as_str()))).collect()
}

/// The template and all that it uses, those that these use, and so on.
fn closure<'a>(name: &'a str, texts: &'a BTreeMap<String, &str>, components: &BTreeMap<&'a str, &'a str>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![name];
    while let Some(name) = waiting.pop() {
        let Some((name, text)) = texts.get_key_value(name) else { continue };
        if !found.insert(name.as_str()) {
            continue;
        }
        let named = ["extends", "include"].into_iter().flat_map(|tag| after(text, tag)).map(quoted);
        let used = after(text, "<").filter_map(|rest| components.get(word(rest)).copied());
        waiting.extend(named.chain(used));
    }
    found
}

/// Whether a template may link to an asset. One that chooses among assets by a variable may link to any.
fn may_name(text: &str, asset: &str) -> bool {
    text.contains(asset) || after(text, "assets").any(|rest| !rest.trim_start().starts_with("[\"") && !rest.starts_with('/'))
}

fn after<'a>(text: &'a str, mark: &str) -> impl Iterator<Item = &'a str> {
    text.match_indices(mark).map(move |(at, found)| &text[at + found.len()..])
}

fn word(text: &str) -> &str {
    let text = text.trim_start();
    &text[..text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())]
}

fn quoted(text: &str) -> &str {
    text.trim_start().strip_prefix(['"', '\'', '`']).and_then(|rest| rest.split(['"', '\'', '`']).next()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_changes_with_what_the_template_uses_and_with_nothing_else() {
        let base = r#"<link href="assets/{{ assets["style.css"] }}">{% block main %}{% endblock main %}"#;
        let page = r#"{% extends "base.html" %}{% block main %}{{<item of={1} />}}{% endblock main %}"#;
        let other = r#"{% extends "base.html" %}<script src="assets/{{ assets["other.js"] }}">"#;
        let components = "{% component item(of) %}<li>{% endcomponent item %}";
        let texts = [("base.html", base), ("page.html", page), ("other.html", other), ("components.html", components)];
        let assets = [("style.css", "style.1.css"), ("other.js", "other.1.js")];
        let keys = |texts: &[(&str, &str)], assets: &[(&str, &str)], words: &str| {
            let texts = texts.iter().map(|(name, text)| (name.to_string(), *text)).collect();
            let assets = assets.iter().map(|(name, published)| (name.to_string(), published.to_string())).collect();
            Keys::of(&texts, &assets, &words)
        };
        let before = keys(&texts, &assets, "词");
        let changed = |after: &Keys| ["page.html", "other.html"].map(|name| before.get(name) != after.get(name));
        let with = |n: usize, text: &'static str| {
            let mut texts = texts;
            texts[n].1 = text;
            keys(&texts, &assets, "词")
        };
        assert_eq!(changed(&with(0, "{% block main %}{% endblock main %}")), [true, true], "both extend it");
        assert_eq!(changed(&with(1, "")), [true, false]);
        assert_eq!(changed(&with(2, "")), [false, true]);
        assert_eq!(changed(&with(3, "{% component item(of) %}<p>{% endcomponent item %}")), [true, false], "one uses the component");
        assert_eq!(changed(&keys(&texts, &[assets[0], ("other.js", "other.2.js")], "词")), [false, true]);
        assert_eq!(changed(&keys(&texts, &[("style.css", "style.2.css"), assets[1]], "词")), [true, true]);
        assert_eq!(changed(&keys(&texts, &assets, "字")), [true, true]);
    }
}
