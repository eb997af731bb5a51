//! What a question counts: the people of "how many people".

use std::ops::Range;

use crate::{
    answer_type::{AnswerType, words_of_form},
    attendance::{self, is_attendance_word, is_size},
    concepts::Concept,
    question_syntax::{QuestionSyntax, QuestionWord},
};
use takeaways_text::{
    model::Language,
    tokens::{folding::fold, is_stop_word},
};

/// The maximum number of words that name what is counted: "unique visitors".
const MAX_COUNTED_WORDS: usize = 3;

/// Returns the words that tell what a question counts: at most three after "how many", up to a word of grammar. Empty for "how
/// many of them", "how much bigger" and other questions.
fn counted_words(words: &[QuestionWord], language: Language) -> Range<usize> {
    let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
    let form = words_of_form(words, AnswerType::HowMany);
    let start = if form.is_empty() { lower.len() } else { form.end };
    let is_word = |at: usize| lower.get(at).is_some_and(|word| !is_stop_word(word, language));
    // "Go" is a name before a noun: "how many Go talks", but "how many go there".
    let is_name = |at: usize| {
        let names = &language.words().tokens.stop_word_names;
        names.iter().any(|name| name.eq_ignore_ascii_case(&lower[at])) && is_word(at + 1)
    };
    let names_thing = |at: &usize| (is_word(*at) || is_name(*at)) && !is_size(&fold(&lower[*at]));
    let end = lower.len().min(start + MAX_COUNTED_WORDS);
    start..start + (start..end).take_while(names_thing).count()
}

/// Marks the concepts that a question counts. Returns whether that is anything but people at an event.
pub(crate) fn counts_other_than_people(
    concepts: &mut [Concept],
    syntax: &QuestionSyntax,
    language: Language,
) -> bool {
    let counted = counted_words(&syntax.words, language);
    for concept in concepts.iter_mut().filter(|concept| counted.contains(&concept.words.start)) {
        concept.is_counted = true;
    }
    // "Attendance numbers" counts people, whatever follows.
    let form = &syntax.words[words_of_form(&syntax.words, AnswerType::HowMany)];
    if form.iter().any(|word| is_attendance_word(&word.text)) {
        return false;
    }
    let counted = &syntax.words[counted];
    !counted.is_empty() && !counted.iter().any(|word| attendance::is_asked_for(&word.text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;

    #[test]
    fn attendance_numbers_count_people() {
        for (question, expected) in [
            ("attendance numbers reinvent 2016", false),
            ("gophercon 2016 attendance figures", false),
            ("number of talks at KubeCon", true),
        ] {
            let syntax = parse_syntax(question);
            assert_eq!(counts_other_than_people(&mut [], &syntax, Language::En), expected, "{question}");
        }
    }

    #[test]
    fn questions_tell_what_they_count() {
        for (question, language, expected) in [
            ("how many unique visitors came?", Language::En, "unique visitors"),
            ("At KubeCon 2019, how many talks did Ann see?", Language::En, "talks"),
            ("how many came?", Language::En, ""),
            ("how many go talks were there?", Language::En, "go talks"),
            ("how many go to KubeCon?", Language::En, ""),
            ("how much bigger was it?", Language::En, ""),
            ("Wie viele Leute kamen?", Language::De, "Leute"),
            ("who counted the talks?", Language::En, ""),
        ] {
            let words = parse_syntax(question).words;
            let counted = &words[counted_words(&words, language)];
            let counted: Vec<&str> = counted.iter().map(|word| word.text.as_str()).collect();
            assert_eq!(counted.join(" "), expected, "{question}");
        }
    }
}
