//! Documents of word processors, web pages and PDF: their text, numbers and tables arrive, the original stays as it is, and
//! what cannot be read is named with the way out.
#![allow(clippy::disallowed_methods)] // tests write documents

mod sandbox;

use std::io::{Cursor, Write};
use std::process::Command;

use sandbox::Sandbox;
use serde_json::Value;
use zip::write::SimpleFileOptions;

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("memory takes it");
        zip.write_all(text.as_bytes()).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}

/// A Word document around this body; list 1 counts 一、 and （一）.
fn word(body: &str) -> Vec<u8> {
    let w = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main""#;
    let level = |at: u8, pattern: &str| {
        format!(r#"<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="{pattern}"/></w:lvl>"#)
    };
    let numbering = format!(
        r#"<w:numbering {w}><w:abstractNum w:abstractNumId="7">{}{}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>"#,
        level(0, "%1、"),
        level(1, "（%2）")
    );
    package(&[
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", &format!("<w:document {w}><w:body>{body}</w:body></w:document>")),
        ("word/numbering.xml", &numbering),
    ])
}

const TITLE: &str =
    r#"<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t>安康市2023年</w:t></w:r><w:r><w:t>基层党建工作总结</w:t></w:r></w:p>"#;

fn numbered(level: u8, text: &str) -> String {
    format!(r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#)
}

fn plain(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn table(rows: &[&[&str]]) -> String {
    let row = |cells: &&[&str]| -> String {
        format!("<w:tr>{}</w:tr>", cells.iter().map(|cell| format!("<w:tc>{}</w:tc>", plain(cell))).collect::<String>())
    };
    format!("<w:tbl>{}</w:tbl>", rows.iter().map(row).collect::<String>())
}

/// The only report of an archive with this one file.
#[track_caller]
fn report(name: &str, bytes: &[u8]) -> (Sandbox, Value) {
    let archive = Sandbox::empty();
    archive.write("config.toml", "title = \"库\"\n");
    archive.write(&format!("content/2023/{name}"), bytes);
    let said = archive.must(&["inspect", "--json", &format!("content/2023/{name}")]);
    let value: Value = serde_json::from_str(&said.stdout).expect("it prints JSON");
    let report = value["sources"][0]["reports"][0].clone();
    (archive, report)
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|one| one["text"].as_str().expect("it has a text")).collect()
}

#[test]
fn a_word_document_arrives_with_numbers_tables_and_without_what_was_deleted() {
    let body = [
        TITLE,
        &numbered(0, "基层党建"),
        &numbered(1, "建强支部"),
        "<w:p><w:r><w:t>全年新建党支部12个，</w:t></w:r><w:del><w:r><w:delText>删去的话</w:delText></w:r></w:del><w:r><w:t>经费足额到位。</w:t></w:r></w:p>",
        &table(&[&["县区", "支部", "党员"], &["汉滨区", "", "1200"], &["", "8", "300"]]),
        &numbered(1, "教育党员"),
        r#"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏着的话</w:t></w:r><w:r><w:t>培训党员3000人次。</w:t></w:r></w:p>"#,
        &numbered(0, "人才工作"),
        &plain("引进人才30名。"),
    ]
    .concat();
    let document = word(&body);
    let (archive, report) = report("总结.docx", &document);
    assert_eq!(report["title"], "安康市2023年基层党建工作总结");
    assert_eq!(report["region"]["code"], "610900");
    assert_eq!(texts(&report["headings"]), ["一、基层党建", "（一）建强支部", "（二）教育党员", "二、人才工作"]);
    assert_eq!(
        texts(&report["paragraphs"]),
        ["全年新建党支部12个，经费足额到位。", "县区\t支部\t党员\n汉滨区\t\t1200\n\t8\t300", "培训党员3000人次。", "引进人才30名。"]
    );
    archive.must(&["build"]);
    let page = String::from_utf8(archive.files("public")["reports/总结/index.html"].clone()).expect("a page is UTF-8");
    for part in ["<table", "汉滨区", "1200", "Word document, tables: 1; left out: deleted passages 1, hidden passages 1"] {
        assert!(page.contains(part), "the page shows `{part}`");
    }
    assert!(!page.contains("删去的话") && !page.contains("藏着的话"));
    assert_eq!(archive.files("public")["files/2023/总结.docx"], document, "the original, byte for byte");
}

#[test]
fn an_opendocument_text_arrives() {
    let ns = r#"xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:style="s" xmlns:fo="f""#;
    let content = format!(
        r#"<office:document-content {ns}><office:automatic-styles>
        <style:style style:name="P1" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/></style:style>
        <text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/></text:list-style>
        </office:automatic-styles><office:body><office:text>
        <text:p text:style-name="P1">安康市2023年基层党建工作总结</text:p>
        <text:list text:style-name="L1"><text:list-item><text:p>基层党建</text:p></text:list-item><text:list-item><text:p>人才工作</text:p></text:list-item></text:list>
        <text:p>引进人才<text:s text:c="1"/>30名<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>不含柔性引进</text:p></text:note-body></text:note>。</text:p>
        <table:table><table:table-row><table:table-cell><text:p>县区</text:p></table:table-cell><table:table-cell><text:p>人数</text:p></table:table-cell></table:table-row>
        <table:table-row><table:table-cell><text:p>汉滨区</text:p></table:table-cell><table:table-cell><text:p>30</text:p></table:table-cell></table:table-row></table:table>
        </office:text></office:body></office:document-content>"#
    );
    let (_, report) = report("总结.odt", &package(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", &content)]));
    assert_eq!(report["title"], "安康市2023年基层党建工作总结");
    assert_eq!(texts(&report["headings"]), ["一、基层党建", "二、人才工作"]);
    assert_eq!(texts(&report["paragraphs"]), ["引进人才 30名［注1］。", "县区\t人数\n汉滨区\t30", "［注1］不含柔性引进"]);
}

#[test]
fn a_rich_text_arrives_whatever_its_code_page() {
    let unicode = |text: &str| text.encode_utf16().map(|unit| format!("\\u{}?", unit as i16)).collect::<String>();
    let gbk = |text: &str| encoding_rs::GBK.encode(text).0.iter().map(|byte| format!("\\'{byte:02x}")).collect::<String>();
    for write in [&unicode as &dyn Fn(&str) -> String, &gbk] {
        let document = format!(
            "{{\\rtf1\\ansi\\ansicpg936{{\\fonttbl{{\\f0 {};}}}}{{\\*\\generator x;}}\\pard\\qc {}\\par\r\n\\pard {}\\par {}\\par \
             \\trowd\\intbl {}\\cell {}\\cell\\row \\trowd\\intbl {}\\cell 30\\cell\\row\\pard {}\\par}}",
            write("宋体"),
            write("安康市2023年基层党建工作总结"),
            write("一、基层党建"),
            write("新建党支部12个。"),
            write("县区"),
            write("人数"),
            write("汉滨区"),
            write("特此报告。"),
        );
        let (_, report) = report("总结.rtf", document.as_bytes());
        assert_eq!(report["title"], "安康市2023年基层党建工作总结");
        assert_eq!(texts(&report["headings"]), ["一、基层党建"]);
        assert_eq!(texts(&report["paragraphs"]), ["新建党支部12个。", "县区\t人数\n汉滨区\t30", "特此报告。"]);
    }
}

#[test]
fn a_web_page_arrives_without_what_stands_around_its_text() {
    let page = "<!DOCTYPE html><html><head><title>网站</title><script>var x = '脚本';</script></head><body><nav>首页 导航</nav>\
        <h1>安康市2023年基层党建工作总结</h1><h2>一、基层党建</h2><p>新建<b>党支部</b>12个。</p>\
        <table><tr><th>县区</th><th>人数</th></tr><tr><td>汉滨区</td><td>30</td></tr></table><footer>版权所有</footer></body></html>";
    for bytes in [page.as_bytes().to_vec(), encoding_rs::GBK.encode(page).0.into_owned()] {
        let (archive, report) = report("总结.html", &bytes);
        assert_eq!(report["title"], "安康市2023年基层党建工作总结");
        assert_eq!(texts(&report["headings"]), ["一、基层党建"]);
        archive.must(&["build"]);
        let page = String::from_utf8(archive.files("public")["reports/总结/index.html"].clone()).expect("a page is UTF-8");
        assert!(page.contains("<table") && page.contains("汉滨区") && page.contains("党支部"));
        assert!(!page.contains("版权所有") && !page.contains("首页 导航") && !page.contains("var x"));
    }
}

/// A PDF of one page with these drawing commands.
fn pdf(content: &str) -> Vec<u8> {
    pdf_with(content, "")
}

/// One with something more in its trailer.
fn pdf_with(content: &str, trailer: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", i + 1));
    }
    let start = file.len();
    file.push_str("xref\n0 6\n0000000000 65535 f \n");
    places.iter().for_each(|place| file.push_str(&format!("{place:010} 00000 n \n")));
    file.push_str(&format!("trailer << /Size 6 /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n"));
    file.into_bytes()
}

#[test]
fn a_pdf_gives_its_text_layer_or_says_that_it_has_none() {
    if Command::new("pdftotext").arg("-v").output().is_err() {
        let said = refused("a.pdf", &pdf("BT ET"));
        assert!(said.contains("pdftotext, which is not installed"), "{said}");
        return;
    }
    let (archive, report) = report("a.pdf", &pdf("BT /F1 14 Tf 72 700 Td (Annual Report 2023) Tj 0 -40 Td (Nothing else happened.) Tj ET"));
    assert_eq!(texts(&report["paragraphs"]).last(), Some(&"Nothing else happened."));
    archive.must(&["build"]);
    let said = refused("a.pdf", &pdf("0 0 595 842 re f"));
    assert!(said.contains("no text layer") && said.contains("OCR"), "{said}");
    // Whatever the password is, it is not the empty one.
    let lock = format!("/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{0}> /U <{0}> >> /ID [<aa> <aa>]", "a5".repeat(32));
    let said = refused("a.pdf", &pdf_with("BT /F1 14 Tf 72 700 Td (Annual Report 2023) Tj ET", &lock));
    assert!(said.contains("protected with a password") && said.contains("save it without"), "{said}");
    let said = refused("a.pdf", b"%PDF-1.4\nbroken");
    assert!(said.contains("not a sound PDF document"), "{said}");
}

/// What is said of a file that cannot be used; the others are published all the same.
#[track_caller]
fn refused(name: &str, bytes: &[u8]) -> String {
    let archive = Sandbox::new();
    archive.write(&format!("content/{name}"), bytes);
    let said = archive.huibian(&["build", "--keep-going"]);
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    assert!(said.stderr.contains("error[unconvertible]") && said.stderr.contains("help: "), "{}", said.stderr);
    assert!(archive.path("public/reports/总结/index.html").exists(), "the sound report is published");
    said.stderr
}

#[test]
fn what_cannot_be_read_is_named_with_the_way_out() {
    let old = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 2048]].concat();
    let deep = format!("{}深{}", "<w:sdt><w:sdtContent>".repeat(3000), "</w:sdtContent></w:sdt>".repeat(3000));
    let bomb = word(&plain(&"零".repeat(30_000_000)));
    assert!(bomb.len() < 2_000_000, "it is small until it is unpacked");
    let encrypted = package(&[("mimetype", "x"), ("META-INF/manifest.xml", "<m:encryption-data/>"), ("content.xml", "x")]);
    for (name, bytes, wanted) in [
        ("旧.doc", old.as_slice(), "save it as .docx"),
        ("旧.wps", &old, "save it as .docx"),
        ("空.docx", &word(""), "it holds no text"),
        ("断.docx", &word(TITLE)[..200], "not a sound document"),
        ("错.docx", &package(&[("word/document.xml", "<w:document>")]), "not a sound Word document"),
        ("弹.docx", &bomb, "unpacks to more than the 64 MiB"),
        ("体.docx", &package(&[("word/document.xml", "<!DOCTYPE a [<!ENTITY b \"b\">]><a>&b;</a>")]), "not a sound Word document"),
        ("密.odt", &encrypted, "protected with a password"),
        ("断.rtf", b"{\\rtf1 \\pard half", "cut off"),
        ("非.docx", "安康市工作总结".as_bytes(), "it is no Word document"),
    ] {
        let said = refused(name, bytes);
        assert!(said.contains(wanted), "{name}: {said}");
    }
    // Deep nesting neither hangs nor overflows; whatever it gives, the others are published.
    let archive = Sandbox::new();
    archive.write("content/深.docx", word(&deep));
    archive.huibian(&["build", "--keep-going"]);
    assert!(archive.path("public/reports/总结/index.html").exists());
}

/// What a program older than the library of huibian left.
fn older_than_word_97() -> Vec<u8> {
    let stream: Vec<u8> = "WordDocument".encode_utf16().flat_map(u16::to_le_bytes).collect();
    [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 1024], &stream, &[0; 1024]].concat()
}

