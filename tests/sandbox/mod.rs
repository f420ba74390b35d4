//! An archive in a temporary folder, and the program to run in it.
#![allow(clippy::disallowed_methods, dead_code)] // tests write archives; not every test needs everything

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Goes away when it is dropped.
pub struct Sandbox {
    dir: TempDir,
}

/// What the program said.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Sandbox {
    /// An archive of one report.
    pub fn new() -> Self {
        let sandbox = Self::empty();
        sandbox.write("config.toml", "title = \"库\"\n");
        sandbox.write("content/2023/总结.txt", "安康市2023年工作总结\n一、基层党建\n正文在此。\n");
        sandbox
    }

    pub fn empty() -> Self {
        Self { dir: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let file = self.path(path);
        fs::create_dir_all(file.parent().expect("it lies in the sandbox")).expect("the folder can be made");
        fs::write(file, content).expect("the file can be written");
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_huibian"));
        command.args(args).current_dir(self.dir.path()).stdin(Stdio::null()).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command
    }

    pub fn huibian(&self, args: &[&str]) -> Said {
        said(&mut self.command(args))
    }

    /// Runs it, and it must work.
    #[track_caller]
    pub fn must(&self, args: &[&str]) -> Said {
        let said = self.huibian(args);
        assert_eq!(said.code, Some(0), "huibian {args:?}: {}", said.stderr);
        said
    }

    /// Every file below a folder, with its bytes.
    pub fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        files(&self.path(folder))
    }

    /// What the program said, without what differs from run to run.
    pub fn tidy(&self, text: &str) -> String {
        let real = self.dir.path().canonicalize().expect("the sandbox is there");
        let text = text.replace(&real.display().to_string(), "[archive]").replace(&self.dir.path().display().to_string(), "[archive]");
        text.lines().filter(|line| !line.starts_with("took ")).map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
    }
}

pub fn said(command: &mut Command) -> Said {
    let output = command.output().expect("the program can be started");
    let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
    Said { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display())) {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("it lies below").to_string_lossy().into_owned();
                files.insert(name, fs::read(&path).expect("the file can be read"));
            }
        }
    }
    files
}
