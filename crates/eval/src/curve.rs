//! What the confidence is worth for telling right from wrong.
//!
//! The risk–coverage curve is that of selective answering (El-Yaniv and Wiener, "On the foundations of noise-free
//! selective classification", 2010): the surest questions are answered first, and of those answered some are wrong.
//! Its area is the mean of that share over all numbers of questions answered (Geifman and El-Yaniv, "Selective
//! classification for deep neural networks", 2017); 0 is best.

use serde::Serialize;

use super::report::rounded;

/// A confidence, and whether what it was about came true.
pub type Sure = (f64, bool);

/// What is answered where at least so much confidence is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// The least confidence with which is answered.
    pub confidence: f64,
    /// The part of all questions that is answered.
    pub coverage: f64,
    /// The part of those answered that is wrong.
    pub risk: f64,
}

/// The points for each confidence there is, the surest first. Without questions there are none.
#[must_use]
pub fn risk_coverage(questions: &[Sure]) -> Vec<Point> {
    let all = count(questions.len());
    let point = |step: &Step| Point {
        confidence: rounded(step.confidence),
        coverage: rounded((step.before.0 + step.here.0) / all),
        risk: rounded((step.before.1 + step.here.1) / (step.before.0 + step.here.0)),
    };
    steps(questions).iter().map(point).collect()
}

/// The area under the curve, 0 to 1; `None` without questions. Questions of one confidence count as in the mean of all
/// their orders.
#[must_use]
pub fn area(questions: &[Sure]) -> Option<f64> {
    if questions.is_empty() {
        return None;
    }
    let mut sum = 0.0;
    for step in steps(questions) {
        let share = step.here.1 / step.here.0;
        let mut within = 1.0;
        while within <= step.here.0 {
            sum += (step.before.1 + within * share) / (step.before.0 + within);
            within += 1.0;
        }
    }
    Some(sum / count(questions.len()))
}

/// The area with the same questions if all that are right came before all that are wrong.
#[must_use]
pub fn best_area(questions: &[Sure]) -> Option<f64> {
    let known: Vec<Sure> = questions.iter().map(|(_, right)| (f64::from(*right), *right)).collect();
    area(&known)
}

/// The chance that of a true and a false one the true one has the higher confidence, ties counting half: the area
/// under the ROC curve. `None` where there are not both.
#[must_use]
pub fn auroc(questions: &[Sure]) -> Option<f64> {
    let wrong = count(questions.iter().filter(|(_, right)| !right).count());
    let right = count(questions.len()) - wrong;
    let above = |step: &Step| {
        let right_here = step.here.0 - step.here.1;
        right_here * (wrong - step.before.1 - step.here.1 / 2.0)
    };
    let won: f64 = steps(questions).iter().map(above).sum();
    (right > 0.0 && wrong > 0.0).then(|| won / (right * wrong))
}

/// All questions of one confidence.
struct Step {
    confidence: f64,
    /// How many are surer than these, and how many of them are wrong.
    before: (f64, f64),
    /// How many these are, and how many of them are wrong.
    here: (f64, f64),
}

/// The surest first.
fn steps(questions: &[Sure]) -> Vec<Step> {
    let mut sorted = questions.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut steps: Vec<Step> = Vec::new();
    for (confidence, right) in sorted {
        let wrong = f64::from(!right);
        match steps.last_mut() {
            Some(step) if step.confidence.total_cmp(&confidence).is_eq() => {
                step.here = (step.here.0 + 1.0, step.here.1 + wrong);
            }
            last => {
                let before = last
                    .map_or((0.0, 0.0), |step| (step.before.0 + step.here.0, step.before.1 + step.here.1));
                steps.push(Step { confidence, before, here: (1.0, wrong) });
            }
        }
    }
    steps
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 questions")]
fn count(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| (found - expected).abs() < 1e-9)
    }

    /// In the order of confidence: right, wrong, right, wrong.
    const MIXED: [Sure; 4] = [(0.2, false), (0.9, true), (0.4, true), (0.7, false)];

    #[test]
    fn risk_grows_with_coverage() {
        let point = |confidence, coverage, risk| Point { confidence, coverage, risk };
        assert_eq!(
            risk_coverage(&MIXED),
            [point(0.9, 0.25, 0.0), point(0.7, 0.5, 0.5), point(0.4, 0.75, 0.333_333), point(0.2, 1.0, 0.5)]
        );
        // (0 + 1/2 + 1/3 + 1/2) / 4, and at best (0 + 0 + 1/3 + 1/2) / 4.
        assert!(near(area(&MIXED), 4.0 / 12.0));
        assert!(near(best_area(&MIXED), 2.5 / 12.0));
        assert_eq!((area(&[]), risk_coverage(&[])), (None, vec![]));
    }

    #[test]
    fn questions_of_one_confidence_count_as_all_their_orders() {
        let tied = [(0.5, true), (0.5, false)];
        assert_eq!(risk_coverage(&tied), [Point { confidence: 0.5, coverage: 1.0, risk: 0.5 }]);
        // Right first: (0 + 1/2) / 2; wrong first: (1 + 1/2) / 2; their mean is 1/2.
        assert!(near(area(&tied), 0.5));
    }

    #[test]
    fn the_roc_counts_pairs() {
        // Right ones at 0.9 and 0.4, wrong ones at 0.7 and 0.2: 3 of 4 pairs are in order.
        assert!(near(auroc(&MIXED), 0.75));
        assert!(near(auroc(&[(0.5, true), (0.5, false)]), 0.5));
        assert!(near(auroc(&[(0.5, true), (0.5, false), (0.5, false), (0.1, false)]), 2.0 / 3.0));
        assert!(near(auroc(&[(0.1, true), (0.9, false)]), 0.0));
        assert_eq!(auroc(&[(0.5, true)]), None);
    }
}
