//! The sample archive, built once and served.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{OnceLock, mpsc};
use std::time::Duration;

/// The repository, which is the sample archive.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The sample site on disk, built once for all tests.
pub fn built() -> &'static Path {
    static SITE: OnceLock<PathBuf> = OnceLock::new();
    SITE.get_or_init(|| {
        let output = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sample-site");
        build_to(root(), &output);
        output
    })
}

/// Builds the archive in this folder and says where the site is.
pub fn build(root: &Path) -> PathBuf {
    let output = root.join("public");
    build_to(root, &output);
    output
}

fn build_to(root: &Path, output: &Path) {
    let mut huibian = Command::new(env!("CARGO_BIN_EXE_huibian"));
    let built = huibian.args(["build", "--quiet", "--root"]).arg(root).arg("--output").arg(output).output().expect("huibian starts");
    assert!(built.status.success(), "{} builds:\n{}", root.display(), String::from_utf8_lossy(&built.stderr));
}

/// `huibian serve` on the sample archive, stopped when dropped.
pub struct Served {
    process: Child,
    /// `http://127.0.0.1:<port>/`
    pub url: String,
}

impl Served {
    pub fn sample() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_huibian"))
            .args(["serve", "--port", "0", "--root"])
            .arg(root())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("huibian starts");
        let output = process.stdout.take().expect("its output is piped");
        let (found, address) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(url) = line.split_whitespace().find(|word| word.starts_with("http://")) {
                    // The test may have given up waiting; then nobody wants the address any more.
                    return found.send(url.to_owned()).unwrap_or_default();
                }
            }
        });
        let url = address.recv_timeout(Duration::from_secs(120)).expect("serve prints its address");
        Self { process, url: format!("{}/", url.trim_end_matches('/')) }
    }
}

impl Served {
    /// The address of a file of the site.
    pub fn page(&self, file: &str) -> String {
        format!("{}{}", self.url, file.strip_suffix("index.html").unwrap_or(file))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.process.kill().expect("it still runs");
        self.process.wait().expect("it ends when killed");
    }
}
