//! Names that some file system refuses, that look like options, paths or markup, or that differ by nothing one sees.

use crate::{Nasty, PAYLOADS};

pub fn all() -> Vec<Nasty> {
    let body = |n: usize| format!("汉中市2022年工作总结\n　　名字{n}的正文。\n");
    let mut names: Vec<String> = [
        "CON.txt",
        "prn.md",
        "AUX.txt",
        "nul.2023.txt",
        "com1.txt",
        "LPT9.md",
        "a:b.txt",
        "a?b*.txt",
        "a|b.txt",
        "尾点..txt",
        "空格 .txt",
        " 首空.txt",
        "-rf.txt",
        "--help.md",
        "换\n行.txt",
        "制\t表.txt",
        "引\"号'.txt",
        "反\\斜.txt",
        "%2e%2e%2f.txt",
        "%00.txt",
        "&amp;.txt",
        "#锚.txt",
        "?q=1.txt",
        "index.html.txt",
        "..txt",
        "...md",
        "~$锁.txt",
        "a.TXT",
        "A.txt",
        "大小/甲.txt",
        "大小/甲.TXT",
        "é.txt",
        "e\u{301}.txt",
        "\u{202e}txt.exe.txt",
        "零\u{200b}宽.txt",
        "🏴.txt",
        "𠮷.txt",
        "一.二.三.txt",
        "没有扩展名",
        "双.txt.txt",
        "page/1.txt",
        "reuse/甲.txt",
        "reports/index.txt",
        "files/overrides.csv",
        "深/深/深/深/深/深/深/深/深/深/深/深/深/深/深/深/底.txt",
        "review.txt",
        "changes.md",
        "unplaced.txt",
        "undated.txt",
    ]
    .map(str::to_owned)
    .into();
    names.push(format!("{}.txt", "长".repeat(83))); // 253 bytes
    names.push(format!("{}.txt", "x".repeat(251))); // 255
    names.extend(PAYLOADS.map(|payload| format!("{}.txt", payload.replace('/', "∕"))));
    let mut files: Vec<Nasty> = names.into_iter().enumerate().map(|(n, name)| Nasty::new(format!("名字/{name}"), body(n))).collect();
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        let raw = |bytes: &[u8]| std::ffi::OsString::from_vec([b"\xe5\x90\x8d\xe5\xad\x97/".as_slice(), bytes].concat());
        files.push(Nasty::new(raw(b"\xb0\xb2\xbf\xb5.txt"), body(900)));
        files.push(Nasty::new(raw(b"\xff\xfe.md"), body(901)));
    }
    files
}
