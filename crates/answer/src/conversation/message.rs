//! What a whole message asks for without a topic of its own: `more`, `who said that?`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::editions::MAX_ARTICLE;
use super::pointers::{number, number_with_ending};
use super::words::{Phrases, Word, phrases_of, split_words};
use takeaways_corpus::events::EventTable;
use takeaways_text::language::{LanguageWords, WordList, all, all_groups, all_words};
use takeaways_text::model::{Language, Years};
use takeaways_text::tokens::folding::fold;

/// What a button, or a message without a topic of its own, asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// The same again.
    Again,
    /// More of the same.
    More,
    /// Only the first excerpts: so many.
    First(usize),
    /// Less of the same.
    Shorter,
    /// Which events the answer is about.
    Events,
    /// The same, in the order of the posts' dates.
    NewestFirst,
    /// The text around the shown excerpt with this number, counted from 0.
    Context(usize),
    /// The text around the last of the shown excerpts.
    ContextOfLast,
    /// Where the shown excerpt with this number is from, counted from 0.
    Source(usize),
    /// Where all shown excerpts are from.
    Sources,
    /// Which events of the conversation there are recaps of.
    EventsKept,
    /// The answer in other words or in another language.
    Rewording,
    /// The same in newer posts.
    Newer,
    /// The same in older posts.
    Older,
    /// The same in all posts.
    WithoutScope,
    /// What the posts of the scope say of the theme with this number, counted from 0.
    OpenTheme(usize),
    /// All posts that the answer rests on.
    Recaps,
    /// The event or the year of the answer beside the one before.
    Compare,
    /// The same in this language.
    InLanguage(Language),
    /// Another topic.
    NewTopic,
}

pub(super) struct CommandPhrases {
    /// Whole messages with what they ask for. The first that fits counts.
    whole: Vec<(Phrases, Command)>,
    /// What asks for a number of excerpts beside it: `just 3`.
    count_words: Phrases,
    /// What is asked for by a message of item words: `can you send me the links`.
    source_nouns: Phrases,
    /// What joins two commands: `who said that and where?`
    joiners: Phrases,
    new_topic: Phrases,
    /// Folded ordinals, counted from 0.
    ordinals: HashMap<String, usize>,
    last: HashSet<String>,
    /// What may stand after an ordinal: `the second one`.
    nouns: Phrases,
    prepositions: Phrases,
    item_words: HashSet<String>,
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
    let folded = |list| all_words(list).into_iter().map(fold).collect();
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
        last: folded(|words| &words.conversation.last),
        nouns: phrases_of(|words| &words.conversation.closing_things),
        prepositions: phrases_of(|words| &words.answers.place_prepositions),
        item_words: folded(|words| &words.conversation.item_words),
        fillers: Phrases::new(fillers.into_iter().flatten()),
    }
});

type PhraseList = fn(&LanguageWords) -> &WordList;

/// The messages that are commands as a whole. It does not matter with which word they point at the answer.
fn whole_messages() -> Vec<(Phrases, Command)> {
    let lists: [(PhraseList, Command); 13] = [
        (|words| &words.conversation.new_topic, Command::NewTopic),
        (|words| &words.conversation.more, Command::More),
        (|words| &words.conversation.shorter, Command::Shorter),
        (|words| &words.conversation.which_events, Command::Events),
        (|words| &words.conversation.events_kept, Command::EventsKept),
        (|words| &words.conversation.rewording, Command::Rewording),
        (|words| &words.conversation.context, Command::Context(0)),
        (|words| &words.conversation.sources, Command::Sources),
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
    static POINTERS: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let things = all_words(|words| &words.conversation.things).into_iter();
        things.chain(all_words(|words| &words.conversation.closing_things)).map(fold).collect()
    });
    let mut replaced: Vec<Word> = Vec::new();
    for word in words {
        let mut word = word.clone();
        if POINTERS.contains(&word.folded) {
            POINTER.clone_into(&mut word.folded);
            if replaced.last().is_some_and(|last| last.folded == POINTER) {
                continue;
            }
        }
        replaced.push(word);
    }
    replaced
}

