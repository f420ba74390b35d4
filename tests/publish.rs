//! Publishing is all or nothing: the old site or the new one, whatever happens, and nothing that is not ours is touched.
#![allow(clippy::disallowed_methods)] // tests look at the files

mod sandbox;

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::time::Duration;

use huibian::publish::{MANIFEST, Manifest};
use sandbox::{Sandbox, files, said};

#[test]
fn building_twice_gives_the_same_bytes_and_writes_nothing_the_second_time() {
    let archive = Sandbox::new();
    archive.must(&["build", "--jobs", "1"]);
    let first = archive.files("public");
    let again = archive.must(&["build", "--stats", "json"]);
    let stats: serde_json::Value = serde_json::from_str(&again.stdout).expect("stats are JSON");
    assert_eq!((&stats["pages_written"], &stats["files_written"], &stats["bytes_written"]), (&0.into(), &0.into(), &0.into()));
    assert!(again.stderr.contains("nothing: public is up to date"), "{}", again.stderr);
    archive.must(&["build", "--jobs", "4", "--output", "other"]);
    assert_eq!(archive.files("public"), first);
    assert_eq!(archive.files("other"), first);
}

#[test]
fn only_files_whose_bytes_differ_are_written() {
    let archive = Sandbox::new();
    archive.must(&["build"]);
    let before = archive.files("public");
    archive.write("content/2023/另一份.txt", "汉中市2023年工作总结\n一、人才工作\n正文。\n");
    let stats: serde_json::Value = serde_json::from_str(&archive.must(&["build", "--stats", "json"]).stdout).expect("stats are JSON");
    let after = archive.files("public");
    let changed: Vec<&String> =
        after.iter().filter(|(path, bytes)| *path != MANIFEST && before.get(*path) != Some(*bytes)).map(|(path, _)| path).collect();
    assert_eq!(stats["files_written"], changed.len());
    assert_eq!(stats["bytes_written"], changed.iter().map(|path| after[*path].len()).sum::<usize>());
    assert!(changed.len() < after.len(), "some files are as before");
    archive.must(&["build", "--output", "clean"]);
    assert_eq!(archive.files("clean"), after, "an update gives what a clean build gives");
}

#[test]
fn what_left_the_archive_leaves_the_site() {
    let archive = Sandbox::new();
    archive.write("content/二.txt", "汉中市2023年工作总结\n正文。\n");
    archive.must(&["build"]);
    assert!(archive.path("public/files/二.txt").exists());
    fs::remove_file(archive.path("content/二.txt")).expect("it is there");
    archive.must(&["build"]);
    assert!(!archive.path("public/files/二.txt").exists());
    assert!(!archive.path("public/reports/二").exists());
}

#[test]
fn the_manifest_lists_every_file() {
    let archive = Sandbox::new();
    archive.must(&["build"]);
    let manifest = Manifest::load(&archive.path("public")).expect("it is sound").expect("it is there").manifest;
    let files = archive.files("public");
    let listed: Vec<&str> = manifest.files.keys().map(|path| path.as_str()).collect();
    let found: Vec<&String> = files.keys().filter(|path| *path != MANIFEST).collect();
    assert_eq!(listed, found);
    for (path, record) in &manifest.files {
        let bytes = &files[path.as_str()];
        assert_eq!(record.size, bytes.len() as u64);
        if let Some(hash) = record.hash.strip_prefix("blake3:") {
            assert_eq!(hash, blake3::hash(bytes).to_hex().as_str(), "{path}");
        }
    }
}

