//! What BM25 needs to know about the whole corpus.
//!
//! tantivy counts documents that are deleted but not merged away yet, and lengths that merging only estimates.
//! Scores would depend on the corpus's history. So everything here is counted over the living documents only,
//! from what does not change when segments are merged: lengths as they are rounded in the index, and document
//! frequencies less the deleted documents (few, see `Part::deleted`).
//!
//! Zones that are said once for a post (its title) are counted over posts, the others over passages: a word in
//! the title of a long post is as rare as one in the title of a short one.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;

use super::counts::Counts;
use super::part::Part;
use super::schema::Zone;

/// BM25's k1: how soon more of the same word stops to matter.
const K1: f32 = 1.2;
/// BM25's b: how much long texts are held back.
const B: f32 = 0.75;

/// Counts over the living documents.
#[derive(Debug, Clone)]
pub(super) struct Statistics {
    pub(super) counts: Counts,
    /// For each zone, in words.
    averages: [f32; 6],
    /// For each zone and rounded length: `k1 × (1 − b + b × length / average length)`.
    norms: [[f32; 256]; 6],
}

impl Statistics {
    /// Counts the living documents of all parts.
    pub(super) fn of(parts: &[Arc<Part>]) -> Self {
        let mut counts = Counts::default();
        for part in parts {
            counts.add(part.counts());
        }
        let averages = Zone::ALL.map(|zone| average(counts.words[zone.at()], counts.texts(zone)));
        Self { counts, averages, norms: averages.map(norms_for) }
    }

    /// How much a term that `df` texts hold in this zone tells: BM25's idf, always above 0.
    ///
    /// `ln(1 + (N − n + ½) / (n + ½))` (Robertson and Zaragoza 2009, *Foundations and Trends in IR* 3(4), made
    /// positive as Lucene does).
    pub(super) fn idf(&self, zone: Zone, df: u64) -> f32 {
        let (texts, df) = (float(self.counts.texts(zone).max(df)), float(df));
        (1.0 + (texts - df + 0.5) / (df + 0.5)).ln()
    }

    /// How long texts of a zone are on average, in words.
    pub(super) fn average(&self, zone: Zone) -> f32 {
        self.averages[zone.at()]
    }

    /// The length norms of a zone, by rounded length.
    pub(super) fn norms(&self, zone: Zone) -> &[f32; 256] {
        &self.norms[zone.at()]
    }
}

/// No term counts for more than this times its idf, however often it is there.
pub(super) const MOST: f32 = K1 + 1.0;

/// BM25's part for how often a term is there: below [`MOST`].
pub(super) fn saturated(frequency: u32, norm: f32) -> f32 {
    let frequency = float(frequency.into());
    MOST * frequency / (frequency + norm)
}

fn average(words: u64, texts: u64) -> f32 {
    if words == 0 || texts == 0 { 1.0 } else { float(words) / float(texts) }
}

fn norms_for(average: f32) -> [f32; 256] {
    let mut norms = [0.0; 256];
    for (id, norm) in (0..=u8::MAX).zip(&mut norms) {
        let length = float(FieldNormReader::id_to_fieldnorm(id).into());
        *norm = K1 * (1.0 - B + B * length / average);
    }
    norms
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts in BM25 need no more than the seven digits of a float"
)]
pub(super) fn float(count: u64) -> f32 {
    count as f32
}
