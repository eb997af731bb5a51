//! A question as typed to what is looked for, where, and what kind of answer it wants.

use std::ops::Range;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::asked::{Asked, asked};
use super::concepts::{Concept, concepts, inverse_frequency};
use super::scope::{Resolved, Wish, resolve};
use super::typed::{Typed, take_apart};
use crate::corpus::events::EventTable;
use crate::model::{Language, Question, Scope};
use crate::retrieval::{Alternative, Filter, Group, Index, Need, Query, RetrievalError};
use crate::text::tokens::{detect, tokens};

/// A question, understood.
#[derive(Debug, Clone)]
pub struct Understood {
    /// What to search.
    pub scope: Scope,
    /// Whether options or prefixes set the scope.
    pub chosen: bool,
    /// Events, years and authors that were named and that no post is about or by.
    pub missing: Vec<String>,
    /// What it looks for, in the question's order.
    pub concepts: Vec<Concept>,
    /// Terms that no answer may hold.
    pub without: Vec<Vec<String>>,
    /// What kind of answer it wants.
    pub asked: Asked,
}

/// Words that people use when they sum an event up. A question about an event as a whole looks for them.
const IMPRESSION: &[&str] = &[
    "takeaway",
    "takeaways",
    "overall",
    "impression",
    "impressions",
    "highlight",
    "highlights",
    "summary",
    "conclusion",
    "experience",
    "enjoyed",
    "great",
    "amazing",
    "best",
    "favorite",
    "learned",
    "biggest",
    "main",
    "theme",
    "themes",
    "trend",
    "fazit",
    "insgesamt",
    "conclusion",
    "bilan",
    "conclusión",
    "まとめ",
    "感想",
    "总结",
    "후기",
];

/// Understands a question against what the index holds, seen from the time `now`.
///
/// # Errors
/// Where the index cannot be read.
pub fn understand(
    question: &Question,
    wish: &Wish,
    index: &Index,
    now: Timestamp,
) -> Result<Understood, RetrievalError> {
    let typed = take_apart(question.text());
    let language = detect(&typed.text, None);
    let resolved = resolve(
        &typed,
        wish,
        &*index.facets(now)?,
        EventTable::builtin(),
        now.to_zoned(TimeZone::UTC).date(),
    );
    let taken = |at: usize| resolved.taken.iter().any(|range| range.contains(&at));
    let mut concepts = concepts(&typed, &taken, language, index)?;
    require_passing(&mut concepts, &resolved.passing);
    let mut asked = asked(&typed.words, &typed.text);
    if concepts.iter().all(is_weak) && (!resolved.scope.is_everything() || !concepts.is_empty()) {
        asked = Asked::Impression;
        concepts.push(impression(index)?);
    }
    let Resolved { scope, missing, chosen, .. } = resolved;
    Ok(Understood { scope, chosen, missing, concepts, without: without(&typed), asked })
}

/// The words of an event that no post is about have to be in the answer, and count as a name does.
fn require_passing(concepts: &mut [Concept], passing: &[Range<usize>]) {
    for concept in concepts {
        if passing.iter().any(|range| range.start <= concept.words.start && concept.words.end <= range.end) {
            concept.required = true;
            concept.name = true;
        }
    }
}

/// Says next to nothing: any recap may hold it.
fn is_weak(concept: &Concept) -> bool {
    concept.known && !concept.name && !concept.required && crate::text::tokens::is_boilerplate(&concept.text)
}

fn impression(index: &Index) -> Result<Concept, RetrievalError> {
    let mut alternatives: Vec<Alternative> = Vec::new();
    for word in IMPRESSION {
        for &language in index.languages() {
            let terms: Vec<String> = tokens(word, language).into_iter().map(|token| token.term).collect();
            if !terms.is_empty() && !alternatives.iter().any(|known| known.terms == terms) {
                alternatives.push(Alternative { terms, weight: 1.0 });
            }
        }
    }
    Ok(Concept {
        text: String::new(),
        words: 0..0,
        alternatives,
        importance: inverse_frequency(index.passages() / 20, index.passages()),
        name: false,
        known: true,
        required: false,
    })
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

    /// Names that the question holds and no post does, as typed.
    #[must_use]
    pub fn unknown_names(&self) -> Vec<String> {
        self.concepts
            .iter()
            .filter(|concept| concept.name && !concept.known)
            .map(|concept| concept.text.clone())
            .collect()
    }
}

/// BM25 weighs rare words by itself; here only what makes a word matter less than its rarity says is passed on.
fn group(concept: &Concept) -> Group {
    let weak = crate::text::tokens::is_boilerplate(&concept.text);
    Group {
        alternatives: concept.alternatives.clone(),
        weight: if weak { 0.3 } else { 1.0 },
        need: if concept.required { Need::Must } else { Need::Should },
    }
}
