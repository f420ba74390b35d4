//! Colours code by classes, `hl-keyword` and the like: the site's policy allows no inline style.

use std::sync::OnceLock;

use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;

/// Longer listings stay plain: colouring costs about a second per megabyte.
const LONGEST: usize = 200_000;

/// HTML for the code: `<pre class="code"><code class="language-…">…</code></pre>`.
pub(super) fn code(code: &str, language: &str) -> String {
    let token = language.split([' ', ',', '{']).next().unwrap_or_default();
    let class = escape(token);
    let inner = coloured(code, token).unwrap_or_else(|| escape(code));
    let class = if class.is_empty() { String::new() } else { format!(" class=\"language-{class}\"") };
    format!("<pre class=\"code\"><code{class}>{inner}</code></pre>\n")
}

/// `None` for languages without a grammar.
fn coloured(code: &str, token: &str) -> Option<String> {
    static GRAMMARS: OnceLock<SyntaxSet> = OnceLock::new();
    if token.is_empty() || code.len() > LONGEST {
        return None;
    }
    let grammars = GRAMMARS.get_or_init(SyntaxSet::load_defaults_newlines);
    let grammar = grammars.find_syntax_by_token(token)?;
    let mut generator = ClassedHTMLGenerator::new_with_class_style(grammar, grammars, ClassStyle::SpacedPrefixed { prefix: "hl-" });
    for line in LinesWithEndings::from(code) {
        generator.parse_html_for_line_which_includes_newline(line).ok()?;
    }
    Some(generator.finalize())
}

/// Text that means itself in HTML, also inside an attribute in double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}
