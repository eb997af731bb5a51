//! The engine: takes one question through all steps to its answer, in the same way for every caller.

mod search;
mod unanswerable;

pub(crate) use search::are_words_of;
pub(crate) use unanswerable::{can_not_be_answered, is_told_from_today};

use std::sync::Arc;

use unanswerable::{find_unanswerable, names_subject};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    candidates::Candidate,
    concepts::Concept,
    confidence::{Strictness, confidence},
    excerpt_place::ExcerptPlace,
    explain::Explanation,
    features::{Feature, Signals},
    freshness::{AskedTime, newest_to_state, sort_newest_first},
    named_overview::{CardSubject, Subject},
    overview::named_person,
    parse::parse,
    passage_cache::PassageCache,
    plan::{QueryPlan, names_thing, plan_query},
    question_names::{QuestionNames, resolve_names},
    resolve::{NameRole, ScopeOptions},
    select::{excerpt, further_places, select},
    suggestions::{TriedOffers, suggest},
};
use takeaways_search::{AuthorFacet, Facets, Index, SearchError, fold_name};
use takeaways_text::model::{
    Answer, Event, EventId, Excerpt, ExcerptDate, Missing, Overview, PostId, Question, Scope, Unanswerable,
};
use takeaways_text::tokens::strip_genitive;

/// The maximum number of excerpts of an answer.
pub const MAX_EXCERPTS: usize = 3;
/// The maximum number of excerpts that can be shown after those of an answer.
const MAX_FURTHER: usize = 9;
/// Passages whose sentences become candidates. 32 did not improve hit@1 on our 441 questions and costs more time.
const MAX_PASSAGES: usize = 16;
/// The least confidence, and the least coverage of the question, of an excerpt that is shown as near to an answer.
const MIN_NEAR_CONFIDENCE: f32 = 0.1;
const MIN_NEAR_COVERAGE: f32 = 0.15;

/// Answers questions from an index. Cheap to clone; all clones share the index.
#[derive(Debug, Clone)]
pub struct Engine {
    index: Arc<Index>,
    strictness: Strictness,
    passages: Arc<PassageCache>,
    tried_offers: Arc<TriedOffers>,
}

/// A question with everything that its answer depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The question.
    pub question: Question,
    /// What is asked for, if the caller says it. Then no words of the question have to tell it: they only name its topic,
    /// its sides or its person.
    pub subject: Option<Subject>,
    /// The scope that options set.
    pub scope_options: ScopeOptions,
    /// The only posts that are searched, if there are any: those that a conversation has just shown.
    pub posts: Vec<PostId>,
    /// How much is shown.
    pub limits: AnswerLimits,
    /// The time of asking: "last year" and the visibility of scheduled posts depend on it.
    pub now: Timestamp,
}

/// How much an answer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerLimits {
    /// The maximum number of excerpts of an answer to a question for a fact, clamped to 1 to [`MAX_EXCERPTS`].
    pub excerpts: usize,
    /// The maximum number of characters of a line of an overview; two in five of it in a script without spaces. A longer
    /// one, of up to 300, stands only first, for a side, a year, a thing or a recap that would be missed, or where few are
    /// shorter.
    pub line: u16,
}

impl From<usize> for AnswerLimits {
    /// So many excerpts, and lines of any length.
    fn from(excerpts: usize) -> Self {
        Self { excerpts, line: u16::MAX }
    }
}

/// The known events with these ids.
pub(crate) fn events_of<'f>(wanted: &[EventId], facets: &'f Facets) -> Vec<&'f Event> {
    facets.events.iter().map(|(event, _)| event).filter(|event| wanted.contains(&event.id)).collect()
}

/// An answer with what was found on the way.
pub(super) struct EngineAnswer {
    pub(super) answer: Answer,
    /// The events of its scope.
    pub(super) events: Vec<Event>,
    /// The places of what may be shown beside the answer, and of the answer itself.
    pub(super) further: Vec<ExcerptPlace>,
    /// Why it is what it is, if that was asked for.
    pub(super) explanation: Option<Explanation>,
}

impl Request {
    /// A question in all posts that are visible at a time.
    pub fn new(question: Question, limits: impl Into<AnswerLimits>, now: Timestamp) -> Self {
        let (scope_options, limits) = (ScopeOptions::default(), limits.into());
        Self { question, subject: None, scope_options, posts: Vec::new(), limits, now }
    }

