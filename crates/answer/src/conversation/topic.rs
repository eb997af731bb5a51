//! What the words of a message are about: a topic, an event, a person, or only a scope.

use std::sync::LazyLock;

use super::message::split_words;
use crate::{
    answer_type::AnswerType,
    concepts::Concept,
    people::{capitalised_pairs, may_be_person},
    plan::QuestionNames,
    question_syntax::is_question_word,
};
use takeaways_corpus::entities::EntityTable;
use takeaways_corpus::events::EventTable;
use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_text::language::all_words;
use takeaways_text::model::{Language, QuestionShape};
use takeaways_text::tokens::{folding::fold, is_boilerplate, is_stop_word};

/// The concepts of a question's topic.
pub(super) fn topic<'n>(names: &'n QuestionNames, shape: &QuestionShape) -> Vec<&'n Concept> {
    let words = &names.parsed.syntax.words;
    names.concepts.iter().filter(|concept| concept.is_of_topic(words, shape)).collect()
}

/// The maximum number of words of a subject. A longer one is a sentence.
const MAX_SUBJECT_WORDS: usize = 4;

/// The names and known topics of a question, as it writes them; `None` if it has none, or too many. What posts tell of
/// every event (keynotes, booths) is none.
pub(super) fn subject(names: &QuestionNames, shape: &QuestionShape) -> Option<String> {
    let table = TopicTable::builtin();
    // Names of projects and companies count in any case: people write `helm`.
    let is_known_topic = |concept: &&&Concept| {
        concept.is_name
            || EntityTable::builtin().knows(&concept.text)
            || table.ids_in_text(&concept.text).any(|id| !is_event_topic(id))
    };
    let topic = topic(names, shape);
    let words: Vec<&str> = topic.iter().filter(is_known_topic).map(|concept| concept.text.as_str()).collect();
    let text = words.join(" ");
    (!text.is_empty() && text.split(' ').count() <= MAX_SUBJECT_WORDS).then_some(text)
}

/// The words that name no scope.
fn other_words(names: &QuestionNames) -> impl Iterator<Item = (usize, &str)> {
    let is_scope = |at: usize| {
        let resolved = &names.resolved;
        let ranges = [
            &resolved.consumed_words,
            &resolved.edition_words,
            &resolved.mentioned_events,
            &resolved.mentioned_years,
        ];
        ranges.into_iter().flatten().any(|range| range.contains(&at))
    };
    let words = names.parsed.syntax.words.iter().enumerate();
    words.filter(move |(at, _)| !is_scope(*at)).map(|(at, word)| (at, word.text.as_str()))
}

/// Whether a word only joins others: a stop word or boilerplate, but no question word.
fn is_joining(word: &str, language: Language) -> bool {
    static LEAD_WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.questions.lead_words));
    let folded = fold(word);
    let joins =
        is_stop_word(&folded, language) || LEAD_WORDS.contains(&folded.as_str()) || is_boilerplate(&folded);
    joins && !is_question_word(&folded)
}

/// Whether a question is about what there is at an event, such as talks and booths, so that it needs one.
pub(super) fn is_about_events(names: &QuestionNames, topic: &[&Concept]) -> bool {
    static EVENT_WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.points.event_words));
    let table = TopicTable::builtin();
    let is_event_word = |word: &str| {
        let folded = fold(word);
        EVENT_WORDS.iter().any(|known| match known.strip_suffix('*') {
            Some(stem) => folded.starts_with(stem),
            None => folded == *known,
        })
    };
    let is_event_topic = |concept: &&Concept| table.ids_in_text(&concept.text).any(is_event_topic);
    names.parsed.answer_type != AnswerType::Meaning
        && (other_words(names).any(|(_, word)| is_event_word(word)) || topic.iter().any(is_event_topic))
}

/// Whether the words only name a scope: `in Barcelona?`
pub(super) fn is_only_scope(names: &QuestionNames) -> bool {
    other_words(names).all(|(_, word)| is_joining(word, names.parsed.language))
}

/// The country or part of the world that is all that a text names: `in India?`
pub(super) fn only_place(text: &str, language: Language) -> Option<&'static str> {
    let places = EventTable::builtin().lone_places(text);
    let [(range, place)] = places.as_slice() else { return None };
    let words = split_words(text);
    let mut others =
        words.iter().filter(|word| word.range.end <= range.start || word.range.start >= range.end);
    others.all(|word| is_joining(&word.folded, language)).then_some(*place)
}

/// Whether the words only name a person: their first and last name, which are no known topic.
pub(super) fn is_only_person(names: &QuestionNames, topic: &[&Concept]) -> bool {
    let text = &names.parsed.syntax.text;
    capitalised_pairs(text).next().is_some() && is_only_topic(names, topic) && may_be_person(text)
}

/// Whether the words only name a topic, and perhaps a scope: `security in Barcelona?`
pub(super) fn is_only_topic(names: &QuestionNames, topic: &[&Concept]) -> bool {
    other_words(names).all(|(at, word)| {
        topic.iter().any(|concept| concept.words.contains(&at)) || is_joining(word, names.parsed.language)
    })
}

/// Whether the words ask for something of their own: `how many came?`
pub(super) fn asks(names: &QuestionNames) -> bool {
    names.parsed.syntax.words.iter().any(|word| is_question_word(&fold(&word.text)))
}
