//! Questions for a set of points, with the points that a good answer holds (the pyramid method of Nenkova and Passonneau
//! 2004): how many of them the lines of an overview hold.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use takeaways_answer::{AnswerError, AnswerLimits, Engine, Request};
use takeaways_text::model::{Answer, Excerpt, Question, Shape};

use crate::lines::{LineProblem, parse_lines};
use crate::metrics::{mean, to_float};
use crate::points::SentenceGrades;
use crate::questions::file_name;

/// The weight of the points that matter most.
const MOST: u8 = 3;
/// A line with more characters is bad: more words match more by their number alone.
const MAX_CHARS: usize = 300;
/// The numbers of lines that are measured.
pub const CUTS: [usize; 2] = [6, 10];

/// A question with the points that a good answer holds.
#[derive(Debug)]
pub struct OverviewQuestion {
    id: String,
    half: String,
    shape: Shape,
    question: Question,
    points: Vec<Nugget>,
}

/// A point that a good answer holds.
#[derive(Debug)]
struct Nugget {
    weight: u8,
    posts: BTreeSet<String>,
    patterns: Vec<Regex>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionLine {
    id: String,
    half: String,
    shape: Shape,
    #[serde(rename = "lang")]
    _language: String,
    q: String,
    points: Vec<NuggetLine>,
    #[serde(rename = "count")]
    _count: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NuggetLine {
    #[serde(rename = "what")]
    _what: String,
    weight: u8,
    posts: BTreeSet<String>,
    patterns: Vec<String>,
}

/// What was shown for one question.
struct AskedOverview<'q> {
    question: &'q OverviewQuestion,
    /// The shape of the answer; `None` for a refusal.
    shape: Option<Shape>,
    lines: Vec<Excerpt>,
}

/// The report over all questions of a half.
#[derive(Debug, Clone, Serialize)]
pub struct OverviewReport {
    /// By shape, and over all.
    pub rows: Vec<OverviewRow>,
    /// The questions whose answer has another shape, with that shape.
    pub other_shapes: Vec<String>,
    /// The lines that nobody graded, as `question number`.
    pub ungraded: Vec<String>,
}

/// The figures of one shape.
#[derive(Debug, Clone, Serialize)]
pub struct OverviewRow {
    /// The shape, or `all`.
    pub shape: String,
    /// The number of questions.
    pub questions: usize,
    /// At each of [`CUTS`]: the weighted share of points that the lines hold.
    pub recall: Vec<f64>,
    /// The same over the points that matter most.
    pub recall_of_most: Vec<f64>,
    /// The share of the graded lines that nobody would quote, with the lines that are too long.
    pub bad: f64,
    /// The mean number of lines, of their posts and of their authors.
    pub lines: f64,
    /// See `lines`.
    pub posts: f64,
    /// See `lines`.
    pub authors: f64,
}

impl OverviewQuestion {
    /// Parses a file of questions: one in a line of JSON.
    ///
    /// # Errors
    /// If lines are wrong. The error has every problem.
    pub fn parse_all(file: &str, text: &str) -> Result<Vec<Self>, Vec<LineProblem>> {
        parse_lines(file, text, |_, line| parse_line(line))
    }

    /// Whether the question is of a half.
    pub fn is_of(&self, half: &str) -> bool {
        self.half == half
    }

