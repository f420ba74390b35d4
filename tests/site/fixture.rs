//! A tiny fictional archive, built from the types themselves: what is tested is the site, not the reading.

use std::path::Path;
use std::sync::Arc;

use huibian::archive::{SourceRecord, Understood, assemble};
use huibian::classify::{Date, Evidence, EvidenceFrom, Found, Gazetteer, Labels, Level, Placement, Section, ThemeMatch};
use huibian::config::{Config, Kind, Theme};
use huibian::document::*;
use huibian::insight::digest::Digests;
use huibian::insight::memory::Memory;
use huibian::look;
use huibian::site::{self, Body, Site, SitePath};
use huibian::source::{Encoding, Format, SourcePath};

/// The configuration of the fictional archive.
pub fn config() -> Config {
    let theme = |name: &str, slug: &str| Theme { name: name.into(), slug: slug.into(), words: vec![], exclude: vec![] };
    let kind = |name: &str, slug: &str| Kind { name: name.into(), slug: slug.into(), words: vec![], phrases: vec![] };
    Config {
        title: "虚构报告".into(),
        description: "只为测试而写的几篇报告。".into(),
        page_size: 5,
        themes: vec![theme("人才工作", "talent"), theme("基层党建", "grassroots")],
        kinds: vec![kind("总结", "summary"), kind("汇报", "briefing")],
        ..Config::default()
    }
}

/// One report and how it is filed.
pub struct Draft {
    pub path: &'static str,
    pub title: &'static str,
    pub region: Option<&'static str>,
    pub year: Option<i32>,
    pub kind: Option<&'static str>,
    pub blocks: Vec<Block>,
}

pub fn heading(depth: u8, text: &str) -> Block {
    Block::Heading(Heading { depth, text: text.into(), lines: Lines::one(1) })
}

pub fn paragraph(text: &str) -> Block {
    Block::Paragraph(Paragraph { text: text.into(), lines: Lines::one(2), joins: vec![], role: ParagraphRole::Body })
}

pub fn joined(text: &str, at: u32) -> Block {
    let joins = vec![Join { at, line: 3 }];
    Block::Paragraph(Paragraph { text: text.into(), lines: Lines { start: 2, end: 3 }, joins, role: ParagraphRole::Body })
}

pub fn role(role: ParagraphRole, text: &str) -> Block {
    Block::Paragraph(Paragraph { text: text.into(), lines: Lines::one(9), joins: vec![], role })
}

fn evidence(quote: &str) -> Evidence {
    Evidence { from: EvidenceFrom::Title, quote: quote.into(), line: Some(1) }
}

fn found<T>(value: T, quote: &str) -> Found<T> {
    Found { value, evidence: evidence(quote) }
}

fn document(draft: &Draft) -> Document {
    Document {
        title: Title { text: draft.title.into(), from: TitleOrigin::Body(Lines::one(1)) },
        lines: Lines { start: 1, end: 9 },
        blocks: draft.blocks.clone().into(),
        elements: Elements::default(),
        group: None,
        front_matter: FrontMatter::default(),
    }
}

fn labels(draft: &Draft, gazetteer: &Gazetteer, config: &Config) -> Labels {
    let placement = match draft.region {
        Some(masked) if masked.contains('x') => Placement::Masked(masked.into(), evidence(masked)),
        Some(code) => gazetteer.by_code(code).map_or(Placement::Unplaced, |id| Placement::Stated(id, evidence(draft.title))),
        None => Placement::Unplaced,
    };
    let mut starts: Vec<usize> =
        (0..draft.blocks.len()).filter(|&i| i == 0 || matches!(&draft.blocks[i], Block::Heading(heading) if heading.depth == 1)).collect();
    starts.push(draft.blocks.len());
    let sections: Vec<Section> = starts
        .windows(2)
        .enumerate()
        .map(|(i, pair)| {
            let heading = match &draft.blocks[pair[0]] {
                Block::Heading(heading) => Some(heading.text.clone()),
                _ => None,
            };
            let theme = (heading.is_some() && !config.themes.is_empty()).then(|| &config.themes[i % config.themes.len()].name);
            let themes = theme.map(|name| ThemeMatch { theme: name.clone(), words: vec![("词语".into(), 2)] });
            Section { heading, first_block: pair[0], end_block: pair[1], themes: themes.into_iter().collect() }
        })
        .collect();
    let mut themes: Vec<String> = sections.iter().flat_map(|section| &section.themes).map(|found| found.theme.clone()).collect();
    themes.dedup();
    Labels {
        level: draft.region.map(|_| found(Level::Prefecture, "市")),
        kind: draft.kind.map(|kind| found(kind.to_owned(), kind)),
        year: draft.year.map(|year| found(year, "年")),
        date: draft.year.map(|year| found(Date { year: year as i16, month: Some(5), day: Some(1) }, "5月1日")),
        period: None,
        themes,
        sections,
        placement,
    }
}

