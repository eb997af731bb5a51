//! The statistics of BM25: document counts, word counts and idf, over living documents only.

use crate::{searcher::Searcher, vocabulary};
use tantivy::{TantivyError, Term, query::Bm25StatisticsProvider, schema::Field};

impl Bm25StatisticsProvider for Searcher {
    fn total_num_tokens(&self, field: Field) -> Result<u64, TantivyError> {
        Ok(self.fields.text_field_of(field).map_or(0, |field| self.counts.word_counts[field.index()]))
    }

    fn total_num_docs(&self) -> Result<u64, TantivyError> {
        Ok(self.counts.passages)
    }

    fn doc_freq(&self, term: &Term) -> Result<u64, TantivyError> {
        Ok(match self.fields.text_field_of(term.field()) {
            Some(field) => vocabulary::frequency(self, field, term)?,
            None => 0,
        })
    }
}

/// Returns BM25's idf of a term that `frequency` of all passages hold; always above 0.
///
/// `ln(1 + (N − n + ½) / (n + ½))` (Robertson and Zaragoza 2009, *Foundations and Trends in IR* 3(4), made positive as
/// in Lucene).
#[expect(
    clippy::cast_precision_loss,
    reason = "counts in BM25 need no more than the seven digits of a float"
)]
pub(super) fn idf(passages: u64, frequency: u64) -> f32 {
    let (passages, frequency) = (passages.max(frequency) as f32, frequency as f32);
    (1.0 + (passages - frequency + 0.5) / (frequency + 0.5)).ln()
}
