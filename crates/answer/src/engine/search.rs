//! Searches for the candidates of a question, first in its scope and then around it.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

use super::{AnswerError, Engine, MAX_EXCERPTS, MAX_FURTHER, MAX_PASSAGES, RankedCandidates, Request};
use crate::{
    amount::Amount,
    answer_type::AnswerType,
    attendance::size_of_event,
    candidates::{Candidate, CandidateReader},
    concepts::Concept,
    confidence::confidence,
    cut::MAX_PROSE,
    excerpt_place::ExcerptPlace,
    features::Feature,
    overview::take_origin,
    people::PeopleFinder,
    plan::{QueryPlan, names_thing},
    question_syntax::{QuotedPhrase, is_question_word},
    rank::rank,
    relation::put_told_first,
    resolve::{NameRole, last_request},
    section_event::{cited_event, may_answer, mentions_any_event},
};
use takeaways_corpus::points::may_take_side;
use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_search::{Query, fold_name};
use takeaways_text::model::{Event, EventId, Post, PostId, Shape, Span, Years};
use takeaways_text::tokens::folding::fold;

/// The maximum number of excerpts of an answer, with those that are shown if more is asked for.
const MAX_SHOWN: usize = MAX_EXCERPTS + MAX_FURTHER;
/// A number of people that is so many times smaller than another one counts those at a part of the event.
const SMALL_PART: u64 = 10;

impl Engine {
    /// Ranks the candidates of a question. There are none if it asks for views of an event on one side, and the best one takes
    /// the other or none.
    pub(crate) fn rank_candidates(
        &self,
        request: &Request,
    ) -> Result<(QueryPlan, RankedCandidates), AnswerError> {
        self.rank_planned(self.plan(request, NameRole::Subject)?)
    }

    /// As [`Engine::rank_planned`], for candidates that are shown.
    pub(crate) fn rank_to_show(&self, plan: QueryPlan) -> Result<(QueryPlan, RankedCandidates), AnswerError> {
        let (plan, mut ranked) = self.rank_planned(plan)?;
        find_marks_around(&plan, &mut ranked.candidates);
        Ok((plan, ranked))
    }

    /// As [`Engine::rank_candidates`], with the plan of the question for posts about the events that it names.
    pub(crate) fn rank_planned(&self, plan: QueryPlan) -> Result<(QueryPlan, RankedCandidates), AnswerError> {
        if !plan.choices.is_empty() {
            return self.search_choices(plan);
        }
        let (listed, asks_for_place_or_days) = (plan.listed.clone(), plan.asks_for_place_or_days);
        let (plan, ranked) = self.search_scopes(plan)?;
        let plan = QueryPlan { asks_for_place_or_days, listed, ..plan };
        if !takes_asked_side(&plan, &ranked) {
            return Ok((plan, RankedCandidates::default()));
        }
        Ok((plan, ranked))
    }

    /// Searches for each of the people that a name may mean. If only one of them has an answer, that one is meant; if none has,
    /// the name may stand in what others tell.
    fn search_choices(&self, plan: QueryPlan) -> Result<(QueryPlan, RankedCandidates), AnswerError> {
        let mut found: Option<(QueryPlan, RankedCandidates)> = None;
        for choice in &plan.choices {
            let Ok(question) = choice.parse() else { continue };
            let request = Request { question, ..(*plan.request).clone() };
            let (chosen, ranked) = self.rank_candidates(&request)?;
            if self.is_confident_enough(ranked.confidence) && !ranked.candidates.is_empty() {
                let chosen = QueryPlan { request: Arc::clone(&plan.request), ..chosen };
                if found.replace((chosen, ranked)).is_some() {
                    return Ok((plan, RankedCandidates::default()));
                }
            }
        }
        if let Some(found) = found {
            return Ok(found);
        }
        let reported = self.plan_again(&plan, NameRole::Report)?;
        if reported.choices.is_empty() {
            let (reported, ranked) = self.search_scopes(reported)?;
            if self.is_confident_enough(ranked.confidence) && !lacks_name(&reported, &ranked) {
                return Ok((reported, ranked));
            }
        }
        Ok((plan, RankedCandidates::default()))
    }

