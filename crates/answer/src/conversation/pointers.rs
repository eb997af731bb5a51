//! A message without its connectors, with the words that stand for something named before.

use std::collections::HashMap;
use std::convert::Infallible;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use quick_cache::sync::Cache;

use super::command_phrases::COMMANDS;
use super::editions::{find_edition_within, find_place_within, year_of};
use super::scope::{ConversationEvents, NamedScope};
use super::words::{Phrases, Word, bytes_of, phrases_of, split_words};
use crate::attendance::{is_attendance_word, is_comparative, is_size};
use crate::question_syntax::blank_out;
use takeaways_corpus::{events::EventTable, points::asked_side};
use takeaways_text::language::{LanguageWords, WordList, all};
use takeaways_text::model::Language;
use takeaways_text::tokens::{folding::fold, is_any_stop_word, is_boilerplate};

/// The number of sets of languages whose phrases are kept. Most conversations are in one or two languages.
const MAX_KEPT: usize = 16;

/// The phrases of the conversation lists of one language.
pub(super) struct ConversationPhrases {
    connectors: Phrases,
    corrections: Phrases,
    fillers: Phrases,
    persons: Phrases,
    authors: Phrases,
    things: Phrases,
    closing_things: Phrases,
    people_things: Phrases,
    places: Phrases,
    expletives: Phrases,
    demonstratives: Phrases,
    clause_words: Phrases,
    adverbials: Phrases,
    every_year: Phrases,
    everywhere: Phrases,
    other_people: Phrases,
    both: Phrases,
    both_events: Phrases,
    any_event: Phrases,
    same_year: Phrases,
    pub(super) exclusions: Phrases,
    pub(super) contrasts: Phrases,
    year_before: Phrases,
    year_after: Phrases,
    years_earlier: Phrases,
    years_later: Phrases,
}

impl ConversationPhrases {
    /// The lists of these languages. Each word counts in its language only: `la` is an article in some and a place in
    /// others.
    pub fn of(languages: &[Language]) -> Arc<Self> {
        static MADE: LazyLock<Cache<Vec<Language>, Arc<ConversationPhrases>>> =
            LazyLock::new(|| Cache::new(MAX_KEPT));
        let make = || Ok::<_, Infallible>(Arc::new(Self::make(languages)));
        MADE.get_or_insert_with(languages, make).unwrap_or_else(|never| match never {})
    }

    fn make(languages: &[Language]) -> Self {
        let phrases = |list: fn(&LanguageWords) -> &WordList| {
            Phrases::new(languages.iter().flat_map(|language| list(language.words()).iter()))
        };
        Self {
            connectors: phrases(|words| &words.conversation.connectors),
            corrections: phrases(|words| &words.conversation.corrections),
            fillers: Phrases::new(languages.iter().flat_map(|language| {
                let words = language.words();
                words
                    .messages
                    .chatter
                    .iter()
                    .chain(words.conversation.yes.iter())
                    .chain(words.conversation.polite_words.iter())
                    // "Why not?" asks for something, unless it accepts an offer.
                    .filter(|phrase| asked_side(phrase).is_none())
            })),
            persons: phrases(|words| &words.conversation.persons),
            authors: phrases(|words| &words.conversation.authors),
            things: phrases(|words| &words.conversation.things),
            closing_things: phrases(|words| &words.conversation.closing_things),
            people_things: phrases(|words| &words.conversation.people_things),
            places: phrases(|words| &words.conversation.places),
            expletives: phrases(|words| &words.conversation.expletives),
            demonstratives: phrases(|words| &words.conversation.demonstratives),
            clause_words: phrases(|words| &words.conversation.clause_words),
            adverbials: phrases(|words| &words.conversation.adverbials),
            every_year: phrases(|words| &words.conversation.every_year),
            everywhere: phrases(|words| &words.conversation.everywhere),
            other_people: phrases(|words| &words.conversation.other_people),
            both: phrases(|words| &words.conversation.both),
            both_events: phrases(|words| &words.conversation.both_events),
            any_event: phrases(|words| &words.conversation.any_event),
            same_year: phrases(|words| &words.conversation.same_year),
            exclusions: phrases(|words| &words.questions.exclusions),
            contrasts: phrases(|words| &words.stances.contrasts),
            year_before: phrases(|words| &words.conversation.year_before),
            year_after: phrases(|words| &words.conversation.year_after),
            years_earlier: phrases(|words| &words.conversation.years_earlier),
            years_later: phrases(|words| &words.conversation.years_later),
        }
    }
}

