//! `takeaways digest`: what digests hold, who wants them, and sending what is due.

mod interests;
mod list;
mod log;
mod preview;
mod run;

use anyhow::Result;

use super::args;
use super::context::RunContext;
use super::exit::Exit;

/// Does what was asked for.
pub fn run(session: &RunContext, what: &args::DigestCommand) -> Result<Exit> {
    match what {
        args::DigestCommand::Preview(preview) => preview::run(session, preview),
        args::DigestCommand::Run(how) => run::run(session, how),
        args::DigestCommand::List(how) => list::run(session, *how),
        args::DigestCommand::Log(how) => log::run(session, how),
    }
}
