//! Text from outside, made safe to stand in a page or a feed.

use std::borrow::Cow;

/// For HTML and XML, in content and in quoted attributes.
///
/// Control characters are not allowed in either: each is shown as its picture (`␛`), so that nothing is
/// lost silently; what has no picture becomes U+FFFD.
pub fn html(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(is_suspect) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 32);
    push_html(text, &mut out);
    Cow::Owned(out)
}

/// [`html`], appended to `out`.
pub fn push_html(text: &str, out: &mut String) {
    let mut clean = 0;
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        // Only the first byte of a character can be suspect, so `at` is a character boundary. Chinese punctuation begins with `EF`, too.
        if !is_suspect(byte) || byte == 0xEF && !matches!(bytes[at + 1], 0xB7 | 0xBF) {
            continue;
        }
        let c = text[at..].chars().next().expect("`at` is the start of a character");
        let Some(safe) = replacement(c) else { continue };
        out.push_str(&text[clean..at]);
        safe.push(out);
        clean = at + c.len_utf8();
    }
    out.push_str(&text[clean..]);
}

/// Bytes that begin a character which may need replacing: ASCII specials and controls, U+0080–U+00BF (`C2`),
/// U+F000–U+FFFF (`EF`; noncharacters have `B7` or `BF` next), and everything beyond the basic plane, where each plane ends in two noncharacters.
fn is_suspect(byte: u8) -> bool {
    matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'' | 0x7F | 0xC2 | 0xEF | 0xF0..) || (byte < 0x20 && byte != b'\n' && byte != b'\t')
}

enum Safe {
    Entity(&'static str),
    Char(char),
}

impl Safe {
    fn push(self, out: &mut String) {
        match self {
            Self::Entity(entity) => out.push_str(entity),
            Self::Char(c) => out.push(c),
        }
    }
}

fn replacement(c: char) -> Option<Safe> {
    Some(match c {
        '&' => Safe::Entity("&amp;"),
        '<' => Safe::Entity("&lt;"),
        '>' => Safe::Entity("&gt;"),
        '"' => Safe::Entity("&quot;"),
        '\'' => Safe::Entity("&#39;"),
        _ => Safe::Char(picture(c)?),
    })
}

/// What stands for a character that neither HTML nor XML allows.
fn picture(c: char) -> Option<char> {
    match c {
        '\n' | '\t' => None,
        '\u{0}'..='\u{1F}' => char::from_u32(0x2400 + c as u32),
        '\u{7F}' => Some('\u{2421}'),
        '\u{80}'..='\u{9F}' | '\u{FDD0}'..='\u{FDEF}' => Some('\u{FFFD}'),
        _ if c as u32 & 0xFFFE == 0xFFFE => Some('\u{FFFD}'),
        _ => None,
    }
}

/// For the last part of an address or a whole relative one: everything but unreserved characters and `/`
/// as percent signs (RFC 3986, section 2.3).
pub fn percent(path: &str) -> String {
    let mut out = String::with_capacity(path.len() * 3);
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => out.push(byte as char),
            _ => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                out.push('%');
                out.push(HEX[usize::from(byte >> 4)] as char);
                out.push(HEX[usize::from(byte & 15)] as char);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_becomes_markup() {
        for (text, expected) in [
            ("安康市", "安康市"),
            ("<script>alert(\"1\")</script>", "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;"),
            ("a & b's", "a &amp; b&#39;s"),
            ("]]>", "]]&gt;"),
            ("esc\u{1b}[0m\u{7f}\u{0}", "esc␛[0m␡␀"),
            ("\u{fffe}\u{1ffff}\u{85}×·｡𠮷", "\u{fffd}\u{fffd}\u{fffd}×·｡𠮷"),
            ("a\tb\nc\r\n", "a\tb\nc␍\n"),
        ] {
            assert_eq!(html(text), expected, "{text:?}");
        }
    }

    #[test]
    fn addresses_hold_unreserved_characters_only() {
        assert_eq!(percent("reports/安康-2023_a.b~/"), "reports/%E5%AE%89%E5%BA%B7-2023_a.b~/");
        assert_eq!(percent("a b#c?d%"), "a%20b%23c%3Fd%25");
    }
}