/// The site of these reports; drafts of one path are a compilation.
pub fn site(drafts: &[Draft], config: Config) -> Site {
    site_at(Path::new("no such folder"), drafts, config)
}

/// The same with a look below `root`.
pub fn site_at(root: &Path, drafts: &[Draft], config: Config) -> Site {
    let gazetteer = Gazetteer::new(&config);
    let understood = drafts
        .chunk_by(|a, b| a.path == b.path)
        .map(|run| {
            let contents = run.iter().enumerate().map(|(i, draft)| ContentsEntry {
                title: draft.title.into(),
                page: None,
                line: 1,
                document: Some(i),
            });
            let compilation = Compilation { title: Some("虚构汇编".into()), contents: contents.collect() };
            Understood::new(
                SourceRecord {
                    path: SourcePath::new(run[0].path),
                    format: Format::Text,
                    size: 1234,
                    sha256: "0".repeat(64),
                    encoding: Encoding::Gb18030,
                    decided_by: "common characters".into(),
                    withheld: false,
                    copies: Vec::new(),
                },
                Reading {
                    documents: run.iter().map(|draft| document(draft).into()).collect(),
                    compilation: (run.len() > 1).then_some(compilation),
                    account: Vec::new(),
                    diagnostics: Vec::new(),
                },
                run.iter().map(|draft| labels(draft, &gazetteer, &config)).collect(),
                Vec::new(),
            )
        })
        .collect();
    let mut diagnostics = Vec::new();
    let archive = assemble(understood, gazetteer, &config, &mut diagnostics);
    assert_eq!(diagnostics, [], "the fixture has no problems");
    let look = look::load(root, &config).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let digests = Digests::of(&archive);
    site::compose(Arc::new(archive), (digests, &mut Memory::default()), Arc::new(look), Arc::new(config), Vec::new())
}

/// The archive that the golden pages show.
pub fn sample() -> Vec<Draft> {
    let table = Block::Table(Table {
        rows: vec![vec!["项目".into(), "数量".into()], vec!["培训班".into(), "12".into()]],
        header_rows: 1,
        lines: Lines { start: 6, end: 7 },
    });
    let rich = Block::Rich(Rich { html: "<p><strong>重点</strong>工作</p>".into(), text: "重点工作".into(), lines: Lines::one(8) });
    vec![
        Draft {
            path: "2023/安康市人才工作总结.txt",
            title: "安康市2023年人才工作总结",
            region: Some("610900"),
            year: Some(2023),
            kind: Some("总结"),
            blocks: vec![
                paragraph("全年工作概述。"),
                heading(1, "一、引进人才"),
                joined("选派186名干部到**镇，建成人才公寓。", 12),
                heading(2, "（一）平台"),
                paragraph("建平台。"),
                heading(1, "二、夯实基层"),
                table,
                rich,
                role(ParagraphRole::Signature, "安康市某办公室"),
                role(ParagraphRole::Date, "2023年5月1日"),
            ],
        },
        Draft {
            path: "2022/安康市人才工作总结2022.txt",
            title: "安康市2022年人才工作总结",
            region: Some("610900"),
            year: Some(2022),
            kind: Some("总结"),
            blocks: vec![heading(1, "一、引进人才"), paragraph("去年的工作。")],
        },
        Draft {
            path: "汇编.txt",
            title: "浙江省基层工作汇报",
            region: Some("330000"),
            year: Some(2023),
            kind: Some("汇报"),
            blocks: vec![heading(1, "一、基层"), paragraph("汇编里的第一篇。"), heading(1, "二、党建"), paragraph("又一节。")],
        },
        Draft {
            path: "汇编.txt",
            title: "xxx市工作汇报",
            region: Some("xxx市"),
            year: None,
            kind: None,
            blocks: vec![paragraph("汇编里的第二篇，地名隐去。")],
        },
        Draft {
            path: "无名.txt", title: "没有地名的报告", region: None, year: None, kind: None, blocks: vec![paragraph("正文。")]
        },
    ]
}

