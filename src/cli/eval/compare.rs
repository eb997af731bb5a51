//! `takeaways eval compare`.

use anyhow::{Result, bail};

use crate::cli::args;
use crate::cli::exit::Exit;

/// Not there yet.
pub fn run(compare: &args::Compare) -> Result<Exit> {
    bail!("this is not there yet: {:?}", compare)
}
