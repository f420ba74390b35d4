//! The year that a report is about, the period that it covers, its date.

use crate::classify::text::Text;
use crate::classify::time::{self, YearAt};
use crate::classify::{Date, Evidence, EvidenceFrom, Found, Period};

/// The year that the report itself says it is about. A title with a span of years (2012—2022) or a retrospect over
/// many (党的十八大以来) has none; a compilation's year is that of its publication.
pub fn year(text: &Text, date: Option<&Found<Date>>) -> Option<Found<i32>> {
    if let Some(title) = &text.title {
        // 2018年以来 begins a period.
        let found = time::years(title.text).into_iter().filter(|found| !title.text[found.end..].starts_with("以来")).collect::<Vec<_>>();
        if let [first, ..] = found.as_slice()
            && time::span(title.text).is_none()
        {
            return Some(of(first, title.text, EvidenceFrom::Title, title.line));
        }
        if !found.is_empty() || time::span(title.text).is_some() {
            return None;
        }
    }
    if let Some(date) = date {
        return Some(Found { value: i32::from(date.value.year), evidence: date.evidence.clone() });
    }
    stated_year(text).or_else(|| path_year(text))
}

fn of(found: &YearAt, text: &str, from: EvidenceFrom, line: Option<u32>) -> Found<i32> {
    Found { value: found.year, evidence: Evidence { from, quote: text[found.start..found.end].into(), line } }
}

/// A report that looks back on “this year” and names it more than once. Retrospects over several years mention their
/// last one in passing; one mention is not enough.
fn stated_year(text: &Text) -> Option<Found<i32>> {
    let annual = ["今年以来", "一年来", "本年度", "今年，"];
    let opening = text.opening();
    // `2023年，在县委领导下…` names it in so many words, if nothing later follows.
    let opens = opening.iter().find_map(|block| {
        let found = time::years(&block.text)
            .first()
            .copied()
            .filter(|found| found.start == 0 && block.text[found.end..].starts_with(['，', ',']))?;
        Some(of(&found, &block.text, EvidenceFrom::Body, Some(block.line_at(0))))
    });
    if opens.is_none() && !opening.iter().any(|block| annual.iter().any(|phrase| block.text.contains(phrase))) {
        return None;
    }
    let mut latest: Option<(Found<i32>, usize)> = None;
    for block in &text.blocks {
        for found in time::years(&block.text) {
            // 到2025年 is a goal, 2018年以来 a beginning, 2020年底 an end.
            let (before, after) = (&block.text[..found.start], &block.text[found.end..]);
            if before.ends_with(['到', '至', '前']) || after.starts_with(['底', '前', '以']) {
                continue;
            }
            match &mut latest {
                Some((best, count)) if best.value == found.year => *count += 1,
                Some((best, _)) if best.value > found.year => {}
                _ => latest = Some((of(&found, &block.text, EvidenceFrom::Body, Some(block.line_at(found.start))), 1)),
            }
        }
    }
    match opens {
        Some(opens) => latest.filter(|(latest, _)| latest.value == opens.value).map(|_| opens),
        None => latest.filter(|(_, count)| *count > 1).map(|(found, _)| found),
    }
}

/// The keeper's folders and file names: `2021/…`, `2021年/…`, `2021年总结.txt`. The innermost wins.
fn path_year(text: &Text) -> Option<Found<i32>> {
    // A compilation lies in the folder of its publication.
    if text.compilation.is_some() || text.document.group.is_some() {
        return None;
    }
    let path = &text.source.path;
    let parts: Vec<&str> = path.folders().chain([path.stem()]).collect();
    parts.into_iter().rev().find_map(|part| {
        let bare = part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit());
        let found = if bare { time::years(&format!("{part}年")).first().copied() } else { time::years(part).first().copied() }?;
        let evidence = Evidence { from: EvidenceFrom::Path, quote: part.into(), line: None };
        Some(Found { value: found.year, evidence })
    })
}

/// 成文日期, as the reading found it, or the declared one.
pub fn date(text: &Text) -> Option<Found<Date>> {
    if let Some(declared) = &text.document.front_matter.date
        && let Some(value) = time::date(declared)
    {
        return Some(Found { value, evidence: Evidence { from: EvidenceFrom::FrontMatter, quote: declared.clone(), line: None } });
    }
    let element = text.document.elements.date.as_ref()?;
    let evidence = Evidence { from: EvidenceFrom::Signature, quote: element.text.clone(), line: Some(element.line) };
    Some(Found { value: time::date(&element.text)?, evidence })
}

/// The span of time that the report speaks of: from the title, then from how it opens.
pub fn period(text: &Text, year: Option<&Found<i32>>) -> Option<Found<Period>> {
    let title = text.title.as_ref().and_then(|title| {
        let (period, at) = time::period(title.text)?;
        Some(Found { value: period, evidence: Evidence { from: EvidenceFrom::Title, quote: title.text[at].into(), line: title.line } })
    });
    let found = title.or_else(|| {
        text.opening().iter().find_map(|block| {
            let (period, at) = time::period(&block.text)?;
            Some(Found { value: period, evidence: block.evidence(at) })
        })
    });
    let found = found.or_else(|| {
        // 新时代 in a title counts from 2012; as a word of the text it says nothing.
        let title = text.title.as_ref().filter(|title| title.text.contains("新时代"))?;
        let evidence = Evidence { from: EvidenceFrom::Title, quote: "新时代".into(), line: title.line };
        Some(Found { value: Period { name: "新时代".into(), from: Some(2012), to: None }, evidence })
    });
    found.map(|mut found| {
        // “This year” is fixed by the report's own year.
        if matches!(found.value.name.as_str(), "今年以来" | "一年来" | "上半年" | "下半年" | "一季度")
            && let Some(year) = year
        {
            (found.value.from, found.value.to) = (Some(year.value), Some(year.value));
        }
        found
    })
}
