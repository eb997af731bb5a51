//! The second step of understanding a question: its names are resolved against the facets of the index, which tells
//! which posts it is about. Options and prefixes override its words. Pure, given the facets.

mod explicit;

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;

use super::parse::ParsedQuestion;
use super::question_syntax::{QuestionSyntax, QuestionWord};
use crate::parse;
use crate::parse::Script;
pub use explicit::ExplicitScope;
pub(super) use explicit::{authors_of, events_of, fold};
use takeaways_corpus::events::{EventTable, Mention};
use takeaways_search::Facets;
use takeaways_text::language::all_words;
use takeaways_text::model::{Event, EventId, Missing, Scope, Years};

/// The scope that a person chose by options, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeOptions {
    /// Ids, names or cities of events.
    pub events: Vec<String>,
    /// One range of years.
    pub years: Option<Years>,
    /// Names of authors, whole or in part.
    pub authors: Vec<String>,
}

impl ScopeOptions {
    /// Whether nothing was chosen: a blank name chooses nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.is_undated() && non_blank(&self.authors).next().is_none()
    }

    /// Whether it says nothing of when: neither a year nor an event was chosen.
    #[must_use]
    pub fn is_undated(&self) -> bool {
        self.years.is_none() && non_blank(&self.events).next().is_none()
    }
}

/// The names that say something; an option may be given without a value.
fn non_blank(names: &[String]) -> impl Iterator<Item = &String> {
    names.iter().filter(|name| !name.trim().is_empty())
}

/// A question whose names are resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResolvedQuestion {
    /// What to search.
    pub scope: Scope,
    /// The events of the scope, as posts name them.
    pub events: Vec<Event>,
    /// Indices of the words that name the scope and are not looked for in the texts.
    pub consumed_words: Vec<Range<usize>>,
    /// Events, years and authors that were asked for by name and that no post is about or by.
    pub missing: Vec<Missing>,
    /// The conferences that the question names so broadly that their posts are no scope of their own.
    pub series: Vec<String>,
    /// Words that name an event which no post is about; a passage may still tell of it.
    pub mentioned_events: Vec<Range<usize>>,
    /// Words that name years which no post is from; a passage may still tell of them.
    pub mentioned_years: Vec<Range<usize>>,
    /// What options and prefixes set of the scope: then nothing outside it is of interest.
    pub chosen: ExplicitScope,
}

/// What an event that a question names has to do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventRole {
    /// The answer is in posts about the event.
    Subject,
    /// The answer names the event, in whatever post: one on Seattle may say what is expected of San Diego.
    Mention,
}

/// Resolves the scope of a question against what the index holds.
#[must_use]
pub fn resolve_scope(
    question: &ParsedQuestion,
    wish: &ScopeOptions,
    reading: EventRole,
    facets: &Facets,
    table: &EventTable,
    today: Date,
) -> ResolvedQuestion {
    let typed = &question.syntax;
    let mut resolved = ResolvedQuestion::default();
    match reading {
        EventRole::Subject => add_events_in_words(&mut resolved, typed, facets, table, today),
        EventRole::Mention => {
            let words = |mention: Mention<'_>| words_in(&mention.range, &typed.words);
            resolved.mentioned_events.extend(table.mentions(&typed.text).into_iter().map(words));
        }
    }
    add_years_in_words(&mut resolved, typed, facets, today);
    if reading == EventRole::Subject {
        add_author_in_words(&mut resolved, typed, facets);
    }
    explicit::apply_explicit_scope(&mut resolved, typed, wish, facets, table, today);
    let events = facets.events.iter().map(|(event, _)| event);
    resolved.events = events.filter(|event| resolved.scope.events.contains(&event.id)).cloned().collect();
    resolved
}

