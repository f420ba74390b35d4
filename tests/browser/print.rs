//! On paper a report is an official document: A4 with the margins of GB/T 9704-2012, 22 lines of 28 characters.

#![allow(clippy::disallowed_methods, reason = "tests write an archive and read what was printed")]

use std::process::Command;

use chromiumoxide::cdp::browser_protocol::page::PrintToPdfParams;

use crate::archive::build;
use crate::chromium::with_browser;

/// A line of text on a printed page.
struct Line {
    page: usize,
    text: String,
}

#[test]
fn a_printed_report_has_22_lines_of_28_characters() {
    if Command::new("pdftotext").arg("-v").output().is_err() {
        assert!(std::env::var("HUIBIAN_BROWSER_TESTS").as_deref() != Ok("required"), "pdftotext (poppler-utils) is needed");
        eprintln!("skipped: no pdftotext on this machine");
        return;
    }
    with_browser(async |chromium| {
        let folder = tempfile::tempdir().expect("a folder");
        let content = folder.path().join("content");
        std::fs::create_dir(&content).expect("content/ is made");
        // Han characters only, so that every full line holds the same number of them.
        let paragraph = "虚构的长报告用来数一数打印出来每页有多少行每行有多少字".repeat(12);
        let text = format!("关于打印的虚构报告\n\n{}", format!("　　{paragraph}。\n").repeat(8));
        std::fs::write(content.join("长报告.txt"), text).expect("the report is written");
        let site = build(folder.path());
        let tab = chromium.tab(1440, 900).await;
        tab.open(&format!("file://{}/reports/长报告/index.html", site.display())).await;
        let options = PrintToPdfParams { prefer_css_page_size: Some(true), ..PrintToPdfParams::default() };
        let pdf = folder.path().join("report.pdf");
        std::fs::write(&pdf, tab.page.pdf(options).await.expect("it prints")).expect("the PDF is written");

        let lines = printed(&pdf);
        let body: Vec<&Line> =
            lines.iter().filter(|line| line.text.chars().all(|c| "虚构的长报告用来数一打印出每页有多少行字。".contains(c))).collect();
        // The second page is text from the first line to the last.
        let second: Vec<&&Line> = body.iter().filter(|line| line.page == 2).collect();
        assert_eq!(second.len(), 22, "lines on a full page");
        let widest = second.iter().map(|line| line.text.chars().count()).max();
        assert_eq!(widest, Some(28), "characters in a full line");
        let number = lines.iter().filter(|line| line.page == 2).find(|line| line.text.contains('—'));
        assert_eq!(number.map(|line| line.text.replace(' ', "")), Some("—2—".into()), "the page is numbered");
    });
}

fn printed(pdf: &std::path::Path) -> Vec<Line> {
    let output = Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(pdf).arg("-").output().expect("pdftotext runs");
    assert!(output.status.success(), "pdftotext reads the PDF");
    let text = String::from_utf8(output.stdout).expect("it was asked for UTF-8");
    text.split('\u{c}')
        .enumerate()
        .flat_map(|(i, page)| page.lines().map(move |line| Line { page: i + 1, text: line.trim().to_owned() }))
        .filter(|line| !line.text.is_empty())
        .collect()
}
