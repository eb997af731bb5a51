//! What a question says in passing: times, as in "we adopted Istio last month, any tips?", and asides in brackets.

use std::ops::Range;

use crate::plan::names_thing;
use crate::question_syntax::{QuestionSyntax, contains};
use takeaways_text::language;
use takeaways_text::model::Shape;
use takeaways_text::question_shape::find_shape;
use takeaways_text::script::is_cjk;
use takeaways_text::tokens::folding::fold;

/// Whether a time, as bytes of a question, is said in passing beside a request for advice: "we adopted Istio last month, any tips?"
/// Then the clause speaks of the person who asks and names what the advice is on. A date in digits may be that of an event.
pub(crate) fn is_circumstance(time: &Range<usize>, syntax: &QuestionSyntax) -> bool {
    let has_digits = || syntax.text.get(time.clone()).is_some_and(|text| text.contains(char::is_numeric));
    let folded: Vec<String> = syntax.words.iter().map(|word| fold(&word.text)).collect();
    let clauses = clauses(syntax);
    let is_around =
        |clause: &&Range<usize>| syntax.bytes_of(clause).is_some_and(|bytes| contains(&bytes, time));
    let speaks_of_self = |clause: &&Range<usize>| {
        let first_person = &language::all().speakers.first_person;
        let text = syntax.words[(*clause).clone()].iter().map(|word| word.text.as_str());
        first_person.contains(folded[clause.start].as_str())
            && names_thing(&text.collect::<Vec<_>>().join(" "))
    };
    clauses.len() > 1
        && !has_digits()
        && clauses.iter().find(is_around).is_some_and(|clause| speaks_of_self(&clause))
        && find_shape(&syntax.text).shape == Shape::Advice
}

/// The places of what stands in brackets, but for the closing one. An aside that is not closed ends with the text. What is set in a
/// word is none: `event(s)`.
pub(crate) fn asides(text: &str) -> Vec<Range<usize>> {
    let mut asides: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices(['(', '（']) {
        let (before, rest) = text.split_at(at);
        let is_in_word = before.ends_with(|c: char| c.is_alphanumeric() && !is_cjk(c));
        let is_in_last = asides.last().is_some_and(|last| last.end > at);
        if !is_in_word && !is_in_last {
            asides.push(at..rest.find([')', '）']).map_or(text.len(), |end| at + end));
        }
    }
    asides
}

/// Returns the words of each clause of a question.
pub(crate) fn clauses(syntax: &QuestionSyntax) -> Vec<Range<usize>> {
    let begins_clause = |at: usize| {
        let Some(before) = at.checked_sub(1) else { return true };
        let before = syntax.words[before].range.end;
        let between = syntax.text.get(before..syntax.words[at].range.start).unwrap_or_default();
        between.contains(['?', '!', ',', ';', '(', ')', '–', '—', '…', '\n'])
            || between.contains(". ")
            || between.contains(" - ")
    };
    syntax.runs(begins_clause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;

    #[test]
    fn asides_stand_in_brackets() {
        let found = |text: &str| -> Vec<String> {
            asides(text).into_iter().map(|aside| text[aside].to_owned()).collect()
        };
        for (text, expected) in [
            ("meals (queues, coffee) and talks (too long?", &["(queues, coffee", "(too long?"][..]),
            ("event(s) (a (b) c)", &["(a (b"]),
            ("会場（駅）はどこですか", &["（駅"]),
            ("no aside :)", &[]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn a_time_of_ones_own_beside_a_request_for_advice_is_said_in_passing() {
        for (question, time, expected) in [
            ("we adopted Istio last month, any tips?", "last month", true),
            ("wir haben letzten Monat Istio eingeführt, habt ihr Tipps?", "letzten Monat", true),
            ("we couldn't go last year, any tips?", "last year", false),
            ("we adopted Istio in 2019, any tips?", "2019", false),
            ("we saw Istio last year, who gave the talk?", "last year", false),
            ("any tips on Istio from last year?", "last year", false),
        ] {
            let start = question.find(time).expect("the time");
            let range = start..start + time.len();
            assert_eq!(is_circumstance(&range, &parse_syntax(question)), expected, "{question}");
        }
    }
}
