//! Reads saved web pages. What becomes of them is Markdown: headings, lists and tables keep their form.

use htmd::HtmlToMarkdown;

use crate::source::decode;
use crate::source::office::Refused;
use crate::source::office::lines::Lines;

/// What belongs to the site around a text.
const AROUND: [&str; 16] = [
    "script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "button", "select", "iframe", "svg", "img",
    "head", "object",
];

pub(super) fn read(bytes: &[u8]) -> Result<Lines, Refused> {
    let page = decode(bytes).map_err(|problem| Refused::new(problem.reason, problem.help))?.text;
    let converter = HtmlToMarkdown::builder().skip_tags(AROUND.to_vec()).build();
    let markdown = converter.convert(&page).map_err(|error| Refused::damaged("web page", error))?;
    let mut lines = Lines::new("web page");
    // A rule at the beginning would be taken for front matter.
    lines.raw(markdown.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '+')));
    lines.raw("\n");
    Ok(lines)
}
