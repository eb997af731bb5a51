//! What all replies share: the engine, the way to Discord, the limits.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::FutureExt;
use jiff::Timestamp;
use tokio::sync::{Semaphore, watch};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::commands;
use super::failure::Failure;
use super::limits::Limits;
use super::rest::Rest;
use super::seen::Seen;
use takeaways_answer::{EngineHandle, HandleError, Request, Wish};
use takeaways_delivery::{Clock, DigestComposer, Wakeup};
use takeaways_ops::Metrics;
use takeaways_render::discord::{self as pages, About, Page};
use takeaways_settings::{DigestSettings, DiscordSettings};
use takeaways_store::Store;
use takeaways_text::model::{Answer, Question, Years, YearsError};

/// An answer that is not there by then is none.
const GIVE_UP_AFTER: Duration = Duration::from_secs(20);

/// The bot.
pub struct Bot {
    pub settings: DiscordSettings,
    pub engine: Arc<EngineHandle>,
    pub rest: Arc<Rest>,
    pub store: Store,
    /// Wakes the digests, after something was changed that may be due now.
    pub digests: Wakeup,
    /// Writes digests, for those who look at one before its time as for those who get it.
    pub press: Arc<DigestComposer>,
    /// How many digests there may be.
    pub caps: DigestSettings,
    /// The time that digests go by.
    pub clock: Clock,
    pub limits: Limits,
    pub seen: Seen,
    pub metrics: Metrics,
    /// The bot's own account, once Discord has said which it is.
    pub user: OnceLock<u64>,
    /// A place for each thread that answers are made on.
    pub threads: Arc<Semaphore>,
    /// Becomes true where the process ends and has no more time: who still waits is told.
    pub out_of_time: watch::Sender<bool>,
}

/// A question with who asks it where.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub text: String,
    pub event: Option<String>,
    pub year: Option<String>,
    pub author: Option<String>,
    pub person: u64,
    pub server: Option<u64>,
}

/// What somebody is told.
pub struct Told {
    pub page: Page,
    pub outcome: Outcome,
}

/// How a question ended, for the log and the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// With excerpts.
    Cited,
    /// The recaps hold no answer.
    NothingFound,
    /// It was none.
    NoQuestion,
    /// Too many questions in a minute, and so long to wait.
    TooFast,
    /// Something that needs no recaps.
    Said,
}

impl Outcome {
    /// As it is counted.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cited => "cited",
            Self::NothingFound => "nothing_found",
            Self::NoQuestion => "no_question",
            Self::TooFast => "too_fast",
            Self::Said => "said",
        }
    }

    /// Whether it is for the person alone, whatever they chose.
    pub fn is_private(self) -> bool {
        matches!(self, Self::TooFast | Self::NoQuestion)
    }
}

impl Bot {
    /// The time that digests go by.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The answer as a page, where the person has not asked too much.
    ///
    /// # Errors
    /// As [`Bot::answer`].
    pub async fn ask(&self, asked: Asked) -> Result<Told, Failure> {
        match self.refused(asked.person, asked.server) {
            Some(told) => Ok(told),
            None => self.answer(asked).await,
        }
    }

    /// Counts what somebody wants, and says when to ask again where that is too much.
    pub fn refused(&self, person: u64, server: Option<u64>) -> Option<Told> {
        let wait = self.limits.ask(person, server).err()?;
        Some(Told { page: pages::too_fast(after(Timestamp::now(), wait)), outcome: Outcome::TooFast })
    }

    /// The answer as a page. The engine works on a thread of its own, so that nothing here waits for it but this.
    ///
    /// # Errors
    /// Where the recaps fail or panic.
    pub async fn answer(&self, asked: Asked) -> Result<Told, Failure> {
        let now = Timestamp::now();
        let question: Question = match asked.text.parse() {
            Ok(question) => question,
            Err(error) => return Ok(no_question(pages::bad_question(&error))),
        };
        let wish = match wish(&asked) {
            Ok(wish) => wish,
            Err(error) => return Ok(no_question(pages::bad_year(&error))),
        };
        let engine = Arc::clone(&self.engine);
        let request = Request { question, wish, limit: engine.limit(), now };
        let working = move || -> Result<Told, HandleError> {
            let answered = engine.answer(&request)?;
            let outcome = match answered.answer {
                Answer::Cited { .. } => Outcome::Cited,
                Answer::NothingFound { .. } => Outcome::NothingFound,
            };
            Ok(Told { page: pages::answer(&request.question, &answered.answer, &answered.events), outcome })
        };
        Ok(self.on_a_thread(working).await??)
    }

