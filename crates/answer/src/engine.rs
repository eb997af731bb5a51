//! The engine: one question to one answer, the same way for everyone who asks.

use std::sync::Arc;

use jiff::Timestamp;

use super::candidates::{Candidate, CandidateReader};
use super::confidence::{Strictness, confidence};
use super::features::Signals;
use super::freshness;
use super::passage_cache::PassageCache;
use super::plan::{QueryPlan, plan_question};
use super::resolve::{EventRole, ExplicitScope, ScopeOptions};
use super::select::{excerpt, select, sort_candidates};
use super::suggestions::offers;
use crate::passage_cache;
use crate::question_syntax::QuotedPhrase;
use crate::weights::{Scorer, WeightedScorers};
use takeaways_corpus::events::EventTable;
use takeaways_search::{Index, SearchError};
use takeaways_text::model::{Answer, EventId, Excerpt, Missing, Question, Scope, Span};

/// The most excerpts of an answer.
pub const MAX_EXCERPTS: usize = 3;
/// How many passages the sentences are compared of. With 32 the first excerpt of 441 questions was right no more often,
/// and each costs time.
const MAX_PASSAGES: usize = 16;

/// Answers questions from an index. Cheap to clone; one index serves as many as ask.
#[derive(Debug, Clone)]
pub struct Engine {
    index: Arc<Index>,
    strictness: Strictness,
    passages: Arc<PassageCache>,
    scorers: WeightedScorers,
}

/// A question with all that its answer depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The question.
    pub question: Question,
    /// The scope chosen beside it.
    pub scope_options: ScopeOptions,
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
    Search(#[from] SearchError),
}

/// The best candidates of a question.
pub(super) struct RankedCandidates {
    /// In order, best first.
    pub(super) candidates: Vec<Candidate>,
    /// How likely the first one answers the question.
    pub(super) confidence: f32,
    /// What tells that.
    pub(super) signals: Signals,
}

impl Engine {
    /// Over an index.
    #[must_use]
    pub fn new(index: Arc<Index>, strictness: Strictness) -> Self {
        Self { index, strictness, passages: Arc::default(), scorers: WeightedScorers::default() }
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
        let (plan, found) = self.rank_candidates(request)?;
        self.answer_from(request, &plan, found)
    }

    /// The answer that the candidates of a question make.
    pub(super) fn answer_from(
        &self,
        request: &Request,
        plan: &QueryPlan,
        found: RankedCandidates,
    ) -> Result<Answer, AnswerError> {
        let scope = plan.scope.clone();
        let RankedCandidates { candidates, confidence, .. } = found;
        if self.is_confident_enough(confidence) {
            let excerpts = excerpts(candidates, request, &scope);
            if !excerpts.is_empty() {
                let newest = freshness::newest_if_old(
                    &request.question,
                    &request.scope_options,
                    &excerpts,
                    request.now,
                );
                return Ok(Answer::Cited { excerpts, scope, newest, confidence });
            }
        }
        let offers = offers(self, request, plan)?;
        let mut missing = plan.missing.clone();
        for (name, _) in plan.names().into_iter().filter(|(_, known)| !known) {
            if !missing.iter().any(|other| other.words().contains(&name)) {
                missing.push(Missing::Words(name));
            }
        }
        Ok(Answer::NothingFound { scope, confidence, missing, suggestions: offers })
    }

