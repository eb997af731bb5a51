//! Fits the confidence to questions over corpora of several sizes.

use super::models::{Logistic, TrainingSample};
use super::{FOLDS, FittedWeight, fold, is_right};
use crate::confidence::{Calibration, Prediction, auroc};
use crate::corpus_files::{CorpusSample, CorpusSize};
use crate::questions::JudgedQuestion;
use takeaways_answer::{Explanation, Signal, Strictness, Weights};

/// The thresholds in the report, besides those of the weights file.
const THRESHOLDS: [f64; 9] = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6];

/// The result of a question over one corpus.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfidenceCase {
    /// The size of the corpus.
    pub size: CorpusSize,
    /// The fold of the question.
    pub fold: u64,
    /// Whether the corpus has a post that answers the question.
    pub is_answerable: bool,
    /// The best candidate with its label; `None` if there is no candidate, which counts as not answered.
    pub sample: Option<TrainingSample>,
}

/// The fitted confidence and its quality.
#[derive(Debug, Clone)]
pub struct ConfidenceFit {
    /// The number of training cases: those with a candidate.
    pub trained_on: usize,
    /// The logarithm of the odds if all signals are 0.
    pub bias: FittedWeight,
    /// The weights of the signals, in the order of [`Signal::ALL`].
    pub weights: Vec<FittedWeight>,
    /// The cross-validated quality at each corpus size.
    pub sizes: Vec<SizeReport>,
}

/// The quality of the confidence over the corpora of one size.
#[derive(Debug, Clone, PartialEq)]
pub struct SizeReport {
    /// The size.
    pub size: CorpusSize,
    /// The mean number of posts in a corpus.
    pub posts: u64,
    /// The number of questions over all corpora.
    pub questions: usize,
    /// AUROC of right questions against wrong ones.
    pub auroc_right: Option<f64>,
    /// AUROC of answerable questions against unanswerable ones.
    pub auroc_answerable: Option<f64>,
    /// The expected calibration error.
    pub ece: f64,
    /// The results at some thresholds.
    pub points: Vec<ThresholdPoint>,
}

/// The results at a threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThresholdPoint {
    /// The least confidence of an answer.
    pub threshold: f64,
    /// The share of the answerable questions that are answered.
    pub answered: f64,
    /// The share of the unanswerable questions that are answered.
    pub false_answers: f64,
    /// The share of the answerable questions that are answered rightly.
    pub hit_1: f64,
}

impl ConfidenceCase {
    /// Labels the explanation of a question over a corpus.
    pub fn new(judged: &JudgedQuestion, explanation: &Explanation, corpus: &CorpusSample<'_>) -> Self {
        let is_answerable = judged.posts.iter().any(|name| corpus.contains_file(name));
        let sample = |is_right| TrainingSample {
            weight: corpus.size.weight(is_answerable),
            is_right,
            values: explanation.signals.iter().map(|(_, value, _)| f64::from(*value)).collect(),
        };
        Self {
            size: corpus.size,
            fold: fold(&judged.group),
            is_answerable,
            sample: explanation.candidates.first().map(|candidate| sample(is_right(judged, candidate))),
        }
    }

    fn is_right(&self) -> bool {
        self.sample.as_ref().is_some_and(|sample| sample.is_right)
    }
}

impl ConfidenceFit {
    /// Fits the confidence to these cases. `corpora` has the size and the number of posts of each corpus.
    pub fn fit(cases: &[ConfidenceCase], corpora: &[(CorpusSize, u64)]) -> Self {
        let fit = |filter: &dyn Fn(&ConfidenceCase) -> bool| {
            let samples: Vec<&TrainingSample> =
                cases.iter().filter(|case| filter(case)).filter_map(|case| case.sample.as_ref()).collect();
            Logistic::fit(&samples, Signal::ALL.len())
        };
        let by_fold: Vec<Logistic> = (0..FOLDS).map(|fold| fit(&|case| case.fold != fold)).collect();
        let confidence = |case: &ConfidenceCase| {
            let model = usize::try_from(case.fold).ok().and_then(|fold| by_fold.get(fold));
            case.sample.as_ref().zip(model).map_or(0.0, |(sample, model)| model.probability(&sample.values))
        };
        let held_out: Vec<(&ConfidenceCase, f64)> =
            cases.iter().map(|case| (case, confidence(case))).collect();
        let all = fit(&|_| true);
        let weights = Weights::builtin();
        let weight = |(signal, fitted): (Signal, &f64)| FittedWeight {
            name: signal.name(),
            before: f64::from(weights.signal_weight(signal)),
            fitted: Some(*fitted),
        };
        Self {
            trained_on: cases.iter().filter(|case| case.sample.is_some()).count(),
            bias: FittedWeight { name: "bias", before: f64::from(weights.bias()), fitted: Some(all.bias) },
            weights: Signal::ALL.into_iter().zip(&all.weights).map(weight).collect(),
            sizes: CorpusSize::ALL
                .into_iter()
                .filter_map(|size| SizeReport::new(size, &held_out, corpora))
                .collect(),
        }
    }
}

