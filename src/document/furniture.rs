//! Takes out what belongs to the pages and not to the text: page numbers, running heads, extraction residue.

use std::collections::BTreeMap;

use crate::document::Role;
use crate::document::account::Account;
use crate::document::row::{Row, ends_sentence};

/// The rows without page furniture. A row that follows some is marked [`Row::page_break`].
pub(super) fn strip<'a>(rows: Vec<Row<'a>>, account: &mut Account) -> Vec<Row<'a>> {
    let mut roles = page_numbers(&rows);
    for (row, role) in rows.iter().zip(&mut roles) {
        if row.text.trim().is_empty() || is_navigation(&row.text) {
            *role = Some(Role::Residue);
        }
    }
    running_heads(&rows, &mut roles);
    let mut kept = Vec::with_capacity(rows.len());
    let (mut gap, mut page_break) = (false, false);
    for (mut row, role) in rows.into_iter().zip(roles) {
        if let Some(role) = role {
            account.claim_row(&row, None, role);
            gap |= row.gap;
            page_break |= matches!(role, Role::PageNumber | Role::RunningHead);
            continue;
        }
        row.gap |= gap;
        row.page_break |= page_break;
        (gap, page_break) = (false, false);
        kept.push(row);
    }
    kept
}

/// What a web page sets around its text: `当前位置：首页 > 动态`, `【打印本页】【关闭窗口】`, `上一篇：…`.
fn is_navigation(text: &str) -> bool {
    if text.len() > 300 {
        return false;
    }
    let trail = ["当前位置", "您的位置", "您现在的位置", "您当前的位置", "你的位置"].iter().any(|open| text.starts_with(open));
    let button = text.starts_with(['【', '['])
        && text.ends_with(['】', ']'])
        && ["打印", "关闭窗口", "收藏本页", "返回顶部"].iter().any(|word| text.find(word).is_some_and(|at| at < 20));
    let other = ["上一篇：", "下一篇：", "上一条：", "下一条：", "扫一扫在手机打开"].iter().any(|open| text.starts_with(open));
    trail && text.contains(['>', '›', '»', '→', '＞']) || button || other
}

/// `- 12 -`, `第12页`, `12/40` say so themselves. A bare number is a page number only where such lines count on.
fn page_numbers(rows: &[Row<'_>]) -> Vec<Option<Role>> {
    let mut roles = vec![None; rows.len()];
    let mut bare: Vec<(usize, u32)> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if row.text.len() > 40 {
            continue;
        }
        match page_number(&row.text) {
            Some((_, true)) => roles[index] = Some(Role::PageNumber),
            Some((value, false)) => bare.push((index, value)),
            None => {}
        }
    }
    // Numbers in the cells of a table stand close together and do not count up by one.
    for (at, &(index, value)) in bare.iter().enumerate() {
        let follows = |other: Option<&(usize, u32)>, step: i64| {
            other.is_some_and(|&(line, number)| i64::from(number) == i64::from(value) + step && line.abs_diff(index) > 2)
        };
        let counts_on = follows(bare.get(at + 1), 1) || at > 0 && follows(bare.get(at - 1), -1);
        let in_sentence = index > 0
            && rows[index - 1].width >= 50
            && !ends_sentence(&rows[index - 1].text)
            && rows.get(index + 1).is_some_and(|next| !next.indented);
        if counts_on || in_sentence {
            roles[index] = Some(Role::PageNumber);
        }
    }
    roles
}

/// The page that a line gives, and whether its form leaves no doubt.
fn page_number(text: &str) -> Option<(u32, bool)> {
    const DASHES: [char; 9] = ['-', '—', '–', '－', '―', '─', '·', '•', '~'];
    let core = text.trim_matches(|c: char| c.is_whitespace() || DASHES.contains(&c));
    let dashed = text.starts_with(DASHES) && text.ends_with(DASHES);
    if let Some(rest) = core.strip_prefix('第') {
        let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
        let rest = rest.trim_start()[digits.len()..].trim_start().strip_prefix('页')?;
        // `第 3 页 共 10 页`
        let all = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '/' | '，' | ','));
        let total = all.is_empty() || all.starts_with('共') && all.trim_end().ends_with('页');
        return digits.parse().ok().filter(|_| total).map(|value| (value, true));
    }
    let value = core.parse().ok().filter(|_| core.len() <= 4 && core.bytes().all(|b| b.is_ascii_digit()));
    if let Some(value) = value {
        return Some((value, dashed));
    }
    let (page, pages) = core.split_once('/')?;
    let (page, pages): (u32, u32) = (page.trim().parse().ok()?, pages.trim().parse().ok()?);
    (page <= pages).then_some((page, false))
}

/// A short line that comes back at the ends of pages, three times or more.
fn running_heads(rows: &[Row<'_>], roles: &mut [Option<Role>]) {
    let mut seen: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        if row.width <= 80 && roles[index].is_none() && !ends_sentence(&row.text) && !row.text.ends_with(['：', ':']) {
            seen.entry(&row.text).or_default().push(index);
        }
    }
    let at_page_end = |index: usize, roles: &[Option<Role>]| {
        let furniture = |other: Option<usize>| other.and_then(|i| roles.get(i)).is_some_and(|role| *role == Some(Role::PageNumber));
        let cut_sentence = index > 0 && rows[index - 1].width >= 50 && !ends_sentence(&rows[index - 1].text);
        furniture(index.checked_sub(1)) || furniture(Some(index + 1)) || cut_sentence || rows[index].page_break
    };
    for (text, places) in seen.into_iter().filter(|(_, places)| places.len() >= 3) {
        let mut framed: Vec<usize> = places.iter().copied().filter(|&index| at_page_end(index, roles)).collect();
        if framed.len() * 2 > places.len() && framed.len() >= 2 {
            // A report's own title as running head: where the contents list or nothing stands before it, it is the title.
            let first = framed[0];
            let is_first = places[0] == first;
            if is_first && (first < 3 || rows[..first].iter().any(|row| row.text.len() > text.len() && row.text.starts_with(text))) {
                framed.remove(0);
            }
            for index in framed {
                roles[index] = Some(Role::RunningHead);
            }
        }
    }
}
