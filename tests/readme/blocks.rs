//! What stands in the documents: their fenced blocks.

use std::fs;
use std::path::{Path, PathBuf};

pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The fenced blocks of a Markdown file: the word after the fence, and the text.
pub fn blocks(file: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(repository().join(file)).expect("the file can be read");
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((language.to_owned(), body.join("\n")));
        }
    }
    blocks
}

/// The commands of the `sh` blocks, without their comments.
pub fn commands(file: &str) -> Vec<String> {
    let of_block = |(_, text): (String, String)| {
        let lines: Vec<String> = text.lines().map(|line| line.split(" #").next().unwrap_or(line).trim().to_owned()).collect();
        lines
    };
    let commands: Vec<String> = blocks(file).into_iter().filter(|(language, _)| language == "sh").flat_map(of_block).collect();
    commands.into_iter().filter(|command| !command.is_empty() && !command.starts_with('#')).collect()
}

/// Where a program lies, if this machine has it.
pub fn installed(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    // `sbin` is not on everybody's path.
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    folders.map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}
