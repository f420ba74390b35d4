//! A paragraph's text as HTML: escaped, with what the source blanked and where lines were joined.

use crate::document::Join;
use crate::look::escape::push_html;

/// `masked` is the tooltip of a blanked place, name or number.
///
/// A join is an empty `<i class="join" data-line="12">` before the first character of source line 12.
pub fn paragraph(text: &str, joins: &[Join], masked: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    let mut joins = joins.iter().peekable();
    let mut emit = |out: &mut String, from: usize, to: usize| {
        let mut from = from;
        while let Some(join) = joins.next_if(|join| (join.at as usize) < to) {
            // A join inside a character would be a mistake of the reader; it is then shown a little early.
            let here = floor(text, (join.at as usize).max(from));
            push_html(&text[from..here], out);
            out.push_str("<i class=\"join\" data-line=\"");
            out.push_str(&join.line.to_string());
            out.push_str("\"></i>");
            from = here;
        }
        push_html(&text[from..to], out);
    };
    for (start, end) in masks(text) {
        emit(&mut out, at, start);
        out.push_str("<span class=\"mask\" title=\"");
        push_html(masked, &mut out);
        out.push_str("\">");
        emit(&mut out, start, end);
        out.push_str("</span>");
        at = end;
    }
    emit(&mut out, at, text.len());
    out
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Where the source has blanked something: two or more of one masking sign (`xxx`, `XX`, `××`, `**`, `○○`),
/// or a single `×` before a word for a place.
pub fn masks(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut before = None;
    while let Some((start, c)) = chars.next() {
        if !is_mask(c) {
            before = Some(c);
            continue;
        }
        let (mut end, mut count) = (start + c.len_utf8(), 1);
        while let Some((at, next)) = chars.next_if(|&(_, next)| next == c) {
            end = at + next.len_utf8();
            count += 1;
        }
        let after = chars.peek().map(|&(_, next)| next);
        let in_word = c.is_ascii_alphabetic() && [before, after].iter().flatten().any(|n| n.is_ascii_alphanumeric() || *n == '.');
        let place = c == '×' && !before.is_some_and(char::is_numeric) && after.is_some_and(|next| "省市区县旗乡镇村".contains(next));
        if (count >= 2 && !in_word) || place {
            found.push((start, end));
        }
        before = Some(c);
    }
    found
}

fn is_mask(c: char) -> bool {
    matches!(c, 'x' | 'X' | 'ｘ' | 'Ｘ' | '×' | '✕' | '*' | '＊' | '○')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_told_from_other_signs() {
        for (text, expected) in [
            ("xxx市委", vec!["xxx"]),
            ("在**县、××镇和XX村", vec!["**", "××", "XX"]),
            ("×县", vec!["×"]),
            ("长3×宽4", vec![]),
            ("www.xxx.com", vec![]),
            ("Exxon", vec![]),
            ("增长5*2", vec![]),
        ] {
            let found: Vec<&str> = masks(text).into_iter().map(|(start, end)| &text[start..end]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn joins_and_masks_stand_where_they_belong() {
        let joins = [Join { at: 3, line: 7 }, Join { at: 10, line: 8 }];
        let html = paragraph("在<xxx市委", &joins, "隐");
        assert_eq!(
            html,
            "在<i class=\"join\" data-line=\"7\"></i>&lt;<span class=\"mask\" title=\"隐\">xxx</span>市<i class=\"join\" data-line=\"8\"></i>委"
        );
    }
}
