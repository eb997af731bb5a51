//! Opens the engine from the settings, with a progress bar and log lines, and asks it questions.

use super::args::{PageFormat, QueryArgs, ScopeArgs};
use anyhow::{Context, Error, Result, bail};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::sync::Arc;
use std::time::{Duration, Instant};
use takeaways_answer::{
    AnswerLimits, Command, Engine, EngineHandle, Explanation, HandleError, NamedOverview, OpenedEngine,
    ReopenedEngine, Reply, Request, Turn, TurnAnswer, VerifiedAnswer,
};
pub use takeaways_cli::session::{Session, resolve};
use takeaways_cli::{engine_opener, terminal::IndexingProgress};
use takeaways_render::discord::{MAX_OVERVIEW_LINE, NewestPost};
use takeaways_render::pluralise;
use takeaways_search::{Facets, IndexNotice, IndexOptions, OpenReport, ReadProgress};
use takeaways_settings::Settings;
use takeaways_text::model::{Question, Years};

/// An engine with the scope and the limits of its questions.
pub struct Asker {
    engine: EngineHandle,
    scope: takeaways_answer::ScopeOptions,
    limits: AnswerLimits,
    now: Timestamp,
}

/// An answer with its duration and, if requested, its explanation.
pub struct TimedAnswer {
    pub verified: VerifiedAnswer,
    pub took: Duration,
    pub explanation: Option<Explanation>,
    /// Whether an explanation was asked for. An overview brings its own.
    pub explains: bool,
}

impl Asker {
    /// Opens the index.
    pub fn open(session: &Session, query: &QueryArgs) -> Result<Self> {
        let mut asker = Self::open_in(session, &query.scope)?;
        asker.limits.excerpts = query.limit.map_or(asker.limits.excerpts, usize::from);
        Ok(asker)
    }

    /// Opens the index for questions about a scope.
    pub fn open_in(session: &Session, query: &ScopeArgs) -> Result<Self> {
        let now = query.reading.now.unwrap_or(session.now);
        let today = now.to_zoned(TimeZone::UTC).date();
        let years: Vec<Years> =
            query.years.year.iter().map(|years| years.years(today)).collect::<Result<_, _>>()?;
        let scope = takeaways_answer::ScopeOptions {
            events: query.events.event.clone(),
            years: merge_years(&years)?,
            authors: query.authors.author.clone(),
        };
        let engine = handle(&session.settings, query.reading.verify, now, session.is_quiet)?;
        let limits = engine.limits();
        Ok(Self { engine, scope, limits, now })
    }

    /// Asks for lines as short as a page of this format needs.
    pub fn for_page(mut self, format: Option<PageFormat>) -> Self {
        if format == Some(PageFormat::Discord) {
            self.limits.line = MAX_OVERVIEW_LINE;
        }
        self
    }

    /// The names in the corpus.
    pub fn facets(&self) -> Result<Arc<Facets>> {
        Ok(self.engine.snapshot().facets(self.now)?)
    }

    /// The newest posts, or those from a day on, each with what stands out in it, as the bot shows them.
    pub fn newest_posts(&self, since: Option<Date>, limit: usize) -> Result<Vec<NewestPost>> {
        let snapshot = self.engine.snapshot();
        let posts = snapshot.newest_posts(self.now, since, &self.scope, limit, |_| false)?;
        let with_sentence = posts.into_iter().map(|citation| {
            let post = snapshot.engine().index().post(&citation.post)?;
            Ok(NewestPost::new(citation, post.as_deref()))
        });
        with_sentence.collect()
    }

    /// Whether there is any post to ask.
    pub fn has_posts(&self) -> bool {
        self.engine.snapshot().engine().index().posts() > 0
    }

    /// The number of published posts without a date, of which nobody can say how new they are.
    pub fn undated_posts(&self) -> Result<usize> {
        let records = self.engine.snapshot().engine().index().post_records()?;
        Ok(records.iter().filter(|record| record.is_undated(self.now)).count())
    }

    /// The day of the run.
    pub fn today(&self) -> Date {
        self.now.to_zoned(TimeZone::UTC).date()
    }

    /// Answers a question. `candidates` requests an explanation with so many candidates; `now` overrides the time of
    /// the run.
    pub fn ask(
        &self,
        question: &Question,
        now: Option<Timestamp>,
        candidates: Option<usize>,
    ) -> Result<TimedAnswer> {
        let request = self.request(question, now);
        self.run(&request, candidates)
    }

