//! What makes an answer sure, fitted to questions over corpora of several sizes.

use super::corpora::{Corpus, Size};
use super::folds::{self, FOLDS};
use super::logistic::{Logistic, Sample};
use super::{Weight, is_right};
use crate::calibration::Calibration;
use crate::curve::{self, Sure};
use crate::questions::Judged;
use takeaways_answer::{Explanation, Signal, Strictness, Weights};

/// The confidences from which on is answered, in the report; those of the file stand there too.
const THRESHOLDS: [f64; 9] = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6];

/// A question over a corpus.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The size of the corpus.
    pub size: Size,
    /// The part that the question is in.
    pub fold: u64,
    /// Whether the corpus holds one of the posts that answer it.
    pub is_there: bool,
    /// Its best window, whether that is right; `None` where it has none, which is never an answer.
    pub sample: Option<Sample>,
}

/// The confidence, and what it is worth.
#[derive(Debug, Clone)]
pub struct Confidence {
    /// The cases with a window: those that it was fitted to.
    pub taught: usize,
    /// The logarithm of the odds where no signal says anything.
    pub bias: Weight,
    /// One for each signal, in the order of [`Signal::ALL`].
    pub weights: Vec<Weight>,
    /// What it is worth at each size, each question by weights that were fitted without it.
    pub sizes: Vec<AtSize>,
}

/// What the confidence is worth over the corpora of one size.
#[derive(Debug, Clone, PartialEq)]
pub struct AtSize {
    /// The size.
    pub size: Size,
    /// Posts of a corpus, in the mean.
    pub posts: u64,
    /// How many questions were asked of all of them together.
    pub asked: usize,
    /// AUROC of right against wrong.
    pub right: Option<f64>,
    /// AUROC of questions with an answer there against the others.
    pub answerable: Option<f64>,
    /// The expected calibration error.
    pub ece: f64,
    /// What comes of answering from some confidences on.
    pub points: Vec<Point>,
}

/// What comes of answering from a confidence on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// That confidence.
    pub from: f64,
    /// The part of the questions with an answer there that is answered.
    pub answered: f64,
    /// The part of the others that is answered.
    pub false_answers: f64,
    /// The part of the questions with an answer there that is answered rightly.
    pub hit_1: f64,
}

impl Case {
    /// What came back for a question over a corpus.
    #[must_use]
    pub fn of(judged: &Judged, why: &Explanation, corpus: &Corpus<'_>) -> Self {
        let is_there = judged.posts.iter().any(|name| corpus.holds(name));
        let sample = |right| Sample {
            weight: corpus.size.weight(is_there),
            right,
            values: why.signals.iter().map(|(_, value, _)| f64::from(*value)).collect(),
        };
        Self {
            size: corpus.size,
            fold: folds::fold(&judged.kin),
            is_there,
            sample: why.candidates.first().map(|window| sample(is_right(judged, window))),
        }
    }

    fn is_right(&self) -> bool {
        self.sample.as_ref().is_some_and(|sample| sample.right)
    }
}

impl Confidence {
    /// Fitted to these cases, over corpora of these sizes with so many posts.
    #[must_use]
    pub fn fit(cases: &[Case], corpora: &[(Size, u64)]) -> Self {
        let fit = |fits: &dyn Fn(&Case) -> bool| {
            let samples: Vec<&Sample> =
                cases.iter().filter(|case| fits(case)).filter_map(|case| case.sample.as_ref()).collect();
            Logistic::fit(&samples, Signal::ALL.len())
        };
        let by_fold: Vec<Logistic> = (0..FOLDS).map(|fold| fit(&|case| case.fold != fold)).collect();
        let sure = |case: &Case| {
            let model = usize::try_from(case.fold).ok().and_then(|fold| by_fold.get(fold));
            let chance = case.sample.as_ref().zip(model).map(|(sample, model)| model.chance(&sample.values));
            chance.unwrap_or(0.0)
        };
        let judged: Vec<(&Case, f64)> = cases.iter().map(|case| (case, sure(case))).collect();
        let all = fit(&|_| true);
        let weights = Weights::builtin();
        let weight = |(signal, fitted): (Signal, &f64)| Weight {
            name: signal.name(),
            before: f64::from(weights.signal_weight(signal)),
            fitted: Some(*fitted),
        };
        Self {
            taught: cases.iter().filter(|case| case.sample.is_some()).count(),
            bias: Weight { name: "bias", before: f64::from(weights.bias()), fitted: Some(all.bias) },
            weights: Signal::ALL.into_iter().zip(&all.weights).map(weight).collect(),
            sizes: Size::ALL.into_iter().filter_map(|size| AtSize::of(size, &judged, corpora)).collect(),
        }
    }
}

