//! `takeaways digest`: what digests hold.

mod interests;
mod preview;

use anyhow::Result;

use super::args;
use super::exit::Exit;
use super::session::Session;

/// Does what was asked for.
pub fn run(session: &Session, what: &args::Digest) -> Result<Exit> {
    match what {
        args::Digest::Preview(preview) => preview::run(session, preview),
    }
}
