//! The queries of `takeaways-eval` that no product needs: ranked posts, and the best excerpts even of a refusal.

use std::collections::HashSet;

use crate::{
    engine::{AnswerError, Engine, Request, excerpts},
    plan::QueryPlan,
    resolve::NameRole,
    section_event::may_answer,
};
use takeaways_search::Hit;
use takeaways_text::model::{Excerpt, PostId};

/// The excerpts that an answer would show if it were never refused.
#[derive(Debug, Clone, PartialEq)]
pub struct BestExcerpts {
    /// Best first, as many as an answer would have; empty if there is no candidate at all.
    pub excerpts: Vec<Excerpt>,
    /// How likely the first excerpt answers the question, 0 to 1. It equals the confidence of the answer.
    pub confidence: f32,
}

impl Engine {
    /// Returns the best excerpts of a question. If [`Engine::answer`] does not refuse, its excerpts are the same.
    ///
    /// # Errors
    /// If the index can't be read.
    pub fn best_excerpts(&self, request: &Request) -> Result<BestExcerpts, AnswerError> {
        let (plan, ranked) = self.rank_to_show(self.plan(request, NameRole::Subject)?)?;
        let excerpts = excerpts(ranked.candidates, &plan, plan.asked_time());
        Ok(BestExcerpts { excerpts, confidence: ranked.confidence })
    }

    /// Returns the posts that a question finds, best first, at most `depth`. The score of a post is the score of its
    /// best passage; equal scores are sorted by id. The question is planned as for an answer, so the events, years and
    /// authors in it limit the search.
    ///
    /// # Errors
    /// If the index can't be read.
    pub fn rank_posts(&self, request: &Request, depth: usize) -> Result<Vec<(PostId, f32)>, AnswerError> {
        let plan = self.plan(request, NameRole::Subject)?;
        if plan.is_empty() {
            return Ok(Vec::new());
        }
        let query = plan.query();
        let mut limit = depth;
        loop {
            let hits = self.index().search(&query, limit)?;
            let is_complete = hits.len() < limit;
            let mut ranked = best_of_posts(hits, &plan);
            if is_complete || ranked.len() >= depth {
                ranked.truncate(depth);
                return Ok(ranked);
            }
            limit = limit.saturating_mul(2);
        }
    }
}

/// Returns the best passage of each post that an answer could cite, in the order of the hits.
fn best_of_posts(hits: Vec<Hit>, plan: &QueryPlan) -> Vec<(PostId, f32)> {
    let is_citable = |hit: &Hit| {
        let passage = hit.post.body.passages.get(hit.passage);
        passage.is_some_and(|passage| may_answer(&hit.post, passage.section, passage.span, plan))
    };
    let mut posts = HashSet::new();
    hits.into_iter()
        .filter(is_citable)
        .filter(|hit| posts.insert(hit.post.id.clone()))
        .map(|hit| (hit.post.id.clone(), hit.score))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{engine, request};
    use takeaways_text::model::Answer;

    #[test]
    fn the_best_excerpts_are_those_of_the_answer_and_shown_for_a_refusal_too() {
        let engine = engine();
        let answered = request("service mesh?");
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

    #[test]
    fn each_post_is_ranked_once_by_its_best_passage() {
        let engine = engine();
        let request = request("service mesh?");
        let all = engine.rank_posts(&request, 100).expect("posts");
        assert!(
            all.len() > 2 && all.is_sorted_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)).is_lt()),
            "{all:?}"
        );
        assert_eq!(all.iter().map(|(post, _)| post).collect::<HashSet<_>>().len(), all.len());
        for depth in 0..all.len() {
            let ranked = engine.rank_posts(&request, depth).expect("posts");
            assert_eq!(ranked, all[..depth], "fewer are the first of all");
        }
        let query = engine.plan(&request, NameRole::Subject).expect("a plan").query();
        let hits = engine.index().search(&query, 1).expect("a passage");
        assert_eq!((&hits[0].post.id, hits[0].score), (&all[0].0, all[0].1));
    }

    #[test]
    fn only_posts_of_the_scope_are_ranked_and_none_for_an_empty_plan() {
        let engine = engine();
        let rank = |question| engine.rank_posts(&request(question), 100).expect("posts");
        assert!(rank("service mesh").len() > rank("service mesh year:2019").len());
        assert_eq!(rank("service mesh event:nowhere"), []);
        assert_eq!(rank("???"), []);
    }
}
