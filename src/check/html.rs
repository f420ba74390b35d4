//! Finds the attributes of a page's elements. Knows as much of HTML as pages that minify-html has written need.

use std::borrow::Cow;

/// The attributes of one start tag, in order.
pub struct Tag<'p> {
    /// Lower case, as the minifier writes it.
    pub name: &'p str,
    pub attributes: Vec<(&'p str, Cow<'p, str>)>,
}

impl Tag<'_> {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_ref())
    }
}

/// Every start tag of a page. What stands in comments, scripts and styles is text.
pub fn tags(page: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = page;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[rest.find('<')?..];
            if let Some(comment) = rest.strip_prefix("<!--") {
                rest = &comment[comment.find("-->")? + 3..];
            } else if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
                let (tag, after) = start_tag(&rest[1..]);
                rest = after;
                if tag.name == "script" || tag.name == "style" {
                    rest = &rest[rest.find(if tag.name == "script" { "</script" } else { "</style" }).unwrap_or(rest.len())..];
                }
                return Some(tag);
            } else {
                rest = &rest[1..];
            }
        }
    })
}

fn is_space(c: char) -> bool {
    c.is_ascii_whitespace()
}

/// `text` begins with the element's name. Hands back what follows the tag.
fn start_tag(text: &str) -> (Tag<'_>, &str) {
    let (name, mut rest) = text.split_at(text.find(|c| is_space(c) || c == '>' || c == '/').unwrap_or(text.len()));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c| is_space(c) || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (Tag { name, attributes }, after);
        }
        let (attribute, after) = rest.split_at(rest.find(|c| is_space(c) || "=>/".contains(c)).unwrap_or(rest.len()));
        if attribute.is_empty() {
            // The page ends inside the tag, or a stray `=` stands where a name should.
            let skipped = after.chars().next().map_or(0, char::len_utf8);
            if skipped == 0 {
                return (Tag { name, attributes }, after);
            }
            rest = &after[skipped..];
            continue;
        }
        let (value, after) = match after.trim_start_matches(is_space).strip_prefix('=') {
            None => ("", after),
            Some(value) => attribute_value(value.trim_start_matches(is_space)),
        };
        attributes.push((attribute, decoded(value)));
        rest = after;
    }
}

fn attribute_value(text: &str) -> (&str, &str) {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].split_once(quote).unwrap_or((&text[1..], "")),
        _ => text.split_at(text.find(|c| is_space(c) || c == '>').unwrap_or(text.len())),
    }
}

/// With the character references that can stand in an address.
fn decoded(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return value.into();
    }
    let names =
        [("&quot", "\""), ("&apos", "'"), ("&lt", "<"), ("&gt", ">"), ("&#39", "'"), ("&#34", "\""), ("&#x2F", "/"), ("&#x27", "'")];
    let mut text = value.to_owned();
    for (name, character) in names {
        text = text.replace(&format!("{name};"), character).replace(name, character);
    }
    text.replace("&amp;", "&").replace("&amp", "&").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_browser_finds() {
        let page = r#"<!doctype html><a href=./x/ class="a b">x</a><!-- <a href=no> --><script>"<a href=no>"</script>
            <a  href='./y/?a=1&amp;b=2#c' hidden>y</a><img src=z.svg alt=""/><br><p id=p-1>1 < 2</p><a href"#;
        let all: Vec<Tag> = tags(page).collect();
        let found = |tag| {
            let Tag { name, attributes }: &Tag = tag;
            (*name, attributes.iter().map(|(name, value)| (*name, value.as_ref())).collect::<Vec<_>>())
        };
        assert_eq!(
            all.iter().map(found).collect::<Vec<_>>(),
            [
                ("a", vec![("href", "./x/"), ("class", "a b")]),
                ("script", vec![]),
                ("a", vec![("href", "./y/?a=1&b=2#c"), ("hidden", "")]),
                ("img", vec![("src", "z.svg"), ("alt", "")]),
                ("br", vec![]),
                ("p", vec![("id", "p-1")]),
                ("a", vec![("href", "")]),
            ]
        );
    }
}
