//! Renders Markdown events to safe HTML and to plain text.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag, TagEnd, html};

use crate::diagnostic::{Diagnostic, Place};
use crate::document::highlight::{self, escape};
use crate::document::join::joiner;
use crate::source::Source;

/// One block with and without its markup.
pub(super) struct Marked {
    pub html: String,
    pub text: String,
}

/// Renders block after block; footnotes are numbered through the document.
pub(super) struct Inline<'s> {
    source: &'s Source,
    footnotes: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Stands inside emphasis marks while CommonMark is parsed: without it `**“重建”**的` is no emphasis, for `”` is
/// punctuation and `的` a letter. Taken out again of everything that is shown.
const OPENER: char = '\u{200b}';

impl<'s> Inline<'s> {
    pub fn new(source: &'s Source) -> Self {
        Self { source, footnotes: Vec::new(), diagnostics: Vec::new() }
    }

    /// One top-level block.
    pub fn render<'e>(&mut self, events: Vec<(Event<'e>, Range<usize>)>, line_of: &dyn Fn(usize) -> u32) -> Marked {
        let mut text = String::new();
        let mut safe: Vec<Event<'e>> = Vec::with_capacity(events.len());
        let mut code: Option<(String, String)> = None;
        // Links and images that may not stay: their ends go too.
        let mut dropped: Vec<bool> = Vec::new();
        let mut broken = false;
        for (event, range) in events {
            if broken && let Event::Text(next) | Event::Code(next) = &event {
                let next = next.replace(OPENER, "");
                let space = between(&text, &next);
                text.push_str(space);
                if !space.is_empty() {
                    safe.push(Event::SoftBreak);
                }
                broken = next.is_empty();
            }
            match event {
                Event::Text(part) => {
                    let part = shown(part);
                    match &mut code {
                        Some((_, listing)) => listing.push_str(&part),
                        None => safe.push(Event::Text(part.clone())),
                    }
                    text.push_str(&part);
                }
                Event::Code(part) => {
                    let part = shown(part);
                    text.push_str(&part);
                    safe.push(Event::Code(part));
                }
                Event::Html(raw) | Event::InlineHtml(raw) => {
                    text.push_str(&raw);
                    safe.push(Event::Text(shown(raw)));
                }
                Event::Start(Tag::HtmlBlock) => safe.push(Event::Start(Tag::Paragraph)),
                Event::End(TagEnd::HtmlBlock) => safe.push(Event::End(TagEnd::Paragraph)),
                Event::SoftBreak => broken = true,
                Event::HardBreak => {
                    text.push('\n');
                    safe.push(Event::HardBreak);
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let language = match kind {
                        CodeBlockKind::Fenced(language) => language.to_string(),
                        CodeBlockKind::Indented => String::new(),
                    };
                    code = Some((language, String::new()));
                }
                Event::End(TagEnd::CodeBlock) => {
                    let (language, listing) = code.take().unwrap_or_default();
                    safe.push(Event::Html(highlight::code(&listing, &language).into()));
                }
                Event::Start(Tag::Link { ref dest_url, .. }) => {
                    let keep = self.check(dest_url, "link", line_of(range.start));
                    dropped.push(!keep);
                    if keep {
                        safe.push(event);
                    }
                }
                Event::End(TagEnd::Link) => {
                    if dropped.pop() == Some(false) {
                        safe.push(event);
                    }
                }
                // The site loads nothing from elsewhere and publishes no pictures: the description stays, as a link
                // where there is one to follow.
                Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                    let remote = scheme(&dest_url).is_some();
                    let inside = dropped.contains(&false);
                    let keep = remote && !inside && self.check(&dest_url, "picture", line_of(range.start));
                    if !keep {
                        self.left_out(&dest_url, line_of(range.start));
                    }
                    dropped.push(!keep);
                    if keep {
                        safe.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
                    }
                }
                Event::End(TagEnd::Image) => {
                    if dropped.pop() == Some(false) {
                        safe.push(Event::End(TagEnd::Link));
                    }
                }
                Event::FootnoteReference(name) => {
                    let number = self.footnote(&name);
                    text.push_str(&format!("[{number}]"));
                    let name = escape(&name);
                    safe.push(Event::InlineHtml(
                        format!("<sup class=\"footnote-reference\"><a href=\"#fn-{name}\">{number}</a></sup>").into(),
                    ));
                }
                Event::Start(Tag::FootnoteDefinition(name)) => {
                    let number = self.footnote(&name);
                    text.push_str(&format!("[{number}] "));
                    let name = escape(&name);
                    let open = format!(
                        "<div class=\"footnote-definition\" id=\"fn-{name}\"><sup class=\"footnote-definition-label\">{number}</sup>"
                    );
                    safe.push(Event::Html(open.into()));
                }
                Event::End(TagEnd::FootnoteDefinition) => safe.push(Event::Html("</div>\n".into())),
                other => {
                    separate(&mut text, &other);
                    safe.push(other);
                }
            }
        }
        let mut out = String::new();
        html::push_html(&mut out, safe.into_iter());
        Marked { html: out, text: text.trim().to_owned() }
    }

    fn footnote(&mut self, name: &str) -> usize {
        match self.footnotes.iter().position(|known| known == name) {
            Some(at) => at + 1,
            None => {
                self.footnotes.push(name.to_owned());
                self.footnotes.len()
            }
        }
    }

    /// Whether the address may stand in a page: http, https, mailto, or a place within the site.
    fn check(&mut self, address: &str, what: &str, line: u32) -> bool {
        let address = address.trim();
        let safe = match scheme(address) {
            Some(scheme) => ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known)),
            // `//host/…` leaves the site as well, by a way that depends on where the page stands.
            None => !address.starts_with("//") && !address.contains(|c: char| c.is_control()),
        };
        if !safe {
            let problem = Diagnostic::warning("unsafe-link", format!("the {what} to `{address}` is left out, its text stays"));
            self.diagnostics.push(problem.at(self.place(line)).help("only http, https, mailto and relative addresses can be linked"));
        }
        safe
    }

    fn left_out(&mut self, address: &str, line: u32) {
        let problem = Diagnostic::warning("picture", format!("the picture `{address}` is left out, its description stays"));
        self.diagnostics.push(problem.at(self.place(line)).help("pictures are not published; describe them in the text"));
    }

    fn place(&self, line: u32) -> Place {
        Place::line(self.source.path.to_string(), line).with_excerpt(self.source.text.line(line))
    }
}