    /// Answers with an overview that is named by its parts.
    pub fn overview(
        &self,
        named: NamedOverview,
        candidates: Option<usize>,
    ) -> Result<(Question, TimedAnswer)> {
        let request =
            named.request(self.scope.clone(), self.limits, self.now).context("say what it is about")?;
        let answer = self.run(&request, candidates)?;
        Ok((request.question, answer))
    }

    fn run(&self, request: &Request, candidates: Option<usize>) -> Result<TimedAnswer> {
        let started = Instant::now();
        let answered = match candidates {
            Some(candidates) => self.engine.explain(request, candidates),
            None => self.engine.answer(request).map(|verified| (verified, None)),
        };
        let (verified, explanation) = answered.map_err(with_remedy)?;
        Ok(TimedAnswer { verified, took: started.elapsed(), explanation, explains: candidates.is_some() })
    }

    /// Replies to a message of a conversation, whose last turn is `previous`. Returns the time that it took, too.
    pub fn converse(
        &self,
        previous: Option<&Turn>,
        message: &Question,
        now: Option<Timestamp>,
    ) -> Result<(Reply, Duration)> {
        let request = self.request(message, now);
        let started = Instant::now();
        let reply = self.engine.converse(previous, &request).map_err(with_remedy)?;
        Ok((reply, started.elapsed()))
    }

    /// Does what a command asks for on the answer of a turn.
    pub fn run_command(&self, command: Command, turn: &Turn) -> Result<Reply> {
        self.engine.run_command(command, turn, self.limits, self.now).map_err(with_remedy)
    }

    /// The text that follows the first excerpt of a turn (1), or that precedes it (-1); `None` if there is none.
    pub fn context(&self, turn: &Turn, step: i32) -> Result<Option<TurnAnswer>> {
        self.engine.context(turn, 0, step, self.now).map_err(with_remedy)
    }

    /// The posts that the answer of a turn rests on, from one on, counted from 0.
    pub fn recaps(&self, turn: &Turn, first: usize) -> Result<Reply> {
        self.engine.recaps(turn, first, self.now).map_err(with_remedy)
    }

    fn request(&self, question: &Question, now: Option<Timestamp>) -> Request {
        tracing::debug!(question = ?question.text(), "asked");
        let request = Request::new(question.clone(), self.limits, now.unwrap_or(self.now));
        Request { scope_options: self.scope.clone(), ..request }
    }
}

fn with_remedy(error: HandleError) -> Error {
    let is_of_quote = matches!(error, HandleError::Quote(_));
    let error = Error::from(error);
    if is_of_quote {
        error.context(
            "the answer is not shown, because a quote differs from its post; ask again with --verify, which reads all \
             posts again",
        )
    } else {
        error
    }
}

/// Joins years to one range, because a scope has no gaps.
fn merge_years(years: &[Years]) -> Result<Option<Years>> {
    let mut sorted = years.to_vec();
    sorted.sort_by_key(|years| years.first);
    let mut sorted = sorted.into_iter();
    let Some(mut all) = sorted.next() else { return Ok(None) };
    for next in sorted {
        if next.first > all.last + 1 {
            bail!("--year takes consecutive years, for example --year {}-{}", all.first, next.last);
        }
        all.last = all.last.max(next.last);
    }
    Ok(Some(all))
}

/// Opens the engine of a command that ends: the posts are read once, at `now`, and again only to repair the index.
/// With `reads_all` unchanged posts are read too.
pub fn handle(settings: &Settings, reads_all: bool, now: Timestamp, is_quiet: bool) -> Result<EngineHandle> {
    let engine = open(settings, reads_all, now, &mut IndexingProgress::new(is_quiet))?;
    let (limit, settings) = (settings.answering.limit, settings.clone());
    let reopen = move |known: Option<&Engine>| match known {
        Some(_) => Ok(None.into()),
        None => match open(&settings, false, now, &mut IndexingProgress::new(is_quiet)) {
            Ok(engine) => Ok(Some(engine).into()),
            Err(error) => Err(format!("{error:#}").into()),
        },
    };
    Ok(EngineHandle::new(engine, Box::new(reopen), limit))
}

/// Opens the engine over the posts of the settings and updates its index. With `reads_all` unchanged posts are read too.
pub fn open(
    settings: &Settings,
    reads_all: bool,
    now: Timestamp,
    progress: &mut IndexingProgress,
) -> Result<Engine> {
    Ok(open_with_report(settings, reads_all, now, &progress.callback())?.engine)
}

