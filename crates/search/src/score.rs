//! Rounds scores to multiples of [`STEP`], so that their sums are exact.
//!
//! Floats have another sum in another order, and the order of the clauses depends on the segment. Two indexes of the same posts could
//! differ in the last digit, and order passages differently. Whole numbers have the same sum in any order. A float holds a score of up to
//! 1,024 exactly.

use tantivy::{
    DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term,
    query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight},
};

/// A score as a whole number of [`STEP`]s.
pub(super) type FixedScore = u32;

/// Converts a score from a float. Negative scores and NaN become 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from a float saturates")]
pub(super) fn to_fixed(score: f32) -> FixedScore {
    (score / STEP) as FixedScore
}

/// Rounds a score to the nearest number of steps. `f32::round` is a call of a library function on most processors; half a
/// step more is exact in 64 bits.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from a float saturates")]
fn round_to_fixed(score: Score) -> FixedScore {
    (f64::from(score / STEP) + 0.5) as FixedScore
}

/// Converts a score to a float.
#[expect(clippy::cast_precision_loss, reason = "seven digits are more than a score means")]
pub(super) fn to_float(score: FixedScore) -> f32 {
    score as f32 * STEP
}

/// The unit of scores.
pub(super) const STEP: Score = 1.0 / 16_384.0;

/// A query for any of some alternatives, whose scores are those of the best one, rounded to multiples of [`STEP`]. For a few
/// alternatives this takes less time than a union of tantivy, which makes a table of thousands of scores.
#[derive(Debug)]
pub(super) struct BestQuery(pub(super) Vec<Box<dyn Query>>);

impl Clone for BestQuery {
    fn clone(&self) -> Self {
        Self(self.0.iter().map(|query| query.box_clone()).collect())
    }
}

impl Query for BestQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> Result<Box<dyn Weight>, TantivyError> {
        let weights = self.0.iter().map(|query| query.weight(scoring));
        Ok(Box::new(BestWeight(weights.collect::<Result<_, _>>()?)))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.0.iter().for_each(|query| query.query_terms(visitor));
    }
}

struct BestWeight(Vec<Box<dyn Weight>>);

