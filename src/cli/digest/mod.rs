//! `takeaways digest`: previews, sends and lists digests.

pub mod interests;
mod list;
mod log;
mod preview;
mod run;

use anyhow::Result;

use super::args;
use super::context::Session;
use super::exit::Exit;

/// Runs a subcommand of `takeaways digest`.
pub fn run(session: &Session, command: &args::DigestCommand) -> Result<Exit> {
    match command {
        args::DigestCommand::Preview(args) => preview::run(session, args),
        args::DigestCommand::Run(args) => run::run(session, args),
        args::DigestCommand::List(output) => list::run(session, *output),
        args::DigestCommand::Log(args) => log::run(session, args),
    }
}