impl SizeReport {
    /// `held_out` has the cross-validated confidence of each case. Returns `None` if no corpus has this size.
    fn new(
        size: CorpusSize,
        held_out: &[(&ConfidenceCase, f64)],
        corpora: &[(CorpusSize, u64)],
    ) -> Option<Self> {
        let posts: Vec<u64> =
            corpora.iter().filter(|corpus| corpus.0 == size).map(|(_, posts)| *posts).collect();
        let corpora = u64::try_from(posts.len()).ok().filter(|count| *count > 0)?;
        let cases: Vec<(&ConfidenceCase, f64)> =
            held_out.iter().filter(|(case, _)| case.size == size).copied().collect();
        let predictions = |label: fn(&ConfidenceCase) -> bool| {
            cases.iter().map(|(case, confidence)| (*confidence, label(case))).collect()
        };
        let right: Vec<Prediction> = predictions(ConfidenceCase::is_right);
        let answerable: Vec<Prediction> = predictions(|case| case.is_answerable);
        let mut thresholds: Vec<f64> = THRESHOLDS.into_iter().chain(strictness_thresholds()).collect();
        thresholds.sort_by(f64::total_cmp);
        thresholds.dedup();
        Some(Self {
            size,
            posts: (posts.iter().sum::<u64>() + corpora / 2) / corpora,
            questions: cases.len(),
            auroc_right: auroc(&right),
            auroc_answerable: auroc(&answerable),
            ece: Calibration::new(&right).ece,
            points: thresholds.into_iter().map(|threshold| ThresholdPoint::new(threshold, &cases)).collect(),
        })
    }
}

impl ThresholdPoint {
    fn new(threshold: f64, cases: &[(&ConfidenceCase, f64)]) -> Self {
        let share = |filter: fn(&ConfidenceCase) -> bool, label: fn(&ConfidenceCase) -> bool| {
            let flags: Vec<f64> = cases
                .iter()
                .filter(|(case, _)| filter(case))
                .map(|(case, confidence)| f64::from(*confidence >= threshold && label(case)))
                .collect();
            crate::metrics::mean(&flags)
        };
        Self {
            threshold,
            answered: share(|case| case.is_answerable, |_| true),
            false_answers: share(|case| !case.is_answerable, |_| true),
            hit_1: share(|case| case.is_answerable, ConfidenceCase::is_right),
        }
    }
}

/// The thresholds of the weights file, with the digits that they have there.
fn strictness_thresholds() -> impl Iterator<Item = f64> {
    let all = [Strictness::Strict, Strictness::Balanced, Strictness::Eager].into_iter();
    all.map(|strictness| (f64::from(strictness.threshold()) * 1e4).round() / 1e4)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A case whose first signal is its label.
    fn case(size: CorpusSize, fold: u64, is_right: bool) -> ConfidenceCase {
        let mut values = vec![0.0; Signal::ALL.len()];
        values[0] = f64::from(is_right);
        let sample = Some(TrainingSample { weight: 1.0, is_right, values });
        ConfidenceCase { size, fold, is_answerable: is_right, sample }
    }

    #[test]
    fn reports_are_cross_validated() {
        let without_candidate = ConfidenceCase { sample: None, ..case(CorpusSize::All, 0, false) };
        let all = (0..FOLDS)
            .flat_map(|fold| [case(CorpusSize::All, fold, true), case(CorpusSize::All, fold, false)]);
        let half = [case(CorpusSize::Half, 0, true), case(CorpusSize::Half, 1, false)];
        let cases: Vec<ConfidenceCase> = all.chain(half).chain([without_candidate]).collect();
        let found = ConfidenceFit::fit(
            &cases,
            &[(CorpusSize::All, 10), (CorpusSize::Half, 4), (CorpusSize::Half, 5)],
        );
        assert_eq!((found.trained_on, found.weights.len()), (12, Signal::ALL.len()));
        let [all, half] = found.sizes.as_slice() else { panic!("{:?}", found.sizes) };
        assert_eq!((all.size, all.posts, all.questions), (CorpusSize::All, 10, 11));
        assert_eq!((half.size, half.posts, half.questions), (CorpusSize::Half, 5, 2));
        assert_eq!((all.auroc_right, all.auroc_answerable), (Some(1.0), Some(1.0)));
        let point = all.points.iter().find(|point| point.threshold >= 0.5).expect("one");
        assert_eq!((point.answered, point.false_answers, point.hit_1), (1.0, 0.0, 1.0));
        let found: Vec<f64> = all.points.iter().map(|point| point.threshold).collect();
        assert!(strictness_thresholds().all(|threshold| found.contains(&threshold)), "{found:?}");
    }
}
