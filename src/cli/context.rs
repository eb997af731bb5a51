//! Asking questions once the index is open.
//!
//! Opens the corpus, the index and the engine from the settings, with a progress bar and log lines.

use super::args::QueryArgs;
use anyhow::{Error, Result, bail};
use jiff::Timestamp;
use std::time::{Duration, Instant};
use takeaways_answer::{
    Engine, EngineHandle, Explanation, HandleError, OpenedEngine, Request, VerifiedAnswer,
};
pub use takeaways_cli::session::{RunContext, resolve};
use takeaways_cli::{engine_opener, terminal::IndexingProgress};
use takeaways_search::{IndexNotice, IndexOptions, OpenReport};
use takeaways_settings::Settings;
use takeaways_text::model::{Question, Years};

/// The engine, and where and how to look in it.
pub struct Asker {
    engine: EngineHandle,
    scope: takeaways_answer::ScopeOptions,
    limit: usize,
    now: Timestamp,
}

/// An answer, how long it took, and why it is what it is if that was asked for.
pub struct Reply {
    pub verified: VerifiedAnswer,
    pub took: Duration,
    pub explanation: Option<Explanation>,
}

impl Asker {
    /// Opens the index.
    pub fn open(session: &RunContext, wish: &QueryArgs) -> Result<Self> {
        let scope = takeaways_answer::ScopeOptions {
            events: wish.event.clone(),
            years: merge_years(&wish.year)?,
            authors: wish.author.clone(),
        };
        let now = wish.now.unwrap_or(session.now);
        let engine = handle(&session.settings, wish.verify, now, session.is_quiet)?;
        let limit = wish.limit.map_or(engine.limit(), usize::from);
        Ok(Self { engine, scope, limit, now })
    }

    /// The answer; with `most`, also the explanation with so many candidates. `now` overrides the time of the run.
    pub fn ask(&self, question: &Question, now: Option<Timestamp>, most: Option<usize>) -> Result<Reply> {
        tracing::debug!(question = ?question.text(), "asked");
        let request = Request {
            question: question.clone(),
            scope_options: self.scope.clone(),
            limit: self.limit,
            now: now.unwrap_or(self.now),
        };
        let started = Instant::now();
        let answered = match most {
            Some(most) => self.engine.explain(&request, most),
            None => self.engine.answer(&request).map(|verified| (verified, None)),
        };
        let (verified, explanation) = answered.map_err(with_remedy)?;
        Ok(Reply { verified, took: started.elapsed(), explanation })
    }
}

fn with_remedy(error: HandleError) -> Error {
    let is_of_quote = matches!(error, HandleError::Quote(_));
    let error = Error::from(error);
    if is_of_quote {
        error.context(
            "the answer is not shown, since it is not word for word what its post says; ask again with --verify, \
             which reads all posts again",
        )
    } else {
        error
    }
}

/// One range of years: a scope has no gaps.
fn merge_years(years: &[Years]) -> Result<Option<Years>> {
    let mut sorted = years.to_vec();
    sorted.sort_by_key(|years| years.first);
    let mut sorted = sorted.into_iter();
    let Some(mut all) = sorted.next() else { return Ok(None) };
    for next in sorted {
        if next.first > all.last + 1 {
            bail!(
                "--year takes years that follow each other, for example --year {}-{}",
                all.first,
                next.last
            );
        }
        all.last = all.last.max(next.last);
    }
    Ok(Some(all))
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_joined_where_they_follow_each_other() {
        let one = Years::single;
        for (years, expected) in [
            (vec![], Some(None)),
            (vec![one(2019)], Some(Some((2019, 2019)))),
            (vec![one(2020), one(2019)], Some(Some((2019, 2020)))),
            (vec![Years::between(2015, 2020), one(2017)], Some(Some((2015, 2020)))),
            (vec![one(2018), one(2020)], None),
        ] {
            let found = merge_years(&years).ok().map(|all| all.map(|all| (all.first, all.last)));
            assert_eq!(found, expected, "{years:?}");
        }
    }
}
