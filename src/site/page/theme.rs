//! All themes, and one theme with the sections that are about it.

use serde::Serialize;

use crate::document::{Block, ParagraphRole};
use crate::insight::matrix::SectionId;
use crate::site::paging::Pager;
use crate::site::path::list_page;
use crate::site::render::Frame;
use crate::site::sections::SectionList;
use crate::site::view::{Item, Link, Tally, with_shares};
use crate::site::{SectionsOf, Site};

#[derive(Debug, Serialize)]
pub struct IndexView {
    themes: Vec<Summary>,
}

#[derive(Debug, Serialize)]
pub struct Summary {
    text: String,
    href: String,
    sections: usize,
    reports: usize,
    share: usize,
}

pub fn index(site: &Site) -> (Frame, IndexView) {
    let themes = site.archive.themes.iter().enumerate();
    let tallies = with_shares(themes.map(|(i, theme)| Tally::new(site.theme_link(i), theme.sections.len())).collect());
    let themes = tallies
        .into_iter()
        .zip(&site.archive.themes)
        .map(|(tally, theme)| Summary {
            text: tally.text,
            href: tally.href,
            sections: tally.count,
            reports: theme.reports.len(),
            share: tally.share,
        })
        .collect();
    (Frame { title: site.look.locale.text("themes.title").into(), nav: "themes", ..Frame::default() }, IndexView { themes })
}

#[derive(Debug, Serialize)]
pub struct View {
    years: Vec<YearView>,
    /// What changes whenever any report comes or goes: on the first page alone, so that the others stay as they are.
    whole: Option<Whole>,
    pager: Option<Pager>,
    /// The other themes.
    others: Vec<Link>,
}

/// What is said of the list as a whole.
#[derive(Debug, Serialize)]
pub struct Whole {
    total: usize,
    /// In how many reports they stand.
    reports: usize,
    /// The ways to fewer sections, or back to all.
    filters: Filters,
}

/// Sections of one year that stand on a page.
#[derive(Debug, Serialize)]
pub struct YearView {
    name: String,
    anchor: String,
    sections: Vec<SectionView>,
}

/// Each leads to a list of its own; years lead to the page of this list on which they begin.
#[derive(Debug, Serialize)]
pub struct Filters {
    all: Choice,
    regions: Vec<Choice>,
    levels: Vec<Choice>,
    years: Vec<Choice>,
}

#[derive(Debug, Serialize)]
pub struct Choice {
    text: String,
    href: String,
    /// Those of the other lists are told beside the whole list alone: what comes to one region is nothing to the lists of others.
    count: Option<usize>,
    current: bool,
}

/// One section as a theme's page shows it.
#[derive(Debug, Serialize)]
pub struct SectionView {
    heading: Option<String>,
    /// The section's own place in the report.
    href: String,
    opening: String,
    /// The words that spoke for the theme, strongest first.
    words: Vec<String>,
    report: Item,
}

/// A theme's sections; all of them, or those of one region or level.
pub fn view(site: &Site, index: usize, of: SectionsOf, page: usize) -> (Frame, View) {
    let year = |section: &SectionId| site.archive[section.0].labels.year.as_ref().map(|found| found.value);
    let years = shown(site, index, of, page).chunk_by(|a, b| year(a) == year(b)).map(|run| YearView {
        name: year_name(site, year(&run[0])),
        anchor: year_anchor(year(&run[0])),
        sections: run.chunk_by(|a, b| a.0 == b.0).flat_map(|run| of_report(site, &site.archive.themes[index].name, run)).collect(),
    });
    around(site, index, of, page, years.collect())
}

/// All that decides what the page shows.
pub fn depends(site: &Site, index: usize, of: SectionsOf, page: usize) -> impl Serialize {
    let sections = shown(site, index, of, page).iter().map(|&(report, section)| (site.shown_of(report), section));
    (around(site, index, of, page, Vec::new()), sections.collect::<Vec<_>>())
}

fn shown(site: &Site, index: usize, of: SectionsOf, page: usize) -> &[SectionId] {
    let list = &site.facts.sections[&(index, of)];
    &list.sections[list.pages.range(page)]
}

