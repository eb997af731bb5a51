//! Sentences that readers graded as quotes: how good the points are that the posts are found to have.
//!
//! A mark has a place and a hash of the sentence there, never the sentence. If the text has changed, it is stale and counts
//! as missing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use takeaways_corpus::points::{PointWeights, SentenceReader, SentenceValues};
use takeaways_text::model::{Language, Post, Span};
use xxhash_rust::xxh3::xxh3_64;

use crate::confidence::auroc;
use crate::corpus_files::InMemoryCorpus;
use crate::fit::partition;
use crate::judgments::Agreement;
use crate::lines::{LineProblem, parse_keyed_lines};
use crate::metrics::Share;

/// A sentence with this grade or more is a good quote.
pub const GOOD: u8 = 2;
/// One post in this number is set aside: no weight is fitted to it.
const PARTS_SET_ASIDE: u64 = 4;

/// The marks of all posts, by the name of the file.
#[derive(Debug, Default)]
pub struct SentenceGrades(BTreeMap<String, Vec<SentenceGrade>>);

/// What a reader said of one sentence.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentenceGrade {
    /// The place of the sentence in the post's readable text.
    span: (usize, usize),
    /// The XXH3 hash of the sentence, as hexadecimal digits.
    hash: String,
    /// 3: I would quote it. 2: fine. 1: weak. 0: no.
    grade: u8,
    /// Whether it is a claim, and no mere mention.
    claim: bool,
    /// Whether it can stand alone.
    alone: bool,
    /// The grade by a second reader.
    second: Option<u8>,
}

/// A line of the file of marks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PostGrades {
    post: String,
    marks: Vec<SentenceGrade>,
}

/// A marked sentence with what is measured of it.
#[derive(Debug, Clone)]
pub struct MeasuredSentence {
    /// The grade by the reader.
    pub grade: u8,
    /// What is measured of it.
    pub values: SentenceValues,
    /// The language of its post.
    pub language: Language,
    /// The grade by the model that is compiled in.
    pub estimate: f32,
}

/// How well the model agrees with the readers.
#[derive(Debug, Clone, Serialize)]
pub struct PointReport {
    /// The number of marked sentences.
    pub marks: usize,
    /// The share of them that are claims, and of those that can stand alone.
    pub claims: f64,
    /// See `claims`.
    pub alone: f64,
    /// How often the two readers agree.
    pub agreement: Option<Agreement>,
    /// The posts that the weights may be fitted to.
    pub fitted: PointQuality,
    /// The posts that are set aside.
    pub set_aside: PointQuality,
    /// Marks whose text is not in the corpus as it was marked.
    pub stale: Vec<String>,
}

/// The quality over some posts.
#[derive(Debug, Clone, Serialize)]
pub struct PointQuality {
    /// The number of posts.
    pub posts: usize,
    /// The number of marked sentences.
    pub sentences: usize,
    /// How well the model tells good quotes from others: the area under the ROC curve.
    pub auroc: Option<f64>,
    /// Of the posts with a good quote: the share whose best point is one.
    pub best_is_good: Option<Share>,
    /// Of these posts: the share whose best point nobody would quote.
    pub best_is_bad: Option<Share>,
    /// The posts whose best point no reader marked, with its place.
    pub unmarked: Vec<String>,
}

