//! Where a question names whose words it asks for, also in lower case: "what did jane doe write", "jdoe's recap", "by jane".

use std::ops::Range;

use super::authors::{is_common, is_request};
use crate::question_syntax::{QuestionSyntax, QuestionWord};
use takeaways_text::model::Language;
use takeaways_text::tokens::folding::{fold, fold_words};
use takeaways_text::tokens::{is_any_stop_word, is_boilerplate, strip_genitive};

/// The maximum number of words of a name.
const MAX_NAME_WORDS: usize = 2;

/// The words of a question that stand where a writer is named, the longest run of them; `None` if it has none. They need not be a
/// name: "what did engineers say". Words that are `consumed` name something else.
pub(crate) fn writer_words(
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
    runs.into_iter().find(|run| is_run(run) && names_writer(words, run, language, is_consumed))
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
    let is_asked = next.as_deref().is_some_and(is_request) && before.is_none_or(|it| is_any_stop_word(&it));
    let has_genitive = words[run.end - 1].text.ends_with("'s");
    let owned = (run.end..words.len()).find(|at| !is_consumed(*at)).and_then(word);
    let is_owner = has_genitive && owned.is_some_and(|owned| is_boilerplate(&owned));
    // "By jane". The words for it in other languages have many other meanings: "de verdade".
    let own_words = language.words();
    let is_source_word = |words: &str| {
        own_words.questions.source_openings.contains(words)
            || language == Language::En && own_words.speakers.before_speakers.contains(words)
    };
    let is_source =
        (1..=2).filter_map(|len| words.get(run.start.checked_sub(len)?..run.start)).any(|words| {
            let words: Vec<String> = words.iter().map(|word| fold_words(&word.text)).collect();
            is_source_word(&words.join(" "))
        });
    is_asked || is_owner || is_source
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;

    #[test]
    fn a_writer_stands_before_what_was_written_or_after_a_word_for_a_source() {
        for (question, expected) in [
            ("what did jane doe write about meshes", Some("jane doe")),
            ("what did jdoe write about meshes", Some("jdoe")),
            ("summarise jane doe's recap", Some("jane doe's")),
            ("jdoe's notes", Some("jdoe's")),
            ("meshes according to jane doe", Some("jane doe")),
            ("what did the writer say about meshes", None),
            ("what was said about jane doe", None),
            ("kubernetes's keynote", None),
        ] {
            let syntax = parse_syntax(question);
            let found = writer_words(&syntax, Language::En, &[]).and_then(|words| syntax.bytes_of(&words));
            assert_eq!(found.and_then(|bytes| syntax.text.get(bytes)), expected, "{question}");
        }
    }
}