    /// The day of asking.
    pub(crate) fn today(&self) -> Date {
        self.now.to_zoned(TimeZone::UTC).date()
    }

    /// The same request for another text in the language of the conversation; for the question itself if the text is none.
    pub(crate) fn with_text(&self, text: &str) -> Self {
        let conversation = self.question.conversation_language();
        let question = text.parse::<Question>().map(|question| question.in_conversation(conversation));
        Self { question: question.unwrap_or_else(|_| self.question.clone()), ..self.clone() }
    }
}

/// Why a question could not be searched.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The index failed.
    #[error("the index could not be searched")]
    Search(#[from] SearchError),
}

/// The candidates of a question.
#[derive(Default)]
pub(super) struct RankedCandidates {
    /// Best first.
    pub(super) candidates: Vec<Candidate>,
    /// How likely the first candidate answers the question, 0 to 1.
    pub(super) confidence: f32,
    /// The signals that the confidence is computed from.
    pub(super) signals: Signals,
}

impl Engine {
    /// Returns an engine over an index.
    pub fn new(index: Arc<Index>, strictness: Strictness) -> Self {
        Self { index, strictness, passages: Arc::default(), tried_offers: Arc::default() }
    }

    /// Returns the index.
    pub fn index(&self) -> &Arc<Index> {
        &self.index
    }

    /// The offered questions that were tried in this index.
    pub(crate) fn tried_offers(&self) -> &TriedOffers {
        &self.tried_offers
    }

    /// Answers a question: one to three excerpts, or a refusal that names what is missing and suggests other questions.
    ///
    /// # Errors
    /// If the index can't be read.
    pub fn answer(&self, request: &Request) -> Result<Answer, AnswerError> {
        let names = self.find_names(request, NameRole::Subject)?;
        Ok(self.answer_explained(request, names, None)?.answer)
    }

    /// Answers as [`Engine::answer`]. `names` are those of the question, as its subject. Explains an answer of excerpts with at most
    /// `max_candidates` candidates, and those that are shown.
    pub(super) fn answer_explained(
        &self,
        request: &Request,
        names: QuestionNames,
        max_candidates: Option<usize>,
    ) -> Result<EngineAnswer, AnswerError> {
        let plan = plan_query(names, Arc::new(request.clone()), &self.index)?;
        if find_unanswerable(&plan).is_none() {
            let found = match self.overview(&plan)? {
                None => self.narrower_overview(&plan, false)?,
                found => found,
            };
            if let Some(overview) = found {
                return self.overview_answer(overview, request.now);
            }
        }
        if let Some(Subject::Card(CardSubject::Person)) = request.subject
            && let Some(question) = named_person(request.question.text(), &*self.index.facets(request.now)?)
        {
            // Nobody of this name wrote a post, but posts may mention the person.
            let request = Request { question, subject: None, ..request.clone() };
            let names = self.find_names(&request, NameRole::Subject)?;
            let told = self.answer_explained(&request, names, max_candidates)?;
            if told.answer.is_answered() {
                return Ok(told);
            }
        }
        let (plan, ranked) = match &request.subject {
            None => self.rank_to_show(plan)?,
            // Excerpts would answer a question that nobody asked.
            Some(_) => (plan, RankedCandidates::default()),
        };
        if request.subject.is_none() && !self.is_confident_enough(ranked.confidence) {
            let asked = self.plan_again(&plan, NameRole::Subject)?;
            let narrower = match find_unanswerable(&asked) {
                None => self.narrower_overview(&asked, true)?,
                Some(_) => None,
            };
            let found = match narrower {
                None => self.several_facts(asked)?,
                found => found,
            };
            if let Some(overview) = found {
                return self.overview_answer(overview, request.now);
            }
        }
        let explanation = max_candidates.map(|limit| self.explanation(&plan, &ranked, limit));
        let further = self.further_places(&plan, &ranked);
        let answer = self.build_answer(&plan, ranked)?;
        Ok(EngineAnswer { answer, events: plan.events, further, explanation })
    }

    /// An overview as an answer.
    fn overview_answer(&self, overview: Overview, now: Timestamp) -> Result<EngineAnswer, AnswerError> {
        let facets = self.index.facets(now)?;
        let events = events_of(&overview.scope.events, &facets).into_iter().cloned().collect();
        Ok(EngineAnswer {
            answer: Answer::Overview(overview),
            events,
            further: Vec::new(),
            explanation: None,
        })
    }

