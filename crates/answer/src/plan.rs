//! The third step of understanding a question: its concepts with the vocabulary of the index, and the query that finds
//! them.

use std::ops::Range;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::answer_type::AnswerType;
use super::concepts::{Concept, find_concepts};
use super::parse::{ParsedQuestion, parse};
use super::resolve::{EventRole, ExplicitScope, ResolvedQuestion, ScopeOptions, resolve_scope};
use crate::concepts::{anchor, asks_for_event_facts, usual_words};
use crate::freshness;
use crate::question_syntax::QuotedPhrase;
use takeaways_corpus::events::EventTable;
use takeaways_search::{Alternative, Clause, ClauseRole, Filter, Index, Query, SearchError};
use takeaways_text::model::{Event, Language, Missing, Question, Scope};

/// What is searched for a question, and what its answer has to hold.
#[derive(Debug, Clone)]
pub struct QueryPlan {
    /// What to search.
    pub scope: Scope,
    /// The events of the scope, as posts name them.
    pub events: Vec<Event>,
    /// What options and prefixes set of the scope.
    pub chosen: ExplicitScope,
    /// The conferences that the question names without an edition; posts about others only are not of interest.
    pub series: Vec<String>,
    /// Events, years and authors that were named and that no post is about or by.
    pub missing: Vec<Missing>,
    /// The language that it is asked in.
    pub language: Language,
    /// What it looks for, in the question's order.
    pub concepts: Vec<Concept>,
    /// What stood in quotes.
    pub phrases: Vec<QuotedPhrase>,
    /// Terms that no answer may hold.
    pub excluded_terms: Vec<Vec<String>>,
    /// What kind of answer it wants.
    pub answer_type: AnswerType,
}

/// Parses a question, resolves its names and plans its query, seen from the time `now`.
///
/// # Errors
/// If the index can't be read.
pub fn plan_question(
    question: &Question,
    wish: &ScopeOptions,
    reading: EventRole,
    index: &Index,
    now: Timestamp,
) -> Result<QueryPlan, SearchError> {
    let parsed = parse(question);
    let facets = index.facets(now)?;
    let today = now.to_zoned(TimeZone::UTC).date();
    let resolve_as = |reading| resolve_scope(&parsed, wish, reading, &facets, EventTable::builtin(), today);
    let mut resolved = resolve_as(reading);
    let mut concepts = question_concepts(&parsed, &resolved, index)?;
    let is_about_events_only =
        reading == EventRole::Subject && concepts.is_empty() && !resolved.chosen.is_set();
    if parsed.answer_type == AnswerType::Meaning && is_about_events_only {
        // What an event is is told where it is introduced, which may be in a post about another one.
        resolved = resolve_as(EventRole::Mention);
        concepts = question_concepts(&parsed, &resolved, index)?;
    }
    Ok(plan(parsed, resolved, concepts, index))
}

/// The concepts of a question that are not names of its scope, with what is required of them.
fn question_concepts(
    parsed: &ParsedQuestion,
    resolved: &ResolvedQuestion,
    index: &Index,
) -> Result<Vec<Concept>, SearchError> {
    let is_consumed = |at: usize| resolved.consumed_words.iter().any(|range| range.contains(&at));
    let mut concepts = find_concepts(&parsed.syntax, &is_consumed, parsed.language, index)?;
    freshness::set_aside(&mut concepts, &parsed.syntax, !resolved.scope.is_everything());
    require_mentioned_events(&mut concepts, &resolved.mentioned_events);
    require_mentioned_years(&mut concepts, &resolved.mentioned_years);
    Ok(concepts)
}

