//! Answers a query: which reports, and in which order.

use rustc_hash::FxHashMap;

use crate::search::facet::Facet;
use crate::search::grams::{CANDIDATES, Tier};
use crate::search::normal::BREAK;
use crate::search::query::{self, Field, Term};
use crate::search::reader::{Held, Index, ReadError, both};

/// The answer to a query.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Best first; among equals, newest first.
    pub reports: Vec<u32>,
    /// The normal forms that the reports were searched for, without those that only exclude.
    pub wanted: Vec<String>,
}

/// A term after a look into the index.
struct Looked {
    not: bool,
    /// These hold it.
    sure: Vec<u32>,
    /// No others may hold it.
    possible: Vec<u32>,
    /// What the texts of the possible ones must hold; a facet leaves nothing open.
    decides: Option<Decides>,
    held: Held,
}

struct Decides {
    in_title: bool,
    /// Normal forms, of which one is enough.
    any: Vec<String>,
}

impl Decides {
    fn is_in(&self, paragraph: &str) -> bool {
        self.any.iter().any(|normal| paragraph.contains(normal))
    }
}

/// All reports that answer `query`, ranked.
///
/// # Errors
/// Files of the index that are missing or damaged.
pub fn answer(index: &Index, query: &str) -> Result<Answer, ReadError> {
    let mut clauses: Vec<Vec<Looked>> = Vec::new();
    for clause in query::parse(query) {
        let mut looked = Vec::new();
        for term in &clause {
            looked.extend(look(index, term)?);
        }
        if !looked.is_empty() {
            clauses.push(looked);
        }
    }
    if clauses.is_empty() {
        return Ok(Answer::default());
    }
    let everything: Vec<u32> = (0..index.report_count()).collect();
    let (mut sure, mut possible) = (everything.clone(), everything.clone());
    for clause in &clauses {
        let (mut clause_sure, mut clause_possible) = (Vec::new(), Vec::new());
        for term in clause {
            if term.not {
                clause_sure = either(&clause_sure, &without(&everything, &term.possible));
                clause_possible = either(&clause_possible, &without(&everything, &term.sure));
            } else {
                clause_sure = either(&clause_sure, &term.sure);
                clause_possible = either(&clause_possible, &term.possible);
            }
        }
        sure = both(&sure, &clause_sure);
        possible = both(&possible, &clause_possible);
    }
    let mut reports = sure.clone();
    for report in without(&possible, &sure) {
        if holds_all(index, report, &clauses)? {
            reports.push(report);
        }
    }
    reports.sort_unstable();
    let wanted: Vec<&Looked> = clauses.iter().flatten().filter(|term| !term.not && term.decides.is_some()).collect();
    let reports = rank(index, reports, &wanted)?;
    Ok(Answer { reports, wanted: wanted.iter().filter_map(|term| term.decides.as_ref()).flat_map(|decides| decides.any.clone()).collect() })
}

/// `None` for a term without letters.
fn look(index: &Index, term: &Term) -> Result<Option<Looked>, ReadError> {
    let exactly =
        |reports: Vec<u32>| Looked { not: term.not, sure: reports.clone(), possible: reports, decides: None, held: Held::default() };
    match term.field {
        Some(Field::Year) => {
            let span = query::years(&term.text);
            let is_in = |year: Option<i32>| year.zip(span).is_some_and(|(year, (from, to))| (from..=to).contains(&year));
            return Ok(Some(exactly((0..).zip(index.years()).filter(|(_, year)| is_in(*year)).map(|(report, _)| report).collect())));
        }
        Some(field @ (Field::Region | Field::Theme | Field::Kind)) => {
            let facets = index.facets()?;
            let list = match field {
                Field::Region => &facets.regions,
                Field::Theme => &facets.themes,
                _ => &facets.kinds,
            };
            return Ok(Some(exactly(of_facets(list, &term.text))));
        }
        Some(Field::Title) | None => {}
    }
    let normal = index.normal(&term.text);
    if normal.is_empty() {
        return Ok(None);
    }
    let mut any = vec![normal];
    any.extend(index.alternatives(&any[0]));
    let in_title = term.field.is_some();
    let mut looked = Looked { not: term.not, sure: Vec::new(), possible: Vec::new(), decides: None, held: Held::default() };
    for normal in &any {
        let held = index.holding(normal)?;
        let mut possible = held.reports;
        let mut is_sure = held.is_exact;
        if in_title {
            let titles: Vec<Vec<u32>> = held.parts.iter().filter_map(|part| part.in_titles()).collect();
            possible = titles.iter().fold(possible, |reports, titles| both(&reports, titles));
            is_sure &= normal.chars().count() <= 3 && !normal.contains(BREAK) && !titles.is_empty();
        } else {
            looked.held.parts.extend(held.parts);
        }
        if is_sure {
            looked.sure = either(&looked.sure, &possible);
        }
        looked.possible = either(&looked.possible, &possible);
    }
    looked.decides = Some(Decides { in_title, any });
    Ok(Some(looked))
}

