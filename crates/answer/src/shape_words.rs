//! The words of broad questions that are not their topic: `good` in "is Helm any good?"

use takeaways_text::language::{self, WordList};
use takeaways_text::model::{Language, Shape};
use takeaways_text::phrases::Words;
use takeaways_text::tokens::folding::fold;

/// Whether a word of a question asks for what its shape is, whatever the topic: `popular` for a trend.
pub(crate) fn is_word_of_shape(word: &str, shape: Shape) -> bool {
    let (words, folded) = (&language::all().shapes, fold(word));
    let is_in = |list: &WordList| list.contains_folded(&folded);
    match shape {
        // "How many posts touch on WebAssembly?"
        Shape::Count => is_in(&language::all().times.fillers) || is_in(&words.mention_words),
        Shape::Fact | Shape::Comparison => false,
        _ if is_in(&words.takeaway_words) => true,
        Shape::Opinions | Shape::List => is_in(&words.opinion_words),
        Shape::Trend => is_in(&words.trend_words),
        Shape::Advice => {
            is_in(&words.advice_words) || is_in(&words.attendee_words) || is_in(&words.opinion_words)
        }
        _ => false,
    }
}

/// Whether a word of a question for advice is about going to an event: `newcomer`.
pub(crate) fn is_word_of_attendee(word: &str) -> bool {
    language::all().shapes.attendee_words.has_word(word)
}

/// Whether a word tells that somebody gives a talk, or means who does: `spoke`, `speaker`.
pub(crate) fn is_word_of_speaking(word: &str) -> bool {
    language::all().questions.speaks.has_word(word)
}

/// Whether a word is for people who give talks: the `speakers` of "which speakers".
pub(crate) fn is_word_for_speaker(word: &str) -> bool {
    let (questions, folded) = (&language::all().questions, fold(word));
    let is_noun = |(which, noun): (&str, &str)| questions.which.contains(which) && fold(noun) == folded;
    is_word_of_speaking(word) && questions.who.iter().any(|form| form.split_once(' ').is_some_and(is_noun))
}

/// Whether a word only judges: the "good" of "give a good talk".
pub(crate) fn is_judgement(word: &str) -> bool {
    language::all().shapes.opinion_words.has_word(word)
}

/// Whether a word compares by liking: the "best" of "best talks".
pub(crate) fn is_preference(word: &str) -> bool {
    language::all().shapes.preference_words.has_word(word)
}

/// Whether a word is for companies of a kind: `bank`.
pub(crate) fn names_kind_of_company(word: &str) -> bool {
    let folded = fold(word);
    let kinds = language::all().questions.company_of_kind.iter();
    kinds.filter_map(|phrase| phrase.rsplit_once(' ')).any(|(_, kind)| fold(kind) == folded)
}

/// Whether a word means any event: `conferences`.
pub(crate) fn is_event_word(word: &str) -> bool {
    is_in_group(word, "events")
}

/// Whether a word is for people who go to events or write about them: `attendees`.
pub(crate) fn is_person_word(word: &str) -> bool {
    is_in_group(word, "people")
}

/// Whether a word is for a post: `article`.
pub(crate) fn is_word_for_post(word: &str) -> bool {
    is_in_group(word, "post")
}

/// Whether a word is in a group of the patterns of a language.
fn is_in_group(word: &str, group: &str) -> bool {
    let folded = fold(word);
    let groups = Language::ALL.into_iter().filter_map(|it| it.words().shapes.groups.get(group));
    groups.into_iter().any(|words| words.contains_folded(&folded))
}

/// Whether a word only says what was done with the things that a question asks for: `announced`.
pub(crate) fn is_done_word(word: &str) -> bool {
    language::all().shapes.done_words.has_word(word)
}

/// Whether a word is for a kind of things whose names tables know: `companies`, `tools`.
pub(crate) fn is_kind_of_name(word: &str) -> bool {
    let (questions, folded) = (&language::all().questions, fold(word));
    let kinds = questions.project.iter().chain(questions.company.iter());
    kinds.flat_map(|phrase| phrase.split(' ')).any(|it| fold(it) == folded)
}

/// Whether a word, or each of several, only says that things were named, shown or used: `mentioned`, `bring up`.
pub(crate) fn is_mention_word(words: &str) -> bool {
    let mention_words = &language::all().shapes.mention_words;
    !words.is_empty() && words.split_whitespace().all(|word| mention_words.has_word(word))
}

/// Whether a word is for a kind of projects: the `tools` of `which tools`.
pub(crate) fn is_kind_of_project(word: &str) -> bool {
    let (questions, folded) = (&language::all().questions, fold(word));
    let kind = |phrase: &str| {
        phrase
            .split_once(' ')
            .filter(|(which, _)| questions.which.contains(which))
            .map(|(_, kind)| fold(kind))
    };
    questions.project.iter().any(|phrase| kind(phrase).is_some_and(|it| it == folded))
}

/// Whether a word says what of a thing is asked for, of which many posts may tell: `problems`.
pub(crate) fn is_aspect(word: &str) -> bool {
    language::all().shapes.aspect_words.has_word(word)
}

/// Whether a text has a word for making something public: `launched`.
pub(crate) fn tells_of_announcement(text: &str, language: Language) -> bool {
    Words::new(text).has_any(&language.words().questions.announces)
}
