//! What the single values of `config.toml` may be.

use std::path::{Component, Path, PathBuf};

use toml::de::DeValue;

/// What is wrong with a value, and what to do about it.
pub(super) type Objection = (&'static str, &'static str);

/// An `http` or `https` address, with a final `/`.
pub fn base_url(url: &str) -> Result<String, Objection> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let Some(rest) = rest else {
        return Err(("`base_url` must begin with http:// or https://", "write it like \"https://reports.example/\""));
    };
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty() || url.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"'\\^`{|}".contains(c)) {
        return Err(("`base_url` is not an address", "write it like \"https://reports.example/\""));
    }
    if url.contains(['?', '#']) {
        return Err(("`base_url` must not hold `?` or `#`", "write the address of the site's first page only"));
    }
    Ok(if url.ends_with('/') { url.to_owned() } else { format!("{url}/") })
}

pub(super) fn language_tag(tag: &str) -> Result<String, Objection> {
    let sound =
        !tag.is_empty() && tag.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if sound { Ok(tag.to_owned()) } else { Err(("`language` is not a language tag", "write \"zh-CN\" or \"en\"")) }
}

pub(super) fn folder_name(name: &str) -> Result<String, Objection> {
    let mut parts = Path::new(name).components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(_)), None) if !name.contains(['/', '\\', ':']) => Ok(name.to_owned()),
        _ => Err(("`look` must be the name of a folder below themes/", "write \"default\" for the built-in look")),
    }
}

/// Inside the archive, or an absolute path. What really lies there is looked at before anything is written.
pub(super) fn output_folder(path: &str) -> Result<PathBuf, Objection> {
    const HELP: &str = "write \"public\", or the full path of a folder outside the archive";
    let path = Path::new(path);
    if path.is_absolute() {
        return Ok(path.to_owned());
    }
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => normal.push(part),
            Component::CurDir => {}
            _ => return Err(("`output` must not lead out of the archive by `..`", HELP)),
        }
    }
    match normal.components().next() {
        None => Err(("`output` must not be the archive itself", HELP)),
        Some(Component::Normal(first)) if ["content", "themes", "config.toml", ".huibian", ".git"].iter().any(|own| first == *own) => {
            Err(("`output` must not lie where the archive keeps its own files", HELP))
        }
        Some(_) => Ok(normal),
    }
}

/// Bytes, or a number with a unit: `64 MB`.
pub(super) fn file_size(value: &DeValue) -> Option<u64> {
    match value {
        DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
        DeValue::String(text) => {
            let text = text.trim();
            let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            let unit = match text[digits..].trim().to_ascii_lowercase().trim_end_matches("ib").trim_end_matches('b') {
                "" => 1,
                "k" => 1024,
                "m" => 1024 * 1024,
                "g" => 1024 * 1024 * 1024,
                _ => return None,
            };
            text[..digits].parse::<u64>().ok()?.checked_mul(unit)
        }
        _ => None,
    }
}
