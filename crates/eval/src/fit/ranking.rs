//! Fits the ranking of candidates to questions.

use super::models::{self, CandidateList, TrainingCandidate};
use super::{FOLDS, FittedWeight, fold, is_right};
use crate::questions::JudgedQuestion;
use takeaways_answer::{ExplainedCandidate, Feature, Weights};

/// Features that are not fitted. Too few candidates have the first three: their weights would fit these few by chance.
/// The questions for which the other two matter were mostly written for a post in another language.
const UNFITTED: [Feature; 5] =
    [Feature::Defines, Feature::InEnglish, Feature::ThirdLanguage, Feature::AboutItself, Feature::TitleLike];

/// The fitted ranking and its quality.
#[derive(Debug, Clone)]
pub struct RankingFit {
    /// The number of training questions: those with both right and wrong candidates.
    pub trained_on: usize,
    /// The number of questions that have a candidate.
    pub with_candidates: usize,
    /// The hits with the compiled-in weights.
    pub before: Hits,
    /// The cross-validated hits: each question is ranked with weights that were fitted without it.
    pub held_out: Hits,
    /// The hits on the training questions, with weights that were fitted to all of them.
    pub training: Hits,
    /// The weights of the features, in the order of [`Feature::ALL`].
    pub weights: Vec<FittedWeight>,
}

/// The numbers of questions with a right candidate at the top.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hits {
    /// Questions whose first candidate is right.
    pub one: usize,
    /// Questions with a right one among the first three candidates.
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
    /// Labels the candidates of a question.
    pub fn new(judged: &JudgedQuestion, candidates: &[ExplainedCandidate]) -> Self {
        let candidates =
            candidates.iter().map(|candidate| training_candidate(candidate, is_right(judged, candidate)));
        Self { fold: fold(&judged.group), candidates: candidates.collect() }
    }
}

impl RankingFit {
    /// Fits the ranking to these questions.
    pub fn fit(lists: &[CandidateList]) -> Self {
        let features = fitted_features();
        let fit = |filter: &dyn Fn(&CandidateList) -> bool| {
            let lists: Vec<&CandidateList> = lists.iter().filter(|list| filter(list)).collect();
            models::fit_listwise(&lists, features.len())
        };
        let by_fold: Vec<Vec<f64>> = (0..FOLDS).map(|fold| fit(&|list| list.fold != fold)).collect();
        let held_out = (0..).zip(&by_fold).flat_map(|(fold, weights)| {
            let lists = lists.iter().filter(move |list| list.fold == fold);
            lists.map(move |list| list.rank(weights))
        });
        let fitted = fit(&|_| true);
        let before: Vec<f64> = features.iter().map(|feature| builtin_weight(*feature)).collect();
        let hits = |weights: &[f64]| Hits::from_ranks(lists.iter().map(|list| list.rank(weights)));
        let weight = |feature| features.iter().position(|other| *other == feature).map(|at| fitted[at]);
        Self {
            trained_on: lists.iter().filter(|list| list.has_both_labels()).count(),
            with_candidates: lists.iter().filter(|list| !list.candidates.is_empty()).count(),
            before: hits(&before),
            held_out: Hits::from_ranks(held_out),
            training: hits(&fitted),
            weights: Feature::ALL
                .map(|feature| FittedWeight {
                    name: feature.name(),
                    before: builtin_weight(feature),
                    fitted: weight(feature),
                })
                .to_vec(),
        }
    }
}

fn fitted_features() -> Vec<Feature> {
    Feature::ALL.into_iter().filter(|feature| !UNFITTED.contains(feature)).collect()
}

fn builtin_weight(feature: Feature) -> f64 {
    f64::from(Weights::builtin().feature_weight(feature))
}

fn training_candidate(candidate: &ExplainedCandidate, is_right: bool) -> TrainingCandidate {
    let value = |feature: Feature| {
        let found = candidate.features.iter().find(|(name, ..)| *name == feature.name());
        found.map_or(0.0, |(_, value, _)| f64::from(*value))
    };
    TrainingCandidate {
        is_right,
        offset: UNFITTED.into_iter().map(|feature| builtin_weight(feature) * value(feature)).sum(),
        values: fitted_features().into_iter().map(value).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two candidates: the right one has the full coverage but rank 2.
    fn list(fold: u64) -> CandidateList {
        let candidate = |is_right, coverage| {
            let mut values = vec![0.0; fitted_features().len()];
            values[0] = coverage;
            TrainingCandidate { is_right, offset: 0.0, values }
        };
        CandidateList { fold, candidates: vec![candidate(false, 0.2), candidate(true, 1.0)] }
    }

    #[test]
    fn hits_are_cross_validated() {
        let lists: Vec<CandidateList> =
            (0..FOLDS).map(list).chain([CandidateList { fold: 0, candidates: vec![] }]).collect();
        let found = RankingFit::fit(&lists);
        assert_eq!((found.trained_on, found.with_candidates), (5, 5));
        assert_eq!(found.held_out, Hits { one: 5, three: 5 });
        assert!(
            found.weights[0].name == "coverage" && found.weights[0].fitted.is_some_and(|weight| weight > 1.0)
        );
        // With one fold there is no training data for it, and its order does not change.
        let alone = RankingFit::fit(&[list(3)]);
        assert_eq!((alone.held_out, alone.training), (Hits { one: 0, three: 1 }, Hits { one: 1, three: 1 }));
    }

    #[test]
    fn weights_set_by_hand_are_kept() {
        let kept: Vec<&str> = RankingFit::fit(&[])
            .weights
            .iter()
            .filter(|weight| weight.fitted.is_none())
            .map(|weight| weight.name)
            .collect();
        assert_eq!(kept, UNFITTED.map(Feature::name));
    }
}
