//! A cache of what is analysed in a passage for every question: its words as terms cost more than all that a
//! question does with them.
//!
//! Which of a post's events a section tells of.

use crate::answer_type::is_about_itself;
use quick_cache::{Weighter, sync::Cache};
use std::{convert::Infallible, fmt, ops::Range, sync::Arc};
use takeaways_corpus::events::EventTable;
use takeaways_search::Hit;
use takeaways_text::{
    model::{Event, EventId, Language, Post, PostId, Span},
    tokens::for_each_token,
};

/// The most bytes of the cache. It holds all passages of a small corpus, and of a large one those of frequent questions.
const MAX_BYTES: u64 = 4 << 20;

/// About as many passages fit into the cache: one takes 3 to 4 kB.
const EXPECTED_PASSAGES: usize = 1_200;

/// The terms of a text, in order, as [`for_each_token`] gives them.
#[derive(Debug, Default)]
pub struct AnalysedText {
    /// All terms, one after another.
    text: String,
    tokens: Vec<TokenPosition>,
}

#[derive(Debug)]
struct TokenPosition {
    start: u32,
    end: u32,
    /// Where its term ends in the text of all terms; it begins where the one before it ends.
    term_end: u32,
    position: u32,
}

impl AnalysedText {
    /// Analyses a text, which has to be shorter than 4 GiB.
    #[must_use]
    pub fn analyse(text: &str, language: Language) -> Self {
        let mut terms = Self::default();
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        for_each_token(text, language, &mut |term, range, position| {
            terms.text.push_str(term);
            let term_end = number(terms.text.len());
            terms.tokens.push(TokenPosition {
                start: number(range.start),
                end: number(range.end),
                term_end,
                position,
            });
        });
        terms.text.shrink_to_fit();
        terms.tokens.shrink_to_fit();
        terms
    }

    /// Each with its bytes of the text and its position.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Range<usize>, u32)> {
        let mut from = 0;
        self.tokens.iter().map(move |token| {
            let to = token.term_end as usize;
            let term = self.text.get(from..to).unwrap_or_default();
            from = to;
            (term, token.start as usize..token.end as usize, token.position)
        })
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.text.len() + size_of_val(&*self.tokens)
    }
}

/// What no question changes in a passage.
#[derive(Debug, Default)]
pub struct AnalysedPassage {
    /// Its sentences.
    pub sentences: Vec<AnalysedSentence>,
    /// The headings over it, outermost first.
    pub headings: Vec<AnalysedText>,
}

/// A sentence of a passage.
#[derive(Debug)]
pub struct AnalysedSentence {
    /// Its words.
    pub terms: AnalysedText,
    /// How many characters it has.
    pub chars: usize,
    /// Whether it only speaks of its own post: "watch the replay".
    pub is_about_itself: bool,
}

impl AnalysedPassage {
    fn analyse(hit: &Hit) -> Self {
        let (body, language) = (&hit.post.body, hit.post.language);
        let Some(passage) = body.passages.get(hit.passage) else { return Self::default() };
        let sentences = body.sentences_of(passage).iter().map(|sentence| {
            let text = body.slice(sentence.span);
            AnalysedSentence {
                terms: AnalysedText::analyse(text, language),
                chars: text.chars().count(),
                is_about_itself: is_about_itself(text),
            }
        });
        let headings = body.heading_path(passage.section);
        Self {
            sentences: sentences.collect(),
            headings: headings.into_iter().map(|heading| AnalysedText::analyse(heading, language)).collect(),
        }
    }

    fn bytes(&self) -> usize {
        let sentences: usize =
            self.sentences.iter().map(|it| it.terms.bytes() + size_of::<AnalysedSentence>()).sum();
        size_of::<Self>() + sentences + self.headings.iter().map(AnalysedText::bytes).sum::<usize>()
    }
}

/// The passages that were analysed lately, all of one index.
pub struct PassageCache(Cache<Key, Arc<AnalysedPassage>, ByteWeighter>);

/// A post and the number of one of its passages.
type Key = (PostId, usize);

impl Default for PassageCache {
    fn default() -> Self {
        Self(Cache::with_weighter(EXPECTED_PASSAGES, MAX_BYTES, ByteWeighter))
    }
}

impl PassageCache {
    /// The analysis of a passage that was found.
    pub fn get(&self, hit: &Hit) -> Arc<AnalysedPassage> {
        let key = (hit.post.id.clone(), hit.passage);
        let analyse = || Ok::<_, Infallible>(Arc::new(AnalysedPassage::analyse(hit)));
        let Ok(passage) = self.0.get_or_insert_with(&key, analyse);
        passage
    }
}