    /// Whether a question has an answer that tells most of the words in each of some ranges of its words. An excerpt that was shown
    /// before is one only if it has what is asked for, such as a name.
    pub(crate) fn has_other_answer(
        &self,
        request: &Request,
        words: &[Range<usize>],
        shown: &[ExcerptPlace],
    ) -> Result<bool, AnswerError> {
        let (plan, ranked) = self.rank_candidates(request)?;
        let best = ranked.candidates.first().filter(|_| self.is_confident_enough(ranked.confidence));
        Ok(best.is_some_and(|best| {
            let is_shown =
                shown.iter().any(|place| place.post == best.post.id && place.span.overlaps(best.span));
            let is_told = |words: &Range<usize>| {
                covers_half(&plan, best, |it| words.contains(&it.words.start) && !it.is_weak())
            };
            words.iter().all(is_told) && (!is_shown || best.features.get(Feature::Fits) > 0.0)
        }))
    }

    /// Searches posts about the named events first, and those about an event by which the question tells a time. If that is
    /// not confident enough, searches the sections that name the people of the question, or all other posts for passages that
    /// mention one of the named events. What a speaker said is also looked for in what others say of it.
    fn search_scopes(&self, plan: QueryPlan) -> Result<(QueryPlan, RankedCandidates), AnswerError> {
        let ranked = self.search_candidates(&plan, |_| true)?;
        if plan.has_landmarks && !plan.explicit_scope.is_set() {
            // "After KubeCon" mostly means what its recaps tell, since these are written after it.
            let near_plan = self.plan_again(&plan, NameRole::Landmark)?;
            let near = self.search_candidates(&near_plan, |_| true)?;
            let is_meant = plan.is_after_event || near.confidence > ranked.confidence;
            if is_meant && self.is_confident_enough(near.confidence) {
                return Ok((near_plan, near));
            }
        }
        let is_sure = self.is_confident_enough(ranked.confidence);
        let is_of_years =
            plan.scope.years.is_some() && !names_events_or_people(&plan) && !plan.explicit_scope.is_set();
        if is_of_years && (!is_sure || lacks_name(&plan, &ranked)) {
            // A post of another year may tell what happened in it.
            let mentions = self.search_mentions(&plan)?;
            if mentions.1.confidence > ranked.confidence && self.is_confident_enough(mentions.1.confidence) {
                return Ok(mentions);
            }
        }
        if !plan.choices.is_empty() {
            return Ok((plan, ranked));
        }
        if is_sure {
            // A speaker of whom a post quotes a word may have told more in a talk.
            let reports = self.search_reports(&plan)?;
            let better = reports.filter(|(_, reports)| reports.confidence > ranked.confidence);
            return Ok(better.unwrap_or((plan, ranked)));
        }
        if let Some(found) = self.search_origin(&plan)? {
            return Ok(found);
        }
        if !plan.scope.people.is_empty() {
            // Notes of a talk mostly name the speaker once.
            let mut wider_plan = plan.clone();
            let people = std::mem::take(&mut wider_plan.scope.people);
            let finder = PeopleFinder::new(&people);
            let reported =
                self.search_candidates(&wider_plan, |candidate| finder.are_in_section_of(candidate))?;
            if self.is_confident_enough(reported.confidence) {
                return Ok((QueryPlan { scope: plan.scope, ..wider_plan }, reported));
            }
        }
        if !names_events_or_people(&plan) {
            return Ok((plan, ranked));
        }
        if let Some(reports) = self.search_reports(&plan)? {
            return Ok(reports);
        }
        if plan.explicit_scope.is_set() {
            return Ok((plan, ranked));
        }
        let mentions = self.search_mentions(&plan)?;
        let is_sure = self.is_confident_enough(mentions.1.confidence);
        Ok(if is_sure { mentions } else { (plan, ranked) })
    }

    /// Searches what others tell of the speakers that a question names: what a speaker said mostly stands in the words of others about the
    /// talk. None if it names none, or somebody who wrote posts, or if they do not answer.
    fn search_reports(&self, plan: &QueryPlan) -> Result<Option<(QueryPlan, RankedCandidates)>, AnswerError> {
        if plan.scope.authors.is_empty() {
            return Ok(None);
        }
        let report_plan = self.plan_again(plan, NameRole::Report)?;
        if !report_plan.scope.authors.is_empty() {
            return Ok(None);
        }
        // Others may name the speaker beside another talk. Names are no topic.
        let is_of_topic = |candidate: &Candidate| {
            !has_unsaid_name(&report_plan, candidate)
                && covers_half(&report_plan, candidate, |it| !it.is_name && !it.is_weak())
        };
        let reports = self.search_candidates(&report_plan, is_of_topic)?;
        Ok(self.is_confident_enough(reports.confidence).then_some((report_plan, reports)))
    }