/// A message after its connectors.
#[expect(clippy::struct_excessive_bools, reason = "the flags are independent")]
pub(super) struct FollowUp {
    pub text: String,
    /// The text without words for an event or a year that was named before.
    pub plain: String,
    /// Whether it began with a connector or a correction.
    pub begins_with_connector: bool,
    /// How many years after the events talked about it asks for; negative for years before.
    pub years_away: Option<i16>,
    /// The edition that it names beside a question: `what did they eat at the first one?`
    pub edition: Option<NamedScope>,
    /// Whether it asks beyond the scope of the conversation: `in general`.
    pub is_everywhere: bool,
    /// Whether it asks for the words of other people than before: `anyone else`.
    pub asks_others: bool,
    /// Whether it corrects the question before: `I mean …`.
    pub is_correction: bool,
    /// What it does not want: the eBPF Summit, in `no, at KubeCon, not the eBPF Summit`.
    pub excluded: Option<String>,
    pointers: Vec<Pointer>,
}

/// Words that stand for something named before.
pub(super) struct Pointer {
    kind: PointerKind,
    /// In bytes of the text.
    range: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PointerKind {
    Person,
    Author,
    Thing,
    People,
    Place,
}

impl FollowUp {
    /// Reads a message in a conversation about these events.
    pub fn new(
        message: &str,
        phrases: &ConversationPhrases,
        conversation_events: &ConversationEvents<'_>,
    ) -> Self {
        let mut message = message.to_owned();
        let edition = find_edition_within(&split_words(&message))
            .and_then(|(wanted, range)| Some((conversation_events.edition(wanted)?, range)));
        let edition = edition.or_else(|| {
            let (words, both) = (split_words(&message), conversation_events.both()?);
            Some((both, phrases.both_events.find(&words)?))
        });
        let edition = edition.or_else(|| {
            let (words, all) = (split_words(&message), conversation_events.any_of_several()?);
            Some((all, phrases.any_event.find(&words)?))
        });
        let edition = edition.or_else(|| {
            let (place, range) = find_place_within(&message, &split_words(&message))?;
            let year = year_of(&message);
            Some((conversation_events.editions_at(&[&place], year, 0)?, range))
        });
        let edition = edition.map(|(edition, range)| {
            blank_out(&mut message, range);
            edition
        });
        let is_every_year = blank_out_phrases(&mut message, &phrases.every_year);
        let edition = edition.or_else(|| conversation_events.every_edition().filter(|_| is_every_year));
        let years_away = phrases.years_away(&split_words(&message)).map(|(years, range)| {
            blank_out(&mut message, range);
            years
        });
        let is_everywhere =
            blank_out_phrases(&mut message, &phrases.everywhere) || is_every_year && edition.is_none();
        let asks_others = blank_out_phrases(&mut message, &phrases.other_people);
        let begins_with_adverbial = phrases.adverbials.match_at(&split_words(&message), 0).is_some();
        blank_out_adverbials(&mut message, phrases);
        let mut is_correction = phrases.blank_out_last_correction(&mut message);
        let words = split_words(&message);
        let mut start = 0;
        let mut begins_with_connector = is_correction || years_away.is_some() || begins_with_adverbial;
        while start < words.len() {
            let lead = phrases.connectors.match_at(&words, start);
            let lead = lead.max(phrases.corrections.match_at(&words, start));
            let Some(len) = lead.or_else(|| phrases.fillers.match_at(&words, start)) else { break };
            begins_with_connector |= lead.is_some();
            is_correction |= phrases.corrections.match_at(&words, start).is_some();
            start += len;
        }
        let rest = words.get(start..).unwrap_or_default();
        let (rest, excluded) = phrases.split_excluded(&message, rest, begins_with_connector);
        begins_with_connector |= excluded.is_some();
        is_correction |= excluded.is_some();
        let excluded = excluded.and_then(|range| message.get(range)).map(str::to_owned);
        // "please" at the end is no topic.
        let is_filler = |word: &Word| phrases.fillers.is_word(word);
        let end = rest.iter().rposition(|word| !is_filler(word)).map_or(0, |last| last + 1);
        let rest = rest.get(..end).unwrap_or_default();
        let text = bytes_of(rest).map_or_else(String::new, |Range { start, end }| {
            let tail = message[end..].chars().take_while(|c| matches!(c, '?' | '"' | '”'));
            message[start..end + tail.map(char::len_utf8).sum::<usize>()].to_owned()
        });
        let words = split_words(&text);
        let mut pointers = pointers(&words, phrases);
        let same = EventTable::builtin().mentions(&text).into_iter().filter_map(|mention| {
            let name = mention.series.filter(|_| mention.editions.len() > 1)?.name.as_str();
            let range = phrases.pointed_at(&words, &mention.range)?;
            conversation_events.is_of(name).then_some(Pointer { kind: PointerKind::Place, range })
        });
        pointers.extend(same);
        let places = pointers.iter().filter(|pointer| pointer.kind == PointerKind::Place);
        let mut plain = text.clone();
        for Pointer { range, .. } in places {
            blank_out(&mut plain, range.clone());
        }
        Self {
            text,
            plain,
            begins_with_connector,
            years_away,
            edition,
            is_everywhere,
            asks_others,
            is_correction,
            excluded,
            pointers,
        }
    }

