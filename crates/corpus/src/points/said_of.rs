//! Tells whether words that judge are said of a thing that a sentence names: in "Istio is great" they are, in "a great talk on
//! Istio" they are not.

use std::ops::Range;

use takeaways_text::language;
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
    is_against: bool,
    named: &[Range<usize>],
    language: Language,
) -> bool {
    let is_content = |at: usize| folded.word_run(at, 1).is_some_and(|word| !is_stop_word(word, language));
    let is_named = |at: usize| named.iter().any(|thing| thing.contains(&at));
    let is_before = |position: usize| {
        named.iter().any(|thing| {
            thing.end <= position
                && position - thing.end <= MAX_BETWEEN
                && !(thing.end..position).any(|at| is_content(at) && !is_kind_of_thing(folded, at))
                && !(thing.end..=position).any(|at| folded.is_after_sign(at))
        })
    };
    let continues = |at: &usize| is_content(*at) && !folded.is_after_sign(*at);
    let noun = (judging.end..judging.end + MAX_NOUN_WORDS).take_while(continues).last();
    match noun {
        // It is said of the noun after it.
        Some(noun) => is_named(noun) || is_kind_of_thing(folded, noun) && is_before(judging.start),
        // It is said of what stands before it, or is against what stands after it: "the problem with Istio".
        None => is_before(judging.start) || is_against && is_named(judging.end + 1),
    }
}

/// Whether a word says only that something is a thing of some kind: "tool", "technology".
fn is_kind_of_thing(folded: &FoldedText, at: usize) -> bool {
    let kinds = &language::all().stances.kinds_of_things;
    folded.word_run(at, 1).is_some_and(|word| kinds.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the first of such words is said of Istio.
    fn is_said(text: &str, judging: &str, is_against: bool) -> bool {
        let folded = FoldedText::fold(text);
        let position = |wanted: &str| folded.words().position(|word| word == wanted).expect("the word");
        let (at, thing) = (position(judging), position("istio"));
        is_said_of(&folded, &(at..at + 1), is_against, &[thing..thing + 1], Language::En)
    }

    #[test]
    fn praise_is_said_of_its_noun_or_of_what_stands_before_it() {
        for (text, judging, expected) in [
            ("Istio is great for small clusters", "great", true),
            ("We saw that Istio is a really great open source tool", "great", true),
            ("I love Istio", "love", true),
            ("Istio, as a mesh, is run by a great team", "great", false),
            ("There was a great talk on Istio", "great", false),
            ("As usual, lots of great Istio content", "great", false),
            ("Envoy is the best way to run Istio", "best", false),
            ("The team of Istio was here, great people", "great", false),
        ] {
            assert_eq!(is_said(text, judging, false), expected, "{text}");
        }
    }

    #[test]
    fn criticism_may_stand_before_what_it_is_of() {
        for (is_against, expected) in [(true, true), (false, false)] {
            assert_eq!(is_said("People are frustrated with Istio", "frustrated", is_against), expected);
        }
    }
}
