//! The text of a document in the making.

use std::collections::BTreeMap;

use crate::source::office::Converted;

/// Columns of the widest table that is set as one.
const WIDEST: usize = 200;

/// Lines so far, and what was left out.
pub(super) struct Lines {
    kind: &'static str,
    text: String,
    tables: usize,
    /// How many of each, in the order of their names.
    left_out: BTreeMap<&'static str, usize>,
}

/// How a paragraph stands on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// Centred, or a title: its line begins at the margin.
    Title,
    Body,
}

impl Lines {
    /// `kind` is what people call the format.
    pub fn new(kind: &'static str) -> Self {
        Self { kind, text: String::new(), tables: 0, left_out: BTreeMap::new() }
    }

    /// What people call the format, where that has turned out to be something else.
    pub fn called(&mut self, kind: &'static str) {
        self.kind = kind;
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// One paragraph; a line break in it begins another line.
    pub fn paragraph(&mut self, text: &str, stand: Stand) {
        if text.trim().is_empty() {
            self.text.push('\n');
            return;
        }
        for line in text.lines() {
            // The indent keeps the reading from joining two paragraphs to one.
            if stand == Stand::Body && !line.trim().is_empty() {
                self.text.push_str("　　");
            }
            self.text.push_str(line.trim());
            self.text.push('\n');
        }
    }

    /// Lines as they are, with the breaks of the page.
    pub fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Rows of cells. What has only one row or one column is set as paragraphs.
    pub fn table(&mut self, rows: &[Vec<String>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        // Rows are filled up to the widest one: one very wide row would make a thousand narrow ones wide.
        if rows.len() < 2 || !(2..=WIDEST).contains(&columns) {
            rows.iter().flatten().for_each(|cell| self.paragraph(cell, Stand::Body));
            return;
        }
        self.tables += 1;
        self.text.push('\n');
        for row in rows {
            for column in 0..columns {
                let cell: Vec<&str> = row.get(column).map_or("", String::as_str).split_whitespace().collect();
                self.text.push_str("| ");
                self.text.push_str(&cell.join(" ").replace(['|', '｜'], "¦"));
                self.text.push(' ');
            }
            self.text.push_str("|\n");
        }
        self.text.push('\n');
    }

    /// Counts something that has no place in a text; `what` is a plural.
    pub fn leave_out(&mut self, what: &'static str) {
        *self.left_out.entry(what).or_default() += 1;
    }

    pub fn pictures(&self) -> usize {
        self.left_out.get("pictures").copied().unwrap_or(0)
    }

    pub fn is_blank(&self) -> bool {
        self.text.chars().all(|c| c.is_whitespace() || c == '|')
    }

    pub fn finish(self) -> Converted {
        let mut how = self.kind.to_owned();
        if self.tables > 0 {
            how.push_str(&format!(", tables: {}", self.tables));
        }
        if !self.left_out.is_empty() {
            let left_out: Vec<String> = self.left_out.iter().map(|(what, count)| format!("{what} {count}")).collect();
            how.push_str(&format!("; left out: {}", left_out.join(", ")));
        }
        // No text holds a zero; what hides in a binary document may.
        Converted { text: self.text.replace('\0', ""), how }
    }
}