    pub fn points_at(&self, kind: PointerKind) -> bool {
        self.pointers.iter().any(|pointer| pointer.kind == kind)
    }

    /// Returns the message with all pointers of a kind replaced by a name. A pointer may hang on its verb: `pense-t-il`.
    pub fn with(&self, kind: PointerKind, name: &str) -> String {
        let mut replaced = self.text.clone();
        for Pointer { range, .. } in self.pointers.iter().filter(|pointer| pointer.kind == kind).rev() {
            let before = &replaced[..range.start];
            let verb = before.strip_suffix('-').map(|verb| verb.strip_suffix("-t").unwrap_or(verb));
            match verb.map(str::len) {
                Some(end) => replaced.replace_range(end..range.end, &format!(" {name}")),
                None => replaced.replace_range(range.clone(), name),
            }
        }
        replaced
    }

    /// Whether all pointers of a kind stand after a place of the message, in bytes.
    pub fn points_after(&self, kind: PointerKind, place: usize) -> bool {
        let mut pointers = self.pointers.iter().filter(|pointer| pointer.kind == kind);
        pointers.all(|pointer| pointer.range.start > place)
    }
}

impl ConversationPhrases {
    /// Whether a message asks about the two events talked about: `which one was bigger?`
    pub fn asks_about_both(&self, words: &[Word]) -> bool {
        let found = (0..words.len()).find_map(|at| Some((at, self.both.match_at(words, at)?)));
        found.is_some_and(|(at, len)| {
            let is_beside = |place: usize| !(at..at + len).contains(&place);
            let others = words.iter().enumerate().filter(|(place, _)| is_beside(*place));
            others.map(|(_, word)| word.folded.as_str()).all(is_about_both)
        })
    }

    /// The bytes of a name with the word before it that points at it: `that KubeCon`; `None` if there is none.
    fn pointed_at(&self, words: &[Word], name: &Range<usize>) -> Option<Range<usize>> {
        let at = words.iter().position(|word| word.range.start >= name.start)?;
        let points = |from: &usize| words.get(*from..at).is_some_and(|before| self.demonstratives.is(before));
        let from = (at.saturating_sub(2)..at).find(points)?;
        Some(words.get(from)?.range.start..name.end)
    }

    /// Blanks out a correction at the end of a message: `attendance I mean`. Returns whether there was one.
    fn blank_out_last_correction(&self, message: &mut String) -> bool {
        let words = split_words(message);
        let Some(at) = words.len().checked_sub(2).filter(|at| *at > 0) else { return false };
        let (Some(last), Some(first)) = (words.get(at..), words.get(at)) else { return false };
        let is_correction = self.corrections.is(last);
        if is_correction {
            blank_out(message, first.range.start..message.len());
        }
        is_correction
    }

