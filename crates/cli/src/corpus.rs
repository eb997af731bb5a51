//! The corpus that the settings name.

use std::path::Path;

use anyhow::{Result, bail};

use takeaways_corpus::Corpus;
use takeaways_settings::Settings;

/// The corpus of the settings; no post is read yet.
///
/// # Errors
/// Where a folder can't be read, or is none.
pub fn configured_corpus(settings: &Settings) -> Result<Corpus> {
    for folder in &settings.corpus.folders {
        require_folder(folder)?;
    }
    Ok(Corpus::new(settings.corpus.clone()))
}

fn require_folder(path: &Path) -> Result<()> {
    match path.metadata() {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => bail!("{} is not a folder; name the folder that holds the posts", path.display()),
        Err(error) => {
            bail!("the folder {} can't be read ({error}); name one that holds posts", path.display())
        }
    }
}
