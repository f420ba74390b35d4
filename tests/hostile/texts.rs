//! Texts: encodings, control characters, enormous lines, deep Markdown, payloads in every field.

use crate::{Nasty, PAYLOADS};

/// A report that is fine but for `what`.
fn around(what: &str) -> String {
    format!("安康市2023年工作总结\n一、基层{what}党建\n　　正文{what}在此。\n")
}

pub fn all() -> Vec<Nasty> {
    let mut files = encodings();
    files.extend(controls());
    files.extend(large());
    files.extend(fields());
    files.extend(front_matter());
    files
}

fn encodings() -> Vec<Nasty> {
    let text = around("");
    let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let gb = encoding_rs::GB18030.encode(&text).0.into_owned();
    let mut files: Vec<(&str, Vec<u8>)> = vec![
        ("空", vec![]),
        ("只有标记", b"\xef\xbb\xbf".to_vec()),
        ("两个标记", [b"\xef\xbb\xbf\xef\xbb\xbf", text.as_bytes()].concat()),
        ("只有空白", " \t\n　\n".into()),
        ("只有零", vec![0; 500]),
        ("零在中间", around("\0").into()),
        ("高位", vec![0xff; 400]),
        ("混杂", [text.as_bytes(), &gb].concat()),
        ("换了编码", [gb.as_slice(), text.as_bytes()].concat()),
        ("代理", b"\xed\xa0\x80\xed\xb0\x80\n".to_vec()),
        ("过长", b"\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf".to_vec()),
        ("超出", b"\xf4\x90\x80\x80\xf8\x88\x80\x80\x80".to_vec()),
        ("utf7", b"+YhFf7w- report".to_vec()),
        ("utf32", text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect()),
        ("utf32标记", [b"\xff\xfe\0\0".to_vec(), text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect()].concat()),
        ("小端无标记", utf16(u16::to_le_bytes)),
        ("大端无标记", utf16(u16::to_be_bytes)),
        ("小端单数", [b"\xff\xfe", &utf16(u16::to_le_bytes)[..21]].concat()),
        ("大端孤代理", b"\xfe\xff\xd8\x00\x00a\xdc\x00".to_vec()),
        ("日文", encoding_rs::SHIFT_JIS.encode("業務報告書です。かなを含む。").0.into_owned()),
        ("韩文", encoding_rs::EUC_KR.encode("업무 보고서입니다").0.into_owned()),
        ("俄文", encoding_rs::KOI8_R.encode("Отчёт о работе").0.into_owned()),
        ("程序", b"\x7fELF\x02\x01\x01\0\0\0".repeat(30)),
        ("图片", [b"\x89PNG\r\n\x1a\n".as_slice(), &[7; 300]].concat()),
        ("断字", gb[..gb.len() - 3].to_vec()),
        ("断字2", text.as_bytes()[..20].to_vec()),
    ];
    for n in 0..8_u32 {
        // Bytes by chance.
        let noise = (0..600_u32).map(|i| (i.wrapping_mul(2_654_435_761).wrapping_add(n * 97) >> 11) as u8).collect();
        files.push((["噪0", "噪1", "噪2", "噪3", "噪4", "噪5", "噪6", "噪7"][n as usize], noise));
    }
    files.into_iter().map(|(name, bytes)| Nasty::new(format!("编码/{name}.txt"), bytes)).collect()
}

/// Every control character, and what is invisible, turns the line round or has no meaning.
fn controls() -> Vec<Nasty> {
    let strange = [
        '\u{7f}',
        '\u{80}',
        '\u{85}',
        '\u{9f}',
        '\u{ad}',
        '\u{300}',
        '\u{61c}',
        '\u{200b}',
        '\u{200d}',
        '\u{200e}',
        '\u{200f}',
        '\u{2028}',
        '\u{2029}',
        '\u{202a}',
        '\u{202e}',
        '\u{2066}',
        '\u{2069}',
        '\u{feff}',
        '\u{fffd}',
        '\u{fffe}',
        '\u{ffff}',
        '\u{e000}',
        '\u{f8ff}',
        '\u{1fffe}',
        '\u{e0041}',
        '\u{10ffff}',
        '\u{20bb7}',
        '\u{1f3f4}',
        '\u{3164}',
        '\u{fdd0}',
    ];
    let all = (1..0x20).filter_map(char::from_u32).chain(strange);
    all.map(|c| Nasty::new(format!("字符/{:05x}.txt", c as u32), around(&c.to_string()))).collect()
}

