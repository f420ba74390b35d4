//! Reads one source.

use crate::document::*;
use crate::source::Source;

/// How the source is built. Pure: the same source gives the same reading.
pub fn read(source: &Source) -> Reading {
    let mut blocks = Vec::new();
    let mut title = None;
    let mut account = Vec::new();
    let mut last = 1;
    let mut at = 0;
    for (number, span, line) in source.text.lines() {
        let text = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{3000}');
        if text.is_empty() {
            continue;
        }
        if (span.start as usize) > at {
            account.push(Piece { span: Span::new(at, span.start as usize), document: Some(0), role: Role::Space });
        }
        at = span.end as usize;
        last = number;
        let lines = Lines::one(number);
        if title.is_none() {
            title = Some(Title { text: text.into(), from: TitleOrigin::Body(lines) });
            account.push(Piece { span, document: Some(0), role: Role::Title });
        } else if text.find('、').is_some_and(|i| i <= 6 && text[..i].chars().all(|c| "一二三四五六七八九十".contains(c))) {
            blocks.push(Block::Heading(Heading { depth: 1, text: text.into(), lines }));
            account.push(Piece { span, document: Some(0), role: Role::Heading });
        } else {
            blocks.push(Block::Paragraph(Paragraph { text: text.into(), lines, joins: vec![], role: ParagraphRole::Body }));
            account.push(Piece { span, document: Some(0), role: Role::Paragraph });
        }
    }
    if at < source.text.as_str().len() {
        account.push(Piece { span: Span::new(at, source.text.as_str().len()), document: Some(0), role: Role::Space });
    }
    let title = title.unwrap_or_else(|| Title { text: source.path.stem().into(), from: TitleOrigin::FileName });
    let document = Document {
        title,
        lines: Lines { start: 1, end: last },
        blocks,
        elements: Elements::default(),
        group: None,
        front_matter: FrontMatter::default(),
    };
    Reading { documents: vec![document], compilation: None, account, diagnostics: Vec::new() }
}
