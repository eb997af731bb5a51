//! The program `takeaways-eval`: measures the quality of answers, and fits the weights.

mod args;
mod collection;
mod labels;
mod questions;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use jiff::tz::TimeZone;
use serde::Serialize;

use args::{EvalArgs, EvalCommand, EvalCompareArgs, EvalFitArgs, EvalFormat};
use takeaways_answer::Weights;
use takeaways_cli::exit::{self, Exit};
use takeaways_cli::session::Session;
use takeaways_cli::terminal;
use takeaways_eval::comparison::{Comparison, parse_report};
use takeaways_eval::fit::weights_file;
use takeaways_eval::lines::LineProblem;
use takeaways_eval::report::Report;
use takeaways_eval::{fit, render};

fn main() -> ExitCode {
    match args::parse(std::env::args_os()) {
        Ok(args) => run(&args).unwrap_or_else(|error| exit::report(&error)),
        Err(error) => exit::report_usage(&error),
    }
    .into()
}

fn run(args: &EvalArgs) -> Result<Exit> {
    terminal::set_color(args.global.color);
    let session = Session::start(&args.global)?;
    match &args.command {
        EvalCommand::Questions(args) => questions::run(&session, args),
        EvalCommand::Judged(args) => questions::run_judged(&session, args),
        EvalCommand::Overviews(args) => labels::run_overviews(&session, args),
        EvalCommand::Points(args) => labels::run_points(&session, args),
        EvalCommand::Shapes(args) => labels::run_shapes(args),
        EvalCommand::Scopes(args) => labels::run_scopes(&session, args),
        EvalCommand::Conversations(args) => labels::run_conversations(&session, args),
        EvalCommand::Collection(args) => collection::run(&session, args),
        EvalCommand::Compare(args) => compare(args),
        EvalCommand::Fit(args) => fit(&session, args),
    }
}

/// Reads two reports and prints the changes from the first to the second.
fn compare(args: &EvalCompareArgs) -> Result<Exit> {
    let comparison = Comparison::new(&read_report(&args.before)?, &read_report(&args.after)?)?;
    print(args.output.format, &comparison, || render::comparison(&comparison))
}

fn read_report(path: &Path) -> Result<Report> {
    Ok(parse_report(&path.display().to_string(), &read_text(path, "the report")?)?)
}

/// Fits the weights, prints the report, and writes or prints the weights.
fn fit(session: &Session, args: &EvalFitArgs) -> Result<Exit> {
    let judged = questions::read_questions(&args.files)?;
    let corpus = questions::load_corpus(session, args.question_time())?;
    let fitted = fit::fit(&corpus, &judged, session.settings.answering.strictness, args.question_time())?;
    let day = args.now.unwrap_or(session.now).to_zoned(TimeZone::UTC).date();
    let files: Vec<String> = args.files.iter().map(|path| path.display().to_string()).collect();
    let weights = weights_file(Weights::FILE, &fitted, day, &files);
    let report = render::fit(&fitted);
    match &args.out {
        Some(path) => {
            write_weights(path, &weights)?;
            terminal::print(&report)?;
        }
        None => terminal::print(&format!("{report}\n{weights}"))?,
    }
    Ok(Exit::Done)
}

fn write_weights(path: &Path, weights: impl AsRef<[u8]>) -> Result<()> {
    fs::write(path, weights).with_context(|| format!("the weights can't be written to {}", path.display()))
}

/// Prints a report as JSON, or as the text that `text` returns.
fn print(format: EvalFormat, report: &impl Serialize, text: impl FnOnce() -> String) -> Result<Exit> {
    let page = match format {
        EvalFormat::Text => text(),
        EvalFormat::Json => serde_json::to_string_pretty(report)? + "\n",
    };
    terminal::print(&page)?;
    Ok(Exit::Done)
}

/// Reads a text file. `what` names its content in errors.
fn read_text(path: &Path, what: &str) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{what} in {} can't be read", path.display()))
}

/// Reads a file with one value in each line. The error lists the lines that are wrong.
fn read_lines<T>(
    path: &Path,
    what: &str,
    parse: impl FnOnce(&str, &str) -> Result<T, Vec<LineProblem>>,
) -> Result<T> {
    let text = read_text(path, what)?;
    parse(&path.display().to_string(), &text).map_err(|problems| problems_error(what, &problems))
}

/// The most wrong lines that are listed.
const MAX_PROBLEMS: usize = 20;

/// Says that a text is wrong, with its problems. `what` names its content.
fn problems_error(what: &str, problems: &[LineProblem]) -> anyhow::Error {
    let mut lines: Vec<String> = problems.iter().take(MAX_PROBLEMS).map(ToString::to_string).collect();
    let more = problems.len().saturating_sub(MAX_PROBLEMS);
    lines.extend((more > 0).then(|| format!("and {more} more")));
    anyhow!("{what} are not right:\n  {}", lines.join("\n  "))
}