/// Returns the rest of a message that begins a new topic: `random question: who won?`
pub(super) fn after_new_topic<'t>(text: &'t str, words: &[Word]) -> Option<&'t str> {
    let commands = &*COMMANDS;
    let mut start = 0;
    loop {
        if let Some(len) = commands.new_topic.match_at(words, start) {
            let (last, next) = (words.get(start + len - 1)?, words.get(start + len)?);
            // "New talks?" has one word of a topic before it.
            let is_set_off =
                text.get(last.range.end..).is_some_and(|rest| rest.starts_with([':', '.', ',', ';', '!']));
            return text.get(next.range.start..).filter(|_| len > 1 || is_set_off);
        }
        start += commands.fillers.match_at(words, start)?;
    }
}

/// The maximum number of words of a command, with what stands before and after it. A longer message has a topic, and the
/// search for what may be left out grows with the square of its length.
pub(super) const MAX_COMMAND: usize = 16;

/// The maximum number of words of what stands after a command: `s'il te plaît`.
const MAX_FILLER: usize = 4;

/// Whether a message asks at which of some events or years an answer is from: `was that Austin or Copenhagen?`
pub(super) fn asks_for_place(text: &str, words: &[Word]) -> bool {
    let commands = &*COMMANDS;
    if words.len() > MAX_COMMAND {
        return false;
    }
    let mentions = EventTable::builtin().mentions(text);
    let is_named = |word: &Word| {
        mentions.iter().any(|it| it.range.start <= word.range.start && word.range.end <= it.range.end)
            || word.folded.parse::<Years>().is_ok()
    };
    let Some(first) = words.iter().position(is_named) else { return false };
    let (asked, rest) = words.split_at(first);
    let is_or = |word: &Word| all().shapes.or.contains(word.folded.as_str());
    let is_scope = |word: &Word| is_named(word) || is_or(word) || commands.is_place_preposition(word);
    let names_several = rest.iter().filter(|word| is_named(word)).count() > 1;
    names_several && rest.iter().any(is_or) && rest.iter().all(is_scope) && commands.points_at_source(asked)
}

/// Returns what a message without a topic of its own asks for.
pub(super) fn find_command(words: &[Word]) -> Option<Command> {
    if words.len() > MAX_COMMAND {
        return None;
    }
    let commands = &*COMMANDS;
    let command = |words: &[Word]| {
        let whole = commands.whole(words);
        whole.or_else(|| commands.source_of_item(words).map(Command::Source)).or_else(|| commands.item(words))
    };
    if let Some(limit) = commands.limit(words) {
        return Some(Command::First(limit));
    }
    // With and without what stands before and after it.
    let mut start = 0;
    loop {
        let rest = words.get(start..).unwrap_or_default();
        let mut end = rest.len();
        loop {
            if let Some(found) = rest.get(..end).filter(|words| !words.is_empty()).and_then(command) {
                return Some(found);
            }
            let is_filler = |from: usize| rest.get(from..end).is_some_and(|last| commands.fillers.is(last));
            match (end.saturating_sub(MAX_FILLER)..end).find(|from| *from > 0 && is_filler(*from)) {
                Some(from) => end = from,
                None => break,
            }
        }
        start += commands.fillers.match_at(words, start)?;
    }
}

impl CommandPhrases {
    /// What words ask for that are a command as a whole.
    fn whole(&self, words: &[Word]) -> Option<Command> {
        let pointed = with_one_pointer(words);
        let found =
            self.whole.iter().find(|(phrases, _)| phrases.cover(&pointed)).map(|(_, command)| *command);
        found.or_else(|| self.asks_for_source(words).then_some(Command::Sources))
    }

    /// Whether words ask where an excerpt is from that they point at: `was that`, but not `links to`.
    fn points_at_source(&self, words: &[Word]) -> bool {
        let pointed = with_one_pointer(words);
        let sources = self.whole.iter().find(|(_, command)| *command == Command::Sources);
        pointed.iter().any(|word| word.folded == POINTER) && sources.is_some_and(|(it, _)| it.is(&pointed))
    }

    /// Whether words ask where an excerpt is from, also in two ways: `who said that and where?`
    fn asks_for_source(&self, words: &[Word]) -> bool {
        let is_joiner = |word: &Word| self.joiners.is(std::slice::from_ref(word));
        let sources = self.whole.iter().find(|(_, command)| *command == Command::Sources);
        let asks = |part: &[Word]| sources.is_some_and(|(phrases, _)| phrases.is(&with_one_pointer(part)));
        // "Où ?" is a question, and "ou" joins two.
        asks(words) || words.split(is_joiner).all(asks) || self.asks_for_source_noun(words)
    }

