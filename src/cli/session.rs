//! What every command starts with: settings, the log, the time; and asking, once the index is open.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use directories::ProjectDirs;
use jiff::Timestamp;

use super::args::{Global, Wish};
use super::engine;
use super::log::{self, Reader};
use super::progress::Progress;
use takeaways_answer::{AnswerError, Engine, Explanation, Request};
use takeaways_search::RetrievalError;
use takeaways_settings::{Flags, LogLevel, ResolvedSettings, Settings, Sources};
use takeaways_text::model::{Answer, Event, Question, Scope, Years};

/// The settings and the time of one run.
pub struct Session {
    pub settings: Settings,
    pub now: Timestamp,
    pub is_quiet: bool,
}

/// The open index, and where and how to look in it.
pub struct Asker<'s> {
    session: &'s Session,
    /// Another one takes its place where its index turns out to be damaged.
    engine: RefCell<Engine>,
    scope: takeaways_answer::Wish,
    limit: usize,
    now: Timestamp,
}

/// Reads the settings of this process.
pub fn resolve(global: &Global) -> Result<ResolvedSettings> {
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
    Ok(ResolvedSettings::read(&Sources {
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
            Some(settings) if resolved.problems.is_empty() => {
                log::start(settings.log, reader);
                Ok(Self { settings, now: Timestamp::now(), is_quiet: global.quiet })
            }
            _ => {
                let problems: Vec<String> = resolved.problems.iter().map(ToString::to_string).collect();
                bail!("the settings are not right:\n  {}", problems.join("\n  "))
            }
        }
    }

    /// Opens the index.
    pub fn asker(&self, wish: &Wish) -> Result<Asker<'_>> {
        let scope = takeaways_answer::Wish {
            events: wish.event.clone(),
            years: joined(&wish.year)?,
            authors: wish.author.clone(),
        };
        let now = wish.now.unwrap_or(self.now);
        let engine = RefCell::new(self.engine(wish.verify, now)?);
        let limit = wish.limit.map_or(self.settings.answering.limit, usize::from);
        Ok(Asker { session: self, engine, scope, limit, now })
    }

    fn engine(&self, is_verified: bool, now: Timestamp) -> Result<Engine> {
        engine::open(&self.settings, is_verified, now, &mut Progress::new(self.is_quiet))
    }
}

impl Asker<'_> {
    /// The answer, and how long the engine took. `now` goes before the time of the run.
    pub fn ask(&self, question: &Question, now: Option<Timestamp>) -> Result<(Answer, Duration)> {
        tracing::debug!(question = ?question.text(), "asked");
        let request = self.request(question, now);
        self.of_engine(|engine| {
            let started = Instant::now();
            let answer = engine.answer(&request)?;
            Ok((answer, started.elapsed()))
        })
    }

    /// Why [`Asker::ask`] answers as it does, with the best `most` of what was weighed.
    pub fn explain(&self, question: &Question, now: Option<Timestamp>, most: usize) -> Result<Explanation> {
        let request = self.request(question, now);
        self.of_engine(|engine| engine.explain(&request, most))
    }

    fn request(&self, question: &Question, now: Option<Timestamp>) -> Request {
        Request {
            question: question.clone(),
            wish: self.scope.clone(),
            limit: self.limit,
            now: now.unwrap_or(self.now),
        }
    }

    fn of_engine<T>(&self, get: impl Fn(&Engine) -> Result<T, AnswerError>) -> Result<T> {
        let engine = self.engine.borrow().clone();
        match get(&engine) {
            // What is damaged is often seen only when it is read. Opening it anew builds it anew, and says so.
            Err(AnswerError::Retrieval(RetrievalError::Damaged { .. })) => {
                let engine = self.session.engine(false, self.now)?;
                self.engine.replace(engine.clone());
                Ok(get(&engine)?)
            }
            got => Ok(got?),
        }
    }

    /// The events of a scope, as the posts tell of them.
    pub fn events(&self, scope: &Scope) -> Result<Vec<Event>> {
        let facets = self.engine.borrow().index().facets(self.now)?;
        let events = facets.events.iter().map(|(event, _)| event);
        Ok(events.filter(|event| scope.events.contains(&event.id)).cloned().collect())
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
