//! What BM25 needs to know about the whole corpus.
//!
//! tantivy's own counts include documents that are deleted but not merged away yet, and lengths that merging only
//! estimates. Scores would depend on the corpus's history. So everything is counted over the living documents here, from
//! what does not change when segments are merged: lengths as they are rounded in the index, and document frequencies less
//! the deleted documents (few, see `Part::deleted`).

use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{TantivyError, Term};

use super::searcher::Searcher;
use super::vocabulary;

impl Bm25StatisticsProvider for Searcher {
    fn total_num_tokens(&self, field: Field) -> Result<u64, TantivyError> {
        Ok(self.fields().zone_of(field).map_or(0, |zone| self.counts().word_counts[zone.index()]))
    }

    fn total_num_docs(&self) -> Result<u64, TantivyError> {
        Ok(self.counts().passages)
    }

    fn doc_freq(&self, term: &Term) -> Result<u64, TantivyError> {
        Ok(match self.fields().zone_of(term.field()) {
            Some(zone) => vocabulary::frequency(self, zone, term)?,
            None => 0,
        })
    }
}

/// How much a term tells that so many of all passages hold: BM25's idf, always above 0.
///
/// `ln(1 + (N − n + ½) / (n + ½))` (Robertson and Zaragoza 2009, *Foundations and Trends in IR* 3(4), made
/// positive as Lucene does).
#[expect(
    clippy::cast_precision_loss,
    reason = "counts in BM25 need no more than the seven digits of a float"
)]
pub(super) fn idf(passages: u64, frequency: u64) -> f32 {
    let (passages, frequency) = (passages.max(frequency) as f32, frequency as f32);
    (1.0 + (passages - frequency + 0.5) / (frequency + 0.5)).ln()
}
