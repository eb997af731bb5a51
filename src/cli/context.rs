//! Asking questions once the index is open.

use std::time::{Duration, Instant};

use anyhow::{Error, Result, bail};
use jiff::Timestamp;

use super::args::QueryArgs;
use super::engine;
use takeaways_answer::{EngineHandle, Explanation, HandleError, Request, VerifiedAnswer};
pub use takeaways_cli::session::{RunContext, resolve};
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
        let engine = engine::handle(&session.settings, wish.verify, now, session.is_quiet)?;
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
