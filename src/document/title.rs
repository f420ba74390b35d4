//! What a title looks like.

use crate::document::number::number;
use crate::document::row::{Row, ends_sentence};

/// What a report calls itself at the end of its title. Order does not matter.
const NOUNS: [&str; 75] = [
    "综述",
    "总结",
    "汇报",
    "报告",
    "讲话",
    "致辞",
    "发言",
    "材料",
    "经验",
    "做法",
    "意见",
    "方案",
    "要点",
    "纪实",
    "计划",
    "规划",
    "通知",
    "通报",
    "决定",
    "决议",
    "办法",
    "细则",
    "规定",
    "条例",
    "请示",
    "批复",
    "纪要",
    "公报",
    "公告",
    "调研",
    "信息",
    "简报",
    "情况",
    "说明",
    "提纲",
    "启示",
    "探索",
    "实践",
    "思考",
    "倡议书",
    "自查",
    "事迹",
    "案例",
    "述评",
    "侧记",
    "发言稿",
    "讲话稿",
    "体会",
    "建议",
    "答复",
    "评估",
    "分析",
    "白皮书",
    "大事记",
    "述职",
    "述廉",
    "成效",
    "成果",
    "亮点",
    "安排",
    "打算",
    "函",
    "前言",
    "序言",
    "后记",
    "编者按",
    "编写说明",
    "展望",
    "回顾",
    "概述",
    "综合",
    "巡礼",
    "掠影",
    "举措",
    "巡览",
];

/// What a whole collection calls itself.
const COLLECTIONS: [&str; 13] =
    ["汇编", "选编", "合集", "合编", "文集", "材料集", "资料集", "专辑", "选辑", "集锦", "大全", "汇总", "范文"];

/// How much a line looks like a report's title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// It cannot be one.
    None,
    /// Nothing speaks against it.
    Possible,
    /// It also names what kind of document it is.
    Named,
}

/// Judges a line by itself.
pub(super) fn shape(row: &Row<'_>) -> Shape {
    if row.is_longer_than(60) { Shape::None } else { shape_of(&row.text) }
}

/// The same for a line that is no row.
pub(super) fn shape_of(text: &str) -> Shape {
    if !(4..=60).contains(&text.chars().take(61).count())
        || ends_sentence(text) && !text.ends_with(['）', '》', '”', '？'])
        || text.ends_with(['，', '、', '；', '：', ':', ';', ',', '。'])
        || text.contains(['。', '；', '|', '\t'])
        || text.starts_with(['，', '。', '、', '”', '）', '》', '；', '●', '■', '◆', '▲', '★', '-', '—', '·', '•'])
        || text.matches(['，', ',']).count() > 2
    {
        return Shape::None;
    }
    if number(text).is_some() {
        return Shape::None;
    }
    if is_date(text) || is_document_number(text) || label(text).is_some() || is_lead(text) {
        return Shape::None;
    }
    if names_kind(text) { Shape::Named } else { Shape::Possible }
}

/// `…工作综述`, `…工作总结（2023年）`.
pub(super) fn names_kind(text: &str) -> bool {
    let core = without_remark(text);
    NOUNS.iter().any(|noun| core.ends_with(noun)) || is_collection(text)
}

pub(super) fn is_collection(text: &str) -> bool {
    let core = without_remark(text);
    COLLECTIONS.iter().any(|noun| core.ends_with(noun))
}

/// Without a remark in brackets at the end: `（摘要）`, `（2023年）`.
fn without_remark(text: &str) -> &str {
    let text = text.trim_end_matches(['》', '”', ' ']);
    match text.rfind(['（', '(']) {
        Some(open) if text.ends_with(['）', ')']) && open > 0 => text[..open].trim_end(),
        _ => text,
    }
}

/// The head of a part inside one report: `2023年工作总结`, `下一步工作打算`. It names no place and no subject.
pub(super) fn is_generic(text: &str) -> bool {
    let mut rest = without_remark(text).trim();
    let year = rest.trim_start_matches(|c: char| c.is_ascii_digit() || "〇一二三四五六七八九零".contains(c));
    rest = year.strip_prefix("年度").or_else(|| year.strip_prefix('年')).unwrap_or(rest);
    const OPENINGS: [&str; 16] = [
        "今年以来",
        "去年以来",
        "上半年",
        "下半年",
        "今年",
        "明年",
        "去年",
        "下一步",
        "下步",
        "下阶段",
        "下一阶段",
        "当前",
        "全年",
        "近年来",
        "前三季度",
        "一季度",
    ];
    for opening in OPENINGS {
        rest = rest.strip_prefix(opening).unwrap_or(rest);
    }
    const MIDDLES: [&str; 14] =
        ["的", "主要", "重点", "工作", "目标", "任务", "整体", "总体", "基本", "开展", "完成", "落实", "存在", "问题和"];
    while let Some(shorter) = MIDDLES.iter().find_map(|middle| rest.strip_prefix(middle)) {
        rest = shorter;
    }
    rest.is_empty() || NOUNS.contains(&rest) || ["思路", "措施", "问题", "困难", "特点"].contains(&rest)
}

