//! A store on loopback that speaks the protocol of S3.
#![allow(clippy::disallowed_methods, dead_code)] // looks for the program; not every test needs everything

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Stopped when dropped.
pub struct Store {
    server: Child,
    pub port: u16,
}

impl Store {
    /// `None` where there is no `moto_server` on this machine.
    pub fn start() -> Option<Self> {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
        let program = std::env::var_os("MOTO_SERVER").unwrap_or_else(|| "moto_server".into());
        let mut server = Command::new(program);
        server.args(["-H", "127.0.0.1", "-p", &free.port().to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        let Ok(server) = server.spawn() else {
            assert!(std::env::var_os("HUIBIAN_REQUIRE_STORE").is_none(), "there must be a moto_server");
            eprintln!("skipped: no moto_server to stand in for an object store");
            return None;
        };
        let store = Self { server, port: free.port() };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", store.port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(90), "the store listens within a minute and a half");
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(store)
    }

    /// For the client: this store, and nobody's real credentials.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.port)),
            ("AWS_ACCESS_KEY_ID", "test".into()),
            ("AWS_SECRET_ACCESS_KEY", "test".into()),
            ("AWS_DEFAULT_REGION", "us-east-1".into()),
            ("AWS_CONFIG_FILE", "/dev/null".into()),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null".into()),
        ]
    }

    /// Asks it as a browser would: the head of the answer in lower case, and the body.
    pub fn ask(&self, method: &str, path: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nAuthorization: AWS test\r\nConnection: close\r\n\r\n"
        )
        .expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("an HTTP answer");
        (String::from_utf8_lossy(&answer[..end]).to_lowercase(), answer[end + 4..].to_vec())
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.server.kill().expect("it still runs");
        self.server.wait().expect("it ends when killed");
    }
}
