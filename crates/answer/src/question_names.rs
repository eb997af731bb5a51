//! What a question names: its scope, and the concepts of the words that are left.

use std::ops::Range;
use std::sync::Arc;

use crate::{
    answer_type::words_of_form,
    concepts::{Concept, find_concepts},
    engine::Request,
    expansions::is_word_of_request,
    freshness::drop_recency_words,
    parse::ParsedQuestion,
    people::is_given_name,
    question_syntax::{QuestionSyntax, contains},
    resolve::{NameRole, ResolvedQuestion, resolve_scope},
    shape_words::is_event_word,
};
use takeaways_search::{Index, SearchError};
use takeaways_text::language::WordList;
use takeaways_text::model::Language;
use takeaways_text::tokens::{folding::fold, is_boilerplate, strip_genitive};
use takeaways_text::translations::is_english_word;

/// The share of its importance that the number of an edition keeps. The scope is that edition already.
const EDITION_SHARE: f32 = 0.3;

/// What a question names: its words, its scope, and what is left of the words.
#[derive(Clone)]
pub(crate) struct QuestionNames {
    pub parsed: Arc<ParsedQuestion>,
    pub resolved: ResolvedQuestion,
    pub concepts: Vec<Concept>,
}

/// Resolves the names of the question of a request.
///
/// # Errors
/// If the index can't be read.
pub(crate) fn resolve_names(
    parsed: Arc<ParsedQuestion>,
    request: &Request,
    name_role: NameRole,
    index: &Index,
) -> Result<QuestionNames, SearchError> {
    let facets = index.facets(request.now)?;
    let resolve =
        |name_role| resolve_scope(&parsed, &request.scope_options, name_role, &facets, request.today());
    let mut resolved = resolve(name_role);
    let mut concepts = question_concepts(&parsed, &resolved, index)?;
    let is_about_events_only =
        name_role == NameRole::Subject && concepts.is_empty() && !resolved.explicit_scope.is_set();
    if parsed.answer_type.is_meaning() && is_about_events_only {
        // A sentence that explains an event may be in a post about another event.
        resolved = resolve(NameRole::Mention);
        concepts = question_concepts(&parsed, &resolved, index)?;
    }
    Ok(QuestionNames { parsed, resolved, concepts })
}

/// Returns the concepts of a question that do not name its scope.
fn question_concepts(
    parsed: &ParsedQuestion,
    resolved: &ResolvedQuestion,
    index: &Index,
) -> Result<Vec<Concept>, SearchError> {
    let is_consumed = |at: usize| resolved.consumed_words.iter().any(|range| range.contains(&at));
    let mut concepts = find_concepts(&parsed.syntax, &is_consumed, parsed.language, index)?;
    if parsed.answer_type.is_meaning() {
        // An answer need not say that it is one.
        let form = words_of_form(&parsed.syntax.words, parsed.answer_type);
        concepts.retain(|concept| !(form.contains(&concept.words.start) && is_word_of_request(concept)));
    }
    drop_recency_words(&mut concepts, &parsed.syntax, !resolved.scope.is_everything());
    concepts.retain(|concept| !is_field_of_events(concept, &parsed.syntax, parsed.language));
    // Boilerplate that no recap has would count as a part of the question that nothing answers.
    concepts.retain(|it| it.is_known || it.is_name || it.is_required || !is_boilerplate(&it.text));
    for concept in concepts.iter_mut().filter(|concept| is_within(concept, &resolved.edition_words)) {
        concept.importance *= EDITION_SHARE;
    }
    rank_without_people(&mut concepts, &resolved.people_words);
    name_unknown_writer(&mut concepts, resolved.writer_words.as_slice());
    require_mentioned_events(&mut concepts, &resolved.mentioned_events);
    require_mentioned_years(&mut concepts, &resolved.mentioned_years);
    Ok(concepts)
}

/// Whether a concept says beside a word for events what all of them are about: the "tech" of "tech conferences".
fn is_field_of_events(concept: &Concept, syntax: &QuestionSyntax, language: Language) -> bool {
    let is_in =
        |at: usize, list: &WordList| syntax.words.get(at).is_some_and(|word| list.has_word(&word.text));
    let is_event = |at: usize| syntax.words.get(at).is_some_and(|word| is_event_word(&word.text));
    let Range { start, end } = concept.words.clone();
    let lists = [language, Language::En].map(|language| &language.words().events);
    let is_field = lists.iter().any(|events| concept.words.clone().all(|at| is_in(at, &events.fields)));
    let is_after = || {
        // "Conférences de technologie"
        let before = start.checked_sub(1).filter(|at| lists.iter().any(|events| is_in(*at, &events.joiners)));
        before.or(Some(start)).and_then(|at| at.checked_sub(1)).is_some_and(is_event)
    };
    is_field && (is_event(end) || is_after())
}

/// Requires the words of an event that no post is about. Beside other concepts they score nothing, because a sentence
/// that only mentions the event answers nothing.
fn require_mentioned_events(concepts: &mut [Concept], mentions: &[Range<usize>]) {
    let is_alone = concepts.iter().all(|concept| is_within(concept, mentions) || concept.is_weak());
    for concept in concepts.iter_mut().filter(|concept| is_within(concept, mentions)) {
        concept.is_required = true;
        concept.is_name = true;
        if !is_alone {
            concept.importance = 0.0;
        }
    }
}

/// Lets each passage of people cover their names beside other concepts, so that those who spell a name don't rank first.
fn rank_without_people(concepts: &mut [Concept], people: &[Range<usize>]) {
    if concepts.iter().all(|concept| is_within(concept, people) || concept.is_weak()) {
        return;
    }
    for concept in concepts.iter_mut().filter(|concept| concept.is_known && is_within(concept, people)) {
        concept.is_name = false;
        concept.is_limit = true;
    }
}

/// Takes the words of a writer that no post has for a name, also in lower case: what others wrote is no answer.
fn name_unknown_writer(concepts: &mut [Concept], writer: &[Range<usize>]) {
    for concept in concepts.iter_mut().filter(|concept| is_within(concept, writer)) {
        let word = fold(strip_genitive(&concept.text));
        let has_other_words = concept.alternatives.len() > concept.own_forms;
        // "An honest opinion"
        let is_word = !is_given_name(&word) && (has_other_words || is_english_word(&word));
        if !concept.is_known && !concept.is_known_otherwise && !is_word {
            concept.is_name = true;
            // "Jane" is no "Janet".
            concept.alternatives.truncate(concept.own_forms);
            concept.other_words.clear();
        }
    }
}

/// Whether a concept is a part of one of these runs of words.
pub(crate) fn is_within(concept: &Concept, runs: &[Range<usize>]) -> bool {
    runs.iter().any(|run| contains(run, &concept.words))
}

/// Treats years that no post is from as names, and requires those that no passage mentions, so that the question is
/// refused.
fn require_mentioned_years(concepts: &mut [Concept], years: &[Range<usize>]) {
    let is_year = |concept: &Concept| years.iter().any(|range| range.contains(&concept.words.start));
    for concept in concepts.iter_mut().filter(|concept| is_year(concept)) {
        concept.is_name = true;
        concept.is_required |= !concept.is_known;
    }
}
