//! Which of several editions a message names: `the oldest one`, `what did they eat at the first one?`

use std::ops::Range;
use std::sync::LazyLock;

use super::command_phrases::{COMMANDS, is_item_word, is_last};
use super::message::MAX_COMMAND;
use super::pointers::FollowUp;
use super::scope::{ConversationEvents, NamedScope};
use super::topic::only_places;
use super::words::{Phrases, Word, bytes_of, phrases_of, split_words};
use crate::question_syntax::blank_out;
use takeaways_corpus::events::EventTable;
use takeaways_text::aliases::Aliases;
use takeaways_text::model::{Language, Years};
use takeaways_text::tokens::is_any_stop_word;

/// Which of several editions is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EditionWords {
    Oldest,
    Newest,
    /// The one with this number, counted from 0.
    Nth(usize),
    /// The other one of two.
    Other,
}

static OLDEST: LazyLock<Phrases> = LazyLock::new(|| phrases_of(|words| &words.conversation.oldest));
static NEWEST: LazyLock<Phrases> = LazyLock::new(|| phrases_of(|words| &words.conversation.newest));
static OTHER: LazyLock<Phrases> = LazyLock::new(|| phrases_of(|words| &words.conversation.other_edition));
static NOUNS: LazyLock<Phrases> = LazyLock::new(|| phrases_of(|words| &words.conversation.edition_nouns));
/// What goes back to something that was talked about: `again`, `back to`.
pub(super) static RETURNING: LazyLock<Phrases> =
    LazyLock::new(|| phrases_of(|words| &words.conversation.returning));

/// The maximum number of letters of an article: `the`, `die`.
pub(super) const MAX_ARTICLE: usize = 3;

/// Returns which edition a message asks for and nothing else: `the oldest one`, `and the second one?`
pub(super) fn find_edition(words: &[Word]) -> Option<EditionWords> {
    if words.len() > MAX_COMMAND {
        return None;
    }
    let is_only = |at: usize, len: usize| {
        let mut others = words.iter().take(at).chain(words.iter().skip(at + len));
        others.all(|word| COMMANDS.fillers.is_word(word) || is_item_word(word))
    };
    let by_age =
        [(&OLDEST, EditionWords::Oldest), (&NEWEST, EditionWords::Newest), (&OTHER, EditionWords::Other)];
    let by_age = by_age.into_iter().find(|(phrases, _)| {
        (0..words.len()).any(|at| phrases.match_at(words, at).is_some_and(|len| is_only(at, len)))
    });
    by_age.map(|(_, wanted)| wanted).or_else(|| find_number(words))
}

/// Returns which of the events talked about a message goes back to, by its number, and asks nothing else: `the first one
/// again`, `back to the second one`.
pub(super) fn find_return(words: &[Word]) -> Option<usize> {
    let len_at = |at: usize| RETURNING.match_at(words, at).unwrap_or_default();
    let at = (0..words.len()).find(|at| len_at(*at) > 0)?;
    let mut rest = words.to_vec();
    rest.drain(at..at + len_at(at));
    // "Please" at the end.
    while rest.last().is_some_and(|last| COMMANDS.fillers.is_word(last)) {
        rest.pop();
    }
    // "The first edition" is the first of all.
    let is_number =
        rest.last().is_some_and(|last| COMMANDS.is_closing_thing(last) || ordinal(last).is_some());
    match find_number(&rest).filter(|_| is_number)? {
        EditionWords::Nth(at) => Some(at),
        EditionWords::Oldest | EditionWords::Newest | EditionWords::Other => None,
    }
}

/// Whether a message limits several editions to some of them: `just the last one`.
pub(super) fn narrows(words: &[Word]) -> bool {
    static NARROWING: LazyLock<Phrases> = LazyLock::new(|| phrases_of(|words| &words.conversation.narrowing));
    NARROWING.match_at(words, 0).is_some()
}

/// Returns the edition that a message names by its number alone: `and the second one?`, but not `tell me more about the
/// second one`.
fn find_number(words: &[Word]) -> Option<EditionWords> {
    let mut start = COMMANDS.beginnings(words).last()?;
    let is_article = |word: &&Word| word.folded.len() <= MAX_ARTICLE;
    start += usize::from(words.get(start).as_ref().is_some_and(is_article));
    let wanted = match words.get(start)? {
        word if is_last(word) => EditionWords::Newest,
        word => EditionWords::Nth(ordinal(word)?),
    };
    let rest = words.get(start + 1..).unwrap_or_default();
    (rest.is_empty() || NOUNS.is(rest)).then_some(wanted)
}

/// The ordinal that a word is, counted from 0. Digits count other things.
fn ordinal(word: &Word) -> Option<usize> {
    COMMANDS.ordinal(word).filter(|_| !word.folded.starts_with(|c: char| c.is_ascii_digit()))
}

