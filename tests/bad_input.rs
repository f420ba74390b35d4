//! Whatever lies in the archive: the message names the file, the reason and the way out, nothing panics, and the site that
//! is published stays as it was.
#![allow(clippy::disallowed_methods)] // tests write bad archives

mod sandbox;

use std::fs;

use sandbox::Sandbox;

/// Builds a sound archive, lets `spoil` do its worst, builds again, and hands back what the program says then.
#[track_caller]
fn spoiled(spoil: impl FnOnce(&Sandbox)) -> String {
    let archive = Sandbox::new();
    archive.must(&["build"]);
    let before = archive.files("public");
    spoil(&archive);
    let said = archive.huibian(&["build"]);
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    assert_eq!(said.stdout, "");
    assert_eq!(archive.files("public"), before, "the published site is as it was");
    archive.tidy(&said.stderr)
}

/// The same for one bad upload; and `--keep-going` publishes all the others.
#[track_caller]
fn bad_upload(path: &str, content: impl AsRef<[u8]>) -> String {
    let said = spoiled(|archive| archive.write(path, &content));
    let archive = Sandbox::new();
    archive.write(path, &content);
    let kept_going = archive.huibian(&["build", "--keep-going"]);
    assert_eq!(kept_going.code, Some(1), "the archive still has an error: {}", kept_going.stderr);
    assert!(kept_going.stderr.contains(&format!("left out {path}")), "{}", kept_going.stderr);
    assert!(archive.path("public/reports/总结/index.html").exists(), "the sound report is published");
    assert!(!archive.path(&path.replace("content/", "public/files/")).exists(), "the bad one is not");
    said
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(bad_upload("content/空.txt", ""), @r"
    error[undecodable]: the file is empty
      content/空.txt
      help: put the report's text into it, or delete it

    not published: 1 error (1 of 2 uploads cannot be used)
    public is as it was; --keep-going publishes the rest
    ");
}

#[test]
fn nothing_but_space() {
    insta::assert_snapshot!(bad_upload("content/白.txt", " \n\u{3000}\n\n"), @r"
    error[undecodable]: the file holds nothing but blanks
      content/白.txt
      help: put the report's text into it, or delete it

    not published: 1 error (1 of 2 uploads cannot be used)
    public is as it was; --keep-going publishes the rest
    ");
}

#[test]
fn nul_bytes() {
    insta::assert_snapshot!(bad_upload("content/坏.txt", "安康市总结\n正\0文\n"), @r"
    error[undecodable]: it holds a NUL byte, so it is a binary file or damaged
      content/坏.txt:2
      at byte 19 of 24
      help: convert it to plain text or Markdown first, or move it out of content/

    not published: 1 error (1 of 2 uploads cannot be used)
    public is as it was; --keep-going publishes the rest
    ");
}

#[test]
fn a_picture_that_was_renamed() {
    let picture: Vec<u8> = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".iter().copied().chain((0..=255).cycle().take(4096)).collect();
    insta::assert_snapshot!(bad_upload("content/照片.txt", picture), @r"
    error[undecodable]: not a text file: it is a PNG picture
      content/照片.txt:1
      at byte 0 of 4112
      help: convert it to plain text or Markdown first, or move it out of content/

    not published: 1 error (1 of 2 uploads cannot be used)
    public is as it was; --keep-going publishes the rest
    ");
}

#[test]
fn a_word_document_that_was_renamed() {
    let document: Vec<u8> = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".iter().copied().chain((0..=255).cycle().take(4096)).collect();
    insta::assert_snapshot!(bad_upload("content/报告.txt", document), @r"
    error[undecodable]: not a text file: it is a .doc, .xls or .wps document
      content/报告.txt:1
      at byte 0 of 4104
      help: convert it to plain text or Markdown first, or move it out of content/

    not published: 1 error (1 of 2 uploads cannot be used)
    public is as it was; --keep-going publishes the rest
    ");
}

#[test]
fn utf16_that_is_broken() {
    let mut bytes: Vec<u8> = "\u{feff}安康市总结\n正文".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.extend([0x00, 0xd8, 0x41, 0x00]);
    insta::assert_snapshot!(bad_upload("content/坏.txt", bytes), @r"
    error[undecodable]: its byte order mark says UTF-16LE, but it is not: it is broken or cut off
      content/坏.txt
      at byte 18 of 22
      help: open it in an editor that shows it correctly and save it as UTF-8

    not published: 1 error (1 of 2 uploads cannot be used)
    public is as it was; --keep-going publishes the rest
    ");
}

#[test]
fn a_text_that_is_cut_within_a_character() {
    let mut bytes = vec![0xb0, 0xb2, 0xbf, 0xb5, 0xca, 0xd0, 0x0a]; // 安康市 in GB18030
    bytes.push(0xb0);
    insta::assert_snapshot!(bad_upload("content/断.txt", bytes), @r"
    error[undecodable]: not valid in any encoding known here; as GB18030 it breaks at byte 7
      content/断.txt:2
      at byte 7 of 8
      help: open it in an editor that shows it correctly and save it as UTF-8

    not published: 1 error (1 of 2 uploads cannot be used)
    public is as it was; --keep-going publishes the rest
    ");
}

#[test]
fn a_file_of_200_megabytes() {
    let said = spoiled(|archive| {
        archive.write("content/大.txt", "");
        let file = fs::File::options().write(true).open(archive.path("content/大.txt")).expect("it is there");
        file.set_len(200 * 1024 * 1024).expect("a sparse file takes no room");
    });
    insta::assert_snapshot!(said, @r"
    error[too-large]: 200.0 MiB, larger than the 64.0 MiB that are allowed
      content/大.txt
      help: split the file, or raise `max_file_size` in config.toml

    not published: 1 error (1 of 2 uploads cannot be used)
    public is as it was; --keep-going publishes the rest
    ");
}

#[test]
fn a_line_of_a_million_characters_is_read() {
    let archive = Sandbox::new();
    archive.write("content/长.txt", format!("安康市2023年工作总结\n一、基层党建\n{}\n", "很长的一行".repeat(200_000)));
    archive.must(&["build"]);
    assert!(fs::metadata(archive.path("public/reports/长/index.html")).expect("it is a page").len() > 3_000_000);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_name_that_is_not_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let said = spoiled(|archive| {
        let name = std::ffi::OsStr::from_bytes(b"\xb0\xb2\xbf\xb5.txt");
        fs::write(archive.path("content").join(name), "安康市总结\n正文\n").expect("the file system takes it");
    });
    insta::assert_snapshot!(said, @r"
    error[file-name]: the file's name is not valid UTF-8, so it cannot have an address
      content/����.txt
      help: rename the file

    not published: 1 error (1 of 2 uploads cannot be used)
    public is as it was; --keep-going publishes the rest
    ");
}

/// No error: it is left out, and told.
#[cfg(unix)]
#[test]
fn a_link_out_of_the_archive_is_not_followed() {
    let archive = Sandbox::new();
    archive.write("outside/secret.txt", "秘密文件\n正文\n");
    std::os::unix::fs::symlink(archive.path("outside/secret.txt"), archive.path("content/link.txt")).expect("it is new");
    std::os::unix::fs::symlink(archive.path("outside"), archive.path("content/folder")).expect("it is new");
    let said = archive.must(&["build"]);
    insta::assert_snapshot!(archive.tidy(said.stderr.split("read ").next().expect("a beginning")), @r"
    warning[link]: a symbolic link, which is not followed
      content/folder
      help: put a copy of the file here instead of a link

    warning[link]: a symbolic link, which is not followed
      content/link.txt
      help: put a copy of the file here instead of a link
    ");
    assert!(archive.files("public").values().all(|bytes| !String::from_utf8_lossy(bytes).contains("秘密文件")));
}

#[test]
fn two_sources_that_want_one_address() {
    let said = spoiled(|archive| archive.write("content/2023/总结.md", "# 汉中市总结\n\n正文\n"));
    insta::assert_snapshot!(said, @r"
    error[same-address]: two sources want the address /reports/总结/
      content/2023/总结.txt
      it belongs to content/2023/总结.md
      help: rename one of the two files

    not published: 1 error (1 of 2 uploads cannot be used)
    public is as it was; --keep-going publishes the rest
    ");
}

#[test]
fn front_matter_of_a_wrong_type() {
    insta::assert_snapshot!(bad_upload("content/甲.md", "---\ntitle: 总结\nyear: 去年\n---\n\n正文\n"), @r"
    error[front-matter]: `year` must be a year, but it is text
      content/甲.md:3: year: 去年
      help: for example: year = 2023

    not published: 1 error (1 of 2 uploads cannot be used)
    public is as it was; --keep-going publishes the rest
    ");
}

#[test]
fn an_unknown_key_of_front_matter_is_told_and_the_report_published() {
    let archive = Sandbox::new();
    archive.write("content/甲.md", "+++\ntitle = \"安康市总结\"\nregoin = \"安康市\"\n+++\n\n正文\n");
    let said = archive.must(&["build"]);
    insta::assert_snapshot!(archive.tidy(said.stderr.split("read ").next().expect("a beginning")), @r#"
    warning[unknown-key]: unknown key `regoin` in the front matter: not used
      content/甲.md:3: regoin = "安康市"
      help: did you mean `region`?
    "#);
}

#[test]
fn front_matter_that_does_not_end() {
    insta::assert_snapshot!(bad_upload("content/甲.md", "---\ntitle: 总结\n\n正文\n"), @r"
    error[front-matter]: the front matter that begins with `---` has no end
      content/甲.md:1: ---
      help: close it with a line `---`

    not published: 1 error (1 of 2 uploads cannot be used)
    public is as it was; --keep-going publishes the rest
    ");
}

#[test]
fn a_template_that_is_broken() {
    let said = spoiled(|archive| archive.write("themes/default/templates/home.html", "<h1>{{ site.title }</h1>\n"));
    insta::assert_snapshot!(said, @r"
    error[template]: Found `}` but expected }}.
     --> themes/default/templates/home.html:1:19
      |
    1 | <h1>{{ site.title }</h1>
      |                   ^

    not published: 1 error
    public is as it was
    ");
}

#[test]
fn a_template_that_asks_for_what_is_not_there() {
    let said = spoiled(|archive| archive.write("themes/default/templates/home.html", "<h1>\n{{ site.titel | upper }}\n</h1>\n"));
    insta::assert_snapshot!(said, @r"
    error[template]: Invalid type for the value, expected `string` but got `undefined`
     --> themes/default/templates/home.html:2:4
      |
    2 | {{ site.titel | upper }}
      |    ^^^^

    not published: 1 error
    public is as it was
    ");
}

/// As the program lists them.
fn all_templates() -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/themes/default/templates");
    let entries = fs::read_dir(folder).expect("the look has templates");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("it can be listed").file_name().into_string().expect("names are UTF-8")).collect();
    names.sort();
    names.join(", ")
}

#[test]
fn a_template_that_extends_one_that_does_not_exist() {
    let said = spoiled(|archive| archive.write("themes/default/templates/home.html", "{% extends \"bass.html\" %}\n"));
    let said = said.replace(&all_templates(), "404.html, base.html, …");
    insta::assert_snapshot!(said, @r"
    error[template]: the template extends `bass.html`, which does not exist
      themes/default/templates/home.html
      templates: 404.html, base.html, …

    not published: 1 error
    public is as it was
    ");
}

#[test]
fn a_look_that_does_not_exist() {
    let said = spoiled(|archive| archive.write("config.toml", "look = \"elegant\"\n"));
    insta::assert_snapshot!(said, @r"
    error[look]: there is no look `elegant`
      known: `default`
      help: create themes/elegant/ with the files that differ from the built-in look, or set `look` in config.toml to a known one

    not published: 1 error
    public is as it was
    ");
}

#[test]
fn a_configuration_with_mistakes() {
    let said = spoiled(|archive| archive.write("config.toml", "titel = \"库\"\npage_size = \"many\"\n[themes]\npreset = \"generel\"\n"));
    insta::assert_snapshot!(said, @r#"
    error[config]: unknown key `titel`
     --> config.toml:1:1
      |
    1 | titel = "库"
      | ^^^^^
      |
      = help: did you mean `title`?

    error[config]: `page_size` must be a whole number, without quotation marks; this is text
     --> config.toml:2:13
      |
    2 | page_size = "many"
      |             ^^^^^^

    error[config]: there is no preset `generel`
     --> config.toml:4:10
      |
    4 | preset = "generel"
      |          ^^^^^^^^^
      |
      = help: did you mean "general"?

    not published: 3 errors
    "#);
}

#[test]
fn a_configuration_that_is_not_utf8() {
    let said = spoiled(|archive| archive.write("config.toml", b"title = \"\xb0\xb2\"\n"));
    insta::assert_snapshot!(said, @r"
    error[config]: the file is not UTF-8
      config.toml:1
      help: save it as UTF-8

    not published: 1 error
    ");
}

#[test]
fn many_bad_files_are_all_named() {
    let said = spoiled(|archive| (0..9).for_each(|i| archive.write(&format!("content/{i}.txt"), "")));
    insta::assert_snapshot!(said, @r"
    error[undecodable]: the file is empty
      content/0.txt
      help: put the report's text into it, or delete it

    error[undecodable]: the file is empty
      content/1.txt
      help: put the report's text into it, or delete it

    error[undecodable]: the file is empty
      content/2.txt
      help: put the report's text into it, or delete it

    error[undecodable]: the file is empty
      content/3.txt
      help: put the report's text into it, or delete it

    error[undecodable]: the file is empty
      content/4.txt
      help: put the report's text into it, or delete it

    … and 4 more error[undecodable]:
      content/5.txt: the file is empty
      content/6.txt: the file is empty
      content/7.txt: the file is empty
      content/8.txt: the file is empty

    not published: 9 errors (9 of 10 uploads cannot be used)
    public is as it was; --keep-going publishes the rest
    ");
}

#[test]
fn no_archive_at_all() {
    let nowhere = Sandbox::empty();
    let said = nowhere.huibian(&["build"]);
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(said.stderr, @r"
    error: there is no archive here or in a folder above: no config.toml and no content/
      help: start one with `huibian init archive`, or name its folder with --root
    ");
}
