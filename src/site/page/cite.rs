//! How to cite a report: in words by GB/T 7714, for reference managers as BibTeX and CSL-JSON, for machines as
//! schema.org data.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::archive::Report;
use crate::classify::Date;
use crate::document::anchor;
use crate::site::Site;
use crate::site::page::report::address;

#[derive(Debug, Serialize)]
pub struct Citation {
    /// GB/T 7714-2015: responsible body, title and type, the compilation it stands in, date. What follows, without
    /// its stop, is the day of reading, which only the reader's browser knows, and the address.
    words: String,
    url: Option<String>,
    bibtex: String,
    csl: String,
}

pub fn of(site: &Site, report: &Report) -> Citation {
    let url = address(site, report);
    let cited = Cited {
        key: key(report),
        title: &report.document.title.text,
        signed: report.document.elements.signatures.iter().map(|element| element.text.as_str()).collect(),
        inside: report.compilation.map(|id| site.archive[id].title.as_str()),
        genre: report.labels.kind.as_ref().map(|found| found.value.as_str()),
        date: date(report),
        url: url.as_deref(),
    };
    Citation { words: cited.words(), bibtex: cited.bibtex(), csl: cited.csl(), url }
}

/// What every form of citation is made of.
struct Cited<'a> {
    key: String,
    title: &'a str,
    signed: Vec<&'a str>,
    inside: Option<&'a str>,
    genre: Option<&'a str>,
    date: Option<Date>,
    url: Option<&'a str>,
}

impl Cited<'_> {
    fn words(&self) -> String {
        let mut out = String::new();
        if !self.signed.is_empty() {
            out.push_str(&self.signed.join(", "));
            out.push_str(". ");
        }
        out.push_str(self.title);
        out.push_str(if self.url.is_some() { "[R/OL]" } else { "[R]" });
        if let Some(inside) = self.inside {
            out.push_str("//");
            out.push_str(inside);
        }
        if let Some(date) = self.date {
            out.push_str(&format!(". ({})", iso(date)));
        }
        out
    }

    fn bibtex(&self) -> String {
        let mut out = format!("@techreport{{{},\n  title = {{{{{}}}}}", self.key, bibtex(self.title));
        let mut field = |name: &str, value: &str| out.push_str(&format!(",\n  {name} = {{{}}}", bibtex(value)));
        if !self.signed.is_empty() {
            // In braces of its own each, so that no name is taken apart.
            let authors: Vec<String> = self.signed.iter().map(|name| format!("{{{}}}", bibtex(name))).collect();
            field("institution", &self.signed.join(", "));
            out.push_str(&format!(",\n  author = {{{}}}", authors.join(" and ")));
        }
        let mut field = |name: &str, value: &str| out.push_str(&format!(",\n  {name} = {{{}}}", bibtex(value)));
        if let Some(genre) = self.genre {
            field("type", genre);
        }
        if let Some(inside) = self.inside {
            field("series", inside);
        }
        if let Some(date) = self.date {
            field("year", &date.year.to_string());
            if let Some(month) = date.month {
                field("month", &month.to_string());
            }
        }
        if let Some(url) = self.url {
            // An address is percent-encoded; what it holds else means nothing to BibTeX inside `url`.
            out.push_str(&format!(",\n  url = {{{url}}}"));
        }
        out.push_str(",\n  langid = {chinese}\n}");
        out
    }

    fn csl(&self) -> String {
        let mut item = Map::new();
        let mut put = |name: &str, value: Value| item.insert(name.into(), value);
        put("id", self.key.as_str().into());
        put("type", "report".into());
        put("title", self.title.into());
        if !self.signed.is_empty() {
            put("author", self.signed.iter().map(|name| json!({"literal": name})).collect());
        }
        if let Some(inside) = self.inside {
            put("container-title", inside.into());
        }
        if let Some(genre) = self.genre {
            put("genre", genre.into());
        }
        if let Some(date) = self.date {
            let parts: Vec<i16> = [Some(date.year), date.month.map(i16::from), date.day.map(i16::from)].into_iter().flatten().collect();
            put("issued", json!({"date-parts": [parts]}));
        }
        if let Some(url) = self.url {
            put("URL", url.into());
        }
        put("language", "zh-CN".into());
        Value::Array(vec![item.into()]).to_string()
    }
}

