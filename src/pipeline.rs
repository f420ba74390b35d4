//! The one way from uploads to a site. `build`, `serve`, `watch` and `check` all call [`compose`] and differ
//! only in what they do with the [`Site`].

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::archive::{self, SourceRecord, Understood};
use crate::classify::{self, Classifier};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::document;
use crate::look::{self, Look};
use crate::site::{self, Site};
use crate::source::{self, Loaded, Source};

/// Everything that is read from disk.
pub struct Inputs {
    pub config: Config,
    pub look: Look,
    pub loaded: Loaded,
}

/// Reads the archive under `root`.
///
/// # Errors
/// What leaves nothing to build with: a broken configuration or look.
pub fn read(root: &Path, config: Config) -> Result<Inputs, Vec<Diagnostic>> {
    let look = look::load(root, &config)?;
    let loaded = source::load(root, &config);
    Ok(Inputs { config, look, loaded })
}

/// A site and everything that was wrong on the way. Pure.
pub fn compose(inputs: Inputs) -> (Site, Vec<Diagnostic>) {
    let Inputs { config, look, loaded } = inputs;
    let mut diagnostics = loaded.diagnostics;
    let classifier = Classifier::new(&config, loaded.overrides.as_deref(), &mut diagnostics);
    let understood: Vec<Understood> = loaded.sources.par_iter().map(|source| understand(source, &classifier)).collect();
    diagnostics.extend(understood.iter().flat_map(|one| one.reading.diagnostics.clone()));
    let archive = archive::assemble(understood, classifier.gazetteer, &config, &mut diagnostics);
    (site::compose(Arc::new(archive), Arc::new(look), Arc::new(config)), diagnostics)
}

/// Reads and classifies one source: depends on nothing but its bytes, its path and the configuration.
pub fn understand(source: &Source, classifier: &Classifier) -> Understood {
    let reading = document::read(source);
    let labels = classify::label(source, &reading, classifier);
    Understood { source: SourceRecord::of(source), reading, labels }
}
