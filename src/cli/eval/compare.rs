//! `takeaways eval compare`.

use std::path::Path;

use anyhow::Result;

use super::{print, read_text};
use crate::cli::args;
use crate::cli::exit::Exit;
use takeaways_eval::comparison::{self, Comparison};
use takeaways_eval::render;
use takeaways_eval::report::Report;

/// Reads two reports and prints what changed from the first to the second.
pub fn run(how: &args::Compare) -> Result<Exit> {
    let comparison = Comparison::new(&read(&how.before)?, &read(&how.after)?)?;
    print(how.how.format, &comparison, || render::comparison(&comparison))?;
    Ok(Exit::Done)
}

fn read(path: &Path) -> Result<Report> {
    Ok(comparison::read(&path.display().to_string(), &read_text(path, "the report")?)?)
}