fn large() -> Vec<Nasty> {
    let many = |unit: &str, n: usize| format!("{}\n", unit.repeat(n));
    let texts = [
        ("一行.txt", many("甲", 12_000)),
        ("一行标题.txt", format!("一、{}\n正文。\n", "长".repeat(4_000))),
        ("空行.txt", many("\n", 20_000)),
        ("回车.txt", many("\r", 10_000)),
        ("空格.txt", many("　 ", 6_000)),
        ("章.txt", many("一、总则\n", 1_600)),
        ("条.txt", many("（一）细则。1.其一；（1）其二。\n", 600)),
        ("括号.txt", many("（", 6_000)),
        ("书名号.txt", many("《“", 3_000)),
        ("目录.txt", many("目　　录\n", 600)),
        ("目录行.txt", format!("目　　录\n{}", "某某县工作总结……1\n".repeat(600))),
        ("汇编.txt", "某某县工作总结\n一、概况\n　　工作顺利。\n".repeat(800)),
        ("页码.txt", many("- 1 -\n第 1 页 共 9 页\n", 800)),
        ("表格.txt", many("甲\t乙\t丙\n", 1_000)),
        ("宽表.txt", many(&format!("{}\n", "格\t".repeat(400)), 2)),
        ("数字.txt", many("1234567890", 1_200)),
        ("数量.txt", many("投入3.5亿元，增长12%，", 600)),
        ("打码.txt", many("xxx市××县**镇", 800)),
        ("地名.txt", many("朝阳区鼓楼区", 1_200)),
        ("日期.txt", many("2023年5月1日", 800)),
        ("引用.md", format!("{}甲\n", ">".repeat(1_000))),
        ("列表.md", (0..800).map(|n| format!("{}- 甲\n", " ".repeat(n * 2))).collect()),
        ("方括号.md", format!("# 题\n\n{}\n", "[".repeat(4_000))),
        ("链接.md", format!("# 题\n\n{}\n", "[a](".repeat(1_600))),
        ("星号.md", format!("# 题\n\n{}\n", "**a*_".repeat(1_200))),
        ("反引号.md", format!("# 题\n\n{}\n", (1..200).map(|n| "`".repeat(n) + " ").collect::<String>())),
        ("宽表.md", format!("{}\n{}\n", "|a".repeat(1_500), "|-".repeat(1_500))),
        ("高表.md", format!("|a|b|\n|-|-|\n{}", "|x\n".repeat(800))),
        ("脚注.md", (0..400).map(|n| format!("甲[^{n}]\n\n[^{n}]: 乙[^{}]\n\n", n + 1)).collect()),
        ("实体.md", format!("# 题\n\n{}\n", "&lt;&#0;&#x110000;&nosuch;".repeat(400))),
        ("代码.md", format!("```rust\n{}\n```\n", "/* ".repeat(600))),
        ("过大.txt", "甲".repeat(400_000)),
    ];
    texts.into_iter().map(|(name, text)| Nasty::new(format!("巨大/{name}"), text)).collect()
}

/// A payload in every field that can be written down.
fn fields() -> Vec<Nasty> {
    let mut files = Vec::new();
    for (n, payload) in PAYLOADS.into_iter().enumerate() {
        let one_line = payload.replace('\n', " ");
        files.push(Nasty::new(
            format!("载荷/题{n}.txt"),
            format!("{one_line}工作总结\n一、{one_line}\n　　正文{one_line}。\n{one_line}局\n2023年5月1日\n"),
        ));
        files.push(Nasty::new(
            format!("载荷/汇编{n}.txt"),
            format!("{one_line}汇编\n目　　录\n{one_line}县工作总结……1\n乙县工作总结……2\n{one_line}县工作总结\n　　正文在此。\n乙县工作总结\n　　正文{one_line}。\n"),
        ));
        files.push(Nasty::new(
            format!("载荷/文{n}.md"),
            format!("# {one_line}\n\n{one_line}\n\n[甲]({one_line}) ![乙]({one_line}) <{one_line}>\n\n| {one_line} | b |\n|--|--|\n| c | {one_line} |\n\n```{one_line}\n{one_line}\n```\n"),
        ));
        let quoted = one_line.replace('\\', "\\\\").replace('"', "\\\"");
        files.push(Nasty::new(
            format!("载荷/头{n}.md"),
            format!("+++\ntitle = \"{quoted}\"\nregion = \"{quoted}\"\nkind = \"{quoted}\"\nthemes = [\"{quoted}\"]\nslug = \"{quoted}\"\n+++\n正文。\n"),
        ));
    }
    files
}

