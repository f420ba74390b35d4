//! A headless Chromium that notes everything its pages complain about and ask for.

#![allow(clippy::disallowed_methods, reason = "tests read the environment")]

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::emulation::{MediaFeature, SetDeviceMetricsOverrideParams, SetScriptExecutionDisabledParams};
use chromiumoxide::cdp::browser_protocol::input::{DispatchKeyEventParams, DispatchKeyEventType};
use chromiumoxide::cdp::browser_protocol::log::EventEntryAdded;
use chromiumoxide::cdp::browser_protocol::network::EventRequestWillBeSent;
use chromiumoxide::cdp::js_protocol::runtime::{EventConsoleApiCalled, EventExceptionThrown};
use chromiumoxide::page::MediaTypeParams;
use chromiumoxide::{Browser, BrowserConfig, Page};
use futures::StreamExt;
use futures::stream::BoxStream;

/// Runs a test with a browser, or says that there is none.
pub fn with_browser<F: AsyncFnOnce(&Chromium)>(test: F) {
    let Some(executable) = find() else {
        assert!(
            std::env::var("HUIBIAN_BROWSER_TESTS").as_deref() != Ok("required"),
            "no Chromium: install the package `chromium` or set CHROMIUM to its path"
        );
        eprintln!("skipped: no Chromium on this machine");
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime starts");
    runtime.block_on(async {
        let chromium = Chromium::start(executable).await;
        test(&chromium).await;
        chromium.stop().await;
    });
}

fn find() -> Option<PathBuf> {
    if let Ok(path) = std::env::var("CHROMIUM") {
        return Some(path.into());
    }
    let path = std::env::var_os("PATH")?;
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|candidate| candidate.is_file())
}

pub struct Chromium {
    browser: tokio::sync::Mutex<Browser>,
    events: tokio::task::JoinHandle<()>,
    _profile: tempfile::TempDir,
}

impl Chromium {
    async fn start(executable: PathBuf) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let config = BrowserConfig::builder()
            .chrome_executable(executable)
            .no_sandbox()
            .user_data_dir(profile.path())
            .launch_timeout(Duration::from_secs(60))
            .request_timeout(Duration::from_secs(60))
            .args(["disable-gpu", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync"])
            .viewport(None)
            .build()
            .expect("the configuration is complete");
        let (browser, mut handler) = Browser::launch(config).await.expect("Chromium starts");
        let events = tokio::spawn(async move { while handler.next().await.is_some() {} });
        Self { browser: tokio::sync::Mutex::new(browser), events, _profile: profile }
    }

    async fn stop(self) {
        let mut browser = self.browser.into_inner();
        browser.close().await.expect("Chromium closes");
        browser.wait().await.expect("Chromium ends");
        self.events.abort();
    }

    /// A new tab of this size in CSS pixels.
    pub async fn tab(&self, width: i64, height: i64) -> Tab {
        let page = self.browser.lock().await.new_page("about:blank").await.expect("a tab opens");
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut listeners: Vec<BoxStream<'static, Note>> = Vec::new();
        let console = page.event_listener::<EventConsoleApiCalled>().await.expect("console events");
        listeners.push(console.map(|e| Note::Complaint(format!("console: {:?}", e.args))).boxed());
        let log = page.event_listener::<EventEntryAdded>().await.expect("log events");
        listeners.push(log.map(|e| Note::Complaint(format!("log: {} {:?}", e.entry.text, e.entry.url))).boxed());
        let thrown = page.event_listener::<EventExceptionThrown>().await.expect("exception events");
        listeners.push(thrown.map(|e| Note::Complaint(format!("exception: {:?}", e.exception_details))).boxed());
        let requests = page.event_listener::<EventRequestWillBeSent>().await.expect("network events");
        listeners.push(requests.map(|e| Note::Request(e.request.url.clone())).boxed());
        let mut all = futures::stream::select_all(listeners);
        let notes = seen.clone();
        tokio::spawn(async move {
            while let Some(note) = all.next().await {
                let mut seen = notes.lock().expect("no listener panics");
                match note {
                    Note::Complaint(text) => seen.complaints.push(text),
                    Note::Request(url) => seen.requests.push(url),
                }
            }
        });
        page.enable_log().await.expect("the log is on");
        let size = SetDeviceMetricsOverrideParams::new(width, height, 1.0, width < 600);
        page.execute(size).await.expect("the window has its size");
        Tab { page, seen }
    }
}

enum Note {
    Complaint(String),
    Request(String),
}

#[derive(Default)]
struct Seen {
    complaints: Vec<String>,
    requests: Vec<String>,
}

/// One open page.
pub struct Tab {
    pub page: Page,
    seen: Arc<Mutex<Seen>>,
}

impl Tab {
    pub async fn open(&self, url: &str) {
        self.page.goto(url).await.unwrap_or_else(|e| panic!("cannot open {url}: {e}"));
        self.page.wait_for_navigation().await.expect("the page loads");
    }

