//! What stands beside the name of an event or a place in a question.

use std::ops::Range;

use super::{is_function_word, words_in};
use crate::question_syntax::{QuestionSyntax, QuestionWord};
use takeaways_text::language::{self, WordList};
use takeaways_text::tokens::is_boilerplate;

/// Whether the word before is one like "in", with an article at most between.
pub(super) fn is_after_place_word(range: &Range<usize>, words: &[QuestionWord]) -> bool {
    let start = words_in(range, words).start;
    (1..=2).filter_map(|back| start.checked_sub(back)).any(|at| {
        let words = words.get(at..start).unwrap_or_default();
        let is_article = |word: &QuestionWord| word.text.chars().count() <= 3;
        let first = words.first().map(|word| word.text.to_lowercase());
        first.is_some_and(|first| language::all().questions.in_places.contains(first.as_str()))
            && words.iter().skip(1).all(is_article)
    })
}

/// Whether the two letters of a city may be those of a person: they are neither after a word like "in" nor the end of the question.
pub(super) fn may_be_initials(range: &Range<usize>, words: &[QuestionWord]) -> bool {
    let place = words_in(range, words);
    let is_at = |at: usize| {
        language::all().answers.place_prepositions.contains(words[at].text.to_lowercase().as_str())
    };
    let follows_at = place.start.checked_sub(1).is_some_and(is_at);
    range.len() <= 2 && place.end < words.len() && !is_after_place_word(range, words) && !follows_at
}

/// Whether a word like "not" is before the mention, with words of a place and an article at most between: "not at the
/// KubeCon". "No" is not such a word: in Portuguese it means "in the".
pub(super) fn is_negated(range: &Range<usize>, words: &[QuestionWord]) -> bool {
    negation_of(range, words).is_some()
}

/// Each of some mentions, in their order, with the word like "not" before it; `None` if it is wanted. One that only goes on from an
/// unwanted one is unwanted too: "not in 2018 or 2019".
pub(super) fn with_negations(
    mentions: &[Range<usize>],
    syntax: &QuestionSyntax,
) -> Vec<Option<Range<usize>>> {
    let mut unwanted_before: Option<&Range<usize>> = None;
    let mut found = Vec::with_capacity(mentions.len());
    for mention in mentions {
        let follows = unwanted_before.is_some_and(|before| goes_on(before, mention, &syntax.text));
        let word = negation_of(mention, &syntax.words).and_then(|at| syntax.words.get(at));
        let start = word.map(|word| word.range.start).or(follows.then_some(mention.start));
        unwanted_before = start.map(|_| mention);
        found.push(start.map(|start| start..mention.end));
    }
    found
}

/// Whether only a word like "or" or a comma stands between two mentions.
fn goes_on(before: &Range<usize>, mention: &Range<usize>, text: &str) -> bool {
    let between = text.get(before.end..mention.start).map(|between| between.trim_matches([' ', ',', '/']));
    between.is_some_and(|word| {
        word.is_empty() || language::all().times.and.contains(word.to_lowercase().as_str())
    })
}

/// The maximum number of words between one like "not" and a mention: "without the posts of the" before a name.
const MAX_BETWEEN: usize = 4;

/// The index of a word like "not" before a mention, or of the first of two such as "apart from". Between them may stand words of a place
/// and an article, or words for posts.
fn negation_of(range: &Range<usize>, words: &[QuestionWord]) -> Option<usize> {
    let before = words.get(..words_in(range, words).start).unwrap_or_default();
    let exclusion_before = |end: usize| {
        (1..=2).rev().filter_map(|len| end.checked_sub(len)).find(|start| {
            let phrase: Vec<String> =
                before[*start..end].iter().map(|word| word.text.to_lowercase()).collect();
            language::all().questions.exclusions.contains(phrase.join(" ").as_str())
        })
    };
    let ends = (0..=MAX_BETWEEN).filter_map(|between| before.len().checked_sub(between));
    let found = ends.filter_map(|end| Some((exclusion_before(end)?, &before[end..])));
    let (at, between) = found.into_iter().find(|(_, between)| may_stand_between(between))?;
    // "Nicht nur 2019" means that year too.
    let narrows = |word: &QuestionWord| is_in(&language::all().conversation.narrowing, word);
    let narrowed = between.iter().any(narrows) || before.iter().rev().take(2).any(narrows);
    (!narrowed).then_some(at)
}

/// Whether words may stand between one like "not" and a mention: "in the", "the posts of". Those of "not go to KubeCon" may not.
fn may_stand_between(words: &[QuestionWord]) -> bool {
    let is_place_preposition = |word: &QuestionWord| is_in(&language::all().answers.place_prepositions, word);
    let is_place_word =
        |word: &QuestionWord| is_in(&language::all().questions.in_places, word) || is_place_preposition(word);
    let is_article = |word: &QuestionWord| word.text.chars().count() <= 3 && is_function_word(word);
    let is_noun = |word: &QuestionWord| is_boilerplate(&word.text.to_lowercase());
    // Not "mentioned in".
    let is_of = |words: &[QuestionWord]| match words {
        [of] => is_article(of) && !is_place_preposition(of),
        [of, article] => is_article(of) && !is_place_preposition(of) && is_article(article),
        _ => false,
    };
    match words {
        [] => true,
        [word] => is_place_word(word) || is_article(word),
        // "Do" is a word of a place in Portuguese: "what should I not do at KubeCon?"
        [place, article] if is_place_word(place) && is_article(article) => !is_place_preposition(article),
        [noun, of @ ..] if is_noun(noun) && is_of(of) => true,
        [article, noun, of @ ..] => is_article(article) && is_noun(noun) && is_of(of),
    }
}

fn is_in(list: &WordList, word: &QuestionWord) -> bool {
    list.contains(word.text.to_lowercase().as_str())
}

/// Whether a city is followed by another capitalised word. Then it is a part of a person's or a product's name: Paris
/// Hilton, Austin Powers.
pub(super) fn is_part_of_a_name(range: &Range<usize>, words: &[QuestionWord]) -> bool {
    let next = words.get(words_in(range, words).end);
    next.is_some_and(|word| {
        word.text.starts_with(char::is_uppercase)
            && word.text.chars().skip(1).all(char::is_lowercase)
            && word.text.chars().count() > 2
            && word.range.start == range.end + 1
    })
}
