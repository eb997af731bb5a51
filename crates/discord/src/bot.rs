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
use super::rest::Rest;
use super::seen_events::SeenEvents;
use super::user_limits::UserLimits;
use takeaways_answer::{EngineHandle, HandleError, Request, ScopeOptions};
use takeaways_delivery::{Clock, DigestComposer, Wakeup};
use takeaways_ops::Metrics;
use takeaways_render::discord::{self as pages, About, MessagePayload};
use takeaways_settings::{DigestSettings, DiscordSettings};
use takeaways_store::Store;
use takeaways_text::model::{Answer, Question, Years, YearsError};

/// An answer that is not there by then is none.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);

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
    pub limits: UserLimits,
    pub seen_events: SeenEvents,
    pub metrics: Metrics,
    /// The bot's own account, once Discord has said which it is.
    pub user: OnceLock<u64>,
    /// A place for each thread that answers are made on.
    pub thread_slots: Arc<Semaphore>,
    /// Becomes true where the process ends and has no more time: who still waits is told.
    pub out_of_time: watch::Sender<bool>,
}

/// A question with who asks it where.
#[derive(Debug, Clone, Default)]
pub struct UserQuestion {
    pub text: String,
    pub event: Option<String>,
    pub year: Option<String>,
    pub author: Option<String>,
    pub person: u64,
    pub server: Option<u64>,
}

/// What somebody is told.
pub struct Response {
    pub page: MessagePayload,
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
    Static,
}

impl Outcome {
    /// As it is counted.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cited => "cited",
            Self::NothingFound => "nothing_found",
            Self::NoQuestion => "no_question",
            Self::TooFast => "too_fast",
            Self::Static => "said",
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
    pub async fn ask(&self, question: UserQuestion) -> Result<Response, Failure> {
        match self.rate_limit_response(question.person, question.server) {
            Some(told) => Ok(told),
            None => self.answer(question).await,
        }
    }

    /// Counts what somebody wants, and says when to ask again where that is too much.
    pub fn rate_limit_response(&self, person: u64, server: Option<u64>) -> Option<Response> {
        let wait = self.limits.count_question(person, server).err()?;
        Some(Response {
            page: pages::rate_limited(retry_time(Timestamp::now(), wait)),
            outcome: Outcome::TooFast,
        })
    }

    /// The answer as a page. The engine works on a thread of its own, so that nothing here waits for it but this.
    ///
    /// # Errors
    /// If the recaps fail or panic.
    pub async fn answer(&self, asked: UserQuestion) -> Result<Response, Failure> {
        let now = Timestamp::now();
        let question: Question = match asked.text.parse() {
            Ok(question) => question,
            Err(error) => return Ok(no_question_response(pages::bad_question(&error))),
        };
        let wish = match scope_options(&asked) {
            Ok(wish) => wish,
            Err(error) => return Ok(no_question_response(pages::bad_year(&error))),
        };
        let engine = Arc::clone(&self.engine);
        let request = Request { question, scope_options: wish, limit: engine.limit(), now };
        let working = move || -> Result<Response, HandleError> {
            let answered = engine.answer(&request)?;
            let outcome = match answered.answer {
                Answer::Cited { .. } => Outcome::Cited,
                Answer::NothingFound { .. } => Outcome::NothingFound,
            };
            Ok(Response {
                page: pages::answer(&request.question, &answered.answer, &answered.events),
                outcome,
            })
        };
        Ok(self.run_blocking(working).await??)
    }

    /// Does what takes the processor or the disk, on a thread of its own. What nobody waits for any more when its turn
    /// comes is not begun.
    ///
    /// # Errors
    /// If it panics.
    pub async fn run_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        // Nobody closes it.
        let place =
            Arc::clone(&self.thread_slots).acquire_owned().await.map_err(|_| Failure::ShuttingDown)?;
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
    pub async fn catch_panic<T>(&self, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
            self.metrics.panicked();
            Err(Failure::Panicked)
        })
    }

    /// Counts and logs an answer that somebody has.
    pub fn record_answer(&self, command: &'static str, outcome: &'static str, took: Duration) {
        self.metrics.record_answer(command, outcome, took);
        tracing::info!(outcome, ms = took.as_secs_f64() * 1e3, "answered");
    }

    /// Waits for work, but not longer than is of use to whoever asked, nor than this process lives.
    ///
    /// # Errors
    /// If it takes too long.
    pub async fn with_timeout<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        let mut out_of_time = self.out_of_time.subscribe();
        tokio::select! {
            biased;
            done = timeout(ANSWER_TIMEOUT, work) => done.map_err(|_| Failure::TimedOut),
            _ = out_of_time.wait_for(|is_over| *is_over) => Err(Failure::ShuttingDown),
        }
    }

    /// What the bot can do, with questions that have an answer.
    ///
    /// # Errors
    /// If the recaps panic.
    pub async fn help(&self) -> Result<Response, Failure> {
        let now_there = self.engine.snapshot();
        let commands: Vec<&str> = commands::help().collect();
        let page =
            self.run_blocking(move || pages::help(&commands, now_there.examples(Timestamp::now()))).await?;
        Ok(Response { page, outcome: Outcome::Static })
    }

    /// What the bot answers from.
    ///
    /// # Errors
    /// If the index can't be read.
    pub async fn about(&self) -> Result<Response, Failure> {
        let now_there = self.engine.snapshot();
        let status = now_there.engine().index().status();
        let facets = self.run_blocking(move || now_there.facets(Timestamp::now())).await?;
        let facets = facets.map_err(HandleError::from)?;
        let about = About {
            posts: status.posts,
            events: facets.events.len(),
            newest: status.newest,
            version: env!("CARGO_PKG_VERSION"),
            license: env!("CARGO_PKG_LICENSE"),
            link: self.settings.link.as_deref().unwrap_or_default(),
        };
        Ok(Response { page: pages::about(&about), outcome: Outcome::Static })
    }
}

fn no_question_response(page: MessagePayload) -> Response {
    Response { page, outcome: Outcome::NoQuestion }
}

/// The scope that was chosen beside the question.
fn scope_options(asked: &UserQuestion) -> Result<ScopeOptions, YearsError> {
    let named = |name: &Option<String>| name.iter().filter(|name| !name.trim().is_empty()).cloned().collect();
    let years = asked.year.as_deref().filter(|year| !year.trim().is_empty()).map(str::parse::<Years>);
    Ok(ScopeOptions { events: named(&asked.event), years: years.transpose()?, authors: named(&asked.author) })
}

/// The next whole second, so that "in 0 seconds" is not said.
fn retry_time(now: Timestamp, wait: Duration) -> Timestamp {
    now.saturating_add(wait + Duration::from_secs(1)).unwrap_or(now)
}
