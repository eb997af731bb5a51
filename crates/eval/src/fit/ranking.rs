//! What makes a candidate the answer, fitted to questions.

use super::models::{self, CandidateList, TrainingCandidate};
use super::{FOLDS, FittedWeight, fold, is_right};
use crate::questions::JudgedQuestion;
use takeaways_answer::{ExplainedCandidate, Feature, Weights};

/// Features that few candidates have: a weight that was fitted to so few would say what these few happened to be.
const UNFITTED: [Feature; 4] = [Feature::Defines, Feature::AboutItself, Feature::ImageAlt, Feature::Caption];

/// The order of candidates, and how good it is.
#[derive(Debug, Clone)]
pub struct RankingFit {
    /// The questions with both right and wrong candidates: those that it was fitted to.
    pub trained_on: usize,
    /// The questions that have a candidate at all.
    pub with_candidates: usize,
    /// With the weights that are compiled in.
    pub before: Hits,
    /// Each question with weights that were fitted without it.
    pub held_out: Hits,
    /// With weights that were fitted to all: what they have learned by heart.
    pub training: Hits,
    /// One for each part, in the order of [`Feature::ALL`].
    pub weights: Vec<FittedWeight>,
}

/// So many questions have a right candidate so far up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hits {
    /// As the first.
    pub one: usize,
    /// Among the first three.
    pub three: usize,
}

impl Hits {
    fn from_ranks(ranks: impl Iterator<Item = Option<usize>>) -> Self {
        ranks.flatten().fold(Self::default(), |hits, rank| Self {
            one: hits.one + usize::from(rank <= 1),
            three: hits.three + usize::from(rank <= 3),
        })
    }
}

impl CandidateList {
    /// Of the candidates of a question, best first.
    #[must_use]
    pub fn new(judged: &JudgedQuestion, candidates: &[ExplainedCandidate]) -> Self {
        let candidates =
            candidates.iter().map(|candidate| training_candidate(candidate, is_right(judged, candidate)));
        Self { fold: fold(&judged.group), candidates: candidates.collect() }
    }
}

impl RankingFit {
    /// Fitted to these questions.
    #[must_use]
    pub fn fit(lists: &[CandidateList]) -> Self {
        let fitted = fitted_features();
        let fit = |fits: &dyn Fn(&CandidateList) -> bool| {
            let chosen: Vec<&CandidateList> = lists.iter().filter(|list| fits(list)).collect();
            models::fit_listwise(&chosen, fitted.len())
        };
        let by_fold: Vec<Vec<f64>> = (0..FOLDS).map(|fold| fit(&|list| list.fold != fold)).collect();
        let held_out = (0..).zip(&by_fold).flat_map(|(fold, weights)| {
            let of_fold = lists.iter().filter(move |list| list.fold == fold);
            of_fold.map(move |list| list.rank(weights))
        });
        let found = fit(&|_| true);
        let before: Vec<f64> = fitted.iter().map(|part| builtin_weight(*part)).collect();
        let hits = |weights: &[f64]| Hits::from_ranks(lists.iter().map(|list| list.rank(weights)));
        let value = |part| fitted.iter().position(|other| *other == part).map(|at| found[at]);
        Self {
            trained_on: lists.iter().filter(|list| list.has_both_labels()).count(),
            with_candidates: lists.iter().filter(|list| !list.candidates.is_empty()).count(),
            before: hits(&before),
            held_out: Hits::from_ranks(held_out),
            training: hits(&found),
            weights: Feature::ALL
                .map(|part| FittedWeight {
                    name: part.name(),
                    before: builtin_weight(part),
                    fitted: value(part),
                })
                .to_vec(),
        }
    }
}

/// The parts that are fitted, in order.
fn fitted_features() -> Vec<Feature> {
    Feature::ALL.into_iter().filter(|part| !UNFITTED.contains(part)).collect()
}

fn builtin_weight(part: Feature) -> f64 {
    f64::from(Weights::builtin().feature_weight(part))
}

fn training_candidate(candidate: &ExplainedCandidate, is_right: bool) -> TrainingCandidate {
    let value = |part: Feature| {
        let found = candidate.features.iter().find(|(name, ..)| *name == part.name());
        found.map_or(0.0, |(_, value, _)| f64::from(*value))
    };
    TrainingCandidate {
        is_right,
        offset: UNFITTED.into_iter().map(|part| builtin_weight(part) * value(part)).sum(),
        values: fitted_features().into_iter().map(value).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two candidates: the right one has all of the question but stands second.
    fn list(fold: u64) -> CandidateList {
        let candidate = |is_right, coverage| {
            let mut values = vec![0.0; fitted_features().len()];
            values[0] = coverage;
            TrainingCandidate { is_right, offset: 0.0, values }
        };
        CandidateList { fold, candidates: vec![candidate(false, 0.2), candidate(true, 1.0)] }
    }

    #[test]
    fn each_question_is_ranked_by_what_the_others_teach() {
        let lists: Vec<CandidateList> =
            (0..FOLDS).map(list).chain([CandidateList { fold: 0, candidates: vec![] }]).collect();
        let found = RankingFit::fit(&lists);
        assert_eq!((found.trained_on, found.with_candidates), (5, 5));
        assert_eq!(found.held_out, Hits { one: 5, three: 5 });
        assert!(found.weights[0].name == "coverage" && found.weights[0].fitted.is_some_and(|it| it > 1.0));
        // Of one fold alone nobody else teaches anything, and the order stays as it is.
        let alone = RankingFit::fit(&[list(3)]);
        assert_eq!((alone.held_out, alone.training), (Hits { one: 0, three: 1 }, Hits { one: 1, three: 1 }));
    }

    #[test]
    fn what_was_set_by_hand_is_kept() {
        let kept: Vec<&str> = RankingFit::fit(&[])
            .weights
            .iter()
            .filter(|weight| weight.fitted.is_none())
            .map(|weight| weight.name)
            .collect();
        assert_eq!(kept, UNFITTED.map(Feature::name));
    }
}
