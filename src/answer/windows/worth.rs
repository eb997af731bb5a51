//! What a stretch is worth beside the question's words in it: whether it explains or counts what is asked, how
//! long it is, and how much it carries by itself.

use super::seen::{Seen, is_listed};
use crate::answer::asked::Asked;
use crate::answer::matches::Match;
use crate::answer::shape::is_number;
use crate::model::{BlockKind, Body, Span};

/// What follows a name that is being defined.
const DEFINING_A_KIND: &[&str] = &[
    "is a ",
    "is an ",
    "is the ",
    "is one of ",
    "are the ",
    "was a ",
    "was an ",
    "was the ",
    ", a ",
    ", an ",
    ", the ",
    "stands for ",
    "ist ein",
    "ist der ",
    "ist die ",
    "ist das ",
    "est un",
    "est le ",
    "est la ",
    "es un",
    "es el ",
    "es la ",
    "é um",
    "é o ",
    "é a ",
    "è un",
    "is een ",
    "とは",
    "是一",
];

/// What follows a name of which something is told, be it what it is.
const DEFINING: &[&str] =
    &["is ", "are ", "was ", "(", "- ", "– ", "— ", ": ", "means ", "ist ", "est ", "es ", "は", "是"];

/// Up to 0.14 where the question asks what something is and a sentence says "X is a", "X is", "X (…)", or both its
/// short and its long name.
pub(super) fn meaning(asked: Asked, body: &Body, seen: &[Seen<'_>]) -> f32 {
    if asked != Asked::Meaning {
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
            () if goes_on(found, DEFINING_A_KIND) => 0.14,
            () if both_names(found) || goes_on(found, DEFINING) => 0.08,
            () => 0.0,
        };
        seen.matches.iter().map(defines).fold(0.0, f32::max)
    });
    by_sentence.fold(0.0, f32::max)
}

/// What a window gains or loses by holding the kind of thing that is asked for, or not.
pub(super) fn fit_bonus(asked: Asked, fit: Option<bool>, counts: bool) -> f32 {
    match fit {
        Some(true) if counts => 0.14,
        Some(true) => 0.06,
        // Other answers may be worded in ways that letters don't show; a number that is not there is none.
        Some(false) if asked == Asked::HowMany => -0.30,
        Some(false) => -0.10,
        None => 0.0,
    }
}

/// Whether a number stands right before or behind one of the question's words: "12,000 attendees", "eighty new
/// users", "attendees: 800".
pub(super) fn counts_something(body: &Body, seen: &[Seen<'_>]) -> bool {
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

/// What a window loses by being longer than it need be.
#[expect(clippy::cast_precision_loss, reason = "a window has at most six sentences")]
pub(super) fn dilution(seen: &[Seen<'_>], body: &Body) -> f32 {
    let mut items = seen.iter().filter(|seen| seen.kind == BlockKind::ListItem);
    if is_listed(seen, body) && items.all(|item| item.matches.is_empty()) {
        // The items are what the introduction promises: the more of them the better.
        return -0.003 * seen.len() as f32;
    }
    let crossings = seen.windows(2).filter(|pair| pair[0].sentence.block != pair[1].sentence.block).count();
    0.004 * (seen.len() - 1) as f32 + 0.02 * crossings as f32
}

/// A factor of at most 1 for windows that carry little whatever they are about.
pub(super) fn worth(body: &Body, seen: &[Seen<'_>], span: Span) -> f32 {
    let text = body.slice(span);
    let chars: usize = seen.iter().map(|seen| seen.chars).sum();
    // Wide letters say as much as two; where there are letters enough they need not be counted.
    let wide = || text.chars().filter(|c| ('\u{3000}'..='\u{d7af}').contains(c)).count();
    let letters = if chars < 80 { chars + wide() } else { chars };
    let mut worth = match letters {
        0..40 => 0.8,
        40..80 => 0.93,
        _ => 1.0,
    };
    if seen.iter().any(|seen| seen.is_about_itself) {
        worth *= 0.7;
    }
    worth *= match seen.first().map(|seen| seen.kind) {
        Some(BlockKind::ImageAlt) => 0.6,
        Some(BlockKind::Caption) => 0.85,
        Some(BlockKind::Quote | BlockKind::TableRow) => 0.96,
        _ => 1.0,
    };
    if linked_share(body, span) > 0.8 {
        worth *= 0.8;
    }
    if begins_with_reference(text) {
        worth *= 0.99;
    }
    worth
}

/// The part of a span that is link text, 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a window has at most a few thousand bytes")]
fn linked_share(body: &Body, span: Span) -> f32 {
    let from = body.links.partition_point(|link| link.span.end() <= span.start());
    let linked: usize = body.links[from..]
        .iter()
        .take_while(|link| link.span.start() < span.end())
        .map(|link| link.span.len())
        .sum();
    linked as f32 / span.len() as f32
}

/// Whether it begins with a word that points at what stands before it.
fn begins_with_reference(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    [
        "it", "this", "that", "these", "those", "they", "he", "she", "his", "her", "their", "its", "such",
        "also",
    ]
    .contains(&first.trim_matches(|c: char| !c.is_alphabetic()))
}