/// A program in the place of LibreOffice that does this, and what `PATH` must be for it.
#[cfg(unix)]
fn in_the_place_of_libreoffice(archive: &Sandbox, script: &str) -> std::ffi::OsString {
    use std::os::unix::fs::PermissionsExt;
    archive.write("programs/soffice", format!("#!/bin/sh\n{script}\n"));
    let file = archive.path("programs/soffice");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths([archive.path("programs")].into_iter().chain(std::env::split_paths(&path)))
        .expect("no folder has a colon in its name")
}

#[cfg(unix)]
#[test]
fn libreoffice_reads_what_is_older_once_for_all_builds() {
    let archive = Sandbox::new();
    archive.write("converted.docx", word(&[TITLE, &plain("引进人才30名。")].concat()));
    let path = in_the_place_of_libreoffice(&archive, "echo one >>../calls; cp ../converted.docx upload.docx");
    // It works in a temporary folder: ours.
    archive.write("tmp/x", "");
    let build = || {
        let said = sandbox::said(archive.command(&["build"]).env("PATH", &path).env("TMPDIR", archive.path("tmp")));
        assert_eq!(said.code, Some(0), "{}", said.stderr);
    };
    let original = older_than_word_97();
    archive.write("content/1996/旧.doc", &original);
    std::fs::rename(archive.path("converted.docx"), archive.path("tmp/converted.docx")).expect("both lie in the sandbox");
    build();
    let page = String::from_utf8(archive.files("public")["reports/旧/index.html"].clone()).expect("a page is UTF-8");
    for part in ["基层党建工作总结", "引进人才30名", "old document, read by LibreOffice"] {
        assert!(page.contains(part), "the page shows `{part}`");
    }
    assert_eq!(archive.files("public")["files/1996/旧.doc"], original, "the original, byte for byte");
    archive.write("content/2024/新.txt", "汉中市2024年工作总结\n一、人才工作\n正文。\n");
    build();
    assert_eq!(archive.files("tmp")["calls"], b"one\n", "it was asked once");
    assert_eq!(archive.files("tmp").len(), 3, "nothing of its work stays: {:?}", archive.files("tmp").keys());
    assert_eq!(archive.files(".public.huibian/converted").len(), 1);
    std::fs::remove_file(archive.path("content/1996/旧.doc")).expect("it is there");
    build();
    assert_eq!(archive.files(".public.huibian/converted").len(), 0, "what the archive no longer holds is forgotten");
}