/// `r2023-k2m9x4tq7z`: ASCII, as BibTeX wants it, and as lasting as the report's address.
fn key(report: &Report) -> String {
    let year = report.labels.year.as_ref().map(|found| found.value.to_string()).unwrap_or_default();
    format!("r{year}-{}", &anchor::name(report.slug.as_str()).to_string()[2..])
}

/// What means something to TeX, so that it stands for itself.
fn bibtex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '{' | '}' | '%' | '&' | '#' | '_' | '$' => out.extend(['\\', c]),
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '\n' | '\r' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

fn date(report: &Report) -> Option<Date> {
    let labels = &report.labels;
    labels.date.as_ref().map(|found| found.value).or_else(|| {
        let year = labels.year.as_ref()?.value;
        Some(Date { year: year.try_into().ok()?, month: None, day: None })
    })
}

/// `2023-05-01`, `2023-05` or `2023`, as far as it is known.
pub fn written(report: &Report) -> Option<String> {
    date(report).map(iso)
}

pub fn iso(date: Date) -> String {
    match (date.month, date.day) {
        (Some(month), Some(day)) => format!("{:04}-{month:02}-{day:02}", date.year),
        (Some(month), None) => format!("{:04}-{month:02}", date.year),
        _ => format!("{:04}", date.year),
    }
}

/// schema.org `Report`, safe inside a script element.
pub fn json_ld(site: &Site, report: &Report) -> String {
    let archive = &site.archive;
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Report",
        "name": report.document.title.text,
        "inLanguage": "zh-CN",
    });
    let region = report.labels.placement.region().map(|region| archive.gazetteer[region].name.clone());
    let optional = [
        ("url", address(site, report).map(Into::into)),
        ("datePublished", written(report).map(Into::into)),
        ("genre", report.labels.kind.as_ref().map(|found| found.value.clone().into())),
        ("spatialCoverage", region.map(|name| json!({"@type": "AdministrativeArea", "name": name}))),
        ("isPartOf", report.compilation.map(|id| json!({"@type": "Collection", "name": archive[id].title}))),
        ("keywords", (!report.labels.themes.is_empty()).then(|| report.labels.themes.clone().into())),
    ];
    for (key, value) in optional {
        if let Some(value) = value {
            data[key] = value;
        }
    }
    data.to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_says_the_same() {
        let cited = Cited {
            key: "r2023-k2m9x4tq7z".into(),
            title: "安康市100%完成_任务",
            signed: vec!["中共安康市委组织部", "安康市人社局"],
            inside: Some("材料汇编"),
            genre: Some("总结"),
            date: Some(Date { year: 2023, month: Some(5), day: None }),
            url: Some("https://example.org/reports/%E5%AE%89/"),
        };
        assert_eq!(cited.words(), "中共安康市委组织部, 安康市人社局. 安康市100%完成_任务[R/OL]//材料汇编. (2023-05)");
        let bibtex = cited.bibtex();
        for line in [
            "@techreport{r2023-k2m9x4tq7z,",
            "  title = {{安康市100\\%完成\\_任务}},",
            "  author = {{中共安康市委组织部} and {安康市人社局}},",
            "  institution = {中共安康市委组织部, 安康市人社局},",
            "  type = {总结},",
            "  series = {材料汇编},",
            "  year = {2023},",
            "  month = {5},",
            "  url = {https://example.org/reports/%E5%AE%89/},",
        ] {
            assert!(bibtex.lines().any(|found| found == line), "{line} in {bibtex}");
        }
        let csl: Value = serde_json::from_str(&cited.csl()).unwrap();
        assert_eq!(csl[0]["author"][1]["literal"], "安康市人社局");
        assert_eq!(csl[0]["issued"], json!({"date-parts": [[2023, 5]]}));
        assert_eq!(csl[0]["type"], "report");
    }

    #[test]
    fn an_undated_unsigned_report_is_cited_by_what_is_known() {
        let cited = Cited { key: "r-1".into(), title: "汇报", signed: vec![], inside: None, genre: None, date: None, url: None };
        assert_eq!(cited.words(), "汇报[R]");
        assert_eq!(cited.bibtex(), "@techreport{r-1,\n  title = {{汇报}},\n  langid = {chinese}\n}");
    }
}
