//! Understands how a text is built: which reports it holds, their titles, headings and paragraphs.
//!
//! `Source` ──► [`read`] ──► [`Reading`]
//!
//! Promise: the pieces of [`Reading::account`], laid end to end, are the source's text. Nothing is
//! lost, nothing stands twice, and what belongs to no report is listed with its reason.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::source::Span;

mod account;
pub mod anchor;
mod blocks;
mod contents;
mod elements;
mod front_matter;
mod furniture;
mod highlight;
mod inline;
mod join;
mod key;
mod markdown;
mod number;
mod numbered;
mod part;
mod read;
mod row;
mod segment;
mod split;
mod table;
mod title;
mod trailer;

pub use blocks::{Blocks, Packed};
pub use key::Key;
pub use read::read;

/// A run of source lines, both ends included, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Lines {
    pub start: u32,
    pub end: u32,
}

impl Lines {
    pub fn one(line: u32) -> Self {
        Self { start: line, end: line }
    }
}

/// What a source turned out to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// At least one, in source order. A build after this one may share them.
    pub documents: Vec<Arc<Document>>,
    /// Present when the source is a compilation.
    pub compilation: Option<Compilation>,
    /// Every byte of the decoded text, in order, with its role.
    pub account: Vec<Piece>,
    pub diagnostics: Vec<Diagnostic>,
}

/// One report as its source gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub title: Title,
    /// From the title line to the last line with text.
    pub lines: Lines,
    /// The body in order, without the title.
    pub blocks: Blocks,
    pub elements: Elements,
    /// The heading of the contents list that this report is listed under (`一、省级`).
    pub group: Option<String>,
    /// What the file itself declares; only Markdown has it.
    pub front_matter: FrontMatter,
}

/// A report's name. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    pub text: String,
    pub from: TitleOrigin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TitleOrigin {
    /// It stands in the text, on these lines.
    Body(Lines),
    FrontMatter,
    /// `content/overrides.csv` gives it.
    Override,
    /// The text has none: the file's name stands in for it.
    FileName,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    Heading(Heading),
    Paragraph(Paragraph),
    Table(Table),
    /// A Markdown block that is more than plain text: list, quotation, code, a paragraph with emphasis.
    Rich(Rich),
}

impl Block {
    /// What a reader reads, without markup; table cells are separated by tabs, rows by line feeds.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Heading(heading) => heading.text.as_str().into(),
            Self::Paragraph(paragraph) => paragraph.text.as_str().into(),
            Self::Table(table) => table.text().into(),
            Self::Rich(rich) => rich.text.as_str().into(),
        }
    }

    pub fn lines(&self) -> Lines {
        match self {
            Self::Heading(heading) => heading.lines,
            Self::Paragraph(paragraph) => paragraph.lines,
            Self::Table(table) => table.lines,
            Self::Rich(rich) => rich.lines,
        }
    }
}

/// A heading by GB/T 9704-2012, numbering included in its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// 1 to 4: `一、` `（一）` `1.` `（1）`.
    pub depth: u8,
    pub text: String,
    pub lines: Lines,
}

/// A paragraph, mended where extraction had broken it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paragraph {
    /// Without indent and line ends.
    pub text: String,
    pub lines: Lines,
    /// Where source lines were joined.
    pub joins: Vec<Join>,
    pub role: ParagraphRole,
}

/// Two source lines were read as one paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Join {
    /// Byte in the paragraph's text at which the later line begins.
    pub at: u32,
    /// Number of the later line.
    pub line: u32,
}

/// What part a paragraph plays in an official document (GB/T 9704-2012, section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParagraphRole {
    Body,
    /// 主送机关 or 称呼: whom it addresses.
    Addressee,
    /// 发文字号.
    Number,
    /// 署名.
    Signature,
    /// 成文日期.
    Date,
    /// 附件说明.
    Attachment,
    /// 结束语: `特此报告。`
    Closing,
    /// One item of a list or one line of verse: stays on a line of its own.
    Line,
}

/// A table that the source sets out in columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub rows: Vec<Vec<String>>,
    /// How many of the first rows are headings.
    pub header_rows: usize,
    pub lines: Lines,
}

impl Table {
    pub fn text(&self) -> String {
        self.rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n")
    }
}

/// Markdown that needs its markup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rich {
    /// Safe to put into a page: raw HTML of the source is escaped, links are checked.
    pub html: String,
    /// The same without markup.
    pub text: String,
    pub lines: Lines,
}

/// The elements of an official document, as they stand in the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elements {
    /// 主送机关 or 称呼.
    pub addressee: Option<Element>,
    /// 发文字号: `〔2023〕5号`.
    pub number: Option<Element>,
    /// 署名: the offices that sign.
    pub signatures: Vec<Element>,
    /// 成文日期, as written.
    pub date: Option<Element>,
    /// 附件说明.
    pub attachments: Vec<Element>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    pub text: String,
    pub line: u32,
}

/// What a Markdown source declares about itself. Every key is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FrontMatter {
    pub title: Option<String>,
    /// Name (`安康市`) or GB/T 2260 code.
    pub region: Option<String>,
    pub level: Option<String>,
    pub kind: Option<String>,
    pub year: Option<i32>,
    /// `2023-05-01`.
    pub date: Option<String>,
    pub themes: Option<Vec<String>>,
    /// The last part of the report's address.
    pub slug: Option<String>,
}

/// A source that holds several reports (汇编).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compilation {
    /// As it stands above the contents list.
    pub title: Option<String>,
    /// The contents list, in order; empty when the source has none.
    pub contents: Vec<ContentsEntry>,
}

/// One line of a contents list (目录).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentsEntry {
    pub title: String,
    pub page: Option<u32>,
    pub line: u32,
    /// Index into [`Reading::documents`]; `None` when the entry has no body.
    pub document: Option<usize>,
}

/// A piece of the source's text and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub span: Span,
    /// Index into [`Reading::documents`].
    pub document: Option<usize>,
    pub role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Title,
    Heading,
    Paragraph,
    Table,
    /// Markdown block, markup included.
    Rich,
    FrontMatter,
    /// White space, indents and line ends between the others.
    Space,
    // Dropped, with the reason:
    /// 目录, with the compilation's own title and the headings of its groups.
    Contents,
    PageNumber,
    RunningHead,
    /// What extraction or a web page left behind: `##paidbegin##`.
    Residue,
    /// The publisher's lines after the last report.
    Trailer,
}
