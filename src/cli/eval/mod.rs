//! `takeaways eval`: measures answers.

mod collection;
mod compare;
mod fit;
mod questions;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

use super::args::{self, EvalFormat};
use super::exit::Exit;
use super::session::Session;
use super::terminal;

/// Measures what was asked for and prints the report.
pub fn run(session: &Session, what: &args::Eval) -> Result<Exit> {
    match what {
        args::Eval::Questions(questions) => questions::run(session, questions),
        args::Eval::Collection(collection) => collection::run(session, collection),
        args::Eval::Compare(compare) => compare::run(compare),
        args::Eval::Fit(fit) => fit::run(session, fit),
    }
}

/// Prints a report: as JSON, or as the page that `text` gives.
fn print(format: EvalFormat, report: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
    let page = match format {
        EvalFormat::Text => text(),
        EvalFormat::Json => serde_json::to_string_pretty(report)? + "\n",
    };
    terminal::print(&page)
}

/// The text of a file; `what` says what it holds, for people.
fn read_text(path: &Path, what: &str) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{what} in {} can't be read", path.display()))
}