/// `一是…`, `第一，…`, `首先，…`: leads of a paragraph.
pub(super) fn is_lead(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        Some('一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十') => text.chars().nth(1) == Some('是'),
        Some('第') => text.chars().nth(2).is_some_and(|c| matches!(c, '，' | '、' | '：')),
        _ => ["首先", "其次", "再次", "最后", "同时"].iter().any(|lead| text.starts_with(lead) && text[lead.len()..].starts_with('，')),
    }
}

/// `地址：`, `联系人：`: a line that stands on its own. The label.
pub(super) fn label(text: &str) -> Option<&str> {
    const LABELS: [&str; 26] = [
        "地址",
        "电话",
        "联系人",
        "联系电话",
        "邮编",
        "网址",
        "邮箱",
        "传真",
        "来源",
        "作者",
        "日期",
        "时间",
        "地点",
        "附件",
        "报送",
        "抄送",
        "主送",
        "签发人",
        "主持人",
        "参加人员",
        "编辑",
        "校对",
        "审核",
        "责任编辑",
        "印发",
        "手机",
    ];
    let colon = text.find(['：', ':'])?;
    let name = text[..colon].trim();
    LABELS.iter().any(|label| *label == name || name.starts_with("附件")).then_some(name)
}

/// `〔2023〕5号` with what stands before it: short, and nothing after.
pub(super) fn is_document_number(text: &str) -> bool {
    if text.len() > 120 {
        return false;
    }
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '）' | ')'));
    let Some(open) = text.find(['〔', '﹝', '[', '［', '【', '(', '（']) else { return false };
    let rest = text[open..].trim_start_matches(['〔', '﹝', '[', '［', '【', '(', '（']);
    let year = rest.bytes().take_while(u8::is_ascii_digit).count();
    let Some(rest) = (year == 4).then(|| rest[4..].trim_start_matches(['〕', '﹞', ']', '］', '】', ')', '）']).trim_start()) else {
        return false;
    };
    let rest = rest.strip_prefix('第').unwrap_or(rest);
    let number = rest.trim_start().bytes().take_while(u8::is_ascii_digit).count();
    number > 0 && rest.trim_start()[number..].trim() == "号" && open > 0 && !text[..open].contains(['，', '。', '《'])
}

/// A whole line that is a date: `2023年5月1日`, `二〇二三年五月`, `（2023年5月1日）`, `2023-05-01`.
pub(super) fn is_date(text: &str) -> bool {
    if text.len() > 60 {
        return false;
    }
    let core: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().trim_matches(['（', '）', '(', ')']).to_owned();
    let digit = |c: char| c.is_ascii_digit() || "〇○零一二三四五六七八九十0１２３４５６７８９０xX×*".contains(c);
    if let Some((year, rest)) = core.split_once('年') {
        let Some((month, day)) = rest.split_once('月') else { return false };
        let day = day.strip_suffix('日').unwrap_or(day);
        let count = year.chars().count();
        return (2..=5).contains(&count)
            && year.chars().all(digit)
            && !month.is_empty()
            && month.chars().count() <= 3
            && month.chars().all(digit)
            && day.chars().count() <= 3
            && day.chars().all(digit);
    }
    let parts: Vec<&str> = core.split(['-', '.', '/']).collect();
    parts.len() == 3 && parts[0].len() == 4 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

/// Letters and digits alone, for comparing titles: a number before them, white space and punctuation do not count.
pub(super) fn key(text: &str) -> String {
    let start = number(text).map_or(0, |number| number.length);
    let key: String = text[start..].chars().filter_map(keyed).collect();
    if key.is_empty() { text.chars().filter_map(keyed).collect() } else { key }
}

/// The first character of [`key`], without the cost of the whole.
pub(super) fn first_of_key(text: &str) -> Option<char> {
    let start = number(text).map_or(0, |number| number.length);
    text[start..].chars().find_map(keyed).or_else(|| text.chars().find_map(keyed))
}

fn keyed(c: char) -> Option<char> {
    match c {
        '\u{4e00}'..='\u{9fff}' => Some(c),
        _ if c.is_ascii() => c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()),
        _ => c.is_alphanumeric().then_some(c),
    }
}