    /// Searches the posts of the blog or the group that a question names as their files do: "according to zerokspot". None if it names
    /// none, or if they do not answer.
    fn search_origin(&self, plan: &QueryPlan) -> Result<Option<(QueryPlan, RankedCandidates)>, AnswerError> {
        let mut of_origin = plan.clone();
        if !take_origin(self, &mut of_origin)? {
            return Ok(None);
        }
        let ranked = self.search_candidates(&of_origin, |_| true)?;
        let of_origin = QueryPlan { request: Arc::clone(&plan.request), ..of_origin };
        Ok(self.is_confident_enough(ranked.confidence).then_some((of_origin, ranked)))
    }

    /// Searches all posts for passages that mention the events, or the years and all other names, of a plan.
    fn search_mentions(&self, plan: &QueryPlan) -> Result<(QueryPlan, RankedCandidates), AnswerError> {
        let mention_plan = self.plan_again(plan, NameRole::Mention)?;
        let mention_plan = QueryPlan { listed: plan.listed.clone(), ..mention_plan };
        let years = plan.scope.years.filter(|_| plan.scope.events.is_empty());
        let is_of_year = |post: &Post, years: Years| {
            post.events.iter().filter_map(|event| event.year).any(|year| years.contains(year))
        };
        let ranked = self.search_candidates(&mention_plan, |candidate| match years {
            Some(years) => !is_of_year(&candidate.post, years) && !has_unsaid_name(&mention_plan, candidate),
            None => mentions_any_event(&candidate.post, candidate.span, &plan.scope.events),
        })?;
        Ok((mention_plan, ranked))
    }

    /// Searches only posts about the events that a question names, for candidates that are shown. An answer that is sure there is that
    /// of [`Engine::answer`] too, unless the question tells a time by an event.
    pub(crate) fn rank_subject_candidates(&self, request: &Request) -> Result<RankedCandidates, AnswerError> {
        let plan = self.plan(request, NameRole::Subject)?;
        let mut ranked = self.search_candidates(&plan, |_| true)?;
        find_marks_around(&plan, &mut ranked.candidates);
        Ok(ranked)
    }

    /// Searches the index and ranks the eligible candidates of the passages. If a question asks for somebody's words on something,
    /// only those that mention it are an answer.
    fn search_candidates(
        &self,
        plan: &QueryPlan,
        is_eligible: impl Fn(&Candidate) -> bool,
    ) -> Result<RankedCandidates, AnswerError> {
        let mut candidates = self.candidates(plan, MAX_PASSAGES)?;
        candidates.retain(is_eligible);
        let is_on_topic = mentions_asked_topic(plan);
        let mentions_topic = candidates.iter().any(&is_on_topic);
        candidates.retain(|candidate| !mentions_topic || is_on_topic(candidate));
        if plan.amount == Some(Amount::Attendance) && plan.scope.events.len() > 1 {
            candidates = self.largest_events_first(candidates, plan);
        } else if plan.amount == Some(Amount::Attendance) {
            self.put_whole_event_first(&mut candidates, plan);
        }
        put_told_first(&mut candidates, plan);
        let Some(best) = candidates.first() else { return Ok(RankedCandidates::default()) };
        let (signals, confidence) = confidence(plan, best);
        let confidence = if mentions_topic { confidence } else { 0.0 };
        Ok(RankedCandidates { candidates, confidence, signals })
    }

    /// Puts the candidate with the largest number of people first if the first one has a small part of it: such a number counts
    /// those at a panel or at a booth.
    fn put_whole_event_first(&self, candidates: &mut [Candidate], plan: &QueryPlan) {
        let size_of = |candidate: &Candidate| Some(size_of_cited_event(candidate, plan)?.1);
        let is_sure = |candidate: &Candidate| self.is_confident_enough(confidence(plan, candidate).1);
        let sizes = candidates.iter().enumerate().filter_map(|(at, it)| Some((size_of(it)?, Reverse(at))));
        let (Some(first), Some((largest, Reverse(at)))) = (candidates.first().and_then(size_of), sizes.max())
        else {
            return;
        };
        let is_part = u64::from(first) * SMALL_PART <= u64::from(largest);
        if is_part && candidates.get(at).is_some_and(is_sure) {
            candidates.get_mut(..=at).unwrap_or_default().rotate_right(1);
        }
    }

