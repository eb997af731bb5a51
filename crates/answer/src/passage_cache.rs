//! A cache of the analysis of passages that no question changes. Tokenising a passage costs more than matching it.

use crate::people::{heading_names_person, people_of_heading};
use quick_cache::{Weighter, sync::Cache};
use std::{borrow::Cow, convert::Infallible, fmt, ops::Range, sync::Arc};
use takeaways_search::Hit;
use takeaways_text::{
    language,
    model::{BlockKind, Language, Post, PostId},
    quotation::is_attribution,
    sentences::is_title_like,
    tokens::for_each_token,
};

/// The maximum size in bytes: enough for all passages of a small corpus, or the frequent ones of a large corpus.
const MAX_BYTES: u64 = 8 << 20;

/// The number of passages that fit: one takes 2 to 3 kB.
const EXPECTED_PASSAGES: usize = 3_500;

/// The terms of a text, in order, as [`for_each_token`] gives them.
#[derive(Debug)]
pub struct AnalysedText {
    language: Language,
    /// All terms, one after another.
    text: String,
    tokens: Vec<TokenPlace>,
}

/// Where a token stands. It takes 8 bytes, since they make up most of the cache.
#[derive(Debug)]
struct TokenPlace {
    start: u32,
    /// The number of its bytes. A longer word is cut here.
    bytes: u16,
    /// The number of bytes of its term in the text of all terms, which is never longer than 64 bytes.
    term_bytes: u8,
    /// The distance of its position from that of the token before: 0 for another form of the same word, else mostly 1.
    step: u8,
}

impl AnalysedText {
    /// Analyses a text shorter than 4 GiB.
    pub fn analyse(text: &str, language: Language) -> Self {
        let mut terms = Self { language, text: String::new(), tokens: Vec::new() };
        let mut last = 0;
        for_each_token(text, language, &mut |term, range, position| {
            terms.text.push_str(term);
            terms.tokens.push(TokenPlace {
                start: u32::try_from(range.start).unwrap_or(u32::MAX),
                bytes: u16::try_from(range.len()).unwrap_or(u16::MAX),
                term_bytes: u8::try_from(term.len()).unwrap_or(u8::MAX),
                step: u8::try_from(position - last).unwrap_or(u8::MAX),
            });
            last = position;
        });
        terms.text.shrink_to_fit();
        terms.tokens.shrink_to_fit();
        terms
    }

    /// Returns the language of its post.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Iterates over the terms, each with its bytes of the text and its position.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Range<usize>, u32)> {
        let (mut from, mut position) = (0, 0);
        self.tokens.iter().map(move |token| {
            let to = from + usize::from(token.term_bytes);
            let term = self.text.get(from..to).unwrap_or_default();
            from = to;
            position += u32::from(token.step);
            let start = token.start as usize;
            (term, start..start + usize::from(token.bytes), position)
        })
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.text.len() + size_of_val(&*self.tokens)
    }
}

/// The analysis of a passage.
#[derive(Debug, Default)]
pub struct AnalysedPassage {
    /// The sentences.
    pub sentences: Vec<AnalysedSentence>,
    /// The headings over it, outermost first.
    pub headings: Vec<AnalysedText>,
    /// What names its post, as [`names_of_post`] has it.
    pub names: Vec<AnalysedText>,
}

/// The title, the authors and the events of a post.
pub fn names_of_post(post: &Post) -> impl Iterator<Item = (NameKind, Cow<'_, str>)> {
    let title = post.title.iter().map(|title| (NameKind::Title, title.into()));
    let authors = post.authors.iter().map(|author| (NameKind::Author, author.into()));
    let events = post.events.iter().map(|event| (NameKind::Event, event.label().into()));
    title.chain(authors).chain(events)
}

/// What a text names of a post.
#[derive(Debug, Clone, Copy)]
pub enum NameKind {
    /// The title.
    Title,
    /// An author.
    Author,
    /// An event.
    Event,
}

/// The analysis of a sentence.
#[derive(Debug)]
pub struct AnalysedSentence {
    /// Its terms.
    pub terms: AnalysedText,
    /// The number of its characters.
    pub chars: usize,
    /// As [`is_about_itself`] says.
    pub is_about_itself: bool,
    /// Whether it is a title, a name, or who said what stands above it.
    pub is_title_like: bool,
    /// Whether it is the title of a talk with its speaker, in a list.
    pub is_listed_talk: bool,
}

