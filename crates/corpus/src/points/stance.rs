//! Tells whether a sentence is a view, and which side its writer takes.
//!
//! Words and phrases of the language files (`[stances]`) show a side, and a negation before one turns it round. Where the
//! words show both sides, or none, or where the text goes on to another side, there is no side: a view on the wrong side is worse than one on no side.

use std::ops::Range;
use std::sync::LazyLock;

use takeaways_text::model::{Body, Language, Span, Stance};
use takeaways_text::sentences::is_title_like;

use super::said_of::is_said_of;
use crate::events::EventTable;
use crate::folded_text::{FoldedText, PhraseLists};

/// The lists, a bit each.
const PRAISE: u32 = 1;
const CRITICISM: u32 = 1 << 1;
const NEGATION: u32 = 1 << 2;
const CONTRAST: u32 = 1 << 3;
const CONCESSION: u32 = 1 << 4;
const NEUTRAL: u32 = 1 << 5;
const EVENT_PART: u32 = 1 << 6;
const EVENT_CRITICISM: u32 = 1 << 7;
/// The most words between a negation and what it turns round: "not a very good".
const NEGATION_REACH: usize = 3;
/// The most words between what judges and the part of an event that it judges.
const EVENT_REACH: usize = 10;
/// The most words between what judges and the part of an event that a question is about.
const PART_REACH: usize = 3;
/// The fewest words of a text with a side. Shorter ones wish or thank: "Great job!"
const MIN_WORDS: usize = 4;

/// The lists of each language. A word of one may mean something else in another: `no` is "in the" in Portuguese.
static SIDES: LazyLock<Vec<PhraseLists<8>>> = LazyLock::new(|| {
    PhraseLists::of_each_language([
        |words| &words.stances.praise,
        |words| &words.stances.criticism,
        |words| &words.stances.negations,
        |words| &words.stances.contrasts,
        |words| &words.stances.concessions,
        |words| &words.stances.neutral,
        |words| &words.stances.event_parts,
        |words| &words.stances.event_criticism,
    ])
});

/// Whether a text tells what somebody thinks: it praises, criticises, or speaks of the writer.
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
pub fn asked_side(question: &str) -> Option<Stance> {
    static ASKED: LazyLock<PhraseLists<3>> = LazyLock::new(|| {
        PhraseLists::new([
            |words| &words.stances.asked_praise,
            |words| &words.stances.asked_criticism,
            |words| &words.stances.asked_negations,
        ])
    });
    let folded = FoldedText::fold(question);
    let (mut is_for, mut is_against) = (false, false);
    let (mut at, mut negated_until) = (0, 0);
    while folded.word_run(at, 1).is_some() {
        let (lists, len) = ASKED.longest_at(&folded, at).unwrap_or((0, 1));
        let [praises, criticises, negates] = [0, 1, 2].map(|list| lists & 1 << list != 0);
        // "What didn't people enjoy?"
        let is_negated = praises && at < negated_until;
        is_for |= praises && !is_negated;
        is_against |= criticises || is_negated;
        at += len;
        if negates {
            negated_until = at + NEGATION_REACH;
        }
    }
    if !is_for && !is_against {
        // Scripts without spaces have no words.
        let [praise, criticism, _] = ASKED.find(&folded).counts;
        (is_for, is_against) = (praise > 0, criticism > 0);
    }
    match (is_for, is_against) {
        (true, false) => Some(Stance::For),
        (false, true) => Some(Stance::Against),
        _ => None,
    }
}

