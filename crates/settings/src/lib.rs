//! Reads the settings in layers: defaults, a file, the environment and flags.
//!
//! [`SETTINGS`] has a row for each setting; everything else about a setting comes from there. One run finds every
//! problem of every layer. This crate does not read the environment or the flags: the caller passes [`Sources`]. Every
//! value in [`Settings`] is valid.

mod layers;
mod readers;
mod resolve;
mod secrets;
mod table;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use takeaways_answer::Strictness;
use takeaways_corpus::CorpusSettings;
use takeaways_sources::AllowedNetwork;

pub use readers::{Contributors, LogFormat, LogLevel, SettingChoice};
pub use resolve::{ResolvedSettings, SettingProblem, SettingRow};
pub use secrets::hide_secrets;
pub use table::{SETTINGS, Secret, Setting};

/// The settings file in the working folder. It is read if it exists and `--config` names no other file.
pub const FILE_NAME: &str = "takeaways.toml";

/// The source of a value that nothing overrides: see [`SettingRow::from`].
pub const DEFAULT: &str = "default";

/// All settings, checked. The documentation of each setting is in [`SETTINGS`].
#[derive(Clone, Default)]
pub struct Settings {
    /// The posts to read.
    pub corpus: CorpusSettings,
    /// The time between two checks for changed posts; `None` if there are no automatic checks.
    pub reload: Option<Duration>,
    /// How posts come in from the web.
    pub sources: SourceSettings,
    /// The place of the state.
    pub state: StateSettings,
    /// The answers.
    pub answering: AnsweringSettings,
    /// The log.
    pub log: LogSettings,
    /// The pages for operators.
    pub ops: OpsSettings,
    /// The bot.
    pub discord: DiscordSettings,
    /// Digests.
    pub digest: DigestSettings,
}

/// Shows no value: `takeaways check` is there to show them, and it hides secrets that stand in a wrong place.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").finish_non_exhaustive()
    }
}

/// The settings of sources.
#[derive(Debug, Clone, Default)]
pub struct SourceSettings {
    /// Addresses that are not public and may be fetched all the same.
    pub allow_addresses: Vec<AllowedNetwork>,
    /// Who may change the sources on Discord.
    pub contributors: Contributors,
    /// Where people complain about the fetching: an address of the web or of mail; empty if there is none.
    pub contact: String,
    /// The pause between two requests to a host.
    pub fetch_interval: Duration,
    /// The time between two refreshes of a source; `None` if `serve` refreshes none.
    pub refresh_interval: Option<Duration>,
}

/// The settings of the bot.
#[derive(Debug, Clone, Default)]
pub struct DiscordSettings {
    /// The bot's token; `None` if there is none, since only the bot needs it.
    pub token: Option<SecretString>,
    /// An address in place of `https://discord.com`.
    pub api_base: Option<String>,
    /// Whether the bot answers mentions.
    pub answer_mentions: bool,
    /// The address of a page about the bot.
    pub link: Option<String>,
    /// How many hours a conversation goes on; 0 if each message is a new question.
    pub conversation_hours: u32,
    /// The most questions per minute from one person; `None` for no limit.
    pub person_limit: Option<NonZeroU32>,
    /// The most questions per minute in one server; `None` for no limit.
    pub server_limit: Option<NonZeroU32>,
}

/// The limits for digests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DigestSettings {
    /// The most digests for the channels of one server.
    pub server: u32,
    /// The most topics, authors and events that one person may follow.
    pub person: u32,
}

/// The place of the state that outlives the process.
#[derive(Debug, Clone, Default)]
pub struct StateSettings {
    /// The state folder; it need not exist yet.
    pub dir: PathBuf,
    /// The addresses of the PostgreSQL servers that hold the digests, with passwords; empty if the folder holds them.
    pub servers: Vec<SecretString>,
}

/// The settings of answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AnsweringSettings {
    /// The most excerpts in an answer, 1 to 3.
    pub limit: usize,
    /// The confidence that an answer needs to be shown.
    pub strictness: Strictness,
}

/// The settings of the log on standard error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LogSettings {
    /// The least serious event that is logged.
    pub level: LogLevel,
    /// The format: for people or for programs.
    pub format: LogFormat,
}

/// The settings of the pages for operators.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpsSettings {
    /// The address that serves health, readiness and metrics; `None` if they are not served.
    pub listen: Option<SocketAddr>,
}

/// The sources of the settings besides the compiled-in defaults.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The settings file that the user named; it must exist.
    pub file: Option<PathBuf>,
    /// The working folder. It is searched for [`FILE_NAME`] if the user named no file.
    pub working_dir: PathBuf,
    /// The environment. Names without the prefix `TAKEAWAYS_` are ignored, except those of a [`Secret`].
    pub environment: BTreeMap<String, String>,
    /// The platform's data folder for this program, if it has one.
    pub data_dir: Option<PathBuf>,
    /// The flags of the command line.
    pub flags: Flags,
}

/// Settings of the command line. They override all others.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--corpus`; empty if it was not given.
    pub corpus: Vec<PathBuf>,
    /// `--state-dir`.
    pub state_dir: Option<PathBuf>,
    /// `-v` and `-q`.
    pub level: Option<LogLevel>,
}

#[cfg(test)]
mod tests;
