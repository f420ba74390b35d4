//! Finds the place that a report speaks for.
//!
//! Title, signature and what its keeper wrote state it; the body and the folders may only suggest it. A stem that
//! several places share (朝阳, 鼓楼) never decides alone: what stands around it does, or it stays open.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::classify::{Gazetteer, RegionId};

/// A place name in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// In bytes.
    pub at: Range<usize>,
    /// Every place that is called so, in the order of their ids.
    pub places: Vec<RegionId>,
    /// With its generic part: 安康市.
    pub full: bool,
    /// An ordinary word as well, or within a longer run of text: needs something beside it.
    pub weak: bool,
}

/// Stems that are ordinary words: `data/words.txt`.
static WORDS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../data/words.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// What may stand before a place in a title, so that the place begins a word.
const LEADS: &[&str] = &[
    "引领",
    "推动",
    "推进",
    "促进",
    "助力",
    "服务",
    "支持",
    "为",
    "将",
    "把",
    "到",
    "以来",
    "年来",
    "关于",
    "中共",
    "时期",
    "新时代",
    "十年",
    "年",
    "年度",
    "月",
    "在",
    "全国",
    "共青团",
    "我的",
    "赴",
    "对",
    "与",
    "和",
    "及",
    "省",
    "市",
    "州",
    "盟",
    "地区",
    "自治区",
    "县",
    "区",
];

/// Words that reach into a name that would begin inside them: 五年来|安徽, 新时代|县级, 关于|洪洞, 中共|和平区.
const WORDS_BEFORE: &[&str] = &["以来", "年来", "时代", "时期", "当代", "近代", "现代", "古代", "关于", "中共"];

/// After these a generic part belongs to the next word: 安康市|场监管.
fn generic_goes_on(generic: char, next: &str) -> bool {
    let follows: &[&str] = match generic {
        '市' => &["场"],
        '区' => &["域", "块", "位", "间", "别", "分"],
        '县' => &["域"],
        '州' => &[],
        _ => &[],
    };
    follows.iter().any(|word| next.starts_with(word))
}

/// After these a stem is part of another name: 延安精神, 南京路.
const OTHER_NAMES: &[&str] = &["精神", "路", "街", "大学", "学院", "会议精神", "大街", "会战", "起义", "经验"];

/// All names in `text`, leftmost and longest, none overlapping.
pub fn mentions(gazetteer: &Gazetteer, text: &str) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        // 五年来|安徽, but 2008年|来凤县.
        let dated = text[..at].ends_with(|c: char| c.is_ascii_digit()) && text[at..].starts_with("年来");
        if let Some(phrase) = WORDS_BEFORE.iter().find(|phrase| text[at..].starts_with(**phrase) && !dated) {
            at += phrase.len();
            continue;
        }
        match mention_at(gazetteer, text, at, found.last()) {
            Some(mention) => {
                at = mention.at.end;
                found.push(mention);
            }
            None => at += first.len_utf8(),
        }
    }
    found
}

fn mention_at(gazetteer: &Gazetteer, text: &str, at: usize, before: Option<&Mention>) -> Option<Mention> {
    let names = gazetteer.at_start(&text[at..]);
    let name = &names.first()?.text;
    let (mut name, mut full, mut places) =
        (name.as_str(), names.iter().any(|n| n.full), names.iter().map(|n| n.region).collect::<Vec<_>>());
    let next = &text[at + name.len()..];
    if let Some(generic) = name.chars().next_back() {
        let stem = &name[..name.len() - generic.len_utf8()];
        if generic_goes_on(generic, next) {
            (name, full, places) = (stem, false, gazetteer.called(stem));
        } else if next.starts_with('级') {
            // 朝阳县级领导班子: of 朝阳县 or 县级 of 朝阳.
            places.extend(gazetteer.called(stem));
        }
    }
    let next = &text[at + name.len()..];
    if places.is_empty() || !full && OTHER_NAMES.iter().any(|rest| next.starts_with(rest)) && gazetteer.at_start(next).is_empty() {
        return None;
    }
    let starts = at == 0
        || before.is_some_and(|mention| mention.at.end == at)
        || text[..at].chars().next_back().is_some_and(|c| !c.is_alphanumeric())
        || LEADS.iter().any(|lead| text[..at].ends_with(lead));
    let brief = name.chars().count() == 2;
    // 创新|县域, 发达县: two characters with a generic part are a name only where a word begins.
    if full && brief && !starts {
        return None;
    }
    places.sort_unstable();
    places.dedup();
    let weak = !full && (WORDS.contains(name) || !starts && brief && places.len() > 1);
    Some(Mention { at: at..at + name.len(), places, full, weak })
}

/// What a development zone calls itself behind the name of its city, and what may stand between the two.
const ZONES: &[&str] = &[
    "高新区",
    "经开区",
    "开发区",
    "园区",
    "产业园",
    "示范区",
    "度假区",
    "实验区",
    "试验区",
    "保税区",
    "港务区",
    "合作区",
    "管理区",
    "自贸区",
    "新区",
    "新城",
    "风景名胜区",
    "名胜区",
];
const ZONE_QUALITIES: &[&str] = &[
    "国家",
    "国际",
    "高新技术",
    "高新",
    "经济技术",
    "经济",
    "产业",
    "工业",
    "农业",
    "科技",
    "现代",
    "循环",
    "综合",
    "生态",
    "旅游",
    "文化",
    "风景",
    "化工",
    "航空港",
    "空港",
    "临空",
    "保税",
    "出口加工",
    "跨境电商",
    "物流",
    "大学",
    "软件",
    "滨海",
    "东部",
    "西部",
    "南部",
    "北部",
    "中心",
    "高端",
    "制造",
    "装备",
    "开放",
    "自由贸易",
    "扶贫",
    "移民",
];

/// Where the name of a development zone ends that goes on from the place before `at`: 西安|高新技术产业开发区. Such zones have
/// no code; they lie in the place, and are not the place.
pub fn zone(text: &str, at: usize) -> Option<usize> {
    let mut end = at;
    loop {
        let rest = &text[end..];
        if let Some(zone) = ZONES.iter().find(|zone| rest.starts_with(**zone)) {
            return Some(end + zone.len());
        }
        end += ZONE_QUALITIES.iter().find(|quality| rest.starts_with(**quality))?.len();
    }
}

/// Whether these words name a zone and not the place that it lies in.
pub fn ends_in_zone(gazetteer: &Gazetteer, words: &str) -> bool {
    mentions(gazetteer, words).last().is_some_and(|mention| zone(words, mention.at.end) == Some(words.len()))
}

/// The places that a run of names standing side by side means: 陕西省|安康市 and 扬州|广陵 are the inner one.
/// With the run's extent.
pub fn innermost(gazetteer: &Gazetteer, mentions: &[Mention], text: &str) -> Option<(Vec<RegionId>, Range<usize>)> {
    let start = mentions.iter().position(|mention| !mention.weak)?;
    let first = &mentions[start];
    let (mut places, mut at) = (first.places.clone(), first.at.clone());
    for next in &mentions[start + 1..] {
        let between = &text[at.end..next.at.start];
        if !matches!(between, "" | "·" | "-" | " " | "—" | "省" | "市") {
            break;
        }
        let inner: Vec<RegionId> =
            next.places.iter().copied().filter(|&place| places.iter().any(|&outer| gazetteer.lies_in(place, outer))).collect();
        if inner.is_empty() {
            break;
        }
        places = inner;
        at.end = next.at.end;
    }
    Some((places, at))
}
