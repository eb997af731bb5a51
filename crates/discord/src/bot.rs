//! The state that all handlers share (the engine, the REST client, the limits), and why they fail.

use crate::{
    answer_buttons::outcome,
    capacity::Capacity,
    commands,
    conversations::{Continuation, ReplyTarget, deletable},
    digest_commands::Caller,
    response::{Failure, Outcome, Response},
    rest::Rest,
    seen_events::SeenEvents,
    serve::ServeOptions,
    source_commands::SourceCommands,
};
use futures_util::FutureExt;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::{
    collections::HashSet,
    panic::AssertUnwindSafe,
    sync::{Arc, OnceLock},
    time::Duration,
};
use takeaways_answer::{
    EngineHandle, HandleError, NamedOverview, Notice, QuoteSearch, Reply as TurnReply, Request, ScopeOptions,
    SmallTalk, parse_years,
};
use takeaways_delivery::{Clock, DigestComposer, Reloader, Wakeup, WorkerPanic, WorkerThreads};
use takeaways_ops::{Health, Metrics};
use takeaways_render::discord::{self as pages, About, MessagePayload, NewestPost};
use takeaways_settings::{DigestSettings, DiscordSettings};
use takeaways_store::Store;
use takeaways_text::model::{Language, Question, YearsError};

/// How many posts are listed if somebody asks for the newest ones.
const NEWEST_POSTS: usize = 5;

/// The bot: the state that all handlers share.
pub(crate) struct Bot {
    pub settings: DiscordSettings,
    /// The caps on digests and subscriptions.
    pub caps: DigestSettings,
    pub rest: Arc<Rest>,
    pub store: Store,
    pub metrics: Metrics,
    pub health: Health,
    /// The clock of the delivery loop.
    pub clock: Clock,
    /// Wakes the delivery loop after a change that may be due now.
    pub wakeup: Wakeup,
    /// The bot's own account, after Discord has reported it.
    pub user: OnceLock<u64>,
    pub seen_events: SeenEvents,
    pub capacity: Capacity,
    pub sources: SourceCommands,
    /// Whether the posts are those that come with the program.
    has_built_in_posts: bool,
    /// What answers and digests are made with, after the posts are read.
    engines: OnceLock<Engines>,
}

struct Engines {
    engine: Arc<EngineHandle>,
    composer: Arc<DigestComposer>,
}

/// A question that somebody asks.
#[derive(Debug, Clone)]
pub(crate) struct UserQuestion {
    pub text: String,
    pub scope: UserScope,
    pub target: ReplyTarget,
    /// What it goes on with.
    pub continuation: Continuation,
}

impl UserQuestion {
    /// A question by itself, without options.
    pub(crate) fn new(text: String, target: ReplyTarget) -> Self {
        Self { text, scope: UserScope::default(), target, continuation: Continuation::Nothing }
    }
}

/// The scope that options set, as typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct UserScope {
    pub event: Option<String>,
    pub year: Option<String>,
    pub author: Option<String>,
}

/// An overview that somebody asks for by its parts.
#[derive(Debug, Clone)]
pub(crate) struct UserOverview {
    pub named: NamedOverview,
    pub scope: UserScope,
    pub target: ReplyTarget,
}

impl Bot {
    /// A bot that has not read its posts yet.
    pub(crate) fn new(options: &ServeOptions, rest: Arc<Rest>) -> Self {
        let (metrics, health) = (options.metrics.clone(), options.health.clone());
        let threads = WorkerThreads::new(options.threads, metrics.clone());
        let reloader = Reloader::new(metrics.clone(), health.clone());
        Self {
            capacity: Capacity::new(&options.settings, threads),
            sources: SourceCommands::new(Arc::clone(&options.sources), options.contributors, reloader),
            settings: options.settings.clone(),
            caps: options.caps,
            rest,
            store: options.store.clone(),
            metrics,
            health,
            clock: Clock::system(),
            wakeup: Wakeup::default(),
            user: OnceLock::new(),
            seen_events: SeenEvents::default(),
            has_built_in_posts: options.has_built_in_posts,
            engines: OnceLock::new(),
        }
    }

    /// The current time, by the clock of the delivery loop.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Makes answers and digests possible: the posts are read. Returns the composer of digests.
    pub(crate) fn set_engine(&self, engine: Arc<EngineHandle>) -> Arc<DigestComposer> {
        let engines = self.engines.get_or_init(|| {
            let (threads, reloader) = (self.capacity.threads.clone(), self.sources.reloader.clone());
            let library = Arc::clone(self.sources.library());
            let old_posts = Arc::new(move || library.old_posts());
            let composer = DigestComposer::new(Arc::clone(&engine), threads, reloader, old_posts);
            Engines { engine, composer: Arc::new(composer) }
        });
        tracing::info!("the posts were read");
        Arc::clone(&engines.composer)
    }

