//! `takeaways-eval overviews`: asks questions for a set of points.

use std::sync::Arc;

use anyhow::{Result, anyhow};

use super::{print, read_text};
use crate::args::EvalOverviewsArgs;
use crate::points::read_marks;
use crate::questions::load_corpus;
use takeaways_answer::Engine;
use takeaways_cli::exit::Exit;
use takeaways_cli::session::Session;
use takeaways_eval::overviews::{OverviewQuestion, ask_overviews};
use takeaways_eval::render;
use takeaways_search::{Index, IndexOptions};

/// Asks the questions of a half and prints the report.
pub fn run(session: &Session, args: &EvalOverviewsArgs) -> Result<Exit> {
    let text = read_text(&args.file, "the questions")?;
    let questions =
        OverviewQuestion::parse_all(&args.file.display().to_string(), &text).map_err(|problems| {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            anyhow!("the questions are not right:\n  {}", problems.join("\n  "))
        })?;
    let marks = read_marks(&args.points)?;
    let corpus = load_corpus(session, args.now)?;
    let (index, _) = Index::open(None, &corpus, args.now, &IndexOptions::default())?;
    let engine = Engine::new(Arc::new(index), session.settings.answering.strictness);
    let chosen: Vec<&OverviewQuestion> =
        questions.iter().filter(|question| question.is_of(&args.half)).collect();
    let report = ask_overviews(&engine, &chosen, &marks, args.now)?;
    print(args.output.format, &report, || render::overview_report(&report))?;
    Ok(Exit::Done)
}
