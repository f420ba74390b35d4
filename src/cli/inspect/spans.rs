//! What `inspect --spans` shows: every piece of a text with what became of it, and the sums.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use crate::cli::inspect::Inspected;
use crate::cli::summary::count;
use crate::document::{Piece, Role};

/// Characters of a piece that are shown.
const SHOWN: usize = 48;

/// One file: a line for each piece, then how much of the text went where.
pub fn describe(one: &Inspected) -> Result<String, fmt::Error> {
    let mut out = String::new();
    let text = &one.source.text;
    writeln!(out, "{}", one.path)?;
    let mut sums: BTreeMap<String, usize> = BTreeMap::new();
    for piece in &one.understood.reading.account {
        let content = text.as_str().get(piece.span.range()).unwrap_or_default();
        *sums.entry(role(piece.role)).or_default() += content.chars().count();
        if piece.role != Role::Space {
            let report = piece.document.map_or_else(|| "–".to_owned(), |document| (document + 1).to_string());
            let (first, last) = (text.line_at(piece.span.start as usize), text.line_at((piece.span.end as usize).saturating_sub(1)));
            let lines = if first == last { first.to_string() } else { format!("{first}–{last}") };
            writeln!(out, "  {lines:>11}  {report:>3}  {:<12}  {}", role(piece.role), shortened(content))?;
        }
    }
    let whole = text.as_str().chars().count();
    let parts: Vec<String> = sums.iter().map(|(role, characters)| format!("{role} {characters}")).collect();
    writeln!(out, "  in all {}: {}", count(whole, "character"), parts.join(", "))?;
    writeln!(
        out,
        "  {}",
        if covers(&one.understood.reading.account, text.as_str().len()) { "every byte once" } else { "NOT every byte once" }
    )?;
    Ok(out)
}

/// Whether the pieces, laid end to end, are the text.
fn covers(account: &[Piece], length: usize) -> bool {
    let mut at = 0;
    account.iter().all(|piece| std::mem::replace(&mut at, piece.span.end as usize) == piece.span.start as usize) && at == length
}

/// As the role is called everywhere else.
fn role(role: Role) -> String {
    serde_json::to_value(role).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn shortened(text: &str) -> String {
    let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= SHOWN { flat } else { format!("{}…", flat.chars().take(SHOWN).collect::<String>()) }
}
