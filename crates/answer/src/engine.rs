//! The engine: one question to one answer, the same way for everyone who asks.

use std::sync::Arc;

use jiff::Timestamp;

use super::age;
use super::choose::{choose, excerpt, in_order};
use super::confidence::{Signals, Strictness, confidence};
use super::offers::offers;
use super::passage_cache::PassageCache;
use super::scope::{Chosen, Reading, Wish};
use super::scorers::{Scorer, Scorers};
use super::told_of;
use super::understand::{Understood, understand};
use super::windows::{Reader, Window};
use takeaways_corpus::events::EventTable;
use takeaways_search::{Index, RetrievalError};
use takeaways_text::model::{Answer, EventId, Excerpt, Missing, Question, Scope};

/// The most excerpts of an answer.
pub const MAX_EXCERPTS: usize = 3;
/// How many passages the sentences are compared of. With 32 the first excerpt of 441 questions was right no more often,
/// and each costs time.
const CANDIDATES: usize = 16;

/// Answers questions from an index. Cheap to clone; one index serves as many as ask.
#[derive(Debug, Clone)]
pub struct Engine {
    index: Arc<Index>,
    strictness: Strictness,
    passages: Arc<PassageCache>,
    scorers: Scorers,
}

/// A question with all that its answer depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The question.
    pub question: Question,
    /// The scope chosen beside it.
    pub wish: Wish,
    /// The most excerpts, 1 to [`MAX_EXCERPTS`]; other numbers are taken as the nearest of these.
    pub limit: usize,
    /// When it is asked: "last year" and posts that are not out yet depend on it.
    pub now: Timestamp,
}

/// Why there is no answer, not even "nothing found".
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The index failed.
    #[error("the index could not be searched")]
    Retrieval(#[from] RetrievalError),
}

/// The best windows of a question.
pub(super) struct Found {
    /// In order, best first.
    pub(super) windows: Vec<Window>,
    /// How likely the first one answers the question.
    pub(super) confidence: f32,
    /// What tells that.
    pub(super) signals: Signals,
}

impl Engine {
    /// Over an index.
    #[must_use]
    pub fn new(index: Arc<Index>, strictness: Strictness) -> Self {
        Self { index, strictness, passages: Arc::default(), scorers: Scorers::default() }
    }

    /// The same with one more scorer of stretches; the words' own has the weight 1.
    #[must_use]
    pub fn with_scorer(mut self, scorer: Arc<dyn Scorer>, weight: f32) -> Self {
        self.scorers.push(scorer, weight);
        self
    }

    /// The index.
    #[must_use]
    pub fn index(&self) -> &Arc<Index> {
        &self.index
    }

