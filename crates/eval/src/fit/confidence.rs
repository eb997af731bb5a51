//! What makes an answer sure, fitted to questions over corpora of several sizes.

use super::models::{Logistic, TrainingSample};
use super::{FOLDS, FittedWeight, fold, is_right};
use crate::confidence::{Calibration, Prediction, auroc};
use crate::corpus_files::{CorpusSample, CorpusSize};
use crate::questions::JudgedQuestion;
use takeaways_answer::{Explanation, Signal, Strictness, Weights};

/// The confidences from which on is answered, in the report; those of the file stand there too.
const THRESHOLDS: [f64; 9] = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6];

/// A question over a corpus.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfidenceCase {
    /// The size of the corpus.
    pub size: CorpusSize,
    /// The part that the question is in.
    pub fold: u64,
    /// Whether the corpus holds one of the posts that answer it.
    pub is_answerable: bool,
    /// Its best candidate, whether that is right; `None` where it has none, which is never an answer.
    pub sample: Option<TrainingSample>,
}

/// The confidence, and what it is worth.
#[derive(Debug, Clone)]
pub struct ConfidenceFit {
    /// The cases with a candidate: those that it was fitted to.
    pub trained_on: usize,
    /// The logarithm of the odds where no signal says anything.
    pub bias: FittedWeight,
    /// One for each signal, in the order of [`Signal::ALL`].
    pub weights: Vec<FittedWeight>,
    /// What it is worth at each size, each question by weights that were fitted without it.
    pub sizes: Vec<SizeReport>,
}

/// What the confidence is worth over the corpora of one size.
#[derive(Debug, Clone, PartialEq)]
pub struct SizeReport {
    /// The size.
    pub size: CorpusSize,
    /// Posts of a corpus, in the mean.
    pub posts: u64,
    /// How many questions were asked of all of them together.
    pub questions: usize,
    /// AUROC of right against wrong.
    pub auroc_right: Option<f64>,
    /// AUROC of questions with an answer there against the others.
    pub auroc_answerable: Option<f64>,
    /// The expected calibration error.
    pub ece: f64,
    /// What comes of answering from some confidences on.
    pub points: Vec<ThresholdPoint>,
}

/// What comes of answering from a confidence on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThresholdPoint {
    /// That confidence.
    pub threshold: f64,
    /// The part of the questions with an answer there that is answered.
    pub answered: f64,
    /// The part of the others that is answered.
    pub false_answers: f64,
    /// The part of the questions with an answer there that is answered rightly.
    pub hit_1: f64,
}

impl ConfidenceCase {
    /// What came back for a question over a corpus.
    #[must_use]
    pub fn new(judged: &JudgedQuestion, why: &Explanation, corpus: &CorpusSample<'_>) -> Self {
        let is_answerable = judged.posts.iter().any(|name| corpus.contains_file(name));
        let sample = |is_right| TrainingSample {
            weight: corpus.size.weight(is_answerable),
            is_right,
            values: why.signals.iter().map(|(_, value, _)| f64::from(*value)).collect(),
        };
        Self {
            size: corpus.size,
            fold: fold(&judged.group),
            is_answerable,
            sample: why.candidates.first().map(|window| sample(is_right(judged, window))),
        }
    }

    fn is_right(&self) -> bool {
        self.sample.as_ref().is_some_and(|sample| sample.is_right)
    }
}

impl ConfidenceFit {
    /// Fitted to these cases, over corpora of these sizes with so many posts.
    #[must_use]
    pub fn fit(cases: &[ConfidenceCase], corpora: &[(CorpusSize, u64)]) -> Self {
        let fit = |fits: &dyn Fn(&ConfidenceCase) -> bool| {
            let samples: Vec<&TrainingSample> =
                cases.iter().filter(|case| fits(case)).filter_map(|case| case.sample.as_ref()).collect();
            Logistic::fit(&samples, Signal::ALL.len())
        };
        let by_fold: Vec<Logistic> = (0..FOLDS).map(|fold| fit(&|case| case.fold != fold)).collect();
        let confidence = |case: &ConfidenceCase| {
            let model = usize::try_from(case.fold).ok().and_then(|fold| by_fold.get(fold));
            let probability =
                case.sample.as_ref().zip(model).map(|(sample, model)| model.probability(&sample.values));
            probability.unwrap_or(0.0)
        };
        let judged: Vec<(&ConfidenceCase, f64)> = cases.iter().map(|case| (case, confidence(case))).collect();
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
                .filter_map(|size| SizeReport::new(size, &judged, corpora))
                .collect(),
        }
    }
}

