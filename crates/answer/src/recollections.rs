//! Clauses that tell where the person who asks knows a thing from: "I think it was on a slide". They ask for little. And times that
//! are said in passing.

use std::ops::Range;
use std::sync::LazyLock;

use crate::concepts::Concept;
use crate::plan::names_thing;
use crate::question_names::is_within;
use crate::question_syntax::{QuestionSyntax, is_question_word};
use takeaways_text::language::{self, whole_words};
use takeaways_text::model::Shape;
use takeaways_text::phrases::PhraseTable;
use takeaways_text::question_shape::find_shape;
use takeaways_text::tokens::folding::fold;

/// The share of its importance that a word of what a person remembers keeps.
const SHARE: f32 = 0.3;

static OPENINGS: LazyLock<PhraseTable<()>> =
    LazyLock::new(|| whole_words(|words| &words.questions.recollections).into_iter().collect());

/// A clause that tells where a thing is known from, as ranges of words.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Recollection {
    /// The words that say so: `i think`.
    opening: Range<usize>,
    /// The whole clause.
    clause: Range<usize>,
}

/// Drops the words that say that a thing is only remembered, and lets what is remembered count little beside what is asked. Names
/// count as elsewhere.
pub(crate) fn weaken_recollections(concepts: &mut Vec<Concept>, syntax: &QuestionSyntax) {
    let (openings, clauses): (Vec<_>, Vec<_>) =
        recollections(syntax).into_iter().map(|it| (it.opening, it.clause)).unzip();
    concepts.retain(|concept| concept.is_name || !is_within(concept, &openings));
    let is_remark = |it: &Concept| !it.is_name && !names_thing(&it.text) && is_within(it, &clauses);
    if concepts.iter().any(|concept| !is_remark(concept) && !concept.is_weak()) {
        for concept in concepts.iter_mut().filter(|concept| is_remark(concept)) {
            concept.importance *= SHARE;
        }
    }
}

/// Whether a time, as bytes of a question, is said in passing beside a request for advice: "we adopted Istio last month, any tips?"
/// Then the clause speaks of the person who asks and names what the advice is on. A date in digits may be that of an event.
pub(crate) fn is_circumstance(time: &Range<usize>, syntax: &QuestionSyntax) -> bool {
    let has_digits = || syntax.text.get(time.clone()).is_some_and(|text| text.contains(char::is_numeric));
    let folded: Vec<String> = syntax.words.iter().map(|word| fold(&word.text)).collect();
    let clauses = clauses(syntax);
    let is_around = |clause: &&Range<usize>| {
        let words = &syntax.words[(*clause).clone()];
        words
            .first()
            .zip(words.last())
            .is_some_and(|(first, last)| first.range.start <= time.start && time.end <= last.range.end)
    };
    let speaks_of_self = |clause: &&Range<usize>| {
        let first_person = &language::all().speakers.first_person;
        let text = syntax.words[(*clause).clone()].iter().map(|word| word.text.as_str());
        first_person.contains(folded[clause.start].as_str())
            && OPENINGS.matches_at(folded.as_slice(), clause.start).next().is_none()
            && names_thing(&text.collect::<Vec<_>>().join(" "))
    };
    clauses.len() > 1
        && !has_digits()
        && clauses.iter().find(is_around).is_some_and(|clause| speaks_of_self(&clause))
        && find_shape(&syntax.text).shape == Shape::Advice
}

/// Returns the words of each clause of a question.
fn clauses(syntax: &QuestionSyntax) -> Vec<Range<usize>> {
    let begins_clause = |at: &usize| {
        let Some(before) = at.checked_sub(1) else { return true };
        let before = syntax.words[before].range.end;
        let between = syntax.text.get(before..syntax.words[*at].range.start).unwrap_or_default();
        between.contains(['?', '!', ',', ';', '(', ')', '–', '—', '…', '\n'])
            || between.contains(". ")
            || between.contains(" - ")
    };
    let starts: Vec<usize> = (0..syntax.words.len()).filter(begins_clause).collect();
    let ends = starts.iter().copied().skip(1).chain([syntax.words.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// Returns such clauses. The first clause of a question is none, and neither is one that asks:
/// "I think it was Flux, who showed it?"
fn recollections(syntax: &QuestionSyntax) -> Vec<Recollection> {
    let folded: Vec<String> = syntax.words.iter().map(|word| fold(&word.text)).collect();
    clauses(syntax)
        .into_iter()
        .skip(1)
        .filter(|clause| !folded[clause.clone()].iter().any(|word| is_question_word(word)))
        .filter_map(|clause| {
            let (words, ()) = OPENINGS.matches_at(folded.as_slice(), clause.start).next()?;
            Some(Recollection { opening: clause.start..clause.start + words, clause })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;

    #[test]
    fn clauses_that_tell_where_a_thing_is_known_from_are_found() {
        for (question, expected) in [
            (
                "how old is the mesh? i think it was on a slide in Berlin",
                "i think it was on a slide in Berlin",
            ),
            ("which mesh is young, i heard about it at KubeCon", "i heard about it at KubeCon"),
            ("wer zeigte das Netz? hab gehört es war in Berlin", "hab gehört es war in Berlin"),
            ("qui a montré le maillage ? je crois que c'était à Paris", "je crois que c'était à Paris"),
            ("quién mostró la malla? creo que fue en una charla", "creo que fue en una charla"),
            ("how to choose a mesh, think bandwidth", ""),
            ("i think the mesh is young", ""),
            ("a slide on the mesh, i think, who showed it?", "i think"),
            ("what is a mesh? i heard what it was once", ""),
        ] {
            let syntax = parse_syntax(question);
            let texts = recollections(&syntax).into_iter().map(|Recollection { clause: words, .. }| {
                let (first, last) = (&syntax.words[words.start], &syntax.words[words.end - 1]);
                syntax.text[first.range.start..last.range.end].to_owned()
            });
            assert_eq!(texts.collect::<Vec<_>>().join(" | "), expected, "{question}");
        }
    }

    #[test]
    fn a_time_of_ones_own_beside_a_request_for_advice_is_said_in_passing() {
        for (question, time, expected) in [
            ("we adopted Istio last month, any tips?", "last month", true),
            ("wir haben letzten Monat Istio eingeführt, habt ihr Tipps?", "letzten Monat", true),
            ("we couldn't go last year, any tips?", "last year", false),
            ("we adopted Istio in 2019, any tips?", "2019", false),
            ("I saw Istio last year, any tips?", "last year", false),
            ("we saw Istio last year, who gave the talk?", "last year", false),
            ("any tips on Istio from last year?", "last year", false),
        ] {
            let start = question.find(time).expect("the time");
            let range = start..start + time.len();
            assert_eq!(is_circumstance(&range, &parse_syntax(question)), expected, "{question}");
        }
    }

    #[test]
    fn what_is_remembered_counts_little() {
        let question = "which mesh is young? i think there was paella at the table";
        let mut found = crate::samples::concepts(&["mesh", "paella"]);
        let paella = parse_syntax(question).words.iter().position(|word| word.text == "paella");
        found[1].words = paella.map(|at| at..at + 1).expect("the word");
        weaken_recollections(&mut found, &parse_syntax(question));
        let texts: Vec<&str> = found.iter().map(|concept| concept.text.as_str()).collect();
        assert_eq!(texts, ["mesh", "paella"]);
        assert!(found[1].importance < found[0].importance / 2.0, "{found:?}");
    }
}
