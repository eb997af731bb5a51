//! The words by which a question asks about now: "latest", "these days", "any news".
//!
//! They say how old an answer may be, not what it is about: posts of any age hold them.

use std::ops::Range;
use std::sync::LazyLock;

use takeaways_text::language::{all_words, inner_words, whole_words};

use super::answer_type::matches_form;
use super::concepts::Concept;
use super::question_syntax::{QuestionSyntax, QuestionWord};

/// With what people ask about now, in the languages of the posts; `*` stands for any one word. Words that as often mean
/// something else are left out: "last" (day), "noch" (something), "toujours" (always), "ora" (hour).
static NOW: LazyLock<Vec<&str>> = LazyLock::new(|| whole_words(|words| &words.questions.recency));

/// The same in scripts without blanks, and in Korean, whose words have endings.
static NOW_CJK: LazyLock<Vec<&str>> = LazyLock::new(|| inner_words(|words| &words.questions.recency));

/// The same, of what is asked about and so looked for as well.
static STATE: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.questions.state));

/// Whether a question says that it is about now.
pub(super) fn is_said(typed: &QuestionSyntax) -> bool {
    let is_in = |forms| find_phrases(&typed.words, forms).next().is_some();
    is_in(&NOW) || is_in(&STATE) || NOW_CJK.iter().any(|form| typed.text.contains(form))
}

/// Leaves what says "now" out of what is looked for, where the scope or anything else of it tells what the question is
/// about. What stands in quotes stays.
pub(super) fn set_aside(concepts: &mut Vec<Concept>, typed: &QuestionSyntax, is_scoped: bool) {
    let said: Vec<Range<usize>> = find_phrases(&typed.words, &NOW).collect();
    let is_now = |concept: &Concept| {
        let is_within =
            |range: &Range<usize>| range.start <= concept.words.start && concept.words.end <= range.end;
        let is_form = said.iter().any(is_within) || NOW_CJK.contains(&first_term(concept));
        is_form && !typed.phrases.iter().any(is_within)
    };
    if is_scoped || concepts.iter().any(|concept| !is_now(concept) && !concept.is_weak()) {
        concepts.retain(|concept| !is_now(concept));
    }
}

/// The words of each form that is said.
fn find_phrases<'w>(
    words: &'w [QuestionWord],
    forms: &'w [&str],
) -> impl Iterator<Item = Range<usize>> + use<'w> {
    let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
    (0..words.len()).filter_map(move |at| {
        let longest = forms
            .iter()
            .filter(|form| matches_form(form, &lower[at..]))
            .map(|form| form.split(' ').count())
            .max()?;
        Some(at..at + longest).filter(|range| !is_part_of_a_name(words, range))
    })
}

/// "Hacker News" and "New Relic" are names; "What's the Latest on Helm" only has a heading's capitals.
fn is_part_of_a_name(words: &[QuestionWord], form: &Range<usize>) -> bool {
    let is_capital = |at: usize| {
        words.get(at).is_some_and(|word| {
            word.text.starts_with(char::is_uppercase) && word.text.contains(char::is_lowercase)
        })
    };
    let last = form.end - 1;
    let is_behind_one = form.start > 1 && is_capital(form.start) && is_capital(form.start - 1);
    let is_before_one = last > 0 && is_capital(last) && is_capital(form.end);
    is_behind_one || is_before_one
}

/// The pair of letters that a concept of a script without blanks is.
fn first_term(concept: &Concept) -> &str {
    let terms = concept.alternatives.first().map(|alternative| alternative.terms.as_slice());
    match terms {
        Some([term]) => term,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::super::question_syntax::parse_syntax;
    use super::*;
    use takeaways_search::Alternative;

    fn concept(typed: &QuestionSyntax, at: usize) -> Concept {
        let text = typed.words[at].text.clone();
        Concept {
            alternatives: vec![Alternative::term(text.to_lowercase())],
            own_forms: 1,
            text,
            words: at..at + 1,
            importance: 1.0,
            is_known: true,
            ..Concept::default()
        }
    }

    /// What is left of a question of which every word is looked for.
    fn remaining_text(question: &str, is_scoped: bool) -> String {
        let typed = parse_syntax(question);
        let mut concepts: Vec<Concept> = (0..typed.words.len()).map(|at| concept(&typed, at)).collect();
        set_aside(&mut concepts, &typed, is_scoped);
        let texts: Vec<&str> = concepts.iter().map(|concept| concept.text.as_str()).collect();
        texts.join(" ")
    }

    #[test]
    fn words_of_now_are_not_looked_for_beside_others() {
        for (question, expected) in [
            ("latest on GitOps", "on GitOps"),
            ("any news about Istio?", "any about Istio"),
            ("What's the Latest on Helm?", "What's the on Helm"),
            ("what is new in GitOps?", "in GitOps"),
            ("current state of storage", "state of storage"),
            ("how do teams run Istio these days", "how do teams run Istio"),
            ("Neuigkeiten zu Helm", "zu Helm"),
            ("quoi de neuf avec Helm", "avec Helm"),
            ("novedades de Helm", "de Helm"),
            ("Helm 最新", "Helm"),
        ] {
            assert_eq!(remaining_text(question, false), expected, "{question}");
        }
    }

    #[test]
    fn what_is_meant_otherwise_is_looked_for() {
        for question in [
            "new features of Istio",
            "which tools are new",
            "who reads Hacker News",
            "what's New Relic",
            "posts with \"latest\" tags",
            "who said \"these days\" first",
            "latest",
            "latest news",
            "latest talks",
        ] {
            assert_eq!(
                remaining_text(question, false),
                parse_syntax(question)
                    .words
                    .iter()
                    .map(|word| word.text.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            );
        }
        assert_eq!(remaining_text("latest news", true), "");
    }
}
