//! `takeaways-eval scopes` and `takeaways-eval conversations`: compare what is understood with labels.

use std::path::Path;

use anyhow::Result;
use serde::de::DeserializeOwned;

use super::{print, problems_error, read_text};
use crate::args::EvalLabelsArgs;
use crate::questions::{load_corpus, open_engine};
use takeaways_answer::Engine;
use takeaways_cli::exit::Exit;
use takeaways_cli::session::Session;
use takeaways_eval::labels::{LabelReport, ask_scopes, hold_conversations, parse_labels};
use takeaways_eval::render;

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
    let labels = parse_labels(&file.display().to_string(), &read_text(file, "the labels")?);
    labels.map_err(|problems| problems_error("the labels", &problems))
}

fn new_engine(session: &Session, args: &EvalLabelsArgs) -> Result<Engine> {
    open_engine(&load_corpus(session, args.now)?, session.settings.answering.strictness, args.now)
}

fn print_report(args: &EvalLabelsArgs, report: &LabelReport) -> Result<Exit> {
    print(args.output.format, report, || render::label_report(report))?;
    Ok(Exit::Done)
}
