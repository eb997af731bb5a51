//! The second step: resolves the names in a question to events, years and authors of the index. The result is the
//! scope. Options and prefixes override the question's words. Pure, given the facets of the index.

mod explicit;

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::find_name::matches_mention;
use crate::parse::{ParsedQuestion, parse_years};
use crate::question_syntax::{QuestionSyntax, QuestionWord, Script, folded_words};
pub use explicit::ExplicitScope;
use explicit::apply_explicit_scope;
use takeaways_corpus::events::{EventTable, Mention};
use takeaways_search::Facets;
use takeaways_text::language::all_words;
use takeaways_text::model::{Event, EventId, Missing, Scope, Years};

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
    /// Whether no option is set. Blank names don't count.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.is_undated() && non_blank(&self.authors).next().is_none()
    }

    /// Whether neither years nor events are set.
    #[must_use]
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
    /// Events, years and authors of the question that no post is about or by.
    pub missing: Vec<Missing>,
    /// The conferences that the question names without an edition and that most posts are about: too broad for a scope.
    pub series: Vec<String>,
    /// Indices of the words that name an event that no post is about. A passage may still mention it.
    pub mentioned_events: Vec<Range<usize>>,
    /// Indices of the words that name years that no post is from. A passage may still mention them.
    pub mentioned_years: Vec<Range<usize>>,
    /// Whether options or prefixes set the scope. Then no other posts are searched.
    pub explicit_scope: ExplicitScope,
}

/// The role of an event that a question names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventRole {
    /// The answer is in posts about the event.
    Subject,
    /// The answer mentions the event, in any post: one about Seattle may say what is expected of San Diego.
    Mention,
}

/// Resolves the scope of a question.
#[must_use]
pub fn resolve_scope(
    question: &ParsedQuestion,
    options: &ScopeOptions,
    event_role: EventRole,
    facets: &Facets,
    today: Date,
) -> ResolvedQuestion {
    let syntax = &question.syntax;
    let mut resolved = ResolvedQuestion::default();
    match event_role {
        EventRole::Subject => add_events_in_words(&mut resolved, syntax, facets, today),
        EventRole::Mention => {
            let words = |mention: Mention<'_>| words_in(&mention.range, &syntax.words);
            let mentions = EventTable::builtin().mentions(&syntax.text);
            resolved.mentioned_events.extend(mentions.into_iter().map(words));
        }
    }
    add_years_in_words(&mut resolved, syntax, facets, today);
    if event_role == EventRole::Subject {
        add_author_in_words(&mut resolved, syntax, facets);
    }
    apply_explicit_scope(&mut resolved, syntax, options, facets, today);
    let events = facets.events.iter().map(|(event, _)| event);
    resolved.events = events.filter(|event| resolved.scope.events.contains(&event.id)).cloned().collect();
    resolved
}

/// Adds the events that the words mention. A mention without a series is a place, which narrows the events or names
/// them alone.
fn add_events_in_words(
    resolved: &mut ResolvedQuestion,
    syntax: &QuestionSyntax,
    facets: &Facets,
    today: Date,
) {
    let mentions: Vec<Mention<'_>> = EventTable::builtin()
        .mentions(&syntax.text)
        .into_iter()
        .filter(|mention| mention.series.is_some() || !is_part_of_a_name(&mention.range, &syntax.words))
        .collect();
    let named: Vec<&Mention<'_>> = mentions.iter().filter(|mention| mention.series.is_some()).collect();
    let places: Vec<&Mention<'_>> = mentions.iter().filter(|mention| mention.series.is_none()).collect();
    let mut events: Vec<&Event> = Vec::new();
    for mention in &named {
        let mut matches = matching_events(facets, mention);
        if is_negated(&mention.range, &syntax.words) {
            resolved.consumed_words.push(words_in(&mention.range, &syntax.words));
            continue;
        }
        if let Some(latest) = latest_word(&mention.range, &syntax.words) {
            resolved.consumed_words.push(latest..latest + 1);
            matches = latest_events(matches, today);
        }
        resolved.consumed_words.extend(next_word(&mention.range, &syntax.words).map(|at| at..at + 1));
        let words = words_in(&mention.range, &syntax.words);
        if matches.is_empty() {
            let name = syntax.text.get(mention.range.clone()).unwrap_or_default().trim().to_owned();
            resolved.missing.push(Missing::Words(name));
            resolved.mentioned_events.push(words);
        } else {
            resolved.consumed_words.push(words);
        }
        let is_bare = mention.year.is_none() && mention.region.is_none() && mention.place.is_none();
        if is_bare && cover_most_posts(&matches, facets) {
            resolved.series.extend(mention.series.map(|series| series.name.clone()));
        } else {
            events.extend(matches);
        }
    }
    for mention in places {
        let at_place = matching_events(facets, mention);
        let both: Vec<&Event> = at_place.iter().copied().filter(|event| events.contains(event)).collect();
        let words = words_in(&mention.range, &syntax.words);
        if !both.is_empty() {
            events = both;
            resolved.consumed_words.push(words);
        } else if events.is_empty() && named.is_empty() && !at_place.is_empty() {
            events = at_place;
            resolved.consumed_words.push(words);
        }
    }
    resolved.scope.events = event_ids(events);
}

