//! `huibian watch` over a long life: whatever comes, changes and goes, the site ends as a clean build would make it.
#![allow(clippy::disallowed_methods)] // tests write archives

mod sandbox;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use sandbox::Sandbox;

/// On a loaded machine.
const PATIENCE: Duration = Duration::from_secs(240);

struct Watch {
    process: Child,
    said: Receiver<String>,
}

impl Watch {
    fn start(archive: &Sandbox, args: &[&str]) -> Self {
        let mut process = archive.command(args).stderr(Stdio::piped()).spawn().expect("it starts");
        let lines = BufReader::new(process.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
        let (sender, said) = channel();
        std::thread::spawn(move || lines.for_each(|line| drop(sender.send(line))));
        Self { process, said }
    }

    fn wait(&self, part: &str) {
        while !self.said.recv_timeout(PATIENCE).expect("it says so").contains(part) {}
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.process.kill().and_then(|()| self.process.wait()).expect("it is ours to end");
    }
}

/// The same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn report(dice: &mut Dice) -> String {
    let places = ["安康市", "汉中市", "渭南市", "铜川市"];
    let place = places[dice.throw(4) as usize];
    format!("{place}20{}年工作总结\n一、基层党建\n{place}建强支部{}个。\n", 10 + dice.throw(15), dice.throw(1000))
}

#[test]
fn a_thousand_changes_end_as_a_clean_build() {
    for args in [&["watch", "--settle", "1"][..], &["watch", "--poll", "1", "--settle", "1"]] {
        let archive = Sandbox::new();
        let watch = Watch::start(&archive, args);
        watch.wait("watching");
        let mut dice = Dice(7);
        let name = |number: u64| format!("content/20{}/报告{}.txt", 10 + number % 15, number);
        for step in 0..500 {
            let file = archive.path(&name(dice.throw(40)));
            match dice.throw(10) {
                0..5 => archive.write(&name(dice.throw(40)), report(&mut dice)),
                5 if file.exists() => fs::remove_file(&file).expect("it can be deleted"),
                6 if file.exists() => {
                    let to = archive.path(&name(dice.throw(40)));
                    fs::create_dir_all(to.parent().expect("it has a folder")).expect("the folder can be made");
                    fs::rename(&file, to).expect("it can be renamed");
                }
                7 => archive.write("content/2024/~$锁.docx", "x"),
                8 => archive.write(&format!("content/半截{}.txt.part", dice.throw(3)), "x"),
                9 if step % 50 == 9 => archive.write("content/坏.txt", b"\x81"),
                _ => {}
            }
            std::thread::sleep(Duration::from_millis(if step % 100 == 0 { 1500 } else { 4 }));
        }
        archive.write("content/坏.txt", "安康市2024年工作总结\n正文。\n");
        archive.must(&["build", "--output", "clean"]);
        let clean = archive.files("clean");
        let end = Instant::now() + PATIENCE;
        while archive.files("public") != clean {
            assert!(Instant::now() < end, "the site never became what a clean build makes");
            std::thread::sleep(Duration::from_millis(300));
        }
    }
}

#[test]
fn nothing_half_copied_is_published() {
    let archive = Sandbox::new();
    let watch = Watch::start(&archive, &["watch", "--settle", "2"]);
    watch.wait("watching");
    let whole = format!("安康市2024年工作总结\n{}", "　　正文在此，说明有关情况。\n".repeat(400));
    for part in 1..=4 {
        archive.write("content/2024/大.txt", &whole.as_bytes()[..whole.len() * part / 4]);
        std::thread::sleep(Duration::from_millis(700));
        let published = archive.path("public/files/2024/大.txt");
        assert!(
            !published.exists() || fs::read(published).expect("it can be read") == whole.as_bytes(),
            "a part of the file was published"
        );
    }
    watch.wait("changed  content/2024/大.txt");
    watch.wait("watching");
    assert_eq!(archive.files("public")["files/2024/大.txt"], whole.into_bytes());
}
