//! `takeaways eval`: measures answers.

mod collection;
mod compare;
mod questions;

use anyhow::Result;

use super::args;
use super::exit::Exit;
use super::session::Session;

/// Measures what was asked for and prints the report.
pub fn run(session: &Session, what: &args::Eval) -> Result<Exit> {
    match what {
        args::Eval::Questions(questions) => questions::run(session, questions),
        args::Eval::Collection(collection) => collection::run(session, collection),
        args::Eval::Compare(compare) => compare::run(compare),
    }
}
