//! Deploying to a real server that speaks the protocol of S3, over a line that breaks.
#![cfg(feature = "deploy")]
#![allow(clippy::disallowed_methods)] // tests look at the files

mod sandbox;
mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use sandbox::{Said, Sandbox, said};
use store::Store;

const BUCKET: &str = "reports-example";

/// An archive of some reports with a site, a bucket, and the line between them.
struct Desk {
    archive: Sandbox,
    store: Store,
    line: Line,
}

impl Desk {
    fn new() -> Option<Self> {
        let store = Store::start()?;
        store.ask("PUT", &format!("/{BUCKET}"));
        let archive = Sandbox::new();
        for i in 0..12 {
            archive.write(&format!("content/卷/{i}.txt"), format!("安康市第{i}号工作总结\n一、基层党建\n正文。\n"));
        }
        archive.must(&["build"]);
        let line = Line::to(store.port);
        Some(Self { archive, store, line })
    }

    fn deploy(&self, more: &[&str]) -> Said {
        let to = format!("s3://{BUCKET}/a/库");
        let endpoint = format!("http://127.0.0.1:{}", self.line.port);
        let args = [&["deploy", "--endpoint", &endpoint, &to], more].concat();
        said(self.archive.command(&args).envs(self.store.environment()))
    }

    #[track_caller]
    fn must_deploy(&self, more: &[&str]) -> Said {
        let said = self.deploy(more);
        assert_eq!(said.code, Some(0), "{}", said.stderr);
        said
    }

    /// The keys below the prefix.
    fn keys(&self) -> BTreeSet<String> {
        let (_, body) = self.store.ask("GET", &format!("/{BUCKET}?list-type=2&max-keys=1000"));
        let body = String::from_utf8(body).expect("listings are UTF-8");
        let keys = body.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next());
        keys.map(|key| key.strip_prefix("a/库/").unwrap_or_else(|| panic!("{key} lies below the prefix")).to_owned()).collect()
    }

    fn object(&self, key: &str) -> (String, Vec<u8>) {
        self.store.ask("GET", &format!("/{BUCKET}/{}", encoded(&format!("a/库/{key}"))))
    }

    /// The bucket holds the site, every byte of it, and nothing else.
    #[track_caller]
    fn assert_holds(&self, site: &BTreeMap<String, Vec<u8>>) {
        assert_eq!(self.keys(), site.keys().cloned().collect());
        for (path, bytes) in site {
            assert!(self.object(path).1 == *bytes, "{path}");
        }
    }
}

fn encoded(path: &str) -> String {
    path.bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b"/.-_".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// Stands between a client and the store, notes what is asked, and goes dead after so many changes.
struct Line {
    port: u16,
    state: Arc<Mutex<State>>,
}

struct State {
    /// Changes that still get through.
    left: usize,
    /// Connections that are dropped before anything is sent.
    dropped: usize,
    /// `PUT /reports-example/…`, `DELETE …`, `POST …`
    changes: Vec<String>,
}

impl Line {
    fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let line = listener.local_addr().expect("it listens").port();
        let state = Arc::new(Mutex::new(State { left: usize::MAX, dropped: 0, changes: Vec::new() }));
        let shared = state.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let state = shared.clone();
                std::thread::spawn(move || carry(&client, port, &state));
            }
        });
        Self { port: line, state }
    }

    fn breaks_after(&self, left: usize) {
        self.state.lock().expect("sound").left = left;
    }

    fn changes(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().expect("sound").changes)
    }
}

