//! Asking questions once the index is open.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use jiff::Timestamp;

use super::args::Wish;
use super::engine;
use takeaways_answer::{AnswerError, Engine, Explanation, Request};
use takeaways_cli::progress::Progress;
pub use takeaways_cli::session::{Session, resolve};
use takeaways_search::RetrievalError;
use takeaways_text::model::{Answer, Event, Question, Scope, Years};

/// The open index, and where and how to look in it.
pub struct Asker<'s> {
    session: &'s Session,
    /// Another one takes its place where its index turns out to be damaged.
    engine: RefCell<Engine>,
    scope: takeaways_answer::Wish,
    limit: usize,
    now: Timestamp,
}

impl<'s> Asker<'s> {
    /// Opens the index.
    pub fn open(session: &'s Session, wish: &Wish) -> Result<Self> {
        let scope = takeaways_answer::Wish {
            events: wish.event.clone(),
            years: joined(&wish.year)?,
            authors: wish.author.clone(),
        };
        let now = wish.now.unwrap_or(session.now);
        let engine = RefCell::new(open_engine(session, wish.verify, now)?);
        let limit = wish.limit.map_or(session.settings.answering.limit, usize::from);
        Ok(Self { session, engine, scope, limit, now })
    }

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
                let engine = open_engine(self.session, false, self.now)?;
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

fn open_engine(session: &Session, is_verified: bool, now: Timestamp) -> Result<Engine> {
    engine::open(&session.settings, is_verified, now, &mut Progress::new(session.is_quiet))
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
