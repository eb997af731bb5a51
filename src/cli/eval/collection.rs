//! `takeaways eval collection`.

use anyhow::{Result, bail};

use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::session::Session;

/// Not there yet.
pub fn run(_session: &Session, collection: &args::Collection) -> Result<Exit> {
    bail!("this is not there yet: {collection:?}")
}