/// One connection, until it ends or breaks.
fn carry(client: &TcpStream, port: u16, state: &Mutex<State>) {
    let server = TcpStream::connect(("127.0.0.1", port)).expect("the store listens");
    let (mut down, mut up) = (server.try_clone().expect("a handle"), client.try_clone().expect("a handle"));
    std::thread::spawn(move || {
        // Ends in an error when the line breaks: that is what it is for.
        std::io::copy(&mut down, &mut up).map(drop).unwrap_or_default();
        up.shutdown(Shutdown::Both).unwrap_or_default();
    });
    let (mut from, mut to) = (client, &server);
    let mut buffer = [0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let first = String::from_utf8_lossy(&buffer[..count.min(1000)]).lines().next().unwrap_or_default().to_owned();
        let mut state = state.lock().expect("sound");
        if state.dropped > 0 {
            state.dropped -= 1;
            break;
        }
        if ["PUT /", "POST /", "DELETE /"].iter().any(|method| first.starts_with(method)) {
            if state.left == 0 {
                break;
            }
            state.left -= 1;
            state.changes.push(first.trim_end_matches(" HTTP/1.1").to_owned());
        }
        drop(state);
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    for end in [client, &server] {
        end.shutdown(Shutdown::Both).unwrap_or_default();
    }
}

#[test]
fn the_store_holds_the_site_with_types_and_cache_headers() {
    let Some(desk) = Desk::new() else { return };
    desk.archive.must(&["build", "--compress"]);
    let dry = desk.must_deploy(&["--dry-run"]);
    assert!(dry.stdout.contains("upload  index.html"), "{}", dry.stdout);
    assert!(desk.line.changes().is_empty() && desk.keys().is_empty(), "a dry run changes nothing");
    desk.must_deploy(&[]);
    let site = desk.archive.files("public");
    desk.assert_holds(&site);
    let asset = site.keys().find(|path| path.starts_with("assets/") && path.ends_with(".css")).expect("there is a style");
    for (path, content_type, cache, encoding) in [
        ("index.html", "text/html; charset=utf-8", "no-cache", None),
        ("index.html.br", "text/html; charset=utf-8", "no-cache", Some("br")),
        (asset, "text/css; charset=utf-8", "public, max-age=31536000, immutable", None),
        ("files/2023/总结.txt", "text/plain; charset=utf-8", "no-cache", None),
        ("archive.json", "application/json; charset=utf-8", "no-cache", None),
    ] {
        let (head, _) = desk.object(path);
        for (name, value) in [("content-type", Some(content_type)), ("cache-control", Some(cache)), ("content-encoding", encoding)] {
            let found = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            assert_eq!(found, value, "{path}: {name}");
        }
    }
    desk.line.changes();
    let again = desk.must_deploy(&[]);
    assert!(again.stderr.starts_with("nothing to do: s3://reports-example/a/库 is up to date"), "{}", again.stderr);
    assert!(desk.line.changes().is_empty());
}

#[test]
fn only_what_changed_goes_up_in_a_safe_order_and_can_be_taken_back() {
    let Some(desk) = Desk::new() else { return };
    desk.must_deploy(&[]);
    let first = desk.archive.files("public");
    desk.line.changes();
    desk.archive.write("content/2024/新.txt", "汉中市2024年工作总结\n一、人才工作\n正文。\n");
    std::fs::remove_file(desk.archive.path("content/卷/3.txt")).expect("it is there");
    desk.archive.must(&["build"]);
    let second = desk.archive.files("public");
    desk.must_deploy(&[]);
    desk.assert_holds(&second);
    let changes = desk.line.changes();
    let is_record = |change: &str| [".huibian.deploying", ".huibian.progress", ".huibian.lock"].iter().any(|name| change.contains(name));
    let sorts: Vec<u8> = changes
        .iter()
        .filter(|change| !is_record(change))
        .map(|change| match change.as_str() {
            change if change.starts_with("DELETE") => 3,
            change if change.ends_with(".huibian.json") => 2,
            change if change.ends_with(".html") => 1,
            _ => 0,
        })
        .collect();
    assert!(sorts.is_sorted() && sorts.contains(&2) && sorts.contains(&3), "files, pages, the manifest, deletions: {changes:?}");
    let differ = second.iter().filter(|(path, bytes)| first.get(*path) != Some(*bytes)).count();
    assert_eq!(sorts.iter().filter(|sort| **sort < 3).count(), differ, "only what changed goes up");
    desk.must_deploy(&["--rollback"]);
    desk.assert_holds(&first);
    desk.must_deploy(&["--rollback"]);
    desk.assert_holds(&second);
}

#[test]
fn a_deployment_that_breaks_off_goes_on_where_it_stopped() {
    let Some(desk) = Desk::new() else { return };
    let site = desk.archive.files("public");
    let half = site.len() / 2;
    desk.line.breaks_after(half);
    let broken = desk.deploy(&[]);
    assert_eq!(broken.code, Some(1));
    assert!(broken.stderr.contains("error[store]: cannot write `"), "{}", broken.stderr);
    assert!(broken.stderr.contains("the same command goes on from there"), "{}", broken.stderr);
    assert!(!desk.keys().contains(".huibian.json"), "the manifest comes last");
    desk.line.changes();
    desk.line.breaks_after(usize::MAX);
    let resumed = desk.must_deploy(&[]);
    assert!(resumed.stderr.contains("the last deployment had broken off: going on from there"), "{}", resumed.stderr);
    desk.assert_holds(&site);
    let again = desk.line.changes().len();
    assert!(again < site.len() - half + 120, "{again} changes for what was left of {}", site.len());
}

#[test]
fn after_a_deployment_that_broke_off_the_old_site_can_be_had_again() {
    let Some(desk) = Desk::new() else { return };
    desk.must_deploy(&[]);
    let first = desk.archive.files("public");
    desk.archive.write("config.toml", "title = \"另一个名字\"\n"); // on every page
    desk.archive.must(&["build"]);
    let second = desk.archive.files("public");
    desk.line.breaks_after(20);
    assert_eq!(desk.deploy(&[]).code, Some(1));
    desk.line.breaks_after(usize::MAX);
    desk.must_deploy(&["--rollback"]);
    desk.assert_holds(&first);
    desk.must_deploy(&[]);
    desk.assert_holds(&second);
}

#[test]
fn of_two_machines_one_deploys_and_the_other_is_told() {
    let Some(desk) = Desk::new() else { return };
    desk.store.ask("PUT", &format!("/{BUCKET}/{}", encoded("a/库/.huibian.lock.json")));
    let said = desk.deploy(&[]);
    assert_eq!(said.code, Some(1));
    assert!(said.stderr.contains("error[busy]: another huibian is deploying to s3://reports-example/a/库: on "), "{}", said.stderr);
    assert_eq!(desk.keys().len(), 1, "nothing was uploaded");
    desk.must_deploy(&["--break-lock"]);
    desk.assert_holds(&desk.archive.files("public"));

    // A desk that is killed knows its own lock again.
    desk.archive.write("config.toml", "title = \"另一个名字\"\n");
    desk.archive.must(&["build"]);
    desk.line.breaks_after(10);
    assert_eq!(desk.deploy(&[]).code, Some(1));
    assert!(desk.keys().contains(".huibian.lock.json"), "the line was dead when it should have gone");
    let other = Sandbox::new();
    other.must(&["build"]);
    let endpoint = format!("http://127.0.0.1:{}", desk.store.port);
    let args = ["deploy", "--endpoint", &endpoint, &format!("s3://{BUCKET}/a/库")];
    let refused = said_of(&other, &args, &desk);
    assert!(refused.stderr.contains("error[busy]") && refused.stderr.contains("help: wait for it to end"), "{}", refused.stderr);
    desk.line.breaks_after(usize::MAX);
    desk.must_deploy(&[]);
    desk.assert_holds(&desk.archive.files("public"));
    assert_eq!(said_of(&other, &args, &desk).code, Some(0));
    desk.assert_holds(&other.files("public"));
}

fn said_of(archive: &Sandbox, args: &[&str], desk: &Desk) -> Said {
    said(archive.command(args).envs(desk.store.environment()))
}

#[test]
fn a_request_that_fails_is_tried_again() {
    let Some(desk) = Desk::new() else { return };
    desk.line.state.lock().expect("sound").dropped = 3;
    desk.must_deploy(&[]);
    desk.assert_holds(&desk.archive.files("public"));
}

#[test]
fn what_is_wrong_is_said_with_the_way_out() {
    let Some(desk) = Desk::new() else { return };
    let endpoint = format!("http://127.0.0.1:{}", desk.store.port);
    let bare = |to: &str| {
        let mut command = desk.archive.command(&["deploy", "--endpoint", &endpoint, to]);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_")) {
            command.env_remove(name);
        }
        command
    };
    let said_without = said(&mut bare("s3://reports-example"));
    assert_eq!(said_without.code, Some(1));
    assert!(said_without.stderr.contains("there are no credentials in the environment"), "{}", said_without.stderr);
    assert!(said_without.stderr.contains("help: set AWS_ACCESS_KEY_ID"), "{}", said_without.stderr);
    let no_bucket = said(bare("s3://no-such-bucket").envs(desk.store.environment()));
    assert_eq!(no_bucket.code, Some(1));
    assert!(no_bucket.stderr.contains("help: check that there is a bucket `no-such-bucket`"), "{}", no_bucket.stderr);
    desk.store.ask("PUT", &format!("/{BUCKET}/foreign.txt"));
    let foreign = said(bare("s3://reports-example").envs(desk.store.environment()));
    assert!(foreign.stderr.contains("error[not-ours]"), "{}", foreign.stderr);
}
