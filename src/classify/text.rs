//! A document as the classifiers look at it.

use std::borrow::Cow;

use crate::classify::{Evidence, EvidenceFrom};
use crate::document::{Block, Document, TitleOrigin};
use crate::source::Source;

/// What there is to look at, from the strongest to the weakest.
pub struct Text<'a> {
    /// `None` where the file name only stands in for a title.
    pub title: Option<TitleText<'a>>,
    pub blocks: Vec<BlockText<'a>>,
    pub document: &'a Document,
    pub source: &'a Source,
    /// The title of the compilation that holds it.
    pub compilation: Option<&'a str>,
}

#[derive(Clone, Copy)]
pub struct TitleText<'a> {
    pub text: &'a str,
    pub line: Option<u32>,
}

pub struct BlockText<'a> {
    pub text: Cow<'a, str>,
    pub block: &'a Block,
}

impl<'a> Text<'a> {
    pub fn new(source: &'a Source, document: &'a Document, compilation: Option<&'a str>) -> Self {
        let title = match document.title.from {
            TitleOrigin::Body(lines) => Some(Some(lines.start)),
            TitleOrigin::FrontMatter | TitleOrigin::Override => Some(None),
            TitleOrigin::FileName => None,
        };
        Self {
            title: title.map(|line| TitleText { text: &document.title.text, line }),
            blocks: document.blocks.iter().map(|block| BlockText { text: block.text(), block }).collect(),
            document,
            source,
            compilation,
        }
    }

    /// The blocks before the first heading; where there is none, the first three.
    pub fn opening(&self) -> &[BlockText<'a>] {
        let headed = self.blocks.iter().position(|block| matches!(block.block, Block::Heading(_))).unwrap_or(self.blocks.len());
        &self.blocks[..headed.clamp(0, 3)]
    }
}

impl BlockText<'_> {
    /// The source line of a byte of the text.
    pub fn line_at(&self, byte: usize) -> u32 {
        let first = self.block.lines().start;
        match self.block {
            Block::Paragraph(paragraph) => {
                paragraph.joins.iter().rev().find(|join| join.at as usize <= byte).map_or(first, |join| join.line)
            }
            Block::Table(_) | Block::Rich(_) => {
                let after = self.text[..byte.min(self.text.len())].matches('\n').count() as u32;
                (first + after).min(self.block.lines().end)
            }
            Block::Heading(_) => first,
        }
    }

    pub fn evidence(&self, range: std::ops::Range<usize>) -> Evidence {
        let from = if matches!(self.block, Block::Heading(_)) { EvidenceFrom::Heading } else { EvidenceFrom::Body };
        Evidence { from, quote: self.text[range.clone()].into(), line: Some(self.line_at(range.start)) }
    }
}
