//! The commands that compare answers and posts with labels by readers: `scopes`, `conversations`, `overviews`, `points`, `shapes`.

use std::path::Path;

use anyhow::Result;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde::de::DeserializeOwned;
use takeaways_answer::{AnswerLimits, Engine, MAX_EXCERPTS};
use takeaways_cli::exit::Exit;
use takeaways_cli::session::Session;
use takeaways_eval::fit::points::{fit_points, points_file};
use takeaways_eval::fit::shapes::{fit_shapes, shapes_file};
use takeaways_eval::labels::{LabelReport, ask_scopes, hold_conversations, parse_labels};
use takeaways_eval::marks::{MarkReport, SentenceMarks};
use takeaways_eval::overviews::{OverviewQuestion, ask_overviews};
use takeaways_eval::points::{PointReport, SentenceGrades};
use takeaways_eval::render;
use takeaways_eval::shapes::{FactQuestion, ShapeQuestion, shape_report, training_questions};
use takeaways_text::lists::join_and;

use super::{print, read_lines, write_weights};
use crate::args::{EvalLabelsArgs, EvalOverviewsArgs, EvalPointsArgs, EvalShapesArgs};
use crate::questions::{load_corpus, open_engine};

/// Asks for the scopes of the questions and prints the report.
pub(crate) fn run_scopes(session: &Session, args: &EvalLabelsArgs) -> Result<Exit> {
    let labels = read_labels(&args.file)?;
    let report = ask_scopes(&new_engine(session, args)?, &labels, args.now)?;
    print_report(args, &report)
}

/// Holds the conversations and prints the report.
pub(crate) fn run_conversations(session: &Session, args: &EvalLabelsArgs) -> Result<Exit> {
    let labels = read_labels(&args.file)?;
    let report = hold_conversations(new_engine(session, args)?, &labels, args.now)?;
    print_report(args, &report)
}

fn read_labels<T: DeserializeOwned>(file: &Path) -> Result<Vec<T>> {
    read_lines(file, "the labels", parse_labels)
}

fn new_engine(session: &Session, args: &EvalLabelsArgs) -> Result<Engine> {
    open_engine(&load_corpus(session, args.now)?, session.settings.answering.strictness, args.now)
}

fn print_report(args: &EvalLabelsArgs, report: &LabelReport) -> Result<Exit> {
    print(args.output.format, report, || render::label_report(report))
}

/// Asks the questions of a half and prints the report.
pub(crate) fn run_overviews(session: &Session, args: &EvalOverviewsArgs) -> Result<Exit> {
    let questions = read_lines(&args.file, "the questions", OverviewQuestion::parse_all)?;
    let grades = read_grades(&args.points)?;
    let corpus = load_corpus(session, args.now)?;
    let engine = open_engine(&corpus, session.settings.answering.strictness, args.now)?;
    let chosen: Vec<&OverviewQuestion> =
        questions.iter().filter(|question| question.is_of(&args.half)).collect();
    let limits = AnswerLimits { excerpts: MAX_EXCERPTS, line: args.line };
    let report = ask_overviews(&engine, &chosen, &grades, limits, args.now)?;
    print(args.output.format, &report, || render::overview_report(&report))
}

/// Prints how many shapes are found, and writes fitted weights if that is asked for.
pub(crate) fn run_shapes(args: &EvalShapesArgs) -> Result<Exit> {
    let labels: Vec<ShapeQuestion> = read_labels(&args.file)?;
    let report = shape_report(&labels);
    print(args.output.format, &report, || render::shape_report(&report))?;
    if let Some(out) = &args.out {
        let facts: Vec<FactQuestion> =
            args.facts.iter().map(|file| read_labels(file)).collect::<Result<Vec<_>>>()?.concat();
        let fitted = fit_shapes(&training_questions(&labels, &facts));
        let day = args.now.to_zoned(TimeZone::UTC).date();
        let files = std::iter::once(&args.file).chain(&args.facts).filter_map(|file| file.file_name());
        let files = join_and(&files.map(|name| name.to_string_lossy().into_owned()).collect::<Vec<_>>());
        write_weights(out, shapes_file(&fitted, day, &files))?;
        write_weights(&out.with_extension("bin"), &fitted.weights)?;
    }
    Ok(Exit::Done)
}

fn read_grades(file: &Path) -> Result<SentenceGrades> {
    read_lines(file, "the graded sentences", SentenceGrades::parse)
}

/// What `points` prints as JSON.
#[derive(Serialize)]
struct PointsReport<'a> {
    #[serde(flatten)]
    points: &'a PointReport,
    marks: &'a MarkReport,
}

/// Prints the reports, and writes fitted weights if that is asked for.
pub(crate) fn run_points(session: &Session, args: &EvalPointsArgs) -> Result<Exit> {
    let grades = read_grades(&args.file)?;
    let corpus = load_corpus(session, args.now)?;
    let marks = read_lines(&args.marks, "the marked sentences", SentenceMarks::parse)?;
    let (points, marked) = (grades.report(&corpus), marks.report(&corpus));
    print(args.output.format, &PointsReport { points: &points, marks: &marked }, || {
        render::point_report(&points) + &render::mark_report(&marked)
    })?;
    if let Some(out) = &args.out {
        let fitted = fit_points(&grades.training_sentences(&corpus), &marks.training_sentences(&corpus));
        let day = args.now.to_zoned(TimeZone::UTC).date();
        let files = [&args.file, &args.marks].map(|file| file.display().to_string());
        write_weights(out, points_file(&fitted, day, files.each_ref().map(String::as_str)))?;
    }
    Ok(Exit::Done)
}
