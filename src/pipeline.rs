//! The one way from uploads to a site. `build`, `serve`, `watch` and `check` all call [`compose`] and differ
//! only in what they do with the [`Site`].

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::archive::{self, Archive, SourceRecord, Understood};
use crate::classify::{self, Classifier};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::document;
use crate::insight::digest::Digests;
use crate::look::{self, Look};
use crate::memo::{Memo, Record};
use crate::privacy::{self, Held, Releases};
use crate::progress::{Observer, Stage};
use crate::publish;
use crate::site::{self, Site};
use crate::source::{self, Conversions, Fingerprint, Loaded, Source, SourcePath, Stamp};

/// Where more than one upload in so many is another than it was, nobody asks what each was.
const FEW: usize = 16;

/// Everything that is read from disk, but for what a memo knows of it.
pub struct Inputs {
    config: Config,
    look: Look,
    classifier: Classifier,
    pub loaded: Loaded,
}

/// Reads the archive under `root`. What stands as `memo` knows it is not read.
///
/// # Errors
/// What leaves nothing to build with: a broken configuration or look.
pub fn read(root: &Path, config: Config, memo: &Memo, observer: &dyn Observer) -> Result<Inputs, Vec<Diagnostic>> {
    observer.begin(Stage::Read, 0);
    let look = look::load(root, &config)?;
    let found = source::find(root, &config);
    let mut complaints = Vec::new();
    let classifier = Classifier::new(&config, found.overrides.as_deref(), &mut complaints);
    let output = root.join(&config.output);
    let work = publish::work_folder(&output.canonicalize().unwrap_or(output));
    let conversions = Conversions::kept_in(work.join("converted"));
    let mut loaded = found.read(root, &config, &conversions, &|path, stamp| memo.stands(path, stamp, classifier.settings(path)));
    loaded.diagnostics.extend(complaints);
    Ok(Inputs { config, look, classifier, loaded })
}

/// Stands for everything that [`read`] would read and `keep_going`; `None` where that may still be changing.
pub fn fingerprint(root: &Path, config: &Config, keep_going: bool) -> Option<Fingerprint> {
    let settings = serde_json::to_string(&(config, keep_going)).ok()?;
    source::fingerprint(&["content", "themes"].map(|folder| root.join(folder)), &[root.join("config.toml")], &settings)
}

/// A site and everything that was wrong on the way. Pure: `memo`, with which `inputs` were read, makes it quicker, not
/// different. It then holds these sources.
pub fn compose(inputs: Inputs, memo: &mut Memo, observer: &dyn Observer) -> (Site, Vec<Diagnostic>) {
    let Inputs { config, look, classifier, loaded } = inputs;
    let mut diagnostics = loaded.diagnostics;
    observer.begin(Stage::Understand, loaded.uploads.len());
    let read: Vec<SourcePath> = loaded.uploads.iter().map(|(path, _)| path.clone()).collect();
    let (records, forgotten) = remember(loaded.sources, loaded.uploads, &classifier, memo, observer);
    let digests: Digests = (records.iter().chain(&forgotten))
        .flat_map(|record| record.understood.keys.iter().zip(&record.digests))
        .map(|(keys, digest)| (keys.report, digest.clone()))
        .collect();
    let former = if forgotten.len() * FEW <= records.len() { forgotten.as_slice() } else { &[] };
    let former = former.iter().map(|record| &record.understood);
    let former = former.flat_map(|one| one.keys.iter().map(|keys| keys.report).zip(one.reading.documents.iter().cloned()));
    let digests = digests.with_former(former);
    let mut understood: Vec<Understood> = records.iter().map(|record| record.understood.clone()).collect();
    drop((records, forgotten));
    diagnostics.extend(understood.iter().flat_map(|one| classify::undeclarable(&one.source.path, &one.reading, &classifier)));
    diagnostics.extend(classifier.corrections.unmatched(understood.iter().map(|one| (&one.source.path, &one.reading))));
    diagnostics.extend(understood.iter().flat_map(|one| one.reading.diagnostics.clone()));
    // What an error names cannot be used: broken front matter.
    understood.retain(|one| !one.reading.diagnostics.iter().any(Diagnostic::is_error));
    diagnostics
        .extend(understood.iter().flat_map(|one| classify::doubts(&one.source.path, &one.reading, &one.labels, &classifier.gazetteer)));
    let held = hold(&mut understood, loaded.releases.as_deref(), &config, &mut diagnostics);
    observer.begin(Stage::Assemble, 0);
    let archive = archive::assemble(understood, classifier.gazetteer, &config, &mut diagnostics);
    diagnostics.extend(lost(&read, &held, &archive, &diagnostics));
    observer.begin(Stage::Compose, 0);
    let doubts = if config.review { doubts(&archive, &held, &diagnostics) } else { Vec::new() };
    (site::compose(Arc::new(archive), (digests, &mut memo.insight), Arc::new(look), Arc::new(config), doubts), diagnostics)
}

