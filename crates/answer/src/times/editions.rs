//! Which editions of a conference are meant: "the last three editions of FOSDEM", "the first FOSDEM".

use std::ops::Range;

use takeaways_text::phrases::Words;

use super::phrases::{PHRASES, are_joined, find_end, find_phrase, number_at};

/// Which of the editions of a conference are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EditionChoice {
    /// Whether they are counted from the newest.
    pub(crate) is_from_newest: bool,
    /// How many are left out.
    pub(crate) skipped: usize,
    /// How many are meant.
    pub(crate) taken: usize,
}

/// Returns the choice of editions right before or after the name of a conference ("the last three editions of FOSDEM"), with its
/// words, in bytes of the text.
pub(crate) fn find_edition_choice(text: &str, name: &Range<usize>) -> Option<(EditionChoice, Range<usize>)> {
    /// No phrase for a choice, with what joins it to a name, is longer.
    const MAX_PHRASE_WORDS: usize = 8;
    let words = Words::new(text);
    let start = (0..words.len()).find(|at| words.byte_range(*at..at + 1).start >= name.start)?;
    let end = (start..words.len())
        .find(|at| words.byte_range(*at..at + 1).start >= name.end)
        .unwrap_or(words.len());
    let number = |at: usize| number_at(&words, at);
    let choice = |list, at, is_from_newest, skipped| {
        let (taken, end): (Option<i16>, usize) = find_phrase(list, &words, at, &number)?;
        let taken = taken.and_then(|taken| usize::try_from(taken).ok()).unwrap_or(1);
        Some((EditionChoice { is_from_newest, skipped, taken }, end))
    };
    let before = (start.saturating_sub(MAX_PHRASE_WORDS)..start).find_map(|at| {
        let choices = [
            choice(&PHRASES.second_latest, at, true, 1),
            choice(&PHRASES.latest, at, true, 0),
            choice(&PHRASES.first, at, false, 0),
        ];
        let reaches_name = |end: usize| {
            let end = find_end(&PHRASES.edition, &words, end).unwrap_or(end);
            let ends =
                std::iter::successors(Some(end), |end| find_end(&PHRASES.fillers, &words, *end)).take(3);
            let mut ends = ends.filter(|end| are_joined(&words, *end));
            ends.any(|end| end == start)
        };
        let (choice, _) = choices.into_iter().flatten().find(|(_, end)| reaches_name(*end))?;
        Some((choice, words.byte_range(at..start)))
    });
    before.or_else(|| {
        let (choice, after) =
            choice(&PHRASES.latest_after, end, true, 0).filter(|_| are_joined(&words, end))?;
        Some((choice, words.byte_range(end..after)))
    })
}