#[cfg(unix)]
#[test]
fn without_libreoffice_an_older_document_is_named_with_the_way_out() {
    let archive = Sandbox::new();
    archive.write("content/旧.wps", older_than_word_97());
    archive.write("none/x", "");
    let build = |path: &std::ffi::OsStr| {
        let said = sandbox::said(archive.command(&["build", "--keep-going"]).env("PATH", path));
        assert_eq!(said.code, Some(1), "{}", said.stderr);
        said.stderr
    };
    let said = build(archive.path("none").as_os_str());
    assert!(
        said.contains("help: install LibreOffice (Debian: libreoffice-writer-nogui), or open it in Word or WPS and save it as .docx"),
        "{said}"
    );
    for (script, wanted) in [
        ("exit 0", "; LibreOffice cannot read it"),
        ("echo no package >upload.docx", "not a sound document"),
        ("exec printf", "; LibreOffice cannot read it"),
    ] {
        let said = build(&in_the_place_of_libreoffice(&archive, script));
        assert!(said.contains(wanted) && said.contains("help: open it in "), "{script}: {said}");
    }
    assert!(archive.path("public/reports/总结/index.html").exists(), "the sound report is published");
}

/// A document of Write, which came with Windows 3: a head, the text, and a page each that says how characters and paragraphs look.
fn of_windows_write(text: &str) -> Vec<u8> {
    const PAGE: usize = 128;
    let end = PAGE + text.len();
    let pages = end.div_ceil(PAGE);
    let looks = |rest: &[u8]| {
        let mut page = vec![0; PAGE];
        page[..4].copy_from_slice(&(PAGE as u32).to_le_bytes());
        page[4..8].copy_from_slice(&(end as u32).to_le_bytes());
        page[8..10].copy_from_slice(rest);
        page[PAGE - 1] = 1;
        page
    };
    let mut head = vec![0; PAGE];
    head[..6].copy_from_slice(b"\x31\xbe\0\0\0\xab");
    head[0x0e..0x12].copy_from_slice(&(end as u32).to_le_bytes());
    head[0x12..0x14].copy_from_slice(&(pages as u16 + 1).to_le_bytes());
    for at in [0x14, 0x16, 0x18, 0x1a, 0x1c, 0x60] {
        head[at..at + 2].copy_from_slice(&(pages as u16 + 2).to_le_bytes());
    }
    let mut body = text.as_bytes().to_vec();
    body.resize((pages - 1) * PAGE, 0);
    [head, body, looks(&[0xff, 0xff]), looks(&[0xff, 0xff])].concat()
}

#[test]
fn the_real_libreoffice_reads_a_document_of_windows_3() {
    if Command::new("soffice").arg("--version").output().is_err() {
        return eprintln!("skipped: no LibreOffice on this machine");
    }
    let (_, report) =
        report("old.doc", &of_windows_write("Annual Report 2023\r\n1. Party building\r\nNothing else happened this year.\r\n"));
    assert_eq!(report["title"], "Annual Report 2023");
    assert!(texts(&report["paragraphs"]).concat().contains("Nothing else happened this year."), "{report}");
}
