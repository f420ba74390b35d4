//! From a page to its bytes: the view as data, the template, the minifier.
//!
//! A page is made in two steps. What it shows is gathered, which is cheap, and has a key; where the last build had the same key
//! at the same address, its page still stands and the second step, template and minifier, is left out.

use serde::{Deserialize, Serialize};
use tera::Context;

use crate::diagnostic::Diagnostic;
use crate::document::Key;
use crate::look::escape;
use crate::site::path::SitePath;
use crate::site::view::Link;
use crate::site::{InsightPage, Page, Site, file, page};

type Rendered = Result<Vec<u8>, Box<Diagnostic>>;

/// What every page tells about itself.
#[derive(Debug, Default, Serialize)]
pub struct Frame {
    /// The page's own name, without the site's; empty on the home page.
    pub title: String,
    pub description: String,
    /// The entry of the main menu that this page belongs to.
    pub nav: &'static str,
    /// From the home page down, without the page itself.
    pub crumbs: Vec<Link>,
    /// Search engines should leave it out: later pages of lists, the search page.
    pub noindex: bool,
}

/// A page with everything that it shows gathered.
pub struct Prepared<'a> {
    /// Pages of one address, one look and one program with the same key are the same, byte for byte. `None` for what is as quickly
    /// written as looked over.
    pub key: Option<PageKey>,
    render: Box<dyn FnOnce() -> Rendered + 'a>,
}

/// Stands for everything that a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageKey(Key);

/// The template with the words of the tables: of the page that leads to them.
const TABLE_WORDS: &str = "figures.html";

impl<'a> Prepared<'a> {
    fn file(render: impl FnOnce() -> Vec<u8> + 'a) -> Self {
        Self { key: None, render: Box::new(move || Ok(render())) }
    }

    pub fn render(self) -> Rendered {
        (self.render)()
    }
}

pub fn prepare<'a>(site: &'a Site, page: &'a Page, path: &'a SitePath) -> Prepared<'a> {
    match page {
        Page::Home => html(site, path, "home.html", page::home::view(site)),
        Page::Reports { page } => html(site, path, "list.html", page::list::reports(site, *page)),
        Page::Report(id) => lazily(site, path, "report.html", page::report::depends(site, *id), || page::report::view(site, *id)),
        Page::Changes(id) => lazily(site, path, "changes.html", page::changes::depends(site, *id), || page::changes::view(site, *id)),
        Page::Reuse(id) => lazily(site, path, "reuse.html", page::reuse::depends(site, *id), || page::reuse::view(site, *id)),
        Page::Review => html(site, path, "review.html", page::review::view(site)),
        Page::Namesakes(slug) => html(site, path, "list.html", page::list::namesakes(site, slug)),
        Page::Compilations => html(site, path, "compilations.html", page::compilation::index(site)),
        Page::Compilation(id) => html(site, path, "compilation.html", page::compilation::view(site, *id)),
        Page::Regions => html(site, path, "regions.html", page::region_tree::tree(site)),
        Page::RegionIndex => html(site, path, "region_index.html", page::region_tree::index(site)),
        Page::Region { region, page } => html(site, path, "region.html", page::region::view(site, *region, *page)),
        Page::Unplaced { page } => html(site, path, "list.html", page::list::unplaced(site, *page)),
        Page::Themes => html(site, path, "themes.html", page::theme::index(site)),
        Page::Theme { theme, of, page } => {
            let depends = page::theme::depends(site, *theme, *of, *page);
            lazily(site, path, "theme.html", depends, || page::theme::view(site, *theme, *of, *page))
        }
        Page::Matrix => html(site, path, "matrix.html", page::matrix::view(site)),
        Page::Years => html(site, path, "index.html", page::list::years(site)),
        Page::Year { year, page } => html(site, path, "list.html", page::list::year(site, *year, *page)),
        Page::Undated { page } => html(site, path, "list.html", page::list::undated(site, *page)),
        Page::Kinds => html(site, path, "index.html", page::list::kinds(site)),
        Page::Kind { kind, page } => html(site, path, "list.html", page::list::kind(site, *kind, *page)),
        Page::Insight(page) => insight(site, page, path),
        Page::Compare => html(site, path, "compare.html", page::search::compare(site)),
        Page::Search => html(site, path, "search.html", page::search::view(site)),
        Page::NotFound => html(site, path, "404.html", page::search::not_found(site)),
        Page::Feed => Prepared::file(|| file::feed::render(site).into_bytes()),
        Page::Sitemap => Prepared::file(|| file::sitemap::render(site).into_bytes()),
        Page::SitemapPart(part) => Prepared::file(|| file::sitemap::render_part(site, *part).into_bytes()),
        Page::Robots => Prepared::file(|| file::sitemap::robots(site).into_bytes()),
        Page::ArchiveJson => Prepared::file(|| file::catalogue::json(site)),
        Page::ArchiveCsv => Prepared::file(|| file::catalogue::csv(site)),
    }
}

