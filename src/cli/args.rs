//! What can be typed.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Turns a folder of raw Chinese reports into a website.
#[derive(Debug, Parser)]
#[command(name = "huibian", version, about, after_help = EXAMPLES, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub global: Global,
}

const EXAMPLES: &str = "\
A first archive:
  huibian init archive             a new archive with one sample report
  cd archive
  cp ~/reports/*.txt content/      add your reports, in folders as you like
  huibian serve --open             read it in the browser; it follows every change
  huibian build                    write the website to public/

`huibian help COMMAND` explains a command and shows examples.";

#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// The folder that holds config.toml [default: this folder or the nearest parent that has one]
    #[arg(long, global = true, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more: every diagnostic, every decision
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// When to use colour; NO_COLOR is honoured
    #[arg(long, global = true, value_name = "auto|always|never", hide_possible_values = true, default_value_t, value_enum)]
    pub color: Color,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Init(Init),
    Add(Add),
    Build(Build),
    Serve(Serve),
    Watch(Watch),
    Inspect(Inspect),
    Check(Check),
    Search(Search),
    Verify(Verify),
    Deploy(Deploy),
    Export(Export),
    Completions(Completions),
}

/// Start a new archive: config.toml and content/ with one sample report
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  huibian init archive\n  huibian init .          in this folder, if it is empty")]
pub struct Init {
    /// A folder that is empty or does not exist yet
    pub dir: PathBuf,
}

/// Put uploads into content/, in folders by year
///
/// Takes files, folders and ZIP archives. Nothing is overwritten: a file that is there already is left alone, a name that is
/// taken gets a number. Says what each upload is understood as, and asks nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huibian add ~/Downloads/总结.docx
  huibian add ~/Downloads/reports.zip /mnt/share/uploads
  huibian add *.txt && huibian build

Exit status: 0 all were added or were there already; 1 some were refused; 2 wrong usage.")]
pub struct Add {
    #[arg(required = true, value_name = "FILE|DIR|ZIP")]
    pub files: Vec<PathBuf>,
}

/// Build the website: content/ becomes public/
///
/// Every file under content/ ends as reports or as a diagnostic. A file that cannot be used is an error: it is named with
/// its reason, the published site stays as it was, and the exit status is 1.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huibian build
  huibian build --keep-going                         publish what can be read, list the rest
  huibian build --output /srv/www/reports
  huibian build --base-url https://reports.example/  for the feed and the sitemap
  huibian build --stats json | jq .pages             figures for a script

Exit status: 0 published; 1 the archive has errors; 2 wrong usage.")]
pub struct Build {
    #[command(flatten)]
    pub site: SiteArgs,
    /// How many threads to use [default: one for each processor]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Publish what can be used and list what was left out
    #[arg(long, short)]
    pub keep_going: bool,
    /// Make every page again; the site is the same, byte for byte
    #[arg(long)]
    pub no_cache: bool,
    /// Write .gz and .br copies beside the text files, for servers that send them as they are
    #[arg(long)]
    pub compress: bool,
    /// Print figures about the build on standard output
    #[arg(long, value_name = "FORMAT")]
    pub stats: Option<StatsFormat>,
}

/// What replaces a value of config.toml for one run.
#[derive(Debug, Clone, Default, Args)]
pub struct SiteArgs {
    /// Where to write the website [default: public/, or what config.toml says]
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Where the website will be published
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Add the page /review/: every doubtful decision and the line that would settle it
    #[arg(long)]
    pub review: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatsFormat {
    Json,
}

/// Read the website in a browser while you work on it
///
/// Builds, serves, and reloads the open page whenever something under content/, themes/ or config.toml changes. A file or a
/// template that is broken is shown over the last good site and goes away when it is mended. Nothing is written to disk.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huibian serve --open
  huibian serve --port 8080
  huibian serve --bind 0.0.0.0    let others on the network read it; without --bind only this machine can")]
pub struct Serve {
    /// The address to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "ADDR")]
    pub bind: Option<IpAddr>,
    /// The port to listen on; 0 takes any free one
    #[arg(long, short, value_name = "N", default_value_t = 1111)]
    pub port: u16,
    /// Open the website in the browser
    #[arg(long)]
    pub open: bool,
    /// Add the page /review/: every doubtful decision and the line that would settle it
    #[arg(long)]
    pub review: bool,
}

/// Rebuild public/ whenever uploads arrive
///
/// Waits until the sizes and times of all files stand still, so that nothing half copied is published. Files that cannot be
/// used are named and left out; the others are published. Stop it with Ctrl-C.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huibian watch
  huibian watch --poll           content/ lies on a network share (SMB, NFS), which tells of no change
  huibian watch --poll 60 --settle 30")]
pub struct Watch {
    #[command(flatten)]
    pub site: SiteArgs,
    /// For how many seconds nothing may have changed before it builds
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub settle: u16,
    /// Look for changes again and again instead of being told by the system
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "10", value_parser = clap::value_parser!(u16).range(1..))]
    pub poll: Option<u16>,
}

/// Show how files are understood, with the evidence for every decision
///
/// The files may lie in the archive or anywhere else.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huibian inspect content/2023/总结.txt
  huibian inspect --spans upload.txt       what became of every line
  huibian inspect --json content/*.txt     for a script
  huibian inspect --csv content/*.txt > content/overrides.csv   to correct by hand")]
pub struct Inspect {
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Print JSON
    #[arg(long, group = "format")]
    pub json: bool,
    /// Print a table of corrections that can be edited and saved as content/overrides.csv
    #[arg(long, group = "format")]
    pub csv: bool,
    /// Show every piece of the text and what became of it
    #[arg(long, group = "format")]
    pub spans: bool,
}

/// Look for mistakes in the archive and in the website, without writing it
///
/// Exit status 1 if there are errors; warnings alone give 0.
#[derive(Debug, Args)]
pub struct Check {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Search the built website, with the same results as its search page
///
/// Exit status 0 if a report was found, 1 if none.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huibian search 基层党建
  huibian search '人才 OR 干部' year:2019..2023 -title:总结
  huibian search --all --json '\"加强领导，落实责任\"' | jq -r .reports[].slug")]
pub struct Search {
    /// What to look for, as typed into the search page; several words must all occur
    #[arg(required = true, value_name = "QUERY", allow_hyphen_values = true)]
    pub query: Vec<String>,
    /// The website [default: public/, or what config.toml says]
    #[arg(long, value_name = "DIR")]
    pub site: Option<PathBuf>,
    /// How many reports to show
    #[arg(long, short = 'n', value_name = "N", default_value_t = 10, conflicts_with = "all")]
    pub limit: usize,
    /// Show all
    #[arg(long, short)]
    pub all: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Compare a published website with its manifest, byte for byte
///
/// Every build writes a list of all files and their hashes, .huibian.json. This reads every file again and names those that are
/// missing, those that have changed, and those that are not on the list.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huibian verify                           the site of this archive
  huibian verify /srv/reports
  huibian verify --allow-foreign /srv/www  with a CNAME or .well-known/ of your own
  huibian verify --json /srv/reports | jq -r .changed[]

Exit status: 0 all is as it was written; 1 something is not; 2 wrong usage.")]
pub struct Verify {
    /// The website [default: public/, or what config.toml says]
    pub dir: Option<PathBuf>,
    /// Files that are not on the list are no error
    #[arg(long)]
    pub allow_foreign: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Take the built website to where readers find it: a folder or an object store
///
/// Checks the site against its manifest, uploads what has changed since the last deployment, in an order in which every page
/// finds what it needs, and deletes last what is no longer used. If the connection breaks, the same command goes on from there. The
/// sites of the last two deployments are kept beside the built one (linked, not copied), for --rollback.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huibian build && huibian deploy --dry-run s3://reports-example
  huibian deploy s3://reports-example/archive
  huibian deploy --endpoint http://127.0.0.1:9000 s3://reports   MinIO and others that speak S3
  huibian deploy /mnt/share/reports
  huibian deploy --rollback                what was there before the last deployment

Credentials come from the environment, never from config.toml or the address:
  s3://  AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION; roles by AWS_WEB_IDENTITY_TOKEN_FILE,
         AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_METADATA_ENDPOINT. Profiles in ~/.aws are not read
  gs://  GOOGLE_APPLICATION_CREDENTIALS or GOOGLE_SERVICE_ACCOUNT_KEY
  az://  AZURE_STORAGE_ACCOUNT_NAME with AZURE_STORAGE_ACCOUNT_KEY, AZURE_STORAGE_SAS_KEY or AZURE_STORAGE_CLIENT_ID,
         AZURE_STORAGE_CLIENT_SECRET and AZURE_STORAGE_TENANT_ID

Exit status: 0 the site is there; 1 it could not be brought there; 2 wrong usage.")]
pub struct Deploy {
    /// A folder, file:///folder, s3://bucket/prefix, gs://… or az://… [default: `to` below [deploy] in config.toml]
    #[arg(value_name = "TO")]
    pub to: Option<String>,
    /// The server of an object store that is not the cloud's own
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,
    /// The website to deploy [default: public/, or what config.toml says]
    #[arg(long, value_name = "DIR")]
    pub site: Option<PathBuf>,
    /// Show what would be uploaded and deleted, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Put back the site that was there before the last deployment
    #[arg(long, conflicts_with = "take_over")]
    pub rollback: bool,
    /// Deploy to a place that holds other files: those of the same name are replaced, all others left
    #[arg(long)]
    pub take_over: bool,
    /// Deploy although another machine is deploying there: it was killed, or is gone
    #[arg(long)]
    pub break_lock: bool,
}

/// Write the archive for a search engine that runs on machines of its own
///
/// One document a line, for every report and every section, with ids that stay the same. What is held back is left out. The
/// search page needs none of this: it is for archives that have outgrown it.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("engine").required(true))]
#[command(after_help = "\
Examples:
  huibian export --opensearch --settings | curl -X PUT localhost:9200/huibian -H 'Content-Type: application/json' -d @-
  huibian export --opensearch | curl -X POST localhost:9200/_bulk -H 'Content-Type: application/x-ndjson' --data-binary @-
  huibian export --meilisearch --settings --output settings.json
  huibian export --meilisearch --output documents.ndjson
  huibian export --ndjson | jq -r 'select(.type == \"report\") | .title'")]
pub struct Export {
    /// For the _bulk interface of OpenSearch and Elasticsearch
    #[arg(long, group = "engine")]
    pub opensearch: bool,
    /// For Meilisearch
    #[arg(long, group = "engine")]
    pub meilisearch: bool,
    /// Plain lines of JSON
    #[arg(long, group = "engine")]
    pub ndjson: bool,
    /// Write what the engine is told first, in the place of the documents: fields, and how Chinese is cut
    #[arg(long, conflicts_with = "ndjson")]
    pub settings: bool,
    /// The index that OpenSearch puts the documents into
    #[arg(long, value_name = "NAME", default_value = "huibian", requires = "opensearch", value_parser = index_name)]
    pub index: String,
    /// Where to write [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Where the website is published, for the documents' links
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Export what can be used and name what was left out
    #[arg(long, short)]
    pub keep_going: bool,
}

/// Print a script that completes commands in a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  huibian completions bash > ~/.local/share/bash-completion/completions/huibian
  huibian completions zsh > ~/.zfunc/_huibian
  huibian completions fish > ~/.config/fish/completions/huibian.fish")]
pub struct Completions {
    pub shell: clap_complete::Shell,
}

/// What OpenSearch takes: no capitals, nothing with a meaning of its own.
fn index_name(name: &str) -> Result<String, &'static str> {
    let is_plain = |c: char| c.is_lowercase() || c.is_numeric() || matches!(c, '.' | '_' | '-');
    let sound = name.chars().all(is_plain) && name.chars().next().is_some_and(char::is_alphanumeric) && name.len() <= 255;
    if sound { Ok(name.to_owned()) } else { Err("write small letters, digits, `-`, `_` and `.`, a letter or digit first") }
}
