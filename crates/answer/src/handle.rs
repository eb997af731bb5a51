//! The engine as the bot and the command line share it: every answer is verified, damage is repaired, and changed posts
//! come in by swapping the engine as a whole.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arc_swap::ArcSwap;
use jiff::Timestamp;

use super::engine::{AnswerError, Engine, Request};
use super::explain::Explanation;
use super::verify::{QuoteMismatch, verify_answer};
use crate::suggestions::examples;
use takeaways_search::{Facets, SearchError};
use takeaways_text::model::{Answer, Event};

/// Opens an engine: from nothing, or the given one with all changes since; `None` if nothing has changed. Effects:
/// reads posts, reads and writes the index.
pub type OpenEngine = Box<dyn Fn(Option<&Engine>) -> Result<Option<Engine>, OpenEngineError> + Send + Sync>;
/// Why no engine could be opened.
pub type OpenEngineError = Box<dyn std::error::Error + Send + Sync>;

/// Answers questions from the current engine.
pub struct EngineHandle {
    snapshot: ArcSwap<Snapshot>,
    open: OpenEngine,
    /// Held while another snapshot is made, so that an older one never replaces a newer one.
    opening: Mutex<()>,
    limit: usize,
}

/// One state of the engine. Whoever holds it keeps it, also after another one has replaced it.
pub struct Snapshot {
    engine: Engine,
    examples: OnceLock<Vec<String>>,
}

/// An answer with all that a page needs. Each of its quotes was compared with its post.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedAnswer {
    /// The answer.
    pub answer: Answer,
    /// The events of its scope.
    pub events: Vec<Event>,
}