#[test]
fn a_folder_that_is_not_ours_is_never_touched() {
    let archive = Sandbox::new();
    archive.write("precious/thesis.doc", "years of work");
    let said = archive.huibian(&["build", "--output", "precious"]);
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(archive.tidy(&said.stderr), @r"
    error[not-ours]: the output folder `[archive]/precious` holds files that huibian did not write
      publishing replaces the whole folder, so huibian only touches one that is empty or its own
      help: empty the folder, or choose another with --output or `output` in config.toml

    not published: 1 error
    [archive]/precious is as it was
    ");
    assert_eq!(archive.files("precious").len(), 1);
}

#[test]
fn the_archive_itself_is_never_an_output_folder() {
    let archive = Sandbox::new();
    archive.write("themes/own/templates/home.html", "");
    let before = archive.files(".");
    for output in [".", "..", "content", "content/2023", "content/new", "themes", "themes/own", "public/../content", "config.toml"] {
        let said = archive.huibian(&["build", "--output", output]);
        assert_eq!(said.code, Some(1), "{output}: {}", said.stderr);
        assert!(said.stderr.contains("cannot be the output folder"), "{output}: {}", said.stderr);
    }
    let mut after = archive.files(".");
    after.retain(|path, _| !path.ends_with(".huibian/lock"));
    assert_eq!(after, before);
}

#[test]
fn what_someone_added_to_the_site_stays() {
    let archive = Sandbox::new();
    archive.must(&["build"]);
    archive.write("public/CNAME", "reports.example");
    archive.write("public/.well-known/security.txt", "Contact: mailto:a@example");
    archive.write("content/新.txt", "汉中市2024年工作总结\n正文。\n");
    let said = archive.must(&["build"]);
    assert!(said.stderr.contains("kept     2 files there that huibian did not write"), "{}", said.stderr);
    assert_eq!(archive.files("public")["CNAME"], b"reports.example");
    assert!(archive.path("public/.well-known/security.txt").exists());
}

/// The next site is laid out where a mirror of the last one lies: nobody may notice.
#[test]
fn what_someone_did_to_the_site_or_its_mirror_between_builds_makes_no_difference() {
    let archive = Sandbox::new();
    let build = |year: i32| {
        archive.write("content/新.txt", format!("汉中市{year}年工作总结\n正文。\n"));
        archive.must(&["build"]);
    };
    (2019..=2021).for_each(build);
    archive.write("public/CNAME", "first.example");
    archive.write("public/.well-known/a.txt", "a");
    build(2022);
    fs::remove_file(archive.path("public/.well-known/a.txt")).expect("it was kept");
    fs::remove_file(archive.path("public/CNAME")).expect("it was kept");
    archive.write("public/CNAME", "second.example");
    archive.write("public/.well-known/b/c.txt", "c");
    // Also a mirror that has been meddled with: its files are not taken for those of the site.
    fs::remove_file(archive.path(".public.huibian/new/index.html")).expect("it is there");
    archive.write(".public.huibian/new/404.html", "meddled");
    build(2023);
    let files = archive.files("public");
    let foreign = |path: &str| files.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert_eq!(foreign("CNAME").as_deref(), Some("second.example"));
    assert_eq!((foreign(".well-known/a.txt"), foreign(".well-known/b/c.txt").as_deref()), (None, Some("c")));
    archive.must(&["build", "--no-cache", "--output", "clean"]);
    let mut ours = files;
    ours.retain(|path, _| path != "CNAME" && !path.starts_with(".well-known/"));
    assert!(ours == archive.files("clean"), "the site is that of a clean build");
}

/// What was a file becomes a folder, and the other way round.
#[test]
fn an_address_can_change_from_file_to_folder_and_back() {
    let archive = Sandbox::new();
    let name = "content/集.txt";
    let build = || {
        archive.must(&["build"]);
        archive.must(&["build", "--no-cache", "--output", "clean"]);
        assert!(archive.files("public") == archive.files("clean"));
    };
    archive.write(name, "汉中市2023年工作总结\n正文。\n");
    build();
    for _ in 0..2 {
        fs::remove_file(archive.path(name)).expect("it is there");
        archive.write(&format!("{name}/一.txt"), "汉中市2022年工作总结\n正文。\n");
        build();
        fs::remove_dir_all(archive.path(name)).expect("it is there");
        archive.write(name, "汉中市2023年工作总结\n正文。\n");
        build();
    }
}

#[test]
fn a_page_that_someone_changed_or_took_away_is_mended() {
    let archive = Sandbox::new();
    archive.must(&["build"]);
    let sound = archive.files("public");
    std::thread::sleep(Duration::from_millis(20)); // later than the manifest, also on a clock of coarse ticks
    let mut page = sound["index.html"].clone();
    page[10] ^= 1;
    archive.write("public/index.html", page);
    fs::remove_file(archive.path("public/404.html")).expect("it is there");
    archive.must(&["build"]);
    assert_eq!(archive.files("public"), sound);
}

#[test]
fn a_file_that_changes_during_the_build_is_noticed() {
    let archive = Sandbox::new();
    archive.must(&["build"]);
    let before = archive.files("public");
    let unwatched = &huibian::progress::Unwatched;
    let root = archive.path("");
    let mut memo = huibian::memo::Memo::default();
    let mut read = |file: &str| {
        archive.write(file, "汉中市2024年工作总结\n正文。\n");
        let Ok(inputs) = huibian::pipeline::read(&root, huibian::config::Config::default(), &memo, unwatched) else {
            panic!("it can be read")
        };
        huibian::pipeline::compose(inputs, &mut memo, unwatched).0
    };
    let publish = |site| {
        let target = huibian::publish::prepare(&root, "public".as_ref(), &|| ()).expect("it is ours");
        huibian::publish::write(&site, &root, &target, huibian::publish::Note::default(), false, unwatched)
            .expect_err("the file is not what was read")
    };
    let site = read("content/新.txt");
    archive.write("content/新.txt", "完全不同\n");
    assert_eq!(publish(site)[0].message, "the file changed while the site was being built");
    let site = read("content/旧.txt");
    fs::remove_file(archive.path("content/旧.txt")).expect("it is there");
    assert_eq!(publish(site)[0].message, "the file was taken away while the site was being built");
    assert_eq!(archive.files("public"), before);
}

#[cfg(unix)]
#[test]
fn a_linked_output_folder_stays_a_link() {
    let archive = Sandbox::new();
    fs::create_dir(archive.path("disk")).expect("it is new");
    std::os::unix::fs::symlink("disk", archive.path("public")).expect("it is new");
    archive.must(&["build"]);
    assert!(archive.path("public").is_symlink());
    assert!(archive.path("disk/index.html").exists());
}

/// Killed at any instant, the site is the old one or the new one, and the next build carries on. `HUIBIAN_KILLS` says how often: two
/// thirds close in on the instant of the switch, the others are spread over the whole build.
#[test]
fn a_killed_build_leaves_the_old_site_or_the_new_one() {
    let archive = Sandbox::new();
    for i in 0..30 {
        archive.write(&format!("content/卷/{i}.txt"), format!("安康市第{i}号工作总结\n一、基层党建\n正文。\n"));
    }
    let title = |version: usize| archive.write("config.toml", format!("title = \"第{version}版\"\n"));
    let versions: Vec<_> = (0..2)
        .map(|version| {
            title(version);
            archive.must(&["build", "--output", &format!("whole{version}")]);
            archive.files(&format!("whole{version}"))
        })
        .collect();
    // Such builds are killed as go on from the last one.
    let mut start = std::time::Instant::now();
    for version in [0, 1, 0] {
        title(version);
        start = std::time::Instant::now();
        archive.must(&["build"]);
    }
    let mut delay = start.elapsed();
    let mut seen = [0, 0];
    let rounds = std::env::var("HUIBIAN_KILLS").map_or(12, |count| count.parse().expect("a number"));
    let whole = start.elapsed();
    for round in 1..=rounds {
        title(round % 2);
        let mut build = archive.command(&["build"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        // Spread evenly, and differently in each round: multiples of the golden section.
        let spread = whole.mul_f64((round as f64 * 0.618_034).fract() * 1.2);
        let closing_in = round % 3 != 0;
        std::thread::sleep(if closing_in { delay } else { spread });
        build.kill().expect("it is ours to kill");
        build.wait().expect("it has ended");
        let public = archive.files("public");
        let version = versions.iter().position(|version| *version == public);
        let version = version.unwrap_or_else(|| panic!("round {round}: neither the old site nor the new one"));
        let arrived = version == round % 2;
        seen[usize::from(arrived)] += 1;
        // Closing in on the instant of the switch, from both sides.
        if closing_in {
            delay = delay.mul_f64(if arrived { 0.9 } else { 1.15 });
        }
    }
    eprintln!("killed {rounds} times: {} times before the switch, {} times after it", seen[0], seen[1]);
    for version in [0, 1] {
        title(version);
        archive.must(&["build"]);
        assert_eq!(archive.files("public"), versions[version]);
    }
    let mut left = files(&archive.path(".public.huibian"));
    let mirror: BTreeMap<String, Vec<u8>> =
        left.iter().filter_map(|(path, bytes)| Some((path.strip_prefix("new/")?.to_owned(), bytes.clone()))).collect();
    left.retain(|path, _| !path.starts_with("new/"));
    assert_eq!(left.into_keys().collect::<Vec<_>>(), ["insight", "lock", "memory", "mirror", "understood"], "nothing else is left behind");
    assert_eq!(mirror, versions[1], "the mirror shows the site");
    assert!(seen.iter().all(|&count| count > 0), "both sites were seen: {seen:?}");
}

#[test]
fn an_interrupted_switch_is_taken_back() {
    let archive = Sandbox::new();
    archive.must(&["build"]);
    let before = archive.files("public");
    // Where a disk cannot swap two folders, there is an instant at which this is all there is.
    fs::rename(archive.path("public"), archive.path(".public.huibian/old")).expect("both are here");
    archive.write("content/坏.txt", b"\x81");
    let said = archive.huibian(&["build"]);
    assert_eq!(said.code, Some(1), "the archive has an error");
    assert_eq!(archive.files("public"), before);
}

#[test]
fn a_second_build_waits_and_says_so() {
    let archive = Sandbox::new();
    archive.must(&["build"]);
    let lock = fs::File::options().write(true).open(archive.path(".public.huibian/lock")).expect("a build has left it");
    lock.lock().expect("nobody else holds it");
    let waiting = archive.command(&["build"]).stderr(Stdio::piped()).spawn().expect("it starts");
    std::thread::sleep(Duration::from_millis(700));
    drop(lock);
    let output = waiting.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("another huibian is writing to the same folder: waiting"));
}

#[cfg(target_os = "linux")]
#[test]
fn where_nobody_may_write_the_message_says_so() {
    let archive = Sandbox::new();
    let said = archive.huibian(&["build", "--output", "/sys/huibian"]);
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(archive.tidy(&said.stderr), @r"
    error[not-writable]: cannot create `/sys/.huibian.huibian`: operation not permitted
      help: check who owns the folder, or write elsewhere with --output

    not published: 1 error
    /sys/huibian is as it was
    ");
}

/// On a disk of 1 MB of its own; where the system does not let a test have one, there is nothing to test with.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_site() {
    let archive = Sandbox::new();
    fs::create_dir(archive.path("disk")).expect("it is new");
    let script = r#"
        mount -t tmpfs -o size=1m none disk || exit 99
        "$HUIBIAN" build --quiet --output disk/public || exit 98
        cp -r disk/public before
        head -c 900000 /dev/urandom | base64 -w 60 > content/large.txt
        "$HUIBIAN" build --output disk/public
        status=$?
        diff -r disk/public before || exit 97
        ls disk/.public.huibian
        exit $status
    "#;
    let mut command = std::process::Command::new("unshare");
    command.args(["-rm", "sh", "-c", script]).current_dir(archive.path("")).env("HUIBIAN", env!("CARGO_BIN_EXE_huibian"));
    if std::process::Command::new("unshare").arg("--version").output().is_err() {
        return eprintln!("skipped: no `unshare`");
    }
    let said = said(&mut command);
    if said.code == Some(99) || said.stderr.contains("unshare:") {
        return eprintln!("skipped: {}", said.stderr);
    }
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    assert!(said.stderr.contains("error[disk-full]: cannot write `"), "{}", said.stderr);
    assert!(said.stderr.contains("help: make room on the disk"), "{}", said.stderr);
    assert_eq!(said.stdout.trim(), "insight\nlock\nmemory\nunderstood", "the half-written site is gone: {}", said.stdout);
}
