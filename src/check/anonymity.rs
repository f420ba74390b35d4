//! Blanks beside a real name of the same report: somebody began to make it anonymous and overlooked a place.

use std::collections::BTreeMap;

use crate::archive::Report;
use crate::check::reports::Spot;
use crate::classify::{Gazetteer, Level, Placement, masks};

/// Who follows a surname: 王某某同志, 王建国同志.
const TITLES: [&str; 13] = ["同志", "书记", "主任", "局长", "部长", "县长", "市长", "区长", "镇长", "乡长", "村民", "先生", "女士"];

/// The surnames that two thirds of all people have; rarer ones are mostly other words too.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";

pub(super) fn named_beside_blanks(report: &Report, gazetteer: &Gazetteer) -> Vec<Spot> {
    let texts: Vec<(u32, std::borrow::Cow<str>)> =
        std::iter::once((report.document.lines.start, report.document.title.text.as_str().into()))
            .chain(report.document.blocks.iter().map(|block| (block.lines().start, block.text())))
            .collect();
    let mut spots = people(&texts);
    spots.extend(places(report, &texts, gazetteer));
    spots.sort_by_key(|spot| spot.line);
    spots
}

/// In a report whose place is blanked, who signs it and whom it addresses should not tell.
fn places(report: &Report, texts: &[(u32, std::borrow::Cow<str>)], gazetteer: &Gazetteer) -> Vec<Spot> {
    let Placement::Masked(..) = report.labels.placement else { return Vec::new() };
    let elements = &report.document.elements;
    let telling = elements.signatures.iter().chain(&elements.addressee).chain(&elements.number);
    let mut spots: Vec<Spot> =
        telling.filter_map(|element| named(&element.text, gazetteer).map(|name| (element.line, name))).map(spot).collect();
    // 我市安康, 安康市委: the report speaks of the place as its own.
    for (line, text) in texts {
        for own in ["我省", "我市", "我县", "我区", "中共"] {
            for (at, _) in text.match_indices(own) {
                spots.extend(named_at(&text[at + own.len()..], gazetteer).map(|name| spot((*line, name))));
            }
        }
    }
    // A blank beside the name itself: `安康市xx区`.
    for (line, text) in texts {
        for mask in masks(text) {
            let before = text[..mask.at.start].chars().rev().take(8).collect::<Vec<_>>();
            let before: String = before.into_iter().rev().collect();
            let name = before.char_indices().find_map(|(at, _)| named_at(&before[at..], gazetteer).filter(|name| before[at..] == **name));
            // The province alone tells little, and many leave it on purpose.
            spots.extend(name.filter(|name| !is_province(name, gazetteer)).map(|name| spot((*line, name))));
        }
    }
    spots.dedup_by(|a, b| a.line == b.line && a.what == b.what);
    spots
}

fn spot((line, name): (u32, String)) -> Spot {
    Spot { line, what: format!("names `{name}`") }
}

fn is_province(name: &str, gazetteer: &Gazetteer) -> bool {
    gazetteer.called(name).iter().all(|&id| gazetteer[id].level == Some(Level::Province))
}

/// The first place that a text names in full.
fn named(text: &str, gazetteer: &Gazetteer) -> Option<String> {
    text.char_indices().find_map(|(at, _)| named_at(&text[at..], gazetteer)).filter(|name| !is_province(name, gazetteer))
}

fn named_at(text: &str, gazetteer: &Gazetteer) -> Option<String> {
    gazetteer.at_start(text).iter().find(|name| name.full).map(|name| name.text.clone())
}

/// `王××同志` and `王建国同志` in one report.
fn people(texts: &[(u32, std::borrow::Cow<str>)]) -> Vec<Spot> {
    let mut blanked: BTreeMap<char, u32> = BTreeMap::new();
    let mut named: Vec<(u32, char, String)> = Vec::new();
    for (line, text) in texts {
        for title in TITLES {
            for (at, _) in text.match_indices(title) {
                let before: Vec<char> = text[..at].chars().rev().take(4).collect();
                let blanks = before.iter().take_while(|c| is_blank(**c)).count();
                match before.get(blanks) {
                    Some(&surname) if blanks > 0 && SURNAMES.contains(surname) => {
                        blanked.entry(surname).or_insert(*line);
                    }
                    // A name of three characters: those of two are mostly other words.
                    _ if blanks == 0 && before.len() >= 3 && SURNAMES.contains(before[2]) && before[..2].iter().all(|c| is_han(*c)) => {
                        let before_name = before.get(3).copied();
                        let begins = before_name.is_none_or(|c| !is_han(c) || "是和与及由为对向让请的".contains(c));
                        named.extend(begins.then(|| (*line, before[2], title.to_owned())));
                    }
                    _ => {}
                }
            }
        }
    }
    named.retain(|(_, surname, _)| blanked.contains_key(surname));
    let blank = |surname| blanked.get(&surname).copied().unwrap_or_default();
    named
        .into_iter()
        .map(|(line, surname, title)| Spot {
            line,
            what: format!("a full name before {title}; {surname}… is blanked on line {}", blank(surname)),
        })
        .collect()
}

fn is_blank(c: char) -> bool {
    matches!(c, '某' | '×' | 'x' | 'X' | '*' | '＊' | '○' | '〇')
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}
