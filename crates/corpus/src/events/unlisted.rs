//! Finds the event of a post where the table lists none: a name right before a year, as in `Apimondia 2017` or `MW17`.
//!
//! A name must call itself an event (`Design Summit 2018`), or the post must speak of it as of one.

use std::ops::Range;
use std::sync::LazyLock;

use takeaways_text::calendar::{is_weekday, month_from_name};
use takeaways_text::language;
use takeaways_text::model::{Event, EventId, Years};
use takeaways_text::tokens::{folding::trim_punctuation, is_any_stop_word, is_boilerplate};

use super::detect::{EventDetectionInput, truncate_line};
use super::lexicon::PlaceKind;
use super::table::{EventTable, join_words, slug};
use crate::entities::{EntityKind, EntityTable};
use crate::folded_text::{FoldedText, PhraseLists};

/// The years of events.
const YEARS: Range<i16> = Years::FIRST..2101;
/// A recap is at most so many years from its event.
const MAX_YEARS_APART: u16 = 1;
/// The maximum number of words of a name.
const MAX_WORDS: usize = 8;
/// The maximum number of words of a title that is a name and a year and nothing else.
const MAX_WORDS_OF_TITLE: usize = 5;
/// The part of the text that is read, in bytes: about the first screen.
const BEGINNING: usize = 1_800;
/// The maximum number of names that are compared.
const MAX_NAMES: usize = 8;
/// The maximum number of tags that are read.
const MAX_TAGS: usize = 100;
/// What the names of events end with: `PodFest`.
const ENDINGS: [&str; 7] = ["con", "conf", "fest", "camp", "days", "summit", "expo"];

/// Returns the event that a post names without a table: in its title, its tags or the sentences at the beginning.
pub(super) fn find_unlisted_event(table: &EventTable, input: &EventDetectionInput<'_>) -> Option<Event> {
    let title = truncate_line(input.title.unwrap_or_default());
    let beginning = input.text.get(..input.text.floor_char_boundary(BEGINNING)).unwrap_or_default();
    let finder = NameFinder { table, year: input.date.map(jiff::civil::Date::year), title, beginning };
    let tags = input.tags.iter().take(MAX_TAGS).map(|tag| truncate_line(tag));
    let of_line = |line: &str, is_sentence: bool| {
        finder.names(line).into_iter().find(|it| finder.is_event(it, line, is_sentence))
    };
    let in_lines = [title].into_iter().chain(tags).filter_map(|line| of_line(line, false));
    let sentences = sentences_of(beginning).into_iter();
    let found: Vec<NamedYear> =
        in_lines.chain(sentences.filter_map(|sentence| of_line(sentence, true))).take(MAX_NAMES).collect();
    // Elsewhere the post may have the full name of an "MW17".
    let best = found.iter().position(|it| !it.is_short).unwrap_or_default();
    found.into_iter().nth(best).map(NamedYear::into_event)
}

/// Finds the names in a post.
struct NameFinder<'a> {
    table: &'a EventTable,
    year: Option<i16>,
    title: &'a str,
    beginning: &'a str,
}

/// A name with a year.
struct NamedYear {
    /// The name without the year and the place.
    series: String,
    year: i16,
    place: Option<String>,
    /// Whether it is the name of an edition in one word: `MW17`.
    is_short: bool,
    /// Whether nothing else stands in its clause: "Apimondia 2017, a diary".
    is_clause: bool,
}

/// A word of a line without the signs around it.
struct Token<'t> {
    text: &'t str,
    /// Whether a sign after it ends a clause.
    ends_clause: bool,
    /// Whether it stands in quotation marks.
    is_quoted: bool,
}

