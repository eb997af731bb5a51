//! `takeaways completions`.

use anyhow::Result;
use clap_complete::Shell;

use super::args;
use super::exit::Exit;
use super::terminal;

/// Prints the completions for `shell`.
pub fn run(shell: Shell) -> Result<Exit> {
    let mut script = Vec::new(); // not directly to standard output: clap panics if its reader is gone
    clap_complete::generate(shell, &mut args::command(), "takeaways", &mut script);
    terminal::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