/// What stands before the colon of an address, where that is a scheme and not a path.
fn scheme(address: &str) -> Option<&str> {
    let end = address.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-' | '.'))?;
    // A control character or space before the colon hides a scheme from us but not from a browser.
    (address[end..].starts_with(':') || address[end..].starts_with(|c: char| c.is_control() || c.is_whitespace())).then(|| &address[..end])
}

/// Plain text keeps blocks, items and cells apart.
fn separate(text: &mut String, event: &Event<'_>) {
    match event {
        Event::End(
            TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_) | TagEnd::TableRow | TagEnd::TableHead | TagEnd::BlockQuote(_),
        ) => {
            let kept = text.trim_end_matches(['\n', '\t']).len();
            text.truncate(kept);
            text.push('\n');
        }
        Event::End(TagEnd::TableCell) => text.push('\t'),
        Event::Start(Tag::List(_)) if !text.is_empty() && !text.ends_with('\n') => text.push('\n'),
        _ => {}
    }
}

/// Between two lines of one paragraph: nothing where one of the sides is Chinese, a space between words.
pub(super) fn between(before: &str, next: &str) -> &'static str {
    let wide = |c: Option<char>| c.is_some_and(|c| c >= '\u{2e80}' || matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '•' | '·'));
    if before.is_empty() || wide(before.chars().next_back()) || wide(next.chars().next()) {
        return "";
    }
    match joiner(before, next) {
        "" if !before.ends_with(char::is_whitespace) => " ",
        space => space,
    }
}

fn shown<'e>(text: CowStr<'e>) -> CowStr<'e> {
    if text.contains(OPENER) { text.replace(OPENER, "").into() } else { text }
}

/// The text with [`OPENER`]s inside emphasis marks that CommonMark would not see between Chinese punctuation and letters.
/// It has the same lines.
pub(super) fn open_emphasis(text: &str) -> Cow<'_, str> {
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric());
    let is_punctuation =
        |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control() && c != '*' && c > '\u{7f}');
    // Where to put what.
    let mut marks: Vec<(usize, char)> = Vec::new();
    let mut fenced = false;
    let mut open = [false; 4];
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            fenced = !fenced;
        }
        if trimmed.is_empty() || fenced {
            open = [false; 4];
        } else {
            let blanked = blanks(line);
            let mut at = 0;
            while let Some(found) = line[at..].find(['*', '`', '\\']) {
                let begin = at + found;
                let mark = line.as_bytes()[begin];
                let length = if mark == b'\\' { 1 } else { line[begin..].bytes().take_while(|&b| b == mark).count() };
                at = begin + length;
                match mark {
                    b'\\' => at += line[at..].chars().next().map_or(0, char::len_utf8),
                    // A code span: on to its end, where it has one in this line.
                    b'`' => at += line[at..].find(&line[begin..at]).map_or(0, |end| end + length),
                    _ if blanked.contains(&begin) => marks.extend((begin..at).map(|star| (start + star, '\\'))),
                    _ if length <= 3 => {
                        let (before, after) = (line[..begin].chars().next_back(), line[at..].chars().next());
                        if open[length] && is_punctuation(before) && is_letter(after) {
                            marks.push((start + begin, OPENER));
                        } else if !open[length] && is_letter(before) && is_punctuation(after) {
                            marks.push((start + at, OPENER));
                        }
                        open[length] = !open[length];
                    }
                    _ => {}
                }
            }
        }
        start += line.len();
    }
    if marks.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut opened = String::with_capacity(text.len() + marks.len() * OPENER.len_utf8());
    let mut at = 0;
    for (mark, what) in marks {
        opened.push_str(&text[at..mark]);
        opened.push(what);
        at = mark;
    }
    opened.push_str(&text[at..]);
    Cow::Owned(opened)
}

/// Where in a line asterisks blank a place, `**市…**县`: two runs in a row with a place's generic part behind each. Between
/// them CommonMark would see emphasis.
fn blanks(line: &str) -> Vec<usize> {
    let runs: Vec<(usize, usize)> = line
        .match_indices("**")
        .filter(|&(at, _)| !line[..at].ends_with('*'))
        .map(|(at, _)| (at, at + line[at..].bytes().take_while(|&b| b == b'*').count()))
        .collect();
    let blanks = |&(_, end): &(usize, usize)| {
        let mut after = line[end..].chars();
        // 市级, 区域, 市场 are words.
        after.next().is_some_and(|c| "省市县区州盟旗镇乡村".contains(c))
            && after.next().is_none_or(|c| !"域间分别块位场长帜略级".contains(c))
    };
    // In an indented listing an escape would show.
    let pairs = runs.chunks_exact(2).filter(|_| !line.starts_with("    ") && !line.starts_with('\t'));
    pairs.filter(|pair| pair.iter().all(blanks)).flat_map(|pair| [pair[0].0, pair[1].0]).collect()
}
