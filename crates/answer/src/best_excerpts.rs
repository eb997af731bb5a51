//! The best excerpts of a question, whether they suffice or not: what a refusal held back is only known by looking.

use super::engine::{AnswerError, Engine, Request, excerpts};
use takeaways_text::model::Excerpt;

/// What an answer would show if it were never refused.
#[derive(Debug, Clone, PartialEq)]
pub struct BestExcerpts {
    /// Best first, as many as an answer would have; empty where no sentence fits the question at all.
    pub excerpts: Vec<Excerpt>,
    /// How sure it is that the first of them answers the question, 0 to 1: the same as that of the answer.
    pub confidence: f32,
}

impl Engine {
    /// The best excerpts of a question, for measuring only: people get [`Engine::answer`], which holds back those
    /// that don't suffice. Where it doesn't, the two give the same excerpts.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub fn best_excerpts(&self, request: &Request) -> Result<BestExcerpts, AnswerError> {
        let (plan, found) = self.rank_candidates(request)?;
        let excerpts = excerpts(found.candidates, request, &plan.scope);
        Ok(BestExcerpts { excerpts, confidence: found.confidence })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::{ScopeOptions, Strictness};
    use takeaways_corpus::{Corpus, CorpusSettings};
    use takeaways_search::{CorpusFiles, Index, IndexOptions};
    use takeaways_text::model::Answer;

    #[test]
    fn what_suffices_is_the_answer_and_what_does_not_is_shown_all_the_same() {
        let now: Timestamp = "2026-11-20T00:00:00Z".parse().expect("a time");
        let corpus = Corpus::new(CorpusSettings::default());
        let files = CorpusFiles::list(&corpus, now);
        let (index, _) =
            Index::open(None, &files, now, &IndexOptions::default()).expect("an index in memory");
        let engine = Engine::new(Arc::new(index), Strictness::default());
        let request = |question: &str| Request {
            question: question.parse().expect("a question"),
            scope_options: ScopeOptions::default(),
            limit: 3,
            now,
        };
        let answered = request("what did people say about service mesh?");
        let answer = engine.answer(&answered).expect("an answer");
        let best = engine.best_excerpts(&answered).expect("excerpts");
        assert!(matches!(answer, Answer::Cited { .. }));
        assert_eq!((answer.excerpts(), answer.confidence()), (best.excerpts.as_slice(), best.confidence));
        let refused = request("who sang about the service mesh of sourdough?");
        let answer = engine.answer(&refused).expect("an answer");
        let best = engine.best_excerpts(&refused).expect("excerpts");
        assert!(answer.excerpts().is_empty() && !best.excerpts.is_empty());
        assert!((answer.confidence() - best.confidence).abs() < f32::EPSILON);
    }
}
