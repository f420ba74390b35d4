//! Answers the browser from the site. An address is looked up in the site's map: there is no path that could lead
//! out of a folder.
#![allow(clippy::disallowed_methods)] // original uploads are read when they are asked for

use std::convert::Infallible;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HOST, HeaderName, HeaderValue, IF_NONE_MATCH, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::watch::Receiver;
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt};

use crate::preview::{Shown, page};
use crate::site::{Body, Site, SitePath, media_type};
use crate::source::SourcePath;

/// Which names a request may address the server by. A page from elsewhere whose name is made to lead to this machine
/// (DNS rebinding) must not read the archive.
#[derive(Debug, Clone, Copy)]
pub enum Hosts {
    /// Names of this machine itself, and the address that is listened on.
    Loopback(IpAddr),
    /// Others on the network were asked in: what they call this machine cannot be known.
    Any,
}

#[derive(Clone)]
struct Server {
    shown: Receiver<Arc<Shown>>,
    content: Arc<PathBuf>,
}

pub fn router(shown: Receiver<Arc<Shown>>, content: PathBuf, hosts: Hosts) -> Router {
    Router::new()
        .route(page::EVENTS_PATH, get(events))
        .route(page::SCRIPT_PATH, get(|| async { own("text/javascript; charset=utf-8", page::SCRIPT) }))
        .route(page::STYLE_PATH, get(|| async { own("text/css; charset=utf-8", page::STYLE) }))
        .route("/", get(|state, headers| answer(state, Path(String::new()), headers)))
        .route("/{*path}", get(answer))
        .with_state(Server { shown, content: Arc::new(content) })
        .layer(middleware::from_fn(move |request, next| check_host(hosts, request, next)))
        .layer(middleware::map_response(secure))
}

/// A file of the preview's own.
fn own(media_type: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, media_type), (CACHE_CONTROL, page::KEPT)], text)
}

/// The page, or what is wrong with it.
async fn answer(State(server): State<Server>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    // Rendering takes milliseconds of a processor, reading an upload waits for the disk: neither may hold up others.
    tokio::task::spawn_blocking(move || server.answer(&path, &headers))
        .await
        .unwrap_or_else(|error| (StatusCode::INTERNAL_SERVER_ERROR, format!("rendering this page has failed: {error}\n")).into_response())
}

impl Server {
    fn answer(&self, path: &str, headers: &HeaderMap) -> Response {
        let shown = self.shown.borrow().clone();
        let Some(site) = &shown.site else {
            let page = page::problems(&shown, "The archive cannot be shown", &shown.problems);
            return html(StatusCode::INTERNAL_SERVER_ERROR, page, headers);
        };
        let file = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
        if let Some(response) = self.file(&shown, site, &file, StatusCode::OK, headers) {
            return response;
        }
        if site.entries.contains_key(&SitePath::new(format!("{path}/index.html"))) {
            // Relative, so that nothing of the address has to be written again.
            let last = path.rsplit('/').next().unwrap_or(path);
            return (StatusCode::PERMANENT_REDIRECT, [(LOCATION, format!("./{}/", percent_encode(last)))]).into_response();
        }
        self.file(&shown, site, "404.html", StatusCode::NOT_FOUND, headers)
            .unwrap_or_else(|| (StatusCode::NOT_FOUND, "there is nothing at this address\n").into_response())
    }