/// The engine with all changes since it was opened.
pub fn refresh(settings: &Settings, engine: &Engine, now: Timestamp) -> Result<ReopenedEngine> {
    let refreshed = engine_opener(settings).refresh(engine, now, Timestamp::now())?;
    let unread = refreshed.unread();
    if refreshed.is_changed {
        log(&refreshed);
    } else {
        log_unread(&unread);
    }
    Ok(ReopenedEngine { engine: refreshed.is_changed.then_some(refreshed.engine), unread })
}

/// Opens the engine with what could not be read. `show` is called while files are read.
pub fn open_with_report(
    settings: &Settings,
    reads_all: bool,
    now: Timestamp,
    show: &(dyn Fn(ReadProgress) + Sync),
) -> Result<OpenedEngine> {
    let options = IndexOptions { verify: reads_all, progress: Some(show), ..IndexOptions::default() };
    let opened = engine_opener(settings).open(now, Timestamp::now(), &options)?;
    log(&opened);
    Ok(opened)
}

/// The remedy for a damaged index.
pub const REBUILD_HINT: &str = "ask any question: the index is then rebuilt";

/// Every problem of the index with its remedy; `None` if there is no index. Every byte of it is read. Opening repairs
/// visible damage; that is a problem too, because a failing disk seldom fails only once.
pub fn inspect(settings: &Settings, now: Timestamp) -> Result<Option<Vec<(String, &'static str)>>> {
    if !engine_opener(settings).index_folder()?.exists() {
        return Ok(None);
    }
    let OpenedEngine { engine, report, .. } = open_with_report(settings, false, now, &|_| {})?;
    let mut problems: Vec<_> = report
        .notices
        .iter()
        .filter_map(|notice| {
            let todo = match notice {
                IndexNotice::Rebuilt { .. } => "nothing for now; check the disk if it happens again",
                IndexNotice::InMemory { .. } => {
                    "make the folder writable, or name another one with --state-dir DIR"
                }
                _ => return None,
            };
            Some((notice.to_string(), todo))
        })
        .collect();
    let damaged = engine.index().validate()?;
    if !damaged.is_empty() {
        let what = format!("these files of the index are damaged: {}", damaged.join(", "));
        problems.push((what, REBUILD_HINT));
    }
    Ok(Some(problems))
}

fn log(opened: &OpenedEngine) {
    let OpenedEngine { engine, report, left_out, .. } = opened;
    let posts = engine.index().posts();
    let OpenReport { files, read, added, changed, removed, kept, .. } = report;
    tracing::info!(posts, files, read, added, changed, removed, kept, "the index is open");
    for notice in &report.notices {
        tracing::warn!("{notice}");
    }
    log_unread(&opened.unread());
    // Without posts, the last warning says what to do.
    if *left_out > 0 && posts > 0 {
        let what = pluralise(*left_out, "problem");
        tracing::warn!("{what} while listing the corpus: `takeaways corpus check` shows what was left out");
    }
    let rejected = usize::try_from(engine.index().status().rejected).unwrap_or(usize::MAX);
    if rejected > 0 {
        let what = if rejected == 1 {
            "1 file was left out because of its content".to_owned()
        } else {
            format!("{rejected} files were left out because of their content")
        };
        tracing::warn!("{what}: `takeaways corpus check` says why");
    }
    if posts == 0 {
        tracing::warn!("the corpus has no posts: run `takeaways corpus check`");
    }
}

/// The most files and folders that are named in one warning.
const MAX_NAMED: usize = 3;

/// Warns of files and folders that could not be read, in one line.
fn log_unread(unread: &[String]) {
    if unread.is_empty() {
        return;
    }
    let mut named: Vec<String> = unread.iter().take(MAX_NAMED).cloned().collect();
    if unread.len() > MAX_NAMED {
        named.push(format!("and {} more", unread.len() - MAX_NAMED));
    }
    let what = if unread.len() == 1 {
        "1 file or folder".to_owned()
    } else {
        format!("{} files or folders", unread.len())
    };
    tracing::warn!("{what} could not be read now; what was read before stays: {}", named.join(", "));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consecutive_years_are_joined() {
        let one = Years::single;
        for (years, expected) in [
            (vec![], Some(None)),
            (vec![one(2019)], Some(Some((2019, 2019)))),
            (vec![one(2020), one(2019)], Some(Some((2019, 2020)))),
            (vec![Years::between(2015, 2020), one(2017)], Some(Some((2015, 2020)))),
            (vec![one(2018), one(2020)], None),
        ] {
            let merged = merge_years(&years).ok().map(|range| range.map(|it| (it.first, it.last)));
            assert_eq!(merged, expected, "{years:?}");
        }
    }
}