impl SentenceGrades {
    /// Parses a file of marks: a line of JSON for each post.
    ///
    /// # Errors
    /// If lines are wrong. The error has every problem.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<LineProblem>> {
        let parse = |line: &str| {
            let PostGrades { post, marks } = serde_json::from_str(line).map_err(|error| error.to_string())?;
            Ok((post, marks))
        };
        Ok(Self(parse_keyed_lines(file, text, "post", parse)?))
    }

    /// Measures the marked sentences of the posts that weights may be fitted to.
    pub fn training_sentences(&self, corpus: &InMemoryCorpus) -> Vec<MeasuredSentence> {
        let posts = corpus.posts().filter(|(name, _)| !is_set_aside(name));
        posts.flat_map(|(name, post)| marked_sentences(post, self.of(name)).0).collect()
    }

    /// Compares the model with the readers.
    pub fn report(&self, corpus: &InMemoryCorpus) -> PointReport {
        let marks: Vec<&SentenceGrade> = self.0.values().flatten().collect();
        let pairs: Vec<(u8, u8)> = marks.iter().filter_map(|mark| Some((mark.grade, mark.second?))).collect();
        let share = |is: fn(&SentenceGrade) -> bool| {
            Share::from_flags(marks.iter().map(|mark| is(mark))).map_or(0.0, |share| share.share.value)
        };
        let mut stale = Vec::new();
        for (name, post) in corpus.posts() {
            stale.extend(
                marked_sentences(post, self.of(name)).1.iter().map(|span| format!("{name} {span:?}")),
            );
        }
        stale.sort();
        PointReport {
            marks: marks.len(),
            claims: share(|mark| mark.claim),
            alone: share(|mark| mark.alone),
            agreement: Agreement::new(&pairs),
            fitted: self.quality(corpus, |name| !is_set_aside(name)),
            set_aside: self.quality(corpus, is_set_aside),
            stale,
        }
    }

    /// The grade of a part of a post: of the part itself, or the highest of the sentences that it consists of. `None` if one
    /// of these was not graded.
    pub fn grade(&self, post: &str, span: Span) -> Option<u8> {
        let marks = self.of(post);
        let is_it = |mark: &&SentenceGrade| mark.span == (span.start(), span.end());
        if let Some(mark) = marks.iter().find(is_it) {
            return Some(mark.grade);
        }
        let inside = marks.iter().filter(|mark| span.start() <= mark.span.0 && mark.span.1 <= span.end());
        let inside: Vec<&SentenceGrade> = inside.collect();
        // Only blanks stand between the sentences of a line.
        let graded: usize = inside.iter().map(|mark| mark.span.1 - mark.span.0).sum();
        let is_all = graded + inside.len() > span.len();
        if is_all { inside.iter().map(|mark| mark.grade).max() } else { None }
    }

    fn of(&self, post: &str) -> &[SentenceGrade] {
        self.0.get(post).map_or(&[], Vec::as_slice)
    }

    fn quality(&self, corpus: &InMemoryCorpus, is_included: impl Fn(&str) -> bool) -> PointQuality {
        let (mut sentences, mut best_grades, mut unmarked, mut posts) =
            (Vec::new(), Vec::new(), Vec::new(), 0);
        for (name, post) in corpus.posts().filter(|(name, _)| is_included(name)) {
            let marks = self.of(name);
            posts += usize::from(!marks.is_empty());
            sentences.extend(marked_sentences(post, marks).0);
            let best = post.body.points.iter().max_by(|a, b| a.grade().total_cmp(&b.grade()));
            if let Some(best) = best.filter(|_| marks.iter().any(|mark| mark.grade >= GOOD)) {
                let inside = marks
                    .iter()
                    .filter(|mark| best.span.start() <= mark.span.0 && mark.span.1 <= best.span.end());
                match inside.map(|mark| mark.grade).max() {
                    Some(grade) => best_grades.push(grade),
                    None => unmarked.push(format!("{name} {}..{}", best.span.start(), best.span.end())),
                }
            }
        }
        let labelled: Vec<(f64, bool)> =
            sentences.iter().map(|it| (f64::from(it.estimate), it.grade >= GOOD)).collect();
        PointQuality {
            posts,
            sentences: sentences.len(),
            auroc: auroc(&labelled),
            best_is_good: Share::from_flags(best_grades.iter().map(|grade| *grade >= GOOD)),
            best_is_bad: Share::from_flags(best_grades.iter().map(|grade| *grade == 0)),
            unmarked,
        }
    }
}

/// Whether no weight is fitted to a post.
pub fn is_set_aside(post: &str) -> bool {
    partition(post, PARTS_SET_ASIDE) == 0
}

/// Measures the marked sentences of a post. Returns the spans of the stale marks too.
fn marked_sentences(post: &Post, marks: &[SentenceGrade]) -> (Vec<MeasuredSentence>, Vec<(usize, usize)>) {
    let body = &post.body;
    let reader = SentenceReader::new(body, &post.authors, post.language);
    let (mut found, mut stale) = (Vec::new(), Vec::new());
    for mark in marks {
        let hash = body.text.get(mark.span.0..mark.span.1).map(|text| xxh3_64(text.as_bytes()));
        if u64::from_str_radix(&mark.hash, 16).ok() != hash {
            stale.push(mark.span);
            continue;
        }
        let is_it = |span: Span| (span.start(), span.end()) == mark.span;
        // Two sentences may be marked as one point; the model grades each by itself.
        let Some(at) = body.sentences.iter().position(|sentence| is_it(sentence.span)) else { continue };
        let before = at.checked_sub(1).and_then(|before| body.sentences.get(before));
        let sentence = &body.sentences[at];
        let is_first = before.is_none_or(|before| before.block != sentence.block);
        if let Some(values) = reader.read(sentence, is_first) {
            found.push(MeasuredSentence {
                grade: mark.grade,
                estimate: PointWeights::builtin().grade(&values, post.language),
                values,
                language: post.language,
            });
        }
    }
    (found, stale)
}
