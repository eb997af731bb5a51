//! `takeaways digest`: what digests hold, who wants them, and sending what is due.

mod by_sight;
mod interests;
mod list;
mod log;
mod preview;
mod run;

use anyhow::Result;

use super::args;
use super::exit::Exit;
use super::session::Session;

/// Does what was asked for.
pub fn run(session: &Session, what: &args::Digest) -> Result<Exit> {
    match what {
        args::Digest::Preview(preview) => preview::run(session, preview),
        args::Digest::Run(how) => run::run(session, how),
        args::Digest::List(how) => list::run(session, *how),
        args::Digest::Log(how) => log::run(session, how),
    }
}
