//! `/feed.xml`: the newest reports as Atom (RFC 4287).

use crate::archive::Report;
use crate::classify::Date;
use crate::look::escape::html as xml;
use crate::site::Site;
use crate::site::page::theme::opening;
use crate::site::path;

const ENTRIES: usize = 50;

/// Without a base URL the links are relative and the ids do not depend on where the site will stand.
pub fn render(site: &Site) -> String {
    let base = site.config.base_url.as_deref().unwrap_or_default();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    out.push_str(&format!("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n", xml(&site.config.language.0)));
    out.push_str(&format!("<title>{}</title>\n", xml(&site.config.title)));
    if !site.config.description.is_empty() {
        out.push_str(&format!("<subtitle>{}</subtitle>\n", xml(&site.config.description)));
    }
    out.push_str(&format!("<id>{}</id>\n", id(&site.config.title)));
    out.push_str(&format!("<updated>{}</updated>\n", timestamp(site.facts.latest)));
    out.push_str(&format!("<author><name>{}</name></author>\n", xml(&site.config.title)));
    out.push_str(&format!(
        "<link rel=\"self\" href=\"{}feed.xml\"/>\n<link href=\"{}\"/>\n",
        xml(base),
        if base.is_empty() { "./".into() } else { xml(base) }
    ));
    for (_, report) in site.archive.iter().take(ENTRIES) {
        entry(&mut out, base, report);
    }
    out.push_str("</feed>\n");
    out
}

fn entry(out: &mut String, base: &str, report: &Report) {
    let written = report.labels.date.as_ref().map(|found| found.value).or_else(|| {
        let year = i16::try_from(report.labels.year.as_ref()?.value).ok()?;
        Some(Date { year, month: None, day: None })
    });
    out.push_str("<entry>\n");
    out.push_str(&format!("<title>{}</title>\n", xml(&report.document.title.text)));
    out.push_str(&format!("<id>{}</id>\n", id(report.slug.as_str())));
    out.push_str(&format!("<link href=\"{}{}\"/>\n", xml(base), path::report(&report.slug).href()));
    out.push_str(&format!("<updated>{}</updated>\n", timestamp(written)));
    for theme in &report.labels.themes {
        out.push_str(&format!("<category term=\"{}\"/>\n", xml(theme)));
    }
    out.push_str(&format!("<summary>{}</summary>\n", xml(&opening(&report.document.blocks))));
    out.push_str("</entry>\n");
}

/// Stays the same wherever the site is published: a UUID (version 8, RFC 9562) of the name's hash.
fn id(name: &str) -> String {
    let mut bytes: [u8; 16] = blake3::hash(name.as_bytes()).as_bytes()[..16].try_into().expect("a hash has 32 bytes");
    bytes[6] = bytes[6] & 0x0F | 0x80;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// The output must not depend on the clock: a report's own date, or the epoch where it has none.
fn timestamp(date: Option<Date>) -> String {
    let date = date.unwrap_or(Date { year: 1970, month: None, day: None });
    format!("{:04}-{:02}-{:02}T00:00:00Z", date.year, date.month.unwrap_or(1), date.day.unwrap_or(1))
}
