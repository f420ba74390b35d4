//! What the READMEs tell people to type works: every command of every `sh` block is run, in order, in a copy of the
//! sample archive; the configuration snippets are given to the programs that they are for, where those are installed.

#![allow(clippy::disallowed_methods, reason = "tests touch files")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const HUIBIAN: &str = env!("CARGO_BIN_EXE_huibian");

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The fenced blocks of a Markdown file: the word after the fence, and the text.
fn blocks(file: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(repository().join(file)).expect("the file can be read");
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((language.to_owned(), body.join("\n")));
        }
    }
    blocks
}

/// The commands of the `sh` blocks, without their comments.
fn commands(file: &str) -> Vec<String> {
    let of_block = |(_, text): (String, String)| {
        let lines: Vec<String> = text.lines().map(|line| line.split(" #").next().unwrap_or(line).trim().to_owned()).collect();
        lines
    };
    let commands: Vec<String> = blocks(file).into_iter().filter(|(language, _)| language == "sh").flat_map(of_block).collect();
    commands.into_iter().filter(|command| !command.is_empty() && !command.starts_with('#')).collect()
}

#[test]
fn every_command_works() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let desk = Desk::new(place.path());
    let mut folder = desk.checkout.clone();
    let commands = commands("README.md");
    assert!(commands.len() >= 15, "the README shows the daily work: {commands:?}");
    for command in &commands {
        let words: Vec<&str> = command.split_whitespace().collect();
        match words.as_slice() {
            ["cd", to] => folder = folder.join(to).canonicalize().unwrap_or_else(|e| panic!("{command}: {e}")),
            // This is what is running now, and what made the program under test.
            ["cargo", "test"] => {}
            ["cargo", "install", "--path", ".", "--locked"] => assert!(repository().join("Cargo.lock").is_file()),
            ["cargo", "run", "--release", "--", "serve"] | ["huibian", "serve"] => assert_serves(&folder, command),
            ["huibian", "watch"] => assert_watches(&folder),
            ["huibian", ..] | ["cp", ..] => desk.run(&folder, command),
            _ => panic!("`{command}`: this test does not know how to run it"),
        }
    }
}

#[test]
fn both_languages_show_the_same_blocks() {
    assert_eq!(commands("README.md"), commands("README.zh-CN.md"));
    let languages = |file| blocks(file).into_iter().map(|(language, _)| language).collect::<Vec<_>>();
    assert_eq!(languages("README.md"), languages("README.zh-CN.md"));
}

#[test]
fn every_link_leads_somewhere() {
    for file in ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CHANGELOG.md", "docs/deploying.md"] {
        let text = fs::read_to_string(repository().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        let from = repository().join(file);
        let mut local = 0;
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.contains("://") || target.starts_with('#') {
                continue;
            }
            local += 1;
            let path = from.parent().expect("a file lies in a folder").join(target.split('#').next().unwrap_or(target));
            assert!(path.exists(), "{file} links to {target}, which is not there");
        }
        assert!(local > 0 || file == "CHANGELOG.md", "{file} links to other pages");
    }
}

#[test]
fn the_front_matter_is_understood() {
    for file in ["README.md", "README.zh-CN.md"] {
        let (_, keys) = blocks(file).into_iter().find(|(language, _)| language == "toml").expect("there is an example");
        let place = tempfile::tempdir().expect("a temporary folder");
        let upload = place.path().join("upload.md");
        fs::write(&upload, format!("+++\n{keys}\n+++\n\n正文。\n")).expect("it can be written");
        let output = Command::new(HUIBIAN).arg("inspect").arg("--json").arg(&upload).current_dir(place.path()).output().expect("it runs");
        assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
        let report = &json["sources"][0]["reports"][0];
        assert_eq!(report["title"], "榆林市人才服务运行情况报告");
        assert_eq!(report["region"]["code"], "610800");
        assert_eq!(report["themes"][0], "人才工作");
        assert_eq!((&report["year"], &report["kind"]), (&2023.into(), &"汇报".into()));
    }
}

