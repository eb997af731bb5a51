//! Tells whether words that judge are said of a thing that a sentence names: in "Istio is great" they are, in "a great talk on
//! Istio" they are not.

use std::ops::Range;

use takeaways_text::language::WordList;
use takeaways_text::model::Language;
use takeaways_text::tokens::is_stop_word;

use crate::folded_text::FoldedText;

/// The most words of a noun after a word that judges: "a great open source tool".
const MAX_NOUN_WORDS: usize = 4;
/// The most words between a thing and what is said of it.
const MAX_BETWEEN: usize = 6;

/// Whether the words that judge, at some positions, are said of one of the named things, each given by its positions.
pub(super) fn is_said_of(
    folded: &FoldedText,
    judging: &Range<usize>,
    named: &[Range<usize>],
    language: Language,
) -> bool {
    let words = &language.words().stances;
    let is_in = |list: &WordList, at: usize| folded.word_run(at, 1).is_some_and(|word| list.contains(word));
    let is_content = |at: usize| folded.word_run(at, 1).is_some_and(|word| !is_stop_word(word, language));
    let is_named = |at: usize| named.iter().any(|thing| thing.contains(&at));
    if judging.clone().any(is_named) {
        return true; // "Vendor pitches" say what somebody thinks of them.
    }
    // What stands between a thing that the sentence is about and what is said of it.
    let is_subject =
        |thing: &&Range<usize>| thing.start.checked_sub(1).is_none_or(|at| !is_in(&words.prepositions, at));
    let between = || {
        let subjects = named.iter().filter(is_subject);
        subjects.map(|thing| thing.end..judging.start).filter(|it| it.start <= it.end)
    };
    let is_joined = |between: &Range<usize>| {
        let is_other = |at: &usize| is_content(*at) && !is_in(&words.copulas, *at);
        // "It is a major pain" is as clear as "it is a pain".
        let adjectives = between.clone().rev().take_while(is_other).count();
        let rest = between.start..between.end - adjectives;
        let may_have_adjectives = adjectives == 0 || rest.clone().any(|at| is_in(&words.copulas, at));
        between.len() <= MAX_BETWEEN
            && may_have_adjectives
            && !rest.clone().any(|at| is_other(&at))
            && !(between.start..=between.end).any(|at| folded.is_after_sign(at))
    };
    let continues = |at: &usize| is_content(*at) && !folded.is_after_sign(*at);
    let noun = (judging.end..judging.end + MAX_NOUN_WORDS).take_while(continues).last();
    match noun {
        // It is said of the noun after it, or of what is that: "Istio is a great tool".
        Some(noun) => {
            is_named(noun) || between().any(|mut it| is_joined(&it) && it.any(|at| is_in(&words.copulas, at)))
        }
        // It is said of what stands before it, or of what it is joined to: "the problem with Istio".
        None => {
            between().any(|it| is_joined(&it))
                || is_in(&words.joiners, judging.end) && is_named(judging.end + 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_judgement_is_said_of_its_noun_or_of_what_the_sentence_is_about() {
        for (text, judging, expected) in [
            ("Istio is great for small clusters", "great", true),
            ("We saw that Istio is a really great open source tool", "great", true),
            ("I love Istio", "love", true),
            ("Istio remains a major pain for each team", "pain", true),
            ("Istio was a great step for our team", "great", true),
            ("I was impressed by Istio", "impressed", true),
            ("The problem with Istio is its size", "problem", true),
            ("The problem that Istio solves is old", "problem", false),
            ("Debugging was horrible before Istio", "horrible", false),
            ("Without Istio it is hard to see", "hard", false),
            ("The talk on Istio was great", "great", false),
            ("There was a great talk on Istio", "great", false),
            ("Istio and the great people around it", "great", false),
            ("Istio, as a mesh, is run by a great team", "great", false),
            ("As usual, lots of great Istio content", "great", false),
            ("Envoy is the best way to run Istio", "best", false),
            ("The team of Istio was here, great people", "great", false),
        ] {
            let folded = FoldedText::fold(text);
            let position = |wanted: &str| folded.words().position(|word| word == wanted).expect("the word");
            let (at, thing) = (position(judging), position("istio"));
            let thing = thing..thing + 1;
            let is_said = is_said_of(&folded, &(at..at + 1), std::slice::from_ref(&thing), Language::En);
            assert_eq!(is_said, expected, "{text}");
        }
    }

    #[test]
    fn what_is_named_may_judge_by_itself() {
        let folded = FoldedText::fold("There was a talk that was a flat out vendor pitch");
        let pitch = folded.words().count() - 2..folded.words().count();
        assert!(is_said_of(&folded, &pitch, std::slice::from_ref(&pitch), Language::En));
    }
}