/// The reports of the facets whose name holds the text, with what lies below them.
fn of_facets(facets: &[Facet], text: &str) -> Vec<u32> {
    let mut chosen: Vec<bool> = Vec::new();
    let mut reports = Vec::new();
    for facet in facets {
        let is_chosen = facet.name.contains(text) || facet.slug == text || facet.parent.is_some_and(|parent| chosen[parent]);
        chosen.push(is_chosen);
        if is_chosen {
            reports = either(&reports, &facet.reports);
        }
    }
    reports
}

fn holds_all(index: &Index, report: u32, clauses: &[Vec<Looked>]) -> Result<bool, ReadError> {
    let text = index.text(report)?;
    let holds = |term: &Looked| match &term.decides {
        None => term.sure.binary_search(&report).is_ok(),
        Some(decides) if decides.in_title => decides.is_in(&text.normals()[0]),
        Some(decides) => text.normals().iter().any(|paragraph| decides.is_in(paragraph)),
    };
    Ok(clauses.iter().all(|clause| clause.iter().any(|term| holds(term) != term.not)))
}

/// Few reports are ranked by their texts, many by what the index tells of the query's parts.
fn rank(index: &Index, mut reports: Vec<u32>, wanted: &[&Looked]) -> Result<Vec<u32>, ReadError> {
    let mut scores: FxHashMap<u32, f64> = reports.iter().map(|&report| (report, 0.0)).collect();
    if reports.len() <= CANDIDATES {
        for (&report, score) in &mut scores {
            let text = index.text(report)?;
            for decides in wanted.iter().filter_map(|term| term.decides.as_ref()) {
                let title = &text.normals()[0];
                if decides.any.contains(title) {
                    *score += 90.0;
                } else if let Some(normal) = decides.any.iter().find(|normal| title.contains(*normal)) {
                    *score += 30.0 + 30.0 * utf16(normal) / utf16(title);
                }
                let count: usize = text
                    .normals()
                    .iter()
                    .map(|paragraph| decides.any.iter().map(|normal| paragraph.matches(normal).count()).sum::<usize>())
                    .sum();
                *score += count.min(9) as f64;
            }
        }
    } else {
        for term in wanted {
            let mut lowest: FxHashMap<u32, Tier> = FxHashMap::default();
            for part in &term.held.parts {
                for (&report, &tier) in part.reports.iter().zip(&part.tiers) {
                    lowest.entry(report).and_modify(|least| *least = tier.min(*least)).or_insert(tier);
                }
            }
            for (report, tier) in lowest {
                if let Some(score) = scores.get_mut(&report) {
                    *score += if tier == Tier::Title { 9.0 } else { f64::from(tier as u8) };
                }
            }
        }
    }
    reports.sort_by(|a, b| scores[b].total_cmp(&scores[a]).then(b.cmp(a)));
    Ok(reports)
}

/// Length as the browser counts it.
fn utf16(text: &str) -> f64 {
    text.encode_utf16().count() as f64
}

fn either(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut all = [a, b].concat();
    all.sort();
    all.dedup();
    all
}

fn without(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut rest = b;
    a.iter()
        .copied()
        .filter(|report| {
            rest = &rest[rest.partition_point(|other| other < report)..];
            rest.first() != Some(report)
        })
        .collect()
}
