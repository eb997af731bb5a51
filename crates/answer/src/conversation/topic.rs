//! What the words of a message are about: a topic, an event, a person, or only a scope.

use super::words::split_words;
use crate::{
    answer_type::AnswerType,
    concepts::Concept,
    engine::AnswerError,
    find_name::leave_out_misspelt,
    people::{capitalised_pairs, is_given_name, may_be_person},
    question_names::QuestionNames,
    question_syntax::{QuestionWord, is_question_word, overlap},
};
use takeaways_corpus::entities::EntityTable;
use takeaways_corpus::events::EventTable;
use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_search::{AuthorFacet, Facets};
use takeaways_text::language;
use takeaways_text::model::{Language, QuestionShape, Years};
use takeaways_text::tokens::folding::{fold, fold_words, trim_punctuation};
use takeaways_text::tokens::{is_any_stop_word, is_boilerplate, is_stop_word};

/// The concepts of a question's topic. The words of a request, such as `wrote`, are none.
pub(super) fn topic<'n>(names: &'n QuestionNames, shape: &QuestionShape) -> Vec<&'n Concept> {
    let words = &names.parsed.syntax.words;
    // Of all languages: that of a short message is a guess.
    let (frame_words, exclusions) =
        (&language::all().conversation.frame_words, &language::all().questions.exclusions);
    let is_of_frame = |concept: &Concept| {
        let is_frame = frame_words.has_word(&concept.text) || exclusions.has_word(&concept.text);
        is_frame && !concept.is_name && !is_written_as_entity(concept, words)
    };
    // A year that no post is from is no scope, but no topic either.
    let is_year = |concept: &Concept| concept.text.parse::<Years>().is_ok();
    let is_topic =
        |concept: &&Concept| concept.is_of_topic(words, shape) && !is_of_frame(concept) && !is_year(concept);
    let mut topic: Vec<&Concept> = Vec::new();
    for concept in names.concepts.iter().filter(is_topic) {
        // "Istio at KubeCon 2018 vs Istio at KubeCon 2019" is about Istio.
        if concept.text.is_empty() || !topic.iter().any(|it| fold(&it.text) == fold(&concept.text)) {
            topic.push(concept);
        }
    }
    topic
}

/// Whether a word of a message is a project or a company, and written as a name: "and Go?", but not "how did it go?" Nor "Go ahead", since
/// the first word has a capital in any case.
pub(super) fn is_written_as_entity(concept: &Concept, words: &[QuestionWord]) -> bool {
    let is_first = concept.words.start == 0 && words.len() > concept.words.len();
    !is_first && concept.text.starts_with(char::is_uppercase) && EntityTable::builtin().knows(&concept.text)
}

/// With more people of one name, nobody is meant.
const MAX_NAMESAKES: usize = 20;
/// The maximum number of words of a subject. A longer one is a sentence.
const MAX_SUBJECT_WORDS: usize = 4;

/// The names and known topics among the concepts of a topic, as the question writes them; `None` if it has none, or too many. What posts say of
/// every event (keynotes, booths) is none.
pub(super) fn subject(topic: &[&Concept]) -> Option<String> {
    let table = TopicTable::builtin();
    // Names of projects and companies count in any case: people write `helm`.
    let is_known_topic = |concept: &&&Concept| {
        concept.is_name
            || EntityTable::builtin().knows(&concept.text)
            || table.ids_in_text(&concept.text).any(|id| !is_event_topic(id))
    };
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
    let (folded, questions) = (fold(word), &language::all().questions);
    // "Except KubeCon"
    let is_listed = questions.lead_words.contains(&folded) || questions.exclusions.has_word(&folded);
    let joins = is_listed || is_stop_word(&folded, language) || is_boilerplate(&folded);
    joins && !is_question_word(&folded)
}

