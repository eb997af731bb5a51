//! Spells names of topics that are words of grammar too: the `ai` of "ai at KubeCon" is no Italian article.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::conversation::{Word, is_set_apart, split_words};
use crate::parse::words_of_language;
use crate::question_syntax::{is_quotation_mark, overlap};
use takeaways_corpus::{events::EventTable, topics::TopicTable};
use takeaways_text::language;
use takeaways_text::model::{Language, Years};
use takeaways_text::tokens::{detect_language_in_conversation, is_any_stop_word, is_stop_word};

/// A text with such names as they are written: `AI`, `Go`. In a language that has no such word it is always the name. Else it is one
/// where only a topic can stand: alone, after "on" or "best", before "talks", and before or after an event or a year. What is quoted
/// stays.
pub(super) fn with_topics_spelled(text: &str, conversation: Option<Language>) -> Cow<'_, str> {
    let mut spelled = Cow::Borrowed(text);
    if text.contains(is_quotation_mark) {
        return spelled;
    }
    let words = split_words(text);
    for (at, word) in words.iter().enumerate().rev() {
        let typed = text.get(word.range.clone()).unwrap_or_default();
        let Some(name) = NAMES.get(typed).filter(|_| is_set_apart(text, word)) else { continue };
        let mut rest = text.to_owned();
        rest.replace_range(word.range.clone(), "");
        let language = |text: &str| detect_language_in_conversation(&words_of_language(text), conversation);
        // Of two languages that have all the other words, the one that has this word too is meant.
        let is_other = |text: &str| !is_stop_word(typed, language(text));
        let is_name = is_other(&rest) && (language(&rest) == Language::En || is_other(text));
        if is_name || stands_as_topic(text, &words, at) {
            spelled.to_mut().replace_range(word.range.clone(), name);
        }
    }
    spelled
}

/// The names of one word that are words of grammar in lower case, by these.
static NAMES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let table = TopicTable::builtin();
    let names = table.ids().flat_map(|id| table.other_names(id).chain(table.name(id)));
    let names = names.map(|name| (name.to_lowercase(), name));
    names
        .filter(|(lower, name)| lower != name && name.chars().all(char::is_alphanumeric))
        .filter(|(lower, _)| is_any_stop_word(lower))
        .collect()
});

/// Whether a word stands where a text names its topic.
fn stands_as_topic(text: &str, words: &[Word], at: usize) -> bool {
    let lists = language::all();
    let mentions = EventTable::builtin().mentions(text);
    let is_of_scope = |at: usize| {
        words.get(at).is_some_and(|word| {
            word.folded.parse::<Years>().is_ok() || mentions.iter().any(|it| overlap(&it.range, &word.range))
        })
    };
    let is_in = |at: usize, list: &language::WordList| {
        words.get(at).is_some_and(|word| list.contains_folded(&word.folded))
    };
    let joins = |at: usize| is_in(at, &lists.events.conjunctions);
    let begins = at.checked_sub(1).is_none_or(|before| {
        let before_topic =
            [&lists.questions.topic_prepositions, &lists.questions.in_places, &lists.shapes.preference_words];
        before_topic.iter().any(|list| is_in(before, list)) || is_of_scope(before) || joins(before)
    });
    // "Go talks", but "go talk to people".
    let tells_of_many = |at: usize| {
        is_in(at, &lists.shapes.takeaway_words)
            && words.get(at).is_some_and(|word| word.folded.ends_with('s'))
    };
    let ends = at + 1 == words.len()
        || is_of_scope(at + 1)
        || joins(at + 1)
        || tells_of_many(at + 1)
        || is_in(at + 1, &lists.events.joiners) && is_of_scope(at + 2);
    begins && ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_topic_is_no_word_of_grammar() {
        for (text, expected) in [
            ("ai in 2024 vs 2025", "AI in 2024 vs 2025"),
            ("ai hype?", "AI hype?"),
            ("on ai", "on AI"),
            ("kubecon na 2025 ai", "kubecon na 2025 AI"),
            ("takeaways on go", "takeaways on Go"),
            ("go at kubecon", "Go at kubecon"),
            ("go vs rust", "Go vs rust"),
            ("rust or go?", "rust or Go?"),
            ("go talks worth watching", "Go talks worth watching"),
            ("best go takeaways", "best Go takeaways"),
            ("what's new in go", "what's new in Go"),
            // Words of their language.
            ("cosa si dice ai talk", "cosa si dice ai talk"),
            ("qu'est-ce que j'ai manqué ?", "qu'est-ce que j'ai manqué ?"),
            ("should I go to kubecon 2025?", "should I go to kubecon 2025?"),
            ("go to kubecon", "go to kubecon"),
            ("go talk to people", "go talk to people"),
            ("how do talks go", "how do talks go"),
            ("how did the demo go at kubecon?", "how did the demo go at kubecon?"),
            ("what's \"ai\"", "what's \"ai\""),
        ] {
            assert_eq!(with_topics_spelled(text, None), expected);
        }
        assert_eq!(with_topics_spelled("e ai talk?", Some(Language::It)), "e ai talk?");
    }
}
