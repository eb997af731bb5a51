//! The handle through which the bot and the command line ask: it verifies answers, repairs damage and reloads posts.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arc_swap::ArcSwap;
use jiff::Timestamp;

use crate::{
    engine::{AnswerError, AnswerLimits, Engine, EngineAnswer, Request},
    excerpt_place::ExcerptPlace,
    explain::Explanation,
    question_names::QuestionNames,
    resolve::NameRole,
    spelling::{PreparedRequest, Respelling},
    suggestions::examples,
    verify::{QuoteMismatch, verify_answer},
};
use takeaways_search::{Facets, Filter, SearchError};
use takeaways_text::model::{Answer, Event, Excerpt};

/// Opens an engine: without an argument from nothing, else the given engine with all changes since it was opened.
/// Effects: reads posts, reads and writes the index.
pub type OpenEngine = Box<dyn Fn(Option<&Engine>) -> Result<ReopenedEngine, OpenEngineError> + Send + Sync>;
/// Why no engine could be opened.
pub type OpenEngineError = Box<dyn std::error::Error + Send + Sync>;

/// An engine that was opened again.
pub struct ReopenedEngine {
    /// The engine; `None` if nothing has changed.
    pub engine: Option<Engine>,
    /// The files and folders that could not be read, each with the reason. What was read of them before stays.
    pub unread: Vec<String>,
}

impl From<Option<Engine>> for ReopenedEngine {
    fn from(engine: Option<Engine>) -> Self {
        Self { engine, unread: Vec::new() }
    }
}

/// The outcome of a reload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reload {
    /// Whether posts have changed.
    pub is_changed: bool,
    /// The files and folders that could not be read, each with the reason. What was read of them before stays.
    pub unread: Vec<String>,
}

impl Reload {
    /// Returns the outcome as the metric of reloads names it: `failed`, if something could not be read, `changed` or
    /// `unchanged`.
    pub fn outcome(&self) -> &'static str {
        match self {
            Self { unread, .. } if !unread.is_empty() => "failed",
            Self { is_changed: true, .. } => "changed",
            Self { is_changed: false, .. } => "unchanged",
        }
    }
}

/// Answers questions from the current snapshot.
pub struct EngineHandle {
    snapshot: ArcSwap<Snapshot>,
    open: OpenEngine,
    /// Locked while a snapshot is opened, so that an older snapshot never replaces a newer one.
    opening: Mutex<()>,
    limits: AnswerLimits,
}

/// One state of the engine. It stays valid for its holders after another snapshot has replaced it.
pub struct Snapshot {
    engine: Engine,
    examples: OnceLock<Vec<String>>,
}

/// An answer whose quotes were compared with their posts, with what a page about it needs.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedAnswer {
    /// The answer.
    pub answer: Answer,
    /// The events of the answer's scope.
    pub events: Vec<Event>,
    /// What may be shown if somebody asks for more, best first.
    pub further: Vec<ExcerptPlace>,
    /// The words of the question that were read as others.
    pub respelled: Vec<Respelling>,
}

impl VerifiedAnswer {
    /// An answer beside which nothing more may be shown, to a question that was read as it was typed.
    pub fn new(answer: Answer, events: Vec<Event>) -> Self {
        Self { answer, events, further: Vec::new(), respelled: Vec::new() }
    }
}

