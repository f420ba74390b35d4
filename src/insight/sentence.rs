//! Cuts running text into sentences.

/// The sentences of a text in order; laid end to end they are the text. A sentence keeps its closing mark and
/// the quotation marks or brackets that close right after it.
pub fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (sentence, after) = rest.split_at(end_of_first(rest));
        rest = after;
        Some(sentence)
    })
}

fn end_of_first(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !ends_sentence(c) {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some(&(_, next)) = chars.peek()
            && (ends_sentence(next) || matches!(next, '”' | '’' | '）' | '》' | '」' | '』' | ')'))
        {
            end += next.len_utf8();
            chars.next();
        }
        return end;
    }
    text.len()
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';' | '\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_keeps_its_end() {
        for (text, expected) in [
            ("", &[][..]),
            ("建站三处", &["建站三处"]),
            ("建站三处。修路两条！", &["建站三处。", "修路两条！"]),
            ("他说：“修好了。”大家笑了。", &["他说：“修好了。”", "大家笑了。"]),
            ("真的吗？！是；好", &["真的吗？！", "是；", "好"]),
        ] {
            let found: Vec<&str> = sentences(text).collect();
            assert_eq!(found, expected, "{text}");
            assert_eq!(found.concat(), text);
        }
    }
}
