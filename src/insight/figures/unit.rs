//! The units that quantities are counted in.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Units, each with what may not follow it: `3人大` counts no people. A `|` parts the ends of the words that
/// the unit's character may begin instead. Longer units stand first.
const UNITS: &[(&str, &str)] = &[
    ("个百分点", ""),
    ("个千分点", ""),
    ("立方公里", ""),
    ("平方公里", ""),
    ("平方千米", ""),
    ("个工作日", ""),
    ("立方米", ""),
    ("平方米", ""),
    ("千瓦时", ""),
    ("百分点", ""),
    ("张床位", ""),
    ("美元", ""),
    ("欧元", ""),
    ("港元", ""),
    ("人次", ""),
    ("人天", ""),
    ("户次", ""),
    ("家次", ""),
    ("场次", "产"),
    ("批次", ""),
    ("班次", ""),
    ("车次", ""),
    ("件次", ""),
    ("公里", ""),
    ("千米", ""),
    ("厘米", ""),
    ("毫米", ""),
    ("公顷", ""),
    ("公斤", ""),
    ("千克", ""),
    ("千瓦", ""),
    ("兆瓦", ""),
    ("课时", ""),
    ("学时", ""),
    ("学分", ""),
    ("席位", ""),
    ("床位", ""),
    ("个月", ""),
    ("小时", "候"),
    ("分钟", ""),
    ("元", "旦|老|素"),
    ("人", "大|民|才|均|社|事|口"),
    ("名", "单|额|称|录|次"),
    ("位", "于|置|列|居"),
    ("户", "籍|口"),
    ("家", "庭|级|户户"),
    ("个", "严禁|体户|税"),
    ("项", "目"),
    ("条", "例|件|令"),
    ("件", ""),
    ("篇", "章|幅"),
    ("份", "额|子"),
    ("封", "面|闭|控"),
    ("期", "间|末|限|满"),
    ("次", "数|年|日"),
    ("场", "所|景|地|馆"),
    ("批", "评"),
    ("支", "部|书|持|撑|援|出|付"),
    ("只", "有|要|能|是"),
    ("头", "雁|部|脑|等"),
    ("亩", ""),
    ("斤", ""),
    ("吨", ""),
    ("米", ""),
    ("升", "级|至|到|学|入"),
    ("辆", ""),
    ("台", "账|湾|胞"),
    ("套", "路|餐"),
    ("座", "谈|位"),
    ("间", "接|隔|距"),
    ("处", "级|理|长|置|室|罚|分"),
    ("所", "有|属|需|谓"),
    ("栋", ""),
    ("幢", ""),
    ("层", "面|级|次"),
    ("门", "类|户|诊|店"),
    ("堂", ""),
    ("岁", "月"),
    ("天", "然|气|地"),
    ("倍", "增"),
    ("类", "似|型"),
    ("种", "植|养"),
    ("轮", "训|岗|换|流|值"),
    ("本", "科|届|级|年|着|市|县|区|省|地|土|领|人|职"),
    ("册", ""),
    ("部", "门|分|委|队|署"),
    ("棵", ""),
    ("株", ""),
    ("盏", ""),
    ("块", ""),
    ("根", "本|据|基"),
    ("单", "位|独|项|元"),
    ("例", "如|会|外|行"),
    ("起", "来|到|步|草|点|初"),
    ("宗", "旨|教"),
    ("桩", ""),
    ("幅", "度"),
    ("张", "贴"),
    ("片", "区|面|长"),
    ("口", "号|碑|径|岸"),
    ("尾", ""),
    ("箱", ""),
    ("袋", ""),
    ("瓶", ""),
    ("盒", ""),
    ("款", "项"),
    ("枚", ""),
    ("幕", ""),
    ("顿", ""),
    ("趟", ""),
    ("组", "织|工|建"),
    ("班", "子|级|长"),
    ("对", "口|标|接|象|外|照|党|于"),
    ("分", "之|别|类|管|布|级|工|析|层|批|局|支|会|期|值|为|成|享|发|散|明|解|点"),
    ("%", ""),
    ("％", ""),
    ("‰", ""),
];

/// The same by their first characters.
static BY_FIRST: LazyLock<FxHashMap<char, Vec<(&str, &str)>>> = LazyLock::new(|| {
    let mut units: FxHashMap<char, Vec<(&str, &str)>> = FxHashMap::default();
    for unit in UNITS {
        units.entry(unit.0.chars().next().unwrap_or_default()).or_default().push(*unit);
    }
    units
});

/// Scales that stand between a number and its unit; the unit is shown with them: `亿元`.
const SCALES: [(&str, f64); 6] = [("万亿", 1e12), ("千万", 1e7), ("百万", 1e6), ("亿", 1e8), ("万", 1e4), ("千", 1e3)];

/// The scale at the start of `chars` and how many characters it takes.
pub fn scale(chars: &[char]) -> Option<(&'static str, f64, usize)> {
    SCALES.into_iter().find(|(name, _)| starts_with(chars, name)).map(|(name, factor)| (name, factor, name.chars().count()))
}

/// The unit at the start of `chars` and how many characters it takes.
pub fn unit(chars: &[char]) -> Option<(&'static str, usize)> {
    let (name, not_before) = BY_FIRST.get(chars.first()?)?.iter().find(|(name, _)| starts_with(chars, name))?;
    let length = name.chars().count();
    let rest = &chars[length..];
    let other_word = !not_before.is_empty() && not_before.split('|').any(|end| starts_with(rest, end));
    let name = if matches!(*name, "％") { "%" } else { name };
    (!other_word).then_some((name, length))
}

/// A unit by its place among all, in one byte.
pub mod number {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::UNITS;

    pub fn of(name: &str) -> u8 {
        UNITS.iter().position(|(unit, _)| *unit == name).unwrap_or_default() as u8
    }

    pub fn name(number: u8) -> Option<&'static str> {
        UNITS.get(usize::from(number)).map(|(name, _)| *name)
    }

    pub fn serialize<S: Serializer>(name: &str, serializer: S) -> Result<S::Ok, S::Error> {
        of(name).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
        name(u8::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("no such unit"))
    }
}

pub fn starts_with(chars: &[char], text: &str) -> bool {
    let mut chars = chars.iter();
    text.chars().all(|c| chars.next() == Some(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_unit_wins_and_words_are_not_cut() {
        assert!(UNITS.len() <= 256, "a byte tells them apart");
        for (text, expected) in [
            ("个百分点", Some("个百分点")),
            ("个，", Some("个")),
            ("人次。", Some("人次")),
            ("人大代表", None),
            ("项目", None),
            ("项，", Some("项")),
            ("支部", None),
            ("支队伍", Some("支")),
            ("年", None),
        ] {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(unit(&chars).map(|(name, _)| name), expected, "{text}");
        }
    }
}