/// What the mentions in a question come to.
fn add_events_in_words(
    resolved: &mut ResolvedQuestion,
    typed: &QuestionSyntax,
    facets: &Facets,
    table: &EventTable,
    today: Date,
) {
    let mentions: Vec<Mention<'_>> = table
        .mentions(&typed.text)
        .into_iter()
        .filter(|mention| mention.series.is_some() || !is_part_of_a_name(&mention.range, &typed.words))
        .collect();
    let named: Vec<&Mention<'_>> = mentions.iter().filter(|mention| mention.series.is_some()).collect();
    let places: Vec<&Mention<'_>> = mentions.iter().filter(|mention| mention.series.is_none()).collect();
    let mut events: Vec<&Event> = Vec::new();
    for mention in &named {
        let mut fitting = matching_events(facets, mention);
        if is_negated(&mention.range, &typed.words) {
            resolved.consumed_words.push(words_in(&mention.range, &typed.words));
            continue;
        }
        if let Some(latest) = latest_word(&mention.range, &typed.words) {
            resolved.consumed_words.push(latest..latest + 1);
            fitting = latest_events(fitting, today);
        }
        let words = words_in(&mention.range, &typed.words);
        if fitting.is_empty() {
            let name = typed.text.get(mention.range.clone()).unwrap_or_default().trim().to_owned();
            resolved.missing.push(Missing::Words(name));
            resolved.mentioned_events.push(words);
        } else {
            resolved.consumed_words.push(words);
        }
        let bare = mention.year.is_none() && mention.region.is_none() && mention.place.is_none();
        if bare && cover_most_posts(&fitting, facets) {
            resolved.series.extend(mention.series.map(|series| series.name.clone()));
        } else {
            events.extend(fitting);
        }
    }
    for mention in places {
        let here = matching_events(facets, mention);
        let both: Vec<&Event> = here.iter().copied().filter(|event| events.contains(event)).collect();
        let words = words_in(&mention.range, &typed.words);
        if !both.is_empty() {
            events = both;
            resolved.consumed_words.push(words);
        } else if events.is_empty() && named.is_empty() && !here.is_empty() {
            events = here;
            resolved.consumed_words.push(words);
        }
    }
    resolved.scope.events = event_ids(events);
}

/// The events of the index that a mention may mean.
fn matching_events<'f>(facets: &'f Facets, mention: &Mention<'_>) -> Vec<&'f Event> {
    facets.events.iter().map(|(event, _)| event).filter(|event| matches_mention(event, mention)).collect()
}

fn matches_mention(event: &Event, mention: &Mention<'_>) -> bool {
    if mention.editions.iter().any(|edition| edition.id == event.id) {
        return true;
    }
    let same = |known: &Option<String>, said: &str| {
        known.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(said))
    };
    let place = mention.place.as_deref();
    mention.series.is_some_and(|series| series.name == event.series)
        && mention.year.is_none_or(|year| event.year == Some(year))
        && mention.region.as_deref().is_none_or(|region| same(&event.region, region))
        && place.is_none_or(|place| same(&event.city, place) || same(&event.country, place))
}

/// Whether so many posts are about these events that their name says nothing about which are meant: in a corpus
/// of KubeCon posts "KubeCon" is just the word for a conference.
fn cover_most_posts(events: &[&Event], facets: &Facets) -> bool {
    let posts = |events: &mut dyn Iterator<Item = &(Event, u64)>| events.map(|(_, posts)| posts).sum::<u64>();
    let all = posts(&mut facets.events.iter());
    let these = posts(&mut facets.events.iter().filter(|(event, _)| events.contains(&event)));
    events.len() > 1 && these * 3 > all
}

/// Whether a word like "not" stands right before the mention.
fn is_negated(range: &Range<usize>, words: &[QuestionWord]) -> bool {
    let before = words_in(range, words).start.checked_sub(1).and_then(|at| words.get(at));
    before.is_some_and(|word| {
        // Not "no": in Portuguese that is "in the".
        EXCLUSIONS.contains(&word.text.to_lowercase().as_str())
    })
}

/// A city's name that is followed by another capitalised word which names no event is a person's or a product's:
/// Paris Hilton, Austin Powers.
fn is_part_of_a_name(range: &Range<usize>, words: &[QuestionWord]) -> bool {
    let at = words_in(range, words);
    let next = words.get(at.end);
    next.is_some_and(|word| {
        word.text.starts_with(char::is_uppercase)
            && word.text.chars().skip(1).all(char::is_lowercase)
            && word.text.chars().count() > 2
            && word.range.start == range.end + 1
    })
}

static EXCLUSIONS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.questions.exclusions));

static LATEST: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.questions.latest));

/// The index of a word like "latest" right before the mention.
fn latest_word(range: &Range<usize>, words: &[QuestionWord]) -> Option<usize> {
    let before = words_in(range, words).start.checked_sub(1)?;
    let word = words.get(before)?.text.to_lowercase();
    LATEST.contains(&word.as_str()).then_some(before)
}

/// The newest of the events that has begun.
fn latest_events(events: Vec<&Event>, today: Date) -> Vec<&Event> {
    let began =
        |event: &Event| event.start.or_else(|| event.year.and_then(|year| Date::new(year, 1, 1).ok()));
    let newest = events.iter().filter_map(|event| began(event)).filter(|&date| date <= today).max();
    events.into_iter().filter(|event| newest.is_some() && began(event) == newest).collect()
}

