//! 密级 at the head of a text (GB/T 9704-2012, 7.2.2): `机密★1年`, `绝　密`, `密级：秘密`.

const DEGREES: [&str; 3] = ["绝密", "机密", "秘密"];

/// The marking that a line near the head holds. Without a star the line must be nothing but the marking: 保守国家秘密 in
/// a title is none.
pub(super) fn marking(line: &str) -> Option<String> {
    let text: String = line.chars().filter(|c| !c.is_whitespace()).take(40).collect();
    let degree = DEGREES.into_iter().find(|degree| text.contains(degree))?;
    let after = &text[text.find(degree)? + degree.len()..];
    if after.starts_with(['★', '☆', '*', '＊']) {
        let span: String = after.chars().skip(1).take_while(|c| c.is_numeric() || "年个月长期".contains(*c)).collect();
        return Some(format!("{degree}★{span}"));
    }
    let alone = text.trim_matches(|c: char| "【】[]（）()〔〕《》".contains(c));
    let alone = alone.strip_prefix("密级").map_or(alone, |rest| rest.trim_start_matches([':', '：']));
    // 机密 with a serial number or its urgency: `机密 特急`, `000012 机密`
    let rest = alone.replacen(degree, "", 1);
    let rest = rest.trim_matches(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    matches!(rest, "" | "级" | "特急" | "加急" | "急件" | "平急" | "件" | "文件").then(|| degree.to_owned())
}