/// Why a question got no answer, not even a refusal.
#[derive(Debug, thiserror::Error)]
pub enum HandleError {
    /// The engine failed.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// A quote differs from its post.
    #[error(transparent)]
    Quote(#[from] QuoteMismatch),
    /// The index is damaged and could not be rebuilt.
    #[error("the index is damaged and can't be rebuilt")]
    Damaged(#[source] OpenEngineError),
    /// A fail point of a test.
    #[error("a test wants this to fail")]
    Fault,
}

impl From<SearchError> for HandleError {
    fn from(error: SearchError) -> Self {
        AnswerError::from(error).into()
    }
}

impl EngineHandle {
    /// Returns a handle to `engine`. `limits` are those that callers ask for by default. `open` reloads and repairs the
    /// engine.
    pub fn new(engine: Engine, open: OpenEngine, limits: impl Into<AnswerLimits>) -> Self {
        let (snapshot, limits) = (ArcSwap::from_pointee(Snapshot::new(engine)), limits.into());
        Self { snapshot, open, opening: Mutex::new(()), limits }
    }

    /// Returns the current snapshot.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// Returns how much an answer shows, unless a caller says otherwise.
    pub fn limits(&self) -> AnswerLimits {
        self.limits
    }

    /// Answers a question and verifies the answer. A damaged index is repaired once. Blocks on the processor and
    /// sometimes on the disk, so it must not be called in an asynchronous task.
    ///
    /// # Errors
    /// If the index can't be read or repaired, or a quote differs from its post.
    pub fn answer(&self, request: &Request) -> Result<VerifiedAnswer, HandleError> {
        self.with_repair(|snapshot| Ok(snapshot.answer_prepared(request, None)?.0))
    }

    /// Answers as [`EngineHandle::answer`] and explains the answer, from one search. The explanation has the best
    /// `max_candidates` candidates and all that are shown.
    ///
    /// # Errors
    /// As [`EngineHandle::answer`].
    pub fn explain(
        &self,
        request: &Request,
        max_candidates: usize,
    ) -> Result<(VerifiedAnswer, Option<Explanation>), HandleError> {
        self.with_repair(|snapshot| snapshot.answer_prepared(request, Some(max_candidates)))
    }

    /// Takes in changed posts. Meanwhile questions are answered from the old snapshot. Blocks on the disk and the
    /// processor.
    ///
    /// # Errors
    /// If the posts or the index can't be read; then the old snapshot stays.
    pub fn reload(&self) -> Result<Reload, OpenEngineError> {
        let _guard = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.snapshot();
        let ReopenedEngine { engine, unread } = (self.open)(Some(&current.engine))?;
        let is_changed = engine.is_some();
        if let Some(engine) = engine {
            self.snapshot.store(Arc::new(Snapshot::new(engine)));
        }
        Ok(Reload { is_changed, unread })
    }

    /// Does some work, and again after a repair if it meets damage. Damage often shows only when the damaged part is
    /// read, so it is repaired here and not only when the index is opened.
    pub(super) fn with_repair<T>(
        &self,
        work: impl Fn(&Snapshot) -> Result<T, HandleError>,
    ) -> Result<T, HandleError> {
        if takeaways_faults::should_fail("answer") {
            return Err(HandleError::Fault);
        }
        let current = self.snapshot();
        match work(&current) {
            Err(error) if error.is_damage() => {
                self.repair(&current)?;
                work(&self.snapshot())
            }
            result => result,
        }
    }

    /// Rebuilds a damaged index. If several threads meet the damage at once, one of them repairs it.
    fn repair(&self, damaged: &Arc<Snapshot>) -> Result<(), HandleError> {
        let _guard = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(damaged, &self.snapshot()) {
            return Ok(());
        }
        tracing::warn!("the index is damaged and is built anew");
        if let Some(engine) = (self.open)(None).map_err(HandleError::Damaged)?.engine {
            self.snapshot.store(Arc::new(Snapshot::new(engine)));
        }
        Ok(())
    }
}

impl Snapshot {
    fn new(engine: Engine) -> Self {
        Self { engine, examples: OnceLock::new() }
    }

    /// Returns the engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Returns the events, years, authors and topics of the posts that are visible at a time.
    ///
    /// # Errors
    /// If the index can't be read.
    pub fn facets(&self, now: Timestamp) -> Result<Arc<Facets>, SearchError> {
        self.engine.index().facets(now)
    }

    /// Returns the number of notes on drafts. All posts are read, so it is for a small corpus.
    ///
    /// # Errors
    /// If the index can't be read.
    pub fn notes_on_drafts(&self, now: Timestamp) -> Result<usize, SearchError> {
        let filter = Filter { visible_at: now, ..Filter::default() };
        let (posts, _) = self.engine.index().posts_in(&filter, usize::MAX)?;
        Ok(posts.iter().filter(|post| post.is_about_draft).count())
    }

    /// Returns questions that have an answer, to show what can be asked. They are searched once for each snapshot.
    pub fn examples(&self, now: Timestamp) -> &[String] {
        if let Some(examples) = self.examples.get() {
            return examples;
        }
        match examples(&self.engine, now) {
            Ok(examples) => self.examples.get_or_init(|| examples),
            Err(error) => {
                tracing::warn!(%error, "no examples can be made");
                &[]
            }
        }
    }

    /// As [`Snapshot::answer`], with the question in right spelling.
    fn answer_prepared(
        &self,
        request: &Request,
        max_candidates: Option<usize>,
    ) -> Result<(VerifiedAnswer, Option<Explanation>), HandleError> {
        let PreparedRequest { request, respelled } = self.engine.prepared(request)?;
        let (answer, explanation) = self.answer(&request, max_candidates)?;
        Ok((VerifiedAnswer { respelled, ..answer }, explanation))
    }

    /// Returns the verified answer, and the explanation if `max_candidates` is set.
    pub(super) fn answer(
        &self,
        request: &Request,
        max_candidates: Option<usize>,
    ) -> Result<(VerifiedAnswer, Option<Explanation>), HandleError> {
        let names = self.engine.find_names(request, NameRole::Subject)?;
        self.answer_named(request, names, max_candidates)
    }

    /// As [`Snapshot::answer`]. `names` are those of the question, as its subject.
    pub(super) fn answer_named(
        &self,
        request: &Request,
        names: QuestionNames,
        max_candidates: Option<usize>,
    ) -> Result<(VerifiedAnswer, Option<Explanation>), HandleError> {
        let EngineAnswer { mut answer, events, further, explanation } =
            self.engine.answer_explained(request, names, max_candidates)?;
        let is_shown = |place: &ExcerptPlace| {
            let same = |it: &Excerpt| it.citation.post == place.post && it.quote.span.overlaps(place.span);
            answer.excerpts().iter().any(same)
        };
        let further = further.into_iter().filter(|place| !is_shown(place)).collect();
        if takeaways_faults::should_fail("quote") {
            corrupt(&mut answer);
        }
        verify_answer(&answer, self.engine.index())?;
        Ok((VerifiedAnswer { further, ..VerifiedAnswer::new(answer, events) }, explanation))
    }
}

impl HandleError {
    fn is_damage(&self) -> bool {
        matches!(self, Self::Answer(AnswerError::Search(SearchError::Damaged { .. })))
    }
}

/// Changes all quotes, for tests of the verification.
fn corrupt(answer: &mut Answer) {
    let excerpts = match answer {
        Answer::Cited { excerpts, .. } => excerpts,
        Answer::Overview(overview) => &mut overview.excerpts,
        Answer::NothingFound { nearest, .. } => {
            nearest.as_deref_mut().map(std::slice::from_mut).unwrap_or_default()
        }
    };
    for excerpt in excerpts {
        excerpt.quote.text.push('!');
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::{
        conversation::Reply,
        samples::{engine, request},
    };

    fn damage() -> HandleError {
        SearchError::Damaged { reason: "a test says so".into() }.into()
    }

    /// A handle that opens the notes again, and the number of its openings.
    fn counting_handle() -> (EngineHandle, Arc<AtomicUsize>) {
        let openings = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&openings);
        let open = move |current: Option<&Engine>| -> Result<ReopenedEngine, OpenEngineError> {
            count.fetch_add(1, Ordering::SeqCst);
            Ok(current.is_none().then(engine).into())
        };
        (EngineHandle::new(engine(), Box::new(open), 3), openings)
    }

    #[test]
    fn an_answer_brings_the_events_of_its_scope() {
        let (handle, _) = counting_handle();
        let answered = handle.answer(&request("how many people came to San Diego?")).expect("an answer");
        assert!(!answered.answer.excerpts().is_empty());
        let names: Vec<String> = answered.events.iter().map(Event::label).collect();
        assert_eq!(names, ["KubeCon NA 2019, San Diego"]);
        let everywhere = handle.answer(&request("what about sourdough?")).expect("an answer");
        assert_eq!(everywhere.events, []);
    }

    #[test]
    fn every_way_to_an_answer_tells_what_was_read_for_a_misspelt_word() {
        let (handle, _) = counting_handle();
        let request = request("how many people were in San Deigo?");
        let (explained, _) = handle.explain(&request, 5).expect("an answer");
        let first = handle.begin(&request).expect("an answer");
        let Ok(Reply::Answer(reply)) = handle.converse(None, &request) else { panic!("no answer") };
        let answered = handle.answer(&request).expect("an answer");
        for verified in [answered, explained, first.verified, reply.verified] {
            let told: Vec<&str> = verified.respelled.iter().map(|it| it.read.as_str()).collect();
            assert_eq!(told, ["San Diego"]);
        }
    }

    #[test]
    fn the_explained_answer_is_the_answer() {
        let (handle, _) = counting_handle();
        for question in ["service mesh?", "who sang about sourdough?"] {
            let request = request(question);
            let (explained, explanation) = handle.explain(&request, 5).expect("an answer");
            assert_eq!(explained, handle.answer(&request).expect("an answer"), "{question}");
            let explanation = explanation.expect("an explanation");
            let is_cited = matches!(explained.answer, Answer::Cited { .. });
            assert_eq!(explanation.is_answered(), is_cited, "{question}");
        }
    }

    #[test]
    fn damage_is_repaired_once_and_the_work_is_done_again() {
        let (handle, openings) = counting_handle();
        let tries = AtomicUsize::new(0);
        let result = handle.with_repair(|_| match tries.fetch_add(1, Ordering::SeqCst) {
            0 => Err(damage()),
            _ => Ok("done"),
        });
        assert_eq!((result.expect("repaired"), openings.load(Ordering::SeqCst)), ("done", 1));
        let hopeless: Result<(), _> = handle.with_repair(|_| Err(damage()));
        assert!(hopeless.is_err());
        assert_eq!(
            openings.load(Ordering::SeqCst),
            2,
            "damage that stays is repaired once and then an error"
        );
    }

    #[test]
    fn damage_of_an_old_snapshot_is_not_repaired_again() {
        let (handle, openings) = counting_handle();
        let old = handle.snapshot();
        handle.repair(&old).expect("repaired");
        handle.repair(&old).expect("was repaired before");
        assert_eq!(openings.load(Ordering::SeqCst), 1);
        assert!(!Arc::ptr_eq(&old, &handle.snapshot()));
    }

    #[test]
    fn a_reload_without_changes_keeps_the_snapshot() {
        let (handle, _) = counting_handle();
        let before = handle.snapshot();
        assert_eq!(handle.reload().expect("nothing to read"), Reload::default());
        assert!(Arc::ptr_eq(&before, &handle.snapshot()));
    }

    #[test]
    fn a_reload_that_leaves_files_unread_has_failed_even_if_others_changed() {
        let outcome = |is_changed, unread: &[&str]| {
            Reload { is_changed, unread: unread.iter().map(ToString::to_string).collect() }.outcome()
        };
        assert_eq!((outcome(false, &[]), outcome(true, &[])), ("unchanged", "changed"));
        assert_eq!((outcome(false, &["a.md"]), outcome(true, &["a.md"])), ("failed", "failed"));
    }

    #[test]
    fn a_repair_that_fails_is_an_error() {
        let handle = EngineHandle::new(engine(), Box::new(|_| Err("no disk".into())), 3);
        let error = handle.with_repair::<()>(|_| Err(damage())).expect_err("no disk");
        assert!(matches!(error, HandleError::Damaged(_)), "{error}");
    }

    #[test]
    fn a_corrupted_quote_differs() {
        let engine = engine();
        let mut answer = engine.answer(&request("service mesh?")).expect("an answer");
        corrupt(&mut answer);
        assert!(matches!(verify_answer(&answer, engine.index()), Err(QuoteMismatch::TextDiffers { .. })));
    }
}