/// The words that a range of bytes touches. A stretch without blanks holds more words than it shows, so one that is
/// only touched is none of them.
fn words_in(range: &Range<usize>, words: &[QuestionWord]) -> Range<usize> {
    let is_stretch = |word: &QuestionWord| word.text.chars().any(|c| Script::of_char(c).uses_bigrams());
    let is_before = |word: &QuestionWord| {
        word.range.end <= range.start || word.range.start < range.start && is_stretch(word)
    };
    let is_behind =
        |word: &QuestionWord| word.range.start >= range.end || word.range.end > range.end && is_stretch(word);
    let first = words.iter().position(|word| !is_before(word)).unwrap_or(words.len());
    let end = words.iter().skip(first).position(is_behind).map_or(words.len(), |at| first + at);
    first..end
}

fn event_ids(events: Vec<&Event>) -> Vec<EventId> {
    let mut ids: Vec<EventId> = events.into_iter().map(|event| event.id.clone()).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Years in the question narrow the events that it names, or are the scope themselves.
fn add_years_in_words(resolved: &mut ResolvedQuestion, typed: &QuestionSyntax, facets: &Facets, today: Date) {
    let in_event: Vec<Range<usize>> =
        resolved.consumed_words.iter().chain(&resolved.mentioned_events).cloned().collect();
    let is_taken = |at: usize| in_event.iter().any(|range| range.contains(&at));
    let Some(named) = parse::parse_years(&typed.words, today.year(), &is_taken) else { return };
    let of_year = |id: &EventId| {
        facets
            .events
            .iter()
            .any(|(event, _)| event.id == *id && event.year.is_some_and(|year| named.years.contains(year)))
    };
    let narrowed: Vec<EventId> = resolved.scope.events.iter().filter(|id| of_year(id)).cloned().collect();
    if !resolved.scope.events.is_empty() && narrowed.is_empty() {
        // "What did they say at KubeCon NA 2018 about 2030": the year is a part of what is asked.
        return;
    }
    // "Before 2018" says where to look, whatever is there.
    let is_open = named.years.first == Years::FIRST && named.years.last > Years::FIRST;
    if !is_open && narrowed.is_empty() && !facets.years.iter().any(|(year, _)| named.years.contains(*year)) {
        // No recap is from then, but one may tell of then.
        resolved.missing.push(Missing::Years(named.years.to_string()));
        resolved.mentioned_years.extend(named.words);
        return;
    }
    resolved.scope.events = narrowed;
    resolved.scope.years = Some(named.years);
    resolved.consumed_words.extend(named.words);
}

/// "by Jane Doe", "what did Jane Doe say", "Jane Doe's view": the full name of an author in the index, also where the
/// posts give no more than a handle that is made of it ("jdoe").
fn add_author_in_words(resolved: &mut ResolvedQuestion, typed: &QuestionSyntax, facets: &Facets) {
    let lower: Vec<String> = typed.words.iter().map(|word| strip_genitive(&word.text)).collect();
    for (author, _) in &facets.authors {
        let parts: Vec<String> = author.split_whitespace().map(str::to_lowercase).collect();
        if let [handle] = parts.as_slice() {
            if let Some(at) = typed.words.windows(2).position(|pair| is_handle_of(handle, pair)) {
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

/// Whether a handle is made of a first and a last name: "jdoe", "janedoe", "jane.doe", "doej".
fn is_handle_of(handle: &str, name: &[QuestionWord]) -> bool {
    let [first, last] = name else { return false };
    if !first.text.starts_with(char::is_uppercase) || !last.text.starts_with(char::is_uppercase) {
        return false;
    }
    let (first, last) = (first.text.to_lowercase(), strip_genitive(&last.text));
    let Some(initial) = first.chars().next().filter(|_| last.chars().count() > 2) else { return false };
    let letters: String = handle.chars().filter(|c| c.is_alphanumeric()).collect();
    [format!("{initial}{last}"), format!("{first}{last}"), format!("{last}{initial}")].contains(&letters)
}

/// A word in lower case without the `'s` that says whose something is.
fn strip_genitive(word: &str) -> String {
    let lower = word.to_lowercase();
    lower.strip_suffix("'s").map(str::to_owned).unwrap_or(lower)
}

#[cfg(test)]
mod tests;
