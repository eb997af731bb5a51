//! Renders the report on questions with known answers.

use super::{interval, interval_or_dash, share};
use crate::confidence::{Calibration, ConfidenceReport, RiskCoveragePoint};
use crate::metrics::{Scores, Share};
use crate::qa_report::{Exactness, ExpectedAnswer, Miss, QaReport, QuestionRow};
use crate::questions::UNANSWERABLE;
use crate::report::{Latency, QaSetting};
use takeaways_render::terminal_text::clean_line;

/// The coverages at which the risk is shown.
const COVERAGES: [f64; 6] = [0.1, 0.25, 0.5, 0.75, 0.9, 1.0];

/// Renders a report as lines of text.
pub fn qa_report(report: &QaReport) -> String {
    let mut page = verdict_line(report);
    push_misses(&mut page, &report.misses);
    page.push('\n');
    page += &setting_lines(&report.setting);
    page.push('\n');
    score_table(&mut page, report);
    page.push('\n');
    share_lines(&mut page, report);
    page.push('\n');
    confidence_lines(&mut page, &report.confidence);
    page.push('\n');
    exactness_lines(&mut page, &report.exactness);
    if let Some(Latency { first, again }) = report.time {
        for (what, took) in [("when first asked", first), ("when asked again", again)] {
            let (p50, p99) = (took.p50_us / 1e3, took.p99_us / 1e3);
            line!(page, "An answer took {p50:.2} ms at the median {what}, {p99:.2} ms at p99.");
        }
    }
    page
}

/// Renders in one line how many questions were answered or refused rightly.
fn verdict_line(report: &QaReport) -> String {
    let mut page = String::new();
    let (without, with): (Vec<&QuestionRow>, Vec<_>) =
        report.rows.iter().partition(|row| row.kind == UNANSWERABLE);
    let found = with.iter().filter(|row| row.rank == Some(1)).count();
    let refused = without.iter().filter(|row| row.refused).count();
    let (all, right) = (report.rows.len(), found + refused);
    line!(
        page,
        "{right} of {all} right: of {} with an answer, {found} with a right excerpt first; of {} without, {refused} refused",
        with.len(),
        without.len()
    );
    page
}

/// Renders the conditions of a measurement.
pub(super) fn setting_lines(setting: &QaSetting) -> String {
    let mut page = String::new();
    let QaSetting { questions, answerable, posts, passages, threshold, .. } = setting;
    let day = setting.now.strftime("%Y-%m-%d");
    line!(page, "{questions} questions, {answerable} with an answer; {posts} posts, {passages} passages");
    line!(page, "answered from a confidence of {threshold:.2} on, as of {day}");
    line!(page, "in brackets: 95 % of 10,000 draws of as many questions");
    if !setting.absent.is_empty() {
        let names: Vec<String> = setting.absent.iter().map(|name| clean_line(name)).collect();
        line!(page, "NOT IN THE CORPUS, though questions name them: {}", names.join(", "));
    }
    page
}

fn score_table(page: &mut String, report: &QaReport) {
    score_row(page, ["with an answer", "n", "refused", "hit@1", "hit@3", "MRR"]);
    let mut scored = |name: &str, scores: &Scores| {
        let (n, refused) = (scores.questions.to_string(), scores.refused.to_string());
        let [one, three, mrr] = [&scores.hit_1, &scores.hit_3, &scores.mrr].map(interval);
        score_row(page, [&clean_line(name), &n, &refused, &one, &three, &mrr]);
    };
    report.all.iter().for_each(|scores| scored("all", scores));
    report.by_kind.iter().for_each(|(kind, scores)| scored(&format!("  {kind}"), scores));
    report.without_refusing.iter().for_each(|scores| scored("if none were refused", scores));
}

fn score_row(page: &mut String, [name, n, refused, one, three, mrr]: [&str; 6]) {
    line!(page, "{name:<20} {n:>5} {refused:>8}   {one:<20} {three:<20} {mrr}");
}

fn share_lines(page: &mut String, report: &QaReport) {
    let share_lines: [(&str, &Option<Share>); 4] = [
        ("refused, though there is an answer:", &report.refused),
        ("answered, though there is none:", &report.false_answers),
        ("  near what posts tell of:", &report.false_answers_near),
        ("  far from it:", &report.false_answers_far),
    ];
    for (what, found) in share_lines.into_iter().filter_map(|(what, found)| Some((what, found.as_ref()?))) {
        line!(page, "{what:<36} {}", share(found));
    }
}