impl AnalysedPassage {
    fn analyse(hit: &Hit) -> Self {
        let (body, language) = (&hit.post.body, hit.post.language);
        let Some(passage) = body.passages.get(hit.passage) else { return Self::default() };
        let sentences = body.sentences_of(passage).iter().map(|sentence| {
            let text = body.slice(sentence.span);
            let block = body.blocks.get(sentence.block as usize);
            let is_item = block.is_some_and(|block| block.kind == BlockKind::ListItem);
            let is_title_like = is_title_like(text);
            AnalysedSentence {
                terms: AnalysedText::analyse(text, language),
                chars: text.chars().count(),
                is_about_itself: is_about_itself(text),
                is_title_like: is_title_like || is_attribution(text),
                is_listed_talk: is_item
                    && is_title_like
                    && (heading_names_person(text) || !people_of_heading(text).is_empty()),
            }
        });
        let headings = body.heading_path(passage.section);
        Self {
            sentences: sentences.collect(),
            headings: headings.into_iter().map(|heading| AnalysedText::analyse(heading, language)).collect(),
            names: names_of_post(&hit.post).map(|(_, name)| AnalysedText::analyse(&name, language)).collect(),
        }
    }

    fn bytes(&self) -> usize {
        let sentences: usize =
            self.sentences.iter().map(|it| it.terms.bytes() + size_of::<AnalysedSentence>()).sum();
        let others = self.headings.iter().chain(&self.names);
        size_of::<Self>() + sentences + others.map(AnalysedText::bytes).sum::<usize>()
    }
}

/// The analysed passages that were needed lately, all of one index.
pub struct PassageCache(Cache<Key, Arc<AnalysedPassage>, ByteWeighter>);

/// A post and the number of one of its passages.
type Key = (PostId, usize);

impl Default for PassageCache {
    fn default() -> Self {
        Self(Cache::with_weighter(EXPECTED_PASSAGES, MAX_BYTES, ByteWeighter))
    }
}

impl PassageCache {
    /// Returns the analysis of the passage of a hit.
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

/// Weighs passages by their size in bytes.
#[derive(Debug, Clone)]
struct ByteWeighter;

impl Weighter<Key, Arc<AnalysedPassage>> for ByteWeighter {
    fn weight(&self, (post, _): &Key, passage: &Arc<AnalysedPassage>) -> u64 {
        (size_of::<Key>() + post.0.len() + passage.bytes()) as u64
    }
}

/// Whether a text speaks only of its own post: "watch the replay", "follow me". Such a sentence is cited only if there
/// is nothing else.
pub fn is_about_itself(text: &str) -> bool {
    let lower = text.to_lowercase();
    language::all().answers.asides.iter().any(|phrase| lower.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::index;
    use takeaways_search::{Alternative, Clause, ClauseRole, Filter, Query};
    use takeaways_text::tokens::tokenize;

    #[test]
    fn terms_are_the_tokens_of_the_text() {
        for text in ["", "A multi-cloud mesh, Zürich and v1.16.", "東京のKubeCon"] {
            for language in [Language::En, Language::Ja] {
                let expected: Vec<_> = tokenize(text, language)
                    .into_iter()
                    .map(|token| (token.term, token.range, token.position))
                    .collect();
                let terms = AnalysedText::analyse(text, language);
                let analysed: Vec<_> =
                    terms.iter().map(|(term, range, position)| (term.to_owned(), range, position)).collect();
                assert_eq!(analysed, expected, "{text}");
            }
        }
    }

    #[test]
    fn asides_are_about_the_post_itself() {
        for (text, expected) in
            [("Watch the replay on our channel.", true), ("The mesh is young.", false), ("", false)]
        {
            assert_eq!(is_about_itself(text), expected, "{text}");
        }
    }

    #[test]
    fn a_passage_is_analysed_once() {
        let clauses = vec![Clause::new(Alternative::term("mesh"), ClauseRole::Should)];
        let query = Query { clauses, filter: Filter::default() };
        let hits = index().search(&query, 2).expect("passages");
        let cache = PassageCache::default();
        let first = cache.get(&hits[0]);
        assert!(!first.sentences.is_empty());
        assert!(Arc::ptr_eq(&first, &cache.get(&hits[0])));
        assert!(!Arc::ptr_eq(&first, &cache.get(&hits[1])));
    }
}
