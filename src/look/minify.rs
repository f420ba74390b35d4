//! Makes pages, styles and scripts small.

use std::panic::{AssertUnwindSafe, catch_unwind};

use minify_html::Cfg;
use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions, CommentOptions};
use oxc_minifier::{Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;

/// A page without needless space. Stays valid HTML.
pub fn html(page: &str) -> Vec<u8> {
    let cfg = Cfg { keep_closing_tags: true, keep_html_and_head_opening_tags: true, ..Cfg::default() };
    guarded(page.as_bytes(), || minify_html::minify(page.as_bytes(), &cfg))
}

/// A style sheet. What cannot be parsed stays as it is.
pub fn css(sheet: &[u8]) -> Vec<u8> {
    if sheet.windows(2).any(|pair| pair == b"</") {
        return sheet.to_vec(); // it might end the element that the library wants around it
    }
    let page = [b"<style>", sheet, b"</style>"].concat();
    let cfg = Cfg { minify_css: true, keep_closing_tags: true, ..Cfg::default() };
    let small = guarded(&page, || minify_html::minify(&page, &cfg));
    small.strip_prefix(b"<style>").and_then(|rest| rest.strip_suffix(b"</style>")).unwrap_or(sheet).to_vec()
}

/// A classic script; names inside functions become short. What cannot be parsed stays as it is.
pub fn js(script: &[u8]) -> Vec<u8> {
    guarded(script, || shortened(script).unwrap_or_else(|| script.to_vec()))
}

/// Through the parts that minify-html uses as well: it prints names as they were, although it has found shorter ones.
fn shortened(script: &[u8]) -> Option<Vec<u8>> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, std::str::from_utf8(script).ok()?, SourceType::default().with_script(true)).parse();
    if !parsed.errors.is_empty() {
        return None;
    }
    let mut program = parsed.program;
    let found = Minifier::new(MinifierOptions::default()).minify(&allocator, &mut program);
    let options = CodegenOptions { minify: true, comments: CommentOptions::disabled(), ..CodegenOptions::default() };
    let code = Codegen::new()
        .with_options(options)
        .with_scoping(found.scoping)
        .with_private_member_mappings(found.class_private_mappings)
        .build(&program)
        .code;
    Some(code.into_bytes())
}

/// The libraries have open reports of panics on odd input; the original is always good enough.
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
        let small = js(b"/*! x */ // x\n(() => {\n  class Shelf {\n    #long = 1;\n    put(name) {\n      this.#long += name;\n    }\n  }\n  globalThis.shelf = new Shelf();\n})();\n");
        let small = String::from_utf8(small).unwrap();
        assert!(small.contains("globalThis.shelf") && small.contains("put("), "what others may use keeps its name: {small}");
        for gone in ["//", "/*", "name", "#long", "Shelf"] {
            assert!(!small.contains(gone), "{gone} in {small}");
        }
    }

    #[test]
    fn broken_code_stays_as_it_is() {
        assert_eq!(js(b"let = = ;"), b"let = = ;");
    }
}
