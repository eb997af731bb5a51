//! Reads and layers the configuration: the compiled-in `config/default.toml`, a file, the environment, flags.
//!
//! Every fault in every layer is found in one go. This module reads no environment and no flag by itself: all
//! of it comes in as [`Sources`]. It knows no room; a value that stands in [`Settings`] is right.

mod fault;
mod layer;
pub mod nearest;
mod value;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use serde::Serialize;
use serde_json::Value;

pub use fault::Fault;
use layer::Written;
use takeaways_answer::Strictness;
pub use value::{Choice, LogFormat, LogLevel};
use value::{Shown, as_written, written};

/// The file that is read where the program runs, if it is there and no other is named.
pub const FILE_NAME: &str = "takeaways.toml";

/// All that can be set, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What is read.
    pub corpus: Corpus,
    /// What is kept.
    pub state: State,
    /// How questions are answered.
    pub answering: Answering,
    /// What is logged.
    pub log: Log,
    /// What whoever runs the bot can ask it.
    pub ops: Ops,
    /// The bot.
    pub discord: Discord,
    /// Digests.
    pub digest: Digest,
}

/// What is read as posts.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// Folders with posts; empty for the compiled-in notes.
    pub folders: Vec<PathBuf>,
    /// Glob patterns of what is no post; each is one that [`globset`] reads.
    pub exclude: Vec<String>,
    /// Whether drafts and posts of the future are taken in.
    pub drafts: bool,
    /// The largest file that is read, in bytes; at least 1.
    pub max_bytes: u64,
    /// The most posts that are read; at least 1.
    pub max_posts: usize,
    /// How often a running bot looks for changes; `None` for never by itself.
    pub reload: Option<Duration>,
}

/// The bot.
#[derive(Debug, Clone)]
pub struct Discord {
    /// `None` where none was given: only the bot needs one.
    pub token: Option<SecretString>,
    /// What takes the place of `https://discord.com`.
    pub api_base: Option<String>,
    /// The one server in which commands are registered.
    pub guild: Option<u64>,
    /// Whether mentions are answered.
    pub answer_mentions: bool,
    /// Where people read about the bot.
    pub link: Option<String>,
    /// Channels in which they are not.
    pub denied_channels: Vec<u64>,
    /// Questions a minute of one person.
    pub person_limit: Option<NonZeroU32>,
    /// Questions a minute in one server.
    pub server_limit: Option<NonZeroU32>,
}

/// How many digests there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    /// Of the channels of one server.
    pub server: u32,
    /// Topics, authors and events that one person follows.
    pub person: u32,
}

/// What outlives the process.
#[derive(Debug, Clone)]
pub struct State {
    /// The folder for it; it need not exist yet.
    pub dir: PathBuf,
    /// Servers of PostgreSQL that hold the digests in its place, with their passwords; empty for none.
    pub servers: Vec<SecretString>,
}

/// How questions are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answering {
    /// The most excerpts in an answer, 1 to 3.
    pub limit: usize,
    /// How sure an answer must be to be shown.
    pub strictness: Strictness,
}

/// What is logged to standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Log {
    /// The least serious event that is logged.
    pub level: LogLevel,
    /// For people or for machines.
    pub format: LogFormat,
}

/// What whoever runs the bot can ask it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ops {
    /// Where health, readiness and metrics are served; nowhere without it.
    pub listen: Option<SocketAddr>,
}

/// Where settings come from, besides the compiled-in ones.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file that was asked for; it must exist.
    pub file: Option<PathBuf>,
    /// Where the program runs: [`FILE_NAME`] is looked for here when no file was asked for.
    pub here: PathBuf,
    /// The environment; names that don't begin with `TAKEAWAYS_` are passed over.
    pub environment: BTreeMap<String, String>,
    /// The platform's data folder for this program, where there is one.
    pub data_dir: Option<PathBuf>,
    /// What was given on the command line.
    pub flags: Flags,
}

/// Settings given on the command line; they go before all others.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--corpus`; empty where it was not given.
    pub corpus: Vec<PathBuf>,
    /// `--state-dir`.
    pub state_dir: Option<PathBuf>,
    /// `-v` and `-q`.
    pub level: Option<LogLevel>,
}

/// What came of all layers.
#[derive(Debug)]
pub struct Resolved {
    /// The settings; `None` where a fault leaves one without a value.
    pub settings: Option<Settings>,
    /// Each setting with its value and where that comes from, in the order of `config/default.toml`.
    pub rows: Vec<Row>,
    /// All that is wrong, in the order in which it was read.
    pub faults: Vec<Fault>,
}