    /// The engine.
    pub(crate) fn engine(&self) -> Result<&Arc<EngineHandle>, Failure> {
        Ok(&self.engines()?.engine)
    }

    /// Composes digests and their previews.
    pub(crate) fn composer(&self) -> Result<&Arc<DigestComposer>, Failure> {
        Ok(&self.engines()?.composer)
    }

    fn engines(&self) -> Result<&Engines, Failure> {
        self.engines.get().ok_or_else(|| Failure::StillReading(self.health.reading().unwrap_or_default()))
    }

    /// The answer as a page, unless a limit is hit.
    pub(crate) async fn ask(&self, question: UserQuestion) -> Result<Response, Failure> {
        // A question that can't be answered yet does not count.
        self.engine()?;
        let target = question.target;
        self.within_limits(target.person, target.server, self.answer(question)).await
    }

    /// The answer as a page. The engine works on a thread of its own.
    pub(crate) async fn answer(&self, user_question: UserQuestion) -> Result<Response, Failure> {
        let now = self.now();
        let question: Question = match user_question.text.parse() {
            Ok(question) => question,
            // Signs without words are small talk.
            Err(error) => match takeaways_answer::find_small_talk(&user_question.text) {
                Some(kind) => return self.respond_to_small_talk(kind, Language::En).await,
                None => return Ok(Response::no_question(pages::bad_question(&error))),
            },
        };
        let UserQuestion { scope, target, continuation, .. } = user_question;
        let scope_options = match parse_scope_options(&scope, now) {
            Ok(options) => options,
            Err(error) => return Ok(Response::no_question(pages::bad_year(&error))),
        };
        let previous = self.load_turn(target, continuation, now).await;
        let engine = Arc::clone(self.engine()?);
        let language = previous.as_ref().map_or(Language::En, |turn| turn.language);
        let request = Request { scope_options, ..Request::new(question, engine.limits(), now) };
        let work = move || {
            let reply = engine.converse(previous.as_ref(), &request)?;
            let related = match &reply {
                TurnReply::Answer(answered) => engine.snapshot().related_questions(answered, now),
                TurnReply::SmallTalk(..) | TurnReply::Recaps(_) | TurnReply::Notice(_) => Vec::new(),
            };
            Ok::<_, HandleError>((reply, related))
        };
        let (reply, related) = self.capacity.threads.run(work).await??;
        match reply {
            TurnReply::Answer(answered) => {
                let page = self.keep_and_render(&answered, &related, target, now).await;
                Ok(Response::new(page, outcome(&answered)))
            }
            TurnReply::SmallTalk(kind, language) => self.respond_to_small_talk(kind, language).await,
            TurnReply::Recaps(list) => {
                // The words of the turn may be another person's, so they are not kept again for whoever asks.
                let page = pages::recap_list(&list, None);
                Ok(Response::new(deletable(page, target), Outcome::Cited))
            }
            TurnReply::Notice(notice) => {
                if notice == Notice::NewTopic {
                    self.store.end_conversation(target.channel, target.person).await?;
                }
                Ok(Response::fixed(pages::notice(notice, language)))
            }
        }
    }

    /// The overview as a page, unless a limit is hit.
    pub(crate) async fn overview(&self, overview: UserOverview) -> Result<Response, Failure> {
        self.engine()?;
        let target = overview.target;
        self.within_limits(target.person, target.server, self.answer_overview(overview)).await
    }

    async fn answer_overview(&self, overview: UserOverview) -> Result<Response, Failure> {
        let UserOverview { named, scope, target } = overview;
        let engine = Arc::clone(self.engine()?);
        let now = self.now();
        let scope_options = match parse_scope_options(&scope, now) {
            Ok(options) => options,
            Err(error) => return Ok(Response::no_question(pages::bad_year(&error))),
        };
        let request = match named.request(scope_options, engine.limits(), now) {
            Ok(request) => request,
            Err(error) => return Ok(Response::no_question(pages::bad_question(&error))),
        };
        let answered = self.capacity.threads.run(move || engine.begin(&request)).await??;
        let page = self.keep_and_render(&answered, &[], target, now).await;
        Ok(Response::new(page, outcome(&answered)))
    }

    /// The reply in a language to a text that is not a question.
    async fn respond_to_small_talk(&self, kind: SmallTalk, language: Language) -> Result<Response, Failure> {
        let page = match kind {
            SmallTalk::HelpRequest | SmallTalk::Greeting => self.help().await?.page,
            SmallTalk::NewestPosts { since } => self.newest_posts(since, false).await?,
            SmallTalk::Thanks => pages::welcome(language),
            SmallTalk::Chatter => pages::small_talk(language),
            SmallTalk::Wordless => pages::no_question(),
        };
        Ok(Response::no_question(page))
    }