/// Returns the events of the index that match a mention.
fn matching_events<'f>(facets: &'f Facets, mention: &Mention<'_>) -> Vec<&'f Event> {
    facets.events.iter().map(|(event, _)| event).filter(|event| matches_mention(event, mention)).collect()
}

/// Whether more than a third of the posts are about these events. Then their name does not narrow the search: in a
/// corpus of KubeCon posts "KubeCon" is just the word for a conference.
fn cover_most_posts(events: &[&Event], facets: &Facets) -> bool {
    let posts = |events: &mut dyn Iterator<Item = &(Event, u64)>| events.map(|(_, posts)| posts).sum::<u64>();
    let all = posts(&mut facets.events.iter());
    let matching = posts(&mut facets.events.iter().filter(|(event, _)| events.contains(&event)));
    events.len() > 1 && matching * 3 > all
}

/// Whether a word like "not" is right before the mention. "No" is not such a word: in Portuguese it means "in the".
fn is_negated(range: &Range<usize>, words: &[QuestionWord]) -> bool {
    let before = words_in(range, words).start.checked_sub(1).and_then(|at| words.get(at));
    before.is_some_and(|word| EXCLUSIONS.contains(&word.text.to_lowercase().as_str()))
}

/// Whether a city is followed by another capitalised word. Then it is a part of a person's or a product's name: Paris
/// Hilton, Austin Powers.
fn is_part_of_a_name(range: &Range<usize>, words: &[QuestionWord]) -> bool {
    let next = words.get(words_in(range, words).end);
    next.is_some_and(|word| {
        word.text.starts_with(char::is_uppercase)
            && word.text.chars().skip(1).all(char::is_lowercase)
            && word.text.chars().count() > 2
            && word.range.start == range.end + 1
    })
}

static EXCLUSIONS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.questions.exclusions));

static LATEST: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.questions.latest));

/// Returns the index of a word like "latest" right before the mention.
fn latest_word(range: &Range<usize>, words: &[QuestionWord]) -> Option<usize> {
    let before = words_in(range, words).start.checked_sub(1)?;
    let word = words.get(before)?.text.to_lowercase();
    LATEST.contains(&word.as_str()).then_some(before)
}

static NEXT: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.questions.next));

/// Returns the index of a word like "next" right before or after the mention.
pub(super) fn next_word(range: &Range<usize>, words: &[QuestionWord]) -> Option<usize> {
    let mention = words_in(range, words);
    let beside = mention.start.checked_sub(1).into_iter().chain([mention.end]);
    let is_next =
        |at: &usize| words.get(*at).is_some_and(|word| NEXT.contains(&word.text.to_lowercase().as_str()));
    beside.into_iter().find(is_next)
}

/// Returns the events with the latest start that is not in the future.
fn latest_events(events: Vec<&Event>, today: Date) -> Vec<&Event> {
    let start =
        |event: &Event| event.start.or_else(|| event.year.and_then(|year| Date::new(year, 1, 1).ok()));
    let newest = events.iter().filter_map(|event| start(event)).filter(|&date| date <= today).max();
    events.into_iter().filter(|event| newest.is_some() && start(event) == newest).collect()
}

