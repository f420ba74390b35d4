//! Pages that scripts fill: the search and the comparison; and the page for addresses that do not exist.

use serde::Serialize;

use crate::site::Site;
use crate::site::render::Frame;

/// All that search shows is made by its scripts; the template holds the shell.
#[derive(Debug, Serialize)]
pub struct View {
    /// What the scripts say, as JSON.
    words: String,
}

pub fn view(site: &Site) -> (Frame, View) {
    let t = &site.look.locale;
    let frame = Frame { title: t.text("search.title").into(), nav: "search", noindex: true, ..Frame::default() };
    let words = t.words().get("search").and_then(|search| search.get("script"));
    (frame, View { words: words.map_or_else(String::new, |words| serde_json::to_string(words).expect("a table of texts is JSON")) })
}

pub fn compare(site: &Site) -> (Frame, ()) {
    (Frame { title: site.look.locale.text("compare.title").into(), noindex: true, ..Frame::default() }, ())
}

pub fn not_found(site: &Site) -> (Frame, ()) {
    let frame = Frame { title: site.look.locale.text("not_found.title").into(), noindex: true, ..Frame::default() };
    (frame, ())
}
