//! Search in Firefox, over HTTP and from disk, driven by WebDriver BiDi (<https://w3c.github.io/webdriver-bidi/>).
//!
//! Without Firefox the test says that it is skipped; `HUIBIAN_BROWSER_TESTS=required` makes that a failure.

#![allow(clippy::disallowed_methods, reason = "tests start a browser")]

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

use crate::archive::built;
use crate::host::Host;

/// Nothing that Firefox would ask of its makers.
const SETTINGS: &str = r#"
user_pref("app.normandy.enabled", false);
user_pref("app.update.enabled", false);
user_pref("browser.safebrowsing.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,");
user_pref("toolkit.telemetry.server", "data:,");
"#;

/// A headless Firefox with one tab.
struct Firefox {
    process: Child,
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    tab: String,
    /// Messages of the console and errors of scripts.
    complaints: Vec<Value>,
    asked: u64,
    _profile: tempfile::TempDir,
}

impl Firefox {
    fn start(executable: &str) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        std::fs::write(profile.path().join("user.js"), SETTINGS).expect("the settings are written");
        let mut process = Command::new(executable)
            .args(["--headless", "--no-remote", "--remote-debugging-port", "0", "--profile"])
            .arg(profile.path())
            .env("HOME", profile.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Firefox starts");
        let mut lines = BufReader::new(process.stderr.take().expect("it is piped")).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("WebDriver BiDi listening on ").map(str::to_owned))
            .expect("Firefox says where it listens");
        // Firefox would wait for whoever reads what it says next.
        std::thread::spawn(move || lines.for_each(drop));
        let (socket, _) = tungstenite::connect(format!("{address}/session")).expect("Firefox answers");
        let mut firefox = Self { process, socket, tab: String::new(), complaints: Vec::new(), asked: 0, _profile: profile };
        firefox.ask("session.new", json!({"capabilities": {}}));
        firefox.ask("session.subscribe", json!({"events": ["log.entryAdded"]}));
        let tree = firefox.ask("browsingContext.getTree", json!({}));
        firefox.tab = tree["contexts"][0]["context"].as_str().expect("there is a tab").to_owned();
        firefox
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let text = json!({"id": self.asked, "method": method, "params": params}).to_string();
        self.socket.send(Message::text(text)).expect("Firefox listens");
        loop {
            let Message::Text(text) = self.socket.read().expect("Firefox answers") else { continue };
            let mut message: Value = serde_json::from_str(&text).expect("the answer is JSON");
            if message["method"] == "log.entryAdded" {
                self.complaints.push(message["params"].take());
            } else if message["id"] == self.asked {
                assert_eq!(message["type"], "success", "{method}: {message}");
                return message["result"].take();
            }
        }
    }

    fn open(&mut self, url: &str) {
        self.ask("browsingContext.navigate", json!({"context": self.tab, "url": url, "wait": "complete"}));
    }

    /// What an expression, or the promise that it gives, comes to; a text.
    fn text(&mut self, expression: &str) -> String {
        let expression = format!("Promise.resolve({expression}).then(String)");
        let params = json!({"expression": expression, "target": {"context": self.tab}, "awaitPromise": true});
        let result = self.ask("script.evaluate", params);
        result["result"]["value"].as_str().unwrap_or_else(|| panic!("{expression}: {result}")).to_owned()
    }

    /// Waits for a condition, half a minute at most.
    fn until(&mut self, condition: &str) {
        let wait = format!(
            "new Promise((resolve) => {{ const end = Date.now() + 30000;
             (function look() {{ if ({condition}) resolve(true); else if (Date.now() > end) resolve(false); else setTimeout(look, 50); }})(); }})"
        );
        assert_eq!(self.text(&wait), "true", "waited in vain for {condition}; complaints: {:#?}", self.complaints);
    }
}

impl Drop for Firefox {
    fn drop(&mut self) {
        self.process.kill().expect("it still runs");
        self.process.wait().expect("it ends when killed");
    }
}

#[test]
fn search_works_in_firefox() {
    let Some(executable) =
        ["firefox-esr", "firefox"].into_iter().find(|name| Command::new(name).arg("--version").output().is_ok_and(|o| o.status.success()))
    else {
        assert!(std::env::var("HUIBIAN_BROWSER_TESTS").as_deref() != Ok("required"), "no Firefox: install the package `firefox-esr`");
        eprintln!("skipped: no Firefox on this machine");
        return;
    };
    let host = Host::start(built(), "a/b");
    let mut firefox = Firefox::start(executable);
    let mut totals = Vec::new();
    for address in [format!("{}search/?q=干部", host.url), format!("file://{}/search/index.html?q=干部", built().display())] {
        let done = "document.documentElement.dataset.searchState === 'done'";
        firefox.open(&address);
        firefox.until(done);
        let total = "document.querySelector('[data-search-total]').dataset.searchTotal";
        totals.push(firefox.text(total));
        // Typing on, with suggestions, to what stands nowhere and back.
        for (typed, expected) in [("干部队伍", true), ("干部队伍查无此语", false), ("人才", true)] {
            firefox.text(&format!(
                "(() => {{ const box = document.querySelector('input[type=search]'); box.focus(); box.value = {typed:?};
                 box.dispatchEvent(new InputEvent('input', {{bubbles: true}})); return ''; }})()"
            ));
            firefox.until(&format!("{done} && new URLSearchParams(location.search || location.hash.slice(1)).get('q') === {typed:?}"));
            assert_eq!(firefox.text(total) != "0", expected, "{typed}");
        }
        firefox.until("document.querySelector('.search-tools button') !== null");
        firefox.until("document.querySelectorAll('[role=option]').length > 0");
        // The words are shown on the report's page.
        let hit = firefox.text("document.querySelector('.search-results .excerpt').href");
        firefox.open(&hit);
        assert_ne!(
            firefox.text("[...CSS.highlights.get('search')].map((range) => range.toString()).filter((text) => text === '人才').length"),
            "0"
        );
    }
    assert!(totals[0] != "0" && totals[0] == totals[1], "the same over HTTP and from disk: {totals:?}");
    assert!(firefox.complaints.is_empty(), "the console is empty: {:#?}", firefox.complaints);
}
