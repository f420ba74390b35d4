//! What a place is called beside its official name, and how that is read.

use pinyin::ToPinyin;
use rustc_hash::FxHashMap;

/// Generic parts, longer ones before those that end them.
const GENERIC: &[&str] = &[
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "林区",
    "特区",
    "新区",
    "矿区",
    "省",
    "市",
    "盟",
    "州",
    "区",
    "县",
    "旗",
];

/// Peoples in the names of autonomous areas; `蒙古` and the like stand there with and without 族.
const PEOPLES: &[&str] = &[
    "壮族",
    "回族",
    "维吾尔",
    "土家族",
    "苗族",
    "侗族",
    "布依族",
    "彝族",
    "白族",
    "哈尼族",
    "傣族",
    "景颇族",
    "傈僳族",
    "藏族",
    "羌族",
    "朝鲜族",
    "哈萨克族",
    "哈萨克",
    "蒙古族",
    "蒙古",
    "柯尔克孜",
    "瑶族",
    "黎族",
    "畲族",
    "满族",
    "水族",
    "仫佬族",
    "毛南族",
    "仡佬族",
    "拉祜族",
    "佤族",
    "布朗族",
    "独龙族",
    "怒族",
    "普米族",
    "纳西族",
    "达斡尔族",
    "达斡尔",
    "鄂温克族",
    "东乡族",
    "保安族",
    "撒拉族",
    "裕固族",
    "土族",
    "塔吉克",
    "锡伯",
    "各族",
];

/// The name without its generic part and its peoples, at least two characters: `内蒙古`, `凉山`, `和县`.
pub fn short(name: &str) -> &str {
    let long_enough = |rest: &str| rest.chars().nth(1).is_some();
    // 市中区 and the like: what is left would be no name.
    if matches!(name, "市中区" | "城中区" | "城东区" | "城西区" | "城北区" | "城南区") {
        return name;
    }
    let mut rest = GENERIC.iter().find_map(|generic| name.strip_suffix(generic).filter(|rest| long_enough(rest))).unwrap_or(name);
    while let Some(shorter) = PEOPLES.iter().find_map(|people| rest.strip_suffix(people).filter(|rest| long_enough(rest))) {
        rest = shorter;
    }
    // 东乡族自治县, 鄂温克族自治旗: nothing is left but the people.
    if rest.len() < name.len() { rest.strip_suffix('族').filter(|rest| long_enough(rest)).unwrap_or(rest) } else { rest }
}

/// How people shorten the names of autonomous areas but keep the generic part: `楚雄州`, `威宁县`.
pub fn abbreviated(name: &str) -> Option<String> {
    let generic = [("自治州", "州"), ("自治县", "县"), ("自治旗", "旗")];
    generic.iter().find(|(long, _)| name.ends_with(long)).map(|(_, brief)| format!("{}{brief}", short(name)))
}

/// Pinyin without tones and blanks. `data/pinyin.tsv` has the readings that only place names have.
pub struct Readings(FxHashMap<&'static str, &'static str>);

impl Readings {
    pub fn new() -> Self {
        let rows = include_str!("../../data/pinyin.tsv").lines().filter(|line| !line.starts_with('#'));
        Self(rows.filter_map(|line| line.split_once('\t')).collect())
    }

    pub fn of(&self, name: &str) -> String {
        let mut reading = String::new();
        let mut rest = name;
        while let Some(first) = rest.chars().next() {
            // The longest phrase in the table has four characters.
            let ends = rest.char_indices().map(|(i, c)| i + c.len_utf8()).take(4).collect::<Vec<_>>();
            if let Some((end, phrase)) = ends.iter().rev().find_map(|&end| Some((end, self.0.get(&rest[..end])?))) {
                reading.extend(phrase.split(' '));
                rest = &rest[end..];
                continue;
            }
            match first.to_pinyin() {
                // `ü` is typed and sorted as v.
                Some(syllable) => reading.push_str(&syllable.plain().replace('ü', "v")),
                None => reading.extend(first.to_lowercase()),
            }
            rest = &rest[first.len_utf8()..];
        }
        reading
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_what_people_say() {
        for (name, expected) in [
            ("北京市", "北京"),
            ("内蒙古自治区", "内蒙古"),
            ("凉山彝族自治州", "凉山"),
            ("黔西南布依族苗族自治州", "黔西南"),
            ("博尔塔拉蒙古自治州", "博尔塔拉"),
            ("积石山保安族东乡族撒拉族自治县", "积石山"),
            ("东乡族自治县", "东乡"),
            ("鄂温克族自治旗", "鄂温克"),
            ("梅里斯达斡尔族区", "梅里斯"),
            ("浦东新区", "浦东"),
            ("和县", "和县"),
            ("市中区", "市中区"),
            ("新城区", "新城"),
            ("神农架林区", "神农架"),
        ] {
            assert_eq!(short(name), expected, "{name}");
        }
        assert_eq!(abbreviated("楚雄彝族自治州").as_deref(), Some("楚雄州"));
        assert_eq!(abbreviated("安康市"), None);
    }

    /// The table holds exceptions alone: without any row of it some name would be read otherwise.
    #[test]
    fn every_row_of_the_readings_is_needed() {
        let all = Readings::new();
        let superfluous: Vec<&str> = all
            .0
            .iter()
            .filter(|(name, reading)| {
                let mut others = Readings(all.0.clone());
                others.0.remove(*name);
                others.of(name) == reading.replace(' ', "")
            })
            .map(|(name, _)| *name)
            .collect();
        assert!(superfluous.is_empty(), "{}", superfluous.join(" "));
    }

    #[test]
    fn place_names_are_read_as_their_people_do() {
        let readings = Readings::new();
        for (name, expected) in [
            ("重庆", "chongqing"),
            ("六安", "luan"),
            ("厦门", "xiamen"),
            ("蚌埠", "bengbu"),
            ("长春", "changchun"),
            ("长沙", "changsha"),
            ("番禺", "panyu"),
            ("乐清", "yueqing"),
            ("乐亭", "laoting"),
            ("东阿", "donge"),
            ("单县", "shanxian"),
            ("内蒙古", "neimenggu"),
            ("吕梁", "lvliang"),
            ("吐鲁番", "tulufan"),
            ("丽水", "lishui"),
            ("台州", "taizhou"),
            ("洪洞", "hongtong"),
            ("会泽", "huize"),
            ("西藏", "xizang"),
            ("乐都", "ledu"),
            ("阿拉善", "alashan"),
            ("哈尔滨", "haerbin"),
        ] {
            assert_eq!(readings.of(name), expected, "{name}");
        }
    }
}
