//! Where a site is deployed to: a folder, or a place in an object store.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use crate::deploy::problem::{self, Problem};

/// A place that a site can be copied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    Folder(PathBuf),
    Objects(Bucket),
}

/// A place in an object store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    pub service: Service,
    /// The bucket, or what Azure calls a container.
    pub name: String,
    /// Of every key, without slashes at its ends; may be empty.
    pub prefix: String,
    /// The server, where it is not the service's own.
    pub endpoint: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Amazon S3 and what speaks its protocol.
    S3,
    Google,
    Azure,
}

impl Destination {
    /// `s3://bucket/prefix`, `gs://…`, `az://…`, `file:///…` or a path, which counts from `here`.
    ///
    /// # Errors
    /// It is none of these, or holds credentials.
    pub fn parse(text: &str, endpoint: Option<&str>, here: &Path) -> Result<Self, Problem> {
        let Some((scheme, rest)) = text.split_once("://") else { return Ok(Self::Folder(here.join(text))) };
        let service = match scheme.to_ascii_lowercase().as_str() {
            "file" => return folder(text, rest),
            "s3" => Service::S3,
            "gs" => Service::Google,
            "az" | "azure" => Service::Azure,
            _ => return Err(problem::wrong_destination(text, &format!("`{scheme}://` is not known"))),
        };
        if rest.contains('@') {
            return Err(problem::credentials_in_address());
        }
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_matches('/');
        if name.is_empty() {
            return Err(problem::wrong_destination(text, "it names no bucket"));
        }
        let is_odd = |part: &str| matches!(part, "" | "." | "..") || part.contains(|c: char| c.is_control() || c == '\\');
        if !prefix.is_empty() && prefix.split('/').any(is_odd) {
            return Err(problem::wrong_destination(text, "no part of its path may be empty, `.` or `..`"));
        }
        Ok(Self::Objects(Bucket { service, name: name.to_owned(), prefix: prefix.to_owned(), endpoint: endpoint.map(str::to_owned) }))
    }

    /// Stands for it in the names of files.
    pub fn key(&self) -> String {
        let endpoint = match self {
            Self::Objects(bucket) => bucket.endpoint.as_deref().unwrap_or_default(),
            Self::Folder(_) => "",
        };
        blake3::hash(format!("{self}\n{endpoint}").as_bytes()).to_hex()[..16].to_owned()
    }
}

fn folder(text: &str, rest: &str) -> Result<Destination, Problem> {
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    let path = percent_decoded(path).map(PathBuf::from).filter(|path| path.is_absolute());
    let path = path.filter(|path| path.components().all(|part| part != Component::ParentDir));
    path.map(Destination::Folder).ok_or_else(|| problem::wrong_destination(text, "it is not the full path of a folder"))
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::Objects(Bucket { service, name, prefix, .. }) => {
                let scheme = match service {
                    Service::S3 => "s3",
                    Service::Google => "gs",
                    Service::Azure => "az",
                };
                write!(f, "{scheme}://{name}")?;
                if prefix.is_empty() { Ok(()) } else { write!(f, "/{prefix}") }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_stores_are_told_apart() {
        for (text, shown) in [
            ("out", "/here/out"),
            ("/srv/站", "/srv/站"),
            ("file:///srv/%E7%AB%99", "/srv/站"),
            ("file://localhost/srv", "/srv"),
            ("s3://reports", "s3://reports"),
            ("S3://reports/", "s3://reports"),
            ("gs://reports/a/b/", "gs://reports/a/b"),
            ("azure://site/库", "az://site/库"),
        ] {
            let parsed = Destination::parse(text, None, Path::new("/here")).unwrap_or_else(|problem| panic!("{text}: {problem:?}"));
            assert_eq!(parsed.to_string(), shown, "{text}");
        }
        for text in
            ["ftp://host/x", "s3://", "s3:///x", "s3://b/../c", "s3://b/a//c", "file://relative", "file:///a/../b", "s3://id:secret@b/x"]
        {
            assert!(Destination::parse(text, None, Path::new("/here")).is_err(), "{text}");
        }
    }

    #[test]
    fn a_credential_is_not_repeated() {
        let problem = Destination::parse("s3://id:secret@b/x", None, Path::new("/")).expect_err("it holds a secret");
        assert!(!format!("{problem:?}").contains("secret@"));
    }
}
