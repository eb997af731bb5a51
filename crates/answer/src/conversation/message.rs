//! What a whole message asks for without a topic of its own: `more`, `who said that?`.

use super::command_phrases::COMMANDS;
use super::words::Word;
use crate::question_syntax::contains;
use takeaways_corpus::events::EventTable;
use takeaways_text::language::all;
use takeaways_text::model::{Language, Years};

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
    /// One sentence of the same.
    OneSentence,
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
    /// Who gave the talks that the shown excerpts are about.
    Speakers,
    /// How the thing or the event of the answer has changed.
    Changes,
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

impl Command {
    /// Whether it is about what was just shown, though that is a part of an answer: `who said that?` after `the second one`.
    pub(super) fn is_of_page(self) -> bool {
        matches!(self, Self::Sources | Self::Speakers | Self::OneSentence)
    }
}

/// Returns the rest of a message that begins a new topic: `random question: who won?`
pub(super) fn after_new_topic<'t>(text: &'t str, words: &[Word]) -> Option<&'t str> {
    let mut starts = COMMANDS.beginnings(words);
    let (start, len) = starts.find_map(|start| Some((start, COMMANDS.new_topic.match_at(words, start)?)))?;
    let (last, next) = (words.get(start + len - 1)?, words.get(start + len)?);
    // "New talks?" has one word of a topic before it.
    let is_set_off =
        text.get(last.range.end..).is_some_and(|rest| rest.starts_with([':', '.', ',', ';', '!']));
    text.get(next.range.start..).filter(|_| len > 1 || is_set_off)
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
        mentions.iter().any(|it| contains(&it.range, &word.range)) || word.folded.parse::<Years>().is_ok()
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
    commands.beginnings(words).find_map(|start| {
        let rest = words.get(start..).unwrap_or_default();
        let before_filler = |end: &usize| {
            let is_filler = |from: usize| rest.get(from..*end).is_some_and(|last| commands.fillers.is(last));
            (end.saturating_sub(MAX_FILLER)..*end).find(|from| *from > 0 && is_filler(*from))
        };
        let mut ends = std::iter::successors(Some(rest.len()), before_filler);
        ends.find_map(|end| rest.get(..end).filter(|words| !words.is_empty()).and_then(command))
    })
}

#[cfg(test)]
mod tests {
    use super::super::words::split_words;
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

    #[test]
    fn asides_are_whole_messages() {
        for (text, expected) in [
            ("who gave that talk?", Some(Command::Speakers)),
            ("wer hat den Vortrag gehalten?", Some(Command::Speakers)),
            ("qui était l'oratrice ?", Some(Command::Speakers)),
            ("¿quién fue la ponente?", Some(Command::Speakers)),
            ("quem deu a palestra?", Some(Command::Speakers)),
            ("what changed?", Some(Command::Changes)),
            ("was hat sich geändert?", Some(Command::Changes)),
            ("qu'est-ce qui a changé ?", Some(Command::Changes)),
            ("¿qué cambió?", Some(Command::Changes)),
            ("o que mudou?", Some(Command::Changes)),
            ("what changed in Istio?", None),
            ("in one sentence please", Some(Command::OneSentence)),
            ("in einem Satz", Some(Command::OneSentence)),
            ("en une phrase", Some(Command::OneSentence)),
            ("en una frase", Some(Command::OneSentence)),
            ("numa frase", Some(Command::OneSentence)),
        ] {
            assert_eq!(find_command(&split_words(text)), expected, "{text}");
        }
    }
}