/// The text at an address that holds text.
pub fn text(site: &Site, path: &SitePath) -> String {
    match site.body(path) {
        Some(Ok(Body::Bytes(bytes))) => String::from_utf8(bytes.to_vec()).expect("pages are UTF-8"),
        Some(Ok(Body::Upload(_))) => panic!("{path} is an upload"),
        Some(Err(problem)) => panic!("{path}: {problem:#?}"),
        None => panic!("there is nothing at {path}"),
    }
}

/// All pages that are HTML, with their addresses.
pub fn pages(site: &Site) -> Vec<(SitePath, String)> {
    site.entries.keys().filter(|path| path.as_str().ends_with(".html")).map(|path| (path.clone(), text(site, path))).collect()
}

/// An opening tag: its name and its attributes, entities read.
#[derive(Debug)]
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

/// The opening tags of a page.
pub fn tags(page: &str) -> Vec<Tag> {
    scan(page).0
}

/// The values of an attribute.
pub fn attribute(page: &str, name: &str) -> Vec<String> {
    tags(page).into_iter().flat_map(|tag| tag.attributes).filter(|(key, _)| key == name).map(|(_, value)| value).collect()
}

/// What a reader sees of a page: tags gone, entities read, space single.
pub fn visible(page: &str) -> String {
    unescape(&scan(page).1).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As browsers read it: quotes hold `>`, and title and script hold no tags but their own end.
fn scan(page: &str) -> (Vec<Tag>, String) {
    let (mut tags, mut text, mut rest) = (Vec::new(), String::new(), page);
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        let mut quote = None;
        let end = rest[open..].find(|c| {
            match quote {
                Some(open) if open == c => quote = None,
                None if c == '"' || c == '\'' => quote = Some(c),
                _ => {}
            }
            c == '>' && quote.is_none()
        });
        let Some(end) = end.map(|end| open + end) else { break };
        let tag = parse(&rest[open + 1..end]);
        rest = &rest[end + 1..];
        if let "title" | "script" = tag.name.as_str() {
            let close = rest.find(&format!("</{}", tag.name)).expect("the element is closed");
            if tag.name == "title" {
                text.push_str(&rest[..close]);
            }
            rest = &rest[close..];
        }
        if !tag.name.starts_with(['/', '!']) {
            tags.push(tag);
        }
    }
    text.push_str(rest);
    (tags, text)
}

fn parse(inside: &str) -> Tag {
    let (name, mut rest) = inside.split_once([' ', '\n']).unwrap_or((inside, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        let end = rest.find([' ', '=', '\n']).unwrap_or(rest.len());
        if end == 0 {
            break;
        }
        let key = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            (value, rest) = match quote {
                Some(quote) => after[1..].split_once(quote).expect("quotes are closed"),
                None => after.split_at(after.find([' ', '\n']).unwrap_or(after.len())),
            };
        }
        attributes.push((key, unescape(value)));
    }
    Tag { name: name.to_lowercase(), attributes }
}

fn unescape(text: &str) -> String {
    let read = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&#34;", "\"");
    read.replace("&amp;", "&")
}