/// A record of each upload, in their order: from the memo, which then holds all of them, or new. And what the memo held beside these.
fn remember(
    sources: Vec<Source>,
    uploads: Vec<(SourcePath, Option<Stamp>)>,
    classifier: &Classifier,
    memo: &mut Memo,
    observer: &dyn Observer,
) -> (Vec<Arc<Record>>, Vec<Arc<Record>>) {
    let mut sources = sources.into_iter().peekable();
    let uploads: Vec<_> = uploads.into_iter().map(|(path, stamp)| (sources.next_if(|source| source.path == path), path, stamp)).collect();
    let record = |(source, path, stamp): (Option<Source>, SourcePath, Option<Stamp>)| {
        let settings = classifier.settings(&path);
        let record = match (&source, memo.get(&path)) {
            (None, known) => known.expect("what was not read stands in the memo").clone(),
            (Some(source), Some(known)) if known.is_of(source, settings) => known.stamped(stamp),
            (Some(source), _) => {
                let mut understood = understand(source, classifier);
                // It speaks of a text that nobody holds any more.
                understood.reading.account = Vec::new();
                Arc::new(Record::new(stamp, settings, understood))
            }
        };
        observer.step();
        record
    };
    let records: Vec<Arc<Record>> = uploads.into_par_iter().map(record).collect();
    let forgotten = memo.replace(&records);
    (records, forgotten)
}

/// Reads and classifies one source: depends on nothing but its bytes, its path and the configuration.
pub fn understand(source: &Source, classifier: &Classifier) -> Understood {
    let reading = classify::retitle(source, document::read(source), classifier);
    let labels = classify::label(source, &reading, classifier);
    let findings = privacy::find(source, &reading);
    Understood::new(SourceRecord::of(source), reading, labels, findings)
}

/// Keeps back what the configuration asks for. Hands back the sources of which nothing is left.
fn hold(
    understood: &mut Vec<Understood>,
    releases: Option<&str>,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeSet<SourcePath> {
    let releases = releases.map_or_else(Releases::default, |text| Releases::parse(text, diagnostics));
    diagnostics.extend(releases.unmatched(understood.iter().map(|one| (&one.source.path, &one.reading))));
    let mut held = BTreeSet::new();
    understood.retain_mut(|one| {
        let Understood { source, reading, labels, findings, .. } = one;
        let outcome = privacy::hold((&source.path, &source.sha256), (reading, labels), findings, &releases, &config.hold, diagnostics);
        source.withheld = outcome == Held::Original;
        if one.keys.len() > one.reading.documents.len() {
            one.rekey();
        }
        if outcome == Held::Everything {
            held.insert(one.source.path.clone());
        }
        outcome != Held::Everything
    });
    held
}

/// What may be told of them in the site: nothing of a source of which anything is held back.
fn doubts(archive: &Archive, held: &BTreeSet<SourcePath>, diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
    let withheld = archive.sources.iter().filter(|source| source.withheld).map(|source| &source.path);
    let silent: BTreeSet<String> = held.iter().chain(withheld).map(ToString::to_string).collect();
    let names = |text: &str| silent.iter().any(|path| text.contains(path.trim_start_matches("content/")));
    diagnostics
        .iter()
        .filter(|one| one.place.as_ref().is_none_or(|place| !silent.contains(&place.path)))
        .filter(|one| !names(&one.message) && !one.notes.iter().chain(&one.help).any(|text| names(text)))
        .cloned()
        .collect()
}

/// The promise that every source ends as reports or as an error, counted. Finds something only if huibian itself is wrong.
fn lost(read: &[SourcePath], held: &BTreeSet<SourcePath>, archive: &Archive, diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
    let sources = archive.reports.iter().map(|report| &archive.sources[report.source]);
    let with_reports: BTreeSet<&SourcePath> = sources.flat_map(|source| std::iter::once(&source.path).chain(&source.copies)).collect();
    let named: BTreeSet<&str> = left_out(diagnostics).collect();
    read.iter()
        .filter(|path| !with_reports.contains(path) && !held.contains(path) && !named.contains(path.to_string().as_str()))
        .map(|path| {
            Diagnostic::error("lost", "this file became no report, and nothing says why")
                .at(Place::file(path.to_string()))
                .help("this is a mistake in huibian: please report it")
        })
        .collect()
}

/// The files that errors name: those that are not in the site. A file with several errors comes several times.
pub fn left_out(diagnostics: &[Diagnostic]) -> impl Iterator<Item = &str> {
    diagnostics.iter().filter(|one| one.severity == Severity::Error).filter_map(|one| Some(one.place.as_ref()?.path.as_str())).filter(
        |path| path.starts_with("content/") && !path.ends_with('/') && !["content/overrides.csv", "content/releases.csv"].contains(path),
    )
}
