//! Renders the report of a fit.

use super::number_or_dash;
use crate::corpus_files::CorpusSize;
use crate::fit::confidence::{ConfidenceFit, SizeReport, ThresholdPoint};
use crate::fit::ranking::{Hits, RankingFit};
use crate::fit::{FitResult, FittedWeight};
use crate::metrics::to_float;

/// Renders a fit as lines of text.
pub fn fit(fit: &FitResult) -> String {
    let mut page = String::new();
    let FitResult { questions, answerable, posts, .. } = fit;
    line!(page, "{questions} questions, {answerable} with an answer; {posts} posts");
    line!(page, "cross-validated: each question by weights that no question about its post was used for");
    page.push('\n');
    ranking_lines(&mut page, &fit.ranking, *answerable);
    page.push('\n');
    confidence_lines(&mut page, &fit.confidence);
    page.push('\n');
    line!(
        page,
        "The confidence is that of the ranking which is compiled in: put the weights in their place,"
    );
    line!(page, "build, and fit again, until they hardly move.");
    page
}

fn ranking_lines(page: &mut String, ranking: &RankingFit, answerable: usize) {
    let RankingFit { trained_on, with_candidates, .. } = ranking;
    line!(
        page,
        "ranking: {with_candidates} of these have a window, {trained_on} right and wrong ones, which it is fitted to"
    );
    line!(page, "  {:<24} {:>12} {:>12}", "first windows", "hit@1", "hit@3");
    for (what, hits) in [
        ("before", ranking.before),
        ("fitted, cross-validated", ranking.held_out),
        ("fitted to all", ranking.training),
    ] {
        let Hits { one, three } = hits;
        let cell = |hits: usize| format!("{hits} {:.3}", share(hits, answerable));
        line!(page, "  {what:<24} {:>12} {:>12}", cell(one), cell(three));
    }
    page.push('\n');
    weight_table(page, "part", &ranking.weights);
}

fn confidence_lines(page: &mut String, confidence: &ConfidenceFit) {
    let ConfidenceFit { trained_on, bias, weights: signals, sizes } = confidence;
    line!(page, "confidence: fitted to the best windows of {trained_on} questions over corpora of all sizes");
    let all: Vec<FittedWeight> = std::iter::once(*bias).chain(signals.iter().copied()).collect();
    weight_table(page, "signal", &all);
    page.push('\n');
    line!(
        page,
        "  {:<18} {:>5} {:>6} {:>12} {:>17} {:>6}",
        "cross-validated",
        "posts",
        "asked",
        "AUROC right",
        "AUROC answerable",
        "ECE"
    );
    for at in sizes {
        let SizeReport { posts, questions, ece, .. } = at;
        let (right, answerable) = (number_or_dash(at.auroc_right), number_or_dash(at.auroc_answerable));
        let name = size_name(at.size);
        line!(page, "  {name:<18} {posts:>5} {questions:>6} {right:>12} {answerable:>17} {ece:>6.3}");
    }
    page.push('\n');
    threshold_table(page, sizes);
}

/// Renders a row for each threshold, with three columns for each corpus size.
fn threshold_table(page: &mut String, sizes: &[SizeReport]) {
    let headings: Vec<String> =
        sizes.iter().map(|at| format!("{:^21}", format!("{} posts", at.posts))).collect();
    line!(page, "  {:<7} {}", "from", headings.join("  "));
    let columns: Vec<&str> = sizes.iter().map(|_| "answered  false hit@1").collect();
    line!(page, "  {:<7} {}", "", columns.join("  "));
    let rows = sizes.iter().map(|at| at.points.len()).max().unwrap_or_default();
    for row in 0..rows {
        let points: Vec<&ThresholdPoint> = sizes.iter().filter_map(|at| at.points.get(row)).collect();
        let from = points.first().map_or(0.0, |point| point.threshold);
        let cells = points.iter().map(|point| {
            let ThresholdPoint { answered, false_answers, hit_1, .. } = point;
            format!("{answered:>8.2}  {false_answers:>5.2} {hit_1:>5.3}")
        });
        line!(page, "  {from:<7.2} {}", cells.collect::<Vec<_>>().join("  "));
    }
}

fn weight_table(page: &mut String, what: &str, weights: &[FittedWeight]) {
    line!(page, "  {what:<16} {:>8} {:>8}", "before", "fitted");
    for FittedWeight { name, before, fitted } in weights {
        let fitted = fitted.map_or_else(|| "kept".to_owned(), |fitted| format!("{fitted:.3}"));
        line!(page, "  {name:<16} {before:>8.3} {fitted:>8}");
    }
}

fn size_name(size: CorpusSize) -> &'static str {
    match size {
        CorpusSize::All => "all posts",
        CorpusSize::Half => "halves",
        CorpusSize::Quarter => "quarters",
        CorpusSize::Folder => "small folders",
    }
}

fn share(count: usize, total: usize) -> f64 {
    to_float(count) / to_float(total.max(1))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn sample() -> FitResult {
        let weight = |name, before, fitted| FittedWeight { name, before, fitted };
        let point =
            |threshold| ThresholdPoint { threshold, answered: 0.9, false_answers: 0.25, hit_1: 0.712_34 };
        let size_report = |size, posts, right| SizeReport {
            size,
            posts,
            questions: 30,
            auroc_right: right,
            auroc_answerable: Some(0.9),
            ece: 0.05,
            points: vec![point(0.1), point(0.28)],
        };
        FitResult {
            questions: 12,
            answerable: 10,
            posts: 214,
            ranking: RankingFit {
                trained_on: 8,
                with_candidates: 9,
                before: Hits { one: 6, three: 7 },
                held_out: Hits { one: 7, three: 8 },
                training: Hits { one: 8, three: 10 },
                weights: vec![weight("coverage", 3.3, Some(3.219)), weight("caption", -0.7, None)],
            },
            confidence: ConfidenceFit {
                trained_on: 80,
                bias: weight("bias", -2.044, Some(-1.985)),
                weights: vec![weight("margin", 2.28, Some(2.251))],
                sizes: vec![
                    size_report(CorpusSize::All, 214, Some(0.836)),
                    size_report(CorpusSize::Folder, 5, None),
                ],
            },
        }
    }

    #[test]
    fn a_fit_is_rendered() {
        assert_snapshot!(fit(&sample()), @"
        12 questions, 10 with an answer; 214 posts
        cross-validated: each question by weights that no question about its post was used for

        ranking: 9 of these have a window, 8 right and wrong ones, which it is fitted to
          first windows                   hit@1        hit@3
          before                        6 0.600      7 0.700
          fitted, cross-validated       7 0.700      8 0.800
          fitted to all                 8 0.800     10 1.000

          part               before   fitted
          coverage            3.300    3.219
          caption            -0.700     kept

        confidence: fitted to the best windows of 80 questions over corpora of all sizes
          signal             before   fitted
          bias               -2.044   -1.985
          margin              2.280    2.251

          cross-validated    posts  asked  AUROC right  AUROC answerable    ECE
          all posts            214     30        0.836             0.900  0.050
          small folders          5     30            –             0.900  0.050

          from          214 posts               5 posts
                  answered  false hit@1  answered  false hit@1
          0.10        0.90   0.25 0.712      0.90   0.25 0.712
          0.28        0.90   0.25 0.712      0.90   0.25 0.712

        The confidence is that of the ranking which is compiled in: put the weights in their place,
        build, and fit again, until they hardly move.
        ");
    }
}