    /// Does what takes the processor or the disk, on a thread of its own. What nobody waits for any more when its turn
    /// comes is not begun.
    ///
    /// # Errors
    /// Where it panics.
    pub async fn on_a_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        // Nobody closes it.
        let place = Arc::clone(&self.threads).acquire_owned().await.map_err(|_| Failure::Stopping)?;
        let working = spawn_blocking(move || {
            let _place = place;
            work()
        });
        working.await.map_err(|_| {
            self.metrics.panicked();
            Failure::Panicked
        })
    }

    /// Waits for work; a panic in it is counted and ends nothing else.
    ///
    /// # Errors
    /// As the work, and where it panics.
    pub async fn caught<T>(&self, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
            self.metrics.panicked();
            Err(Failure::Panicked)
        })
    }

    /// Counts and logs an answer that somebody has.
    pub fn answered(&self, command: &'static str, outcome: &'static str, took: Duration) {
        self.metrics.answered(command, outcome, took);
        tracing::info!(outcome, ms = took.as_secs_f64() * 1e3, "answered");
    }

    /// Waits for work, but not longer than is of use to whoever asked, nor than this process lives.
    ///
    /// # Errors
    /// Where it takes too long.
    pub async fn in_time<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        let mut out_of_time = self.out_of_time.subscribe();
        tokio::select! {
            biased;
            done = timeout(GIVE_UP_AFTER, work) => done.map_err(|_| Failure::TimedOut),
            _ = out_of_time.wait_for(|is_over| *is_over) => Err(Failure::Stopping),
        }
    }

    /// What the bot can do, with questions that have an answer.
    ///
    /// # Errors
    /// Where the recaps panic.
    pub async fn help(&self) -> Result<Told, Failure> {
        let now_there = self.engine.snapshot();
        let commands: Vec<&str> = commands::help().collect();
        let page =
            self.on_a_thread(move || pages::help(&commands, now_there.examples(Timestamp::now()))).await?;
        Ok(Told { page, outcome: Outcome::Said })
    }

    /// What the bot answers from.
    ///
    /// # Errors
    /// Where the index can't be read.
    pub async fn about(&self) -> Result<Told, Failure> {
        let now_there = self.engine.snapshot();
        let status = now_there.engine().index().status();
        let facets = self.on_a_thread(move || now_there.facets(Timestamp::now())).await?;
        let facets = facets.map_err(HandleError::from)?;
        let about = About {
            posts: status.posts,
            events: facets.events.len(),
            newest: status.newest,
            version: env!("CARGO_PKG_VERSION"),
            license: env!("CARGO_PKG_LICENSE"),
            link: self.settings.link.as_deref().unwrap_or_default(),
        };
        Ok(Told { page: pages::about(&about), outcome: Outcome::Said })
    }
}

fn no_question(page: Page) -> Told {
    Told { page, outcome: Outcome::NoQuestion }
}

/// The scope that was chosen beside the question.
fn wish(asked: &Asked) -> Result<Wish, YearsError> {
    let named = |name: &Option<String>| name.iter().filter(|name| !name.trim().is_empty()).cloned().collect();
    let years = asked.year.as_deref().filter(|year| !year.trim().is_empty()).map(str::parse::<Years>);
    Ok(Wish { events: named(&asked.event), years: years.transpose()?, authors: named(&asked.author) })
}

/// The next whole second, so that "in 0 seconds" is not said.
fn after(now: Timestamp, wait: Duration) -> Timestamp {
    now.saturating_add(wait + Duration::from_secs(1)).unwrap_or(now)
}
