//! Recognises the elements of an official document (GB/T 9704-2012, section 7): they keep their place in the text.

use crate::document::number::{Style, number};
use crate::document::title::{is_date, is_document_number};
use crate::document::{Block, Element, Elements, Paragraph, ParagraphRole};

/// Gives paragraphs their roles and lists them.
pub(super) fn mark(blocks: &mut [Block], elements: &mut Elements) {
    head(blocks, elements);
    tail(blocks, elements);
}

fn paragraph(block: &mut Block) -> Option<&mut Paragraph> {
    match block {
        Block::Paragraph(paragraph) => Some(paragraph),
        _ => None,
    }
}

fn element(paragraph: &Paragraph) -> Element {
    Element { text: paragraph.text.clone(), line: paragraph.lines.start }
}

/// What stands above and just below the title.
fn head(blocks: &mut [Block], elements: &mut Elements) {
    for block in blocks.iter_mut().take(8) {
        let Some(paragraph) = paragraph(block) else { break };
        let text = paragraph.text.as_str();
        if elements.number.is_none() && is_document_number(text) {
            elements.number = Some(element(paragraph));
            paragraph.role = ParagraphRole::Number;
        } else if elements.date.is_none() && is_date(text) {
            elements.date = Some(element(paragraph));
            paragraph.role = ParagraphRole::Date;
        } else if elements.date.is_none()
            && let Some(date) = date_of_publication(text)
        {
            elements.date = Some(Element { text: date.into(), line: paragraph.lines.start });
        } else if elements.date.is_none()
            && let Some((office, date)) = signature_with_date(text)
        {
            let line = paragraph.lines.start;
            elements.date = Some(Element { text: date.into(), line });
            elements.signatures.push(Element { text: office.into(), line });
            paragraph.role = ParagraphRole::Signature;
        } else if is_addressee(text) {
            if elements.addressee.is_none() {
                elements.addressee = Some(element(paragraph));
            }
            paragraph.role = ParagraphRole::Addressee;
        } else if text.len() > 150 {
            break;
        }
    }
}

/// What stands below the text: closing, attachments, signatures, date.
fn tail(blocks: &mut [Block], elements: &mut Elements) {
    // A long list of attachments is still not longer than this.
    let from = blocks.len().saturating_sub(15);
    let mut signed_after = false;
    for at in (from..blocks.len()).rev() {
        let above_date = blocks.get(at + 1).is_some_and(
            |next| matches!(next, Block::Paragraph(next) if matches!(next.role, ParagraphRole::Date | ParagraphRole::Signature)),
        );
        let listed = is_listed_attachment(&blocks[..=at]);
        let Some(paragraph) = paragraph(&mut blocks[at]) else { continue };
        if !matches!(paragraph.role, ParagraphRole::Body | ParagraphRole::Line) {
            continue;
        }
        let text = paragraph.text.trim();
        if is_date(text) {
            elements.date = Some(element(paragraph));
            paragraph.role = ParagraphRole::Date;
            signed_after = true;
        } else if let Some((office, date)) = signature_with_date(text) {
            let line = paragraph.lines.start;
            elements.date = Some(Element { text: date.into(), line });
            elements.signatures.insert(0, Element { text: office.into(), line });
            paragraph.role = ParagraphRole::Signature;
            signed_after = true;
        } else if is_closing(text) {
            paragraph.role = ParagraphRole::Closing;
        } else if listed || is_attachment(text) {
            elements.attachments.insert(0, element(paragraph));
            paragraph.role = ParagraphRole::Attachment;
        } else if is_signature(text) && (signed_after && above_date || ends_like_office(text)) {
            elements.signatures.insert(0, element(paragraph));
            paragraph.role = ParagraphRole::Signature;
        } else if text.len() > 150 && at + 6 < blocks.len() {
            break;
        }
    }
}

/// `县委：`, `同志们：`, `各位领导、各位代表：`
fn is_addressee(text: &str) -> bool {
    const CLOSES: [&str; 30] = [
        "们", "委", "府", "局", "部", "厅", "室", "会", "组", "司", "代表", "领导", "委员", "同志", "院", "处", "中心", "主任", "书记",
        "市长", "县长", "省长", "组长", "部长", "人", "单位", "机关", "企业", "公司", "来宾",
    ];
    let Some(core) = text.strip_suffix(['：', ':']) else { return false };
    core.chars().count() <= 80
        && !core.contains(['。', '；', '：', '“'])
        && !core.starts_with(|c: char| c.is_ascii_digit())
        && (CLOSES.iter().any(|close| core.ends_with(close)) || core.starts_with("尊敬的") || core.starts_with("各位"))
}