    /// Builds the answer from the candidates of a question.
    pub(super) fn build_answer(
        &self,
        plan: &QueryPlan,
        ranked: RankedCandidates,
    ) -> Result<Answer, AnswerError> {
        let (request, scope) = (&*plan.request, plan.scope.clone());
        let RankedCandidates { candidates, confidence, .. } = ranked;
        let unanswerable = find_unanswerable(plan);
        let candidates = if can_not_be_answered(plan, candidates.first()) {
            Vec::new()
        } else if self.is_confident_enough(confidence) {
            let asked = plan.asked_time();
            let excerpts = excerpts(candidates, plan, asked);
            if !excerpts.is_empty() {
                let newest = newest_to_state(asked, &excerpts, request.today());
                let language = plan.language;
                let listed = plan.listed.clone();
                return Ok(Answer::Cited { excerpts, scope, newest, listed, confidence, language });
            }
            Vec::new()
        } else {
            candidates
        };
        let suggestions = suggest(self, plan, &candidates)?;
        let mut missing = plan.missing.clone();
        for (name, _) in plan.names().into_iter().filter(|(_, is_known)| !is_known) {
            let name = strip_genitive(&name);
            let has_name = |text: &str| text == name || text.split(' ').any(|word| word == name);
            let is_new = !missing.iter().any(|missing| has_name(missing.words()));
            // Few authors name themselves in their posts.
            if is_new && !self.is_author(name, request.now)? {
                missing.push(Missing::Words(name.to_owned()));
            }
        }
        // Cards say on their own that a name is unknown.
        if missing.is_empty() && !matches!(request.subject, Some(Subject::Card(_))) {
            missing.extend(plan.unknown_words().into_iter().map(Missing::Words));
        }
        // Within an event, what lacks a name may still be near.
        let is_word =
            |missing: &Missing| matches!(missing, Missing::Words(_)) && !plan.scope.events.is_empty();
        // What is near to the days of an event may be those of another one.
        let may_be_near = missing.iter().all(is_word) && unanswerable.is_none() && plan.listed.is_empty();
        let nearest = may_be_near.then(|| nearest(candidates, plan)).flatten();
        let (missing, suggestions) = self.complete_refusal(request, missing, suggestions)?;
        let newest = self.index.status().newest.filter(|_| unanswerable == Some(Unanswerable::Future));
        // Of several people of one name, none was searched.
        let is_of_several =
            request.subject.is_some() && missing.iter().any(|it| matches!(it, Missing::Namesakes(_)));
        let scope = if is_of_several { Scope::default() } else { scope };
        Ok(Answer::NothingFound {
            newest: newest.map(ExcerptDate::Day),
            scope,
            confidence,
            missing,
            unanswerable,
            listed: plan.listed.clone(),
            nearest,
            suggestions,
            language: plan.language,
        })
    }

    /// Whether somebody of this name, or with this part of a name, wrote a post.
    fn is_author(&self, name: &str, now: Timestamp) -> Result<bool, AnswerError> {
        let name = fold_name(name);
        let facets = self.index.facets(now)?;
        let has_all_words =
            |author: &AuthorFacet| name.split(' ').all(|word| author.parts().any(|part| part == word));
        Ok(facets.authors.iter().any(has_all_words))
    }

    /// Returns the places of what may be shown, with what an answer shows; empty if a question has no answer.
    pub(super) fn further_places(&self, plan: &QueryPlan, ranked: &RankedCandidates) -> Vec<ExcerptPlace> {
        if !self.is_confident_enough(ranked.confidence) {
            return Vec::new();
        }
        // Whoever asks for more takes what is less sure.
        let least = self.threshold() / 2.0;
        let is_sure = |candidate: &Candidate| confidence(plan, candidate).1 >= least;
        further_places(&ranked.candidates, MAX_EXCERPTS + MAX_FURTHER, &is_sure)
    }

    /// Returns whether a question has an answer, without looking for suggestions.
    ///
    /// # Errors
    /// If the index can't be read.
    pub(super) fn has_answer(&self, request: &Request) -> Result<bool, AnswerError> {
        let (_, ranked) = self.rank_candidates(request)?;
        Ok(!ranked.candidates.is_empty() && self.is_confident_enough(ranked.confidence))
    }