fn confidence_lines(page: &mut String, confidence: &ConfidenceReport) {
    line!(page, "the confidence, over all questions, refused or not");
    let best = confidence.best_aurc.map_or_else(String::new, |best| format!(", at best {best:.3}"));
    for (what, number) in [
        ("risk–coverage, area (AURC)", interval_or_dash(confidence.aurc.as_ref()) + &best),
        ("AUROC, right or wrong", interval_or_dash(confidence.auroc_right.as_ref())),
        ("AUROC, with or without an answer", interval_or_dash(confidence.auroc_answerable.as_ref())),
        ("calibration error (ECE)", format!("{:.3}", confidence.calibration.ece)),
        ("  of what was shown", format!("{:.3}", confidence.calibration_shown.ece)),
    ] {
        line!(page, "  {what:<34} {number}");
    }
    page.push('\n');
    risk_table(page, &confidence.risk_coverage);
    page.push('\n');
    calibration_table(page, &confidence.calibration);
}

fn risk_table(page: &mut String, points: &[RiskCoveragePoint]) {
    line!(page, "  answered   from confidence   wrong of them");
    // A point with many questions can be the first one for several coverages.
    let mut at: Vec<usize> = COVERAGES
        .into_iter()
        .filter_map(|coverage| points.iter().position(|point| point.coverage >= coverage - 1e-6))
        .collect();
    at.dedup();
    for RiskCoveragePoint { confidence, coverage, risk } in at.into_iter().filter_map(|at| points.get(at)) {
        line!(page, "  {coverage:<10.2} {confidence:<17.3} {risk:.3}");
    }
}

/// Renders the bins of a reliability diagram.
pub(super) fn calibration_table(page: &mut String, calibration: &Calibration) {
    line!(page, "  confidence   questions   mean    right");
    for bin in calibration.bins.iter().filter(|bin| bin.questions > 0) {
        let (low, high, n) = (bin.low, bin.high, bin.questions);
        line!(page, "  {low:.1} – {high:.1}    {n:<11} {:.3}   {:.3}", bin.confidence, bin.right);
    }
}

fn exactness_lines(page: &mut String, exactness: &Exactness) {
    let Exactness { excerpts, inexact } = exactness;
    if inexact.is_empty() {
        return line!(
            page,
            "All {excerpts} excerpts are what their files say, with their titles, authors, dates and links."
        );
    }
    line!(page, "{} of {excerpts} excerpts are NOT what their files say:", inexact.len());
    for wrong in inexact {
        let (id, path, differs) = (&wrong.excerpt, clean_line(&wrong.path), wrong.differs.join(", "));
        line!(page, "  {id} of {path}: {differs}");
    }
}

/// Renders the questions with their expected answers and their excerpts.
pub(super) fn push_misses(page: &mut String, misses: &[Miss]) {
    for miss in misses {
        page.push('\n');
        line!(page, "{} ({}) {}", clean_line(&miss.id), clean_line(&miss.kind), clean_line(&miss.question));
        line!(page, "  wanted  {}", expected_answer(&miss.wanted));
        line!(page, "  {} with a confidence of {:.3}", verdict(miss), miss.confidence);
        for (at, shown) in miss.shown.iter().enumerate() {
            let mark = if miss.best_rank == Some(at + 1) { "right →" } else { "" };
            let place = format!("{mark:>7} {}.", at + 1);
            line!(page, "{place} {}: {}", clean_line(&shown.file), clean_line(&shown.quote));
        }
    }
}

fn expected_answer(wanted: &ExpectedAnswer) -> String {
    if wanted.posts.is_empty() {
        return "no answer".to_owned();
    }
    let one = |pattern: &String| format!("/{}/", clean_line(pattern));
    let any: Vec<String> = wanted.any.iter().map(one).collect();
    format!("{} of {}", any.join(" or "), clean_line(&wanted.posts.join(" or ")))
}

fn verdict(miss: &Miss) -> &'static str {
    match (miss.refused, miss.shown.is_empty()) {
        (true, true) => "refused, with nothing to show,",
        (true, false) => "refused",
        (false, _) => "shown",
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::samples;

    #[test]
    fn a_page() {
        let mut report = samples::qa_report(3);
        report.time = Latency::new(vec![1_500.0], vec![900.0, 1_000.0]);
        report.setting.absent = vec!["gone.md".into()];
        assert_snapshot!(super::qa_report(&report), @r#"
        2 of 5 right: of 3 with an answer, 1 with a right excerpt first; of 2 without, 1 refused

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
        "#);
    }
}
