//! The commands of the README, run by someone who follows it from top to bottom.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::HUIBIAN;
use crate::blocks::{commands, repository};

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
            ["huibian", ..] | ["cp" | "mkdir", ..] => desk.run(&folder, command),
            _ => panic!("`{command}`: this test does not know how to run it"),
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
        copy(&repository().join("themes"), &checkout.join("themes"));
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
