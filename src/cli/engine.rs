//! Opens the corpus, the index and the engine from the settings, with a progress bar and log lines.

use anyhow::Result;
use jiff::Timestamp;

use takeaways_answer::{Engine, EngineHandle, OpenedEngine};
use takeaways_cli::engine_opener;
use takeaways_cli::progress::IndexingProgress;
use takeaways_search::{IndexNotice, IndexOptions, OpenReport};
use takeaways_settings::Settings;

/// The handle of a command that ends: it reads the posts once, at `now`, and again only to repair the index.
///
/// With `is_verified` every post is read.
pub fn handle(settings: &Settings, reads_all: bool, now: Timestamp, is_quiet: bool) -> Result<EngineHandle> {
    let engine = open(settings, reads_all, now, &mut IndexingProgress::new(is_quiet))?;
    let (limit, settings) = (settings.answering.limit, settings.clone());
    let reopen = move |known: Option<&Engine>| match known {
        Some(_) => Ok(None),
        None => match open(&settings, false, now, &mut IndexingProgress::new(is_quiet)) {
            Ok(engine) => Ok(Some(engine)),
            Err(error) => Err(format!("{error:#}").into()),
        },
    };
    Ok(EngineHandle::new(engine, Box::new(reopen), limit))
}

/// The engine over the posts of the settings, with what changed since the last time.
///
/// With `is_verified` every post is read.
pub fn open(
    settings: &Settings,
    is_verified: bool,
    now: Timestamp,
    progress: &mut IndexingProgress,
) -> Result<Engine> {
    Ok(open_with_report(settings, is_verified, now, progress)?.engine)
}

/// The engine with all changes since it was opened; `None` if there are none.
pub fn refresh(settings: &Settings, engine: &Engine, now: Timestamp) -> Result<Option<Engine>> {
    let refreshed = engine_opener(settings).refresh(engine, now, Timestamp::now())?;
    refreshed.iter().for_each(log);
    Ok(refreshed.map(|refreshed| refreshed.engine))
}

fn open_with_report(
    settings: &Settings,
    is_verified: bool,
    now: Timestamp,
    progress: &mut IndexingProgress,
) -> Result<OpenedEngine> {
    let show = progress.callback();
    let options = IndexOptions { verify: is_verified, progress: Some(&show), ..IndexOptions::default() };
    let opened = engine_opener(settings).open(now, Timestamp::now(), &options)?;
    log(&opened);
    Ok(opened)
}

/// What is to be done about an index that is damaged.
pub const REBUILD_HINT: &str = "ask anything: the index is then built anew";

/// What is wrong with the index, with what to do about it: every byte of it is read. `None` where there is none.
/// Opening it mends what can be seen without that; that is told all the same, for a disk seldom fails once.
pub fn inspect(settings: &Settings, now: Timestamp) -> Result<Option<Vec<(String, &'static str)>>> {
    if !engine_opener(settings).index_folder()?.exists() {
        return Ok(None);
    }
    let OpenedEngine { engine, report, .. } =
        open_with_report(settings, false, now, &mut IndexingProgress::new(true))?;
    let mut found: Vec<_> = report
        .notices
        .iter()
        .filter_map(|notice| {
            let todo = match notice {
                IndexNotice::Rebuilt { .. } => "nothing for now; look after the disk if it happens again",
                IndexNotice::InMemory { .. } => "see to the folder, or name another one with --state-dir DIR",
                _ => return None,
            };
            Some((notice.to_string(), todo))
        })
        .collect();
    let damaged = engine.index().validate()?;
    if !damaged.is_empty() {
        let what = format!("these files of the index are damaged: {}", damaged.join(", "));
        found.push((what, REBUILD_HINT));
    }
    Ok(Some(found))
}

fn log(opened: &OpenedEngine) {
    let OpenedEngine { engine, report, unlisted } = opened;
    let posts = engine.index().posts();
    let OpenReport { files, read, added, changed, removed, .. } = report;
    tracing::info!(posts, files, read, added, changed, removed, "the index is open");
    for notice in &report.notices {
        tracing::warn!("{notice}");
    }
    for (path, reason) in &report.failed {
        tracing::warn!("{path} was left out: {reason}");
    }
    if *unlisted > 0 {
        tracing::warn!("not all of the corpus was read: see `takeaways corpus check`");
    }
    if posts == 0 {
        tracing::warn!("there are no posts to look in: see `takeaways corpus check`");
    }
}
