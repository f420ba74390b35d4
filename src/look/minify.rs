//! Makes pages, styles and scripts small.

use std::panic::{AssertUnwindSafe, catch_unwind};

use minify_html::Cfg;

/// A page without needless space. Stays valid HTML.
pub fn html(page: &str) -> Vec<u8> {
    let cfg = Cfg { keep_closing_tags: true, keep_html_and_head_opening_tags: true, ..Cfg::default() };
    guarded(page.as_bytes(), || minify_html::minify(page.as_bytes(), &cfg))
}

/// A style sheet. What cannot be parsed stays as it is.
pub fn css(sheet: &[u8]) -> Vec<u8> {
    wrapped(sheet, "style", &Cfg { minify_css: true, keep_closing_tags: true, ..Cfg::default() })
}

/// A classic script. What cannot be parsed stays as it is.
pub fn js(script: &[u8]) -> Vec<u8> {
    // A comment above the first statement would be kept, as licences often stand there.
    let mut code = script;
    while code.starts_with(b"//") {
        code = code.iter().position(|&byte| byte == b'\n').map_or(&[], |end| &code[end + 1..]);
    }
    wrapped(code, "script", &Cfg { minify_js: true, keep_closing_tags: true, ..Cfg::default() })
}

/// The library sees styles and scripts only inside their elements.
fn wrapped(code: &[u8], element: &str, cfg: &Cfg) -> Vec<u8> {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    if code.windows(2).any(|pair| pair == b"</") {
        return code.to_vec(); // it might end the element
    }
    let page = [open.as_bytes(), code, close.as_bytes()].concat();
    let small = guarded(&page, || minify_html::minify(&page, cfg));
    match small.strip_prefix(open.as_bytes()).and_then(|rest| rest.strip_suffix(close.as_bytes())) {
        Some(inner) => inner.to_vec(),
        None => code.to_vec(),
    }
}

/// minify-html has open reports of panics on odd input; the original is always good enough.
fn guarded(original: &[u8], work: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| original.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_stay_whole() {
        let page = "<!doctype html><html lang=\"zh\"><head><title>甲</title></head>\n<body>\n  <p>　　乙</p>\n</body></html>";
        let small = String::from_utf8(html(page)).unwrap();
        assert!(small.len() < page.len());
        for part in ["<head>", "</p>", "　　乙", "</html>"] {
            assert!(small.contains(part), "{part} in {small}");
        }
    }

    #[test]
    fn styles_and_scripts_lose_their_comments() {
        assert_eq!(css(b"/* x */ a { color: red; }"), b"a{color:red}");
        let small = js(b"// x\n(() => {\n  const name = 1;\n  document.title = name;\n})();\n");
        assert!(!small.is_empty() && !small.windows(2).any(|pair| pair == b"//"));
    }

    #[test]
    fn broken_code_stays_as_it_is() {
        assert_eq!(js(b"let = = ;"), b"let = = ;");
    }
}