    /// The file of the site, `None` where it has none.
    fn file(&self, shown: &Shown, site: &Site, file: &str, status: StatusCode, headers: &HeaderMap) -> Option<Response> {
        let response = match site.body(&SitePath::new(file))? {
            Ok(Body::Bytes(bytes)) if file.ends_with(".html") => html(status, page::with_script(&bytes, &shown.version), headers),
            Ok(Body::Bytes(bytes)) => {
                let mut response = known(status, HeaderValue::from_static(media_type(file)), bytes.to_vec(), headers);
                // Its name changes with what it holds: a page that is loaded again need not ask for each.
                if file.starts_with("assets/") && status == StatusCode::OK {
                    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(page::KEPT));
                }
                response
            }
            Ok(Body::Upload(source)) => self.upload(site, &source, headers),
            Err(problem) => {
                let text = format!("{}\n{}", problem.message, problem.place.as_ref().map(ToString::to_string).unwrap_or_default());
                html(StatusCode::INTERNAL_SERVER_ERROR, page::problems(shown, "This page cannot be rendered", &[text]), headers)
            }
        };
        Some(response)
    }

    /// An original, byte for byte, in its own encoding.
    fn upload(&self, site: &Site, source: &SourcePath, headers: &HeaderMap) -> Response {
        match std::fs::read(self.content.join(source.as_str())) {
            Ok(bytes) => {
                let record = site.archive.sources.iter().find(|record| record.path == *source);
                let charset = record.map_or("utf-8", |record| record.encoding.name());
                let content_type = format!("text/plain; charset={charset}");
                known(StatusCode::OK, HeaderValue::try_from(content_type).expect("names of encodings are ASCII"), bytes, headers)
            }
            Err(error) => (StatusCode::NOT_FOUND, format!("{source}: {error}\n")).into_response(),
        }
    }
}

fn html(status: StatusCode, page: Vec<u8>, headers: &HeaderMap) -> Response {
    known(status, HeaderValue::from_static("text/html; charset=utf-8"), page, headers)
}

/// The browser keeps what it has, but asks each time whether it is still right.
fn known(status: StatusCode, content_type: HeaderValue, bytes: Vec<u8>, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", &blake3::hash(&bytes).to_hex()[..32]);
    let etag = HeaderValue::try_from(&tag).expect("hexadecimal digits are ASCII");
    let fixed = [(CACHE_CONTROL, HeaderValue::from_static("no-cache")), (ETAG, etag)];
    if status == StatusCode::OK && headers.get(IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    (status, fixed, [(CONTENT_TYPE, content_type)], bytes).into_response()
}

/// Everything but letters and digits, so that the header is ASCII and holds nothing with a meaning of its own.
fn percent_encode(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Tells the page which build is shown and what is wrong, now and after each build.
async fn events(State(server): State<Server>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = WatchStream::new(server.shown).map(|shown| {
        let state = serde_json::json!({ "version": shown.version, "problems": shown.problems });
        Ok(Event::default().data(state.to_string()))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

async fn check_host(hosts: Hosts, request: Request, next: Next) -> Response {
    // Each place in which a request can name a host: were one of two believed, the other could be a stranger's.
    let headers = request.headers().get_all(HOST).iter().map(|host| host.to_str().unwrap_or_default());
    let named: Vec<&str> = headers.chain(request.uri().authority().map(|authority| authority.as_str())).collect();
    let allowed = if named.is_empty() { hosts.allow("") } else { named.iter().all(|host| hosts.allow(host)) };
    if allowed {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "this preview answers to localhost only; `huibian serve --bind ADDR` lets others in\n").into_response()
    }
}

impl Hosts {
    fn allow(self, host: &str) -> bool {
        let Self::Loopback(listening) = self else { return true };
        let name = match host.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        let name = name.to_ascii_lowercase();
        name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip == listening || ip.is_loopback())
    }
}

/// The headers that a published site should have too; `docs/` shows how to set them.
async fn secure(mut response: Response) -> Response {
    const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                          font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    let headers: [(HeaderName, &'static str); 4] = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_answered() {
        let hosts = Hosts::Loopback(IpAddr::from([127, 0, 0, 1]));
        for host in ["localhost", "localhost:1111", "LOCALHOST:1111", "127.0.0.1:1111", "[::1]:1111", "a.localhost:80"] {
            assert!(hosts.allow(host), "{host}");
        }
        for host in ["", "example.com", "127.0.0.1.example.com", "localhost.example.com:1111", "192.168.1.2", "evil:1111"] {
            assert!(!hosts.allow(host), "{host}");
        }
        assert!(Hosts::Any.allow("archive.lan:1111"));
    }
}