    /// Returns how many years away a message asks for, and the words that say so: `the year before`, `two years later`.
    fn years_away(&self, words: &[Word]) -> Option<(i16, Range<usize>)> {
        (0..words.len()).find_map(|at| {
            let number = number(&words[at].folded);
            let counted =
                |phrases: &Phrases, sign: i16| Some((sign * number?, phrases.match_at(words, at + 1)? + 1));
            let alone = |phrases: &Phrases, years: i16| Some((years, phrases.match_at(words, at)?));
            let (years, len) = counted(&self.years_later, 1)
                .or_else(|| counted(&self.years_earlier, -1))
                .or_else(|| alone(&self.year_before, -1))
                .or_else(|| alone(&self.year_after, 1))
                .or_else(|| alone(&self.same_year, 0))?;
            Some((years, bytes_of(words.get(at..at + len)?)?))
        })
    }
}

/// Whether a message only asks beyond the scope of the conversation: `in general?`
pub(super) fn is_everywhere(words: &[Word]) -> bool {
    static EVERYWHERE: LazyLock<Phrases> =
        LazyLock::new(|| phrases_of(|words| &words.conversation.everywhere));
    EVERYWHERE.is(words)
}

/// Whether a word of a message about two events is no topic of its own.
fn is_about_both(word: &str) -> bool {
    is_size(word)
        || is_comparative(word)
        || is_attendance_word(word)
        || is_boilerplate(word)
        || is_any_stop_word(word)
}

/// Blanks out all phrases of a list; returns whether there was one.
fn blank_out_phrases(text: &mut String, phrases: &Phrases) -> bool {
    let words = split_words(text);
    let mut at = 0;
    let mut has_any = false;
    while at < words.len() {
        let len = phrases.match_at(&words, at).unwrap_or_default();
        if len > 0 {
            blank_out(text, words[at].range.start..words[at + len - 1].range.end);
            has_any = true;
        }
        at += len.max(1);
    }
    has_any
}

/// Blanks out what says nothing of the topic, but for the last words of a time: `2025 and later`.
fn blank_out_adverbials(text: &mut String, phrases: &ConversationPhrases) {
    let words = split_words(text);
    let is_year = |word: &Word| word.folded.len() == 4 && word.folded.parse::<u16>().is_ok();
    let is_of_year = words.windows(3).find(|run| {
        is_year(&run[0]) && COMMANDS.joiners.is_word(&run[1]) && phrases.adverbials.is(&run[2..])
    });
    let end = is_of_year.map_or(0, |run| run[2].range.end);
    let mut rest = text.split_off(end);
    blank_out_phrases(&mut rest, &phrases.adverbials);
    text.push_str(&rest);
}

/// The number of an ordinal in digits: `99th`.
pub(super) fn number_with_ending(word: &str) -> Option<usize> {
    let (number, ending) = word.split_at(word.find(|c: char| !c.is_ascii_digit())?);
    number.parse().ok().filter(|_| all().calendar.ordinal_endings.contains(ending))
}

/// A small number, in digits or in words.
pub(super) fn number(word: &str) -> Option<i16> {
    static NUMBER_WORDS: LazyLock<HashMap<String, i16>> = LazyLock::new(|| {
        let mut numbers = HashMap::new();
        for language in Language::ALL {
            // The lists begin with two.
            for (word, number) in language.words().answers.number_words.iter().zip(2..) {
                numbers.entry(fold(word)).or_insert(number);
            }
        }
        numbers
    });
    let number = word.parse().ok().or_else(|| NUMBER_WORDS.get(word).copied());
    number.filter(|number| (1..=10).contains(number))
}

fn pointers(words: &[Word], phrases: &ConversationPhrases) -> Vec<Pointer> {
    let mut pointers = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if let Some(len) = phrases.expletives.match_at(words, at) {
            at += len;
            continue;
        }
        let closing = phrases.closing_things.match_at(words, at).filter(|len| at + len == words.len());
        let found = [
            (phrases.places.match_at(words, at), PointerKind::Place),
            (phrases.persons.match_at(words, at), PointerKind::Person),
            (phrases.authors.match_at(words, at), PointerKind::Author),
            (phrases.things.match_at(words, at).max(closing), PointerKind::Thing),
            (phrases.people_things.match_at(words, at), PointerKind::People),
        ];
        let longest =
            found.into_iter().filter_map(|(len, kind)| Some((len?, kind))).max_by_key(|(len, _)| *len);
        match longest {
            Some((len, kind)) => {
                // "Is it hard to run Kafka?" points at nothing.
                let has_clause =
                    (at + len..words.len()).any(|at| phrases.clause_words.match_at(words, at).is_some());
                if kind != PointerKind::Thing || at > 1 || !has_clause {
                    pointers
                        .push(Pointer { kind, range: words[at].range.start..words[at + len - 1].range.end });
                }
                at += len;
            }
            None => at += 1,
        }
    }
    pointers
}
