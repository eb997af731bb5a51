//! `takeaways eval questions`.

use anyhow::{Result, bail};

use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::session::Session;

/// Not there yet.
pub fn run(_session: &Session, questions: &args::Questions) -> Result<Exit> {
    bail!("this is not there yet: {:?}", questions)
}
