//! A small report for tests, which can be checked by hand.

use super::outcome::QuestionOutcome;
use super::qa_report::QaReport;
use super::questions::{JudgedQuestion, parse_questions};
use super::report::QaSetting;
use takeaways_answer::Strictness;
use takeaways_text::model::{Citation, Excerpt, PostId, PostKind, Quote, Span};

/// Three questions with the answer `x` in `a.md`, and two without answer: one near the posts' topics, one far.
pub(crate) fn judged() -> Vec<JudgedQuestion> {
    let lines = r#"{"id":"1","kind":"fact","q":"?","posts":["a.md"],"any":["x"]}
        {"id":"2","kind":"fact","q":"?","posts":["a.md"],"any":["x"]}
        {"id":"3","kind":"why","q":"?","posts":["a.md"],"any":["x"]}
        {"id":"4","kind":"none","q":"?","near":true}
        {"id":"5","kind":"none","q":"?","near":false}"#;
    parse_questions(&[("q.jsonl".into(), lines.into())]).expect("questions")
}

/// An excerpt of the file at `path`.
pub(crate) fn excerpt(path: &str, quote: &str, lead_in: Option<&str>) -> Excerpt {
    let quoted =
        |quote: &str| Quote { text: quote.into(), span: Span::new(quote, 0..quote.len()).expect("a place") };
    Excerpt {
        id: "0123456789ab".into(),
        quote: quoted(quote),
        lead_in: lead_in.map(quoted),
        marks: Vec::new(),
        answer: None,
        items: None,
        list_items: Vec::new(),
        links: Vec::new(),
        line: 1,
        foreign_language: None,
        score: 1.0,
        duplicate_count: 0,
        citation: Citation {
            post: PostId(path.trim_end_matches(".md").into()),
            path: path.into(),
            kind: PostKind::Post,
            title: "A".into(),
            author: None,
            speaker: None,
            date: None,
            event: None,
            section: Vec::new(),
            url: None,
            draft: false,
            scheduled: None,
        },
    }
}

/// The outcome of a question.
pub(crate) fn outcome(
    judged: &JudgedQuestion,
    refused: bool,
    confidence: f64,
    excerpts: Vec<Excerpt>,
) -> QuestionOutcome<'_> {
    let best_rank = excerpts.iter().position(|excerpt| judged.is_answered_by(excerpt)).map(|at| at + 1);
    QuestionOutcome { judged, refused, excerpts, confidence, best_rank, inexact: Vec::new() }
}

/// The conditions of the report.
pub(crate) fn setting() -> QaSetting {
    QaSetting {
        questions: 5,
        answerable: 3,
        posts: 1,
        passages: 1,
        strictness: Strictness::default(),
        threshold: 0.5,
        now: jiff::Timestamp::UNIX_EPOCH,
        absent: Vec::new(),
    }
}

/// The outcomes in the order of [`judged`]: right, right at rank 3, refused although right, answered although
/// unanswerable, refused without excerpts.
pub(crate) fn qa_report(misses: usize) -> QaReport {
    let all = judged();
    let right = || excerpt("2019/a.md", "It is X.", None);
    let wrong = || excerpt("a.md", "It is y.", Some("x:"));
    let wrong_file = || excerpt("b.md", "x", None);
    let outcomes = [
        outcome(&all[0], false, 0.9, vec![right()]),
        outcome(&all[1], false, 0.8, vec![wrong_file(), wrong(), right()]),
        outcome(&all[2], true, 0.2, vec![right()]),
        outcome(&all[3], false, 0.6, vec![wrong()]),
        outcome(&all[4], true, 0.1, vec![]),
    ];
    QaReport::new(setting(), &outcomes, misses, None)
}