/// One setting as it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its name, for example `corpus.drafts`.
    pub key: String,
    /// Its value; secrets are hidden.
    pub value: Value,
    /// Where the value comes from: `default`, a file, a variable or a flag.
    pub from: String,
}

impl Row {
    /// The value as it would stand in a file, on one line.
    #[must_use]
    pub fn written(&self) -> String {
        written(&self.value)
    }
}

impl Resolved {
    /// Reads all layers. Effects: reads the settings file.
    #[must_use]
    pub fn read(sources: &Sources) -> Self {
        let mut draft = Draft::default();
        for written in layer::all(sources, &mut draft.faults) {
            draft.take(&written);
        }
        draft.take_flags(&sources.flags, &sources.here);
        draft.finish(sources.data_dir.as_deref())
    }
}

/// Settings while the layers are laid over each other.
#[derive(Default)]
struct Draft {
    folders: Option<Vec<PathBuf>>,
    exclude: Option<Vec<String>>,
    drafts: Option<bool>,
    max_bytes: Option<u64>,
    max_posts: Option<usize>,
    state_dir: Option<PathBuf>,
    servers: Option<Vec<String>>,
    limit: Option<usize>,
    strictness: Option<Strictness>,
    level: Option<LogLevel>,
    format: Option<LogFormat>,
    #[expect(clippy::option_option, reason = "not read yet, or set to none")]
    listen: Option<Option<SocketAddr>>,
    reload: Option<u64>,
    token: Option<String>,
    api_base: Option<String>,
    guild: Option<String>,
    answer_mentions: Option<bool>,
    link: Option<String>,
    denied_channels: Option<Vec<String>>,
    person_limit: Option<u64>,
    server_limit: Option<u64>,
    digest_server: Option<u32>,
    digest_person: Option<u32>,
    rows: Vec<Row>,
    faults: Vec<Fault>,
}

impl Draft {
    fn take(&mut self, written: &Written) {
        let Written { key, from, .. } = written;
        match self.set(written) {
            Some(Ok(value)) => self.note(key, value, from),
            Some(Err(todo)) => {
                let what =
                    format!("{key} can't be {}", hidden(key).unwrap_or_else(|| as_written(&written.value)));
                self.faults.push(Fault { from: from.clone(), what, todo });
            }
            None => {
                let (what, todo) = (format!("there is no setting {key}"), written.meant());
                self.faults.push(Fault { from: from.clone(), what, todo });
            }
        }
    }

    /// What is shown of the value, or what to write instead; `None` where there is no such setting.
    fn set(&mut self, written: &Written) -> Option<Result<Value, String>> {
        Some(match written.key.as_str() {
            "corpus.folders" => keep(&mut self.folders, written.paths()),
            "corpus.exclude" => keep(&mut self.exclude, written.globs()),
            "corpus.drafts" => keep(&mut self.drafts, written.flag()),
            "corpus.max_bytes" => keep(&mut self.max_bytes, written.whole(1..=1 << 30)),
            "corpus.max_posts" => keep(&mut self.max_posts, written.whole(1..=10_000_000).map(index)),
            "corpus.reload" => keep(&mut self.reload, written.whole(0..=86_400)),
            "state.dir" => keep(&mut self.state_dir, written.path()),
            "state.url" => keep(&mut self.servers, written.servers()),
            "answering.limit" => keep(&mut self.limit, written.whole(1..=3).map(index)),
            "answering.strictness" => keep(&mut self.strictness, written.choice()),
            "log.level" => keep(&mut self.level, written.choice()),
            "log.format" => keep(&mut self.format, written.choice()),
            "ops.listen" => keep(&mut self.listen, written.address()),
            "discord.token" => keep(&mut self.token, written.token()),
            "discord.api_base" => keep(&mut self.api_base, written.web_address()),
            "discord.guild" => keep(&mut self.guild, written.id()),
            "discord.answer_mentions" => keep(&mut self.answer_mentions, written.flag()),
            "discord.link" => keep(&mut self.link, written.web_address()),
            "discord.channels.deny" => keep(&mut self.denied_channels, written.ids()),
            "discord.limits.person" => keep(&mut self.person_limit, written.whole(0..=1_000_000)),
            "discord.limits.server" => keep(&mut self.server_limit, written.whole(0..=1_000_000)),
            "digest.server" => keep(&mut self.digest_server, written.whole(0..=10_000).map(count)),
            "digest.person" => keep(&mut self.digest_person, written.whole(0..=1_000).map(count)),
            _ => return None,
        })
    }