/// Why there is no answer, not even "nothing found".
#[derive(Debug, thiserror::Error)]
pub enum HandleError {
    /// The engine failed.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// A quote differs from its post.
    #[error(transparent)]
    Quote(#[from] QuoteMismatch),
    /// The index is damaged and could not be built anew.
    #[error("the index is damaged and can't be opened anew")]
    Damaged(#[source] OpenEngineError),
    /// A test makes it fail.
    #[error("a test wants this to fail")]
    Fault,
}

impl From<SearchError> for HandleError {
    fn from(error: SearchError) -> Self {
        AnswerError::from(error).into()
    }
}

impl EngineHandle {
    /// Answers from `engine`, with at most `limit` excerpts unless a request says otherwise. `open` brings it up to date
    /// and repairs it.
    #[must_use]
    pub fn new(engine: Engine, open: OpenEngine, limit: usize) -> Self {
        Self { snapshot: ArcSwap::from_pointee(Snapshot::new(engine)), open, opening: Mutex::new(()), limit }
    }

    /// The current engine.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// The most excerpts of an answer, as the settings say.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// The answer, verified. A damaged index is repaired once. Takes the processor, and sometimes the disk: not for a
    /// thread that others wait for.
    ///
    /// # Errors
    /// If the index can't be read or repaired, or a quote differs from its post.
    pub fn answer(&self, request: &Request) -> Result<VerifiedAnswer, HandleError> {
        self.with_repair(|snapshot| Ok(snapshot.answer(request, None)?.0))
    }

    /// The answer, verified, and why it is what it is: both from one search. The explanation holds the best `most`
    /// candidates and all that are shown.
    ///
    /// # Errors
    /// As [`EngineHandle::answer`].
    pub fn explain(
        &self,
        request: &Request,
        most: usize,
    ) -> Result<(VerifiedAnswer, Option<Explanation>), HandleError> {
        self.with_repair(|snapshot| snapshot.answer(request, Some(most)))
    }

    /// Takes in changed posts; whether there were any. Meanwhile questions are answered from the snapshot before. Takes
    /// the disk and the processor.
    ///
    /// # Errors
    /// If the posts or the index can't be read; the snapshot before stays.
    pub fn reload(&self) -> Result<bool, OpenEngineError> {
        let _one = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.snapshot();
        let Some(engine) = (self.open)(Some(&current.engine))? else { return Ok(false) };
        self.snapshot.store(Arc::new(Snapshot::new(engine)));
        Ok(true)
    }

    /// Damage is often seen only when the damaged part is read, so it is repaired here and not only when opening.
    fn with_repair<T>(&self, work: impl Fn(&Snapshot) -> Result<T, HandleError>) -> Result<T, HandleError> {
        if takeaways_faults::should_fail("answer") {
            return Err(HandleError::Fault);
        }
        let current = self.snapshot();
        match work(&current) {
            Err(error) if error.is_damage() => {
                self.repair(&current)?;
                work(&self.snapshot())
            }
            done => done,
        }
    }

    /// Opens a damaged index anew. If several threads meet the damage at once, one of them repairs it.
    fn repair(&self, damaged: &Arc<Snapshot>) -> Result<(), HandleError> {
        let _one = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(damaged, &self.snapshot()) {
            return Ok(());
        }
        tracing::warn!("the index is damaged and is built anew");
        if let Some(engine) = (self.open)(None).map_err(HandleError::Damaged)? {
            self.snapshot.store(Arc::new(Snapshot::new(engine)));
        }
        Ok(())
    }
}

impl Snapshot {
    fn new(engine: Engine) -> Self {
        Self { engine, examples: OnceLock::new() }
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The events, years and authors of the posts that are visible at a time.
    ///
    /// # Errors
    /// If the index can't be read.
    pub fn facets(&self, now: Timestamp) -> Result<Arc<Facets>, SearchError> {
        self.engine.index().facets(now)
    }

    /// Questions that have an answer, to show what can be asked.
    pub fn examples(&self, now: Timestamp) -> &[String] {
        if let Some(known) = self.examples.get() {
            return known;
        }
        match examples(&self.engine, now) {
            Ok(found) => self.examples.get_or_init(|| found),
            Err(error) => {
                tracing::warn!(%error, "no examples can be made");
                &[]
            }
        }
    }

    /// The verified answer; with the explanation if `most` is set.
    fn answer(
        &self,
        request: &Request,
        most: Option<usize>,
    ) -> Result<(VerifiedAnswer, Option<Explanation>), HandleError> {
        let (plan, ranked) = self.engine.rank_candidates(request)?;
        let explanation = most.map(|most| self.engine.explanation(request, &plan, &ranked, most));
        let mut answer = self.engine.answer_from(request, &plan, ranked)?;
        if takeaways_faults::should_fail("quote") {
            corrupt(&mut answer);
        }
        verify_answer(&answer, self.engine.index())?;
        Ok((VerifiedAnswer { answer, events: plan.events }, explanation))
    }
}

impl HandleError {
    fn is_damage(&self) -> bool {
        matches!(self, Self::Answer(AnswerError::Search(SearchError::Damaged { .. })))
    }
}

/// For the tests that show that such an answer is never shown.
fn corrupt(answer: &mut Answer) {
    if let Answer::Cited { excerpts, .. } = answer {
        for excerpt in excerpts {
            excerpt.quote.text.push('!');
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::{CandidateText, ScopeOptions, Scorer, Strictness};
    use takeaways_corpus::{Corpus, CorpusSettings};
    use takeaways_search::{CorpusFiles, Index, IndexOptions};

    const NOW: &str = "2026-11-20T00:00:00Z";

    fn now() -> Timestamp {
        NOW.parse().expect("a time")
    }

    /// Over the notes that are compiled in.
    fn engine() -> Engine {
        let corpus = Corpus::new(CorpusSettings::default());
        let files = CorpusFiles::list(&corpus, now());
        let (index, _) =
            Index::open(None, &files, now(), &IndexOptions::default()).expect("an index in memory");
        Engine::new(Arc::new(index), Strictness::default())
    }

    fn request(question: &str) -> Request {
        let question = question.parse().expect("a question");
        Request { question, scope_options: ScopeOptions::default(), limit: 3, now: now() }
    }

    fn damage() -> HandleError {
        SearchError::Damaged { reason: "a test says so".into() }.into()
    }

    /// Opens the notes anew, and counts how often.
    fn counting_handle() -> (EngineHandle, Arc<AtomicUsize>) {
        let opened = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&opened);
        let open = move |known: Option<&Engine>| -> Result<Option<Engine>, OpenEngineError> {
            count.fetch_add(1, Ordering::SeqCst);
            Ok(known.is_none().then(engine))
        };
        (EngineHandle::new(engine(), Box::new(open), 3), opened)
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

    /// Counts how often candidates are scored: once in each search that finds any.
    #[derive(Debug, Default)]
    struct CountingScorer(AtomicUsize);

    impl Scorer for CountingScorer {
        fn scores(&self, _: &str, candidates: &[CandidateText<'_>]) -> Vec<f32> {
            self.0.fetch_add(1, Ordering::SeqCst);
            vec![0.0; candidates.len()]
        }
    }

    #[test]
    fn an_explanation_searches_no_more_than_its_answer() {
        for question in ["what about service mesh?", "how many came to San Diego?", "who sang of sourdough?"]
        {
            let searches = [None, Some(50)].map(|most| {
                let scorer = Arc::new(CountingScorer::default());
                let engine = engine().with_scorer(Arc::clone(&scorer) as Arc<dyn Scorer>, 0.0);
                let handle = EngineHandle::new(engine, Box::new(|_| Ok(None)), 3);
                match most {
                    Some(most) => drop(handle.explain(&request(question), most).expect("an answer")),
                    None => drop(handle.answer(&request(question)).expect("an answer")),
                }
                scorer.0.load(Ordering::SeqCst)
            });
            assert!(searches[0] > 0 && searches[0] == searches[1], "{question}: {searches:?}");
        }
    }

    #[test]
    fn the_explained_answer_is_the_answer() {
        let (handle, _) = counting_handle();
        for question in ["what did people say about service mesh?", "who sang about sourdough?"] {
            let request = request(question);
            let (explained, explanation) = handle.explain(&request, 5).expect("an answer");
            assert_eq!(explained, handle.answer(&request).expect("an answer"), "{question}");
            let explanation = explanation.expect("an explanation");
            let is_cited = matches!(explained.answer, Answer::Cited { .. });
            assert_eq!(explanation.is_confident_enough(), is_cited, "{question}");
        }
    }

    #[test]
    fn damage_is_repaired_once_and_the_work_is_done_again() {
        let (handle, opened) = counting_handle();
        let tries = AtomicUsize::new(0);
        let done = handle.with_repair(|_| match tries.fetch_add(1, Ordering::SeqCst) {
            0 => Err(damage()),
            _ => Ok("done"),
        });
        assert_eq!((done.expect("repaired"), opened.load(Ordering::SeqCst)), ("done", 1));
        let hopeless: Result<(), _> = handle.with_repair(|_| Err(damage()));
        assert!(hopeless.is_err());
        assert_eq!(opened.load(Ordering::SeqCst), 2, "damage that stays is repaired once and then told");
    }

    #[test]
    fn whoever_meets_old_damage_repairs_nothing() {
        let (handle, opened) = counting_handle();
        let old = handle.snapshot();
        handle.repair(&old).expect("repaired");
        handle.repair(&old).expect("was repaired before");
        assert_eq!(opened.load(Ordering::SeqCst), 1);
        assert!(!Arc::ptr_eq(&old, &handle.snapshot()));
    }

    #[test]
    fn a_reload_without_changes_keeps_the_snapshot() {
        let (handle, _) = counting_handle();
        let before = handle.snapshot();
        assert!(!handle.reload().expect("nothing to read"));
        assert!(Arc::ptr_eq(&before, &handle.snapshot()));
    }

    #[test]
    fn what_can_not_be_opened_anew_is_an_error() {
        let handle = EngineHandle::new(engine(), Box::new(|_| Err("no disk".into())), 3);
        let error = handle.with_repair::<()>(|_| Err(damage())).expect_err("no disk");
        assert!(matches!(error, HandleError::Damaged(_)), "{error}");
    }

    #[test]
    fn a_corrupted_quote_differs() {
        let engine = engine();
        let mut answer =
            engine.answer(&request("what did people say about service mesh?")).expect("an answer");
        corrupt(&mut answer);
        assert!(matches!(verify_answer(&answer, engine.index()), Err(QuoteMismatch::TextDiffers { .. })));
    }
}
