//! What makes a window the answer, fitted to questions.

use super::folds::{self, FOLDS};
use super::listwise::{self, Candidate, List};
use super::{Weight, is_right};
use crate::questions::Judged;
use takeaways_answer::{ExplainedCandidate, Feature, Weights};

/// Parts that few windows have: a weight that was fitted to so few would say what these few happened to be.
const BY_HAND: [Feature; 4] = [Feature::Defines, Feature::AboutItself, Feature::ImageAlt, Feature::Caption];

/// The order of windows, and how good it is.
#[derive(Debug, Clone)]
pub struct Ranking {
    /// The questions with both right and wrong windows: those that it was fitted to.
    pub taught: usize,
    /// The questions that have a window at all.
    pub found: usize,
    /// With the weights that are compiled in.
    pub before: Hits,
    /// Each question with weights that were fitted without it.
    pub held_out: Hits,
    /// With weights that were fitted to all: what they have learned by heart.
    pub by_heart: Hits,
    /// One for each part, in the order of [`Feature::ALL`].
    pub weights: Vec<Weight>,
}

/// So many questions have a right window so far up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hits {
    /// As the first.
    pub one: usize,
    /// Among the first three.
    pub three: usize,
}

impl Hits {
    fn of(ranks: impl Iterator<Item = Option<usize>>) -> Self {
        ranks.flatten().fold(Self::default(), |hits, rank| Self {
            one: hits.one + usize::from(rank <= 1),
            three: hits.three + usize::from(rank <= 3),
        })
    }
}

impl List {
    /// Of the windows of a question, best first.
    #[must_use]
    pub fn of(judged: &Judged, windows: &[ExplainedCandidate]) -> Self {
        let windows = windows.iter().map(|window| candidate(window, is_right(judged, window)));
        Self { fold: folds::fold(&judged.kin), windows: windows.collect() }
    }
}

impl Ranking {
    /// Fitted to these questions.
    #[must_use]
    pub fn fit(lists: &[List]) -> Self {
        let fitted = fitted();
        let fit = |fits: &dyn Fn(&List) -> bool| {
            let chosen: Vec<&List> = lists.iter().filter(|list| fits(list)).collect();
            listwise::fit(&chosen, fitted.len())
        };
        let by_fold: Vec<Vec<f64>> = (0..FOLDS).map(|fold| fit(&|list| list.fold != fold)).collect();
        let held_out = (0..).zip(&by_fold).flat_map(|(fold, weights)| {
            let of_fold = lists.iter().filter(move |list| list.fold == fold);
            of_fold.map(move |list| list.rank(weights))
        });
        let found = fit(&|_| true);
        let before: Vec<f64> = fitted.iter().map(|part| weight(*part)).collect();
        let hits = |weights: &[f64]| Hits::of(lists.iter().map(|list| list.rank(weights)));
        let value = |part| fitted.iter().position(|other| *other == part).map(|at| found[at]);
        Self {
            taught: lists.iter().filter(|list| list.teaches()).count(),
            found: lists.iter().filter(|list| !list.windows.is_empty()).count(),
            before: hits(&before),
            held_out: Hits::of(held_out),
            by_heart: hits(&found),
            weights: Feature::ALL
                .map(|part| Weight { name: part.name(), before: weight(part), fitted: value(part) })
                .to_vec(),
        }
    }
}

/// The parts that are fitted, in order.
fn fitted() -> Vec<Feature> {
    Feature::ALL.into_iter().filter(|part| !BY_HAND.contains(part)).collect()
}

fn weight(part: Feature) -> f64 {
    f64::from(Weights::builtin().feature_weight(part))
}

fn candidate(window: &ExplainedCandidate, right: bool) -> Candidate {
    let value = |part: Feature| {
        let found = window.features.iter().find(|(name, ..)| *name == part.name());
        found.map_or(0.0, |(_, value, _)| f64::from(*value))
    };
    Candidate {
        right,
        offset: BY_HAND.into_iter().map(|part| weight(part) * value(part)).sum(),
        values: fitted().into_iter().map(value).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two windows: the right one has all of the question but stands second.
    fn list(fold: u64) -> List {
        let window = |right, coverage| {
            let mut values = vec![0.0; fitted().len()];
            values[0] = coverage;
            Candidate { right, offset: 0.0, values }
        };
        List { fold, windows: vec![window(false, 0.2), window(true, 1.0)] }
    }

    #[test]
    fn each_question_is_ranked_by_what_the_others_teach() {
        let lists: Vec<List> = (0..FOLDS).map(list).chain([List { fold: 0, windows: vec![] }]).collect();
        let found = Ranking::fit(&lists);
        assert_eq!((found.taught, found.found), (5, 5));
        assert_eq!(found.held_out, Hits { one: 5, three: 5 });
        assert!(found.weights[0].name == "coverage" && found.weights[0].fitted.is_some_and(|it| it > 1.0));
        // Of one fold alone nobody else teaches anything, and the order stays as it is.
        let alone = Ranking::fit(&[list(3)]);
        assert_eq!((alone.held_out, alone.by_heart), (Hits { one: 0, three: 1 }, Hits { one: 1, three: 1 }));
    }

    #[test]
    fn what_was_set_by_hand_is_kept() {
        let kept: Vec<&str> = Ranking::fit(&[])
            .weights
            .iter()
            .filter(|weight| weight.fitted.is_none())
            .map(|weight| weight.name)
            .collect();
        assert_eq!(kept, BY_HAND.map(Feature::name));
    }
}
