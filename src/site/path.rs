//! Where a file of the site lies, and how a page links to it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::archive::Slug;
use crate::look::escape::percent;
use crate::source::SourcePath;

/// A file of the site, relative to its root: `reports/<slug>/index.html`. Decoded, `/` between the parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SitePath(String);

impl SitePath {
    pub fn new(path: impl Into<String>) -> Self {
        Self(path.into())
    }

    /// The page of a folder: `themes` → `themes/index.html`.
    pub fn folder(folder: &str) -> Self {
        Self(if folder.is_empty() { "index.html".into() } else { format!("{folder}/index.html") })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address from the site's root, percent-encoded, without `index.html`; empty for the home page.
    pub fn href(&self) -> String {
        percent(self.0.strip_suffix("index.html").filter(|rest| rest.is_empty() || rest.ends_with('/')).unwrap_or(&self.0))
    }

    /// The way from this file up to the site's root: `../../`; `./` at the root itself.
    pub fn to_root(&self) -> String {
        match self.0.matches('/').count() {
            0 => "./".into(),
            depth => "../".repeat(depth),
        }
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One page of a list that goes over several: the first is the folder itself, the others `page/<n>/` below it.
pub fn list_page(folder: &str, page: usize) -> SitePath {
    if page <= 1 { SitePath::folder(folder) } else { SitePath::folder(&format!("{folder}/page/{page}")) }
}

pub fn report(slug: &Slug) -> SitePath {
    SitePath::folder(&format!("reports/{slug}"))
}

/// What changed in a report since the one that it continues.
pub fn changes(slug: &Slug) -> SitePath {
    SitePath::folder(&format!("reports/{slug}/changes"))
}

/// Which passages of a report also stand in others.
pub fn reuse(slug: &Slug) -> SitePath {
    SitePath::folder(&format!("reports/{slug}/reuse"))
}

/// An upload, byte for byte.
pub fn original(source: &SourcePath) -> SitePath {
    SitePath::new(format!("files/{}", source.as_str()))
}

pub fn compilation(slug: &Slug) -> SitePath {
    SitePath::folder(&format!("compilations/{slug}"))
}

/// Codes come from the configuration too, so they are made safe.
pub fn region_folder(code: &str) -> String {
    format!("regions/{}", Slug::new(code))
}

pub fn theme_folder(slug: &Slug) -> String {
    format!("themes/{slug}")
}

pub fn year_folder(year: i32) -> String {
    format!("years/{year}")
}

pub fn kind_folder(slug: &Slug) -> String {
    format!("kinds/{slug}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_folders_and_lead_back() {
        for (path, href, root) in [
            ("index.html", "", "./"),
            ("404.html", "404.html", "./"),
            ("reports/安/index.html", "reports/%E5%AE%89/", "../../"),
            ("themes/a/page/2/index.html", "themes/a/page/2/", "../../../../"),
            ("files/a b/myindex.html", "files/a%20b/myindex.html", "../../"),
        ] {
            let path = SitePath::new(path);
            assert_eq!(path.href(), href);
            assert_eq!(path.to_root(), root);
        }
    }
}
