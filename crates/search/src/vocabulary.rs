//! The words of the corpus: how many texts hold them, and which are spelled alike.

use std::collections::BTreeMap;
use std::io;

use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, InvertedIndexReader, TantivyError, Term};

use super::index::Index;
use super::part::Part;
use super::schema::Zone;

/// Characters; longer words have no neighbours. An automaton takes 200 kB for each character.
const LONGEST: usize = 40;

/// A term in a zone: how many living texts hold it, and where its postings are in each part.
pub(super) fn look_up(index: &Index, zone: Zone, word: &str) -> io::Result<(u64, Vec<Option<TermInfo>>)> {
    let term = term(index, zone, word);
    let mut df = 0;
    let mut infos = Vec::with_capacity(index.parts().len());
    for part in index.parts() {
        let info = part.words(zone).get_term_info(&term)?;
        if let Some(info) = &info {
            df += living(part, part.words(zone), info)?;
        }
        infos.push(info);
    }
    Ok((df, infos))
}

/// The terms of the texts that are spelled like `word`, within a distance of at most 2 (a swap of neighbours
/// counts once), with the number of passages that hold them: most frequent first, `word` itself left out.
pub(super) fn similar(
    index: &Index,
    word: &str,
    distance: u8,
    limit: usize,
) -> Result<Vec<(String, u64)>, TantivyError> {
    if word.chars().count() > LONGEST {
        return Ok(Vec::new());
    }
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let automaton = FuzzyTermQuery::new(term(index, Zone::Body, word), distance.min(2), true).automaton()?;
    for part in index.parts() {
        let words = part.words(Zone::Body);
        let mut stream = words.terms().search(&automaton).into_stream()?;
        while stream.advance() {
            let count = living(part, words, stream.value())?;
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
fn living(part: &Part, words: &InvertedIndexReader, info: &TermInfo) -> io::Result<u64> {
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

fn term(index: &Index, zone: Zone, word: &str) -> Term {
    Term::from_field_text(index.fields().zone(zone), word)
}