/// The page around its sections.
fn around(site: &Site, index: usize, of: SectionsOf, page: usize, years: Vec<YearView>) -> (Frame, View) {
    let t = &site.look.locale;
    let theme = &site.archive.themes[index];
    let list = &site.facts.sections[&(index, of)];
    let total = list.sections.len();
    let folder = of.folder(&site.archive, index);
    let title = match of {
        SectionsOf::All => theme.name.clone(),
        of => t.fill("theme.of_part", &[("theme", &theme.name), ("part", &site.sections_link(index, of).text)]),
    };
    let mut crumbs = vec![Link::new(t.text("themes.title"), list_page("themes", 1).href())];
    crumbs.extend((of != SectionsOf::All).then(|| site.theme_link(index)));
    let which = if page == 1 { t.count("count.sections", total) } else { t.fill("list.page", &[("n", &t.number(page))]) };
    let frame = Frame { description: format!("{title}，{which}"), title, nav: "themes", crumbs, noindex: page > 1 };
    let view = View {
        years,
        whole: (page == 1).then(|| Whole { total, reports: list.reports, filters: filters(site, index, of) }),
        pager: list.pages.pager(&folder, page),
        others: (0..site.archive.themes.len()).filter(|&other| other != index).map(|other| site.theme_link(other)).collect(),
    };
    (frame, view)
}

fn filters(site: &Site, theme: usize, of: SectionsOf) -> Filters {
    let choice = |other: SectionsOf, list: &SectionList| {
        let Link { text, href } = site.sections_link(theme, other);
        Choice { text, href, count: (of == SectionsOf::All || other == of).then_some(list.sections.len()), current: other == of }
    };
    // All the theme's lists stand next to each other.
    let lists = || site.facts.sections.range((theme, SectionsOf::All)..).take_while(|((of_theme, _), _)| *of_theme == theme);
    let some =
        |wanted: fn(SectionsOf) -> bool| lists().filter(|((_, of), _)| wanted(*of)).map(|((_, of), list)| choice(*of, list)).collect();
    let list = &site.facts.sections[&(theme, of)];
    let folder = of.folder(&site.archive, theme);
    let ends = list.years.iter().skip(1).map(|&(_, start)| start).chain([list.sections.len()]);
    let years = list.years.iter().zip(ends).map(|(&(year, start), end)| Choice {
        text: year_name(site, year),
        href: format!("{}#{}", list_page(&folder, list.pages.page_of(start)).href(), year_anchor(year)),
        count: Some(end - start),
        current: false,
    });
    Filters {
        all: choice(SectionsOf::All, &site.facts.sections[&(theme, SectionsOf::All)]),
        regions: some(|of| matches!(of, SectionsOf::Region(_))),
        levels: some(|of| matches!(of, SectionsOf::Level(_))),
        years: years.collect(),
    }
}

fn year_name(site: &Site, year: Option<i32>) -> String {
    year.map_or_else(|| site.look.locale.text("year.undated").to_owned(), |year| site.year_name(year))
}

fn year_anchor(year: Option<i32>) -> String {
    year.map_or_else(|| "undated".to_owned(), |year| format!("y{year}"))
}

/// The sections of one report, which share its anchors.
fn of_report(site: &Site, theme: &str, run: &[SectionId]) -> Vec<SectionView> {
    let id = run[0].0;
    let report = &site.archive[id];
    run.iter()
        .map(|&(_, index)| {
            let section = &report.labels.sections[index];
            let item = site.item(id);
            let href = match site.anchor(id, section.first_block) {
                Some(anchor) => format!("{}#{anchor}", item.href),
                None => item.href.clone(),
            };
            let words = section.themes.iter().find(|found| found.theme == theme).map_or(&[][..], |found| &found.words);
            SectionView {
                heading: section.heading.clone(),
                href,
                opening: opening(report.document.blocks.get(section.first_block..section.end_block).unwrap_or_default()),
                words: words.iter().take(4).map(|(word, _)| word.clone()).collect(),
                report: item,
            }
        })
        .collect()
}

/// How a section begins: about two lines of its running text.
pub fn opening(blocks: &[Block]) -> String {
    const LENGTH: usize = 110;
    let mut out = String::new();
    let mut left = LENGTH;
    let runs = |block: &&Block| match block {
        Block::Heading(_) | Block::Table(_) => false,
        Block::Paragraph(paragraph) => {
            !matches!(paragraph.role, ParagraphRole::Number | ParagraphRole::Addressee | ParagraphRole::Signature | ParagraphRole::Date)
        }
        Block::Rich(_) => true,
    };
    for block in blocks.iter().filter(runs) {
        for c in block.text().chars() {
            if left == 0 {
                out.push('…');
                return out;
            }
            out.push(c);
            left -= 1;
        }
    }
    out
}