    /// Whether words ask for the sources and for nothing else: `can you send me the links`.
    fn asks_for_source_noun(&self, words: &[Word]) -> bool {
        let (mut at, mut has_noun) = (0, false);
        while let Some(word) = words.get(at) {
            let noun = self.source_nouns.match_at(words, at);
            has_noun |= noun.is_some();
            let Some(len) = noun.or(self.is_item_word(word).then_some(1)) else { return false };
            at += len;
        }
        has_noun
    }

    /// The number of excerpts that a message asks for and nothing else: `top 3 please`.
    fn limit(&self, words: &[Word]) -> Option<usize> {
        let (mut limit, mut is_count, mut at) = (None, false, 0);
        while let Some(word) = words.get(at) {
            let count_words = self.count_words.match_at(words, at);
            let number = number(&word.folded).or_else(|| (word.folded == "0").then_some(0));
            let number = number.filter(|_| count_words.is_none() && limit.is_none());
            let others = || self.fillers.match_at(words, at).or(self.is_item_word(word).then_some(1));
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
    fn item(&self, words: &[Word]) -> Option<Command> {
        let command = |word: &Word| {
            let is_last = || self.is_last(word).then_some(Command::ContextOfLast);
            self.ordinal(word).map(Command::Context).or_else(is_last)
        };
        let (found, rest): (Vec<&Word>, Vec<&Word>) = words.iter().partition(|word| command(word).is_some());
        let [only] = found.as_slice() else { return None };
        rest.iter().all(|word| self.is_item_word(word)).then(|| command(only)).flatten()
    }

    /// The excerpt that a message asks about by its number and an article: `why is the last one important?`, `the second one:
    /// where can I watch it?` Where it stands after a preposition, it is an event: `at the first one`.
    pub fn item_within(&self, text: &str, words: &[Word]) -> Option<Command> {
        let place = (1..words.len()).find(|at| {
            let is_number = self.ordinal(&words[*at]).is_some() && number(&words[*at].folded).is_none();
            is_number || self.is_last(&words[*at])
        })?;
        let (article, word) = (words.get(place.checked_sub(1)?)?, words.get(place)?);
        let is_article = article.folded.len() <= MAX_ARTICLE && self.is_item_word(article);
        let is_of_event = place >= 2 && self.prepositions.is(std::slice::from_ref(&words[place - 2]));
        let rest = text.get(word.range.end..)?.trim_start();
        let is_noun = words.get(place + 1).is_some_and(|next| self.nouns.is(std::slice::from_ref(next)));
        let ends = is_noun
            || rest.is_empty()
            || rest.starts_with([',', ':', '.', '?', '!'])
            || rest.starts_with("- ");
        (is_article && !is_of_event && ends)
            .then(|| self.ordinal(word).map_or(Command::ContextOfLast, Command::Context))
    }

    /// The excerpt whose source a message asks for: `who said the second one?`
    fn source_of_item(&self, words: &[Word]) -> Option<usize> {
        let at = words.iter().position(|word| self.ordinal(word).is_some())?;
        let (before, after) = (words.get(..at)?, words.get(at + 1..)?);
        let end = before.iter().rposition(|word| !self.is_item_word(word))?;
        let asks =
            self.asks_for_source(before.get(..=end)?) && after.iter().all(|word| self.is_item_word(word));
        self.ordinal(&words[at]).filter(|_| asks)
    }

    /// The ordinal that a word is, counted from 0: `second`, `99th`.
    pub fn ordinal(&self, word: &Word) -> Option<usize> {
        let found = self.ordinals.get(&word.folded).copied();
        found.or_else(|| number_with_ending(&word.folded)?.checked_sub(1))
    }

    /// Whether a word stands for the last of several things.
    pub fn is_last(&self, word: &Word) -> bool {
        self.last.contains(&word.folded)
    }

    /// Whether a word stands before a place: `in`.
    pub fn is_place_preposition(&self, word: &Word) -> bool {
        self.prepositions.is(std::slice::from_ref(word))
    }

    /// Whether a word alone stands for a thing: `one`.
    pub fn is_closing_thing(&self, word: &Word) -> bool {
        self.nouns.is(std::slice::from_ref(word))
    }

    /// Whether a word may stand beside such a word: `tell me more about the …`.
    pub fn is_item_word(&self, word: &Word) -> bool {
        self.item_words.contains(&word.folded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_whole_messages() {
        for (text, expected) in [
            ("more", Some(Command::More)),
            ("Tell me more, please!", Some(Command::More)),
            ("ok cool, tell me more", Some(Command::More)),
            ("was noch?", Some(Command::More)),
            ("more about Istio", None),
            ("why?", Some(Command::Context(0))),
            ("Wer hat das gesagt?", Some(Command::Sources)),
            ("qui a dit ça ?", Some(Command::Sources)),
            ("who said that about Istio", None),
            ("who gave that talk, and where?", Some(Command::Sources)),
            ("wer hat das gesagt und wann?", Some(Command::Sources)),
            ("où ?", Some(Command::Sources)),
            ("qual é a fonte?", Some(Command::Sources)),
            ("who said the second one?", Some(Command::Source(1))),
            ("where was the third one?", Some(Command::Source(2))),
            ("who said the first keynote", None),
            ("who wrote this up?", Some(Command::Sources)),
            ("can you send me the links", Some(Command::Sources)),
            ("show me the whole thing", Some(Command::Sources)),
            ("hast du die Links?", Some(Command::Sources)),
            ("links to talks on Istio", None),
            ("what's changed since?", Some(Command::Newer)),
            ("newest first please", Some(Command::NewestFirst)),
            ("tell me more about the second one", Some(Command::Context(1))),
            ("2", Some(Command::Context(1))),
            ("the last one?", Some(Command::ContextOfLast)),
            ("mehr zum dritten", Some(Command::Context(2))),
            ("the second keynote", None),
            ("and since then?", Some(Command::Newer)),
            ("before that?", Some(Command::Older)),
            ("auf deutsch bitte", Some(Command::InLanguage(Language::De))),
            ("im Original ist es lang, auf Englisch", None),
            ("in german please", Some(Command::InLanguage(Language::De))),
            ("en inglés, por favor", Some(Command::InLanguage(Language::En))),
            ("ok, only two of them please", Some(Command::First(2))),
            ("höchstens 3 Punkte bitte", Some(Command::First(3))),
            ("les 4 premiers seulement", Some(Command::First(4))),
            ("just the first two", Some(Command::First(2))),
            ("fewer, only three", Some(Command::First(3))),
            ("fass es in drei Punkten zusammen", Some(Command::First(3))),
            ("resume em 3 pontos", Some(Command::First(3))),
            ("the first two talks", None),
            ("seulement 4", Some(Command::First(4))),
            ("just 0", Some(Command::First(0))),
            ("solo dame 2 puntos", Some(Command::First(2))),
            ("give me the 3 most important points", Some(Command::First(3))),
            ("give me 3 talks on eBPF", None),
            ("top 3 talks", None),
            ("only 2019", None),
            ("just the second", Some(Command::Context(1))),
            ("3 please", Some(Command::Context(2))),
            ("a bit shorter, please", Some(Command::Shorter)),
            ("kürzer bitte", Some(Command::Shorter)),
            ("más corto, por favor", Some(Command::Shorter)),
            ("plus court, s'il te plaît", Some(Command::Shorter)),
            ("shorter release cycles", None),
            ("which conference was that at?", Some(Command::Sources)),
            ("and which year is that from", Some(Command::Sources)),
            ("in welchen Städten?", Some(Command::Events)),
            ("which years do you have", Some(Command::EventsKept)),
            ("quais conferências vocês têm?", Some(Command::EventsKept)),
            ("which years do you have for Istio", None),
            ("what language is that, can you translate it?", Some(Command::Rewording)),
            ("kannst du das übersetzen?", Some(Command::Rewording)),
            ("explain it simpler pls", Some(Command::Rewording)),
            ("und einfacher erklärt?", Some(Command::Rewording)),
            ("explique plus simplement", Some(Command::Rewording)),
            ("no lo entiendo", Some(Command::Rewording)),
            ("simpler deployments", None),
            ("i dont get it, simpler?", Some(Command::Rewording)),
            ("fala mais sobre a segunda", Some(Command::Context(1))),
            ("is that all you have?", Some(Command::More)),
            ("same author?", Some(Command::Sources)),
            ("ok but why?", Some(Command::Context(0))),
            ("in later years?", Some(Command::Newer)),
            ("just the bullet points please, max 3", Some(Command::First(3))),
            ("give me one quote", Some(Command::Shorter)),
            ("dame una cita", Some(Command::Shorter)),
            ("quiénes lo escribieron?", Some(Command::Sources)),
            ("new topic", Some(Command::NewTopic)),
            ("", None),
            ("ok", None),
            (&"ok ".repeat(2_000), None),
        ] {
            assert_eq!(find_command(&split_words(text)), expected, "{text}");
        }
    }
}
