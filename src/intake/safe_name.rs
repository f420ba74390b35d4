//! File names that every file system takes.

use unicode_normalization::UnicodeNormalization;

/// Most file systems take 255 bytes; this leaves room for a number and for the endings of temporary files.
const LONGEST: usize = 200;

/// Names of devices in Windows, also with an extension behind them.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4",
    "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// A name like `original` (a name alone or a path, of which the last part counts) that is safe everywhere. The extension
/// stays. A safe name stays as it is.
pub fn safe_name(original: &str) -> String {
    let mut name = made_safe(original);
    // What is cut off or put in front can leave a new end, or a name that is one byte too long.
    loop {
        let again = made_safe(&name);
        if again == name {
            return name;
        }
        name = again;
    }
}

fn made_safe(original: &str) -> String {
    let last = original.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.nfc().map(|c| if is_refused(c) { '_' } else { c }).collect();
    // A leading dot hides a file, a leading `~$` marks the locks of office programs; Windows drops dots and blanks at the end.
    let kept = kept.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '~' | '$' | '-')).trim_end_matches([' ', '.']);
    let (stem, extension) = match kept.rfind('.') {
        Some(dot) if kept.len() - dot <= 12 => kept.split_at(dot),
        _ => (kept, ""),
    };
    let stem = stem.trim();
    // One byte is for the mark of a device's name.
    let stem = &stem[..stem.floor_char_boundary(LONGEST - 1 - extension.len())].trim_end();
    let device = DEVICES.contains(&stem.split('.').next().unwrap_or_default().trim_end().to_lowercase().as_str());
    match (stem.is_empty(), device) {
        (true, _) => format!("未命名{extension}"),
        (_, true) => format!("_{stem}{extension}"),
        _ => format!("{stem}{extension}"),
    }
}

fn is_refused(c: char) -> bool {
    c.is_control()
        || matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_it_can_and_refuses_what_hurts() {
        for (original, safe) in [
            ("安康市2023年工作总结.txt", "安康市2023年工作总结.txt"),
            ("a:b?.txt", "a_b_.txt"),
            ("../../etc/passwd.txt", "passwd.txt"),
            ("..\\..\\系统.docx", "系统.docx"),
            ("CON.txt", "_CON.txt"),
            ("nul.2023.txt", "_nul.2023.txt"),
            ("~$报告.docx", "报告.docx"),
            (".hidden.md", "hidden.md"),
            ("报告. .txt", "报告..txt"),
            ("报告.txt. ", "报告.txt"),
            ("--help.txt", "help.txt"),
            ("\u{202e}txt.exe.md", "_txt.exe.md"),
            ("", "未命名"),
            ("???", "___"),
        ] {
            assert_eq!(safe_name(original), safe, "{original:?}");
        }
        let long = safe_name(&format!("{}.txt", "长".repeat(300)));
        assert!(long.len() <= LONGEST && long.ends_with("长.txt"));
        for original in [
            format!("CON.txt{}.txt", "长".repeat(300)),
            format!("CON.tx{}.txt", "长".repeat(63)),
            format!("{} {}.txt", "x".repeat(194), "长".repeat(9)),
            format!("{}. {}", "x".repeat(198), "长".repeat(9)),
            format!("CON{}x", " ".repeat(300)),
        ] {
            let safe = safe_name(&original);
            assert_eq!(safe_name(&safe), safe, "a safe name is safe");
        }
    }
}
