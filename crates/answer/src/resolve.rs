//! The second step: resolves the names in a question to events, years and authors of the index. The result is the
//! scope. Options and prefixes override the question's words. Pure, given the facets of the index.

mod authors;
mod editions;
mod events;
mod explicit;
mod name_reader;
mod neighbours;
mod subjects;
mod unlisted;
mod writers;

use std::ops::Range;

use jiff::civil::Date;

use crate::parse::ParsedQuestion;
use crate::people::{full_names, is_given_name};
use crate::question_syntax::{QuestionSyntax, QuestionWord, overlap};
use authors::add_authors;
pub(crate) use authors::{asks_for_words, last_request};
pub(crate) use editions::cover_most_posts;
use events::add_events_and_times;
pub(crate) use events::events_of_whole_text;
pub use explicit::ExplicitScope;
use explicit::apply_explicit_scope;
pub(crate) use explicit::{events_of_option, explicit_scope};
use takeaways_search::{Facets, fold_name};
use takeaways_text::language;
use takeaways_text::model::{Event, EventId, Missing, Scope, Years};
use takeaways_text::script::is_cjk;
use takeaways_text::tokens::folding::fold;
use takeaways_text::tokens::{is_any_stop_word, strip_genitive};
pub(crate) use unlisted::unlisted_conferences;
use writers::writer_words;

/// The options that set a scope, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeOptions {
    /// Ids, names or cities of events.
    pub events: Vec<String>,
    /// A range of years.
    pub years: Option<Years>,
    /// Names of authors, whole or in part.
    pub authors: Vec<String>,
}

impl ScopeOptions {
    /// The options for the events, the years and the authors of a scope.
    pub(crate) fn of(scope: &Scope) -> Self {
        let events = scope.events.iter().map(|id| id.0.clone()).collect();
        Self { events, years: scope.years, authors: scope.authors.clone() }
    }

    /// Whether no option is set. Blank names don't count.
    pub fn is_empty(&self) -> bool {
        self.is_undated() && non_blank(&self.authors).next().is_none()
    }

    /// Whether neither years nor events are set.
    pub fn is_undated(&self) -> bool {
        self.years.is_none() && non_blank(&self.events).next().is_none()
    }
}

/// Returns the names that are not blank, because an option may be given without a value.
fn non_blank(names: &[String]) -> impl Iterator<Item = &String> {
    names.iter().filter(|name| !name.trim().is_empty())
}

/// A question whose names are resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResolvedQuestion {
    /// The posts to search.
    pub scope: Scope,
    /// The events of the scope, as posts name them.
    pub events: Vec<Event>,
    /// Indices of the words that name the scope and are not searched.
    pub consumed_words: Vec<Range<usize>>,
    /// Indices of the words that name an edition by its number: "first". They are searched too.
    pub edition_words: Vec<Range<usize>>,
    /// Events, years and authors of the question that no post is about or by.
    pub missing: Vec<Missing>,
    /// Indices of the words that name the people of the scope. They are searched too.
    pub people_words: Vec<Range<usize>>,
    /// Indices of the words that stand where a writer is named. They need not be a name.
    pub writer_words: Option<Range<usize>>,
    /// The conferences that the question names without an edition and that most posts are about: too broad for a scope.
    pub series: Vec<String>,
    /// Indices of the words that name an event that no post is about. A passage may still mention it.
    pub mentioned_events: Vec<Range<usize>>,
    /// Indices of the words that name years that no post is from. A passage may still mention them.
    pub mentioned_years: Vec<Range<usize>>,
    /// Questions to choose from, because the question names a person by a name that several have.
    pub choices: Vec<String>,
    /// Whether an event of the question only tells a time: "before San Diego".
    pub has_landmarks: bool,
    /// Whether all that limits the posts is what came after an event: "what did they test after KubeCon EU 2018?"
    pub is_after_event: bool,
    /// Whether options or prefixes set the scope. Then no other posts are searched.
    pub explicit_scope: ExplicitScope,
}

/// The role of the events and people that a question names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameRole {
    /// The answer is in posts about the event.
    Subject,
    /// The same, also about an event by which the question tells a time: "before San Diego" may be the day before it, and
    /// what somebody wrote "after San Diego" may be about it.
    Landmark,
    /// The answer mentions the event, in any post: one about Seattle may say what is expected of San Diego.
    Mention,
    /// As [`Subject`](Self::Subject), and the answer tells in the words of others what a speaker said.
    Report,
}

