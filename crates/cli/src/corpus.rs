//! The corpus that the settings name.

use anyhow::Result;

use takeaways_answer::EngineOpener;
use takeaways_corpus::Corpus;
use takeaways_settings::Settings;

/// Opens engines over the corpus of the settings; no post is read yet.
#[must_use]
pub fn engine_opener(settings: &Settings) -> EngineOpener {
    EngineOpener::new(settings.corpus.clone(), settings.state.dir.clone(), settings.answering.strictness)
}

/// The corpus of the settings; no post is read yet.
///
/// # Errors
/// Where a folder can't be read, or is not a folder.
pub fn configured_corpus(settings: &Settings) -> Result<Corpus> {
    Ok(engine_opener(settings).corpus()?)
}