impl fmt::Debug for PassageCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PassageCache").field("passages", &self.0.len()).finish_non_exhaustive()
    }
}

/// Weighs passages by the bytes that they take.
#[derive(Debug, Clone)]
struct ByteWeighter;

impl Weighter<Key, Arc<AnalysedPassage>> for ByteWeighter {
    fn weight(&self, (post, _): &Key, passage: &Arc<AnalysedPassage>) -> u64 {
        (size_of::<Key>() + post.0.len() + passage.bytes()) as u64
    }
}

/// The event that a section is headed by, where the post is about several: the nearest heading that names one of them,
/// and one only, counts.
#[must_use]
pub fn heading_event(post: &Post, section: u32) -> Option<&Event> {
    if post.events.len() < 2 {
        return None;
    }
    post.body.heading_path(section).into_iter().rev().find_map(|heading| {
        let mentions = EventTable::builtin().mentions(heading);
        let is_meant = |event: &Event| {
            mentions.iter().any(|mention| {
                mention.editions.iter().any(|edition| edition.id == event.id)
                    || mention.editions.is_empty()
                        && mention.series.is_some_and(|series| series.name == event.series)
                        && mention.year.is_none_or(|year| event.year == Some(year))
            })
        };
        let mut meant = post.events.iter().filter(|event| is_meant(event));
        meant.next().filter(|_| meant.next().is_none())
    })
}

/// The event under which an excerpt is cited: the one over its section, else the first that was asked for, else the
/// post's main one.
#[must_use]
pub fn cited_event<'p>(post: &'p Post, section: u32, asked_for: &[EventId]) -> Option<&'p Event> {
    heading_event(post, section)
        .or_else(|| post.events.iter().find(|event| asked_for.contains(&event.id)))
        .or_else(|| post.main_event())
}

/// Whether a section may answer a question about some events, or about any where there are none: not if it is headed by
/// another one.
#[must_use]
pub fn section_may_answer(post: &Post, section: u32, asked_for: &[EventId]) -> bool {
    asked_for.is_empty() || heading_event(post, section).is_none_or(|event| asked_for.contains(&event.id))
}

/// Whether words of a post may answer a question about some conferences, or about any where there are none: not where
/// the post is about others only, unless its title or the words themselves name one of them.
#[must_use]
pub fn matches_series(post: &Post, span: Span, asked_for: &[String]) -> bool {
    let is_asked_for = |series: &str| asked_for.iter().any(|asked| asked == series);
    let names_one = |text: &str| {
        let mentions = EventTable::builtin().mentions(text);
        mentions.iter().filter_map(|mention| mention.series).any(|series| is_asked_for(&series.name))
    };
    asked_for.is_empty()
        || post.events.is_empty()
        || post.events.iter().any(|event| is_asked_for(&event.series))
        || names_one(post.title.as_deref().unwrap_or_default())
        || names_one(post.body.slice(span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use takeaways_corpus::{Corpus, CorpusSettings};
    use takeaways_search::{
        Alternative, Clause, ClauseRole, CorpusFiles, Filter, Index, IndexOptions, Query,
    };
    use takeaways_text::tokens::tokenize;

    #[test]
    fn terms_are_the_tokens_of_the_text() {
        for text in ["", "A multi-cloud mesh, Zürich and v1.16.", "東京のKubeCon"] {
            for language in [Language::En, Language::Ja] {
                let told: Vec<_> = tokenize(text, language)
                    .into_iter()
                    .map(|token| (token.term, token.range, token.position))
                    .collect();
                let terms = AnalysedText::analyse(text, language);
                let kept: Vec<_> =
                    terms.iter().map(|(term, range, position)| (term.to_owned(), range, position)).collect();
                assert_eq!(kept, told, "{text}");
            }
        }
    }

    #[test]
    fn a_passage_is_analysed_once() {
        let now = "2026-11-20T00:00:00Z".parse().expect("a time");
        let corpus = Corpus::new(CorpusSettings::default());
        let files = CorpusFiles::list(&corpus, now);
        let (index, _) =
            Index::open(None, &files, now, &IndexOptions::default()).expect("an index in memory");
        let groups = vec![Clause::new(Alternative::term("mesh"), ClauseRole::Should)];
        let query = Query { clauses: groups, filter: Filter::default() };
        let hits = index.search(&query, 2).expect("found");
        let cache = PassageCache::default();
        let first = cache.get(&hits[0]);
        assert!(!first.sentences.is_empty());
        assert!(Arc::ptr_eq(&first, &cache.get(&hits[0])));
        assert!(!Arc::ptr_eq(&first, &cache.get(&hits[1])));
    }
}