/// Returns the side that a part of a text takes on what is named in it at some places: that of each of its sentences that takes
/// one; `None` if they differ, or if none of those that name it takes one. Who liked the talk on it has not said what they think of
/// it, unless parts of events are what is named.
pub fn find_stance(body: &Body, span: Span, language: Language, named: &[Span]) -> Option<Stance> {
    let names_part = named.iter().any(|name| is_event_part(body.slice(*name), language));
    let (mut found, mut is_on_it) = (None, false);
    for (sentence, judgement) in judged_sentences(body, span, language) {
        let Some(side) = judgement.side else { continue };
        if found.is_some_and(|it| it != side) {
            return None;
        }
        found = Some(side);
        let inside: Vec<Span> = named.iter().filter(|name| sentence.contains(**name)).copied().collect();
        is_on_it |= !inside.is_empty() && judges_named(body, sentence, language, &inside, names_part);
    }
    found.filter(|_| is_on_it)
}

/// Whether a sentence judges what it names at some places, and not something else. Of a part of an event it is enough that it
/// stands near: "the venue this year was great".
fn judges_named(body: &Body, sentence: Span, language: Language, names: &[Span], are_parts: bool) -> bool {
    let Some(sides) = SIDES.get(language as usize) else { return false };
    let text = body.slice(sentence);
    let position = |byte: usize| {
        let before = text.get(..byte.saturating_sub(sentence.start())).unwrap_or(text);
        FoldedText::fold(before).words().count()
    };
    let things: Vec<Range<usize>> =
        names.iter().map(|name| position(name.start())..position(name.end())).collect();
    let folded = FoldedText::fold(text);
    let judging = judging_words(&folded, sides).map_or_else(Vec::new, |words| words.judging);
    judging.iter().any(|word| {
        let place = &word.place;
        let between =
            |it: &Range<usize>| it.start.saturating_sub(place.end).max(place.start.saturating_sub(it.end));
        if are_parts {
            things.iter().any(|it| between(it) <= PART_REACH)
        } else {
            is_said_of(&folded, place, &things, language)
        }
    })
}

/// Whether a text has a word for a part of an event.
fn is_event_part(text: &str, language: Language) -> bool {
    let Some(sides) = SIDES.get(language as usize) else { return false };
    sides.find(&FoldedText::fold(text)).counts[EVENT_PART.ilog2() as usize] > 0
}

/// Whether a sentence of a part of a text takes a side, whatever the others do.
pub fn takes_side(body: &Body, span: Span, language: Language, side: Stance) -> bool {
    judged_sentences(body, span, language).any(|(_, judgement)| judgement.side == Some(side))
}

/// Whether a text has words that show a side, also beside words that show the other one: "great, but slow".
pub fn shows_side(text: &str, language: Language, side: Stance) -> bool {
    let Some(sides) = SIDES.get(language as usize) else { return false };
    let [praise, criticism, ..] = sides.find(&FoldedText::fold(text)).counts;
    match side {
        Stance::For => praise > 0,
        Stance::Against => criticism > 0,
    }
}

/// Whether a sentence of a part of a text may take a side. Whether it does is not known in languages without lists.
pub fn may_take_side(body: &Body, span: Span, language: Language, side: Stance) -> bool {
    let has_lists = language.words().stances.praise.iter().next().is_some();
    !has_lists || takes_side(body, span, language, side)
}

/// The sentences of a part of a text, and what they judge.
fn judged_sentences(body: &Body, span: Span, language: Language) -> impl Iterator<Item = (Span, Judgement)> {
    let first = body.sentences.partition_point(|sentence| sentence.span.start() < span.start());
    let inside = body.sentences[first..].iter().take_while(move |sentence| span.contains(sentence.span));
    inside.map(move |sentence| (sentence.span, judge_sentence(body.slice(sentence.span), language)))
}

/// Returns the side that a text takes on an event, such as on its venue or its talks, by what its sentences judge: that of all
/// of them, if one judges an event; `None` if they differ.
pub(super) fn event_stance(judgements: &[Judgement]) -> Option<Stance> {
    let mut sides = judgements.iter().filter_map(|judgement| judgement.event_side.or(judgement.side));
    let first = sides.next()?;
    let is_of_event = judgements.iter().any(|judgement| judgement.event_side.is_some());
    (is_of_event && sides.all(|side| side == first)).then_some(first)
}

