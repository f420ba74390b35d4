//! How fast uploads are decoded, read and classified, on one core: `cargo bench --bench reading`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use huibian::classify::Classifier;
use huibian::config::Config;
use huibian::source::{Encoding, Format, Source, SourcePath, SourceText, decode};
use huibian::{document, pipeline};

/// Long enough that the clock's resolution and the first, cold round do not matter.
const RUN: Duration = Duration::from_secs(2);

fn main() {
    let classifier = Classifier::new(&Config::default(), None, &mut Vec::new());
    let report = report();
    let compilation = compilation(40);
    let (gb18030, _, _) = encoding_rs::GB18030.encode(&compilation);
    let wrapped: String = compilation.split_inclusive('\n').flat_map(wrap).collect();
    for (name, bytes) in [
        ("one report", report.as_bytes()),
        ("compilation of 40 reports", compilation.as_bytes()),
        ("the same in GB18030", &gb18030),
        ("the same in lines of 34 characters", wrapped.as_bytes()),
    ] {
        measure(name, bytes, &classifier);
    }
}

/// Prints megabytes of UTF-8 text a second: decoding alone, with reading, and with classifying too.
fn measure(name: &str, bytes: &[u8], classifier: &Classifier) {
    let (mut decoding, mut reading, mut all, mut megabytes) = (Duration::ZERO, Duration::ZERO, Duration::ZERO, 0.0);
    let started = Instant::now();
    while started.elapsed() < RUN {
        let round = Instant::now();
        let decoded = decode(bytes).expect("the text is sound");
        megabytes += decoded.text.len() as f64 / 1e6;
        let text = SourceText::new(decoded.text);
        decoding += round.elapsed();
        let source = Source {
            path: SourcePath::new("总结.txt"),
            format: Format::Text,
            size: bytes.len() as u64,
            sha256: String::new(),
            encoding: Encoding::Utf8,
            decided_by: String::new(),
            text,
        };
        black_box(document::read(&source));
        reading += round.elapsed();
        let understanding = Instant::now();
        black_box(pipeline::understand(&source, classifier));
        all += understanding.elapsed();
    }
    // `understand` reads again: with the time of decoding it is the whole way.
    println!(
        "{name}: {:.0} MB/s decoded, {:.0} MB/s decoded and read, {:.0} MB/s decoded, read and classified",
        megabytes / decoding.as_secs_f64(),
        megabytes / reading.as_secs_f64(),
        megabytes / (decoding + all).as_secs_f64()
    );
}

/// About 13 kB, as long as a real one.
fn report() -> String {
    section_by_section("云阳县", 6)
}

fn compilation(reports: usize) -> String {
    let places: Vec<String> = (0..reports).map(|at| format!("第{at}县")).collect();
    let list: String = places.iter().enumerate().map(|(at, place)| format!("2023年{place}水利工作总结……{}\n", at * 5 + 1)).collect();
    let bodies: String = places.iter().map(|place| section_by_section(place, 6)).collect();
    format!("水利工作总结汇编\n目　　录\n{list}{bodies}")
}

fn section_by_section(place: &str, sections: usize) -> String {
    let mut text = format!("2023年{place}水利工作总结\n　　今年以来，{place}坚持问题导向，各项工作有序推进。\n");
    for section in 0..sections {
        text += &format!("{}、扎实推进第{}项重点工作\n", ["一", "二", "三", "四", "五", "六"][section % 6], section + 1);
        for _ in 0..5 {
            text += "　　全县坚持把水利建设作为乡村振兴的重要支撑，持续加大投入力度，完善工程体系，提升管护水平，推动“河长制”落地见效。\
                     新建渠道30公里，加固水库12座，完成投资3.2亿元，受益群众5.6万人。一是加强领导，成立专班；二是强化督查，\
                     按月通报；三是健全机制，落实管护人员300名，渠道安全运行，水库安全度汛，饮水安全达标\n，群众十分满意。\n";
        }
    }
    text
}

/// A paragraph in lines of 34 characters.
fn wrap(line: &str) -> Vec<String> {
    let characters: Vec<char> = line.trim_end().chars().collect();
    characters.chunks(34).map(|chunk| chunk.iter().collect::<String>() + "\n").collect()
}
