//! `takeaways-eval overviews`: asks questions for a set of points.

use anyhow::Result;

use super::{print, problems_error, read_text};
use crate::args::EvalOverviewsArgs;
use crate::points::read_marks;
use crate::questions::{load_corpus, open_engine};
use takeaways_cli::exit::Exit;
use takeaways_cli::session::Session;
use takeaways_eval::overviews::{OverviewQuestion, ask_overviews};
use takeaways_eval::render;

/// Asks the questions of a half and prints the report.
pub(crate) fn run(session: &Session, args: &EvalOverviewsArgs) -> Result<Exit> {
    let text = read_text(&args.file, "the questions")?;
    let questions = OverviewQuestion::parse_all(&args.file.display().to_string(), &text)
        .map_err(|problems| problems_error("the questions", &problems))?;
    let marks = read_marks(&args.points)?;
    let corpus = load_corpus(session, args.now)?;
    let engine = open_engine(&corpus, session.settings.answering.strictness, args.now)?;
    let chosen: Vec<&OverviewQuestion> =
        questions.iter().filter(|question| question.is_of(&args.half)).collect();
    let report = ask_overviews(&engine, &chosen, &marks, args.now)?;
    print(args.output.format, &report, || render::overview_report(&report))?;
    Ok(Exit::Done)
}
