//! Reads saved web pages. What becomes of them is Markdown: headings, lists and tables keep their form.

use htmd::HtmlToMarkdown;
use rustc_hash::FxHashMap;

use crate::source::decode;
use crate::source::office::Refused;
use crate::source::office::lines::Lines;

/// What belongs to the site around a text.
const AROUND: [&str; 16] = [
    "script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "button", "select", "iframe", "svg", "img",
    "head", "object",
];

/// Elements within each other: pages of old content systems nest tables thirty deep. The converter follows them down.
const DEEPEST: usize = 256;
/// What a page need not close, and what never holds anything: such elements end each other.
const OPEN: [&str; 11] = ["body", "br", "dd", "dt", "embed", "head", "hr", "img", "li", "meta", "p"];
/// The same, but not inside drawings and formulas.
const OPEN_IN_TEXT: [&str; 17] = [
    "area", "base", "col", "colgroup", "frame", "html", "input", "link", "option", "param", "source", "tbody", "td", "tfoot", "th",
    "thead", "tr",
];

pub(super) fn read(bytes: &[u8]) -> Result<Lines, Refused> {
    let page = decode(bytes).map_err(|problem| Refused::new(problem.reason, problem.help))?.text;
    if depth(&page) > DEEPEST {
        return Err(Refused::damaged("web page", "its elements are nested too deeply"));
    }
    let converter = HtmlToMarkdown::builder().skip_tags(AROUND.to_vec()).build();
    let markdown = converter.convert(&page).map_err(|error| Refused::damaged("web page", error))?;
    let mut lines = Lines::new("web page");
    // A rule at the beginning would be taken for front matter.
    lines.raw(markdown.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '+')));
    lines.raw("\n");
    Ok(lines)
}

/// How deep elements lie within each other at most, going by their tags alone: an end counts where its element is open.
fn depth(page: &str) -> usize {
    let page = page.to_ascii_lowercase();
    let in_text = !page.contains("<svg") && !page.contains("<math");
    let mut open: FxHashMap<&str, usize> = FxHashMap::default();
    let (mut depth, mut deepest) = (0_usize, 0);
    for tag in page.split('<').skip(1) {
        let (closes, name) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
        let name = &name[..name.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(name.len())];
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || OPEN.contains(&name) || in_text && OPEN_IN_TEXT.contains(&name) {
            continue;
        }
        let open = open.entry(name).or_default();
        if !closes {
            (*open, depth) = (*open + 1, depth + 1);
            deepest = deepest.max(depth);
        } else if *open > 0 {
            (*open, depth) = (*open - 1, depth - 1);
        }
    }
    deepest
}