/// Resolves the scope of a question.
pub fn resolve_scope(
    question: &ParsedQuestion,
    options: &ScopeOptions,
    name_role: NameRole,
    facets: &Facets,
    today: Date,
) -> ResolvedQuestion {
    let syntax = &question.syntax;
    let mut resolved = ResolvedQuestion::default();
    add_events_and_times(&mut resolved, syntax, question.answer_type, name_role, facets, today);
    add_authors(&mut resolved, syntax, name_role, facets);
    apply_explicit_scope(&mut resolved, syntax, options, facets, today);
    resolved.writer_words = writer_words(syntax, question.language, &resolved.consumed_words);
    add_people(&mut resolved, syntax);
    let events = facets.events.iter().map(|(event, _)| event);
    resolved.events = events.filter(|event| resolved.scope.events.contains(&event.id)).cloned().collect();
    resolved
}

/// Adds the people that the words name beside the authors and speakers of the scope.
fn add_people(resolved: &mut ResolvedQuestion, syntax: &QuestionSyntax) {
    let words_of = |name: &str| {
        let start = syntax.text.find(name)?;
        Some(words_in(&(start..start + name.len()), &syntax.words))
    };
    let is_used = |name: &str| {
        let is_consumed =
            |words: Range<usize>| resolved.consumed_words.iter().any(|range| overlap(range, &words));
        let is_author = |author: &String| fold_name(author) == fold_name(name);
        words_of(name).is_none_or(is_consumed) || resolved.scope.authors.iter().any(is_author)
    };
    let mut people: Vec<String> = full_names(&syntax.text).filter(|name| !is_used(name)).collect();
    let is_full_name = |words: &Range<usize>| {
        people.iter().filter_map(|name| words_of(name)).any(|name| overlap(&name, words))
    };
    // Whose recap is asked for, in lower case too. Where a question asks what somebody said, more than the passages with the name tell it.
    let writer = resolved.writer_words.as_ref().filter(|words| {
        let [first, last] = [words.start, words.end - 1].map(|at| syntax.words[at].text.as_str());
        words.len() > 1 && is_given_name(&fold(first)) && last.ends_with("'s") && !is_full_name(words)
    });
    let writer = writer.and_then(|words| syntax.text_of(words)).map(strip_genitive);
    people.extend(writer.filter(|name| !is_used(name)).map(str::to_owned));
    people.sort();
    people.dedup();
    resolved.people_words = people.iter().filter_map(|name| words_of(name)).collect();
    resolved.scope.people = people;
}

/// Returns the word like "next" right before or after the mention.
pub(super) fn next_word<'w>(range: &Range<usize>, words: &'w [QuestionWord]) -> Option<&'w QuestionWord> {
    word_beside(range, words, |word| is_next_word(&word.to_lowercase()))
}

/// Returns the word like "virtual" right before or after the mention.
fn online_word<'w>(range: &Range<usize>, words: &'w [QuestionWord]) -> Option<&'w QuestionWord> {
    let online = &language::all().event_facts.online_words;
    word_beside(range, words, |word| online.contains(word.to_lowercase().as_str()))
}

/// Returns the word right before or after the mention that is one of a kind.
fn word_beside<'w>(
    range: &Range<usize>,
    words: &'w [QuestionWord],
    is_of_kind: impl Fn(&str) -> bool,
) -> Option<&'w QuestionWord> {
    let mention = words_in(range, words);
    let beside = mention.start.checked_sub(1).into_iter().chain([mention.end]);
    beside.filter_map(|at| words.get(at)).find(|word| is_of_kind(&word.text))
}

/// Whether a word in lower case is one like "next", without the particle or with a counter where there are no blanks: `次` of `次の`.
pub(crate) fn is_next_word(word: &str) -> bool {
    let next = &language::all().questions.next;
    let is_part_of = |next: &str| next.starts_with(word) || word.starts_with(next);
    next.contains(word) || word.contains(is_cjk) && next.iter().any(is_part_of)
}

/// Whether a word only joins others, in any language: "the", "auf", "nel".
fn is_function_word(word: &QuestionWord) -> bool {
    is_any_stop_word(&word.text.to_lowercase())
}

/// Returns the words that a range of bytes touches. A run without blanks is several words, so it counts only if the
/// range contains all of it.
fn words_in(range: &Range<usize>, words: &[QuestionWord]) -> Range<usize> {
    let is_unspaced = |word: &QuestionWord| word.text.contains(is_cjk);
    let is_before = |word: &QuestionWord| {
        word.range.end <= range.start || word.range.start < range.start && is_unspaced(word)
    };
    let is_after = |word: &QuestionWord| {
        word.range.start >= range.end || word.range.end > range.end && is_unspaced(word)
    };
    let first = words.iter().position(|word| !is_before(word)).unwrap_or(words.len());
    let end = words.iter().skip(first).position(is_after).map_or(words.len(), |at| first + at);
    first..end
}

fn event_ids(events: Vec<&Event>) -> Vec<EventId> {
    let mut ids: Vec<EventId> = events.into_iter().map(|event| event.id.clone()).collect();
    ids.sort();
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests;
