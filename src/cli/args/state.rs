//! The arguments of `takeaways state`.

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::Subcommand;

use super::{FormatArgs, examples};

/// `takeaways state`.
#[derive(Debug, Subcommand)]
pub enum StateCommand {
    /// Copies the state to a new file. The bot may be running: the copy is consistent.
    Backup {
        /// The path of the copy; the file must not exist yet.
        file: PathBuf,
    },
    /// Checks the state for damage and shows what it holds; exit code 1 if there is a problem.
    #[command(after_help = examples::CHECKS)]
    Check(FormatArgs),
    /// Prints all that is kept of a person, as JSON. The bot may be running.
    Export {
        /// The person's id at Discord: a number, in Discord under "Copy User ID".
        #[arg(value_parser = parse_user)]
        user: NonZeroU64,
    },
    /// Deletes all that is kept of a person, as /forget-me does. The bot may be running.
    Forget {
        /// The person's id at Discord: a number, in Discord under "Copy User ID".
        #[arg(value_parser = parse_user)]
        user: NonZeroU64,
    },
    /// Upgrades the state of an older version, as the bot does when it starts.
    Migrate,
}

fn parse_user(text: &str) -> Result<NonZeroU64, String> {
    text.trim()
        .parse()
        .map_err(|_| "write the id of a person at Discord, a number like 80351110224678912".into())
}