/// The sides that a sentence takes. There is none if it is not clear which.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Judgement {
    /// Its opinion on anything.
    pub side: Option<Stance>,
    /// That on an event, if it names one or a part of one near the words that judge.
    pub event_side: Option<Stance>,
}

/// Tells the sides that a sentence takes.
pub(super) fn judge_sentence(text: &str, language: Language) -> Judgement {
    let Some(sides) = SIDES.get(language as usize) else { return Judgement::default() };
    let folded = FoldedText::fold(text);
    if text.contains(['?', '？'])
        || text.trim_end().ends_with(':')
        || folded.words().count() < MIN_WORDS
        || is_title_like(text)
    {
        return Judgement::default();
    }
    let Some(JudgingWords { judging, event_parts }) = judging_words(&folded, sides) else {
        return Judgement::default();
    };
    let is_near =
        |word: &JudgingWord| event_parts.iter().any(|part| part.abs_diff(word.place.start) <= EVENT_REACH);
    let side = common_side(&judging, |word| !word.is_of_events_only);
    let event_side = common_side(&judging, |word| !word.is_of_events_only || is_near(word));
    let is_of_event = || judging.iter().any(is_near) || names_event(text);
    Judgement { side, event_side: event_side.filter(|_| is_of_event()) }
}

/// The words of a sentence that judge, and those for parts of an event; `None` if it goes on to another side.
fn judging_words(folded: &FoldedText, sides: &PhraseLists<8>) -> Option<JudgingWords> {
    let (mut judging, mut event_parts) = (Vec::new(), Vec::new());
    let (mut at, mut negated_until) = (0, 0);
    while folded.word_run(at, 1).is_some() {
        let (lists, len) = sides.longest_at(folded, at).unwrap_or((NEUTRAL, 1));
        let (start, is_negated) = (at, at < negated_until);
        at += len;
        if lists & EVENT_PART != 0 {
            event_parts.push(start);
        }
        if lists & NEUTRAL != 0 {
            continue;
        }
        if lists & CONCESSION != 0 || lists & CONTRAST != 0 && start > 0 {
            return None;
        }
        let (praises, criticises) = (lists & PRAISE != 0, lists & (CRITICISM | EVENT_CRITICISM) != 0);
        if praises || criticises {
            let (is_for, is_against) = if is_negated { (criticises, praises) } else { (praises, criticises) };
            let is_of_events_only = lists & (PRAISE | CRITICISM) == 0;
            judging.push(JudgingWord { place: start..at, is_for, is_against, is_of_events_only });
        }
        if lists & NEGATION != 0 {
            negated_until = at + NEGATION_REACH;
        }
    }
    Some(JudgingWords { judging, event_parts })
}

/// The side that all words show of those that count; `None` if they show both or none.
fn common_side(words: &[JudgingWord], counts: impl Fn(&JudgingWord) -> bool) -> Option<Stance> {
    let shows = |side: fn(&JudgingWord) -> bool| words.iter().any(|word| counts(word) && side(word));
    match (shows(|word| word.is_for), shows(|word| word.is_against)) {
        (true, false) => Some(Stance::For),
        (false, true) => Some(Stance::Against),
        _ => None,
    }
}

/// What [`judging_words`] finds in a sentence.
struct JudgingWords {
    judging: Vec<JudgingWord>,
    /// The positions of the words for parts of an event.
    event_parts: Vec<usize>,
}

/// A word, or a phrase, that judges.
struct JudgingWord {
    /// The positions of its words.
    place: Range<usize>,
    is_for: bool,
    is_against: bool,
    /// Whether it judges only events and their parts.
    is_of_events_only: bool,
}

