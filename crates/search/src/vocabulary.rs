//! The words of the corpus: how many texts hold them, and which are spelled alike.

use std::collections::BTreeMap;
use std::io;

use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, InvertedIndexReader, TantivyError, Term};

use super::schema::TextField;
use super::searcher::Searcher;
use super::segment::IndexSegment;

/// Characters; longer words have no neighbours. An automaton takes 200 kB for each character.
const MAX_CHARS: usize = 40;

/// How many living passages hold a term in its field.
pub(super) fn frequency(searcher: &Searcher, zone: TextField, term: &Term) -> io::Result<u64> {
    let mut frequency = 0;
    for part in searcher.parts() {
        let words = part.inverted_index(zone);
        if let Some(info) = words.get_term_info(term)? {
            frequency += live_frequency(part, words, &info)?;
        }
    }
    Ok(frequency)
}

/// The terms of the texts that are spelled like `word`, within a distance of at most 2 (a swap of neighbours
/// counts once), with the number of passages that hold them: most frequent first, `word` itself left out.
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
    for part in searcher.parts() {
        let words = part.inverted_index(TextField::Body);
        let mut stream = words.terms().search(&automaton).into_stream()?;
        while stream.advance() {
            let count = live_frequency(part, words, stream.value())?;
            if let Ok(spelled) = std::str::from_utf8(stream.key())
                && count > 0
                && spelled != word
            {
                *counts.entry(spelled.to_owned()).or_default() += count;
            }
        }
    }
    let mut found: Vec<_> = counts.into_iter().collect();
    found.sort_by(|(a_word, a), (b_word, b)| b.cmp(a).then(a_word.cmp(b_word)));
    found.truncate(limit);
    Ok(found)
}

/// How many living documents hold a term.
fn live_frequency(part: &IndexSegment, words: &InvertedIndexReader, info: &TermInfo) -> io::Result<u64> {
    let all = u64::from(info.doc_freq);
    if part.deleted.is_empty() {
        return Ok(all);
    }
    let mut postings = words.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
    let mut dead = 0;
    for &doc in &part.deleted {
        if postings.doc() < doc {
            postings.seek(doc);
        }
        dead += u64::from(postings.doc() == doc);
    }
    Ok(all - dead)
}
