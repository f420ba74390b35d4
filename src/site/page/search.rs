//! The search page, and the page for addresses that do not exist.

use serde::Serialize;

use crate::site::Site;
use crate::site::render::Frame;

/// All that search shows is made by its script; the template holds the shell and the words.
#[derive(Debug, Serialize)]
pub struct View {
    /// How many reports there are to search.
    reports: usize,
}

pub fn view(site: &Site) -> (Frame, View) {
    let t = &site.look.locale;
    let frame = Frame { title: t.text("search.title").into(), nav: "search", noindex: true, ..Frame::default() };
    (frame, View { reports: site.archive.reports.len() })
}

pub fn not_found(site: &Site) -> (Frame, View) {
    let t = &site.look.locale;
    let frame = Frame { title: t.text("not_found.title").into(), noindex: true, ..Frame::default() };
    (frame, View { reports: site.archive.reports.len() })
}