/// HTML that is put into a page when all else is ready. A report's text is most of its page, and tight as it is:
/// with neither template nor minifier working through it, a page takes half the time.
pub struct Slot {
    /// What the template puts where the HTML goes. No text can hold its own hash, so it stands nowhere else.
    pub tag: String,
    html: String,
}

impl Slot {
    pub fn of(html: String) -> Self {
        Self { tag: format!("<slot name={}></slot>", blake3::hash(html.as_bytes()).to_hex()), html }
    }

    fn put_into(&self, page: Vec<u8>) -> Vec<u8> {
        match String::from_utf8(page) {
            Ok(page) => page.replace(&self.tag, &self.html).into_bytes(),
            Err(error) => error.into_bytes(), // the minifier broke it; `check` will say so
        }
    }
}

fn insight<'a>(site: &'a Site, page: &'a InsightPage, path: &'a SitePath) -> Prepared<'a> {
    use page::insight::{figures, periods, phrases};
    match page {
        InsightPage::Periods => html(site, path, "periods.html", periods::view(site)),
        InsightPage::Phrases => html(site, path, "phrases.html", phrases::view(site)),
        InsightPage::Figures => html(site, path, "figures.html", figures::view(site)),
        InsightPage::Unit { unit, page } => {
            lazily(site, path, "unit.html", figures::unit_depends(site, *unit, *page), || figures::unit(site, *unit, *page))
        }
        InsightPage::FiguresCsv(table) => {
            let key = Key::of(&(site.look.key(TABLE_WORDS), figures::table_depends(site, *table)));
            Prepared { key: Some(PageKey(key)), render: Box::new(|| Ok(figures::csv(site, *table))) }
        }
    }
}

/// A page whose key is that of what it shows.
fn html<'a>(site: &'a Site, path: &'a SitePath, template: &'static str, (frame, view): (Frame, impl Serialize + 'a)) -> Prepared<'a> {
    let place = Standing::of(site, path);
    let key = Key::of(&(site.look.key(template), &place, &frame, &view));
    Prepared { key: Some(PageKey(key)), render: Box::new(move || rendered(site, template, &place, &frame, &view)) }
}

/// A page that shows much of its reports' texts, which is gathered only if `depends`, all that decides what it shows, is not what it was.
fn lazily<'a, G: Gathered>(
    site: &'a Site,
    path: &'a SitePath,
    template: &'static str,
    depends: impl Serialize,
    view: impl FnOnce() -> G + 'a,
) -> Prepared<'a> {
    let place = Standing::of(site, path);
    let key = Key::of(&(site.look.key(template), &place, depends));
    let render = move || {
        let (frame, view, slot) = view().parts();
        let page = rendered(site, template, &place, &frame, &view)?;
        Ok(match slot {
            Some(slot) => slot.put_into(page),
            None => page,
        })
    };
    Prepared { key: Some(PageKey(key)), render: Box::new(render) }
}

/// What a page shows: with a slot, or without.
trait Gathered {
    type View: Serialize;

    fn parts(self) -> (Frame, Self::View, Option<Slot>);
}

impl<V: Serialize> Gathered for (Frame, V) {
    type View = V;

    fn parts(self) -> (Frame, V, Option<Slot>) {
        (self.0, self.1, None)
    }
}

impl<V: Serialize> Gathered for (Frame, V, Slot) {
    type View = V;

    fn parts(self) -> (Frame, V, Option<Slot>) {
        (self.0, self.1, Some(self.2))
    }
}

/// What a page's address decides.
#[derive(Serialize)]
struct Standing {
    root: String,
    canonical: Option<String>,
}

impl Standing {
    fn of(site: &Site, path: &SitePath) -> Self {
        let base = site.config.base_url.as_ref().filter(|_| path.as_str() != "404.html");
        Self { root: root(site, path), canonical: base.map(|base| format!("{base}{}", path.href())) }
    }
}

/// Templates see `page` (the view), `frame` and `root`, beside what the look knows (`t`, `site`, `assets`, `lang`).
fn rendered(site: &Site, template: &str, place: &Standing, frame: &Frame, view: &impl Serialize) -> Rendered {
    let mut context = Context::new();
    context.insert("frame", frame);
    context.insert("page", view);
    context.insert("root", &place.root);
    context.insert("canonical", &place.canonical);
    site.look.render(template, &context)
}

/// What stands before every link. A server shows 404.html at any address, so its links start at the host.
fn root(site: &Site, path: &SitePath) -> String {
    if path.as_str() != "404.html" {
        return path.to_root();
    }
    let after_scheme = site.config.base_url.as_deref().and_then(|base| base.split_once("://")).map_or("", |(_, rest)| rest);
    let folder = after_scheme.find('/').map_or("/", |slash| &after_scheme[slash..]);
    escape::html(folder).into_owned()
}
