//! How the site looks: templates, styles, scripts and the words of the interface.
//!
//! `themes/default/` (compiled in) + `root/themes/<look>/` + `Config` ──► [`load`] ──► [`Look`]
//!
//! A file of the same name under the archive's own `themes/<look>/` replaces the built-in one; a locale
//! replaces it key by key. What comes out is complete: rendering touches no file.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::Diagnostic;

mod assets;
pub mod escape;
mod files;
mod filters;
mod key;
mod locale;
pub mod minify;
mod template;
mod tight;

pub use locale::Locale;

/// A look, ready to render with.
pub struct Look {
    pub templates: tera::Tera,
    /// What goes into the site as it is, by its path below `assets/`. The names carry a hash of the content.
    pub assets: BTreeMap<String, Arc<[u8]>>,
    pub locale: Arc<Locale>,
    keys: key::Keys,
    frames: tight::Frames,
    /// Where each template came from and its text, to show where one fails.
    sources: BTreeMap<String, template::Source>,
}

/// The configured look: the built-in files and what `root/themes/<look>/` puts in their place.
///
/// # Errors
/// A look or a language that does not exist, files that cannot be read, every template that cannot be parsed.
pub fn load(root: &Path, config: &Config) -> Result<Look, Vec<Diagnostic>> {
    let files = files::collect(root, &config.look)?;
    let locale = Arc::new(locale::load(&files, &config.language)?);
    let mut published = assets::publish(&files);
    published.add("search-later.js", search_later(&published.names, &locale).into_bytes());
    let assets::Published { assets, names } = published;
    let (mut templates, sources) = template::parse(&files)?;
    filters::register(&mut templates, &locale);
    let site = Site { title: &config.title, description: &config.description, base_url: config.base_url.as_deref() };
    let texts = sources.iter().map(|(name, source)| (name.clone(), source.text())).collect();
    let keys = key::Keys::of(&texts, &names, &(locale.words(), &config.language.0, &site));
    let globals = templates.global_context();
    globals.insert("t", locale.words());
    globals.insert("lang", &config.language.0);
    globals.insert("assets", &names);
    globals.insert("site", &site);
    Ok(Look { templates, assets, locale, keys, frames: tight::Frames::default(), sources })
}

/// A script with what the search page needs only after its first results, so that the page itself is small: how the
/// scripts that come later are called, and their words.
fn search_later(names: &BTreeMap<String, String>, locale: &Locale) -> String {
    let files: BTreeMap<_, _> = names.iter().filter(|(name, _)| name.starts_with("search") || name.starts_with("file-links")).collect();
    let words = locale.words().get("search").and_then(|search| search.get("later"));
    let [files, words] = [serde_json::json!(files), serde_json::json!(words)];
    format!("HuibianSearch.files={files};Object.assign(HuibianSearch.words,{words})")
}

/// What every template knows of the configuration.
#[derive(serde::Serialize)]
struct Site<'a> {
    title: &'a str,
    description: &'a str,
    base_url: Option<&'a str>,
}

impl Look {
    /// Stands for everything in the look that a template's pages depend on. `None`: there is no such template.
    pub fn key(&self, template: &str) -> Option<&[u8; 32]> {
        self.keys.get(template)
    }

    /// Renders one page, without needless space.
    ///
    /// # Errors
    /// The template fails: its file, line and text.
    pub fn render(&self, template: &str, context: &tera::Context) -> Result<Vec<u8>, Box<Diagnostic>> {
        let page = self.templates.render(template, context);
        let page = page.map_err(|error| Box::new(template::diagnose(&error, template, &self.sources)))?;
        Ok(self.frames.page(&page))
    }
}
