//! The recaps that are answered from: one engine for all who ask, swapped as a whole when the posts have changed.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arc_swap::ArcSwap;
use jiff::Timestamp;

use takeaways_answer::{AnswerError, Engine, Request, verify};
use takeaways_delivery::PostSource;
use takeaways_search::{Facets, Index, RetrievalError};
use takeaways_text::model::{Answer, Event};

/// Opens what is to be answered from: from nothing, or what an engine has with all that has changed since. `None` where
/// nothing has. Effects: reads and writes the index.
pub type Open = Box<dyn Fn(Option<&Engine>) -> Result<Option<Engine>, OpenError> + Send + Sync>;
/// Why nothing could be opened.
pub type OpenError = Box<dyn std::error::Error + Send + Sync>;

/// The recaps.
pub struct Recaps {
    shelf: ArcSwap<Shelf>,
    open: Open,
    /// Held while another state is made, so that no older one takes the place of a newer one.
    opening: Mutex<()>,
    /// The most excerpts in an answer.
    limit: usize,
}

/// One state of the recaps. Whoever holds it keeps it, also while another takes its place.
pub struct Shelf {
    engine: Engine,
    examples: OnceLock<Vec<String>>,
}

/// An answer with all that is needed to show it.
pub struct Answered {
    /// The answer; each of its quotes was compared with its post.
    pub answer: Answer,
    /// The events of its scope.
    pub events: Vec<Event>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum RecapsError {
    /// The engine failed.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// A quote is not what its post says.
    #[error(transparent)]
    Differs(#[from] takeaways_answer::Differs),
    /// What is damaged could not be opened anew.
    #[error("the index is damaged and can't be opened anew")]
    Damaged(#[source] OpenError),
    /// A test wants it.
    #[error("a test wants this to fail")]
    Fault,
}

impl From<RetrievalError> for RecapsError {
    fn from(error: RetrievalError) -> Self {
        AnswerError::from(error).into()
    }
}

impl Recaps {
    /// Answers from an engine; `open` brings it up to date.
    #[must_use]
    pub fn new(engine: Engine, open: Open, limit: usize) -> Self {
        Self { shelf: ArcSwap::from_pointee(Shelf::new(engine)), open, opening: Mutex::new(()), limit }
    }

    /// What there is now.
    #[must_use]
    pub fn shelf(&self) -> Arc<Shelf> {
        self.shelf.load_full()
    }

    /// The most excerpts in an answer.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// The answer, with its quotes compared with their posts. What is damaged is opened anew, once. Takes the
    /// processor, and sometimes the disk: not for a thread that others wait for.
    ///
    /// # Errors
    /// See [`RecapsError`].
    pub fn answer(&self, request: &Request) -> Result<Answered, RecapsError> {
        if takeaways_faults::strikes("answer") {
            return Err(RecapsError::Fault);
        }
        let current = self.shelf();
        match current.answer(request) {
            Err(RecapsError::Answer(AnswerError::Retrieval(RetrievalError::Damaged { .. }))) => {
                self.mend(&current)?;
                self.shelf().answer(request)
            }
            answered => answered,
        }
    }

    /// Opens anew what is damaged; of all who meet it at once, one does.
    fn mend(&self, damaged: &Arc<Shelf>) -> Result<(), RecapsError> {
        let _one = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(damaged, &self.shelf()) {
            return Ok(());
        }
        tracing::warn!("the index is damaged and is built anew");
        if let Some(engine) = (self.open)(None).map_err(RecapsError::Damaged)? {
            self.shelf.store(Arc::new(Shelf::new(engine)));
        }
        Ok(())
    }

    /// Takes in what has changed; whether anything has. Whoever asks meanwhile is answered from what there was. Takes
    /// the disk and the processor.
    ///
    /// # Errors
    /// Where the posts or the index can't be read; what there was goes on to answer.
    pub fn reload(&self) -> Result<bool, OpenError> {
        let _one = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.shelf();
        let Some(engine) = (self.open)(Some(&current.engine))? else { return Ok(false) };
        self.shelf.store(Arc::new(Shelf::new(engine)));
        Ok(true)
    }
}

impl PostSource for Recaps {
    fn index(&self) -> Arc<Index> {
        Arc::clone(self.shelf().engine().index())
    }

    fn reload(&self) -> Result<bool, OpenError> {
        Self::reload(self)
    }
}

impl Shelf {
    fn new(engine: Engine) -> Self {
        Self { engine, examples: OnceLock::new() }
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The events, years and authors that there are at a time.
    ///
    /// # Errors
    /// Where the index can't be read.
    pub fn facets(&self, now: Timestamp) -> Result<Arc<Facets>, RetrievalError> {
        self.engine.index().facets(now)
    }

    /// Questions that have an answer, to show what can be asked.
    pub fn examples(&self, now: Timestamp) -> &[String] {
        if let Some(known) = self.examples.get() {
            return known;
        }
        match takeaways_answer::examples(&self.engine, now) {
            Ok(found) => self.examples.get_or_init(|| found),
            Err(error) => {
                tracing::warn!(%error, "no examples can be made");
                &[]
            }
        }
    }

    fn answer(&self, request: &Request) -> Result<Answered, RecapsError> {
        let mut answer = self.engine.answer(request)?;
        if takeaways_faults::strikes("quote") {
            spoil(&mut answer);
        }
        verify(&answer, self.engine.index())?;
        let scope = answer.scope();
        let mut events = Vec::new();
        if !scope.events.is_empty() {
            let facets = self.facets(request.now)?;
            let named =
                facets.events.iter().map(|(event, _)| event).filter(|event| scope.events.contains(&event.id));
            events.extend(named.cloned());
        }
        Ok(Answered { answer, events })
    }
}

/// For the test that shows that such an answer is not sent.
fn spoil(answer: &mut Answer) {
    if let Answer::Cited { excerpts, .. } = answer {
        for excerpt in excerpts {
            excerpt.quoted.quote.push('!');
        }
    }
}
