//! Serves a site on loopback and reloads the open page when it changes.
//!
//! `Site` ──► [`serve`] ──► the browser
//!
//! Nothing is written to disk: answers come from the [`Site`] value, the same bytes that `publish` would write. What is
//! wrong with the archive is shown over the last good site, and goes away when it is mended.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::site::Site;

mod changes;
mod page;
mod probe;
mod server;
mod settled;

pub use changes::Changes;
pub use probe::probe;
pub use settled::{Patience, Settled};

/// Builds in a row that are not shown, because something has changed meanwhile.
const MOST_UNSEEN: usize = 3;

/// Where to listen.
#[derive(Debug, Clone, Copy)]
pub struct Address {
    /// Loopback when nothing else was asked for.
    pub ip: Option<IpAddr>,
    /// 0 takes any free one.
    pub port: u16,
}

/// What a build made of the archive.
pub struct Built {
    /// `None` when nothing could be built; the last good site is shown then.
    pub site: Option<Site>,
    /// Each error, as text of several lines.
    pub problems: Vec<String>,
}

/// What the browser is shown.
struct Shown {
    /// Differs from one build to the next, and from one run of the program to the next.
    version: String,
    site: Option<Arc<Site>>,
    problems: Vec<String>,
}

/// Serves until Ctrl-C. `build` is called once before the first answer and then after each change that `changes` sees;
/// `ready` is told the site's address.
///
/// # Errors
/// The port is taken, or nobody may listen there.
pub fn serve(
    address: Address,
    root: &std::path::Path,
    mut changes: Changes,
    mut build: impl FnMut(&[String]) -> Built + Send + 'static,
    ready: impl FnOnce(&str),
) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("cannot start the server")?;
    runtime.block_on(async {
        let listener = listen(address).await?;
        let local = listener.local_addr()?;
        // A start of the program is told from the one before: the page that is open from then must reload.
        let run = std::process::id();
        let first = build(&[]);
        let shown = Shown { version: format!("{run}-0"), site: first.site.map(Arc::new), problems: first.problems };
        let (sender, receiver) = watch::channel(Arc::new(shown));
        std::thread::spawn(move || {
            let mut count = 0;
            while let Some(changed) = changes.wait() {
                count += 1;
                let mut built = build(&changed);
                // What was half saved when it was read is not shown; but who writes without end must not hold up the others.
                for _ in 0..MOST_UNSEEN {
                    let changed = changes.so_far();
                    if changed.is_empty() {
                        break;
                    }
                    built = build(&changed);
                }
                sender.send_modify(|shown| {
                    let site = built.site.map(Arc::new).or_else(|| shown.site.clone());
                    *shown = Arc::new(Shown { version: format!("{run}-{count}"), site, problems: built.problems });
                });
            }
        });
        ready(&format!("http://{local}/"));
        let hosts = if local.ip().is_loopback() { server::Hosts::Loopback(local.ip()) } else { server::Hosts::Any };
        let served = axum::serve(listener, server::router(receiver, root.join("content"), hosts));
        tokio::select! {
            outcome = served => outcome.context("the server stopped"),
            () = asked_to_stop() => Ok(()),
        }
    })
}

async fn listen(address: Address) -> anyhow::Result<TcpListener> {
    let ip = address.ip.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    match TcpListener::bind(SocketAddr::new(ip, address.port)).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            let free = TcpListener::bind(SocketAddr::new(ip, 0)).await.and_then(|free| free.local_addr());
            let help = match free {
                Ok(free) => format!("`huibian serve --port {}` is free", free.port()),
                Err(_) => "choose another with --port".to_owned(),
            };
            Err(anyhow!("port {} on {ip} is taken, perhaps by another `huibian serve`\n  help: {help}", address.port))
        }
        Err(error) => Err(anyhow!("cannot listen on {ip}:{}: {error}\n  help: choose others with --bind and --port", address.port)),
    }
}

/// Ctrl-C, or the signal that a service manager sends.
async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = tokio::signal::ctrl_c() => {}
                }
                return;
            }
            Err(error) => anstream::eprintln!("warning: cannot listen for signals: {error}"),
        }
    }
    if let Err(error) = tokio::signal::ctrl_c().await {
        anstream::eprintln!("warning: cannot listen for Ctrl-C: {error}");
        std::future::pending::<()>().await;
    }
}