    /// Answers a question: one to three excerpts, or what was looked for in vain and what to try instead.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn answer(&self, request: &Request) -> Result<Answer, AnswerError> {
        let (understood, found) = self.attempt(request)?;
        self.answer_from(request, &understood, found)
    }

    /// The answer that the candidates of a question make.
    pub(super) fn answer_from(
        &self,
        request: &Request,
        understood: &Understood,
        found: Found,
    ) -> Result<Answer, AnswerError> {
        let scope = understood.scope.clone();
        let Found { windows, confidence, .. } = found;
        if self.suffices(confidence) {
            let excerpts = excerpts(windows, request, &scope);
            if !excerpts.is_empty() {
                let newest = age::newest(&request.question, &request.wish, &excerpts, request.now);
                return Ok(Answer::Cited { excerpts, scope, newest, confidence });
            }
        }
        let offers = offers(self, request, understood)?;
        let mut missing = understood.missing.clone();
        for (name, _) in understood.names().into_iter().filter(|(_, known)| !known) {
            if !missing.iter().any(|other| other.words().contains(&name)) {
                missing.push(Missing::Words(name));
            }
        }
        Ok(Answer::NothingFound { scope, confidence, missing, offers })
    }

    /// Whether a question has an answer, without what to try instead.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub(super) fn has_answer(&self, request: &Request) -> Result<bool, AnswerError> {
        let (_, found) = self.attempt(request)?;
        Ok(!found.windows.is_empty() && self.suffices(found.confidence))
    }

    /// Looks in posts about the events that the question names; where they hold no answer, in all others for
    /// passages that name them: in the first ones the name says nothing, and a second look finds no more.
    pub(super) fn attempt(&self, request: &Request) -> Result<(Understood, Found), AnswerError> {
        let about = self.understand(request, Reading::About)?;
        let found = self.find(request, &about, |_| true)?;
        let named = !about.scope.events.is_empty() || !about.scope.authors.is_empty();
        if self.suffices(found.confidence) || about.chosen.is_any() || !named {
            return Ok((about, found));
        }
        let passing = self.understand(request, Reading::InPassing)?;
        let elsewhere = self.find(request, &passing, |window| tells_of_one(&about.scope.events, window))?;
        Ok(if self.suffices(elsewhere.confidence) { (passing, elsewhere) } else { (about, found) })
    }

    pub(super) fn understand(&self, request: &Request, reading: Reading) -> Result<Understood, AnswerError> {
        Ok(understand(&request.question, &request.wish, reading, &self.index, request.now)?)
    }

    fn suffices(&self, confidence: f32) -> bool {
        confidence >= self.threshold()
    }

    /// The least confidence with which an answer is given.
    pub(super) fn threshold(&self) -> f32 {
        self.strictness.threshold()
    }

    /// Searches and compares the sentences of what was found.
    fn find(
        &self,
        request: &Request,
        understood: &Understood,
        fits: impl Fn(&Window) -> bool,
    ) -> Result<Found, AnswerError> {
        let nothing = Found { windows: Vec::new(), confidence: 0.0, signals: Signals::default() };
        if understood.concepts.is_empty() || understood.chosen == Chosen::NoPosts {
            return Ok(nothing);
        }
        let hits = self.index.search(&understood.query(request.now), CANDIDATES)?;
        let mut windows = Reader::new(understood).windows(&hits, &self.passages);
        self.scorers.score(request.question.text(), &mut windows);
        let phrases = &understood.phrases;
        let events = &understood.scope.events;
        windows.retain(|window| {
            fits(window)
                && phrases.iter().all(|phrase| phrase.stands_in(window))
                && told_of::fits(&window.post, window.section, events)
                && (!events.is_empty()
                    || told_of::is_of_series(&window.post, window.span, &understood.series))
        });
        let windows = in_order(windows);
        let Some(first) = windows.first() else { return Ok(nothing) };
        let (signals, confidence) = confidence(understood, first);
        Ok(Found { windows, confidence, signals })
    }
}

/// The most excerpts that a request may get.
pub(super) fn limit(request: &Request) -> usize {
    request.limit.clamp(1, MAX_EXCERPTS)
}

/// What people are shown of some windows.
pub(super) fn excerpts(windows: Vec<Window>, request: &Request, scope: &Scope) -> Vec<Excerpt> {
    let chosen = choose(windows, limit(request));
    chosen.into_iter().filter_map(|chosen| excerpt(chosen, scope, request.now)).collect()
}

/// Whether a window names one of some events in passing, its post being about another, or there are none: "KubeCon"
/// and "2018" may stand in a sentence about another KubeCon of that year.
fn tells_of_one(events: &[EventId], window: &Window) -> bool {
    if events.is_empty() {
        return true;
    }
    if window.post.events.iter().any(|event| events.contains(&event.id)) {
        return false;
    }
    let text = window.post.body.slice(window.span);
    let mentions = EventTable::builtin().mentions(text);
    let named =
        |event: &EventId| mentions.iter().any(|mention| mention.editions.iter().any(|it| it.id == *event));
    events.iter().any(named)
}
