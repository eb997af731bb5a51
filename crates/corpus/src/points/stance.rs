//! Tells whether a sentence is a view, and which side its writer takes.
//!
//! Words and phrases of the language files (`[stances]`) show a side, and a negation before one turns it round. Where the
//! words show both sides, or none, or where the text goes on to another side, there is no side: a view on the wrong side is worse than one on no side.

use std::sync::LazyLock;

use takeaways_text::model::{Language, Stance};

use super::phrases::{FoldedText, PhraseLists};

/// The lists, a bit each.
const PRAISE: u32 = 1;
const CRITICISM: u32 = 1 << 1;
const NEGATION: u32 = 1 << 2;
const CONTRAST: u32 = 1 << 3;
const CONCESSION: u32 = 1 << 4;
const NEUTRAL: u32 = 1 << 5;
/// The most words between a negation and what it turns round: "not a very good".
const NEGATION_REACH: usize = 3;
/// The fewest words of a text with a side. Shorter ones wish or thank: "Great job!"
const MIN_WORDS: usize = 5;

static SIDES: LazyLock<PhraseLists<6>> = LazyLock::new(|| {
    PhraseLists::new([
        |words| &words.stances.praise,
        |words| &words.stances.criticism,
        |words| &words.stances.negations,
        |words| &words.stances.contrasts,
        |words| &words.stances.concessions,
        |words| &words.stances.neutral,
    ])
});

/// Whether a text tells what somebody thinks: it praises, criticises, or speaks of the writer.
#[must_use]
pub fn gives_view(text: &str) -> bool {
    static WRITER: LazyLock<PhraseLists<2>> = LazyLock::new(|| {
        PhraseLists::new([|words| &words.points.first_person, |words| &words.points.opinions])
    });
    let folded = FoldedText::fold(text);
    let [praise, criticism, ..] = SIDES.find(&folded).counts;
    praise + criticism > 0 || WRITER.find(&folded).counts != [0, 0]
}

/// Returns the side that a text in a language takes; `None` if it takes none, if it is not clear which, or if the language has
/// no words that show one.
#[must_use]
pub fn find_stance(text: &str, language: Language) -> Option<Stance> {
    // The lists of all languages are one, so that of this language must not be empty.
    language.words().stances.praise.iter().next()?;
    let folded = FoldedText::fold(text);
    if text.trim_end().ends_with(['?', ':']) || folded.words().count() < MIN_WORDS {
        return None;
    }
    let (mut is_for, mut is_against) = (false, false);
    let (mut at, mut negated_until) = (0, 0);
    while folded.word_run(at, 1).is_some() {
        let (lists, len) = SIDES.longest_at(&folded, at).unwrap_or((NEUTRAL, 1));
        let (start, is_negated) = (at, at < negated_until);
        at += len;
        if lists & NEUTRAL != 0 {
            continue;
        }
        if lists & CONCESSION != 0 || lists & CONTRAST != 0 && start > 0 {
            return None;
        }
        let [praise, criticism] = if is_negated { [CRITICISM, PRAISE] } else { [PRAISE, CRITICISM] };
        is_for |= lists & praise != 0;
        is_against |= lists & criticism != 0;
        if lists & NEGATION != 0 {
            negated_until = at + NEGATION_REACH;
        }
    }
    match (is_for, is_against) {
        (true, false) => Some(Stance::For),
        (false, true) => Some(Stance::Against),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_negations_show_a_side() {
        for (text, expected) in [
            ("The talk on tracing was excellent.", Some(Stance::For)),
            ("The hall was loud, and the talks were disappointing.", Some(Stance::Against)),
            ("The keynote was not disappointing at all.", Some(Stance::For)),
            ("The keynote was not very good this year.", Some(Stance::Against)),
            ("It was not only useful for beginners.", Some(Stance::For)),
            ("I couldn't complain about the food there.", Some(Stance::For)),
            ("The mesh is powerful, but it is hard to run.", None),
            ("While the talks were great, the room was small.", None),
            ("But the venue was great this time.", Some(Stance::For)),
            ("Istio was announced by three companies.", None),
            ("Was it a good idea to go there?", None),
            ("Great job!", None),
            ("Der Vortrag war leider viel zu lang.", Some(Stance::Against)),
            ("Cette conférence était vraiment passionnante.", Some(Stance::For)),
            ("", None),
        ] {
            assert_eq!(find_stance(text, Language::En), expected, "{text}");
        }
        assert_eq!(find_stance("The talk on tracing was excellent.", Language::Ja), None);
    }
}
