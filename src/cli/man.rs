//! `takeaways man`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::args;
use super::exit::Exit;

/// Writes a manual page for the program and one for each command into `folder`.
pub fn run(folder: &Path) -> Result<Exit> {
    // The pages of `help` would say nothing that `--help` does not say.
    let command = args::command().disable_help_subcommand(true);
    fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(command, folder))
        .with_context(|| format!("manual pages can't be written to {}", folder.display()))?;
    Ok(Exit::Done)
}