    /// Returns the scope of a question, and what it names that no post is about, from or by.
    ///
    /// # Errors
    /// If the index can't be read.
    pub fn scope(&self, request: &Request) -> Result<(Scope, Vec<Missing>), AnswerError> {
        let plan = self.plan(request, NameRole::Subject)?;
        Ok((plan.scope, plan.missing))
    }

    /// Plans the query of a question.
    pub(super) fn plan(&self, request: &Request, name_role: NameRole) -> Result<QueryPlan, AnswerError> {
        let names = self.find_names(request, name_role)?;
        Ok(plan_query(names, Arc::new(request.clone()), &self.index)?)
    }

    /// Plans the query of the question of another plan, with another role of its names.
    pub(super) fn plan_again(&self, plan: &QueryPlan, name_role: NameRole) -> Result<QueryPlan, AnswerError> {
        let names = resolve_names(Arc::clone(&plan.question), &plan.request, name_role, &self.index)?;
        Ok(plan_query(names, Arc::clone(&plan.request), &self.index)?)
    }

    /// Parses the question of a request and resolves its names.
    pub(super) fn find_names(
        &self,
        request: &Request,
        name_role: NameRole,
    ) -> Result<QuestionNames, AnswerError> {
        let mut parsed = parse(&request.question);
        if let Some(subject) = &request.subject {
            parsed.keep_language_of_name(*subject == Subject::Card(CardSubject::Person));
        }
        Ok(resolve_names(Arc::new(parsed), request, name_role, &self.index)?)
    }

    pub(super) fn is_confident_enough(&self, confidence: f32) -> bool {
        confidence >= self.threshold()
    }

    /// Returns the minimum confidence of an answer.
    pub(super) fn threshold(&self) -> f32 {
        self.strictness.threshold()
    }
}

/// The excerpt that comes nearest to an answer, of a question that names an event, a person, or a thing that recaps mention.
/// What is near to any other question is near to it by chance.
fn nearest(candidates: Vec<Candidate>, plan: &QueryPlan) -> Option<Box<Excerpt>> {
    let best = candidates.into_iter().next().filter(|best| {
        names_subject(plan)
            && best.features.get(Feature::Coverage) >= MIN_NEAR_COVERAGE
            && mentions_rarest(plan, best)
            && confidence(plan, best).1 >= MIN_NEAR_CONFIDENCE
    })?;
    excerpts(vec![best], plan, None).pop().map(Box::new)
}

/// Whether a candidate mentions the most important of the things that a question names; if it names none, of the words that posts
/// have, or have others for.
fn mentions_rarest(plan: &QueryPlan, candidate: &Candidate) -> bool {
    let concepts = plan.concepts.iter().zip(&candidate.concept_coverage);
    let is_in_posts = |concept: &Concept| concept.is_known || concept.is_known_otherwise;
    let known = concepts.filter(|(concept, _)| is_in_posts(concept));
    let is_thing = |concept: &Concept| concept.is_name || names_thing(&concept.text);
    let rarest = known
        .max_by(|a, b| is_thing(a.0).cmp(&is_thing(b.0)).then(a.0.importance.total_cmp(&b.0.importance)));
    rarest.is_none_or(|(_, coverage)| *coverage > 0.0)
}

/// Returns the maximum number of excerpts that a request may get.
pub(super) fn excerpt_limit(request: &Request) -> usize {
    request.limits.excerpts.clamp(1, MAX_EXCERPTS)
}

/// Selects the excerpts of ranked candidates. `asked` is the time that the question asks about.
pub(super) fn excerpts(
    candidates: Vec<Candidate>,
    plan: &QueryPlan,
    asked: Option<AskedTime>,
) -> Vec<Excerpt> {
    let selected = select(candidates, excerpt_limit(&plan.request), &|it| confidence(plan, it).1);
    let excerpts = selected.into_iter().filter_map(|selected| excerpt(selected, plan));
    let mut excerpts: Vec<Excerpt> = excerpts.collect();
    // Within an event all excerpts are of one time.
    if plan.scope.events.is_empty() {
        sort_newest_first(&mut excerpts, asked);
    }
    excerpts
}

#[cfg(test)]
mod tests;
