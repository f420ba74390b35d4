//! The level of the place that a report speaks for.

use crate::classify::text::{BlockText, Text};
use crate::classify::{Evidence, EvidenceFrom, Found, Gazetteer, Level, Placement, mask, place};

/// By the place itself; where that is not known, by the group of the contents list, by what the blank is called, by
/// whom the report looks up to and down on.
pub fn level(text: &Text, placement: &Placement, gazetteer: &Gazetteer) -> Option<Found<Level>> {
    if let (Some(region), Some(evidence)) = (placement.region(), placement.evidence())
        && let Some(level) = gazetteer[region].level
    {
        // A development zone of a city stands beside the city's counties.
        let city = gazetteer[region].name.ends_with('市');
        let value = if city && place::ends_in_zone(gazetteer, &evidence.quote) { Level::County } else { level };
        return Some(Found { value, evidence: evidence.clone() });
    }
    group(text)
        .or_else(|| shared(placement, gazetteer))
        .or_else(|| blank(placement))
        .or_else(|| above(text))
        .or_else(|| below(text, placement))
}

/// 一、省级 in the contents list.
pub fn group(text: &Text) -> Option<Found<Level>> {
    let group = text.document.group.as_deref()?;
    let named =
        [("省", Level::Province), ("市", Level::Prefecture), ("州", Level::Prefecture), ("县", Level::County), ("区", Level::County)];
    let value = [Level::Province, Level::Prefecture, Level::County]
        .into_iter()
        .find(|level| group.contains(level.name()))
        .or_else(|| named.iter().find(|(word, _)| group.ends_with(word)).map(|(_, level)| *level))?;
    Some(Found { value, evidence: Evidence { from: EvidenceFrom::Contents, quote: group.into(), line: None } })
}

/// All places that an open name may mean have one level.
fn shared(placement: &Placement, gazetteer: &Gazetteer) -> Option<Found<Level>> {
    let Placement::Ambiguous(places, evidence) = placement else { return None };
    let value = gazetteer[*places.first()?].level?;
    places.iter().all(|&place| gazetteer[place].level == Some(value)).then(|| Found { value, evidence: evidence.clone() })
}

fn blank(placement: &Placement) -> Option<Found<Level>> {
    let Placement::Masked(name, evidence) = placement else { return None };
    let value = mask::first(name)?.level?;
    Some(Found { value, evidence: evidence.clone() })
}

/// Whom it looks up to: a report that names 全国、全省、某市 meetings comes from below a 市; one read out at a meeting of the
/// whole province from a 市.
fn above(text: &Text) -> Option<Found<Level>> {
    let title = text.title.as_ref();
    if let Some(title) = title
        && !["讲话", "致辞", "报告"].iter().any(|own| title.text.ends_with(own))
    {
        let meetings =
            [("在全国", Level::Province), ("在全省", Level::Prefecture), ("在全区", Level::Prefecture), ("在全市", Level::County)];
        if let Some((phrase, value)) = meetings.iter().find(|(phrase, _)| title.text.contains(phrase) && title.text.contains('会')) {
            return Some(Found {
                value: *value,
                evidence: Evidence { from: EvidenceFrom::Title, quote: (*phrase).into(), line: title.line },
            });
        }
    }
    text.opening().iter().find_map(|block| superiors(block))
}

/// `全国、全省、xxx市组织部长会议` and `全国全省组织工作会议`.
fn superiors(block: &BlockText) -> Option<Found<Level>> {
    let at = block.text.find("全国、全省").or_else(|| block.text.find("全国全省")).or_else(|| block.text.find("全国和全省"))?;
    let sentence = block.text[at..].split(['，', '。', '；']).next().unwrap_or_default();
    if !sentence.contains('会') && !sentence.contains("精神") {
        return None;
    }
    // The next in the row, up to the meeting itself: a 市 there stands above the report.
    let row: String = sentence.chars().skip(4).take(12).collect();
    let value = if row.starts_with(['、', '和', '及', '省']) && row.contains('市') { Level::County } else { Level::Prefecture };
    let end = at + sentence.char_indices().nth(16).map_or(sentence.len(), |(i, _)| i);
    Some(Found { value, evidence: block.evidence(at..end) })
}

/// Whom it looks down on, for a blanked 市 that may be a prefecture or a county: 各县区 lie under a prefecture, and where
/// only 乡镇 lie under it, it is a county.
fn below(text: &Text, placement: &Placement) -> Option<Found<Level>> {
    let Placement::Masked(_, evidence) = placement else { return None };
    let of_prefecture = ["县（市、区）", "各县区", "县处级", "各县（区）", "县（区）", "县市区", "区县"];
    let of_county = ["乡镇党委", "科级干部", "各乡镇", "镇（街道）", "乡科级"];
    let count = |words: &[&str]| {
        text.blocks.iter().map(|block| words.iter().map(|word| block.text.matches(word).count()).sum::<usize>()).sum::<usize>()
    };
    let value = if count(&of_county) > count(&of_prefecture) { Level::County } else { Level::Prefecture };
    Some(Found { value, evidence: evidence.clone() })
}
