//! The phrases of messages that are commands, of all languages.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::editions::MAX_ARTICLE;
use super::message::Command;
use super::pointers::{number, number_with_ending};
use super::words::{Phrases, Word, phrases_of, split_words};
use takeaways_text::language::{self, LanguageWords, WordList, all_groups, all_words};
use takeaways_text::model::Language;
use takeaways_text::tokens::folding::fold;

/// The phrases by which commands are recognised.
pub(super) struct CommandPhrases {
    /// Whole messages with what they ask for. The first that fits counts.
    whole: Vec<(Phrases, Command)>,
    /// What asks for a number of excerpts beside it: `just 3`.
    count_words: Phrases,
    /// What is asked for by a message of item words: `can you send me the links`.
    source_nouns: Phrases,
    /// What joins two commands: `who said that and where?`
    pub joiners: Phrases,
    pub new_topic: Phrases,
    /// Folded ordinals, counted from 0.
    ordinals: HashMap<String, usize>,
    /// What may stand after an ordinal: `the second one`.
    nouns: Phrases,
    prepositions: Phrases,
    /// What may stand before or after a command: `ok, more please`.
    pub fillers: Phrases,
}

pub(super) static COMMANDS: LazyLock<CommandPhrases> = LazyLock::new(|| {
    let fillers = [
        all_words(|words| &words.messages.chatter),
        all_words(|words| &words.messages.thanks),
        all_words(|words| &words.conversation.connectors),
        all_words(|words| &words.conversation.polite_words),
    ];
    let mut ordinals = HashMap::new();
    for (at, group) in all_groups(|words| &words.conversation.ordinals).iter().enumerate() {
        for word in group {
            ordinals.entry(fold(word)).or_insert(at);
        }
    }
    CommandPhrases {
        whole: whole_messages(),
        count_words: phrases_of(|words| &words.conversation.count_words),
        source_nouns: phrases_of(|words| &words.conversation.source_nouns),
        joiners: phrases_of(|words| &words.times.and),
        new_topic: phrases_of(|words| &words.conversation.new_topic),
        ordinals,
        nouns: phrases_of(|words| &words.conversation.closing_things),
        prepositions: phrases_of(|words| &words.answers.place_prepositions),
        fillers: Phrases::new(fillers.into_iter().flatten()),
    }
});

type PhraseList = fn(&LanguageWords) -> &WordList;

/// The messages that are commands as a whole. It does not matter with which word they point at the answer.
fn whole_messages() -> Vec<(Phrases, Command)> {
    let lists: [(PhraseList, Command); 16] = [
        (|words| &words.conversation.new_topic, Command::NewTopic),
        (|words| &words.conversation.more, Command::More),
        (|words| &words.conversation.shorter, Command::Shorter),
        (|words| &words.conversation.one_sentence, Command::OneSentence),
        (|words| &words.conversation.which_events, Command::Events),
        (|words| &words.conversation.events_kept, Command::EventsKept),
        (|words| &words.conversation.rewording, Command::Rewording),
        (|words| &words.conversation.context, Command::Context(0)),
        (|words| &words.conversation.speaker_questions, Command::Speakers),
        (|words| &words.conversation.sources, Command::Sources),
        (|words| &words.conversation.changes, Command::Changes),
        (|words| &words.conversation.newer, Command::Newer),
        (|words| &words.conversation.older, Command::Older),
        (|words| &words.conversation.newest_first, Command::NewestFirst),
        (|words| &words.conversation.all_recaps, Command::Recaps),
        (|words| &words.conversation.compare_with_before, Command::Compare),
    ];
    let pointed = |phrases: &mut dyn Iterator<Item = &str>| {
        Phrases::of_words(phrases.map(|phrase| with_one_pointer(&split_words(phrase))))
    };
    let of_lists =
        lists.into_iter().map(|(list, command)| (pointed(&mut all_words(list).into_iter()), command));
    let of_languages = Language::ALL.into_iter().map(|language| {
        let phrases = &language.words().conversation.in_language;
        (pointed(&mut phrases.iter()), Command::InLanguage(language))
    });
    of_lists.chain(of_languages).collect()
}

/// The word for all that point at an answer.
const POINTER: &str = "that";

/// The words with one word for all that point at an answer, which stand for each other: `who wrote it`, `who wrote this one`.
fn with_one_pointer(words: &[Word]) -> Vec<Word> {
    let lists = &language::all().conversation;
    let points =
        |word: &str| lists.things.contains_folded(word) || lists.closing_things.contains_folded(word);
    let mut replaced: Vec<Word> = Vec::new();
    for word in words {
        let mut word = word.clone();
        if points(&word.folded) {
            POINTER.clone_into(&mut word.folded);
            if replaced.last().is_some_and(|last| last.folded == POINTER) {
                continue;
            }
        }
        replaced.push(word);
    }
    replaced
}

impl CommandPhrases {
    /// What words ask for that are a command as a whole.
    pub fn whole(&self, words: &[Word]) -> Option<Command> {
        let pointed = with_one_pointer(words);
        let found =
            self.whole.iter().find(|(phrases, _)| phrases.cover(&pointed)).map(|(_, command)| *command);
        found.or_else(|| self.asks_for_source(words).then_some(Command::Sources))
    }

    /// Whether words ask where an excerpt is from that they point at: `was that`, but not `links to`.
    pub fn points_at_source(&self, words: &[Word]) -> bool {
        let pointed = with_one_pointer(words);
        pointed.iter().any(|word| word.folded == POINTER) && self.are_for_source(&pointed)
    }

    /// Whether words with one word for all that point at an answer ask where an excerpt is from.
    fn are_for_source(&self, pointed: &[Word]) -> bool {
        self.are_for(Command::Sources, pointed)
    }