/// Returns the edition that a message names beside a question of its own, with its words: `what did they eat at the first
/// one?`
pub(super) fn find_edition_within(words: &[Word]) -> Option<(EditionWords, Range<usize>)> {
    words.iter().enumerate().find_map(|(at, word)| {
        let is_place =
            |at: usize| at.checked_sub(1).is_some_and(|at| COMMANDS.is_place_preposition(&words[at]));
        // "The other one" may be anything.
        let is_event = |len: &usize| {
            words.get(at + len - 1).is_some_and(|last| !COMMANDS.is_closing_thing(last)) || is_place(at)
        };
        if let Some(len) = OTHER.match_at(words, at).filter(is_event) {
            return Some((EditionWords::Other, bytes_of(words.get(at..at + len)?)?));
        }
        let oldest = || OLDEST.match_at(words, at).map(|len| (EditionWords::Oldest, len));
        let newest = || NEWEST.match_at(words, at).map(|len| (EditionWords::Newest, len));
        let number = || ordinal(word).map(|number| (EditionWords::Nth(number), 1));
        let (wanted, len) = oldest().or_else(newest).or_else(number)?;
        let end = at + len + NOUNS.match_at(words, at + len)?;
        Some((wanted, bytes_of(words.get(at..end)?)?))
    })
}

/// The first year among the words of a text.
fn words_of_years(text: &str) -> Option<(Range<usize>, i16)> {
    const YEARS: Range<i16> = 1980..2100;
    let words = split_words(text).into_iter();
    let mut years = words.filter_map(|word| Some((word.range, word.folded.parse().ok()?)));
    years.find(|(_, year)| YEARS.contains(year))
}

/// Returns the country or the part of the world whose edition a message names by an acronym or an adjective, with its words: `how was
/// the Korean one?`, `and the us one?`, but not `the German conference scene` or `give us one`.
pub(super) fn find_place_within(text: &str, words: &[Word]) -> Option<(String, Range<usize>)> {
    words.iter().enumerate().find_map(|(at, word)| {
        let end = at + 1 + NOUNS.match_at(words, at + 1)?;
        let ends = words
            .get(end)
            .is_none_or(|next| is_any_stop_word(&next.folded) || next.folded.parse::<Years>().is_ok());
        let has_article = at.checked_sub(1).is_some_and(|before| is_definite_article(&words[before]));
        let name = place_name(text.get(word.range.clone())?, has_article).filter(|_| ends)?;
        Some((name, bytes_of(words.get(at..end)?)?))
    })
}

/// Whether a word is a definite article.
fn is_definite_article(word: &Word) -> bool {
    static FILLERS: LazyLock<Phrases> = LazyLock::new(|| phrases_of(|words| &words.times.fillers));
    word.folded.len() <= MAX_ARTICLE
        && FILLERS.is_word(word)
        && is_item_word(word)
        && !COMMANDS.is_place_preposition(word)
}

/// The name of the country or the part of the world for which a word is an acronym or, after an article, an adjective. A pronoun may
/// be written as an acronym is, but in small letters: `us`.
fn place_name(word: &str, has_article: bool) -> Option<String> {
    let is_acronym = word.len() <= MAX_ARTICLE && (has_article || word.chars().all(char::is_uppercase));
    let acronym = is_acronym.then(|| word.to_ascii_uppercase());
    let adjective = Some(word).filter(|_| has_article);
    let nouns = adjective.into_iter().flat_map(|word| Aliases::builtin().find_names(&[word]));
    let nouns = nouns.flat_map(|(_, names)| names);
    let is_place = |name: &String| !EventTable::builtin().lone_places(name).is_empty();
    acronym.into_iter().chain(nouns.map(|name| name.words)).find(is_place)
}

/// The first year that a message names.
pub(super) fn year_of(text: &str) -> Option<Years> {
    words_of_years(text).map(|(_, year)| Years::single(year))
}

/// Returns the scope of a message that only names one, so that the question before it is asked again: `and the year before?`
pub(super) fn scope_alone(
    words: &[Word],
    language: Language,
    follow_up: &FollowUp,
    conversation_events: &ConversationEvents<'_>,
) -> Option<NamedScope> {
    let returned = find_return(words).and_then(|at| conversation_events.returned_to(at));
    let named =
        returned.or_else(|| find_edition(words).and_then(|wanted| conversation_events.edition(wanted)));
    if named.is_some() {
        return named;
    }
    let years_away = follow_up.years_away;
    if split_words(&follow_up.plain).is_empty() {
        if follow_up.is_everywhere {
            return Some(NamedScope::everything());
        }
        return follow_up.edition.clone().or_else(|| conversation_events.editions_away(years_away?));
    }
    // "And in Europe in 2023?"
    let mut rest = follow_up.plain.clone();
    let year = words_of_years(&rest).map(|(range, year)| {
        blank_out(&mut rest, range);
        Years::single(year)
    });
    let places = only_places(&rest, language);
    conversation_events.editions_at(&places, year, years_away.unwrap_or_default())
}
