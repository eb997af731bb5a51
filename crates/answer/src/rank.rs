//! A question to posts in order: the search alone, without choosing excerpts and without refusing.

use std::collections::HashSet;

use super::engine::{AnswerError, Engine, Request};
use super::plan::QueryPlan;
use super::resolve::{EventRole, ExplicitScope};
use crate::passage_cache;
use takeaways_search::Hit;
use takeaways_text::model::PostId;

impl Engine {
    /// The posts that a question finds, best first, at most `depth`; equal ones by id. A post scores what its best
    /// passage does. The question is plan as for an answer: what it says of events, years and authors is where
    /// it looks.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn rank_posts(&self, request: &Request, depth: usize) -> Result<Vec<(PostId, f32)>, AnswerError> {
        let plan = self.plan(request, EventRole::Subject)?;
        if plan.concepts.is_empty() || plan.chosen == ExplicitScope::Empty {
            return Ok(Vec::new());
        }
        let query = plan.query(request.now);
        let mut passages = depth;
        loop {
            let hits = self.index().search(&query, passages)?;
            let is_all = hits.len() < passages;
            let mut ranked = best_of_posts(hits, &plan);
            if is_all || ranked.len() >= depth {
                ranked.truncate(depth);
                return Ok(ranked);
            }
            passages = passages.saturating_mul(2);
        }
    }
}

/// The best passage of each post, in the order of the hits.
fn best_of_posts(hits: Vec<Hit>, plan: &QueryPlan) -> Vec<(PostId, f32)> {
    let mut seen = HashSet::new();
    hits.into_iter()
        .filter(|hit| is_of_interest(hit, plan))
        .filter(|hit| seen.insert(hit.post.id.clone()))
        .map(|hit| (hit.post.id.clone(), hit.score))
        .collect()
}

/// Whether an excerpt of the passage could be shown: one under a heading of another event could not.
fn is_of_interest(hit: &Hit, plan: &QueryPlan) -> bool {
    let Some(passage) = hit.post.body.passages.get(hit.passage) else { return false };
    let events = &plan.scope.events;
    passage_cache::section_may_answer(&hit.post, passage.section, events)
        && (!events.is_empty() || passage_cache::matches_series(&hit.post, passage.span, &plan.series))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::{ScopeOptions, Strictness};
    use takeaways_corpus::{Corpus, CorpusSettings};
    use takeaways_search::{CorpusFiles, Index, IndexOptions};

    fn engine(now: Timestamp) -> Engine {
        let corpus = Corpus::new(CorpusSettings::default());
        let files = CorpusFiles::list(&corpus, now);
        let (index, _) =
            Index::open(None, &files, now, &IndexOptions::default()).expect("an index in memory");
        Engine::new(Arc::new(index), Strictness::default())
    }

    fn request(question: &str, now: Timestamp) -> Request {
        Request {
            question: question.parse().expect("a question"),
            scope_options: ScopeOptions::default(),
            limit: 3,
            now,
        }
    }

    #[test]
    fn each_post_stands_once_where_its_best_passage_does() {
        let now: Timestamp = "2026-11-20T00:00:00Z".parse().expect("a time");
        let engine = engine(now);
        let request = request("what did people say about service mesh?", now);
        let all = engine.rank_posts(&request, 100).expect("posts");
        assert!(
            all.len() > 2 && all.is_sorted_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)).is_lt()),
            "{all:?}"
        );
        assert_eq!(all.iter().map(|(post, _)| post).collect::<HashSet<_>>().len(), all.len());
        for depth in 0..all.len() {
            assert_eq!(
                engine.rank_posts(&request, depth).expect("posts"),
                all[..depth],
                "fewer are the first of all"
            );
        }
        let hits = engine.index().search(&query(&engine, &request), 1).expect("a passage");
        assert_eq!((&hits[0].post.id, hits[0].score), (&all[0].0, all[0].1));
    }

    fn query(engine: &Engine, request: &Request) -> takeaways_search::Query {
        engine.plan(request, EventRole::Subject).expect("plan").query(request.now)
    }

    #[test]
    fn only_posts_of_the_scope_are_ranked_and_none_for_nothing() {
        let now: Timestamp = "2026-11-20T00:00:00Z".parse().expect("a time");
        let engine = engine(now);
        let rank = |question| engine.rank_posts(&request(question, now), 100).expect("posts");
        assert!(rank("service mesh").len() > rank("service mesh year:2019").len());
        assert_eq!(rank("service mesh event:nowhere"), []);
        assert_eq!(rank("???"), []);
    }
}
