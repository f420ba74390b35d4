//! What `config.toml` says.
//!
//! Every key is optional; a missing file is the default configuration. [`parse`] reports all mistakes at once.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

mod parse;
mod preset;
mod section;
mod value;

pub use parse::parse;
pub use preset::{Preset, kinds as default_kinds};
pub use value::base_url;

/// The whole configuration, checked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Config {
    pub title: String,
    /// One sentence about the archive, for the home page and the feed.
    pub description: String,
    /// Where the site will be published, with a final `/`; `None` while that is not known. Feed, sitemap and
    /// canonical links need it; all other links are relative.
    pub base_url: Option<String>,
    pub language: Language,
    /// The name of the look: `themes/<look>/` replaces files of the built-in one.
    pub look: String,
    /// From the root.
    pub output: PathBuf,
    /// Reports in one page of a list.
    pub page_size: usize,
    /// A larger upload is refused, in bytes.
    pub max_file_size: u64,
    pub themes: Vec<Theme>,
    pub kinds: Vec<Kind>,
    pub regions: Regions,
    /// Set phrases whose rise and fall is shown.
    pub phrases: Vec<String>,
    /// Whether passages that stand in several reports are looked for.
    pub reuse: bool,
    /// Whether the site has a page of doubtful decisions, for those who keep the archive.
    pub review: bool,
    /// A report with findings of these sorts is kept out of the site until somebody releases it.
    pub hold: Vec<Concern>,
    /// Write compressed copies beside text files, for servers that send them as they are.
    pub compress: bool,
    #[serde(skip)] // says nothing about the site
    pub deploy: Deploy,
}

/// Where `deploy` takes the site. Never holds a credential: those come from the environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deploy {
    /// A folder or the address of an object store: `s3://bucket/prefix`.
    pub to: Option<String>,
    /// The server of an S3-compatible store that is not Amazon's.
    pub endpoint: Option<String>,
}

/// Why a report should be looked at before it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Concern {
    /// Numbers and addresses that belong to a person: 身份证号, telephone, bank card, e-mail, 车牌.
    PersonalData,
    /// 绝密, 机密, 秘密 above the text.
    Secrecy,
}

impl Concern {
    pub const ALL: [Self; 2] = [Self::PersonalData, Self::Secrecy];

    /// As `config.toml` and messages write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::PersonalData => "personal-data",
            Self::Secrecy => "secrecy",
        }
    }
}

/// The language of the interface; the reports stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Language(pub String);

/// A theme and the words that speak for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Theme {
    pub name: String,
    /// The last part of its address.
    pub slug: String,
    pub words: Vec<WeightedWord>,
    /// Where one of these stands, `words` inside it do not count: `人才` within `人才公寓`.
    pub exclude: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeightedWord {
    pub word: String,
    /// 1 is a word that may stand anywhere, 3 one that hardly stands elsewhere.
    pub weight: f32,
    /// Counts only as a word of its own, as jieba cuts the sentence: `中学`, but not within `在实践中学习`.
    pub whole: bool,
}

/// A kind of document and the words in a title that tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kind {
    pub name: String,
    pub slug: String,
    /// Of all kinds' words in the title the one that ends last wins; of those, the longest.
    pub words: Vec<String>,
    /// Turns of phrase that tell it where the title is silent: `现将有关情况汇报如下`.
    pub phrases: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Regions {
    /// Whether the built-in divisions of GB/T 2260 are known.
    pub builtin: bool,
    pub own: Vec<OwnRegion>,
}

/// A region that the archive defines itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnRegion {
    pub code: String,
    pub name: String,
    pub parent: Option<String>,
    pub level: Option<String>,
    pub aliases: Vec<String>,
}

/// Phrases that came up, or went, in one year or another.
const WATCHED: &str = "两个确立 两个维护 四个自信 三会一课 主题教育 党史学习教育 脱贫攻坚 乡村振兴 疫情防控 共同富裕 接诉即办 高质量发展";

impl Default for Config {
    fn default() -> Self {
        Self {
            title: "报告汇编".into(),
            description: String::new(),
            base_url: None,
            language: Language("zh-CN".into()),
            look: "default".into(),
            output: PathBuf::from("public"),
            page_size: 50,
            max_file_size: 64 * 1024 * 1024,
            themes: Preset::Organisation.themes(),
            kinds: default_kinds(),
            regions: Regions { builtin: true, own: Vec::new() },
            phrases: WATCHED.split(' ').map(str::to_owned).collect(),
            reuse: true,
            review: false,
            hold: Vec::new(),
            compress: false,
            deploy: Deploy::default(),
        }
    }
}
