//! The report on fitted weights.

use super::line;
use crate::fit::confidence::{AtSize, Confidence, Point};
use crate::fit::corpora::Size;
use crate::fit::ranking::{Hits, Ranking};
use crate::fit::{Fit, Weight};

/// The page: lines that end with a line feed.
#[must_use]
pub fn fit(fit: &Fit) -> String {
    let mut page = String::new();
    let Fit { questions, answerable, posts, .. } = fit;
    line(&mut page, &format!("{questions} questions, {answerable} with an answer; {posts} posts"));
    line(&mut page, "cross-validated: each question by weights that no question about its post was used for");
    page.push('\n');
    ranking(&mut page, &fit.ranking, *answerable);
    page.push('\n');
    confidence(&mut page, &fit.confidence);
    page.push('\n');
    line(
        &mut page,
        "The confidence is that of the ranking which is compiled in: put the weights in their place,",
    );
    line(&mut page, "build, and fit again, until they hardly move.");
    page
}

fn ranking(page: &mut String, ranking: &Ranking, answerable: usize) {
    let Ranking { taught, found, .. } = ranking;
    line(
        page,
        &format!(
            "ranking: {found} of these have a window, {taught} right and wrong ones, which it is fitted to"
        ),
    );
    line(page, &format!("  {:<24} {:>12} {:>12}", "first windows", "hit@1", "hit@3"));
    for (what, hits) in [
        ("before", ranking.before),
        ("fitted, cross-validated", ranking.held_out),
        ("fitted to all", ranking.by_heart),
    ] {
        let Hits { one, three } = hits;
        let cell = |hits: usize| format!("{hits} {:.3}", share(hits, answerable));
        line(page, &format!("  {what:<24} {:>12} {:>12}", cell(one), cell(three)));
    }
    page.push('\n');
    weights(page, "part", &ranking.weights);
}

fn confidence(page: &mut String, confidence: &Confidence) {
    let Confidence { taught, bias, weights: signals, sizes } = confidence;
    line(
        page,
        &format!("confidence: fitted to the best windows of {taught} questions over corpora of all sizes"),
    );
    let all: Vec<Weight> = std::iter::once(*bias).chain(signals.iter().copied()).collect();
    weights(page, "signal", &all);
    page.push('\n');
    line(
        page,
        &format!(
            "  {:<18} {:>5} {:>6} {:>12} {:>17} {:>6}",
            "cross-validated", "posts", "asked", "AUROC right", "AUROC answerable", "ECE"
        ),
    );
    for at in sizes {
        let AtSize { posts, asked, ece, .. } = at;
        let (right, answerable) = (maybe(at.right), maybe(at.answerable));
        let name = name(at.size);
        line(page, &format!("  {name:<18} {posts:>5} {asked:>6} {right:>12} {answerable:>17} {ece:>6.3}"));
    }
    page.push('\n');
    points(page, sizes);
}

/// A row for each confidence from which on is answered, three columns for each size.
fn points(page: &mut String, sizes: &[AtSize]) {
    let over: Vec<String> = sizes.iter().map(|at| format!("{:^21}", format!("{} posts", at.posts))).collect();
    line(page, &format!("  {:<7} {}", "from", over.join("  ")));
    let heads: Vec<&str> = sizes.iter().map(|_| "answered  false hit@1").collect();
    line(page, &format!("  {:<7} {}", "", heads.join("  ")));
    let rows = sizes.iter().map(|at| at.points.len()).max().unwrap_or_default();
    for row in 0..rows {
        let points: Vec<&Point> = sizes.iter().filter_map(|at| at.points.get(row)).collect();
        let from = points.first().map_or(0.0, |point| point.from);
        let cells = points.iter().map(|point| {
            let Point { answered, false_answers, hit_1, .. } = point;
            format!("{answered:>8.2}  {false_answers:>5.2} {hit_1:>5.3}")
        });
        line(page, &format!("  {from:<7.2} {}", cells.collect::<Vec<_>>().join("  ")));
    }
}

fn weights(page: &mut String, what: &str, weights: &[Weight]) {
    line(page, &format!("  {what:<16} {:>8} {:>8}", "before", "fitted"));
    for Weight { name, before, fitted } in weights {
        let fitted = fitted.map_or_else(|| "kept".to_owned(), |fitted| format!("{fitted:.3}"));
        line(page, &format!("  {name:<16} {before:>8.3} {fitted:>8}"));
    }
}

fn name(size: Size) -> &'static str {
    match size {
        Size::All => "all posts",
        Size::Half => "halves",
        Size::Quarter => "quarters",
        Size::Folder => "small folders",
    }
}

fn maybe(number: Option<f64>) -> String {
    number.map_or_else(|| "–".to_owned(), |number| format!("{number:.3}"))
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 questions")]
fn share(some: usize, all: usize) -> f64 {
    some as f64 / all.max(1) as f64
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn sample() -> Fit {
        let weight = |name, before, fitted| Weight { name, before, fitted };
        let point = |from| Point { from, answered: 0.9, false_answers: 0.25, hit_1: 0.712_34 };
        let at = |size, posts, right| AtSize {
            size,
            posts,
            asked: 30,
            right,
            answerable: Some(0.9),
            ece: 0.05,
            points: vec![point(0.1), point(0.28)],
        };
        Fit {
            questions: 12,
            answerable: 10,
            posts: 214,
            ranking: Ranking {
                taught: 8,
                found: 9,
                before: Hits { one: 6, three: 7 },
                held_out: Hits { one: 7, three: 8 },
                by_heart: Hits { one: 8, three: 10 },
                weights: vec![weight("coverage", 3.3, Some(3.219)), weight("caption", -0.7, None)],
            },
            confidence: Confidence {
                taught: 80,
                bias: weight("bias", -2.044, Some(-1.985)),
                weights: vec![weight("margin", 2.28, Some(2.251))],
                sizes: vec![at(Size::All, 214, Some(0.836)), at(Size::Folder, 5, None)],
            },
        }
    }

    #[test]
    fn a_report() {
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
