//! Keeps the books: every byte of the source has one role.

use crate::document::row::Row;
use crate::document::{Piece, Role};
use crate::source::Span;

/// Claims on the source's bytes, in any order, none overlapping.
#[derive(Debug, Default)]
pub(super) struct Account {
    pieces: Vec<Piece>,
}

impl Account {
    pub fn claim(&mut self, span: Span, document: Option<usize>, role: Role) {
        if !span.is_empty() {
            self.pieces.push(Piece { span, document, role });
        }
    }

    /// Where the claims so far begin.
    pub fn starts(&self) -> rustc_hash::FxHashSet<u32> {
        self.pieces.iter().map(|piece| piece.span.start).collect()
    }

    /// Claims a part of a row's text; what was dropped inside it is residue.
    pub fn claim_text(&mut self, row: &Row<'_>, range: std::ops::Range<usize>, document: Option<usize>, role: Role) {
        let from = if range.start == 0 { row.span.start as usize } else { row.source_at(range.start) };
        let end = if range.end == row.text.len() { row.span.end as usize } else { row.source_at(range.end) };
        let mut at = from;
        for drop in row.drops.iter().filter(|drop| drop.start as usize >= from && drop.end as usize <= end) {
            self.claim(Span::new(at, drop.start as usize), document, role);
            self.claim(*drop, document, Role::Residue);
            at = drop.end as usize;
        }
        self.claim(Span::new(at, end), document, role);
    }

    pub fn claim_row(&mut self, row: &Row<'_>, document: Option<usize>, role: Role) {
        self.claim_text(row, 0..row.text.len(), document, role);
    }

    /// The pieces end to end over the whole text: what nobody claimed is white space or residue.
    pub fn finish(mut self, text: &str) -> Vec<Piece> {
        self.pieces.sort_by_key(|piece| piece.span.start);
        let mut account: Vec<Piece> = Vec::with_capacity(self.pieces.len() * 2);
        let mut at = 0;
        let mut before = None;
        for piece in self.pieces {
            let start = piece.span.start as usize;
            if start > at {
                let document = if before == piece.document { before } else { None };
                fill(&mut account, text, at..start, document);
            }
            at = piece.span.end as usize;
            before = piece.document;
            account.push(piece);
        }
        if at < text.len() {
            fill(&mut account, text, at..text.len(), None);
        }
        account
    }
}

fn fill(account: &mut Vec<Piece>, text: &str, gap: std::ops::Range<usize>, document: Option<usize>) {
    // Residue at the edge of a heading or line, with the white space around it.
    let role = if text[gap.clone()].contains(|c: char| !c.is_whitespace()) { Role::Residue } else { Role::Space };
    account.push(Piece { span: Span::new(gap.start, gap.end), document, role });
}
