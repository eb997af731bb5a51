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

use super::part::Part;
use super::schema::Zone;

/// BM25's k1: how soon more of the same word stops to matter.
const K1: f32 = 1.2;
/// BM25's b: how much long texts are held back.
const B: f32 = 0.75;

/// Counts over the living documents.
#[derive(Debug, Clone)]
pub(super) struct Statistics {
    /// Files, with or without a post.
    pub(super) files: u64,
    /// Files with a post.
    pub(super) posts: u64,
    /// Passages.
    pub(super) passages: u64,
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
            counts.add(part);
        }
        let averages = Zone::ALL.map(|zone| {
            let texts = if zone.is_of_post() { counts.posts } else { counts.passages };
            average(counts.words[zone.at()], texts)
        });
        let norms = averages.map(norms_for);
        Self { files: counts.files, posts: counts.posts, passages: counts.passages, averages, norms }
    }

    /// How much a term that `df` texts hold in this zone tells: BM25's idf, always above 0.
    ///
    /// `ln(1 + (N − n + ½) / (n + ½))` (Robertson and Zaragoza 2009, *Foundations and Trends in IR* 3(4), made
    /// positive as Lucene does).
    pub(super) fn idf(&self, zone: Zone, df: u64) -> f32 {
        let texts = if zone.is_of_post() { self.posts } else { self.passages };
        let (texts, df) = (texts.max(df) as f32, df as f32);
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
    let frequency = frequency as f32;
    MOST * frequency / (frequency + norm)
}

#[derive(Default)]
struct Counts {
    files: u64,
    posts: u64,
    passages: u64,
    words: [u64; 6],
}

impl Counts {
    fn add(&mut self, part: &Part) {
        for (file, passages) in part.files() {
            self.files += 1;
            let Some(passages) = passages else { continue };
            self.posts += 1;
            self.passages += u64::from(passages);
            let end = file.saturating_add(1).saturating_add(passages).min(part.reader.max_doc());
            for zone in Zone::ALL {
                let texts = if zone.is_of_post() { file..file + 1 } else { file + 1..end };
                let lengths = part.lengths(zone);
                self.words[zone.at()] += texts.map(|doc| u64::from(lengths.fieldnorm(doc))).sum::<u64>();
            }
        }
    }
}

fn average(words: u64, texts: u64) -> f32 {
    if words == 0 || texts == 0 { 1.0 } else { words as f32 / texts as f32 }
}

fn norms_for(average: f32) -> [f32; 256] {
    let mut norms = [0.0; 256];
    for (id, norm) in (0..=u8::MAX).zip(&mut norms) {
        *norm = K1 * (1.0 - B + B * FieldNormReader::id_to_fieldnorm(id) as f32 / average);
    }
    norms
}
