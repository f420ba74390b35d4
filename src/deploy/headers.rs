//! What a server is told about a file.

use std::borrow::Cow;

use crate::publish::SUFFIXES;
use crate::site::media_type;
use crate::source;

/// Headers that an object store keeps with a file. A folder cannot: `docs/deploying.md` shows how to set them in a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headers {
    pub content_type: Cow<'static, str>,
    pub cache_control: &'static str,
    pub content_encoding: Option<&'static str>,
    /// An upload that is no plain text is saved, never shown.
    pub content_disposition: Option<&'static str>,
}

/// May be kept for good: another content has another name.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// May be kept, but is asked for again.
const ASK: &str = "no-cache";

impl Headers {
    /// By the address of a file, and for uploads by their bytes, whose encoding is their own.
    pub fn of(path: &str, bytes: &[u8]) -> Self {
        let cache_control = if path.starts_with("assets/") { FOR_GOOD } else { ASK };
        let headers = Self { content_type: Cow::Borrowed(""), cache_control, content_encoding: None, content_disposition: None };
        let compressed = SUFFIXES.into_iter().find_map(|suffix| Some((path.strip_suffix(suffix)?, suffix)));
        if let Some((plain, suffix)) = compressed {
            let content_encoding = Some(if suffix == ".br" { "br" } else { "gzip" });
            // An upload's encoding cannot be seen through the compression.
            let content_type = if plain.starts_with("files/") { "text/plain" } else { media_type(plain) };
            return Self { content_type: content_type.into(), content_encoding, ..headers };
        }
        if path.starts_with("files/") {
            return match media_type(path).starts_with("text/plain") {
                true => Self { content_type: plain_text(bytes), ..headers },
                false => Self { content_type: "application/octet-stream".into(), content_disposition: Some("attachment"), ..headers },
            };
        }
        Self { content_type: media_type(path).into(), ..headers }
    }

    /// Of the records that huibian keeps for itself.
    pub fn record() -> Self {
        Self::of(".huibian.json", b"")
    }
}

fn plain_text(bytes: &[u8]) -> Cow<'static, str> {
    match source::decode(bytes) {
        Ok(decoded) => format!("text/plain; charset={}", decoded.encoding.name().to_ascii_lowercase()).into(),
        Err(_) => "text/plain".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_for_what_they_are() {
        for (path, bytes, content_type, cache, encoding, disposition) in [
            ("index.html", &b""[..], "text/html; charset=utf-8", ASK, None, None),
            ("index.html.br", b"", "text/html; charset=utf-8", ASK, Some("br"), None),
            ("archive.csv.gz", b"", "text/csv; charset=utf-8", ASK, Some("gzip"), None),
            ("assets/style.1a2b.css", b"", "text/css; charset=utf-8", FOR_GOOD, None, None),
            ("search/d/0/1.js", b"", "text/javascript; charset=utf-8", ASK, None, None),
            ("files/a.txt", "安康市".as_bytes(), "text/plain; charset=utf-8", ASK, None, None),
            ("files/a.txt", b"\xb0\xb2\xbf\xb5\xca\xd0\x0a", "text/plain; charset=gb18030", ASK, None, None),
            ("files/a.html", b"<script>", "application/octet-stream", ASK, None, Some("attachment")),
            ("files/a.docx", b"PK", "application/octet-stream", ASK, None, Some("attachment")),
        ] {
            let headers = Headers::of(path, bytes);
            assert_eq!(headers.content_type, content_type, "{path}");
            assert_eq!(
                (headers.cache_control, headers.content_encoding, headers.content_disposition),
                (cache, encoding, disposition),
                "{path}"
            );
        }
    }
}
