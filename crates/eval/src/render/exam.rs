//! The report on questions with known answers.

use super::line;
use super::misses::misses;
use super::numbers::{interval, maybe, share};
use crate::calibration::Calibration;
use crate::confidence::Confidence;
use crate::curve::Point;
use crate::exam::{Exactness, Exam};
use crate::scores::{Scores, Share};
use crate::setting::Setting;
use crate::time::Time;
use takeaways_render::clean::one_line;

/// The parts of all questions at which the risk is shown.
const COVERAGES: [f64; 6] = [0.1, 0.25, 0.5, 0.75, 0.9, 1.0];

/// The page: lines that end with a line feed.
#[must_use]
pub fn exam(exam: &Exam) -> String {
    let mut page = heading(&exam.setting);
    page.push('\n');
    table(&mut page, exam);
    page.push('\n');
    shares(&mut page, exam);
    page.push('\n');
    confidence(&mut page, &exam.confidence);
    page.push('\n');
    exactness(&mut page, &exam.exactness);
    if let Some(Time { first, again }) = exam.time {
        for (what, took) in [("when first asked", first), ("when asked again", again)] {
            let (half, most) = (took.p50_us / 1e3, took.p99_us / 1e3);
            line(
                &mut page,
                &format!("An answer took {half:.2} ms at the median {what}, {most:.2} ms at p99."),
            );
        }
    }
    misses(&mut page, &exam.misses);
    page
}

/// What was asked of what.
pub(super) fn heading(setting: &Setting) -> String {
    let mut page = String::new();
    let Setting { questions, answerable, posts, passages, threshold, .. } = setting;
    let day = setting.now.strftime("%Y-%m-%d");
    line(
        &mut page,
        &format!("{questions} questions, {answerable} with an answer; {posts} posts, {passages} passages"),
    );
    line(&mut page, &format!("answered from a confidence of {threshold:.2} on, as of {day}"));
    line(&mut page, "in brackets: 95 % of 10,000 draws of as many questions");
    if !setting.absent.is_empty() {
        let names: Vec<String> = setting.absent.iter().map(|name| one_line(name)).collect();
        line(&mut page, &format!("NOT IN THE CORPUS, though questions name them: {}", names.join(", ")));
    }
    page
}

fn table(page: &mut String, exam: &Exam) {
    row(page, ["with an answer", "n", "refused", "hit@1", "hit@3", "MRR"]);
    let mut scored = |name: &str, scores: &Scores| {
        let (n, refused) = (scores.questions.to_string(), scores.refused.to_string());
        let [one, three, mrr] = [&scores.hit_1, &scores.hit_3, &scores.mrr].map(interval);
        row(page, [&one_line(name), &n, &refused, &one, &three, &mrr]);
    };
    exam.all.iter().for_each(|scores| scored("all", scores));
    exam.by_kind.iter().for_each(|(kind, scores)| scored(&format!("  {kind}"), scores));
    exam.without_refusing.iter().for_each(|scores| scored("if none were refused", scores));
}

fn row(page: &mut String, [name, n, refused, one, three, mrr]: [&str; 6]) {
    line(page, &format!("{name:<20} {n:>5} {refused:>8}   {one:<20} {three:<20} {mrr}"));
}

fn shares(page: &mut String, exam: &Exam) {
    let shares: [(&str, &Option<Share>); 4] = [
        ("refused, though there is an answer:", &exam.refused),
        ("answered, though there is none:", &exam.false_answers),
        ("  near what posts tell of:", &exam.false_answers_near),
        ("  far from it:", &exam.false_answers_far),
    ];
    for (what, found) in shares.into_iter().filter_map(|(what, found)| Some((what, found.as_ref()?))) {
        line(page, &format!("{what:<36} {}", share(found)));
    }
}

fn confidence(page: &mut String, confidence: &Confidence) {
    line(page, "the confidence, over all questions, refused or not");
    let best = confidence.best_aurc.map_or_else(String::new, |best| format!(", at best {best:.3}"));
    for (what, number) in [
        ("risk–coverage, area (AURC)", maybe(confidence.aurc.as_ref()) + &best),
        ("AUROC, right or wrong", maybe(confidence.auroc_right.as_ref())),
        ("AUROC, with or without an answer", maybe(confidence.auroc_answerable.as_ref())),
        ("calibration error (ECE)", format!("{:.3}", confidence.calibration.ece)),
        ("  of what was shown", format!("{:.3}", confidence.calibration_shown.ece)),
    ] {
        line(page, &format!("  {what:<34} {number}"));
    }
    page.push('\n');
    risks(page, &confidence.risk_coverage);
    page.push('\n');
    bins(page, &confidence.calibration);
}

