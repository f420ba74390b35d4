//! A plain static host: a folder under some address, kept by browsers for an hour.

#![allow(clippy::disallowed_methods, reason = "tests serve what was built")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// Serves until it is dropped.
pub struct Host {
    /// `http://127.0.0.1:<port>/<base>/`
    pub url: String,
    /// Milliseconds before each answer.
    pub delay: Arc<AtomicU64>,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Host {
    /// Serves a folder below `/<base>/`.
    pub fn start(folder: &Path, base: &'static str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime starts");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        listener.set_nonblocking(true).expect("the listener can wait");
        let url = format!("http://{}/{base}/", listener.local_addr().expect("it listens"));
        let folder = folder.to_owned();
        let delay = Arc::new(AtomicU64::new(0));
        let wait = delay.clone();
        let app = Router::new().fallback(async move |uri: Uri| {
            tokio::time::sleep(Duration::from_millis(wait.load(Ordering::Relaxed))).await;
            answer(&folder, base, uri.path())
        });
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("the runtime takes it over");
            axum::serve(listener, app).await.expect("it serves");
        });
        Self { url, delay, runtime: Some(runtime) }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // Without waiting for connections that a browser keeps open; also within another runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn answer(folder: &Path, base: &str, path: &str) -> Response {
    let path = crate::chromium::decoded(path);
    let Some(inside) = path.strip_prefix(&format!("/{base}/")) else { return StatusCode::NOT_FOUND.into_response() };
    let mut file: PathBuf = folder.join(inside);
    if inside.is_empty() || inside.ends_with('/') {
        file.push("index.html");
    }
    let kind = match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    match std::fs::read(&file) {
        Ok(bytes) => ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "max-age=3600")], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