impl AtSize {
    /// `None` where there is no corpus of this size.
    fn of(size: Size, judged: &[(&Case, f64)], corpora: &[(Size, u64)]) -> Option<Self> {
        let posts: Vec<u64> = corpora.iter().filter(|(of, _)| *of == size).map(|(_, posts)| *posts).collect();
        let corpora = u64::try_from(posts.len()).ok().filter(|count| *count > 0)?;
        let here: Vec<(&Case, f64)> = judged.iter().filter(|(case, _)| case.size == size).copied().collect();
        let sure = |is_so: fn(&Case) -> bool| here.iter().map(|(case, sure)| (*sure, is_so(case))).collect();
        let right: Vec<Sure> = sure(Case::is_right);
        let answerable: Vec<Sure> = sure(|case| case.is_there);
        let mut from = Vec::from(THRESHOLDS);
        from.extend(thresholds());
        from.sort_by(f64::total_cmp);
        from.dedup();
        Some(Self {
            size,
            posts: (posts.iter().sum::<u64>() + corpora / 2) / corpora,
            asked: here.len(),
            right: curve::auroc(&right),
            answerable: curve::auroc(&answerable),
            ece: Calibration::of(&right).ece,
            points: from.into_iter().map(|from| Point::of(from, &here)).collect(),
        })
    }
}

impl Point {
    fn of(from: f64, judged: &[(&Case, f64)]) -> Self {
        let share = |is_of: fn(&Case) -> bool, is_so: &dyn Fn(&Case, f64) -> bool| {
            let all: Vec<f64> = judged
                .iter()
                .filter(|(case, _)| is_of(case))
                .map(|(case, sure)| f64::from(*sure >= from && is_so(case, *sure)))
                .collect();
            crate::metrics::mean(&all)
        };
        Self {
            from,
            answered: share(|case| case.is_there, &|_, _| true),
            false_answers: share(|case| !case.is_there, &|_, _| true),
            hit_1: share(|case| case.is_there, &|case, _| case.is_right()),
        }
    }
}

/// Those of the file, as they are written there.
fn thresholds() -> impl Iterator<Item = f64> {
    let all = [Strictness::Strict, Strictness::Balanced, Strictness::Eager].into_iter();
    all.map(|strictness| (f64::from(strictness.threshold()) * 1e4).round() / 1e4)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Right where the first signal is 1.
    fn case(size: Size, fold: u64, right: bool) -> Case {
        let mut values = vec![0.0; Signal::ALL.len()];
        values[0] = f64::from(right);
        Case { size, fold, is_there: right, sample: Some(Sample { weight: 1.0, right, values }) }
    }

    #[test]
    fn each_question_is_judged_by_what_the_others_teach() {
        let nothing = Case { sample: None, ..case(Size::All, 0, false) };
        let all = (0..FOLDS).flat_map(|fold| [case(Size::All, fold, true), case(Size::All, fold, false)]);
        let half = [case(Size::Half, 0, true), case(Size::Half, 1, false)];
        let cases: Vec<Case> = all.chain(half).chain([nothing]).collect();
        let found = Confidence::fit(&cases, &[(Size::All, 10), (Size::Half, 4), (Size::Half, 5)]);
        assert_eq!((found.taught, found.weights.len()), (12, Signal::ALL.len()));
        let [all, half] = found.sizes.as_slice() else { panic!("{:?}", found.sizes) };
        assert_eq!((all.size, all.posts, all.asked), (Size::All, 10, 11));
        assert_eq!((half.size, half.posts, half.asked), (Size::Half, 5, 2));
        assert_eq!((all.right, all.answerable), (Some(1.0), Some(1.0)));
        let point = all.points.iter().find(|point| point.from >= 0.5).expect("one");
        assert_eq!((point.answered, point.false_answers, point.hit_1), (1.0, 0.0, 1.0));
        let froms: Vec<f64> = all.points.iter().map(|point| point.from).collect();
        assert!(thresholds().all(|threshold| froms.contains(&threshold)), "{froms:?}");
    }
}
