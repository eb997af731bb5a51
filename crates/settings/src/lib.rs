//! Reads the settings in layers: the defaults of the table, a file, the environment, flags.
//!
//! [`SETTINGS`] has a row for each setting; everything else about it comes from there. Every problem of every layer is
//! found in one go. This crate reads no environment and no flag by itself: all of it comes in as [`Sources`]. A value
//! in [`Settings`] is right.

mod layers;
mod readers;
mod resolve;
mod table;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use takeaways_answer::Strictness;
use takeaways_corpus::CorpusSettings;

pub use readers::{LogFormat, LogLevel, SettingChoice};
pub use resolve::SettingProblem;
pub use resolve::{ResolvedSettings, SettingRow};
pub use table::{SETTINGS, Secret, Setting};

/// The file that is read where the program runs, if it is there and no other is named.
pub const FILE_NAME: &str = "takeaways.toml";

/// All settings, checked.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Which posts are read.
    pub corpus: CorpusSettings,
    /// How often a running bot looks for changed posts; `None` for never by itself.
    pub reload: Option<Duration>,
    /// Where state is kept.
    pub state: StateSettings,
    /// How questions are answered.
    pub answering: AnsweringSettings,
    /// What is logged.
    pub log: LogSettings,
    /// What operators can ask the bot.
    pub ops: OpsSettings,
    /// The bot.
    pub discord: DiscordSettings,
    /// Digests.
    pub digest: DigestSettings,
}

/// The bot.
#[derive(Debug, Clone, Default)]
pub struct DiscordSettings {
    /// `None` where none was given: only the bot needs one.
    pub token: Option<SecretString>,
    /// The address in place of `https://discord.com`.
    pub api_base: Option<String>,
    /// The one server in which commands are registered.
    pub guild: Option<u64>,
    /// Whether mentions are answered.
    pub answer_mentions: bool,
    /// Where people read about the bot.
    pub link: Option<String>,
    /// Channels in which mentions are not answered.
    pub denied_channels: Vec<u64>,
    /// Questions a minute of one person.
    pub person_limit: Option<NonZeroU32>,
    /// Questions a minute in one server.
    pub server_limit: Option<NonZeroU32>,
}

/// How many digests there may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DigestSettings {
    /// For the channels of one server.
    pub server: u32,
    /// Topics, authors and events that one person follows.
    pub person: u32,
}

/// Where the state is kept that outlives the process.
#[derive(Debug, Clone, Default)]
pub struct StateSettings {
    /// The folder for it; it need not exist yet.
    pub dir: PathBuf,
    /// PostgreSQL servers that hold the digests in its place, with their passwords; empty for none.
    pub servers: Vec<SecretString>,
}

/// How questions are answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AnsweringSettings {
    /// The most excerpts in an answer, 1 to 3.
    pub limit: usize,
    /// How sure an answer must be to be shown.
    pub strictness: Strictness,
}

/// What is logged to standard error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LogSettings {
    /// The least serious event that is logged.
    pub level: LogLevel,
    /// For people or for machines.
    pub format: LogFormat,
}

/// What operators can ask the bot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpsSettings {
    /// Where health, readiness and metrics are served; `None` for nowhere.
    pub listen: Option<SocketAddr>,
}

/// Where settings come from, besides the compiled-in ones.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file that was asked for; it must exist.
    pub file: Option<PathBuf>,
    /// Where the program runs: [`FILE_NAME`] is looked for here when no file was asked for.
    pub here: PathBuf,
    /// The environment; names that don't begin with `TAKEAWAYS_` are ignored, but for those of a [`Secret`].
    pub environment: BTreeMap<String, String>,
    /// The platform's data folder for this program, where there is one.
    pub data_dir: Option<PathBuf>,
    /// What was given on the command line.
    pub flags: Flags,
}

/// Settings given on the command line; they override all others.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--corpus`; empty where it was not given.
    pub corpus: Vec<PathBuf>,
    /// `--state-dir`.
    pub state_dir: Option<PathBuf>,
    /// `-v` and `-q`.
    pub level: Option<LogLevel>,
}

#[cfg(test)]
mod tests;