fn front_matter() -> Vec<Nasty> {
    let bomb: String = (1..12).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(","))).collect::<String>();
    let heads = [
        "---\ntitle: [\n---\n正文。\n".to_owned(),
        "---\ntitle: 关于: 报告: 情况\n---\n正文。\n".to_owned(),
        format!("---\na0: &a0 [lol]\n{bomb}title: *a11\n---\n正文。\n"),
        "---\ntitle: &a [*a]\n---\n正文。\n".to_owned(),
        "---\ntitle: !!python/object/apply:os.system ['x']\n---\n正文。\n".to_owned(),
        "---\nyear: 99999999999999999999\n---\n正文。\n".to_owned(),
        "---\nyear: -1\ndate: 2023-02-31\n---\n正文。\n".to_owned(),
        "---\ntitle: 甲\ntitle: 乙\n---\n正文。\n".to_owned(),
        "---\nslug: ../../../过界\n---\n正文。\n".to_owned(),
        "---\nslug: \"CON\"\n---\n正文。\n".to_owned(),
        "---\n没有结束\n".to_owned(),
        "+++\ntitle = \n+++\n正文。\n".to_owned(),
        format!("+++\nx = {}{}\n+++\n正文。\n", "[".repeat(3_000), "]".repeat(3_000)),
        format!("---\nx: {}{}\n---\n正文。\n", "[".repeat(3_000), "]".repeat(3_000)),
        "+++\nslug = \"..\"\n+++\n正文。\n".to_owned(),
        format!("+++\nslug = \"{}\"\n+++\n正文。\n", "长".repeat(500)),
    ];
    heads.into_iter().enumerate().map(|(n, text)| Nasty::new(format!("文头/{n}.md"), text)).collect()
}

/// Corrections and releases that fit nothing, break their table, or carry payloads.
pub fn tables() -> (String, String) {
    let mut overrides = "path,part,region,level,kind,year,themes,title\n".to_owned();
    let mut releases = "path,part,reason,sha256\n".to_owned();
    for payload in PAYLOADS {
        let cell = format!("\"{}\"", payload.replace('"', "\"\""));
        overrides.push_str(&format!("载荷/题0.txt,,{cell},{cell},{cell},{cell},{cell},{cell}\n../../{cell},,,,,,,\n"));
        releases.push_str(&format!("{cell},{cell},{cell},{cell}\n"));
    }
    overrides.push_str("好/好文1.txt,,,,,,,,,,,,\n\"没有结束,,,\n");
    releases.push_str("../../../etc/passwd,,为什么,\n\"没有结束");
    (overrides, releases)
}

pub fn configurations() -> Vec<String> {
    let mut texts = vec![
        "title = \"\0\"".to_owned(),
        "output = \"../过界\"\n".to_owned(),
        "output = \"/\"\n".to_owned(),
        "output = \"content\"\n".to_owned(),
        "look = \"../../过界\"\n".to_owned(),
        "page_size = -1\n".to_owned(),
        "max_file_size = \"99999999999 GB\"\n".to_owned(),
        "base_url = \"javascript:alert(7231)\"\n".to_owned(),
        "language = \"../../zh\"\n".to_owned(),
        format!("x = {}{}\n", "[".repeat(4_000), "]".repeat(4_000)),
        "[[region]]\ncode = \"../..\"\nname = \"过界\"\n".to_owned(),
        "[[region]]\ncode = \"a\"\nname = \"甲\"\nparent = \"b\"\n[[region]]\ncode = \"b\"\nname = \"乙\"\nparent = \"a\"\n".to_owned(),
        "[[theme]]\nname = \"甲\"\nslug = \"../../过界\"\nwords = [\"正文\"]\n".to_owned(),
        "[[kind]]\nname = \"乙\"\nslug = \"..\"\nwords = [\"总结\"]\n".to_owned(),
    ];
    for payload in PAYLOADS {
        let text = payload.replace('\\', "\\\\").replace('"', "\\\"");
        texts.push(format!(
            "title = \"{text}\"\ndescription = \"{text}\"\nphrases = [\"{text}\"]\n[[theme]]\nname = \"{text}\"\nslug = \"{text}\"\nwords = [\"正文\", \"{text}\"]\n[[kind]]\nname = \"{text}\"\nwords = [\"总结\"]\n[[region]]\ncode = \"{text}\"\nname = \"{text}\"\naliases = [\"安康市\"]\n"
        ));
    }
    texts
}
