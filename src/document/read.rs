//! Reads one source.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place};
use crate::document::account::Account;
use crate::document::row::{Row, is_noise};
use crate::document::split::{self, Cut};
use crate::document::*;
use crate::document::{furniture, markdown, number, part, row};
use crate::source::{Format, Source};

/// How the source is built. Pure: the same source gives the same reading.
pub fn read(source: &Source) -> Reading {
    match source.format {
        Format::Markdown | Format::Html => markdown::read(source),
        Format::Text | Format::Word | Format::OldWord | Format::OpenDocument | Format::RichText | Format::Pdf => text(source),
    }
}

fn text(source: &Source) -> Reading {
    let mut account = Account::default();
    let rows = furniture::strip(row::rows(&source.text), &mut account);
    let cut = split::cut(&rows);
    let mut documents: Vec<Document> = Vec::with_capacity(cut.parts.len());
    for (index, share) in cut.parts.iter().enumerate() {
        let name =
            if cut.compilation { name_of_part(source.path.stem(), &rows[share.rows.clone()]) } else { source.path.stem().to_owned() };
        let mut document = part::read(&rows, share, index, &name, &mut account);
        document.group = share.entry.and_then(|entry| group_of(&cut, entry));
        documents.push(document);
    }
    for &row in &cut.front {
        account.claim_row(&rows[row], if cut.compilation { None } else { Some(0) }, Role::Contents);
    }
    let mut diagnostics = Vec::new();
    note_characters(source, &mut diagnostics);
    let compilation = cut.compilation.then(|| compilation(source, &rows, &cut, &documents, &mut diagnostics));
    let documents = documents.into_iter().map(Arc::new).collect();
    Reading { documents, compilation, account: account.finish(source.text.as_str()), diagnostics }
}

/// Stands in for the title of a part that has none: the file's name, and how the part begins. Its place among the others
/// says nothing, for it changes when one is inserted.
fn name_of_part(stem: &str, rows: &[Row<'_>]) -> String {
    let first = rows.first().map_or("", |row| row.text.as_ref());
    let clause = first.split(['，', '。', '：', '；', ',']).find(|clause| !clause.trim().is_empty()).unwrap_or("");
    let beginning: String = clause.trim().chars().take(24).collect();
    format!("{stem}：{beginning}")
}

/// The group heading that an entry stands under.
fn group_of(cut: &Cut, entry: usize) -> Option<String> {
    let lines = &cut.contents.as_ref()?.lines;
    lines[..entry].iter().rev().find(|line| line.group).map(|line| line.title.clone())
}

/// Reconciles the contents list with the bodies.
fn compilation(source: &Source, rows: &[Row<'_>], cut: &Cut, documents: &[Document], diagnostics: &mut Vec<Diagnostic>) -> Compilation {
    let path = source.path.to_string();
    let mut contents = Vec::new();
    let Some(list) = &cut.contents else {
        return Compilation { title: cut.title.clone(), contents };
    };
    for (index, line) in list.lines.iter().enumerate().filter(|(_, line)| !line.group) {
        let document = cut.parts.iter().position(|part| part.entry == Some(index));
        let place = Place::line(path.clone(), line.line).with_excerpt(source.text.line(line.line));
        match document.map(|document| &documents[document].title.text) {
            None => diagnostics.push(
                Diagnostic::warning(
                    "entry-without-body",
                    format!("the contents list names `{}`, but no report has this title", line.title),
                )
                .at(place)
                .help("mend the title in the list or in the text so that both are the same"),
            ),
            Some(title) if *title != line.title && spoken(title) != spoken(&line.title) => diagnostics.push(
                Diagnostic::warning("title-differs", format!("the contents list has `{}`, the report itself `{title}`", line.title))
                    .at(place)
                    .help("the report's own title is used; mend one of them if it is wrong"),
            ),
            Some(_) => {}
        }
        contents.push(ContentsEntry { title: line.title.clone(), page: line.page, line: line.line, document });
    }
    for (part, document) in cut.parts.iter().zip(documents).filter(|(part, _)| part.entry.is_none()) {
        let line = rows[part.rows.start].line;
        diagnostics.push(
            Diagnostic::warning("body-without-entry", format!("`{}` is not in the contents list", document.title.text))
                .at(Place::line(path.clone(), line).with_excerpt(source.text.line(line)))
                .help("add it to the list, or join it to the report before it"),
        );
    }
    Compilation { title: cut.title.clone(), contents }
}

/// A title without its number and white space; punctuation counts.
fn spoken(title: &str) -> String {
    let start = number::number(title).map_or(0, |number| number.length);
    title[start..].chars().filter(|c| !c.is_whitespace()).collect()
}

/// Says which invisible and private characters the text holds: they are a sign of bad extraction.
fn note_characters(source: &Source, diagnostics: &mut Vec<Diagnostic>) {
    let text = source.text.as_str();
    let path = source.path.to_string();
    let mut note = |code, what: &str, help: &str, is: &dyn Fn(char) -> bool| {
        let mut places = text.char_indices().filter(|&(_, c)| is(c));
        if let Some((at, c)) = places.next() {
            let message = format!("{} {what}, the first is U+{:04X}", 1 + places.count(), c as u32);
            let place = Place::line(path.clone(), source.text.line_at(at));
            diagnostics.push(Diagnostic::warning(code, message).at(place).help(help));
        }
    };
    note("invisible-characters", "invisible characters", "they are left out of the report; delete them from the file", &is_noise);
    let private = |c: char| matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10fffd}');
    note(
        "private-characters",
        "characters without a meaning (private use)",
        "replace them by the characters that they stand for",
        &private,
    );
    note("replaced-characters", "characters that an earlier program could not read", "restore them from the original", &|c| {
        c == '\u{fffd}'
    });
}