    fn take_flags(&mut self, flags: &Flags, here: &Path) {
        if !flags.corpus.is_empty() {
            let folders: Vec<PathBuf> = flags.corpus.iter().map(|folder| here.join(folder)).collect();
            self.note("corpus.folders", folders.shown(), "--corpus");
            self.folders = Some(folders);
        }
        if let Some(dir) = flags.state_dir.as_ref().map(|dir| here.join(dir)) {
            self.note("state.dir", dir.shown(), "--state-dir");
            self.state_dir = Some(dir);
        }
        if let Some(level) = flags.level {
            let flag = if level == LogLevel::Error { "-q" } else { "-v" };
            self.note("log.level", level.shown(), flag);
            self.level = Some(level);
        }
    }

    fn note(&mut self, key: &str, value: Value, from: &str) {
        // That there is none is no secret.
        let secret = hidden(key).filter(|_| value != "" && value != Value::Array(Vec::new()));
        let value = secret.map_or(value, Value::String);
        match self.rows.iter_mut().find(|row| row.key == key) {
            Some(row) => (row.value, row.from) = (value, from.to_owned()),
            None => self.rows.push(Row { key: key.to_owned(), value, from: from.to_owned() }),
        }
    }

    fn finish(mut self, data_dir: Option<&Path>) -> Resolved {
        if self.state_dir.as_deref() == Some(Path::new("")) {
            self.state_dir = data_dir.map(Path::to_owned);
            match data_dir {
                Some(dir) => self.note("state.dir", dir.to_owned().shown(), "default"),
                None => self.faults.push(Fault {
                    from: "state.dir".into(),
                    what: "this machine names no data folder".into(),
                    todo: "name one with --state-dir DIR".into(),
                }),
            }
        }
        let (rows, faults) = (std::mem::take(&mut self.rows), std::mem::take(&mut self.faults));
        Resolved { settings: self.settings(), rows, faults }
    }

    fn settings(self) -> Option<Settings> {
        Some(Settings {
            corpus: Corpus {
                folders: self.folders?,
                exclude: self.exclude?,
                drafts: self.drafts?,
                max_bytes: self.max_bytes?,
                max_posts: self.max_posts?,
                reload: self.reload.filter(|seconds| *seconds > 0).map(Duration::from_secs),
            },
            state: State {
                dir: self.state_dir?,
                servers: self.servers?.into_iter().map(SecretString::from).collect(),
            },
            answering: Answering { limit: self.limit?, strictness: self.strictness? },
            log: Log { level: self.level?, format: self.format? },
            ops: Ops { listen: self.listen? },
            discord: Discord {
                token: self.token.filter(|token| !token.is_empty()).map(SecretString::from),
                api_base: self.api_base.filter(|address| !address.is_empty()),
                guild: self.guild?.parse().ok(),
                answer_mentions: self.answer_mentions?,
                link: self.link.filter(|address| !address.is_empty()),
                denied_channels: self.denied_channels?.iter().filter_map(|id| id.parse().ok()).collect(),
                person_limit: self.person_limit.and_then(a_minute),
                server_limit: self.server_limit.and_then(a_minute),
            },
            digest: Digest { server: self.digest_server?, person: self.digest_person? },
        })
    }
}

/// A limit; `None` for none.
fn a_minute(whole: u64) -> Option<NonZeroU32> {
    u32::try_from(whole).ok().and_then(NonZeroU32::new)
}

/// The bounds of every count that is set fit.
fn index(whole: u64) -> usize {
    usize::try_from(whole).unwrap_or(usize::MAX)
}

fn count(whole: u64) -> u32 {
    u32::try_from(whole).unwrap_or(u32::MAX)
}

/// What is shown in the place of a secret; `None` for all other settings.
fn hidden(key: &str) -> Option<String> {
    const SECRETS: [&str; 5] = ["token", "secret", "password", "key", "state.url"];
    SECRETS.iter().any(|word| key.ends_with(word)).then(|| "(hidden)".into())
}

fn keep<T: Shown>(setting: &mut Option<T>, read: Result<T, String>) -> Result<Value, String> {
    read.map(|value| setting.insert(value).shown())
}

#[cfg(test)]
mod tests;
