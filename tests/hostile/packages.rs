//! Documents of word processors, web pages, PDF and ZIP archives, broken in many ways or made to do harm.

use std::io::{Cursor, Write};

use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use crate::{Nasty, PAYLOADS};

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).expect("memory takes it");
        zip.write_all(bytes).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}

const W: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main""#;

fn document(body: &str) -> String {
    format!("<w:document {W}><w:body>{body}</w:body></w:document>")
}

fn word(body: &str) -> Vec<u8> {
    package(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document(body).as_bytes())])
}

fn plain(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn nested(open: &str, close: &str, depth: usize, inner: &str) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Each entity is nine of the one before.
const LAUGHS: &str = r#"<!DOCTYPE x [<!ENTITY a0 "哈"><!ENTITY a1 "&a0;&a0;&a0;&a0;&a0;&a0;&a0;&a0;&a0;"><!ENTITY a2 "&a1;&a1;&a1;&a1;&a1;&a1;&a1;&a1;&a1;"><!ENTITY a3 "&a2;&a2;&a2;&a2;&a2;&a2;&a2;&a2;&a2;"><!ENTITY a4 "&a3;&a3;&a3;&a3;&a3;&a3;&a3;&a3;&a3;"><!ENTITY a5 "&a4;&a4;&a4;&a4;&a4;&a4;&a4;&a4;&a4;"><!ENTITY a6 "&a5;&a5;&a5;&a5;&a5;&a5;&a5;&a5;&a5;"><!ENTITY a7 "&a6;&a6;&a6;&a6;&a6;&a6;&a6;&a6;&a6;">]>"#;
const OUTSIDE: &str = r#"<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>"#;

pub fn all() -> Vec<Nasty> {
    let sorts: [(&str, Vec<Vec<u8>>); 6] =
        [("docx", docx()), ("odt", odt()), ("rtf", rtf()), ("html", html()), ("pdf", pdf()), ("doc", doc())];
    let named = sorts
        .into_iter()
        .flat_map(|(sort, files)| files.into_iter().enumerate().map(move |(n, bytes)| Nasty::new(format!("文档/{sort}{n}.{sort}"), bytes)));
    named.collect()
}

fn docx() -> Vec<Vec<u8>> {
    let sound = word(&plain("安康市2023年工作总结"));
    let mut files: Vec<Vec<u8>> = (1..9).map(|n| sound[..sound.len() * n / 9].to_vec()).collect();
    // One byte wrong, here and there.
    files.extend((0..8).map(|n| {
        let mut bytes = sound.clone();
        let at = bytes.len() * n / 8;
        bytes[at] ^= 0x55;
        bytes
    }));
    let part = |xml: &str| package(&[("word/document.xml", xml.as_bytes())]);
    files.extend([
        package(&[]),
        package(&[("word/styles.xml", b"<x/>")]),
        part(""),
        part("<a><b></a>"),
        part("\u{0}"),
        part(&format!("{LAUGHS}<w:document {W}><w:body><w:p><w:r><w:t>&a7;</w:t></w:r></w:p></w:body></w:document>")),
        part(&format!("{OUTSIDE}<w:document {W}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>")),
        package(&[("word/document.xml", &[0xff; 300])]),
        package(&[("word/document.xml", &vec![b' '; 40 << 20])]),
        package(&[("word/document.xml", document(&"<w:p/>".repeat(200_000)).as_bytes())]),
        word(&nested("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 3_000, &plain("深"))),
        word(&nested("<w:ins>", "</w:ins>", 20_000, &plain("深"))),
        word(&format!("<w:tbl>{}</w:tbl>", nested("<w:sdt>", "</w:sdt>", 20_000, "<w:tr/>"))),
        word(&format!("<w:p>{}</w:p>", nested("<w:r><w:txbxContent><w:p>", "</w:p></w:txbxContent></w:r>", 3_000, ""))),
        word(&format!("<w:tbl><w:tr>{}</w:tr>{}</w:tbl>", "<w:tc/>".repeat(20_000), "<w:tr><w:tc/></w:tr>".repeat(20_000))),
        word("<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"4294967295\"/></w:tcPr><w:p/></w:tc></w:tr><w:tr/></w:tbl>"),
        word(&format!("<w:p><w:r>{}</w:r></w:p>", "<w:tab/><w:br/>".repeat(20_000))),
        word(""),
    ]);
    let styles = format!(
        "<w:styles {W}><w:style w:styleId=\"a\"><w:basedOn w:val=\"b\"/></w:style><w:style w:styleId=\"b\"><w:basedOn w:val=\"a\"/></w:style></w:styles>"
    );
    let numbering = |format: &str, start: &str, text: &str| {
        format!(
            "<w:numbering {W}><w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"{start}\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num></w:numbering>"
        )
    };
    let numbered = |level: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"a\"/><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>").repeat(3)
    };
    for (format, start, text, level) in [
        ("decimal", "4294967295", "%1.", "0"),
        ("lowerRoman", "4294967295", "%1.", "0"),
        ("chineseCounting", "-7", "第%1章", "0"),
        ("upperLetter", "0", "%1%2%9", "18446744073709551615"),
        ("decimal", "1", &"%1".repeat(50_000), "0"),
    ] {
        let parts = [
            ("word/document.xml", document(&numbered(level))),
            ("word/styles.xml", styles.clone()),
            ("word/numbering.xml", numbering(format, start, text)),
        ];
        files.push(package(&parts.each_ref().map(|(name, text)| (*name, text.as_bytes()))));
    }
    files.extend(PAYLOADS.map(|payload| word(&(plain(&escaped(payload)) + &plain("正文。")))));
    files
}

fn odt() -> Vec<Vec<u8>> {
    let names = r#"xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:style="s""#;
    let content = |before: &str, body: &str| {
        let xml = format!(
            "{before}<office:document-content {names}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
        );
        package(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", xml.as_bytes())])
    };
    let sound = content("", "<text:p>安康市2023年工作总结</text:p>");
    let mut files: Vec<Vec<u8>> = (1..6).map(|n| sound[..sound.len() * n / 6].to_vec()).collect();
    files.extend([
        content("", ""),
        content(LAUGHS, "<text:p>&a7;</text:p>"),
        content(OUTSIDE, "<text:p>&x;</text:p>"),
        content("", "<text:p>甲<text:s text:c=\"4294967295\"/>乙<text:s text:c=\"99999999999999999999\"/></text:p>"),
        content("", "<table:table><table:table-row><table:table-cell table:number-columns-repeated=\"4294967295\"><text:p>甲</text:p></table:table-cell></table:table-row><table:table-row/></table:table>"),
        content("", &nested("<text:list><text:list-item>", "</text:list-item></text:list>", 5_000, "<text:p>深</text:p>")),
        content("", &nested("<text:section>", "</text:section>", 20_000, "<text:p>深</text:p>")),
        content("", &format!("<text:p>{}</text:p>", nested("<text:span>", "</text:span>", 20_000, "深"))),
        content("", &format!("<table:table>{}</table:table>", nested("<table:table-rows>", "</table:table-rows>", 20_000, "<table:table-row/>"))),
        content("", &format!("<text:p>{}</text:p>", nested("<text:note><text:note-body><text:p>", "</text:p></text:note-body></text:note>", 3_000, "注"))),
        package(&[("content.xml", format!("<office:document-content {names}><text:list-style style:name=\"L\"><text:list-level-style-number text:level=\"18446744073709551615\" text:display-levels=\"18446744073709551615\" style:num-format=\"1\"/></text:list-style><office:body><office:text><text:list text:style-name=\"L\"><text:list-item><text:p>甲</text:p></text:list-item></text:list></office:text></office:body></office:document-content>").as_bytes())]),
        package(&[("content.xml", b"<x><body><spreadsheet/></body></x>")]),
        package(&[("content.xml", b"<x/>"), ("META-INF/manifest.xml", b"<m><encryption-data/></m>")]),
        package(&[("content.xml", &vec![b' '; 40 << 20])]),
    ]);
    files.extend(PAYLOADS.map(|payload| content("", &format!("<text:h>{0}</text:h><text:p>{0}</text:p>", escaped(payload)))));
    files
}

fn rtf() -> Vec<Vec<u8>> {
    let mut files: Vec<Vec<u8>> = [
        "{\\rtf1",
        "{\\rtf1 正文}",
        "{\\rtf1\\ansi\\ansicpg936 \\'b0\\'b2\\'",
        "{\\rtf1 \\u-99999? \\u2147483647? \\u55357?\\u1? 甲\\par}",
        "{\\rtf1 \\bin2147483647 甲}",
        "{\\rtf1 \\bin-5 甲\\par}",
        "{\\rtf1 \\uc2147483647 \\u23433 甲乙丙\\par}",
        "{\\rtf1 \\'zz\\'g0\\'\u{4e00} 甲\\par}",
        "{\\rtf1 甲\\par}}}}}}}}",
        "{\\rtf1 {\\*\\generator {\\*\\x 甲}} 乙\\par}",
        "{\\rtf1 \\trowd\\intbl 甲\\cell\\row\\row\\row\\cell\\cell}",
        "{\\rtf\\",
        "{\\rtf1 \0\0\0甲\0乙\\par}",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    files.push(format!("{{\\rtf1 {} 甲{}}}", "{".repeat(100_000), "}".repeat(100_000)).into());
    files.push(format!("{{\\rtf1 \\{}1 甲\\par}}", "a".repeat(100_000)).into());
    files.push(format!("{{\\rtf1 {}}}", "\\'b0".repeat(50_000)).into());
    files.push(format!("{{\\rtf1 \\trowd {}\\row{} }}", "\\cell".repeat(20_000), "\\cell\\row".repeat(20_000)).into());
    files.extend(PAYLOADS.map(|payload| format!("{{\\rtf1 {0}\\par {0}\\par}}", payload.replace(['{', '}', '\\'], "")).into_bytes()));
    files
}

fn html() -> Vec<Vec<u8>> {
    let page = |body: &str| format!("<!doctype html><html><head><title>题</title></head><body>{body}</body></html>").into_bytes();
    let mut files = vec![
        page(""),
        page(&nested("<div>", "</div>", 20_000, "深")),
        page(&nested("<div></x>", "", 20_000, "深")),
        page(&nested("<b>", "", 20_000, "深")),
        page(&nested("<table><tr><td>", "", 5_000, "深")),
        page(&nested("<ul><li>", "", 5_000, "深")),
        page(&nested("<blockquote>", "</blockquote>", 5_000, "深")),
        page(&format!("<svg>{}", nested("<td>", "", 20_000, "深"))),
        page(&nested("<rt>", "", 20_000, "深")),
        page(&nested("<optgroup>", "", 20_000, "深")),
        page(&nested("<template>", "", 20_000, "深")),
        page(&format!("<p>{}", (0..200).map(|n| format!("<b id={n}><p>")).collect::<String>())),
        page("<table><tr><td rowspan=99999999 colspan=99999999>甲<td>乙</table>"),
        page(&format!("<table><tr>{}</tr>{}</table>", "<td>甲".repeat(3_000), "<tr><td>乙".repeat(3_000))),
        page(&format!("<p {}>甲</p>", "a=1 ".repeat(20_000))),
        page(&format!("<p title=\"{}\">甲</p>", "长".repeat(100_000))),
        page("<meta charset=utf-16><p>甲</p>"),
        page("<base href=\"javascript:alert(7231)\"><a href=\"x\">甲</a><iframe srcdoc=\"<script>alert(7231)</script>\">乙</iframe>"),
        page("<a href=\"java\tscript:alert(7231)\">甲</a><a href=\" javascript:alert(7231)\">乙</a><a href=\"data:text/html,x\">丙</a>"),
        page("<noscript><p title=\"</noscript><img src=x onerror=alert(7231)>\">甲"),
        page("<math><mtext><table><mglyph><style><img src=x onerror=alert(7231)>"),
        page("<pre>\n```\n</pre><p>```</p><p>+++</p><p>title = 1</p>"),
        page("<!-- --><p>甲<!-- 没有结束"),
        b"<html".to_vec(),
        b"<html>\0<p>\0</p>".to_vec(),
        b"<html>\xff\xfe<p>\x81</p>".to_vec(),
    ];
    files.extend(
        PAYLOADS.map(|payload| page(&format!("<h1>{payload}</h1><p>{payload}</p><p>{}</p><ul><li>{payload}</ul>", escaped(payload)))),
    );
    files
}

fn pdf() -> Vec<Vec<u8>> {
    let head = "%PDF-1.7\n";
    [
        head.to_owned(),
        format!("{head}%%EOF"),
        format!("{head}1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"),
        format!("{head}1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 99999999>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"),
        format!("{head}{}", "<<".repeat(20_000)),
        format!("{head}{}", "\0".repeat(1_000)),
        format!("{head}trailer<</Encrypt 5 0 R/Root 1 0 R>>"),
    ]
    .map(String::into_bytes)
    .into()
}

fn doc() -> Vec<Vec<u8>> {
    let head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    let mut files =
        vec![head.to_vec(), [head.as_slice(), &[0; 504]].concat(), [head.as_slice(), &[0xff; 4_000]].concat(), b"no document".to_vec()];
    // A head whose tables lead to themselves, or far out.
    for fill in [0_u32, 1, 0xffff_fffe, 0x7fff_ffff] {
        let mut bytes = [head.as_slice(), &[0; 16], &[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]].concat();
        while bytes.len() < 2_048 {
            bytes.extend(fill.to_le_bytes());
        }
        files.push(bytes);
    }
    files.push(word(&plain("名字是旧的，里面是新的")));
    files
}

/// Archives that want to write outside, to unpack to more than there is room, or that are broken. Each holds a good file too.
pub fn parcels() -> Vec<Vec<u8>> {
    let good: (&str, &[u8]) = ("好的.txt", "安康市2023年工作总结\n　　正文在此。\n".as_bytes());
    let evil: &[u8] = "汉中市2022年工作总结\n　　过界的正文。\n".as_bytes();
    let mut parcels: Vec<Vec<u8>> = [
        "../过界.txt",
        "../../../../过界.txt",
        "/过界.txt",
        "C:\\过界.txt",
        "..\\..\\过界.txt",
        "a/../../过界.txt",
        "\\\\host\\过界.txt",
        "content/../../过界.txt",
        "CON.txt",
        "nul.txt",
        ".ssh/authorized_keys.txt",
        "a:b.txt",
        "换\n行.txt",
        "--help.txt",
    ]
    .into_iter()
    .map(|name| package(&[good, (name, evil)]))
    .collect();
    parcels.push(package(&[good, ("炸弹.txt", &vec![b'a'; 60 << 20])]));
    let inner = package(&[good, ("内.txt", evil)]);
    parcels.push(package(&[good, ("套娃.zip", &inner)]));
    parcels.push(package(&[good, ("同.txt", evil), ("同.TXT", evil), ("夹/同.txt", good.1)]));
    let long = format!("{}.txt", "长".repeat(300));
    parcels.push(package(&[good, (&long, evil)]));
    let sound = package(&[good, ("末.txt", evil)]);
    parcels.push(sound[..sound.len() / 2].to_vec());
    parcels.push(sound[sound.len() / 3..].to_vec());
    parcels.push([b"MZ".repeat(200), sound.clone()].concat());
    let mut wrong = sound;
    wrong[45] ^= 0xff;
    parcels.push(wrong);
    let mut link = zip::ZipWriter::new(Cursor::new(Vec::new()));
    link.add_symlink("链接.txt", "/etc/passwd", SimpleFileOptions::default()).expect("memory takes it");
    parcels.push(link.finish().expect("memory takes it").into_inner());
    parcels
}