    /// Runs work. A panic in it is counted and becomes an error.
    pub(crate) async fn catch_panic<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
            self.metrics.panicked();
            Err(WorkerPanic.into())
        })
    }

    /// Counts and logs an answer that was delivered.
    pub(crate) fn record_answer(&self, command: &'static str, outcome: &'static str, took: Duration) {
        self.metrics.record_answer(command, outcome, took);
        tracing::info!(outcome, ms = took.as_secs_f64() * 1e3, "answered");
    }

    /// The help page, with questions that have an answer.
    pub(crate) async fn help(&self) -> Result<Response, Failure> {
        let snapshot = self.engine()?.snapshot();
        let (commands, now): (Vec<&str>, _) = (commands::help().collect(), self.now());
        let work = move || pages::help(&commands, snapshot.examples(now));
        Ok(Response::fixed(self.capacity.threads.run(work).await?))
    }

    /// The newest posts, unless a limit is hit: those dated before their source was added only if they are asked for.
    pub(crate) async fn latest(&self, caller: Caller, includes_old: bool) -> Result<Response, Failure> {
        let work = async { Ok(Response::fixed(self.newest_posts(None, includes_old).await?)) };
        self.within_limits(caller.person, caller.server, work).await
    }

    /// The page with the newest posts, or with those from a day on.
    async fn newest_posts(&self, since: Option<Date>, includes_old: bool) -> Result<MessagePayload, Failure> {
        let snapshot = self.engine()?.snapshot();
        let (library, now) = (Arc::clone(self.sources.library()), self.now());
        let work = move || {
            let old = if includes_old { HashSet::new() } else { library.old_posts() };
            let newest =
                snapshot.newest_posts(now, since, &ScopeOptions::default(), NEWEST_POSTS, |url| {
                    old.contains(url)
                })?;
            let with_sentence = newest.into_iter().map(|citation| {
                let post = snapshot.engine().index().post(&citation.post)?;
                Ok(NewestPost::new(citation, post.as_deref()))
            });
            with_sentence.collect::<Result<Vec<_>, takeaways_search::SearchError>>()
        };
        let posts = self.capacity.threads.run(work).await?.map_err(HandleError::from)?;
        Ok(pages::newest_posts(&posts, since))
    }

    /// Finds who said the words of a message.
    pub(crate) async fn find_quote(&self, message: String) -> Result<Response, Failure> {
        let (engine, now) = (Arc::clone(self.engine()?), self.now());
        let found = self.capacity.threads.run(move || engine.find_quote(&message, now)).await??;
        Ok(match found {
            QuoteSearch::Found(found) => {
                Response::new(pages::quote_found(&found.excerpt, found.share), Outcome::Cited)
            }
            QuoteSearch::NotFound => Response::new(pages::quote_not_found(), Outcome::NothingFound),
            QuoteSearch::TooShort => Response::no_question(pages::quote_too_short()),
        })
    }

    /// The question for what recaps say about the topic of a message; `None` if it names none.
    pub(crate) async fn question_about(&self, message: String) -> Result<Option<String>, Failure> {
        let (engine, now) = (Arc::clone(self.engine()?), self.now());
        Ok(self.capacity.threads.run(move || engine.question_about(&message, now)).await??)
    }

    /// The page about the corpus.
    pub(crate) async fn about(&self) -> Result<Response, Failure> {
        let (snapshot, now) = (self.engine()?.snapshot(), self.now());
        let status = snapshot.engine().index().status();
        let has_notes_only = self.has_built_in_posts;
        let found = self.capacity.threads.run(move || {
            let facets = snapshot.facets(now)?;
            // The notes that come with the program are few.
            let notes = if has_notes_only { snapshot.notes_on_drafts(now)? } else { 0 };
            Ok::<_, HandleError>((facets, notes))
        });
        let (facets, about_drafts) = found.await??;
        let about = About {
            posts: status.posts,
            events: facets.events.len(),
            years: facets
                .years
                .iter()
                .map(|(year, _)| *year)
                .min()
                .zip(facets.years.iter().map(|(year, _)| *year).max()),
            are_built_in: self.has_built_in_posts,
            about_drafts,
            newest: status.newest,
            version: env!("CARGO_PKG_VERSION"),
            license: env!("CARGO_PKG_LICENSE"),
            link: self.settings.link.as_deref().unwrap_or_default(),
        };
        Ok(Response::fixed(pages::about(&about)))
    }
}

fn parse_scope_options(scope: &UserScope, now: Timestamp) -> Result<ScopeOptions, YearsError> {
    let names = |name: &Option<String>| name.iter().filter(|name| !name.trim().is_empty()).cloned().collect();
    let today = now.to_zoned(TimeZone::UTC).date();
    let years = scope.year.as_deref().filter(|year| !year.trim().is_empty());
    let years = years.map(|years| parse_years(years, today));
    Ok(ScopeOptions { events: names(&scope.event), years: years.transpose()?, authors: names(&scope.author) })
}