    /// Follows the first link that matches, as a reader would: by clicking on it.
    pub async fn follow(&self, selector: &str) {
        let from = self.url().await;
        let link = self.page.find_element(selector).await.unwrap_or_else(|_| panic!("{from} has no `{selector}`"));
        link.scroll_into_view().await.expect("it can be scrolled to");
        let href: String = self.value(&format!("document.querySelector({selector:?}).href")).await;
        link.click().await.expect("it can be clicked");
        self.until(&format!("decodeURI(location.href) !== {:?} && document.readyState === 'complete'", decoded(&from)), "the page changes")
            .await;
        let there: String = self.value("location.href").await;
        assert!(there.starts_with(href.split('#').next().unwrap_or(&href)), "{href} leads to {there}");
    }

    pub async fn url(&self) -> String {
        self.value("location.href").await
    }

    pub async fn text(&self) -> String {
        self.value("document.body.innerText").await
    }

    /// What an expression gives.
    pub async fn value<T: serde::de::DeserializeOwned>(&self, expression: &str) -> T {
        let result = self.page.evaluate(expression).await.unwrap_or_else(|e| panic!("`{expression}`: {e}"));
        result.into_value().unwrap_or_else(|e| panic!("`{expression}`: {e}"))
    }

    /// Waits for a condition, half a minute at most.
    pub async fn until(&self, condition: &str, what: &str) {
        for _ in 0..600 {
            if self.page.evaluate(condition).await.ok().and_then(|r| r.into_value::<bool>().ok()) == Some(true) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("waited in vain until {what} at {}", self.url().await);
    }

    /// Presses a key on whatever has the focus.
    pub async fn press(&self, key: &str) {
        for kind in [DispatchKeyEventType::KeyDown, DispatchKeyEventType::KeyUp] {
            let definition = chromiumoxide::keys::get_key_definition(key).unwrap_or_else(|| panic!("there is a key {key}"));
            let mut event = DispatchKeyEventParams::builder()
                .r#type(kind.clone())
                .key(definition.key)
                .code(definition.code)
                .windows_virtual_key_code(definition.key_code);
            // What a key types also presses buttons.
            if let (Some(text), DispatchKeyEventType::KeyDown) = (definition.text, kind) {
                event = event.text(text);
            }
            self.page.execute(event.build().expect("the event is complete")).await.expect("the key is pressed");
        }
    }

    pub async fn dark(&self) {
        let feature = MediaFeature::new("prefers-color-scheme", "dark");
        self.page.emulate_media_features(vec![feature]).await.expect("dark mode");
    }

    pub async fn prefer_still(&self) {
        let feature = MediaFeature::new("prefers-reduced-motion", "reduce");
        self.page.emulate_media_features(vec![feature]).await.expect("reduced motion");
    }

    pub async fn on_paper(&self) {
        self.page.emulate_media_type(MediaTypeParams::Print).await.expect("print");
    }

    pub async fn without_scripts(&self) {
        self.page.execute(SetScriptExecutionDisabledParams::new(true)).await.expect("scripts are off");
    }

    /// No warning, no error, and nothing asked for outside of `origin`.
    pub async fn assert_quiet(&self, origin: &str) {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let seen = self.seen.lock().expect("no listener panics");
        assert!(seen.complaints.is_empty(), "the console is empty: {:#?}", seen.complaints);
        let strange: Vec<_> =
            seen.requests.iter().filter(|url| !url.starts_with(origin) && !url.starts_with("data:") && *url != "about:blank").collect();
        assert!(strange.is_empty(), "no request leaves the site: {strange:?}");
        assert!(!seen.requests.is_empty(), "requests were watched");
    }
}

pub fn decoded(url: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = url.bytes();
    while let Some(byte) = rest.next() {
        let hex = |b: Option<u8>| b.and_then(|b| (b as char).to_digit(16));
        match byte {
            b'%' => {
                let (high, low) = (hex(rest.next()), hex(rest.next()));
                bytes.push((high.expect("a digit") * 16 + low.expect("a digit")) as u8);
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).expect("addresses are UTF-8")
}
