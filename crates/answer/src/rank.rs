//! Ranks candidates: the score of a candidate is the weighted sum of its features.

use crate::{candidates::Candidate, weights::Weights};

/// Scores candidates and sorts them, best first. Equal scores are sorted by the post's id and the position in the post, so
/// that the order does not depend on the search.
pub(crate) fn rank(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    let weights = Weights::builtin();
    for candidate in &mut candidates {
        candidate.score = weights.score(&candidate.features);
    }
    sort_by_score(&mut candidates);
    candidates
}

fn sort_by_score(candidates: &mut [Candidate]) {
    candidates.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| a.post.id.cmp(&b.post.id)).then_with(|| a.span.cmp(&b.span))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::scored_candidate;

    #[test]
    fn candidates_are_sorted_by_score_and_then_by_post() {
        let mut sorted = [
            scored_candidate("b", "A mesh is young.", 1.0),
            scored_candidate("c", "A mesh is old.", 2.0),
            scored_candidate("a", "A mesh is new.", 1.0),
        ];
        sort_by_score(&mut sorted);
        let ids: Vec<&str> = sorted.iter().map(|it| it.post.id.0.as_str()).collect();
        assert_eq!(ids, ["c", "a", "b"]);
    }
}
