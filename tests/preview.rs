//! `huibian serve`, asked over HTTP like a browser would, and `huibian watch`.
#![allow(clippy::disallowed_methods)] // tests change the archive

mod sandbox;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use sandbox::Sandbox;

/// Longer than anything should take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running `huibian serve`; it ends with the test.
struct Server {
    process: Child,
    address: String,
    said: Receiver<String>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().and_then(|()| self.process.wait()).expect("it is ours to end");
    }
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    #[track_caller]
    fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_else(|| panic!("no {name} in\n{}", self.head))
    }
}

impl Server {
    fn start(archive: &Sandbox) -> Self {
        let mut process =
            archive.command(&["serve", "--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let stdout = BufReader::new(process.stdout.take().expect("it is piped"));
        let stderr = BufReader::new(process.stderr.take().expect("it is piped"));
        let (sender, said) = channel();
        let also = sender.clone();
        std::thread::spawn(move || stdout.lines().map_while(Result::ok).for_each(|line| drop(also.send(line))));
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).for_each(|line| drop(sender.send(line))));
        let mut server = Self { process, address: String::new(), said };
        let line = server.wait_for_line("serving http://");
        server.address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address").to_owned();
        server
    }

    #[track_caller]
    fn wait_for_line(&self, part: &str) -> String {
        let mut seen = String::new();
        while let Ok(line) = self.said.recv_timeout(PATIENCE) {
            if line.contains(part) {
                return line;
            }
            seen.push_str(&line);
            seen.push('\n');
        }
        panic!("it never said `{part}` but\n{seen}");
    }

    fn connect(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time limit can be set");
        stream.write_all(request.as_bytes()).expect("it reads");
        stream
    }

    fn ask(&self, request: &str) -> Answer {
        let mut bytes = Vec::new();
        self.connect(request).read_to_end(&mut bytes).expect("it answers");
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").expect("an HTTP answer");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address))
    }

    fn events(&self) -> Events {
        let request = format!("GET /_huibian/events HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        let mut events = Events { lines: BufReader::new(self.connect(&request)) };
        events.next();
        events
    }
}

/// What an open page hears.
struct Events {
    lines: BufReader<TcpStream>,
}

impl Events {
    fn next(&mut self) -> serde_json::Value {
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).expect("an event comes") > 0, "the stream has ended");
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).expect("events are JSON");
            }
        }
    }
}

