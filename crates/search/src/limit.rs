//! How much a term can count for at most in any document of a part.
//!
//! tantivy keeps, for each block of a term's documents, the length and the number of occurrences of the one that
//! scored best when the block was written: with the average length of that segment then. Searches count with
//! the average length of the living documents now, so another document of the block may score better. How much
//! better follows from how the two averages relate.
//!
//! With n = k1 × (1 − b + b × length / average), a document with f occurrences scores in proportion to
//! 1 / (1 + n/f). If R is the least n/f of a block for one average, then for another one no n/f is below
//! R × min(1, one / other): a document's n shrinks by at most that factor when the average grows.

use std::io;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::query::Bm25Weight;
use tantivy::schema::IndexRecordOption;
use tantivy::{InvertedIndexReader, TERMINATED};

use super::statistics::{MOST, float};

/// What a segment was written with, in one zone.
pub(super) struct Writing {
    weight: Bm25Weight,
    /// What the weight multiplies 1 / (1 + n/f) by.
    scale: f32,
    average: f32,
}

impl Writing {
    /// Of the words of a zone and the lengths of its documents, as the segment has them.
    pub(super) fn of(words: &InvertedIndexReader, lengths: &FieldNormReader) -> Self {
        let average = float(words.total_num_tokens()) / float(lengths.num_docs().into());
        let weight = Bm25Weight::for_one_term_without_explain(1, 1, average);
        let scale = weight.max_score();
        Self { weight, scale, average }
    }

    /// The most that a term counts for: at most [`MOST`]. `average` is the one that searches count with.
    pub(super) fn limit(
        &self,
        words: &InvertedIndexReader,
        lengths: &FieldNormReader,
        term: &TermInfo,
        average: f32,
    ) -> io::Result<f32> {
        let mut blocks = words.read_block_postings_from_terminfo(term, IndexRecordOption::WithFreqs)?;
        let mut best: f32 = 0.0;
        while blocks.doc(0) != TERMINATED {
            best = best.max(blocks.block_max_score(lengths, &self.weight));
            blocks.advance();
        }
        let least = (self.scale / best - 1.0).max(0.0) * (self.average / average).min(1.0);
        let limit = MOST / (1.0 + least);
        // A damaged block may hold anything; then nothing is known.
        Ok(if limit.is_finite() { limit } else { MOST })
    }
}
