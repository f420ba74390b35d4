//! Markdown sources: front matter, blocks, safety.

use huibian::diagnostic::Severity;
use huibian::document::{self, Block, Document, FrontMatter, Reading, Role, TitleOrigin};

use crate::source;

fn read(text: &str) -> Reading {
    document::read(&source("某文.md", text))
}

#[track_caller]
fn document(text: &str) -> Document {
    let reading = read(text);
    assert_eq!(reading.documents.len(), 1);
    Document::clone(&reading.documents[0])
}

/// The front matter and what is said about it, each as `line: message`.
fn front(text: &str) -> (FrontMatter, Vec<String>) {
    let reading = read(text);
    let said = reading.diagnostics.iter().map(|said| {
        let line = said.place.as_ref().and_then(|place| place.line).unwrap_or(0);
        let mark = if said.severity == Severity::Error { "error" } else { "warning" };
        format!("{mark} {line}: {}; {}", said.message, said.help.as_deref().unwrap_or("no help"))
    });
    let said = said.collect();
    (reading.documents[0].front_matter.clone(), said)
}

fn html(text: &str) -> String {
    document(text)
        .blocks
        .iter()
        .map(|block| if let Block::Rich(rich) = block { rich.html.clone() } else { block.text().into_owned() })
        .collect()
}

#[test]
fn front_matter_is_toml_or_yaml() {
    let expected = FrontMatter {
        title: Some("某某县总结".into()),
        region: Some("某某县".into()),
        level: Some("县级".into()),
        kind: Some("总结".into()),
        year: Some(2023),
        date: Some("2023-05-01".into()),
        themes: Some(vec!["水利".into(), "农业".into()]),
        slug: Some("shuili".into()),
    };
    let toml = "+++\ntitle = \"某某县总结\"\nregion = \"某某县\"\nlevel = \"县级\"\nkind = \"总结\"\nyear = 2023\ndate = 2023-05-01\nthemes = [\"水利\", \"农业\"]\nslug = \"shuili\"\n+++\n正文。\n";
    assert_eq!(front(toml), (expected.clone(), vec![]));
    let yaml = "---\ntitle: 某某县总结\nregion: 某某县\nlevel: 县级\nkind: 总结\nyear: 2023\ndate: 2023-05-01\nthemes: [水利, 农业]\nslug: shuili\n---\n正文。\n";
    assert_eq!(front(yaml), (expected, vec![]));
}

