//! Looks up terms: document frequencies and similar spellings.

use std::collections::BTreeMap;
use std::io;

use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, InvertedIndexReader, TantivyError, Term};

use crate::schema::TextField;
use crate::searcher::Searcher;
use crate::segment::IndexSegment;

/// Longer words, in characters, have no similar terms: an automaton takes 200 kB for each character.
const MAX_CHARS: usize = 40;

/// Counts the living passages that hold a term in its field.
pub(super) fn frequency(searcher: &Searcher, field: TextField, term: &Term) -> io::Result<u64> {
    let mut frequency = 0;
    for segment in &searcher.segments {
        let index = segment.inverted_index(field);
        if let Some(info) = index.get_term_info(term)? {
            frequency += live_frequency(segment, index, &info)?;
        }
    }
    Ok(frequency)
}

/// Returns the similar terms of a word: see [`crate::Index::similar_terms`].
pub(super) fn similar_terms(
    searcher: &Searcher,
    word: &str,
    distance: u8,
    limit: usize,
) -> Result<Vec<(String, u64)>, TantivyError> {
    if word.chars().count() > MAX_CHARS {
        return Ok(Vec::new());
    }
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let automaton =
        FuzzyTermQuery::new(searcher.term(TextField::Body, word), distance.min(2), true).automaton()?;
    for segment in &searcher.segments {
        let index = segment.inverted_index(TextField::Body);
        let mut stream = index.terms().search(&automaton).into_stream()?;
        while stream.advance() {
            let count = live_frequency(segment, index, stream.value())?;
            if let Ok(term) = std::str::from_utf8(stream.key())
                && count > 0
                && term != word
            {
                *counts.entry(term.to_owned()).or_default() += count;
            }
        }
    }
    let mut terms: Vec<_> = counts.into_iter().collect();
    terms.sort_by(|(a_term, a), (b_term, b)| b.cmp(a).then(a_term.cmp(b_term)));
    terms.truncate(limit);
    Ok(terms)
}

/// Counts the living documents that hold a term.
fn live_frequency(segment: &IndexSegment, index: &InvertedIndexReader, info: &TermInfo) -> io::Result<u64> {
    let doc_freq = u64::from(info.doc_freq);
    if segment.deleted.is_empty() {
        return Ok(doc_freq);
    }
    let mut postings = index.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
    let mut deleted = 0;
    for &doc in &segment.deleted {
        if postings.doc() < doc {
            postings.seek(doc);
        }
        deleted += u64::from(postings.doc() == doc);
    }
    Ok(doc_freq - deleted)
}
