//! A query that finds only passages of posts in some languages.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use crate::documents::language_from_code;
use takeaways_text::model::LanguageSet;

/// The code of the language of each document, for each segment.
pub(super) type DocLanguages = Arc<HashMap<SegmentId, Arc<[u8]>>>;

/// A query that finds only passages of posts in some languages.
#[derive(Debug)]
pub(super) struct LanguageQuery {
    query: Box<dyn Query>,
    filter: LanguageFilter,
}

/// The languages of the posts that may be found.
#[derive(Debug, Clone)]
pub(super) struct LanguageFilter {
    languages: LanguageSet,
    doc_languages: DocLanguages,
}

impl LanguageFilter {
    /// Makes a filter for segments with these languages of documents.
    pub(super) fn new(languages: LanguageSet, doc_languages: &DocLanguages) -> Self {
        Self { languages, doc_languages: Arc::clone(doc_languages) }
    }

    /// Applies the filter to a query.
    pub(super) fn apply(&self, query: Box<dyn Query>) -> Box<dyn Query> {
        Box::new(LanguageQuery { query, filter: self.clone() })
    }
}

impl Clone for LanguageQuery {
    fn clone(&self) -> Self {
        Self { query: self.query.box_clone(), filter: self.filter.clone() }
    }
}

impl Query for LanguageQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> Result<Box<dyn Weight>, TantivyError> {
        Ok(Box::new(LanguageWeight { weight: self.query.weight(scoring)?, filter: self.filter.clone() }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.query.query_terms(visitor);
    }
}

struct LanguageWeight {
    weight: Box<dyn Weight>,
    filter: LanguageFilter,
}

impl Weight for LanguageWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> Result<Box<dyn Scorer>, TantivyError> {
        let scorer = self.weight.scorer(reader, boost)?;
        let LanguageFilter { languages, doc_languages } = &self.filter;
        let Some(doc_languages) = doc_languages.get(&reader.segment_id()) else { return Ok(scorer) };
        let mut scorer =
            LanguageScorer { scorer, languages: *languages, doc_languages: Arc::clone(doc_languages) };
        let doc = scorer.skip_others(scorer.doc());
        Ok(if doc == TERMINATED { Box::new(EmptyScorer) } else { Box::new(scorer) })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> Result<Explanation, TantivyError> {
        self.weight.explain(reader, doc)
    }
}

struct LanguageScorer {
    scorer: Box<dyn Scorer>,
    languages: LanguageSet,
    doc_languages: Arc<[u8]>,
}

impl LanguageScorer {
    /// Moves on to the next document in one of the languages, if `doc`, where it is, is in none.
    fn skip_others(&mut self, mut doc: DocId) -> DocId {
        while doc != TERMINATED && !self.is_allowed(doc) {
            doc = self.scorer.advance();
        }
        doc
    }

    fn is_allowed(&self, doc: DocId) -> bool {
        let code = self.doc_languages.get(doc as usize);
        code.is_none_or(|&code| self.languages.contains(language_from_code(u64::from(code))))
    }
}

impl Scorer for LanguageScorer {
    fn score(&mut self) -> Score {
        self.scorer.score()
    }
}

impl DocSet for LanguageScorer {
    fn advance(&mut self) -> DocId {
        let doc = self.scorer.advance();
        self.skip_others(doc)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let doc = self.scorer.seek(target);
        self.skip_others(doc)
    }

    fn doc(&self) -> DocId {
        self.scorer.doc()
    }

    fn size_hint(&self) -> u32 {
        self.scorer.size_hint()
    }

    fn cost(&self) -> u64 {
        self.scorer.cost()
    }
}