/// `特此报告。`, `以上述职，请予评议。`, `汇报完毕，谢谢大家！`
fn is_closing(text: &str) -> bool {
    const OPENS: [&str; 6] = ["特此", "专此", "妥否", "当否", "此致", "谢谢"];
    const CLOSES: [&str; 12] =
        ["敬礼", "谢谢大家", "谢谢", "完毕", "我的汇报", "我的发言", "我的述职", "我的报告", "此复", "此令", "请指示", "为盼"];
    // What `以上` refers to, and what a superior is asked for.
    const WORKS: [&str; 8] = ["报告", "汇报", "述职", "发言", "总结", "意见", "请示", "说明"];
    const ASKED: [&str; 10] = ["评议", "审议", "审查", "审阅", "批评指正", "批示", "批复", "指示", "批准", "指正"];
    let core = text.trim_end_matches(['！', '。', '!', '？', ' ']);
    // `现在报告工作，请予审议` opens a text.
    let asks = || {
        ["请", "恳请", "敬请", "以上", "不", "如", "汇报完毕", "报告完毕", "述职完毕", "发言完毕"].iter().any(|open| core.starts_with(open))
            && ASKED.iter().any(|asked| core.strip_suffix(asked).is_some_and(|before| before.ends_with(['请', '予'])))
    };
    let refers =
        || core.strip_prefix("以上").is_some_and(|rest| WORKS.iter().any(|work| rest.chars().take(8).collect::<String>().contains(work)));
    text.chars().count() <= 60
        && !core.contains('。')
        && (OPENS.iter().any(|open| core.starts_with(open)) || CLOSES.iter().any(|close| core.ends_with(close)) || asks() || refers())
}

/// `附件：1.…`, `附：`
fn is_attachment(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("附件").or_else(|| text.strip_prefix('附')) else { return false };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
    text.chars().count() <= 120 && (rest.is_empty() || rest.starts_with(['：', ':', '.', '．']))
}

/// Whether the last of these is a numbered line below `附件：1.…`.
fn is_listed_attachment(blocks: &[Block]) -> bool {
    let is_numbered =
        |block: &&Block| matches!(block, Block::Paragraph(line) if number(&line.text).is_some_and(|own| own.style == Style::Arabic));
    let numbered = blocks.iter().rev().take_while(is_numbered).count();
    numbered > 0 && matches!(blocks.iter().rev().nth(numbered), Some(Block::Paragraph(above)) if is_attachment(&above.text))
}

fn is_signature(text: &str) -> bool {
    (2..=40).contains(&text.chars().count()) && !text.contains(['，', '。', '；', '：', '！', '？', '、', '“'])
}

pub(super) fn ends_like_office(text: &str) -> bool {
    const OFFICES: [&str; 24] = [
        "委员会",
        "人民政府",
        "政府",
        "办公室",
        "组织部",
        "宣传部",
        "统战部",
        "委",
        "局",
        "厅",
        "领导小组",
        "党组",
        "党委",
        "支部",
        "总支",
        "研究室",
        "研究院",
        "中心",
        "集团",
        "公司",
        "大学",
        "学院",
        "协会",
        "指挥部",
    ];
    OFFICES.iter().any(|office| text.ends_with(office))
}

/// `发布时间：2022-08-15　来源：…` above a text from a web page.
fn date_of_publication(text: &str) -> Option<&str> {
    let labels = ["发布时间", "发布日期", "成文日期", "发文日期", "印发日期", "日期", "时间"];
    let rest = labels.iter().find_map(|label| text.strip_prefix(label)?.strip_prefix(['：', ':']))?.trim_start();
    let date = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
    is_date(date).then_some(date)
}

/// `某县委办公室　2023年5月1日` in one line.
fn signature_with_date(text: &str) -> Option<(&str, &str)> {
    let (at, _) = text.char_indices().rev().find(|(_, c)| c.is_whitespace())?;
    let (office, date) = (text[..at].trim(), text[at..].trim());
    (is_date(date) && is_signature(office)).then_some((office, date))
}
