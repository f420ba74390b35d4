//! The snippets for other programs, tried where those are installed.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::HUIBIAN;
use crate::blocks::{blocks, installed, repository};
use crate::store::Store;

const DOCUMENTS: [&str; 3] = ["README.md", "README.zh-CN.md", "docs/deploying.md"];

#[test]
fn nginx_takes_its_snippets() {
    let Some(nginx) = installed("nginx") else {
        eprintln!("skipped: no nginx on this machine");
        return;
    };
    for file in ["README.md", "README.zh-CN.md", "docs/deploying.md"] {
        for (_, snippet) in blocks(file).into_iter().filter(|(language, _)| language == "nginx") {
            let place = tempfile::tempdir().expect("a temporary folder");
            let path = place.path().display();
            // As it would stand in the `http` block of a server, but able to start for anybody.
            let temporary: String =
                ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|name| format!("{name}_temp_path {path}/{name};\n")).concat();
            let text = format!("pid {path}/pid;\nerror_log {path}/log;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{snippet}\n}}\n");
            let text = text.replace("listen 80", "listen 127.0.0.1:8999");
            let configuration = place.path().join("nginx.conf");
            fs::write(&configuration, text).expect("it can be written");
            let output = Command::new(&nginx).arg("-t").arg("-c").arg(&configuration).output().expect("nginx runs");
            assert!(output.status.success(), "{file}:\n{snippet}\n{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

#[test]
fn systemd_takes_the_unit() {
    let Some(analyze) = installed("systemd-analyze") else {
        eprintln!("skipped: no systemd-analyze on this machine");
        return;
    };
    for file in DOCUMENTS {
        for (_, unit) in blocks(file).into_iter().filter(|(language, _)| language == "ini") {
            let place = tempfile::tempdir().expect("a temporary folder");
            let path = place.path().join("huibian.service");
            fs::write(&path, unit.replace("/usr/local/bin/huibian", HUIBIAN)).expect("it can be written");
            let output = Command::new(&analyze).arg("verify").arg(&path).output().expect("systemd-analyze runs");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(!said.contains("huibian.service"), "{file}: {said}");
        }
    }
}

#[test]
fn rsync_copies_the_site() {
    if installed("rsync").is_none() {
        eprintln!("skipped: no rsync on this machine");
        return;
    }
    let place = site();
    for command in lines_of("rsync").iter().filter(|command| !command.contains("--link-dest")) {
        let copy = place.path().join("copy");
        run(place.path(), &command.replace("www@reports.example:/srv/reports", &copy.display().to_string()), &[]);
        assert!(copy.join("index.html").is_file(), "`{command}` copies the site");
    }
}

#[test]
fn an_object_store_takes_the_site() {
    if installed("aws").is_none() {
        eprintln!("skipped: no aws on this machine");
        return;
    }
    let place = site();
    let Some(store) = Store::start() else { return };
    let environment = store.environment();
    run(place.path(), "aws s3 mb s3://reports-example", &environment);
    for command in lines_of("aws") {
        run(place.path(), &command, &environment);
    }
    let listing = run(place.path(), "aws s3 ls --recursive s3://reports-example", &environment);
    assert!(String::from_utf8_lossy(&listing.stdout).contains(" index.html"), "the site is in the store");
}

/// A folder with the sample site in `public/`.
fn site() -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a temporary folder");
    let public = place.path().join("public");
    let output = Command::new(HUIBIAN).arg("build").arg("--root").arg(repository()).arg("--output").arg(&public).output();
    let output = output.expect("huibian starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    place
}

/// The lines of all `text` blocks that begin with this program's name.
fn lines_of(program: &str) -> Vec<String> {
    let texts = DOCUMENTS.into_iter().flat_map(blocks).filter(|(language, _)| language == "text").map(|(_, text)| text);
    let lines: Vec<String> = texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    let lines: Vec<String> = lines.into_iter().filter(|line| line.split(' ').next() == Some(program)).collect();
    assert!(!lines.is_empty(), "the documents show {program}");
    lines
}

#[track_caller]
fn run(folder: &Path, command: &str, environment: &[(&str, String)]) -> Output {
    let mut bash = Command::new("bash");
    bash.args(["-c", command]).current_dir(folder).envs(environment.iter().cloned()).stdin(Stdio::null());
    let output = bash.output().expect("bash runs");
    assert!(output.status.success(), "`{command}`: {}", String::from_utf8_lossy(&output.stderr));
    output
}