impl NameFinder<'_> {
    /// Returns the names with a year in a line.
    fn names(&self, line: &str) -> Vec<NamedYear> {
        let tokens = tokens_of(line);
        (0..tokens.len())
            .filter_map(|at| self.name_of_edition(&tokens, at).or_else(|| self.name_before(&tokens, at)))
            .collect()
    }

    /// The `MW17` at a place in a line, if it may be a name and the year of the post.
    fn name_of_edition(&self, tokens: &[Token<'_>], at: usize) -> Option<NamedYear> {
        let token = tokens.get(at)?.text;
        let (name, digits) = token.split_at_checked(token.len().checked_sub(2)?)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let year = 2000 + digits.parse::<i16>().ok()?;
        let is_name =
            name.chars().all(char::is_alphabetic) && name.chars().filter(|c| c.is_uppercase()).count() > 1;
        (is_name && self.year.is_some() && self.may_be_of(year)).then(|| NamedYear {
            series: name.to_owned(),
            year,
            place: None,
            is_short: true,
            is_clause: false,
        })
    }

    /// The name before the year at a place in a line.
    fn name_before(&self, tokens: &[Token<'_>], at: usize) -> Option<NamedYear> {
        let year: i16 = tokens.get(at)?.text.parse().ok()?;
        if !YEARS.contains(&year) || !self.may_be_of(year) {
            return None;
        }
        let mut name = name_ending_at(tokens, at, |at| !tokens[at].ends_clause);
        let is_open = |token: &Token<'_>| !token.ends_clause && !is_any_stop_word(token.text);
        if at <= MAX_WORDS_OF_TITLE && tokens[..at].iter().all(is_open) {
            // "beyond tellerrand 2018" is a title that is a name and a year.
            name.start =
                name.start.min(tokens[..at].iter().take_while(|token| is_boilerplate(token.text)).count());
        }
        let words_of_place = self.place_at_end(&tokens[name.clone()]).unwrap_or_default();
        let split = name.end - words_of_place;
        let (series, place) = (name.start..split, split..name.end);
        let place = (!place.is_empty()).then(|| join_tokens(&tokens[place]));
        // "Congress of Nurses, Boston 2019"
        let series = if series.is_empty() {
            place.as_ref()?;
            let end = name.start;
            let before = name_ending_at(tokens, end, |at| at + 1 == end || !tokens[at].ends_clause);
            Some(before).filter(|name| has_event_noun(&tokens[name.clone()]))?
        } else {
            series
        };
        let place = place.or_else(|| self.place_at(tokens, at + 1));
        let begins = name.start.checked_sub(1).is_none_or(|before| tokens[before].ends_clause);
        let is_clause = begins && (tokens[at].ends_clause || at + 1 == tokens.len());
        Some(NamedYear { series: join_tokens(&tokens[series]), year, place, is_short: false, is_clause })
    }

    /// Whether the post may be on an event of a year.
    fn may_be_of(&self, year: i16) -> bool {
        self.year.is_none_or(|of_post| of_post.abs_diff(year) <= MAX_YEARS_APART)
    }

    /// The number of words of the place with which a name ends.
    fn place_at_end(&self, name: &[Token<'_>]) -> Option<usize> {
        let len = (1..=2.min(name.len())).rev();
        len.into_iter().find(|len| self.is_city(&join_tokens(&name[name.len() - len..])))
    }

    /// The place at the beginning of some words, perhaps after an "in".
    fn place_at(&self, tokens: &[Token<'_>], at: usize) -> Option<String> {
        let is_in = |token: &Token<'_>| {
            language::all().questions.in_places.contains(token.text.to_lowercase().as_str())
        };
        let at = at + usize::from(tokens.get(at).is_some_and(is_in));
        (1..=2).rev().find_map(|len| {
            let place = join_tokens(tokens.get(at..at + len)?);
            self.is_city(&place).then_some(place)
        })
    }

    fn is_city(&self, name: &str) -> bool {
        self.table.places.named(name).is_some_and(|place| place.kind == PlaceKind::City)
    }

    /// Whether a name is that of an event: it says so, or the post speaks of it as of one.
    fn is_event(&self, named: &NamedYear, line: &str, is_sentence: bool) -> bool {
        let tokens = tokens_of(&named.series);
        let names_project = || {
            let mentions = EntityTable::builtin().mentions(&named.series);
            mentions.iter().any(|it| it.span.start == 0 && it.kind == EntityKind::Project)
        };
        if tokens.iter().all(is_generic) || tokens.last().is_some_and(is_of_date) || names_project() {
            return false;
        }
        // "GDC 2019: notes"
        let is_recapped = || {
            let has_word_for_recap =
                || line.split_whitespace().any(|word| is_boilerplate(trim_punctuation(word)));
            !is_sentence && (named.is_clause || has_word_for_recap())
        };
        let is_visited =
            || [line, self.title, self.beginning].into_iter().any(|text| is_visited_in(&named.series, text));
        !named.is_short && has_event_noun(&tokens)
            || (is_recapped() || is_visited())
                && speaks_of_event(if is_sentence { line } else { self.beginning })
    }
}

impl NamedYear {
    /// The event with this name.
    fn into_event(self) -> Event {
        let year = self.year.to_string();
        let name = join_words(&[&self.series, &year]);
        let (id, year) = (EventId(slug(&name)), Some(self.year));
        Event { id, series: self.series, name, year, city: self.place, ..Event::default() }
    }
}

/// Splits a text at the ends of lines, and at signs that end sentences: white space follows these, unlike the dot of `Vue.js`.
fn sentences_of(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let is_followed = || text[end..].chars().next().is_none_or(char::is_whitespace);
        if c == '\n' || matches!(c, '.' | '!' | '?') && is_followed() {
            sentences.push(&text[start..end]);
            start = end;
        }
    }
    sentences.push(&text[start..]);
    sentences
}

/// Splits a line into its words.
fn tokens_of(line: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut is_quoted = false;
    for part in line.split_whitespace() {
        let begin = part.trim_start_matches(|c: char| !c.is_alphanumeric());
        let mut text = begin.trim_end_matches(|c: char| !c.is_alphanumeric());
        // The brace of `Elastic{ON}` is a part of the name.
        if text.contains('{') && begin[text.len()..].starts_with('}') {
            text = &begin[..=text.len()];
        }
        if let Some(apostrophe) =
            begin[text.len()..].chars().next().filter(|c| text.ends_with('s') && matches!(c, '\'' | '’'))
        {
            text = &begin[..text.len() + apostrophe.len_utf8()];
        }
        let after = &begin[text.len()..];
        let is_end =
            |c: char| matches!(c, ',' | ';' | ':' | '.' | '!' | '?' | '(' | ')' | '|' | '–' | '—' | '-');
        if text.is_empty() {
            if part != "&"
                && let Some(last) = tokens.last_mut()
            {
                last.ends_clause = true;
            }
            continue;
        }
        let opens = part.starts_with('(');
        if opens && let Some(last) = tokens.last_mut() {
            last.ends_clause = true;
        }
        is_quoted |= part.starts_with(['"', '“', '„', '«', '»']);
        tokens.push(Token { text, ends_clause: after.contains(is_end), is_quoted });
        is_quoted &= !after.contains(['"', '“', '”', '«', '»']);
    }
    tokens
}

fn join_tokens(tokens: &[Token<'_>]) -> String {
    tokens.iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
}

/// The words of the name before a place in a line, which may be none. `is_open` tells at which words it may go on.
fn name_ending_at(tokens: &[Token<'_>], end: usize, is_open: impl Fn(usize) -> bool) -> Range<usize> {
    let is_part = |token: &Token<'_>| {
        token.is_quoted || token.text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
    };
    let mut start = end;
    while let Some(before) =
        start.checked_sub(1).filter(|before| is_open(*before) && end - before <= MAX_WORDS)
    {
        if is_part(&tokens[before]) {
            start = before;
            continue;
        }
        // "Museums and the Web", "Symposium on Water"
        let joins =
            tokens[..=before].iter().rev().take_while(|it| is_joining(it.text) && !it.ends_clause).count();
        let first = (before + 1).saturating_sub(joins);
        let follows_name = joins > 0 && first > 0 && is_open(first - 1) && is_part(&tokens[first - 1]);
        if start == end || !follows_name || !joins_names(&tokens[..first], &tokens[first..=before]) {
            break;
        }
        start = first - 1;
    }
    // "Notes", "My", "XXIII"
    let is_lead = |token: &Token<'_>| {
        is_any_stop_word(token.text)
            || is_boilerplate(token.text) && !is_event_noun(token.text)
            || is_ordinal(token.text)
    };
    start += tokens[start..end].iter().take_while(|token| is_lead(token)).count();
    start..end
}

/// Whether a word may stand between the words of a name.
fn is_joining(word: &str) -> bool {
    word.starts_with(char::is_lowercase) && is_any_stop_word(word)
}

/// Whether words between two names join them to one: "and", or after a word for events any, as "on".
fn joins_names(before: &[Token<'_>], joining: &[Token<'_>]) -> bool {
    let is_and = |token: &Token<'_>| language::all().times.and.contains(token.text);
    joining.iter().any(is_and) || before.iter().rev().take(3).any(|token| is_event_noun(token.text))
}

fn has_event_noun(tokens: &[Token<'_>]) -> bool {
    tokens.len() > 1 && tokens.iter().any(|token| is_event_noun(token.text))
        || tokens.iter().any(|token| ends_as_event(token.text))
}

/// Whether a word in the name of an event is one that many others have: "congress", "the", "talks".
pub fn is_ordinary_in_names(word: &str) -> bool {
    is_event_noun(word) || is_any_stop_word(word) || is_boilerplate(word)
}

/// Whether a word is one for events: "congress".
pub fn is_event_noun(word: &str) -> bool {
    language::all().event_facts.event_nouns.has_word(word)
}

/// Whether a name ends as those of events: `PodFest`.
fn ends_as_event(word: &str) -> bool {
    let ends =
        ENDINGS.iter().any(|ending| word.len() > ending.len() && word.to_lowercase().ends_with(ending));
    ends && word.chars().filter(|c| c.is_uppercase()).count() > 1
}

/// Whether a word is the number of an edition: `XXIII`, `5th`.
fn is_ordinal(word: &str) -> bool {
    let is_roman = word.len() > 1 && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'));
    let digits = word.trim_start_matches(|c: char| c.is_ascii_digit());
    is_roman || digits.len() < word.len() && language::all().calendar.ordinal_endings.contains(digits)
}

/// Whether a word tells nothing of an event, or is a part of a date.
fn is_generic(token: &Token<'_>) -> bool {
    let word = token.text;
    is_event_noun(word)
        || is_any_stop_word(word)
        || is_boilerplate(word)
        || is_of_date(token)
        || is_ordinal(word)
}

/// Whether a word is a number, a month or a day of the week.
fn is_of_date(token: &Token<'_>) -> bool {
    let is_number = token.text.bytes().all(|byte| byte.is_ascii_digit());
    is_number || month_from_name(token.text).is_some() || is_weekday(token.text)
}

/// Whether a text says that somebody was at what has a name, or that it was held.
fn is_visited_in(name: &str, text: &str) -> bool {
    let facts = &language::all().event_facts;
    text.match_indices(name).any(|(at, _)| {
        let words = text[..at].split_whitespace().rev().take(2);
        let mut before: Vec<String> = words.map(|word| trim_punctuation(word).to_lowercase()).collect();
        before.reverse();
        let is_attended = (0..before.len()).any(|from| facts.attending.contains(&before[from..].join(" ")));
        let after =
            text[at + name.len()..].trim_start_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
        let is_held = |phrase: &str| {
            after.strip_prefix(phrase).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        is_attended || facts.held.iter().any(is_held)
    })
}

/// Whether a text speaks of an event.
fn speaks_of_event(text: &str) -> bool {
    static WORDS: LazyLock<PhraseLists<3>> = LazyLock::new(|| {
        PhraseLists::new([
            |words| &words.points.event_words,
            |words| &words.event_facts.attendance_verbs,
            |words| &words.event_facts.held,
        ])
    });
    WORDS.find(&FoldedText::fold(text)).counts.iter().any(|count| *count > 0)
}

#[cfg(test)]
mod tests;
