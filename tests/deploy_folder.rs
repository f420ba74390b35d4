//! Deploying to a folder: only what changed, nothing that is not ours, and back again.
#![allow(clippy::disallowed_methods)] // tests look at the files

mod sandbox;

use std::fs;

use sandbox::Sandbox;

/// An archive with a site in `public/`.
fn built() -> Sandbox {
    let archive = Sandbox::new();
    archive.must(&["build"]);
    archive
}

/// Another report, and the site with it.
fn grow(archive: &Sandbox) {
    archive.write("content/2024/新.txt", "汉中市2024年工作总结\n一、人才工作\n正文。\n");
    archive.must(&["build"]);
}

#[test]
fn a_folder_gets_the_very_files_and_only_what_changed() {
    let archive = built();
    let said = archive.must(&["deploy", "out"]);
    assert_eq!(archive.files("out"), archive.files("public"));
    assert!(said.stderr.contains("(0 as before)"), "{}", said.stderr);
    let before = archive.files("out");
    assert!(archive.must(&["deploy", "out"]).stderr.starts_with("nothing to do: "));

    grow(&archive);
    let dry = archive.must(&["deploy", "--dry-run", "out"]);
    assert_eq!(archive.files("out"), before, "a dry run changes nothing");
    archive.must(&["deploy", "out"]);
    let after = archive.files("out");
    assert_eq!(after, archive.files("public"));
    let differ: Vec<&String> = after.iter().filter(|(path, bytes)| before.get(*path) != Some(*bytes)).map(|(path, _)| path).collect();
    let told: Vec<&str> = dry.stdout.lines().filter_map(|line| line.strip_prefix("upload  ")?.split("  (").next()).collect();
    let mut sorted = told.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, differ.iter().map(|path| path.as_str()).filter(|path| *path != ".huibian.json").collect::<Vec<_>>());
    let first_page = told.iter().position(|path| path.ends_with(".html")).expect("pages changed");
    assert!(told[first_page..].iter().all(|path| path.ends_with(".html")), "pages go up last: {told:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &str| fs::metadata(archive.path(path)).expect("it is there").permissions().mode();
        assert_eq!(mode("out/index.html"), mode("public/index.html"), "a web server can read it");
    }
}

#[test]
fn what_left_the_site_leaves_the_folder_and_what_others_put_there_stays() {
    let archive = built();
    grow(&archive);
    archive.must(&["deploy", "out"]);
    archive.write("out/CNAME", "reports.example");
    assert!(archive.path("out/reports/新/index.html").exists());
    fs::remove_file(archive.path("content/2024/新.txt")).expect("it is there");
    archive.must(&["build"]);
    let dry = archive.must(&["deploy", "--dry-run", "out"]);
    let lines: Vec<&str> = dry.stdout.lines().collect();
    let first = lines.iter().position(|line| line.starts_with("delete  ")).expect("something is deleted");
    assert!(lines[first..].iter().all(|line| line.starts_with("delete  ")), "deletions come last: {lines:?}");
    archive.must(&["deploy", "out"]);
    assert!(!archive.path("out/reports/新").exists(), "with its empty folder");
    assert_eq!(archive.files("out").remove("CNAME"), Some(b"reports.example".to_vec()));
    let mut out = archive.files("out");
    out.remove("CNAME");
    assert_eq!(out, archive.files("public"));
}

