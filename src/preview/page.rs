//! What the preview adds to a page: a script that reloads it and shows what is wrong.

use std::sync::LazyLock;

use crate::preview::Shown;

/// Addresses of the preview's own, which no site has.
pub const SCRIPT_PATH: &str = "/_huibian/preview.js";
pub const STYLE_PATH: &str = "/_huibian/preview.css";
pub const EVENTS_PATH: &str = "/_huibian/events";

pub const SCRIPT: &str = include_str!("preview.js");
pub const STYLE: &str = include_str!("preview.css");

/// Stands for script and style: behind their addresses, so that a browser may keep them.
static EDITION: LazyLock<String> = LazyLock::new(|| blake3::hash([SCRIPT, STYLE].concat().as_bytes()).to_hex()[..8].to_owned());

/// How long a browser may keep what has a name that changes with what it holds.
pub const KEPT: &str = "max-age=31536000, immutable";

/// The page with the preview's script. The file that `build` writes does not have it.
pub fn with_script(html: &[u8], version: &str) -> Vec<u8> {
    let tags = format!(
        r#"<link rel="stylesheet" href="{STYLE_PATH}?{0}"><script src="{SCRIPT_PATH}?{0}" data-version="{version}" defer></script>"#,
        *EDITION
    );
    let end = html.windows(7).rposition(|part| part == b"</body>").unwrap_or(html.len());
    [&html[..end], tags.as_bytes(), &html[end..]].concat()
}

/// A page of its own, for when there is no page to show the problems over.
pub fn problems(shown: &Shown, title: &str, problems: &[String]) -> Vec<u8> {
    let list: String = problems.iter().map(|problem| format!("<pre>{}</pre>", escape(problem))).collect();
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title></head><body class=\"huibian-problems-page\"><h1>{title}</h1>{list}\
         <p>This page reloads when the archive changes.</p></body></html>"
    );
    with_script(page.as_bytes(), &shown.version)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