/// The plan; a question that looks for little but an event also looks for the words that tell of events.
fn plan(
    parsed: ParsedQuestion,
    resolved: ResolvedQuestion,
    mut concepts: Vec<Concept>,
    index: &Index,
) -> QueryPlan {
    let mut asked = parsed.answer_type;
    let says_something =
        !resolved.scope.is_everything() || !concepts.is_empty() || !resolved.consumed_words.is_empty();
    let usual = asks_for_event_facts(asked).then(|| usual_words(asked, &resolved.events, index));
    let is_usual = |concept: &Concept| {
        usual.as_ref().is_some_and(|usual| !concept.is_required && usual.shares_a_form_with(concept))
    };
    if says_something && concepts.iter().all(|concept| concept.is_weak() || is_usual(concept)) {
        concepts.retain(|concept| !is_usual(concept));
        concepts.extend(anchor(&parsed.syntax, &resolved.consumed_words, index));
        if matches!(asked, AnswerType::Anything | AnswerType::Meaning) {
            asked = AnswerType::Impression;
        }
        concepts.push(usual.unwrap_or_else(|| usual_words(asked, &resolved.events, index)));
    }
    let ParsedQuestion { language, phrases, excluded_terms, .. } = parsed;
    let ResolvedQuestion { scope, events, series, missing, chosen, .. } = resolved;
    QueryPlan {
        scope,
        events,
        chosen,
        series,
        missing,
        language,
        concepts,
        phrases,
        excluded_terms,
        answer_type: asked,
    }
}

/// The words of an event that no post is about have to be in the answer, and count for nothing there beside what is
/// asked of it: a sentence that only names the event tells nothing.
fn require_mentioned_events(concepts: &mut [Concept], passing: &[Range<usize>]) {
    let is_passing = |concept: &Concept| {
        passing.iter().any(|range| range.start <= concept.words.start && concept.words.end <= range.end)
    };
    let is_alone = concepts.iter().all(|concept| is_passing(concept) || concept.is_weak());
    for concept in concepts.iter_mut().filter(|concept| is_passing(concept)) {
        concept.is_required = true;
        concept.is_name = true;
        if !is_alone {
            concept.importance = 0.0;
        }
    }
}

/// Years that no post is from are looked for like names; where no passage tells of them there is no answer.
fn require_mentioned_years(concepts: &mut [Concept], past: &[Range<usize>]) {
    let is_past = |concept: &Concept| past.iter().any(|range| range.contains(&concept.words.start));
    for concept in concepts.iter_mut().filter(|concept| is_past(concept)) {
        concept.is_name = true;
        concept.is_required |= !concept.is_known;
    }
}

impl QueryPlan {
    /// The query for the index.
    #[must_use]
    pub fn query(&self, visible_at: Timestamp) -> Query {
        let mut groups: Vec<Clause> = self.concepts.iter().map(clause).collect();
        groups.extend(self.excluded_terms.iter().map(|terms| Clause {
            alternatives: vec![Alternative { terms: terms.clone(), weight: 1.0 }],
            weight: 1.0,
            role: ClauseRole::MustNot,
        }));
        let Scope { events, years, authors } = self.scope.clone();
        Query { clauses: groups, filter: Filter { events, years, authors, visible_at, ..Filter::default() } }
    }

    /// The names in the question, words that stand side by side joined, and whether the posts hold all of each.
    #[must_use]
    pub fn names(&self) -> Vec<(String, bool)> {
        let mut names: Vec<(String, bool, usize)> = Vec::new();
        for concept in self.concepts.iter().filter(|concept| concept.is_name && !concept.text.is_empty()) {
            match names.last_mut() {
                Some((text, known, end)) if *end == concept.words.start => {
                    *text = format!("{text} {}", concept.text);
                    *known &= concept.is_known;
                    *end = concept.words.end;
                }
                _ => names.push((concept.text.clone(), concept.is_known, concept.words.end)),
            }
        }
        names.into_iter().map(|(text, known, _)| (text, known)).collect()
    }
}

/// BM25 weighs rare words by itself; here only what makes a word matter less than its rarity says is passed on.
fn clause(concept: &Concept) -> Clause {
    let weak = takeaways_text::tokens::is_boilerplate(&concept.text);
    Clause {
        alternatives: concept.alternatives.clone(),
        weight: (1.0 + f32::from(concept.repeats)) * if weak { 0.3 } else { 1.0 },
        role: if concept.is_required { ClauseRole::Must } else { ClauseRole::Should },
    }
}