impl SizeReport {
    /// `None` where there is no corpus of this size.
    fn new(
        size: CorpusSize,
        judged: &[(&ConfidenceCase, f64)],
        corpora: &[(CorpusSize, u64)],
    ) -> Option<Self> {
        let posts: Vec<u64> = corpora.iter().filter(|(of, _)| *of == size).map(|(_, posts)| *posts).collect();
        let corpora = u64::try_from(posts.len()).ok().filter(|count| *count > 0)?;
        let here: Vec<(&ConfidenceCase, f64)> =
            judged.iter().filter(|(case, _)| case.size == size).copied().collect();
        let confidence = |is_so: fn(&ConfidenceCase) -> bool| {
            here.iter().map(|(case, confidence)| (*confidence, is_so(case))).collect()
        };
        let right: Vec<Prediction> = confidence(ConfidenceCase::is_right);
        let answerable: Vec<Prediction> = confidence(|case| case.is_answerable);
        let mut points = Vec::from(THRESHOLDS);
        points.extend(thresholds());
        points.sort_by(f64::total_cmp);
        points.dedup();
        Some(Self {
            size,
            posts: (posts.iter().sum::<u64>() + corpora / 2) / corpora,
            questions: here.len(),
            auroc_right: auroc(&right),
            auroc_answerable: auroc(&answerable),
            ece: Calibration::new(&right).ece,
            points: points.into_iter().map(|threshold| ThresholdPoint::new(threshold, &here)).collect(),
        })
    }
}

impl ThresholdPoint {
    fn new(threshold: f64, judged: &[(&ConfidenceCase, f64)]) -> Self {
        let share = |is_of: fn(&ConfidenceCase) -> bool, is_so: &dyn Fn(&ConfidenceCase, f64) -> bool| {
            let all: Vec<f64> = judged
                .iter()
                .filter(|(case, _)| is_of(case))
                .map(|(case, confidence)| f64::from(*confidence >= threshold && is_so(case, *confidence)))
                .collect();
            crate::metrics::mean(&all)
        };
        Self {
            threshold,
            answered: share(|case| case.is_answerable, &|_, _| true),
            false_answers: share(|case| !case.is_answerable, &|_, _| true),
            hit_1: share(|case| case.is_answerable, &|case, _| case.is_right()),
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
    fn case(size: CorpusSize, fold: u64, right: bool) -> ConfidenceCase {
        let mut values = vec![0.0; Signal::ALL.len()];
        values[0] = f64::from(right);
        ConfidenceCase {
            size,
            fold,
            is_answerable: right,
            sample: Some(TrainingSample { weight: 1.0, is_right: right, values }),
        }
    }

    #[test]
    fn each_question_is_judged_by_what_the_others_teach() {
        let nothing = ConfidenceCase { sample: None, ..case(CorpusSize::All, 0, false) };
        let all = (0..FOLDS)
            .flat_map(|fold| [case(CorpusSize::All, fold, true), case(CorpusSize::All, fold, false)]);
        let half = [case(CorpusSize::Half, 0, true), case(CorpusSize::Half, 1, false)];
        let cases: Vec<ConfidenceCase> = all.chain(half).chain([nothing]).collect();
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
        let found_at: Vec<f64> = all.points.iter().map(|point| point.threshold).collect();
        assert!(thresholds().all(|threshold| found_at.contains(&threshold)), "{found_at:?}");
    }
}