    /// Returns ranked candidates with the best number of people of each event first, the largest event before the others: a name of
    /// several events mostly means the one that most people know.
    fn largest_events_first(&self, candidates: Vec<Candidate>, plan: &QueryPlan) -> Vec<Candidate> {
        let mut sizes: Vec<(EventId, u32)> = Vec::new();
        let mut size_of = |candidate: &Candidate| {
            let (event, size) = size_of_cited_event(candidate, plan)?;
            let is_new = sizes.iter().all(|(known, _)| *known != event.id);
            let is_first = is_new && self.is_confident_enough(confidence(plan, candidate).1);
            is_first.then(|| sizes.push((event.id.clone(), size))).map(|()| size)
        };
        let mut counted: Vec<(Option<u32>, Candidate)> =
            candidates.into_iter().map(|candidate| (size_of(&candidate), candidate)).collect();
        counted.sort_by_key(|(size, _)| Reverse(*size));
        counted.into_iter().map(|(_, candidate)| candidate).collect()
    }

    /// Returns the candidates of the best `passages` passages, the best first.
    pub(crate) fn candidates(
        &self,
        plan: &QueryPlan,
        passages: usize,
    ) -> Result<Vec<Candidate>, AnswerError> {
        if plan.is_empty() {
            return Ok(Vec::new());
        }
        let mut query = plan.query();
        // Few of the passages about people count them, and few of those with an abbreviation expand it.
        let are_few = plan.amount == Some(Amount::Attendance) || plan.answer_type == AnswerType::Expansion;
        let passages = if are_few { passages * 4 } else { passages };
        let candidates = self.read_candidates(&query, plan, passages)?;
        if candidates.is_empty() && plan.is_of_series() {
            // The posts of another conference, such as the eBPF Summit, may have taken all places.
            query.filter.events = plan.editions(&*self.index.facets(plan.request.now)?);
            return Ok(rank(self.read_candidates(&query, plan, passages)?));
        }
        Ok(rank(candidates))
    }

    /// Returns the candidates of the passages that a query finds, but for those that may not answer.
    fn read_candidates(
        &self,
        query: &Query,
        plan: &QueryPlan,
        passages: usize,
    ) -> Result<Vec<Candidate>, AnswerError> {
        let hits = self.index.search(query, passages)?;
        let mut candidates = CandidateReader::new(&plan.concepts, plan.answer_type, plan.language)
            .candidates(&hits, &self.passages);
        let people = PeopleFinder::new(&plan.scope.people);
        candidates.retain(|candidate| {
            plan.question.phrases.iter().all(|phrase| is_shown(phrase, candidate))
                && may_answer(&candidate.post, candidate.section, candidate.span, plan)
                && plan.is_in_parts(&candidate.post, candidate.span)
                && plan
                    .amount
                    .is_none_or(|amount| amount.may_be_in(candidate.post.body.slice(candidate.span)))
                && are_words_of(&candidate.post, candidate.span, &plan.scope.authors)
                && people.are_in(candidate)
        });
        Ok(candidates)
    }
}

/// Finds the words of a question around the candidates that may be shown.
fn find_marks_around(plan: &QueryPlan, candidates: &mut [Candidate]) {
    let reader = CandidateReader::new(&plan.concepts, plan.answer_type, plan.language);
    // Many of the first may overlap: of these only one is shown.
    let mut apart: Vec<(PostId, Span)> = Vec::new();
    for (at, candidate) in candidates.iter_mut().enumerate() {
        let overlaps =
            |(post, span): &(PostId, Span)| *post == candidate.post.id && span.overlaps(candidate.span);
        let is_apart = apart.len() < MAX_SHOWN && !apart.iter().any(overlaps);
        if is_apart {
            apart.push((candidate.post.id.clone(), candidate.span));
        }
        if is_apart || at < MAX_SHOWN {
            candidate.marks_around = reader.marks_around(candidate, MAX_PROSE);
        }
    }
}

/// The event that a candidate is cited for, and its size, if the candidate has the number of people who came.
fn size_of_cited_event<'c>(candidate: &'c Candidate, plan: &QueryPlan) -> Option<(&'c Event, u32)> {
    let event = cited_event(&candidate.post, candidate.section, &plan.scope.events)?;
    let size = size_of_event(candidate.post.body.slice(candidate.span), event.year)?;
    Some((event, size))
}