    /// Whether a question has an answer, without what to try instead.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub(super) fn has_answer(&self, request: &Request) -> Result<bool, AnswerError> {
        let (_, found) = self.rank_candidates(request)?;
        Ok(!found.candidates.is_empty() && self.is_confident_enough(found.confidence))
    }

    /// Looks in posts about the events that the question names; where they hold no answer, in all others for
    /// passages that name them: in the first ones the name says nothing, and a second look finds no more.
    pub(super) fn rank_candidates(
        &self,
        request: &Request,
    ) -> Result<(QueryPlan, RankedCandidates), AnswerError> {
        let about = self.plan(request, EventRole::Subject)?;
        let found = self.search_candidates(request, &about, |_| true)?;
        let named = !about.scope.events.is_empty() || !about.scope.authors.is_empty();
        if self.is_confident_enough(found.confidence) || about.chosen.is_set() || !named {
            return Ok((about, found));
        }
        let passing = self.plan(request, EventRole::Mention)?;
        let elsewhere = self.search_candidates(request, &passing, |candidate| {
            mentions_any_event(&about.scope.events, candidate)
        })?;
        Ok(if self.is_confident_enough(elsewhere.confidence) { (passing, elsewhere) } else { (about, found) })
    }

    pub(super) fn plan(&self, request: &Request, reading: EventRole) -> Result<QueryPlan, AnswerError> {
        Ok(plan_question(&request.question, &request.scope_options, reading, &self.index, request.now)?)
    }

    fn is_confident_enough(&self, confidence: f32) -> bool {
        confidence >= self.threshold()
    }

    /// The least confidence with which an answer is given.
    pub(super) fn threshold(&self) -> f32 {
        self.strictness.threshold()
    }

    /// Searches and compares the sentences of what was found.
    fn search_candidates(
        &self,
        request: &Request,
        plan: &QueryPlan,
        fits: impl Fn(&Candidate) -> bool,
    ) -> Result<RankedCandidates, AnswerError> {
        let nothing =
            RankedCandidates { candidates: Vec::new(), confidence: 0.0, signals: Signals::default() };
        if plan.concepts.is_empty() || plan.chosen == ExplicitScope::Empty {
            return Ok(nothing);
        }
        let hits = self.index.search(&plan.query(request.now), MAX_PASSAGES)?;
        let mut candidates = CandidateReader::new(&plan.concepts, plan.answer_type, plan.language)
            .candidates(&hits, &self.passages);
        self.scorers.score(request.question.text(), &mut candidates);
        let phrases = &plan.phrases;
        let events = &plan.scope.events;
        candidates.retain(|candidate| {
            fits(candidate)
                && phrases.iter().all(|phrase| is_shown(phrase, candidate))
                && passage_cache::section_may_answer(&candidate.post, candidate.section, events)
                && (!events.is_empty()
                    || passage_cache::matches_series(&candidate.post, candidate.span, &plan.series))
        });
        let candidates = sort_candidates(candidates);
        let Some(first) = candidates.first() else { return Ok(nothing) };
        let (signals, confidence) = confidence(plan, first);
        Ok(RankedCandidates { candidates, confidence, signals })
    }
}

/// Whether a phrase stands in what people would be shown of a candidate.
fn is_shown(phrase: &QuotedPhrase, candidate: &Candidate) -> bool {
    let spans: Vec<Span> = candidate.lead_in.into_iter().chain([candidate.span]).collect();
    phrase.is_shown_in(&candidate.post, candidate.section, &spans)
}

/// The most excerpts that a request may get.
pub(super) fn excerpt_limit(request: &Request) -> usize {
    request.limit.clamp(1, MAX_EXCERPTS)
}

/// What people are shown of some candidates.
pub(super) fn excerpts(candidates: Vec<Candidate>, request: &Request, scope: &Scope) -> Vec<Excerpt> {
    let chosen = select(candidates, excerpt_limit(request));
    chosen.into_iter().filter_map(|chosen| excerpt(chosen, scope, request.now)).collect()
}

/// Whether a candidate names one of some events in passing, its post being about another, or there are none: "KubeCon"
/// and "2018" may stand in a sentence about another KubeCon of that year.
fn mentions_any_event(events: &[EventId], candidate: &Candidate) -> bool {
    if events.is_empty() {
        return true;
    }
    if candidate.post.events.iter().any(|event| events.contains(&event.id)) {
        return false;
    }
    let text = candidate.post.body.slice(candidate.span);
    let mentions = EventTable::builtin().mentions(text);
    let named =
        |event: &EventId| mentions.iter().any(|mention| mention.editions.iter().any(|it| it.id == *event));
    events.iter().any(named)
}