#[test]
fn rolling_back_brings_the_site_before_and_again_the_site_after() {
    let archive = built();
    archive.must(&["deploy", "out"]);
    let first = archive.files("out");
    let alone = archive.huibian(&["deploy", "--rollback", "out"]);
    assert_eq!(alone.code, Some(1));
    insta::assert_snapshot!(archive.tidy(&alone.stderr), @r"
    error[rollback]: cannot roll [archive]/out back: only one site has been deployed there from here
      the sites of the last two deployments are kept on the machine that deployed them, beside the built site
      help: build the archive as it was, into a folder of its own, and deploy that with --site
    ");
    grow(&archive);
    archive.must(&["deploy", "out"]);
    let second = archive.files("out");
    assert!(archive.must(&["deploy", "--rollback", "--dry-run", "out"]).stdout.contains("delete  reports/新/index.html"));
    assert_eq!(archive.files("out"), second, "a dry run changes nothing");
    archive.must(&["deploy", "--rollback", "out"]);
    assert_eq!(archive.files("out"), first);
    archive.must(&["deploy", "--rollback", "out"]);
    assert_eq!(archive.files("out"), second, "rolling back twice is where one was");
    archive.must(&["deploy", "--rollback", "out"]);
    archive.must(&["deploy", "out"]);
    assert_eq!(archive.files("out"), second, "the built site can be deployed again");
}

#[test]
fn what_is_not_ours_is_not_touched() {
    let archive = built();
    archive.write("precious/thesis.doc", "years of work");
    archive.write("precious/index.html", "my own");
    let said = archive.huibian(&["deploy", "precious"]);
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(archive.tidy(&said.stderr), @r"
    error[not-ours]: `[archive]/precious` holds something that huibian did not put there
      deploying over it could overwrite files that nobody has a copy of
      help: choose an empty place, or say --take-over: files of the same name are then replaced, all others left
    ");
    assert_eq!(archive.files("precious").len(), 2);
    archive.must(&["deploy", "--take-over", "precious"]);
    let files = archive.files("precious");
    assert_eq!(files["thesis.doc"], b"years of work");
    assert_eq!(files["index.html"], archive.files("public")["index.html"]);
    for to in ["public", "public/inside", ".", "content", "content/2023", "themes/x"] {
        let said = archive.huibian(&["deploy", "--take-over", to]);
        assert!(said.code == Some(1) && said.stderr.contains("cannot deploy to"), "{to}: {}", said.stderr);
    }
}

/// What a deployment from another machine has put there.
const FOREIGN_LOCK: &str =
    r#"{"desk":"0123456789abcdef0123456789abcdef","machine":"desk-7","process":4711,"since":"2026-11-30 09:30 UTC"}"#;

#[test]
fn two_machines_do_not_deploy_at_once() {
    let archive = built();
    archive.must(&["deploy", "out"]);
    let before = archive.files("out");
    grow(&archive);
    archive.write("out/.huibian.lock.json", FOREIGN_LOCK);
    let said = archive.huibian(&["deploy", "out"]);
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(archive.tidy(&said.stderr), @r"
    error[busy]: another huibian is deploying to [archive]/out: on desk-7, process 4711, since 2026-11-30 09:30 UTC
      nothing was uploaded
      help: wait for it to end; if it was killed, or its machine is gone, deploy again with --break-lock
    ");
    let mut out = archive.files("out");
    assert_eq!(out.remove(".huibian.lock.json"), Some(FOREIGN_LOCK.into()), "the lock is theirs");
    assert_eq!(out, before);
    archive.must(&["deploy", "--dry-run", "out"]);
    assert_eq!(archive.huibian(&["deploy", "--rollback", "out"]).code, Some(1), "it had only one site");
    archive.must(&["deploy", "--break-lock", "out"]);
    assert_eq!(archive.files("out"), archive.files("public"), "without a lock");
    // Nothing to do asks for no lock.
    archive.write("out/.huibian.lock.json", FOREIGN_LOCK);
    archive.must(&["deploy", "out"]);
    grow_again(&archive);
    archive.write("out/.huibian.lock.json", "no JSON");
    let said = archive.huibian(&["deploy", "out"]);
    assert!(said.stderr.contains("on an unknown machine") && said.stderr.contains("--break-lock"), "{}", said.stderr);
}

fn grow_again(archive: &Sandbox) {
    archive.write("content/2025/更新.txt", "宝鸡市2025年工作总结\n一、人才工作\n正文。\n");
    archive.must(&["build"]);
}

/// Several archives on several desks, one place, all at once, again and again: whenever it is quiet, the place holds one whole site.
#[test]
fn of_many_deployments_at_once_each_ends_whole_or_not_at_all() {
    let desks: Vec<Sandbox> = (0..4).map(|_| Sandbox::new()).collect();
    let place = tempfile::tempdir().expect("a temporary folder");
    let to = place.path().join("site").display().to_string();
    for round in 0..4 {
        for (i, desk) in desks.iter().enumerate() {
            desk.write("content/2024/各.txt", format!("汉中市2024年第{i}号第{round}次工作总结\n一、人才工作\n正文。\n"));
            desk.must(&["build"]);
        }
        let codes: Vec<_> = std::thread::scope(|scope| {
            let started: Vec<_> = desks.iter().map(|desk| scope.spawn(|| desk.huibian(&["deploy", &to]))).collect();
            started.into_iter().map(|one| one.join().expect("it does not panic")).collect()
        });
        let mut done = Vec::new();
        for (desk, said) in desks.iter().zip(&codes) {
            match said.code {
                Some(0) => done.push(desk.files("public")),
                _ => assert!(said.stderr.contains("error[busy]"), "{}", said.stderr),
            }
        }
        let held = sandbox::files(&place.path().join("site"));
        assert!(done.contains(&held), "round {round}: what lies there is one of {} whole sites: {:?}", done.len(), held.keys());
    }
}

#[test]
fn a_site_that_is_not_what_was_built_stays_at_home() {
    let archive = built();
    archive.must(&["deploy", "out"]);
    let before = archive.files("out");
    grow(&archive);
    let mut page = archive.files("public")["index.html"].clone();
    page[20] ^= 1;
    archive.write("public/index.html", page);
    let said = archive.huibian(&["deploy", "out"]);
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(archive.tidy(&said.stderr), @r"
    error[damaged-site]: `[archive]/public` is not what its manifest says: index.html has been changed
      help: nothing was uploaded; build again (`huibian verify` names every file), then deploy
    ");
    assert_eq!(archive.files("out"), before);
}

#[test]
fn the_configuration_can_name_the_place_and_never_a_credential() {
    let archive = built();
    archive.write("config.toml", "[deploy]\nto = \"file:///nowhere/../x\"\n");
    assert!(archive.huibian(&["deploy"]).stderr.contains("is nothing that a site can be deployed to"));
    archive.write("config.toml", "title = \"库\"\n[deploy]\nto = \"the share\"\n");
    archive.must(&["deploy"]);
    assert_eq!(archive.files("the share"), archive.files("public"));
    for line in ["access_key_id = \"AKIA\"", "secret = \"x\"", "to = \"s3://AKIA:wJalr@bucket/x\""] {
        archive.write("config.toml", format!("[deploy]\n{line}\n"));
        let said = archive.huibian(&["deploy"]);
        assert!(said.code == Some(1) && said.stderr.contains("credentials come from the environment"), "{line}: {}", said.stderr);
    }
    archive.write("config.toml", "");
    let nowhere = archive.huibian(&["deploy"]);
    assert!(nowhere.stderr.contains("there is nowhere to deploy to\n  help: "), "{}", nowhere.stderr);
}

#[cfg(not(feature = "deploy"))]
#[test]
fn without_object_stores_the_program_says_how_to_get_them() {
    let archive = built();
    let said = archive.huibian(&["deploy", "s3://bucket"]);
    assert!(said.stderr.contains("help: install it with `cargo install --path . --locked --features deploy`"), "{}", said.stderr);
}