#[test]
fn nginx_takes_its_snippets() {
    let nginx = ["/usr/sbin/nginx", "/usr/bin/nginx"].into_iter().find(|path| Path::new(path).exists());
    let Some(nginx) = nginx else {
        eprintln!("skipped: no nginx on this machine");
        return;
    };
    for file in ["README.md", "README.zh-CN.md", "docs/deploying.md"] {
        for (_, snippet) in blocks(file).into_iter().filter(|(language, _)| language == "nginx") {
            let place = tempfile::tempdir().expect("a temporary folder");
            let path = place.path().display();
            let text = format!("pid {path}/pid;\nerror_log {path}/log;\nevents {{}}\nhttp {{\naccess_log off;\n{snippet}\n}}\n");
            let text = text.replace("listen 80", "listen 127.0.0.1:8999");
            let configuration = place.path().join("nginx.conf");
            fs::write(&configuration, text).expect("it can be written");
            let output = Command::new(nginx).arg("-t").arg("-c").arg(&configuration).output().expect("nginx runs");
            assert!(output.status.success(), "{file}:\n{snippet}\n{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

/// A checkout of the sample archive, with `uploads/` and a shared folder beside it, and `huibian` on the path.
struct Desk {
    checkout: PathBuf,
    path: String,
}

impl Desk {
    fn new(place: &Path) -> Self {
        let checkout = place.join("huibian");
        copy(&repository().join("content"), &checkout.join("content"));
        fs::copy(repository().join("config.toml"), checkout.join("config.toml")).expect("the sample is configured");
        copy(&repository().join("content/2023"), &place.join("uploads/2023"));
        fs::create_dir(place.join("share")).expect("a shared folder");
        let programs = Path::new(HUIBIAN).parent().expect("it lies in a folder").display().to_string();
        let path = format!("{programs}:{}", std::env::var("PATH").unwrap_or_default());
        Self { checkout, path }
    }

    #[track_caller]
    fn run(&self, folder: &Path, command: &str) {
        let output = Command::new("bash").args(["-c", command]).current_dir(folder).env("PATH", &self.path).stdin(Stdio::null()).output();
        let output = output.expect("bash runs");
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "`{command}` in {}: {}\n{said}", folder.display(), output.status);
        if let Some(written) = command.strip_prefix("huibian build").map(|options| match options.trim().strip_prefix("--output ") {
            Some(output) => folder.join(output),
            None => folder.join("public"),
        }) {
            assert!(written.join("index.html").is_file(), "`{command}` writes a site to {}", written.display());
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be listed") {
        let entry = entry.expect("the entry can be read");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("its type is known").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the file can be copied");
        }
    }
}

/// A command that does not end by itself; stopped when dropped.
struct Running(Child);

impl Running {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let child = Command::new(HUIBIAN).args(arguments).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        Self(child.expect("huibian starts"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().expect("it still runs");
        self.0.wait().expect("it ends when killed");
    }
}

fn assert_serves(folder: &Path, command: &str) {
    let mut serve = Running::start(folder, &["serve", "--port", "0"]);
    let output = serve.0.stdout.take().expect("its output is piped");
    let address = BufReader::new(output)
        .lines()
        .map_while(Result::ok)
        .find_map(|line| {
            line.split_whitespace().find_map(|word| word.strip_prefix("http://")).map(|at| at.trim_end_matches('/').to_owned())
        })
        .unwrap_or_else(|| panic!("`{command}` prints its address"));
    let mut connection = TcpStream::connect(&address).expect("it listens there");
    write!(connection, "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("it takes a request");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("it answers in UTF-8");
    assert!(answer.starts_with("HTTP/1.1 200"), "`{command}` serves the home page: {answer}");
}

/// An upload that arrives while `watch` runs is published.
fn assert_watches(folder: &Path) {
    fs::remove_dir_all(folder.join("public")).expect("an earlier command built the site");
    let _watch = Running::start(folder, &["watch"]);
    until("the site is built at the start", || folder.join("public/index.html").is_file());
    fs::write(folder.join("content/新到.txt"), "甘肃省天水市2024年护林防火工作总结\n　　新到一篇虚构示例。\n").expect("an upload arrives");
    until("the upload is published", || folder.join("public/files/新到.txt").is_file());
}

#[track_caller]
fn until(what: &str, reached: impl Fn() -> bool) {
    let started = Instant::now();
    while !reached() {
        assert!(started.elapsed() < Duration::from_secs(60), "within a minute, {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}
