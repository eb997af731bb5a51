//! What every command starts with: settings, the log, the time; and asking, once the index is open.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Error, Result, bail};
use directories::ProjectDirs;
use jiff::Timestamp;

use super::args::{Global, Wish};
use super::engine;
use super::log::{self, Reader};
use takeaways_answer::{EngineHandle, Explanation, HandleError, Request, VerifiedAnswer};
use takeaways_settings::{Flags, LogLevel, Resolved, Settings, Sources};
use takeaways_text::model::{Question, Years};

/// The settings and the time of one run.
pub struct Session {
    pub settings: Settings,
    pub now: Timestamp,
    pub is_quiet: bool,
}

/// The engine, and where and how to look in it.
pub struct Asker {
    engine: EngineHandle,
    scope: takeaways_answer::Wish,
    limit: usize,
    now: Timestamp,
}

/// Reads the settings of this process.
pub fn resolve(global: &Global) -> Result<Resolved> {
    let level = match (global.quiet, global.verbose) {
        (true, _) => Some(LogLevel::Error),
        (false, 0) => None,
        (false, 1) => Some(LogLevel::Info),
        (false, _) => Some(LogLevel::Debug),
    };
    let text = |name: std::ffi::OsString| name.into_string().ok();
    let environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((text(name)?, value.to_string_lossy().into_owned())))
        .collect();
    Ok(Resolved::read(&Sources {
        file: global.config.clone(),
        here: std::env::current_dir()?,
        environment,
        data_dir: ProjectDirs::from("", "", "takeaways").map(|dirs| dirs.data_dir().to_owned()),
        flags: Flags { corpus: global.corpus.clone(), state_dir: global.state_dir.clone(), level },
    }))
}

impl Session {
    /// Reads the settings, all of which must be right, and starts the log for whoever typed the command.
    pub fn start(global: &Global) -> Result<Self> {
        Self::start_for(Reader::Caller, global)
    }

    /// The same, with a log for `reader`.
    pub fn start_for(reader: Reader, global: &Global) -> Result<Self> {
        let resolved = resolve(global)?;
        match resolved.settings {
            Some(settings) if resolved.faults.is_empty() => {
                log::start(settings.log, reader);
                Ok(Self { settings, now: Timestamp::now(), is_quiet: global.quiet })
            }
            _ => {
                let faults: Vec<String> = resolved.faults.iter().map(ToString::to_string).collect();
                bail!("the settings are not right:\n  {}", faults.join("\n  "))
            }
        }
    }

    /// Opens the engine.
    pub fn asker(&self, wish: &Wish) -> Result<Asker> {
        let scope = takeaways_answer::Wish {
            events: wish.event.clone(),
            years: joined(&wish.year)?,
            authors: wish.author.clone(),
        };
        let now = wish.now.unwrap_or(self.now);
        let engine = engine::handle(&self.settings, wish.verify, now, self.is_quiet)?;
        let limit = wish.limit.map_or(engine.limit(), usize::from);
        Ok(Asker { engine, scope, limit, now })
    }
}

/// An answer, how long it took, and why it is what it is if that was asked for.
pub struct Reply {
    pub verified: VerifiedAnswer,
    pub took: Duration,
    pub explanation: Option<Explanation>,
}

impl Asker {
    /// The answer; with `most`, also the explanation with so many candidates. `now` overrides the time of the run.
    pub fn ask(&self, question: &Question, now: Option<Timestamp>, most: Option<usize>) -> Result<Reply> {
        tracing::debug!(question = ?question.text(), "asked");
        let request = Request {
            question: question.clone(),
            wish: self.scope.clone(),
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
fn joined(years: &[Years]) -> Result<Option<Years>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_joined_where_they_follow_each_other() {
        let one = Years::one;
        for (years, expected) in [
            (vec![], Some(None)),
            (vec![one(2019)], Some(Some((2019, 2019)))),
            (vec![one(2020), one(2019)], Some(Some((2019, 2020)))),
            (vec![Years::between(2015, 2020), one(2017)], Some(Some((2015, 2020)))),
            (vec![one(2018), one(2020)], None),
        ] {
            let found = joined(&years).ok().map(|all| all.map(|all| (all.first, all.last)));
            assert_eq!(found, expected, "{years:?}");
        }
    }
}
