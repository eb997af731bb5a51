//! Graded judgments: how well spans of posts answer questions, by readers who saw neither scores nor ranks.
//!
//! A judgment has a place and a hash of the text there, never the text. If the text has changed, the judgment is stale
//! and counts as missing.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use serde::Deserialize;
use takeaways_text::model::{Excerpt, Post};
use xxhash_rust::xxh3::xxh3_64;

use crate::corpus_files::InMemoryCorpus;
use crate::lines::{LineProblem, parse_keyed_lines};
use crate::questions::file_name;

/// The highest grade: the span answers the question whole and can stand alone. 2 answers it with a fault, 1 is on its
/// topic, 0 is not.
pub const MAX_GRADE: u8 = 3;
/// The lowest grade of a span that answers its question.
pub const ANSWERS: u8 = 2;
/// An excerpt has the grade of a judged span if they share this part of the bytes that both have together. The same
/// sentence with another word of its neighbour should not count as unjudged.
const MIN_OVERLAP: f64 = 0.8;

/// The judgments of all questions.
#[derive(Debug, Default)]
pub struct Judgments {
    by_question: BTreeMap<String, Vec<Judgment>>,
}

/// The grade of a span for a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgment {
    /// The name of the file of its post, without folders.
    pub post: String,
    /// Its bytes in the post's readable text.
    pub span: Range<usize>,
    /// The XXH3 hash of the text.
    hash: u64,
    /// The grade, up to [`MAX_GRADE`].
    pub grade: u8,
    /// The grade by a second reader.
    pub second: Option<u8>,
}

/// A line of a judgment file.
#[derive(Deserialize)]
struct JudgmentLine {
    id: String,
    judgments: Vec<JudgmentFields>,
}

#[derive(Deserialize)]
struct JudgmentFields {
    post: String,
    span: (usize, usize),
    hash: String,
    grade: u8,
    second: Option<u8>,
}

/// How often two readers agree.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Agreement {
    /// The judgments with two grades.
    pub judgments: usize,
    /// The share of equal grades.
    pub same: f64,
    /// Cohen's kappa with quadratic weights (Cohen 1968, *Psychological Bulletin* 70(4)); 1 if both always agree.
    pub kappa: f64,
}

impl Judgments {
    /// Parses a file of judgments: a line of JSON for each question.
    ///
    /// # Errors
    /// If lines are wrong. The error has every problem.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<LineProblem>> {
        let by_question = parse_keyed_lines(file, text, "id", parse_line)?;
        Ok(Self { by_question })
    }

    /// Returns the judgments of a question.
    pub fn of(&self, question: &str) -> &[Judgment] {
        self.by_question.get(question).map_or(&[], Vec::as_slice)
    }

    /// Removes the judgments whose text is not in the corpus as it was judged. Returns them as `id post from..to`, sorted.
    pub fn remove_stale(&mut self, corpus: &InMemoryCorpus) -> Vec<String> {
        let posts: HashMap<&str, &Post> = corpus.posts().collect();
        let mut stale = Vec::new();
        for (id, judgments) in &mut self.by_question {
            judgments.retain(|judgment| {
                let text = posts
                    .get(judgment.post.as_str())
                    .and_then(|post| post.body.text.get(judgment.span.clone()));
                let is_fresh = text.is_some_and(|text| xxh3_64(text.as_bytes()) == judgment.hash);
                if !is_fresh {
                    stale.push(format!("{id} {} {:?}", judgment.post, judgment.span));
                }
                is_fresh
            });
        }
        stale.sort();
        stale
    }

    /// Returns the grade of an excerpt for a question: that of the judged one which is most like it, else the best of those that
    /// it holds whole. `None` if nothing like it was judged.
    pub fn grade(&self, question: &str, excerpt: &Excerpt) -> Option<u8> {
        let post = file_name(&excerpt.citation.path);
        let span = excerpt.quote.span.range();
        let judged = self.of(question).iter().filter(|judgment| judgment.post == post);
        let overlaps = judged.clone().map(|judgment| (overlap(&judgment.span, &span), judgment.grade));
        let best = overlaps.max_by(|a, b| a.0.total_cmp(&b.0))?;
        let held =
            judged.filter(|judgment| span.start <= judgment.span.start && judgment.span.end <= span.end);
        if best.0 >= MIN_OVERLAP { Some(best.1) } else { held.map(|judgment| judgment.grade).max() }
    }

    /// Returns the grades of the best `count` spans of a question that do not overlap, best first.
    pub fn best_grades(&self, question: &str, count: usize) -> Vec<u8> {
        let mut judged: Vec<&Judgment> = self.of(question).iter().collect();
        // Of equal grades the shorter one leaves more room.
        judged.sort_by_key(|judgment| (MAX_GRADE.saturating_sub(judgment.grade), judgment.span.len()));
        let mut best: Vec<&Judgment> = Vec::new();
        for judgment in judged {
            let is_apart = |other: &&Judgment| {
                other.post != judgment.post || overlap(&other.span, &judgment.span) <= 0.0
            };
            if best.len() < count && best.iter().all(is_apart) {
                best.push(judgment);
            }
        }
        best.into_iter().map(|judgment| judgment.grade).collect()
    }

    /// Compares the two readers of some questions; `None` if no judgment has two grades.
    pub fn agreement<'q>(&self, questions: impl Iterator<Item = &'q str>) -> Option<Agreement> {
        let judged = questions.flat_map(|question| self.of(question));
        Agreement::new(&judged.filter_map(|it| Some((it.grade, it.second?))).collect::<Vec<_>>())
    }
}