/// Returns the words that a range of bytes touches. A run without blanks is several words, so it counts only if the
/// range contains all of it.
fn words_in(range: &Range<usize>, words: &[QuestionWord]) -> Range<usize> {
    let is_unspaced = |word: &QuestionWord| word.text.chars().any(|c| Script::of_char(c).uses_bigrams());
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

/// Adds the years that the words name. They narrow the events of the scope, or are the scope if it has no events.
fn add_years_in_words(
    resolved: &mut ResolvedQuestion,
    syntax: &QuestionSyntax,
    facets: &Facets,
    today: Date,
) {
    let in_event: Vec<Range<usize>> =
        resolved.consumed_words.iter().chain(&resolved.mentioned_events).cloned().collect();
    let is_consumed = |at: usize| in_event.iter().any(|range| range.contains(&at));
    let Some(named) = parse_years(&syntax.words, today.year(), &is_consumed) else { return };
    let of_year = |id: &EventId| {
        facets
            .events
            .iter()
            .any(|(event, _)| event.id == *id && event.year.is_some_and(|year| named.years.contains(year)))
    };
    let narrowed: Vec<EventId> = resolved.scope.events.iter().filter(|id| of_year(id)).cloned().collect();
    if !resolved.scope.events.is_empty() && narrowed.is_empty() {
        // "What did they say at KubeCon NA 2018 about 2030": the year is a concept.
        return;
    }
    // "Before 2018" is always a scope, even without such posts.
    let is_open = named.years.first == Years::FIRST && named.years.last > Years::FIRST;
    if !is_open && narrowed.is_empty() && !facets.years.iter().any(|(year, _)| named.years.contains(*year)) {
        // No post is from these years, but one may mention them.
        resolved.missing.push(Missing::Years(named.years.to_string()));
        resolved.mentioned_years.extend(named.words);
        return;
    }
    resolved.scope.events = narrowed;
    resolved.scope.years = Some(named.years);
    resolved.consumed_words.extend(named.words);
}

/// Adds the authors whose full names are in the words ("by Jane Doe", "Jane Doe's view"), also if the posts only have a
/// handle made of the name ("jdoe"). For a person who wrote no post, most of what posts say about them are words of others,
/// so the question must ask for what the person said.
fn add_author_in_words(resolved: &mut ResolvedQuestion, syntax: &QuestionSyntax, facets: &Facets) {
    let lower: Vec<String> = syntax.words.iter().map(|word| strip_genitive(&word.text)).collect();
    let asks_for_words = asks_for_words(syntax);
    for (author, _) in &facets.authors {
        if !asks_for_words && facets.speakers.binary_search(author).is_ok() {
            continue;
        }
        let parts: Vec<String> = author.split_whitespace().map(str::to_lowercase).collect();
        if let [handle] = parts.as_slice() {
            if let Some(at) = syntax.words.windows(2).position(|pair| is_handle_of(handle, pair)) {
                resolved.scope.authors.push(author.clone());
                resolved.consumed_words.push(at..at + 2);
            }
            continue;
        }
        if let Some(at) = lower.windows(parts.len()).position(|words| words == parts) {
            resolved.scope.authors.push(author.clone());
            resolved.consumed_words.push(at..at + parts.len());
        }
    }
}

/// Whether a question asks what somebody said or thinks.
fn asks_for_words(syntax: &QuestionSyntax) -> bool {
    static REQUESTS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.speakers.requests));
    let text = folded_words(&syntax.text).iter().fold(String::from(" "), |text, word| text + word + " ");
    REQUESTS.iter().any(|request| {
        let is_unspaced = request.chars().any(|c| Script::of_char(c).uses_bigrams());
        if is_unspaced { text.contains(request) } else { text.contains(&format!(" {request} ")) }
    })
}

/// Whether a handle is made of a first and a last name: "jdoe", "janedoe", "jane.doe", "doej".
fn is_handle_of(handle: &str, name: &[QuestionWord]) -> bool {
    let [first, last] = name else { return false };
    if !first.text.starts_with(char::is_uppercase) || !last.text.starts_with(char::is_uppercase) {
        return false;
    }
    let (first, last) = (first.text.to_lowercase(), strip_genitive(&last.text));
    let Some(initial) = first.chars().next().filter(|_| last.chars().count() > 2) else { return false };
    let letters: String = handle.chars().filter(|c| c.is_alphanumeric()).collect();
    // "alexdmoss" has the initial of a middle name.
    let has_middle_initial = letters.len() == first.len() + last.len() + 1
        && letters.starts_with(&first)
        && letters.ends_with(&last);
    has_middle_initial
        || [format!("{initial}{last}"), format!("{first}{last}"), format!("{last}{initial}")]
            .contains(&letters)
}

/// Returns a word in lower case without a genitive `'s`.
fn strip_genitive(word: &str) -> String {
    let lower = word.to_lowercase();
    lower.strip_suffix("'s").map(str::to_owned).unwrap_or(lower)
}

#[cfg(test)]
mod tests;