/// Whether the best candidate takes the side that a question for views of an event asks for: "what did people dislike at
/// KubeCon?" True for other questions.
fn takes_asked_side(plan: &QueryPlan, ranked: &RankedCandidates) -> bool {
    let asked = plan.question.asked_side.filter(|_| !plan.scope.events.is_empty());
    let Some((side, best)) = asked.zip(ranked.candidates.first()) else { return true };
    let shape = plan.question.shape();
    if shape.shape != Shape::Opinions || plan.has_topic_beside(shape) {
        return true;
    }
    may_take_side(&best.post.body, best.span, best.post.language, side)
}

/// Returns whether a candidate tells anything of what a question asks somebody's words on: of Istio, for `what did Jane Doe say about
/// Istio?` Of a clause, only the things count: "about how they relate". What belongs to every event counts only alone: "in the
/// keynote". True for other questions.
fn mentions_asked_topic(plan: &QueryPlan) -> impl Fn(&Candidate) -> bool + use<> {
    let syntax = &plan.question.syntax;
    let asks = last_request(syntax);
    let rest = asks.map_or(&[][..], |asks| &syntax.words[asks + 1..]);
    let is_clause = rest.iter().any(|word| is_question_word(&fold(&word.text)));
    let is_topic =
        |concept: &Concept| asks.is_some_and(|asks| concept.words.start > asks) && !concept.is_weak();
    let words: Vec<&str> =
        plan.concepts.iter().filter(|it| is_topic(it)).map(|concept| concept.text.as_str()).collect();
    let names_one = names_thing(&words.join(" "));
    let counts = |concept: &Concept| {
        is_topic(concept) && (!is_clause || names_one || concept.is_name || !concept.is_known)
    };
    let is_of_events =
        |concept: &Concept| TopicTable::builtin().ids_in_text(&concept.text).any(is_event_topic);
    let has_other = plan.concepts.iter().any(|concept| counts(concept) && !is_of_events(concept));
    let counted: Vec<bool> =
        plan.concepts.iter().map(|it| counts(it) && !(has_other && is_of_events(it))).collect();
    move |candidate| {
        let concepts = counted.iter().zip(&candidate.concept_coverage);
        let mut topic = concepts.filter(|(counts, _)| **counts).peekable();
        topic.peek().is_none() || topic.any(|(_, coverage)| *coverage > 0.0)
    }
}

/// Whether the scope of a plan is one of events or of people.
fn names_events_or_people(plan: &QueryPlan) -> bool {
    !plan.scope.events.is_empty() || !plan.scope.authors.is_empty()
}

/// Whether the best candidate lacks a name of the question.
fn lacks_name(plan: &QueryPlan, ranked: &RankedCandidates) -> bool {
    ranked.candidates.first().is_none_or(|best| has_unsaid_name(plan, best))
}

/// Whether neither a candidate nor its context has a name of the question.
fn has_unsaid_name(plan: &QueryPlan, candidate: &Candidate) -> bool {
    let mut names = plan.concepts.iter().zip(&candidate.concept_coverage).filter(|(it, _)| it.is_name);
    names.any(|(_, coverage)| *coverage <= 0.0)
}

/// Whether a candidate and its context tell at least half of some concepts of a question, by importance.
fn covers_half(plan: &QueryPlan, candidate: &Candidate, is_wanted: impl Fn(&Concept) -> bool) -> bool {
    let (mut all, mut covered) = (0.0, 0.0);
    for (concept, coverage) in plan.concepts.iter().zip(&candidate.concept_coverage) {
        if is_wanted(concept) {
            all += concept.importance;
            covered += concept.importance * coverage;
        }
    }
    covered * 2.0 >= all
}

/// Whether a phrase is in the part of a candidate's post that people are shown.
fn is_shown(phrase: &QuotedPhrase, candidate: &Candidate) -> bool {
    let spans: Vec<Span> = candidate.lead_in.into_iter().chain([candidate.span]).collect();
    phrase.is_shown_in(&candidate.post, candidate.section, &spans)
}

/// Whether words of a post are those of one of these people: said in it, or written by its author; true for no people.
pub(crate) fn are_words_of(post: &Post, span: Span, people: &[String]) -> bool {
    let is_wanted = |name: &str| people.iter().any(|wanted| fold_name(wanted) == fold_name(name));
    people.is_empty()
        || match post.body.speaker_at(span) {
            Some(speaker) => is_wanted(speaker),
            None => post.authors.iter().any(|author| is_wanted(author)),
        }
}