impl Weight for BestWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> Result<Box<dyn Scorer>, TantivyError> {
        let scorers = self.0.iter().map(|weight| weight.scorer(reader, boost));
        let scorers: Vec<Box<dyn Scorer>> = scorers.collect::<Result<_, _>>()?;
        let docs: Vec<DocId> = scorers.iter().map(DocSet::doc).collect();
        let doc = docs.iter().copied().min().unwrap_or(TERMINATED);
        // tantivy leaves an empty scorer out.
        Ok(if doc == TERMINATED {
            Box::new(EmptyScorer)
        } else {
            Box::new(BestScorer { scorers, docs, doc })
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> Result<Explanation, TantivyError> {
        let explained = self.0.iter().filter_map(|weight| weight.explain(reader, doc).ok());
        let best = explained.max_by(|a, b| a.value().total_cmp(&b.value()));
        best.ok_or_else(|| TantivyError::InvalidArgument(format!("document {doc} does not match")))
    }
}

struct BestScorer {
    /// The scorers of the alternatives.
    scorers: Vec<Box<dyn Scorer>>,
    /// The document where each of them is. To ask each of many scorers for it takes longer than all else.
    docs: Vec<DocId>,
    /// The first of these documents.
    doc: DocId,
}

impl Scorer for BestScorer {
    fn score(&mut self) -> Score {
        let here = self.scorers.iter_mut().zip(&self.docs).filter(|(_, doc)| **doc == self.doc);
        to_float(round_to_fixed(here.map(|(scorer, _)| scorer.score()).fold(0.0, Score::max)))
    }
}

impl DocSet for BestScorer {
    fn advance(&mut self) -> DocId {
        self.seek(self.doc.saturating_add(1).min(TERMINATED))
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let mut first = TERMINATED;
        for (scorer, doc) in self.scorers.iter_mut().zip(&mut self.docs) {
            if *doc < target {
                *doc = if *doc + 1 == target { scorer.advance() } else { scorer.seek(target) };
            }
            first = first.min(*doc);
        }
        self.doc = first;
        first
    }

    // `seek_danger` is not forwarded: that of a phrase panics for a document before its own, and tantivy's exclusion asks
    // for such.

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.scorers.iter().map(DocSet::size_hint).fold(0, u32::saturating_add)
    }

    fn cost(&self) -> u64 {
        self.scorers.iter().map(DocSet::cost).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::{prelude::*, sample::select};
    use tantivy::{
        Index,
        collector::TopDocs,
        query::{BooleanQuery, Occur, TermQuery},
        schema::{Field, IndexRecordOption, Schema, TEXT},
    };

    use super::*;

    const WORDS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

    fn index_of(texts: &[String]) -> (Index, Field) {
        let mut schema = Schema::builder();
        let text = schema.add_text_field("text", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 15_000_000).expect("a writer");
        for it in texts {
            let mut document = tantivy::TantivyDocument::new();
            document.add_text(text, it);
            writer.add_document(document).expect("a document");
        }
        writer.commit().expect("a commit");
        (index, text)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn the_best_of_alternatives_is_found_by_itself_and_beside_others(
            texts in prop::collection::vec(prop::collection::vec(select(WORDS.as_slice()), 0..8), 1..200),
            asked in prop::collection::vec(select(WORDS.as_slice()), 1..5),
            [must, must_not] in [select(WORDS.as_slice()), select(WORDS.as_slice())],
        ) {
            let texts: Vec<String> = texts.iter().map(|words| words.join(" ")).collect();
            let (index, field) = index_of(&texts);
            let searcher = index.reader().expect("a reader").searcher();
            let word = |word: &str| -> Box<dyn Query> {
                Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs))
            };
            let scores = |query: &dyn Query| -> BTreeMap<DocId, Score> {
                let found = searcher.search(query, &TopDocs::with_limit(texts.len()).order_by_score());
                found.expect("documents").into_iter().map(|(score, place)| (place.doc_id, score)).collect()
            };
            let mut expected: BTreeMap<DocId, Score> = BTreeMap::new();
            for (doc, score) in asked.iter().flat_map(|it| scores(&*word(it))) {
                let best = expected.entry(doc).or_default();
                *best = best.max(to_float(round_to_fixed(score)));
            }
            let best = BestQuery(asked.iter().map(|it| word(it)).collect());
            prop_assert_eq!(&scores(&best), &expected);
            let has = |doc: &DocId, word: &str| texts[*doc as usize].split(' ').any(|it| it == word);
            let beside = BooleanQuery::new(vec![
                (Occur::Must, Box::new(best)),
                (Occur::Must, word(must)),
                (Occur::MustNot, word(must_not)),
            ]);
            let expected: Vec<DocId> =
                expected.into_keys().filter(|doc| has(doc, must) && !has(doc, must_not)).collect();
            prop_assert_eq!(scores(&beside).into_keys().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn scores_are_rounded_to_the_nearest_step() {
        let below_half = f32::from_bits(0.5_f32.to_bits() - 1);
        for (steps, expected) in
            [(0.0, 0), (below_half, 0), (0.5, 1), (1.5, 2), (2.49, 2), (8_388_607.5, 8_388_608), (-1.0, 0)]
        {
            assert_eq!(round_to_fixed(steps * STEP), expected, "{steps}");
        }
    }

    #[test]
    fn a_float_holds_a_score_of_up_to_1024_exactly() {
        for steps in [0, 1, 7, 16_384, 16_777_215, 16_777_216] {
            assert_eq!(to_fixed(to_float(steps)), steps);
        }
        assert!((to_float(16_777_216) - 1_024.0).abs() == 0.0);
    }
}