fn names_event(text: &str) -> bool {
    EventTable::builtin().mentions(text).iter().any(|mention| mention.series.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::read_text;

    #[test]
    fn a_question_may_ask_for_one_side() {
        for (question, expected) in [
            ("any complaints about the venue?", Some(Stance::Against)),
            ("what did people dislike at KubeCon?", Some(Stance::Against)),
            ("what was bad at FOSDEM 2017?", Some(Stance::Against)),
            ("what went badly at SCaLE 13x", Some(Stance::Against)),
            ("was lief schlecht auf der FOSDEM?", Some(Stance::Against)),
            ("Gab es Beschwerden über die KubeCon?", Some(Stance::Against)),
            ("Qu'est-ce qui a déplu ?", Some(Stance::Against)),
            ("what are the advantages of eBPF?", Some(Stance::For)),
            ("what did people love about the venue?", Some(Stance::For)),
            ("what didn't they like there?", Some(Stance::Against)),
            ("Was hat den Leuten nicht gefallen?", Some(Stance::Against)),
            ("what did they praise, and what did they dislike?", None),
            ("what did people like and not like about Istio?", None),
            ("vantagens do Istio no Kubernetes?", Some(Stance::For)),
            ("what do people think of Istio?", None),
            ("Vor- und Nachteile von Serverless", None),
            ("Nachteile von Serverless", Some(Stance::Against)),
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
            (En, "What is the best way to get there? etc.", None),
            (En, "Great job!", None),
            (En, "", None),
            // Words of other languages.
            (En, "Ravi gave a talk on tracing there.", None),
            (Pt, "A palestra no auditório foi excelente.", is_for),
            (De, "Der Vortrag war leider viel zu lang.", is_against),
            (Fr, "Cette conférence était vraiment passionnante.", is_for),
            (Ja, "The talk on tracing was excellent.", None),
        ] {
            assert_eq!(judge_sentence(text, language).side, expected, "{text}");
        }
    }

    #[test]
    fn a_side_near_a_part_of_an_event_is_on_the_event() {
        for (text, expected) in [
            ("The keynote hall was lovely this time.", [Some(Stance::For); 2]),
            ("The rooms were full, and we had to wait.", [None, Some(Stance::Against)]),
            ("I really loved KubeCon, every minute of it.", [Some(Stance::For); 2]),
            ("Our clusters were full, and we had to wait.", [None, None]),
            ("Writing operators in Go is great fun.", [Some(Stance::For), None]),
        ] {
            let Judgement { side, event_side, .. } = judge_sentence(text, Language::En);
            assert_eq!([side, event_side], expected, "{text}");
        }
    }

    /// The side that a text takes on a word in it.
    fn side_on(name: &str, text: &str) -> Option<Stance> {
        let body = read_text(text).body;
        let span = Span::new(&body.text, 0..body.text.len()).expect("the whole text");
        let at = body.text.find(name).expect("the name");
        let name = Span::new(&body.text, at..at + name.len()).expect("a name");
        find_stance(&body, span, Language::En, &[name])
    }

    #[test]
    fn sentences_of_two_sides_take_none() {
        for (name, text, expected) in [
            ("talks", "The talks were all excellent. The hall was near the sea.", Some(Stance::For)),
            ("talks", "The talks were all excellent. Sadly the hall was far too small.", None),
            ("food", "We did not have to queue. The food was great this time, too.", Some(Stance::For)),
        ] {
            assert_eq!(side_on(name, text), expected, "{text}");
        }
    }

    #[test]
    fn who_liked_a_talk_on_something_takes_no_side_on_it() {
        for (text, expected) in [
            ("Linkerd is great to run on all of our small clusters.", Some(Stance::For)),
            ("There was a great talk on how many teams run Linkerd.", None),
            ("The talk on Linkerd was great for beginners like us.", None),
            ("People say Linkerd is great, as they have not tried it.", None),
            ("Many teams are frustrated with Linkerd after a year.", Some(Stance::Against)),
        ] {
            assert_eq!(side_on("Linkerd", text), expected, "{text}");
        }
    }
}