#[test]
fn archives_of_other_generators_keep_their_metadata() {
    let zola = "+++\ntitle = \"总结\"\ndate = 2023-05-01\n[taxonomies]\nregions = [\"甲省\", \"乙市\"]\nthemes = [\"水利\"]\n[extra]\nyear = 2023\nlevel = \"市级\"\nkind = \"总结\"\nregion_code = \"990100\"\n+++\n正文。\n";
    let (values, said) = front(zola);
    assert_eq!((values.region.as_deref(), values.year, values.kind.as_deref()), (Some("990100"), Some(2023), Some("总结")));
    assert_eq!(said, Vec::<String>::new());
    let hugo = "---\ntitle: \"总结\"\nregions: [\"甲省\", \"乙市\"]\nkind_name: \"总结\"\nyear: 2023年\n---\n正文。\n";
    let (values, said) = front(hugo);
    assert_eq!((values.region.as_deref(), values.year, values.kind.as_deref()), (Some("乙市"), Some(2023), Some("总结")));
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn mistakes_in_front_matter_name_line_and_remedy() {
    let said = |text: &str| front(text).1.join("\n");
    assert_eq!(said("+++\nyear = \"去年\"\n+++\n正文。"), "error 2: `year` must be a year, but it is text; for example: year = 2023");
    assert_eq!(
        said("+++\ntitle = \"甲\"\nthemes = [1]\n+++\n正文。"),
        "error 3: `themes` must be a list of texts, but it is a number; for example: themes = [\"…\", \"…\"]"
    );
    assert_eq!(said("---\ntitle: [甲]\n---\n正文。"), "error 2: `title` must be text, but it is a list; for example: title = \"…\"");
    assert_eq!(
        said("+++\ntitel = \"甲\"\n+++\n正文。"),
        "warning 2: unknown key `titel` in the front matter: not used; did you mean `title`?"
    );
    assert!(said("+++\ntitle = 甲\n+++\n正文。").starts_with("error 2: the front matter is not valid TOML"));
    assert!(said("---\ntitle: 关于: 水利\n---\n正文。").starts_with("error 2: the front matter is not valid YAML"));
    assert!(said("+++\ntitle = \"甲\"\n正文。").contains("has no end"));
}

#[test]
fn the_title_comes_from_front_matter_heading_or_file() {
    let of = |text: &str| {
        let title = document(text).title;
        (title.text, title.from != TitleOrigin::FileName)
    };
    assert_eq!(of("+++\ntitle = \"甲\"\n+++\n# 乙\n\n正文。"), ("甲".into(), true));
    assert_eq!(of("# 乙\n\n正文。"), ("乙".into(), true));
    assert_eq!(of("## 乙\n\n正文。\n\n### 一、丙\n\n正文。"), ("乙".into(), true));
    assert_eq!(of("某某县水利工作总结\n\n今年以来，工作顺利。"), ("某某县水利工作总结".into(), true));
    assert_eq!(of("今年以来，工作顺利。"), ("某文".into(), false));
    let same = document("+++\ntitle = \"甲的总结\"\n+++\n# 甲的总结\n\n正文。");
    assert_eq!(same.blocks.len(), 1, "a title that stands twice is shown once");
}

#[test]
fn heading_levels_become_depths() {
    let depths = |text: &str| -> Vec<u8> {
        document(text)
            .blocks
            .iter()
            .filter_map(|block| if let Block::Heading(heading) = block { Some(heading.depth) } else { None })
            .collect()
    };
    assert_eq!(depths("# 题\n\n## 一、甲\n\n### （一）乙\n\n##### 丙\n\n## 二、丁"), [1, 2, 4, 1]);
    assert_eq!(depths("# 题\n\n### 甲\n\n#### 乙"), [1, 2]);
    assert_eq!(depths("某某县总结\n\n一、甲\n\n正文。\n\n（一）乙\n\n正文。"), [1, 2], "a plain text saved as Markdown");
}

#[test]
fn lines_of_a_paragraph_join_without_a_space_between_chinese() {
    let text = |text: &str| document(text).blocks[0].text().into_owned();
    assert_eq!(text("全县水利\n工作稳步推进。\n"), "全县水利工作稳步推进。");
    assert_eq!(text("The river\nruns.\n"), "The river runs.");
    assert_eq!(text("全县**水利**\n工作。\n"), "全县水利工作。");
    assert!(html("全县**水利**\n工作。\n").contains("<strong>水利</strong>工作"));
}

#[test]
fn emphasis_works_beside_chinese_punctuation() {
    assert_eq!(html("纠正**“重建轻管”**的做法。"), "<p>纠正<strong>“重建轻管”</strong>的做法。</p>\n");
    assert_eq!(html("**注意：**后文。"), "<p><strong>注意：</strong>后文。</p>\n");
    assert_eq!(html("按*（试行）*办理，按**《办法》**办理。"), "<p>按<em>（试行）</em>办理，按<strong>《办法》</strong>办理。</p>\n");
    assert_eq!(html("代码`a**“b”**c`不变。"), "<p>代码<code>a**“b”**c</code>不变。</p>\n");
}

#[test]
fn blanked_places_are_no_emphasis() {
    let text = |source: &str| document(source).blocks[0].text().into_owned();
    assert_eq!(text("经**市**县研究决定，**重点**推进。"), "经**市**县研究决定，重点推进。");
    assert_eq!(text("**省**市**县水利局。"), "**省**市**县水利局。");
    assert_eq!(text("**市级重点**县域经济，**区域**协调。"), "市级重点县域经济，区域协调。");
    assert_eq!(text("**市场**和**县城**建设。"), "市场和县城建设。");
}

#[test]
fn tables_footnotes_tasks_and_code() {
    let document = document("| 指标 | 数 |\n|---|--:|\n| 水库 | 12 |\n");
    let Block::Table(table) = &document.blocks[0] else { panic!("a table: {:?}", document.blocks) };
    assert_eq!((table.rows.clone(), table.header_rows), (vec![vec!["指标".into(), "数".into()], vec!["水库".into(), "12".into()]], 1));
    let notes = html("甲[^a]。乙[^b]。\n\n[^a]: 注一\n\n[^b]: 注二\n");
    assert!(
        notes.contains("href=\"#fn-b\">2</a>") && notes.contains("id=\"fn-b\"><sup class=\"footnote-definition-label\">2</sup>"),
        "{notes}"
    );
    assert!(html("- [x] 已办\n- [ ] 未办\n").contains("type=\"checkbox\" checked"));
    assert!(html("~~旧~~新").contains("<del>旧</del>"));
    let code = html("```rust\nfn main() { println!(\"<水>\"); }\n```\n");
    assert!(code.contains("class=\"language-rust\"") && code.contains("hl-storage") && code.contains("&lt;水&gt;"), "{code}");
    assert!(!code.contains("style="), "the site's policy allows no inline style");
    assert!(html("```nosuch\n<b>\n```\n").contains("&lt;b&gt;"));
}

#[test]
fn markup_of_the_source_is_shown_and_not_run() {
    for text in [
        "<script>alert(1)</script>",
        "甲<img src=x onerror=alert(1)>乙",
        "<div onclick=\"x()\">\n\n甲\n\n</div>",
        "[甲](javascript:alert(1))",
        "[甲](JavaScript:alert(1))",
        "[甲](&#106;avascript:alert(1))",
        "[甲](java\tscript:alert(1))",
        "[甲](data:text/html,x)",
        "[甲](vbscript:x)",
        "<javascript:alert(1)>",
        "![甲](https://example.org/x.png)",
        "![甲](x.png)",
        "[甲](//example.org/)",
        "```\"><script>\n甲\n```",
        "[^\"><script>]: 甲\n\n乙[^\"><script>]",
    ] {
        let html = html(text);
        let lower = html.to_lowercase();
        for bad in ["<script", "<img", "<div onclick", "href=\"javascript", "href=\"data", "href=\"vbscript", "href=\"//", "href=\"java"] {
            assert!(!lower.contains(bad), "{text}: {html}");
        }
    }
    assert!(html("[甲](https://example.org/?a=1&b=\"2\")").contains("<a href=\"https://example.org/?a=1&amp;b="));
    assert!(html("[甲](mailto:a@example.org)").contains("href=\"mailto:"));
    assert!(html("[甲](../乙.md#一)").contains("<a href=\"../"));
}

#[test]
fn every_line_of_a_markdown_source_has_a_role() {
    let text = "---\ntitle: 甲\n---\n\n# 甲\n\n正文。\n\n[a]: http://example.org\n\n| 一 |\n|---|\n| 二 |\n\n***\n";
    let reading = read(text);
    let role = |line: &str| {
        let at = text.find(line).expect("the line is in the text") as u32;
        reading.account.iter().find(|piece| piece.span.start <= at && at < piece.span.end).map(|piece| piece.role)
    };
    assert_eq!(role("title:"), Some(Role::FrontMatter));
    assert_eq!(role("# 甲"), Some(Role::Title));
    assert_eq!(role("正文"), Some(Role::Paragraph));
    assert_eq!(role("[a]:"), Some(Role::Rich));
    assert_eq!(role("| 二"), Some(Role::Table));
    assert_eq!(role("***"), Some(Role::Rich));
}
