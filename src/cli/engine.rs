//! The one place where the command line meets the rooms that read, index and answer.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use jiff::Timestamp;

use takeaways_answer::Engine;
use takeaways_cli::configured_corpus;
use takeaways_cli::progress::Progress;
use takeaways_corpus::{Corpus, Source};
use takeaways_search::{CorpusFiles, Index, Notice, OpenReport, Options, index_folder};
use takeaways_settings::Settings;

/// Opens the index over the posts of the settings, reading what changed, and tells in the log what came of it.
///
/// With `is_verified` every post is read.
pub fn open(
    settings: &Settings,
    is_verified: bool,
    now: Timestamp,
    progress: &mut Progress,
) -> Result<Engine> {
    let (index, _) = open_index(settings, is_verified, now, progress)?;
    Ok(Engine::new(Arc::new(index), settings.answering.strictness))
}

/// What an engine has, with all that has changed in the posts since; `None` where nothing has.
pub fn refresh(settings: &Settings, engine: &Engine, now: Timestamp) -> Result<Option<Engine>> {
    let corpus = configured_corpus(settings)?;
    let walked = Timestamp::now();
    let files = CorpusFiles::list(&corpus, now);
    let (index, report) = engine.index().refresh(&files, walked, &Options::default())?;
    if report.added + report.changed + report.removed == 0 && index.revision() == engine.index().revision() {
        return Ok(None);
    }
    tell(&report, &index, files.problems().len());
    Ok(Some(Engine::new(Arc::new(index), settings.answering.strictness)))
}

fn open_index(
    settings: &Settings,
    is_verified: bool,
    now: Timestamp,
    progress: &mut Progress,
) -> Result<(Index, OpenReport)> {
    let corpus = configured_corpus(settings)?;
    let folder = folder(settings, &corpus);
    // The files are compared with the time of the walk, so that has to be the real one.
    let walked = Timestamp::now();
    let files = CorpusFiles::list(&corpus, now);
    let show = progress.callback();
    let options = Options { verify: is_verified, progress: Some(&show), ..Options::default() };
    let (index, report) = Index::open(Some(&folder), &files, walked, &options)?;
    tell(&report, &index, files.problems().len());
    Ok((index, report))
}

/// What is to be done about an index that is damaged.
pub const REBUILDS: &str = "ask anything: the index is then built anew";

/// What is wrong with the index, with what to do about it: every byte of it is read. `None` where there is none.
/// Opening it mends what can be seen without that; that is told all the same, for a disk seldom fails once.
pub fn inspect(settings: &Settings, now: Timestamp) -> Result<Option<Vec<(String, &'static str)>>> {
    if !folder(settings, &configured_corpus(settings)?).exists() {
        return Ok(None);
    }
    let (index, report) = open_index(settings, false, now, &mut Progress::new(true))?;
    let mut found: Vec<_> = report
        .notices
        .iter()
        .filter_map(|notice| {
            let todo = match notice {
                Notice::Rebuilt { .. } => "nothing for now; look after the disk if it happens again",
                Notice::InMemory { .. } => "see to the folder, or name another one with --state-dir DIR",
                _ => return None,
            };
            Some((notice.to_string(), todo))
        })
        .collect();
    let damaged = index.validate()?;
    if !damaged.is_empty() {
        let what = format!("these files of the index are damaged: {}", damaged.join(", "));
        found.push((what, REBUILDS));
    }
    Ok(Some(found))
}

/// Where the index of a corpus lies.
fn folder(settings: &Settings, corpus: &Corpus) -> PathBuf {
    index_folder(&settings.state.dir, &folders(corpus), &CorpusFiles::settings(corpus))
}

/// What names the index of a corpus: its folders as they really are.
fn folders(corpus: &Corpus) -> Vec<PathBuf> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    corpus
        .sources()
        .iter()
        .map(|source| match source {
            Source::Embedded => "embedded".into(),
            Source::Folder(path) => real(path),
        })
        .collect()
}

fn tell(report: &OpenReport, index: &Index, unlisted: usize) {
    let OpenReport { files, read, added, changed, removed, .. } = report;
    tracing::info!(posts = index.posts(), files, read, added, changed, removed, "the index is open");
    for notice in &report.notices {
        tracing::warn!("{notice}");
    }
    for (path, reason) in &report.failed {
        tracing::warn!("{path} was left out: {reason}");
    }
    if unlisted > 0 {
        tracing::warn!("not all of the corpus was read: see `takeaways corpus check`");
    }
    if index.posts() == 0 {
        tracing::warn!("there are no posts to look in: see `takeaways corpus check`");
    }
}
