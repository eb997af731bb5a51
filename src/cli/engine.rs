//! The one place where the command line meets the rooms that read, index and answer.

use std::path::Path;

use anyhow::{Result, bail};
use jiff::Timestamp;

use super::progress::Progress;
pub use super::standin::{Corpus, Counts, Engine, FileStamp, OpenReport, Request, ScopeWish, each};
use crate::corpus::{Problem, Severity};
use crate::settings::Settings;

/// Opens the index over the posts of the settings, reading what changed, and tells in the log what came of it.
///
/// With `is_verified` every post is read.
pub fn open(
    settings: &Settings,
    is_verified: bool,
    now: Timestamp,
    progress: &mut Progress,
) -> Result<Engine> {
    let _ = is_verified;
    let mut posts = Vec::new();
    let (problems, counts) = each(&corpus(settings)?, now, |post| posts.push(post));
    progress.at(counts.files, counts.files);
    tell(&OpenReport { read: counts.files, ..OpenReport::default() }, posts.len(), &problems);
    Ok(Engine { posts })
}

/// The posts of the settings, none of which is read yet.
pub fn corpus(settings: &Settings) -> Result<Corpus> {
    for folder in &settings.corpus.folders {
        be_a_folder(folder)?;
    }
    Ok(Corpus::new(settings.corpus.clone()))
}

fn be_a_folder(path: &Path) -> Result<()> {
    match path.metadata() {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => bail!("{} is no folder; name the folder that holds the posts", path.display()),
        Err(error) => {
            bail!("the folder {} can't be read ({error}); name one that holds posts", path.display())
        }
    }
}

fn tell(report: &OpenReport, posts: usize, problems: &[Problem]) {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    tracing::info!(posts, report.read, report.written, report.removed, "the index is open");
    if let Some(reason) = &report.rebuilt {
        tracing::warn!("the index was built anew: {reason}");
    }
    if let Some(reason) = &report.memory {
        tracing::warn!("the index is kept in memory only: {reason}");
    }
    if let Some(holder) = &report.read_only {
        tracing::warn!("the index is read as it is, {holder} is writing it");
    }
    if errors > 0 {
        tracing::warn!("{errors} files could not be read: see `takeaways corpus check`");
    }
    if posts == 0 {
        tracing::warn!("there are no posts to look in: see `takeaways corpus check`");
    }
}
