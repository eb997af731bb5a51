//! What a stretch is worth beside the question's words in it: whether it explains or counts what is asked, and how
//! much it carries by itself.

use std::sync::LazyLock;

use super::sentence_matches::SentenceMatches;
use crate::answer_type::AnswerType;
use crate::answer_type_match::is_number;
use crate::matcher::Match;
use takeaways_text::language::all_words;
use takeaways_text::model::{Body, Span};

/// What follows a name that is being defined.
static DEFINING_A_KIND: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.answers.kind_definitions));

/// What follows a name of which something is told, be it what it is.
static DEFINING: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.answers.definitions));

/// Signs after a name that do the same in every language.
const DEFINING_SIGNS: [&str; 5] = ["(", "- ", "– ", "— ", ": "];

static OPENING_REFERENCES: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.answers.opening_references));

/// Up to 1 where the question asks what something is and a sentence says "X is a", "X is", "X (…)", or both its
/// short and its long name.
pub(super) fn meaning(asked: AnswerType, body: &Body, seen: &[SentenceMatches<'_>]) -> f32 {
    if asked != AnswerType::Meaning {
        return 0.0;
    }
    let by_sentence = seen.iter().map(|seen| {
        let text = body.slice(seen.sentence.span);
        let goes_on = |found: &Match, openings: &[&str]| {
            let after = text.get(found.range.end..).unwrap_or_default().trim_start();
            openings.iter().any(|opening| after.starts_with(opening))
        };
        let lengths = |concept| {
            let mut lengths: Vec<usize> = seen
                .matches
                .iter()
                .filter(|found| found.concept == concept && found.weight >= 1.0)
                .map(|found| found.range.len())
                .collect();
            lengths.sort_unstable();
            lengths.dedup();
            lengths
        };
        let both_names = |found: &Match| {
            let lengths = lengths(found.concept);
            lengths.first().zip(lengths.last()).is_some_and(|(short, long)| *long > short * 2)
        };
        let defines = |found: &Match| match () {
            () if goes_on(found, &DEFINING_A_KIND) => 1.0,
            () if both_names(found) || goes_on(found, &DEFINING) || goes_on(found, &DEFINING_SIGNS) => 0.6,
            () => 0.0,
        };
        seen.matches.iter().map(defines).fold(0.0, f32::max)
    });
    by_sentence.fold(0.0, f32::max)
}

/// Whether a number stands right before or behind one of the question's words: "12,000 attendees", "eighty new
/// users", "attendees: 800".
pub(super) fn counts_something(body: &Body, seen: &[SentenceMatches<'_>]) -> bool {
    seen.iter().any(|seen| {
        let text = body.slice(seen.sentence.span);
        seen.matches.iter().any(|found| {
            let before = text.get(..found.range.start).unwrap_or_default();
            let after = text.get(found.range.end..).unwrap_or_default();
            before.split_whitespace().rev().take(3).any(is_number)
                || after.split_whitespace().take(3).any(is_number)
        })
    })
}

/// The part of a span that is link text, 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a window has at most a few thousand bytes")]
pub(super) fn linked_share(body: &Body, span: Span) -> f32 {
    let from = body.links.partition_point(|link| link.span.end() <= span.start());
    let linked: usize = body.links[from..]
        .iter()
        .take_while(|link| link.span.start() < span.end())
        .map(|link| link.span.len())
        .sum();
    linked as f32 / span.len() as f32
}

/// Whether it begins with a word that points at what stands before it.
pub(super) fn begins_with_reference(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    OPENING_REFERENCES.contains(&first.trim_matches(|c: char| !c.is_alphabetic()))
}
