//! Every link of the site leads somewhere: to a file that is there and, behind a `#`, to an element that is there.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use crate::check::html;
use crate::diagnostic::{Diagnostic, Place};
use crate::site::{Body, Entry, Site, SitePath};

/// What was looked at, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Links {
    pub pages: usize,
    pub links: usize,
    pub problems: Vec<Diagnostic>,
}

/// One page: what it can be led to, and where it leads.
struct Looked<'s> {
    path: &'s SitePath,
    ids: HashSet<String>,
    links: Vec<String>,
    /// Files that the browser loads with the page.
    parts: Vec<String>,
}

/// Renders every page and follows its links within the site.
pub fn links(site: &Site) -> Links {
    let rendered: Vec<Result<Looked, Box<Diagnostic>>> = site
        .entries
        .par_iter()
        .filter(|(path, entry)| matches!(entry, Entry::Page(_)) && path.as_str().ends_with(".html"))
        .map(|(path, _)| look_at(site, path))
        .collect();
    let mut result = Links { pages: rendered.len(), ..Links::default() };
    let (looked, broken): (Vec<_>, Vec<_>) = rendered.into_iter().partition(Result::is_ok);
    result.problems.extend(broken.into_iter().filter_map(Result::err).map(|problem| *problem));
    let looked: Vec<Looked> = looked.into_iter().flatten().collect();
    let ids: HashMap<&str, &HashSet<String>> = looked.iter().map(|page| (page.path.as_str(), &page.ids)).collect();
    // A broken link often stands on many pages: it is told once, with the first of them and their number.
    let mut wrong: BTreeMap<(&'static str, String), (&SitePath, usize)> = BTreeMap::new();
    for page in &looked {
        result.links += page.links.len() + page.parts.len();
        let links = page.links.iter().filter_map(|link| broken_link(site, &ids, page, link));
        let parts = page.parts.iter().filter_map(|part| foreign_part(part).or_else(|| broken_link(site, &ids, page, part)));
        for problem in links.chain(parts) {
            wrong.entry(problem).or_insert((page.path, 0)).1 += 1;
        }
    }
    result.problems.extend(wrong.into_iter().map(|((code, message), (page, count))| {
        let problem = Diagnostic::error(code, message).at(Place::file(format!("/{page}")));
        if count > 1 { problem.note(format!("and on {} more", pages(count - 1))) } else { problem }
    }));
    result
}

fn pages(count: usize) -> String {
    format!("{count} page{}", if count == 1 { "" } else { "s" })
}

fn look_at<'s>(site: &'s Site, path: &'s SitePath) -> Result<Looked<'s>, Box<Diagnostic>> {
    let mut page = Looked { path, ids: HashSet::new(), links: Vec::new(), parts: Vec::new() };
    let body = match site.body(path) {
        Some(Ok(Body::Bytes(bytes))) => bytes,
        Some(Err(problem)) => return Err(problem),
        Some(Ok(Body::Upload(_))) | None => return Ok(page),
    };
    let text = String::from_utf8_lossy(&body);
    for tag in html::tags(&text) {
        page.ids.extend(tag.attribute("id").map(str::to_owned));
        let href = tag.attribute("href").map(str::to_owned);
        match tag.name {
            "link" if tag.attribute("rel").is_some_and(|rel| rel.contains("stylesheet") || rel.contains("icon")) => page.parts.extend(href),
            "link" => {}
            _ => page.links.extend(href),
        }
        page.parts.extend(tag.attribute("src").map(str::to_owned));
    }
    Ok(page)
}

type Wrong = (&'static str, String);

fn foreign_part(part: &str) -> Option<Wrong> {
    let foreign = part.starts_with("//") || part.starts_with("http://") || part.starts_with("https://");
    foreign.then(|| ("external-request", format!("the page loads `{part}` from elsewhere")))
}

fn broken_link(site: &Site, ids: &HashMap<&str, &HashSet<String>>, page: &Looked, link: &str) -> Option<Wrong> {
    let (address, fragment) = link.split_once('#').unwrap_or((link, ""));
    let address = address.split('?').next().unwrap_or_default();
    if has_scheme(address) || address.starts_with("//") {
        return None;
    }
    let file = match resolve(site, page.path, address) {
        Some(file) => file,
        None => return Some(("broken-link", format!("the link `{link}` leads out of the site"))),
    };
    if !site.entries.contains_key(&SitePath::new(file.as_str())) {
        return Some(("broken-link", format!("the link `{link}` leads nowhere: there is no /{file}")));
    }
    let fragment = percent_decoded(fragment);
    let lost = !fragment.is_empty() && fragment != "top" && ids.get(file.as_str()).is_some_and(|ids| !ids.contains(&fragment));
    lost.then(|| ("broken-anchor", format!("the link `{link}` leads to a place that /{file} does not have")))
}

/// `mailto:`, `https:`, `data:`
fn has_scheme(address: &str) -> bool {
    address
        .split_once(':')
        .is_some_and(|(scheme, _)| !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)))
}

/// The file of the site that an address on a page means; `None` where it leads above the site's first page.
fn resolve(site: &Site, from: &SitePath, address: &str) -> Option<String> {
    let address = percent_decoded(address);
    let (base, relative) = match address.strip_prefix('/') {
        // From the root of the host: below the path at which the site will be published.
        Some(_) => {
            let url = site.config.base_url.as_deref().unwrap_or("http://localhost/");
            let below = url.splitn(4, '/').nth(3).map_or_else(|| "/".to_owned(), |path| format!("/{path}"));
            let relative = address.strip_prefix(&below)?;
            (Vec::new(), if relative.is_empty() { "./".to_owned() } else { relative.to_owned() })
        }
        None => {
            let mut base: Vec<&str> = from.as_str().split('/').collect();
            base.pop();
            (base, address)
        }
    };
    if relative.is_empty() {
        return Some(from.as_str().to_owned());
    }
    let mut parts: Vec<&str> = base;
    let mut is_folder = false;
    for part in relative.split('/') {
        is_folder = matches!(part, "" | "." | "..");
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    if is_folder {
        parts.push("index.html");
    }
    Some(parts.join("/"))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = (byte == b'%').then(|| after.get(..2)).flatten().and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