fn parse_line(line: &str) -> Result<(String, Vec<Judgment>), String> {
    let JudgmentLine { id, judgments } = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let judgment = |JudgmentFields { post, span, hash, grade, second }| {
        let span = span.0..span.1;
        if span.is_empty() {
            return Err(format!("\"span\" {span:?} is empty"));
        }
        if let Some(grade) = [Some(grade), second].into_iter().flatten().find(|grade| *grade > MAX_GRADE) {
            return Err(format!("the grade {grade} is above {MAX_GRADE}"));
        }
        let hash = u64::from_str_radix(&hash, 16).map_err(|_| format!("\"hash\" {hash:?} is no hash"))?;
        Ok(Judgment { post, span, hash, grade, second })
    };
    Ok((id, judgments.into_iter().map(judgment).collect::<Result<_, _>>()?))
}

/// Returns the part of the bytes of both spans together that they share, 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a post has far fewer bytes than 2^52")]
fn overlap(a: &Range<usize>, b: &Range<usize>) -> f64 {
    let shared = a.end.min(b.end).saturating_sub(a.start.max(b.start));
    let both = (a.len() + b.len()).saturating_sub(shared).max(1);
    shared as f64 / both as f64
}

impl Agreement {
    #[expect(clippy::cast_precision_loss, reason = "there are far fewer judgments than 2^52")]
    /// Compares the grades of two readers; `None` without any.
    pub(crate) fn new(grades: &[(u8, u8)]) -> Option<Self> {
        let count = grades.len() as f64;
        let distance = |a: u8, b: u8| f64::from(a.abs_diff(b)).powi(2);
        let observed = grades.iter().map(|(a, b)| distance(*a, *b)).sum::<f64>() / count;
        let pairs = grades.iter().flat_map(|(a, _)| grades.iter().map(move |(_, b)| distance(*a, *b)));
        let expected = pairs.sum::<f64>() / (count * count);
        (!grades.is_empty()).then(|| Self {
            judgments: grades.len(),
            same: grades.iter().filter(|(a, b)| a == b).count() as f64 / count,
            kappa: if expected > 0.0 { 1.0 - observed / expected } else { 1.0 },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::excerpt;

    fn line(span: [usize; 2], grade: u8) -> String {
        format!(r#"{{"post":"a.md","span":{span:?},"hash":"0","grade":{grade}}}"#)
    }

    fn judgments(lines: &[String]) -> Judgments {
        let text = format!(r#"{{"id":"q","judgments":[{}]}}"#, lines.join(","));
        Judgments::parse("j.jsonl", &text).expect("judgments")
    }

    #[test]
    fn an_excerpt_has_the_grade_of_the_span_that_it_nearly_is() {
        let judged = judgments(&[line([0, 10], 3), line([0, 5], 1)]);
        let grade = |quote: &str| judged.grade("q", &excerpt("2019/a.md", quote, None));
        assert_eq!(grade("0123456789"), Some(3));
        assert_eq!(grade("01234567"), Some(3));
        assert_eq!(grade("0123456"), Some(1), "7 of 10 bytes, but it holds the second one");
        assert_eq!(grade("01234"), Some(1));
        assert_eq!(grade("0123"), Some(1), "4 of 5 bytes");
        assert_eq!(grade("012"), None);
        assert_eq!(judged.grade("q", &excerpt("b.md", "0123456789", None)), None);
        assert_eq!(judged.grade("other", &excerpt("a.md", "0123456789", None)), None);
    }

    #[test]
    fn the_best_grades_are_of_spans_apart() {
        let judged = judgments(&[line([0, 10], 3), line([5, 12], 3), line([20, 25], 1)]);
        assert_eq!(judged.best_grades("q", 3), [3, 1]);
        assert_eq!(judged.best_grades("q", 1), [3]);
    }

    #[test]
    fn two_readers_who_agree_have_a_kappa_of_one() {
        assert_eq!(Agreement::new(&[]), None);
        let agreement = |grades: &[(u8, u8)]| Agreement::new(grades).expect("grades").kappa;
        assert!((agreement(&[(0, 0), (3, 3)]) - 1.0).abs() < 1e-9);
        assert!((agreement(&[(2, 2)]) - 1.0).abs() < 1e-9);
        assert!(agreement(&[(0, 0), (0, 3), (3, 0), (3, 3)]).abs() < 1e-9, "as by chance");
        assert!(agreement(&[(0, 1), (3, 3), (2, 2)]) > agreement(&[(0, 3), (3, 3), (2, 2)]));
    }

    #[test]
    fn wrong_lines_are_named() {
        let wrong = [
            "{",
            r#"{"id":"q","judgments":[{"post":"a.md","span":[1,1],"hash":"0","grade":1}]}"#,
            r#"{"id":"q","judgments":[{"post":"a.md","span":[1,2],"hash":"0","grade":4}]}"#,
            r#"{"id":"q","judgments":[{"post":"a.md","span":[1,2],"hash":"x","grade":1}]}"#,
        ];
        let problems = Judgments::parse("j.jsonl", &wrong.join("\n")).expect_err("problems");
        let lines: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [1, 2, 3, 4], "{problems:?}");
    }
}
