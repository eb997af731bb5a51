//! A question as typed to what is looked for, where, and what kind of answer it wants.

use std::ops::Range;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::asked::{Asked, asked};
use super::concepts::{Concept, concepts};
use super::now;
use super::phrase::Phrase;
use super::scope::{Chosen, Reading, Resolved, Wish, resolve};
use super::typed::{Typed, take_apart};
use super::usual::{anchor, is_of_event, usual_words};
use takeaways_corpus::events::EventTable;
use takeaways_search::{Alternative, Filter, Group, Index, Need, Query, RetrievalError};
use takeaways_text::model::{Event, Language, Missing, Question, Scope};
use takeaways_text::tokens::{detect, tokens};

/// A question, understood.
#[derive(Debug, Clone)]
pub struct Understood {
    /// What to search.
    pub scope: Scope,
    /// The events of the scope, as posts name them.
    pub events: Vec<Event>,
    /// What options and prefixes set of the scope.
    pub chosen: Chosen,
    /// The conferences that the question names without an edition; posts about others only are not of interest.
    pub series: Vec<String>,
    /// Events, years and authors that were named and that no post is about or by.
    pub missing: Vec<Missing>,
    /// The language that it is asked in, as far as so few words tell.
    pub language: Language,
    /// What it looks for, in the question's order.
    pub concepts: Vec<Concept>,
    /// What stood in quotes.
    pub phrases: Vec<Phrase>,
    /// Terms that no answer may hold.
    pub without: Vec<Vec<String>>,
    /// What kind of answer it wants.
    pub asked: Asked,
}

/// Understands a question against what the index holds, seen from the time `now`.
///
/// # Errors
/// Where the index cannot be read.
pub fn understand(
    question: &Question,
    wish: &Wish,
    reading: Reading,
    index: &Index,
    now: Timestamp,
) -> Result<Understood, RetrievalError> {
    let typed = take_apart(question.text());
    let language = detect(&typed.text, None);
    let today = now.to_zoned(TimeZone::UTC).date();
    let facets = index.facets(now)?;
    let resolved = resolve(&typed, wish, reading, &facets, EventTable::builtin(), today);
    let taken = |at: usize| resolved.taken.iter().any(|range| range.contains(&at));
    let mut concepts = concepts(&typed, &taken, language, index)?;
    now::set_aside(&mut concepts, &typed, !resolved.scope.is_everything());
    require_passing(&mut concepts, &resolved.passing);
    require_past(&mut concepts, &resolved.past);
    let mut asked = asked(&typed.words, &typed.text);
    let says_something =
        !resolved.scope.is_everything() || !concepts.is_empty() || !resolved.taken.is_empty();
    if asked == Asked::Meaning
        && reading == Reading::About
        && concepts.is_empty()
        && !resolved.chosen.is_any()
    {
        // What an event is is told where it is introduced, which may be in a post about another.
        return understand(question, wish, Reading::InPassing, index, now);
    }
    let usual = is_of_event(asked).then(|| usual_words(asked, &resolved.scope, &facets, index));
    let is_usual = |concept: &Concept| {
        usual.as_ref().is_some_and(|usual| !concept.required && usual.shares_a_form_with(concept))
    };
    if says_something && concepts.iter().all(|concept| concept.is_weak() || is_usual(concept)) {
        concepts.retain(|concept| !is_usual(concept));
        concepts.extend(anchor(&typed, &resolved.taken, index));
        if matches!(asked, Asked::Anything | Asked::Meaning) {
            asked = Asked::Impression;
        }
        concepts.push(usual.unwrap_or_else(|| usual_words(asked, &resolved.scope, &facets, index)));
    }
    let Resolved { scope, series, missing, chosen, .. } = resolved;
    let events = facets.events.iter().map(|(event, _)| event);
    let events = events.filter(|event| scope.events.contains(&event.id)).cloned().collect();
    let phrases = typed.phrases.iter().filter_map(|range| Phrase::new(&typed, range)).collect();
    Ok(Understood {
        scope,
        events,
        chosen,
        series,
        missing,
        language,
        concepts,
        phrases,
        without: without(&typed),
        asked,
    })
}

/// The words of an event that no post is about have to be in the answer, and count for nothing there beside what is
/// asked of it: a sentence that only names the event tells nothing.
fn require_passing(concepts: &mut [Concept], passing: &[Range<usize>]) {
    let is_passing = |concept: &Concept| {
        passing.iter().any(|range| range.start <= concept.words.start && concept.words.end <= range.end)
    };
    let is_alone = concepts.iter().all(|concept| is_passing(concept) || concept.is_weak());
    for concept in concepts.iter_mut().filter(|concept| is_passing(concept)) {
        concept.required = true;
        concept.name = true;
        if !is_alone {
            concept.importance = 0.0;
        }
    }
}

/// Years that no post is from are looked for like names; where no passage tells of them there is no answer.
fn require_past(concepts: &mut [Concept], past: &[Range<usize>]) {
    let is_past = |concept: &Concept| past.iter().any(|range| range.contains(&concept.words.start));
    for concept in concepts.iter_mut().filter(|concept| is_past(concept)) {
        concept.name = true;
        concept.required |= !concept.known;
    }
}

fn without(typed: &Typed) -> Vec<Vec<String>> {
    let languages = [Language::En, Language::Other];
    let terms = |word: &String| {
        languages.map(|language| tokens(word, language).into_iter().map(|t| t.term).collect())
    };
    typed.without.iter().flat_map(terms).filter(|terms: &Vec<String>| !terms.is_empty()).collect()
}

impl Understood {
    /// The query for the index.
    #[must_use]
    pub fn query(&self, visible_at: Timestamp) -> Query {
        let mut groups: Vec<Group> = self.concepts.iter().map(group).collect();
        groups.extend(self.without.iter().map(|terms| Group {
            alternatives: vec![Alternative { terms: terms.clone(), weight: 1.0 }],
            weight: 1.0,
            need: Need::MustNot,
        }));
        let Scope { events, years, authors } = self.scope.clone();
        Query { groups, filter: Filter { events, years, authors, visible_at, ..Filter::default() } }
    }

    /// The names in the question, words that stand side by side joined, and whether the posts hold all of each.
    #[must_use]
    pub fn names(&self) -> Vec<(String, bool)> {
        let mut names: Vec<(String, bool, usize)> = Vec::new();
        for concept in self.concepts.iter().filter(|concept| concept.name && !concept.text.is_empty()) {
            match names.last_mut() {
                Some((text, known, end)) if *end == concept.words.start => {
                    *text = format!("{text} {}", concept.text);
                    *known &= concept.known;
                    *end = concept.words.end;
                }
                _ => names.push((concept.text.clone(), concept.known, concept.words.end)),
            }
        }
        names.into_iter().map(|(text, known, _)| (text, known)).collect()
    }
}

/// BM25 weighs rare words by itself; here only what makes a word matter less than its rarity says is passed on.
fn group(concept: &Concept) -> Group {
    let weak = takeaways_text::tokens::is_boilerplate(&concept.text);
    Group {
        alternatives: concept.alternatives.clone(),
        weight: (1.0 + f32::from(concept.repeats)) * if weak { 0.3 } else { 1.0 },
        need: if concept.required { Need::Must } else { Need::Should },
    }
}