fn encoded(path: &str) -> String {
    path.bytes().map(|b| if b.is_ascii_graphic() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[test]
fn answers_are_the_site_with_the_right_types() {
    let archive = Sandbox::new();
    archive.write("content/旧.txt", [0xb0, 0xb2, 0xbf, 0xb5, 0xca, 0xd0, 0x0a]); // 安康市 in GB18030
    archive.write("content/坏.txt", b"\x81");
    let server = Server::start(&archive);
    let home = server.get("/");
    assert_eq!((home.status, home.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(home.body.contains("库") && home.body.contains("/_huibian/preview.js"), "{}", home.body);
    assert!(home.header("content-security-policy").contains("default-src 'none'"));
    assert_eq!(home.header("x-content-type-options"), "nosniff");
    for (path, expected) in [
        ("/archive.json", "application/json; charset=utf-8"),
        ("/archive.csv", "text/csv; charset=utf-8"),
        ("/feed.xml", "application/xml; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/_huibian/preview.js", "text/javascript; charset=utf-8"),
        ("/_huibian/preview.css", "text/css; charset=utf-8"),
        ("/files/2023/总结.txt", "text/plain; charset=UTF-8"),
    ] {
        let answer = server.get(&encoded(path));
        assert_eq!((answer.status, answer.header("content-type")), (200, expected), "{path}");
    }
    let asset = home.body.split("assets/").nth(1).and_then(|rest| rest.split(['"', '>', ' ']).next()).expect("a page has a style");
    for (path, kept) in [("/".to_owned(), "no-cache"), (format!("/assets/{asset}"), "max-age=31536000, immutable")] {
        assert_eq!(server.get(&path).header("cache-control"), kept, "{path}: only what has a hash in its name may be kept");
    }
    let original = server.get(&encoded("/files/2023/总结.txt"));
    assert_eq!(original.body, "安康市2023年工作总结\n一、基层党建\n正文在此。\n", "byte for byte");
    let folder = server.get(&encoded("/reports/总结?from=here"));
    assert_eq!(folder.status, 308);
    assert_eq!(folder.header("location"), encoded("./总结/"));
    let missing = server.get("/reports/nothing/");
    assert_eq!((missing.status, missing.header("content-type")), (404, "text/html; charset=utf-8"));
    assert!(missing.body.contains("/_huibian/preview.js"), "the page comes to life when the address does");
    assert!(!archive.path("public").exists(), "serving writes nothing");
}

#[test]
fn what_a_browser_has_is_not_sent_again_and_head_has_no_body() {
    let archive = Sandbox::new();
    let server = Server::start(&archive);
    let tag = server.get("/").header("etag").to_owned();
    let ask = |head: &str| server.ask(&format!("{head}Host: localhost\r\nConnection: close\r\n\r\n"));
    let again = ask(&format!("GET / HTTP/1.1\r\nIf-None-Match: {tag}\r\n"));
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    let head = ask("HEAD / HTTP/1.1\r\n");
    assert_eq!((head.status, head.body.as_str(), head.header("etag")), (200, "", tag.as_str()));
    assert_eq!(ask("POST / HTTP/1.1\r\nContent-Length: 0\r\n").status, 405);
}

/// Ways out of a folder, as attackers write them: plain, encoded once and twice, with other slashes, overlong, cut short.
const WAYS_OUT: [&str; 34] = [
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/..%2Fsecret.txt",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/.%2e/secret.txt",
    "/%252e%252e/secret.txt",
    "/%252e%252e%252fsecret.txt",
    "/..%5csecret.txt",
    "/..\\secret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/..%c0%afsecret.txt",
    "/..%ef%bc%8fsecret.txt",
    "/....//secret.txt",
    "/..;/secret.txt",
    "/./../secret.txt",
    "/reports/../../secret.txt",
    "/files/../../secret.txt",
    "/files/..%2f..%2fsecret.txt",
    "/files/%2e%2e/%2e%2e/config.toml",
    "/files/2023/../../../secret.txt",
    "/files/secret.txt%00.txt",
    "/files/../secret.txt?x=/files/",
    "//etc/passwd",
    "/files//etc/passwd",
    "/file:///etc/passwd",
    "/C:/secret.txt",
    "/%00",
    "/%ff",
    "/%",
    "/%zz",
    "/config.toml",
    "/content/2023/%E6%80%BB%E7%BB%93.txt",
    "/.huibian.json",
];

const POLICY: [(&str, &str); 4] = [
    ("content-security-policy", "frame-ancestors 'none'"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
];

#[test]
fn nothing_but_the_site_can_be_read() {
    let archive = Sandbox::new();
    archive.write("secret.txt", "secret");
    let server = Server::start(&archive);
    let before = archive.files(".");
    let long = format!("/{}", "../".repeat(3000));
    let deep = format!("/{}secret.txt", "a/../".repeat(200));
    for path in WAYS_OUT.into_iter().chain([long.as_str(), deep.as_str()]) {
        let answer = server.get(path);
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        assert!(!answer.body.contains("secret\n") && answer.body != "secret" && !answer.body.contains("root:"), "{path}");
    }
    assert_eq!(server.get("/").status, 200, "it is still there");
    assert_eq!(archive.files("."), before, "nothing was written");
}

#[test]
fn only_names_of_this_machine_are_answered() {
    let archive = Sandbox::new();
    let server = Server::start(&archive);
    for host in [
        "evil.example",
        "evil.example:1111",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil.example#localhost",
        "localhost@evil.example",
        "192.0.2.1",
        "0x7f000001",
        "",
    ] {
        for path in ["/", "/archive.json", "/_huibian/events", "/files/2023/%E6%80%BB%E7%BB%93.txt"] {
            let answer = server.ask(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
            assert!(matches!(answer.status, 400 | 403), "{host}{path}: {}", answer.status);
            assert!(!answer.body.contains("安康") && !answer.body.contains("version"), "{host}{path}");
        }
    }
    assert_eq!(server.ask("GET / HTTP/1.0\r\n\r\n").status, 403, "no Host at all");
    // Whichever of two it would believe, the other is a stranger.
    let two = server.ask("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert!(matches!(two.status, 400 | 403), "two hosts: {}", two.status);
    // A request may name the host in its first line.
    let absolute = server.ask("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(matches!(absolute.status, 400 | 403), "another host in the first line: {}", absolute.status);
    for host in ["localhost", "LOCALHOST:80", "127.0.0.1", "[::1]:1111"] {
        assert_eq!(server.ask(&format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).status, 200, "{host}");
    }
}

#[test]
fn nothing_can_be_written_and_every_answer_has_the_policy() {
    let archive = Sandbox::new();
    let server = Server::start(&archive);
    let before = archive.files(".");
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "MKCOL", "MOVE", "get", "X"] {
        for path in ["/", "/index.html", "/files/2023/%E6%80%BB%E7%BB%93.txt", "/_huibian/preview.js", "/_huibian/events"] {
            let request = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nConnection: close\r\n\r\nevil");
            let answer = server.ask(&request);
            assert!((400..500).contains(&answer.status), "{method} {path}: {}", answer.status);
            assert!(!answer.body.contains("evil") && !answer.body.contains("安康"), "{method} {path}");
        }
    }
    assert_eq!(archive.files("."), before, "nothing was written");
    let strange = "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".to_owned();
    let ask = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let paths =
        ["/", "/nothing/", "/archive.json", "/files/2023/%E6%80%BB%E7%BB%93.txt", "/_huibian/preview.js", "/reports/%E6%80%BB%E7%BB%93"];
    for request in paths.map(ask).into_iter().chain([strange, ask("/").replace("GET", "POST")]) {
        let answer = server.ask(&request);
        for (name, part) in POLICY {
            assert!(answer.header(name).contains(part), "{name} of\n{request}");
        }
    }
}

#[test]
fn a_saved_file_reaches_the_open_page() {
    let archive = Sandbox::new();
    let server = Server::start(&archive);
    let mut page = server.events();
    let saved = Instant::now();
    archive.write("content/2024/新报告.txt", "汉中市2024年工作总结\n一、人才工作\n新的正文。\n");
    let event = page.next();
    let took = saved.elapsed();
    assert!(event["version"].as_str().is_some_and(|version| version.ends_with("-1")), "{event}");
    assert!(server.get(&encoded("/reports/新报告/")).body.contains("新的正文"));
    eprintln!("from saving to the event: {took:?}");
    assert!(took < Duration::from_secs(5), "{took:?}");

    std::fs::remove_file(archive.path("content/2024/新报告.txt")).expect("it is there");
    page.next();
    assert_eq!(server.get(&encoded("/reports/新报告/")).status, 404);
    server.wait_for_line("content/2024/新报告.txt changed: 1 report");
}

#[test]
fn what_is_broken_is_shown_over_the_last_good_site_and_goes_away_when_mended() {
    let archive = Sandbox::new();
    let server = Server::start(&archive);
    let mut page = server.events();
    let sound = "title = \"库\"\n";
    for (file, broken, mended, told) in [
        ("config.toml", "title = \"新库\"\nlok = 3\n", sound, "unknown key `lok`"),
        ("content/坏.txt", "\u{0}\u{0}", "汉中市2024年工作总结\n正文。\n", "content/坏.txt"),
        ("themes/default/templates/home.html", "{% if %}", "{{ site.title }} 自己的首页", "themes/default/templates/home.html"),
        (
            "themes/default/templates/home.html",
            "{{ no_such_thing.at_all }}",
            "{{ site.title }} 自己的首页",
            "themes/default/templates/home.html",
        ),
    ] {
        archive.write(file, broken);
        let problems = page.next()["problems"].to_string();
        assert!(problems.contains(told), "{file}: {problems}");
        let home = server.get("/");
        assert_eq!(home.status, 200, "{file}: the last good site is still there");
        assert!(home.body.contains("库") && !home.body.contains("新库"), "{file}: {}", home.body);
        archive.write(file, mended);
        assert_eq!(page.next()["problems"], serde_json::json!([]), "{file} is mended");
    }
    assert!(server.get("/").body.contains("自己的首页"), "a template of one's own is taken up while serving");
}

#[test]
fn an_archive_that_starts_broken_is_shown_when_it_is_mended() {
    let archive = Sandbox::new();
    archive.write("config.toml", "titel = 1\n<script>alert(1)</script>");
    let server = Server::start(&archive);
    let mut page = server.events();
    let broken = server.get(&encoded("/reports/总结/"));
    assert_eq!(broken.status, 500);
    assert!(broken.body.contains("config.toml:") && !broken.body.contains("<script>alert"), "{}", broken.body);
    archive.write("config.toml", "");
    page.next();
    assert_eq!(server.get(&encoded("/reports/总结/")).status, 200);
}

#[test]
fn a_taken_port_is_told_with_a_free_one() {
    let archive = Sandbox::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("some port is free");
    let port = taken.local_addr().expect("it listens").port();
    let said = archive.huibian(&["serve", "--port", &port.to_string()]);
    assert_eq!(said.code, Some(1));
    let start = format!("error: port {port} on 127.0.0.1 is taken, perhaps by another `huibian serve`\n  help: `huibian serve --port ");
    let free = said.stderr.strip_prefix(&start).unwrap_or_else(|| panic!("{}", said.stderr));
    let free = free.split('`').next().expect("a number");
    TcpListener::bind(format!("127.0.0.1:{free}")).expect("the port that it names is free");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_well() {
    let archive = Sandbox::new();
    let mut server = Server::start(&archive);
    let _open_page = server.events();
    let sent = std::process::Command::new("kill").args(["-INT", &server.process.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
    let status = server.process.wait().expect("it ends");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn watch_publishes_what_arrives_and_leaves_out_what_is_broken() {
    let archive = Sandbox::new();
    let mut watch = archive.command(&["watch", "--settle", "1"]).stderr(Stdio::piped()).spawn().expect("it starts");
    let lines = BufReader::new(watch.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
    let (sender, said) = channel();
    std::thread::spawn(move || lines.for_each(|line| drop(sender.send(line))));
    let wait = |part: &str| while !said.recv_timeout(PATIENCE).expect("it says so").contains(part) {};
    wait("watching");
    archive.write("content/2024/到了.txt", "汉中市2024年工作总结\n正文。\n");
    archive.write("content/2024/坏的.txt", b"\x81");
    wait("left out content/2024/坏的.txt");
    wait("watching");
    assert!(archive.path("public/files/2024/到了.txt").exists());
    assert!(!archive.path("public/files/2024/坏的.txt").exists());
    watch.kill().and_then(|()| watch.wait()).expect("it is ours to end");
}