    /// Whether words with one word for all that point at an answer ask for this in one phrase.
    fn are_for(&self, asked: Command, pointed: &[Word]) -> bool {
        self.whole.iter().any(|(phrases, command)| *command == asked && phrases.is(pointed))
    }

    /// Whether words ask where an excerpt is from, also in two ways: `who said that and where?`
    fn asks_for_source(&self, words: &[Word]) -> bool {
        let is_joiner = |word: &Word| self.joiners.is_word(word);
        let are_for_speaker = |pointed: &[Word]| self.are_for(Command::Speakers, pointed);
        let asks = |part: &[Word]| {
            let pointed = with_one_pointer(part);
            self.are_for_source(&pointed) || are_for_speaker(&pointed)
        };
        // "Où ?" is a question, and "ou" joins two.
        asks(words) || words.split(is_joiner).all(asks) || self.asks_for_source_noun(words)
    }

    /// Whether words ask for the sources and for nothing else: `can you send me the links`.
    fn asks_for_source_noun(&self, words: &[Word]) -> bool {
        let (mut at, mut has_noun) = (0, false);
        while let Some(word) = words.get(at) {
            let noun = self.source_nouns.match_at(words, at);
            has_noun |= noun.is_some();
            let Some(len) = noun.or(is_item_word(word).then_some(1)) else { return false };
            at += len;
        }
        has_noun
    }

    /// The number of excerpts that a message asks for and nothing else: `top 3 please`.
    pub fn limit(&self, words: &[Word]) -> Option<usize> {
        let (mut limit, mut is_count, mut at) = (None, false, 0);
        while let Some(word) = words.get(at) {
            let count_words = self.count_words.match_at(words, at);
            let number = number(&word.folded).or_else(|| (word.folded == "0").then_some(0));
            let number = number.filter(|_| count_words.is_none() && limit.is_none());
            let others = || self.fillers.match_at(words, at).or(is_item_word(word).then_some(1));
            at += match number {
                Some(_) => 1,
                None => count_words.or_else(others)?,
            };
            limit = limit.or(number);
            is_count |= count_words.is_some();
        }
        limit.filter(|_| is_count).and_then(|limit| usize::try_from(limit).ok())
    }

    /// The excerpt that a message names by its place: `tell me more about the second one`.
    pub fn item(&self, words: &[Word]) -> Option<Command> {
        let command = |word: &Word| {
            let is_last = || is_last(word).then_some(Command::ContextOfLast);
            self.ordinal(word).map(Command::Context).or_else(is_last)
        };
        let (found, rest): (Vec<&Word>, Vec<&Word>) = words.iter().partition(|word| command(word).is_some());
        let [only] = found.as_slice() else { return None };
        rest.iter().all(|word| is_item_word(word)).then(|| command(only)).flatten()
    }

    /// The excerpt that a message asks about by its number and an article: `why is the last one important?`, `the second one:
    /// where can I watch it?` Where it stands after a preposition, it is an event: `at the first one`.
    pub fn item_within(&self, text: &str, words: &[Word]) -> Option<Command> {
        let place = (1..words.len()).find(|at| {
            let is_number = self.ordinal(&words[*at]).is_some() && number(&words[*at].folded).is_none();
            is_number || is_last(&words[*at])
        })?;
        let (article, word) = (words.get(place.checked_sub(1)?)?, words.get(place)?);
        let is_article = article.folded.len() <= MAX_ARTICLE && is_item_word(article);
        let is_of_event = place >= 2 && self.prepositions.is_word(&words[place - 2]);
        let rest = text.get(word.range.end..)?.trim_start();
        let is_noun = words.get(place + 1).is_some_and(|next| self.nouns.is_word(next));
        let ends = is_noun
            || rest.is_empty()
            || rest.starts_with([',', ':', '.', '?', '!'])
            || rest.starts_with("- ");
        (is_article && !is_of_event && ends)
            .then(|| self.ordinal(word).map_or(Command::ContextOfLast, Command::Context))
    }

    /// The excerpt whose source a message asks for: `who said the second one?`
    pub fn source_of_item(&self, words: &[Word]) -> Option<usize> {
        let at = words.iter().position(|word| self.ordinal(word).is_some())?;
        let (before, after) = (words.get(..at)?, words.get(at + 1..)?);
        let end = before.iter().rposition(|word| !is_item_word(word))?;
        let asks = self.asks_for_source(before.get(..=end)?) && after.iter().all(is_item_word);
        self.ordinal(&words[at]).filter(|_| asks)
    }

    /// The places where a message may begin, after fillers too: `ok, more please`.
    pub fn beginnings(&self, words: &[Word]) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(0), |start| Some(start + self.fillers.match_at(words, *start)?))
    }

    /// The ordinal that a word is, counted from 0: `second`, `99th`.
    pub fn ordinal(&self, word: &Word) -> Option<usize> {
        let found = self.ordinals.get(&word.folded).copied();
        found.or_else(|| number_with_ending(&word.folded)?.checked_sub(1))
    }

    /// Whether a word stands before a place: `in`.
    pub fn is_place_preposition(&self, word: &Word) -> bool {
        self.prepositions.is_word(word)
    }

    /// Whether a word alone stands for a thing: `one`.
    pub fn is_closing_thing(&self, word: &Word) -> bool {
        self.nouns.is_word(word)
    }
}

/// Whether a word stands for the last of several things.
pub(super) fn is_last(word: &Word) -> bool {
    language::all().conversation.last.contains_folded(&word.folded)
}

/// Whether a word may stand beside one for a thing: `tell me more about the …`.
pub(super) fn is_item_word(word: &Word) -> bool {
    language::all().conversation.item_words.contains_folded(&word.folded)
}