/// Whether a question is about what there is at an event, such as talks and booths, so that it needs one.
pub(super) fn is_about_events(names: &QuestionNames, topic: &[&Concept]) -> bool {
    let table = TopicTable::builtin();
    let is_event_word = |word: &str| {
        let folded = fold(word);
        language::all().points.event_words.iter().any(|known| match known.strip_suffix('*') {
            Some(stem) => folded.starts_with(stem),
            None => folded == known,
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

/// The countries and parts of the world that are all that a text names: `in India?`, `Europe or Asia?` Empty if it names more.
pub(super) fn only_places(text: &str, language: Language) -> Vec<&'static str> {
    let places = EventTable::builtin().lone_places(text);
    let words = split_words(text);
    let mut others = words.iter().filter(|word| !places.iter().any(|(range, _)| overlap(range, &word.range)));
    let is_all = others.all(|word| is_joining(&word.folded, language));
    places.into_iter().map(|(_, place)| place).filter(|_| is_all).collect()
}

/// Whom a text names by the first or the last name alone.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LoneName {
    Person(String),
    /// Several people have this given name or family name, or nobody whom posts name.
    Unclear(String),
}

/// The person whom a text names by the first or the last name alone: `Ada?`, or by the whole one. Of several people of this name
/// it is the only one of whom `is_near` is true, and so is one by an unusual name in lower case. `None` if the word is no given name that is
/// written as one, and nobody has it, or if it is the name of something else.
pub(super) fn lone_name(
    text: &str,
    facets: &Facets,
    is_near: impl Fn(&str) -> Result<bool, AnswerError>,
) -> Result<Option<LoneName>, AnswerError> {
    let words = split_words(text);
    let typed = trim_punctuation(text);
    let [word] = words.as_slice() else {
        let typed = fold_words(typed);
        let person = facets.authors.iter().find(|it| it.name.contains(' ') && it.folded == typed);
        return Ok(person.map(|it| LoneName::Person(it.name.clone())));
    };
    let is_name = typed.starts_with(char::is_uppercase) || is_given_name(&word.folded);
    // "Grâce à" is no Grace.
    let is_given = typed.starts_with(char::is_uppercase) && is_given_name(&word.folded);
    if !may_be_person(typed) || is_any_stop_word(&word.folded) && !is_given {
        return Ok(None);
    }
    let has_name = |author: &&AuthorFacet| {
        let parts = author.folded.split_once(' ').zip(author.folded.rsplit_once(' '));
        parts.is_some_and(|((first, _), (_, last))| [first, last].contains(&word.folded.as_str()))
    };
    let namesakes = facets.authors.iter().filter(has_name).map(|author| &author.name);
    let mut namesakes: Vec<&String> = namesakes.take(MAX_NAMESAKES).collect();
    leave_out_misspelt(&mut namesakes);
    if let [one] = namesakes.as_slice()
        && is_name
    {
        return Ok(Some(LoneName::Person((*one).clone())));
    }
    let is_unclear = is_name && namesakes.len() > 1 || is_given && namesakes.is_empty();
    let mut near = Vec::new();
    for name in namesakes {
        if is_near(name)? {
            near.push(name.clone());
        }
    }
    let person = near.pop().filter(|_| near.is_empty()).map(LoneName::Person);
    Ok(person.or_else(|| is_unclear.then(|| LoneName::Unclear(typed.to_owned()))))
}

/// Whether the words only name a person: their first and last name, or a given name alone, which are no known topic.
pub(super) fn is_only_person(names: &QuestionNames, topic: &[&Concept]) -> bool {
    let text = &names.parsed.syntax.text;
    let typed = trim_punctuation(text);
    let is_given = || typed.starts_with(char::is_uppercase) && is_given_name(&fold(typed));
    (capitalised_pairs(text).next().is_some() || is_given())
        && is_only_topic(names, topic)
        && may_be_person(typed)
}

/// Whether the words only name a topic, and perhaps a scope: `security in Barcelona?`
pub(super) fn is_only_topic(names: &QuestionNames, topic: &[&Concept]) -> bool {
    other_words(names).all(|(at, word)| {
        topic.iter().any(|concept| concept.words.contains(&at)) || is_joining(word, names.parsed.language)
    })
}

/// The place that is all that a message names and in which no known event was: `and in Monterrey?` It has a capital, and is no
/// person, project or topic.
pub(super) fn unknown_place(names: &QuestionNames, shape: &QuestionShape, message: &str) -> Option<String> {
    let topic = topic(names, shape);
    let [place] = topic.as_slice() else { return None };
    let words = split_words(message);
    let at = words.iter().position(|word| word.folded == fold(&place.text))?;
    let before = words.get(at.checked_sub(1)?)?;
    let is_name = place.text.starts_with(char::is_uppercase) && may_be_person(&place.text);
    let is_place = is_name
        && message.get(before.range.clone()).is_some_and(|before| {
            language::all().questions.in_places.contains(before.to_lowercase().as_str())
        });
    (is_place && !is_given_name(&fold(&place.text)) && is_only_topic(names, &topic))
        .then(|| place.text.clone())
}

/// Whether the words ask for something of their own: `how many came?`
pub(super) fn asks(names: &QuestionNames) -> bool {
    names.parsed.syntax.words.iter().any(|word| is_question_word(&fold(&word.text)))
}
