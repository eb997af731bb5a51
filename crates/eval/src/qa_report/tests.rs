use super::*;
use crate::corpus_files::InMemoryCorpus;
use crate::outcome::differences;
use crate::samples::{excerpt, qa_report};
use takeaways_text::model::{Citation, Excerpt, PostId, Quote};

/// The lead-in and other files don't count; a refusal is a miss.
#[test]
fn a_report_by_hand() {
    let report = qa_report(0);
    let values = |scores: &Scores| (scores.hit_1.value, scores.hit_3.value, scores.mrr.value);
    let all = report.all.as_ref().expect("questions with an answer");
    assert_eq!(values(all), (0.333_333, 0.666_667, 0.444_444));
    assert_eq!((all.questions, all.refused), (3, 1));
    assert_eq!(values(&report.by_kind["fact"]), (0.5, 1.0, 0.666_667));
    assert_eq!(values(&report.by_kind["why"]), (0.0, 0.0, 0.0));
    assert_eq!(report.by_kind.len(), 2, "unanswerable questions have no scores");
    assert_eq!(values(report.without_refusing.as_ref().expect("the same")), (0.666_667, 1.0, 0.777_778));
    let counts = |share: &Option<Share>| share.as_ref().map(|share| (share.count, share.total));
    assert_eq!(counts(&report.refused), Some((1, 3)));
    assert_eq!(counts(&report.false_answers), Some((1, 2)));
    assert_eq!(
        (counts(&report.false_answers_near), counts(&report.false_answers_far)),
        (Some((1, 1)), Some((0, 1)))
    );
}

/// By descending confidence: right, wrong, wrong (unanswerable), right (refused), wrong (unanswerable).
#[test]
fn the_confidence_is_measured_over_shown_and_refused_answers() {
    let confidence = qa_report(0).confidence;
    let value = |interval: Option<crate::statistics::Interval>| interval.map(|interval| interval.value);
    // (0 + 1/2 + 2/3 + 2/4 + 3/5) / 5 and 4 of 6 pairs.
    assert_eq!(value(confidence.aurc), Some(0.453_333));
    assert_eq!(value(confidence.auroc_right), Some(0.666_667));
    assert_eq!(value(confidence.auroc_answerable), Some(0.833_333));
    // (|0.9-1| + |0.8-0| + |0.2-1| + |0.6-0| + |0.1-0|) / 5, each in a bin of its own.
    assert!((confidence.calibration.ece - 0.48).abs() < 1e-9, "{}", confidence.calibration.ece);
    assert!((confidence.calibration_shown.ece - 0.5).abs() < 1e-9);
}

#[test]
fn rows_can_be_compared() {
    let report = qa_report(0);
    let row = |at: usize| serde_json::to_value(&report.rows[at]).expect("JSON");
    assert_eq!(
        row(1),
        serde_json::json!({
            "id": "2", "kind": "fact", "rank": 3, "best_rank": 3, "refused": false, "confidence": 0.8, "right": false,
            "metrics": {"hit@1": 0.0, "hit@3": 1.0, "mrr": 0.333_333, "refused": 0.0},
        })
    );
    assert_eq!(row(2)["rank"], serde_json::Value::Null);
    assert_eq!((&row(2)["best_rank"], &row(2)["right"]), (&1.into(), &true.into()));
    assert_eq!(row(3)["metrics"], serde_json::json!({"false_answers": 1.0}));
    let read: crate::report::Report =
        serde_json::from_value(serde_json::to_value(&report).expect("JSON")).expect("a report");
    assert_eq!((read.kind, read.version, read.rows.len()), (ReportKind::Questions, VERSION, 5));
}

#[test]
fn the_worst_misses_come_first() {
    let ids = |misses| qa_report(misses).misses.into_iter().map(|miss| miss.id).collect::<Vec<_>>();
    assert_eq!(ids(9), ["4", "3", "2"]);
    assert_eq!(ids(1), ["4"]);
}

#[test]
fn an_excerpt_that_differs_from_its_file_is_found() {
    use takeaways_corpus::{Corpus, CorpusSettings};
    use takeaways_search::CorpusFiles;

    let files = Corpus::new(CorpusSettings::default());
    let corpus = InMemoryCorpus::load(&CorpusFiles::list(&files, jiff::Timestamp::UNIX_EPOCH));
    let (file, post) = corpus.posts().next().expect("a note");
    assert!(post.path.ends_with(file));
    let span = post.body.sentences[0].span;
    let quote = post.body.slice(span).to_owned();
    let exact = Excerpt {
        quote: Quote { text: quote, span },
        citation: Citation {
            post: post.id.clone(),
            title: post.display_title().into(),
            author: post.byline(),
            date: post.date,
            url: post.url.clone(),
            ..excerpt(&post.path, "x", None).citation
        },
        ..excerpt(&post.path, "x", None)
    };
    let changed = |change: fn(&mut Excerpt)| {
        let mut excerpt = exact.clone();
        change(&mut excerpt);
        differences(&excerpt, &corpus)
    };
    assert_eq!(changed(|_| ()), [""; 0]);
    assert_eq!(changed(|excerpt| excerpt.quote.text.push('.')), ["quote"]);
    assert_eq!(
        changed(|excerpt| excerpt.lead_in = Some(Quote { text: "~".into(), span: excerpt.quote.span })),
        ["lead-in"]
    );
    assert_eq!(changed(|excerpt| excerpt.citation.title.push('.')), ["title"]);
    assert_eq!(changed(|excerpt| excerpt.citation.author = Some("Nobody".into())), ["author"]);
    assert_eq!(changed(|excerpt| excerpt.citation.date = Some(jiff::civil::date(1970, 1, 1))), ["date"]);
    assert_eq!(changed(|excerpt| excerpt.citation.url = Some("https://example.com".into())), ["link"]);
    assert_eq!(changed(|excerpt| excerpt.citation.post = PostId("gone".into())), ["post"]);
}