fn risks(page: &mut String, points: &[Point]) {
    line(page, "  answered   from confidence   wrong of them");
    // Where many questions have one confidence, one point covers more than was looked for.
    let mut at: Vec<usize> = COVERAGES
        .into_iter()
        .filter_map(|coverage| points.iter().position(|point| point.coverage >= coverage - 1e-6))
        .collect();
    at.dedup();
    for Point { confidence, coverage, risk } in at.into_iter().filter_map(|at| points.get(at)) {
        line(page, &format!("  {coverage:<10.2} {confidence:<17.3} {risk:.3}"));
    }
}

fn bins(page: &mut String, calibration: &Calibration) {
    line(page, "  confidence   questions   mean    right");
    for bin in calibration.bins.iter().filter(|bin| bin.questions > 0) {
        let (low, high, n) = (bin.low, bin.high, bin.questions);
        line(page, &format!("  {low:.1} – {high:.1}    {n:<11} {:.3}   {:.3}", bin.confidence, bin.right));
    }
}

fn exactness(page: &mut String, exactness: &Exactness) {
    let Exactness { excerpts, inexact } = exactness;
    if inexact.is_empty() {
        return line(
            page,
            &format!(
                "All {excerpts} excerpts are what their files say, with their titles, authors, dates and links."
            ),
        );
    }
    line(page, &format!("{} of {excerpts} excerpts are NOT what their files say:", inexact.len()));
    for wrong in inexact {
        let (id, path, differs) = (&wrong.excerpt, one_line(&wrong.path), wrong.differs.join(", "));
        line(page, &format!("  {id} of {path}: {differs}"));
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::samples;
    use crate::time::Time;

    #[test]
    fn a_page() {
        let mut exam = samples::exam(3);
        exam.time = Time::of(vec![1_500.0], vec![900.0, 1_000.0]);
        exam.setting.absent = vec!["gone.md".into()];
        assert_snapshot!(super::exam(&exam), @r#"
        5 questions, 3 with an answer; 1 posts, 1 passages
        answered from a confidence of 0.50 on, as of 1970-01-01
        in brackets: 95 % of 10,000 draws of as many questions
        NOT IN THE CORPUS, though questions name them: gone.md

        with an answer           n  refused   hit@1                hit@3                MRR
        all                      3        1   0.333 [0.00, 1.00]   0.667 [0.00, 1.00]   0.444 [0.00, 1.00]
          fact                   2        0   0.500 [0.00, 1.00]   1.000 [1.00, 1.00]   0.667 [0.33, 1.00]
          why                    1        1   0.000 [0.00, 0.00]   0.000 [0.00, 0.00]   0.000 [0.00, 0.00]
        if none were refused     3        0   0.667 [0.00, 1.00]   1.000 [1.00, 1.00]   0.778 [0.33, 1.00]

        refused, though there is an answer:  1 of 3, 0.333 [0.00, 1.00]
        answered, though there is none:      1 of 2, 0.500 [0.00, 1.00]
          near what posts tell of:           1 of 1, 1.000 [1.00, 1.00]
          far from it:                       0 of 1, 0.000 [0.00, 0.00]

        the confidence, over all questions, refused or not
          risk–coverage, area (AURC)         0.453 [0.04, 1.00], at best 0.287
          AUROC, right or wrong              0.667 [0.00, 1.00]
          AUROC, with or without an answer   0.833 [0.25, 1.00]
          calibration error (ECE)            0.480
            of what was shown                0.500

          answered   from confidence   wrong of them
          0.20       0.900             0.000
          0.40       0.800             0.500
          0.60       0.600             0.667
          0.80       0.200             0.500
          1.00       0.100             0.600

          confidence   questions   mean    right
          0.1 – 0.2    1           0.100   0.000
          0.2 – 0.3    1           0.200   1.000
          0.6 – 0.7    1           0.600   0.000
          0.8 – 0.9    1           0.800   0.000
          0.9 – 1.0    1           0.900   1.000

        All 6 excerpts are what their files say, with their titles, authors, dates and links.
        An answer took 1.50 ms at the median when first asked, 1.50 ms at p99.
        An answer took 1.00 ms at the median when asked again, 1.00 ms at p99.

        4 (none) ?
          wanted  no answer
          shown with a confidence of 0.600
                1. a.md: It is y.

        3 (why) ?
          wanted  /x/ of a.md
          refused with a confidence of 0.200
        right → 1. a.md: It is X.

        2 (fact) ?
          wanted  /x/ of a.md
          shown with a confidence of 0.800
                1. b.md: x
                2. a.md: It is y.
        right → 3. a.md: It is X.
        "#);
    }
}
