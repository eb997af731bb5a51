//! Where a question names whose words it asks for, also in lower case: "what did jane doe write", "jdoe's recap", "by jane".

use std::ops::Range;

use super::authors::{is_common, is_request};
use crate::question_syntax::{QuestionSyntax, QuestionWord};
use takeaways_text::language::{self, WordList};
use takeaways_text::model::Language;
use takeaways_text::tokens::folding::{fold, fold_words};
use takeaways_text::tokens::{is_any_stop_word, is_boilerplate, strip_elision, strip_genitive};

/// The maximum number of words of a name.
const MAX_NAME_WORDS: usize = 2;
/// The maximum number of bytes by which a phrase before the name of a source is longer than when it is folded.
const MAX_FOLDED: usize = 8;
/// The maximum number of words before the name of a source: "as told by".
const MAX_OPENING_WORDS: usize = 3;

/// The words of a question that stand where a writer is named, the longest run of them; `None` if it has none. They need not be a
/// name: "what did engineers say". Words that are `consumed` name something else.
pub(super) fn writer_words(
    syntax: &QuestionSyntax,
    language: Language,
    consumed: &[Range<usize>],
) -> Option<Range<usize>> {
    let words = &syntax.words;
    let is_consumed = |at: usize| consumed.iter().any(|range| range.contains(&at));
    let may_be_name = |at: usize| {
        let word = strip_genitive(&words[at].text).to_lowercase();
        !is_consumed(at)
            && !is_common(&word)
            && !is_request(&fold(&word))
            && word.chars().all(char::is_alphabetic)
    };
    let runs = (1..=MAX_NAME_WORDS).rev().flat_map(|len| (len..=words.len()).map(move |end| end - len..end));
    let is_run = |run: &Range<usize>| {
        let gaps = words[run.clone()].windows(2).map(|pair| pair[0].range.end..pair[1].range.start);
        run.clone().all(may_be_name) && gaps.into_iter().all(|gap| syntax.text.get(gap) == Some(" "))
    };
    runs.into_iter().find(|run| names_writer(words, run, language, is_consumed) && is_run(run))
}

/// Whether words stand where a writer is named: "did jane write", "jane's KubeCon recap", "according to jane".
fn names_writer(
    words: &[QuestionWord],
    run: &Range<usize>,
    language: Language,
    is_consumed: impl Fn(usize) -> bool,
) -> bool {
    let word = |at: usize| words.get(at).map(|word| fold(&word.text));
    let next = word(run.end);
    let before = run.start.checked_sub(1).and_then(word);
    let topic_prepositions = &language::all().questions.topic_prepositions;
    // "Was wurde über Jane gesagt?"
    let may_be_subject =
        |before: &str| is_any_stop_word(before) && !topic_prepositions.contains_folded(before);
    // "Los mejores según Jane"
    let asks = |next: &str| is_request(next) && !is_source(next, language);
    let is_asked = next.as_deref().is_some_and(asks) && before.as_deref().is_none_or(may_be_subject);
    let has_genitive = words[run.end - 1].text.ends_with("'s");
    let owned = (run.end..words.len()).find(|at| !is_consumed(*at)).and_then(word);
    let is_owner = has_genitive && owned.is_some_and(|owned| is_boilerplate(&owned));
    is_asked || is_owner || follows_source(words, run.start, language)
}

/// Whether words such as "according to" stand right before a word.
fn follows_source(words: &[QuestionWord], at: usize, language: Language) -> bool {
    let ordinals = || language.words().conversation.ordinals.iter().flat_map(|group| group.iter());
    phrases_before(words, at).any(|(start, opening)| {
        // After a word such as "il", "secondo" counts.
        let before = start.checked_sub(1).and_then(|before| words.get(before));
        let is_counted = before.is_some_and(|word| is_any_stop_word(&word.text.to_lowercase()))
            && ordinals().any(|ordinal| *ordinal == opening);
        is_source(&opening, language) && !is_counted
    })
}

/// Whether folded words stand before the name of a source in a language: "according to".
fn is_source(opening: &str, language: Language) -> bool {
    let words = language.words();
    // The words for "by" in other languages have many other meanings: "de verdade".
    is_opening(&words.questions.source_openings, opening)
        || language == Language::En && is_opening(&words.speakers.before_speakers, opening)
}

/// The runs of words that end right before a word, folded, each with the index of its first word.
pub(super) fn phrases_before(words: &[QuestionWord], at: usize) -> impl Iterator<Item = (usize, String)> {
    (1..=MAX_OPENING_WORDS).filter_map(move |len| at.checked_sub(len)).map(move |start| {
        let phrase: Vec<String> = words[start..at].iter().map(|word| fold_words(&word.text)).collect();
        (start, phrase.join(" "))
    })
}

/// Whether a folded phrase is one of a list. A question has the "d'" of "d'après" in no word.
pub(super) fn is_opening(list: &WordList, phrase: &str) -> bool {
    // Folding shortens a phrase, if at all, by the accents and an elision.
    let may_be = |it: &&str| (phrase.len()..=phrase.len() + MAX_FOLDED).contains(&it.len());
    list.iter().filter(may_be).any(|it| fold_words(strip_elision(it)) == phrase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;

    #[test]
    fn a_writer_stands_before_what_was_written_or_after_a_word_for_a_source() {
        for (question, language, expected) in [
            ("what did jane doe write about meshes", Language::En, Some("jane doe")),
            ("what did jdoe write about meshes", Language::En, Some("jdoe")),
            ("summarise jane doe's recap", Language::En, Some("jane doe's")),
            ("jdoe's notes", Language::En, Some("jdoe's")),
            ("meshes according to jane doe", Language::En, Some("jane doe")),
            ("a recap by jdoe", Language::En, Some("jdoe")),
            ("what did the writer say about meshes", Language::En, None),
            ("what was said about jane doe", Language::En, None),
            ("kubernetes's keynote", Language::En, None),
            ("wie war es laut jdoe", Language::De, Some("jdoe")),
            ("was wurde über jdoe gesagt", Language::De, None),
            ("les meshes d'après jdoe", Language::Fr, Some("jdoe")),
            ("selon jdoe, c'est bien ?", Language::Fr, Some("jdoe")),
            ("los mejores según jdoe", Language::Es, Some("jdoe")),
            ("o melhor segundo jdoe", Language::Pt, Some("jdoe")),
            ("gitops é moda ou funciona de verdade", Language::Pt, None),
            ("il meglio secondo jdoe", Language::It, Some("jdoe")),
            ("annunci del secondo giorno", Language::It, None),
            ("het beste volgens jdoe", Language::Nl, Some("jdoe")),
        ] {
            let syntax = parse_syntax(question);
            let found = writer_words(&syntax, language, &[]);
            assert_eq!(found.and_then(|words| syntax.text_of(&words)), expected, "{question}");
        }
    }
}