    /// The weighted share of the points of at least this weight that lines hold; `None` without such points.
    fn recall(&self, lines: &[Excerpt], least: u8) -> Option<f64> {
        let points = || self.points.iter().filter(|point| point.weight >= least);
        let weight = |point: &Nugget| f64::from(point.weight);
        let all: f64 = points().map(weight).sum();
        let held = points().filter(|point| lines.iter().any(|line| point.is_in(line)));
        (all > 0.0).then(|| held.map(weight).sum::<f64>() / all)
    }
}

impl Nugget {
    fn is_in(&self, line: &Excerpt) -> bool {
        self.posts.contains(file_name(&line.citation.path))
            && self.patterns.iter().any(|pattern| pattern.is_match(&line.quote.text))
    }
}

fn parse_line(line: &str) -> Result<OverviewQuestion, String> {
    let line: QuestionLine = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let pattern = |text: &String| {
        RegexBuilder::new(text).case_insensitive(true).build().map_err(|error| error.to_string())
    };
    let nugget = |point: NuggetLine| {
        let patterns = point.patterns.iter().map(pattern).collect::<Result<_, _>>()?;
        Ok(Nugget { weight: point.weight, posts: point.posts, patterns })
    };
    Ok(OverviewQuestion {
        id: line.id,
        half: line.half,
        shape: line.shape,
        question: line.q.parse().map_err(|error| format!("{error}"))?,
        points: line.points.into_iter().map(nugget).collect::<Result<_, String>>()?,
    })
}

/// Asks questions and compares the lines of the answers with the points.
///
/// # Errors
/// If the index can't be read.
pub fn ask_overviews(
    engine: &Engine,
    questions: &[&OverviewQuestion],
    marks: &SentenceGrades,
    limits: AnswerLimits,
    now: Timestamp,
) -> Result<OverviewReport, AnswerError> {
    let mut asked = Vec::new();
    for question in questions {
        let request = engine.prepared(&Request::new(question.question.clone(), limits, now))?.request;
        let answer = engine.answer(&request)?;
        let shape = match &answer {
            Answer::Overview(overview) => Some(overview.shape),
            Answer::Cited { .. } => Some(Shape::Fact),
            Answer::NothingFound { .. } => None,
        };
        asked.push(AskedOverview { question, shape, lines: answer.excerpts().to_vec() });
    }
    Ok(report(&asked, marks))
}

fn report(asked: &[AskedOverview<'_>], marks: &SentenceGrades) -> OverviewReport {
    let mut by_shape: BTreeMap<String, Vec<&AskedOverview<'_>>> = BTreeMap::new();
    for one in asked {
        by_shape.entry(format!("{:?}", one.question.shape).to_lowercase()).or_default().push(one);
        by_shape.entry("all".to_owned()).or_default().push(one);
    }
    let other = asked.iter().filter(|one| one.shape != Some(one.question.shape));
    let name = |shape: Option<Shape>| {
        shape.map_or("refused".to_owned(), |shape| format!("{shape:?}").to_lowercase())
    };
    let ungraded = asked.iter().flat_map(|one| {
        let lines = one.lines.iter().enumerate().filter(|(_, line)| grade(line, marks).is_none());
        lines.map(|(at, line)| {
            let span = line.quote.span;
            format!(
                "{} {} {} {}..{}",
                one.question.id,
                at + 1,
                file_name(&line.citation.path),
                span.start(),
                span.end()
            )
        })
    });
    OverviewReport {
        rows: by_shape.iter().map(|(shape, asked)| row(shape, asked, marks)).collect(),
        other_shapes: other.map(|one| format!("{} {}", one.question.id, name(one.shape))).collect(),
        ungraded: ungraded.collect(),
    }
}

fn grade(line: &Excerpt, marks: &SentenceGrades) -> Option<u8> {
    let span = line.quote.span;
    marks.grade(file_name(&line.citation.path), span)
}

fn row(shape: &str, asked: &[&AskedOverview<'_>], marks: &SentenceGrades) -> OverviewRow {
    let recall = |cut: usize, least: u8| {
        let one =
            |one: &&AskedOverview<'_>| one.question.recall(&one.lines[..one.lines.len().min(cut)], least);
        mean(&asked.iter().filter_map(one).collect::<Vec<_>>())
    };
    let lines = asked.iter().flat_map(|one| one.lines.iter().map(|line| (one.question, line)));
    let lines: Vec<(&OverviewQuestion, &Excerpt)> = lines.collect();
    let is_long = |line: &Excerpt| line.quote.text.chars().count() > MAX_CHARS;
    // The entry of a programme is no takeaway, but answers who spoke.
    let answers =
        |question: &OverviewQuestion, line: &Excerpt| question.points.iter().any(|it| it.is_in(line));
    let bad = lines.iter().filter(|(question, line)| {
        is_long(line) || grade(line, marks) == Some(0) && !answers(question, line)
    });
    let bad = bad.count();
    let graded = lines.iter().filter(|(_, line)| grade(line, marks).is_some() || is_long(line)).count();
    let distinct = |key: fn(&Excerpt) -> String| {
        let count =
            |one: &&AskedOverview<'_>| to_float(one.lines.iter().map(key).collect::<BTreeSet<_>>().len());
        mean(&asked.iter().map(count).collect::<Vec<_>>())
    };
    OverviewRow {
        shape: shape.to_owned(),
        questions: asked.len(),
        recall: CUTS.iter().map(|cut| recall(*cut, 1)).collect(),
        recall_of_most: CUTS.iter().map(|cut| recall(*cut, MOST)).collect(),
        bad: to_float(bad) / to_float(graded.max(1)),
        lines: mean(&asked.iter().map(|one| to_float(one.lines.len())).collect::<Vec<_>>()),
        posts: distinct(|line| line.citation.path.clone()),
        authors: distinct(|line| line.citation.author.clone().unwrap_or_else(|| line.citation.path.clone())),
    }
}
