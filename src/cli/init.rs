//! `huibian init`: a new archive, ready to build.
#![allow(clippy::disallowed_methods)] // writes the new archive

use std::path::Path;
use std::{fs, io};

use anyhow::{Context, bail};

use crate::cli::Outcome;
use crate::cli::args::Init;
use crate::cli::report::Reporter;

/// The settings of the sample archive in this repository, which hold nothing but defaults.
const CONFIG: &str = include_str!("../../config.toml");

/// What a new archive is called until its keeper gives it a name.
const NAME: (&str, &str) = ("title = \"报告汇编示例\"", "title = \"报告汇编\"");
const DESCRIPTION: &str = "一个虚构的报告资料库，用来展示 huibian 怎样工作。";

const REPORT_PATH: &str = "content/示例报告（可删除）.txt";
const REPORT: &str = "\
杭州市2024年图书馆服务工作总结（示例，内容纯属虚构）

　　这是一份虚构的示例报告，用来展示网站的样子，文中事实和数字都是编造的。看过之后请删除本文件，把自己的 .txt 或 .md 报告放进 content 文件夹。

　　一、延长开放时间，方便群众阅读
　　（一）调整服务时段。市图书馆自3月起每周开放七天，周五、周六延长至21时，全年接待读者4.2万人次。
　　（二）增设服务网点。在6个街道设立分馆，新增座位180个。

　　二、丰富馆藏资源，提升服务质量
　　全年购置图书3600册，整理地方文献210种，编印导读手册2期。

　　三、下一步打算
　　继续完善分馆制度，开展流动图书车服务，做好古籍保护工作。

　　　　　　　　　　　　　　杭州市示例图书馆（虚构）
　　　　　　　　　　　　　　2024年12月20日
";

const GITIGNORE: &str = "/public\n/.public.huibian\n/.huibian\n";

pub fn run(args: &Init, reporter: &Reporter) -> Outcome {
    let dir = &args.dir;
    refuse_used(dir)?;
    let config = CONFIG.replace(NAME.0, NAME.1).replace(DESCRIPTION, "");
    for (path, text) in [("config.toml", config.as_str()), (REPORT_PATH, REPORT), (".gitignore", GITIGNORE)] {
        let file = dir.join(path);
        let folder = file.parent().unwrap_or(dir);
        fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
        fs::write(&file, text).with_context(|| format!("cannot write `{}`", file.display()))?;
    }
    let enter = if dir == Path::new(".") { String::new() } else { format!("  cd {}\n", quoted(dir)) };
    reporter.say(&format!(
        "a new archive in {}:\n  config.toml   its settings, each explained\n  content/      your reports go here; one sample is there already\n\n\
         next:\n{enter}  huibian serve --open    read it in the browser\n  huibian build           write the website to public/",
        dir.display()
    ));
    Ok(())
}

/// Only an empty folder, or none at all, is filled.
fn refuse_used(dir: &Path) -> anyhow::Result<()> {
    match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            bail!("`{}` is a file\n  help: name a folder that does not exist yet", dir.display())
        }
        Err(error) => Err(error).with_context(|| format!("cannot look into `{}`", dir.display())),
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => {
                bail!("`{}` is not empty, so nothing was written there\n  help: name a folder that does not exist yet", dir.display())
            }
        },
    }
}

fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    if text.contains(|c: char| c.is_whitespace() || "'\"$`\\&;()<>|*?[]#~!".contains(c)) {
        format!("'{}'", text.replace('\'', "'\\''"))
    } else {
        text
    }
}
