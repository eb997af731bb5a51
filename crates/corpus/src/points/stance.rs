//! Tells whether a sentence is a view, and which side its writer takes.
//!
//! Words and phrases of the language files (`[stances]`) show a side, and a negation before one turns it round. Where the
//! words show both sides, or none, or where the text goes on to another side, there is no side: a view on the wrong side is worse than one on no side.

use std::sync::LazyLock;

use takeaways_text::language::{LanguageWords, WordList};
use takeaways_text::model::{Body, Language, Span, Stance};

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

/// The lists of each language. A word of one may mean something else in another: `no` is "in the" in Portuguese.
static SIDES: LazyLock<Vec<PhraseLists<6>>> =
    LazyLock::new(|| Language::ALL.into_iter().map(|it| PhraseLists::of_language(it, LISTS)).collect());
const LISTS: [fn(&LanguageWords) -> &WordList; 6] = [
    |words| &words.stances.praise,
    |words| &words.stances.criticism,
    |words| &words.stances.negations,
    |words| &words.stances.contrasts,
    |words| &words.stances.concessions,
    |words| &words.stances.neutral,
];

/// Whether a text tells what somebody thinks: it praises, criticises, or speaks of the writer.
#[must_use]
pub fn gives_view(text: &str, language: Language) -> bool {
    static WRITER: LazyLock<PhraseLists<2>> = LazyLock::new(|| {
        PhraseLists::new([|words| &words.points.first_person, |words| &words.points.opinions])
    });
    let folded = FoldedText::fold(text);
    let judges = SIDES.get(language as usize).is_some_and(|sides| {
        let [praise, criticism, ..] = sides.find(&folded).counts;
        praise > 0 || criticism > 0
    });
    judges || WRITER.find(&folded).counts != [0, 0]
}

/// Returns the side whose views a question asks for: "any complaints about X?" asks for those against it. `None` if it asks for
/// neither or for both.
#[must_use]
pub fn asked_side(question: &str) -> Option<Stance> {
    static ASKED: LazyLock<PhraseLists<2>> = LazyLock::new(|| {
        PhraseLists::new([|words| &words.stances.asked_praise, |words| &words.stances.asked_criticism])
    });
    let [praise, criticism] = ASKED.find(&FoldedText::fold(question)).counts;
    match (praise > 0, criticism > 0) {
        (true, false) => Some(Stance::For),
        (false, true) => Some(Stance::Against),
        _ => None,
    }
}

/// Returns the side that a part of a text takes: that of each of its sentences that takes one; `None` if they differ.
#[must_use]
pub fn find_stance(body: &Body, span: Span, language: Language) -> Option<Stance> {
    let first = body.sentences.partition_point(|sentence| sentence.span.start() < span.start());
    let inside = body.sentences[first..].iter().take_while(|sentence| span.contains(sentence.span));
    let mut sides = inside.filter_map(|sentence| stance_of_sentence(body.slice(sentence.span), language));
    let first = sides.next()?;
    sides.all(|side| side == first).then_some(first)
}

/// Returns the side that a sentence takes; `None` if it takes none, or if it is not clear which.
pub(super) fn stance_of_sentence(text: &str, language: Language) -> Option<Stance> {
    let sides = SIDES.get(language as usize)?;
    let folded = FoldedText::fold(text);
    if text.trim_end().ends_with(['?', ':']) || folded.words().count() < MIN_WORDS {
        return None;
    }
    let (mut is_for, mut is_against) = (false, false);
    let (mut at, mut negated_until) = (0, 0);
    while folded.word_run(at, 1).is_some() {
        let (lists, len) = sides.longest_at(&folded, at).unwrap_or((NEUTRAL, 1));
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
    use crate::{SourceFile, read_post};
    use takeaways_text::model::PostId;

    #[test]
    fn a_question_may_ask_for_one_side() {
        for (question, expected) in [
            ("any complaints about the venue?", Some(Stance::Against)),
            ("what did people dislike at KubeCon?", Some(Stance::Against)),
            ("Gab es Beschwerden über die KubeCon?", Some(Stance::Against)),
            ("Qu'est-ce qui a déplu ?", Some(Stance::Against)),
            ("what are the advantages of eBPF?", Some(Stance::For)),
            ("what did they praise, and what did they dislike?", None),
            ("what do people think of Istio?", None),
        ] {
            assert_eq!(asked_side(question), expected, "{question}");
        }
    }

    #[test]
    fn words_and_negations_show_a_side() {
        use Language::{De, En, Fr, Ja, Pt};
        let (is_for, is_against) = (Some(Stance::For), Some(Stance::Against));
        for (language, text, expected) in [
            (En, "The talk on tracing was excellent.", is_for),
            (En, "The hall was loud, and the talks were disappointing.", is_against),
            (En, "The keynote was not disappointing at all.", is_for),
            (En, "The keynote was not very good this year.", is_against),
            (En, "It was not only useful for beginners.", is_for),
            (En, "I couldn't complain about the food there.", is_for),
            (En, "But the venue was great this time.", is_for),
            (En, "The mesh is powerful, but it is hard to run.", None),
            (En, "While the talks were great, the room was small.", None),
            (En, "Istio was announced by three companies.", None),
            (En, "Was it a good idea to go there?", None),
            (En, "Great job!", None),
            (En, "", None),
            // Words of other languages.
            (En, "Ravi gave a talk on tracing there.", None),
            (Pt, "A palestra no auditório foi excelente.", is_for),
            (De, "Der Vortrag war leider viel zu lang.", is_against),
            (Fr, "Cette conférence était vraiment passionnante.", is_for),
            (Ja, "The talk on tracing was excellent.", None),
        ] {
            assert_eq!(stance_of_sentence(text, language), expected, "{text}");
        }
    }

    #[test]
    fn sentences_of_two_sides_take_none() {
        for (text, expected) in [
            ("The talks were all excellent. The hall was near the sea.", Some(Stance::For)),
            ("The talks were all excellent. Sadly the hall was far too small.", None),
            ("We did not have to queue. The food was great this time, too.", Some(Stance::For)),
        ] {
            let source = SourceFile { id: &PostId("post".into()), path: "post.md", bytes: text.as_bytes() };
            let body = read_post(&source, jiff::Timestamp::UNIX_EPOCH).post.expect("a post").body;
            let span = Span::new(&body.text, 0..body.text.len()).expect("the whole text");
            assert_eq!(find_stance(&body, span, Language::En), expected, "{text}");
        }
    }
}
