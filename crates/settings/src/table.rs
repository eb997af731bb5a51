//! The table of all settings.
//!
//! Defaults, variables, `takeaways check`, messages, `config/default.toml` and `docs/settings.md` come from it.

use std::num::NonZeroU32;
use std::time::Duration;

use serde_json::Value as Json;

use super::Settings;
use super::layers::RawSetting;

/// The prefix of every setting's variable.
pub(super) const PREFIX: &str = "TAKEAWAYS";

/// A setting.
#[derive(Debug)]
pub struct Setting {
    /// The name with its sections: `corpus.drafts`.
    pub name: &'static str,
    /// The default, in TOML.
    pub default: &'static str,
    /// The description: sentences in Markdown. Documents are named by their path, such as `docs/state.md#postgresql`.
    pub meaning: &'static str,
    /// The flags that override the setting, in Markdown; empty for most settings.
    pub flags: &'static str,
    /// The other places of the value, if it is a secret.
    pub secret: Option<Secret>,
    pub(super) read: Reader,
}

/// Checks a value, stores it in its field and returns the value to show. The error tells what to write instead.
type Reader = fn(&mut Settings, &RawSetting) -> Result<Json, String>;

/// The places of a secret other than a settings file.
#[derive(Debug, Clone, Copy)]
pub struct Secret {
    /// The secret's own variable, as hosting services set it.
    pub variable: Option<&'static str>,
    /// The variable that holds the path of a file with the secret and nothing else.
    pub file_variable: &'static str,
    /// The name of the secret, for messages.
    pub content: &'static str,
}

impl Setting {
    const fn new(name: &'static str, default: &'static str, read: Reader, meaning: &'static str) -> Self {
        Self { name, default, meaning, flags: "", secret: None, read }
    }

    const fn flags(self, flags: &'static str) -> Self {
        Self { flags, ..self }
    }

    const fn secret(self, secret: Secret) -> Self {
        Self { secret: Some(secret), ..self }
    }

    /// Returns the variable that sets it: `TAKEAWAYS__CORPUS__DRAFTS`.
    pub fn variable(&self) -> String {
        variable(self.name)
    }
}

/// Returns the variable that sets `name`.
pub(super) fn variable(name: &str) -> String {
    format!("{PREFIX}__{}", name.replace('.', "__").to_uppercase())
}

/// All settings, in the order of the documents and of `takeaways check`.
pub static SETTINGS: [Setting; 27] = [
    Setting::new(
        "corpus.folders",
        "[]",
        |settings, raw| raw.paths(&mut settings.corpus.folders),
        "Folders with posts; their subfolders are read too. A relative path in a settings file starts at the folder of \
         that file. Empty: the built-in notes.",
    )
    .flags("`--corpus DIR`, may be repeated"),
    Setting::new(
        "corpus.exclude",
        r#"["README*", "LICENSE*", "CONTRIBUTING*", "CHANGELOG*"]"#,
        |settings, raw| raw.patterns(&mut settings.corpus.exclude),
        "Files and folders that are not posts, in upper or lower case. A pattern with a slash is compared with the path \
         below the corpus folder (`old/**`), a pattern without a slash with the name of each file (`README*`). A name \
         without wildcards also matches folders (`drafts`).",
    ),
    Setting::new(
        "corpus.drafts",
        "false",
        |settings, raw| raw.flag(&mut settings.corpus.drafts),
        "Whether to read drafts, and posts whose `publishDate` is in the future.",
    ),
    Setting::new(
        "corpus.max_bytes",
        "2097152",
        |settings, raw| raw.whole(1..=1 << 30, |bytes| settings.corpus.max_bytes = bytes.into()),
        "The size limit of a post file in bytes; larger files are not read. 1 to 1073741824 (1 GiB).",
    ),
    Setting::new(
        "corpus.max_posts",
        "100000",
        |settings, raw| raw.whole(1..=10_000_000, |posts| settings.corpus.max_posts = posts as usize),
        "How many posts are read at most; 1 to 10,000,000.",
    ),
    Setting::new(
        "corpus.reload",
        "60",
        |settings, raw| raw.whole(0..=86_400, |seconds| settings.reload = period(seconds)),
        "How often `takeaways serve` checks for changed posts, in seconds; 0 to 86,400 (a day). 0: only on SIGHUP.",
    ),
    Setting::new(
        "corpus.refresh_interval",
        "3600",
        |settings, raw| raw.whole(0..=604_800, |seconds| settings.sources.refresh_interval = period(seconds)),
        "How often `takeaways serve` reads each source of posts again, in seconds; 0 to 604,800 (a week). Less than an \
         hour counts as an hour. 0: only `takeaways corpus refresh` does.",
    ),
    Setting::new(
        "corpus.fetch_interval",
        "1",
        |settings, raw| {
            raw.whole(0..=3_600, |seconds| {
                settings.sources.fetch_interval = Duration::from_secs(seconds.into());
            })
        },
        "The pause between two requests to one host, in seconds; 0 to 3,600. Less than 1 only for a host of your own.",
    ),
    Setting::new(
        "corpus.contact",
        r#""""#,
        |settings, raw| raw.contact(&mut settings.sources.contact),
        "Where the people behind a site can complain about the fetching: an address of the web or of mail, which is sent \
         with each request. Empty: `discord.link`.",
    ),
    Setting::new(
        "corpus.contributors",
        r#""auto""#,
        |settings, raw| raw.choice(&mut settings.sources.contributors),
        "Who may add and remove posts with `/recaps`: `moderators` (whoever may manage a server of the bot) or `nobody`. All \
         servers of a bot share its posts, so `auto` is `moderators` while the bot is in one server, else `nobody`.",
    ),
    Setting::new(
        "corpus.allow_addresses",
        "[]",
        |settings, raw| raw.networks(&mut settings.sources.allow_addresses),
        "Addresses or networks that may be fetched though they are not of the public web, each for all ports or with \
         one: `127.0.0.1`, `10.0.0.0/8:8080`. Whoever may add sources can read what is there.",
    ),
    Setting::new(
        "state.dir",
        r#""""#,
        |settings, raw| raw.path(&mut settings.state.dir),
        "The folder for the index, the history of `chat` and, in `state.sqlite3`, the digests. Empty: the platform's \
         data folder.",
    )
    .flags("`--state-dir DIR`"),
    Setting::new(
        "state.url",
        r#""""#,
        |settings, raw| raw.servers(&mut settings.state.servers),
        "A secret: PostgreSQL servers that hold the digests instead of `state.sqlite3`, separated by commas. The bot \
         uses the server that accepts writes, so that a standby can be promoted; see docs/state.md#postgresql. Better \
         set the variable, or `TAKEAWAYS__STATE__URL_FILE` to the path of a file that contains only the addresses.",
    )
    .secret(Secret {
        variable: None,
        file_variable: "TAKEAWAYS__STATE__URL_FILE",
        content: "the addresses",
    }),
    Setting::new(
        "answering.limit",
        "3",
        |settings, raw| raw.whole(1..=3, |excerpts| settings.answering.limit = excerpts as usize),
        "How many excerpts the answer to a question for a fact has at most, 1 to 3.",
    )
    .flags("`--limit N` of `ask` and `chat`"),
    Setting::new(
        "answering.strictness",
        r#""balanced""#,
        |settings, raw| raw.choice(&mut settings.answering.strictness),
        "How sure an answer must be to be shown: `strict` refuses more than `balanced`, `eager` refuses less.",
    ),
    Setting::new(
        "log.level",
        r#""auto""#,
        |settings, raw| raw.choice(&mut settings.log.level),
        "What is logged to standard error: `error`, `warn`, `info` or `debug`. `auto` is `info` for `serve` and `warn` \
         for all other commands. Only `debug` logs questions.",
    )
    .flags("`-v`, `-vv`, `-q`"),
    Setting::new(
        "log.format",
        r#""auto""#,
        |settings, raw| raw.choice(&mut settings.log.format),
        "`text` for people, `json` for programs. `auto` is `json` for `serve` if standard error is not a terminal, \
         otherwise `text`.",
    ),
    Setting::new(
        "ops.listen",
        r#""127.0.0.1:9464""#,
        |settings, raw| raw.address(&mut settings.ops.listen),
        "The address and port where `serve` answers `/healthz`, `/readyz` and `/metrics`, and which `health` asks. \
         Everybody who can reach it can read it, so the default is loopback. `off`: not served.",
    ),
    Setting::new(
        "discord.token",
        r#""""#,
        |settings, raw| raw.token(&mut settings.discord.token),
        "A secret: the bot's token, from the page \"Bot\" of <https://discord.com/developers/applications>. Better set \
         `DISCORD_TOKEN`, or `DISCORD_TOKEN_FILE` to the path of a file that contains only the token.",
    )
    .secret(Secret {
        variable: Some("DISCORD_TOKEN"),
        file_variable: "DISCORD_TOKEN_FILE",
        content: "the token",
    }),
    Setting::new(
        "discord.api_base",
        r#""""#,
        |settings, raw| raw.web_address(&mut settings.discord.api_base),
        "An address to use instead of <https://discord.com>: a REST proxy, or a test server. It must be your own, \
         because the token is sent to it. Empty: Discord itself.",
    ),
    Setting::new(
        "discord.answer_mentions",
        "true",
        |settings, raw| raw.flag(&mut settings.discord.answer_mentions),
        "Whether the bot answers mentions, and replies that ping it. Commands and direct messages always work.",
    ),
    Setting::new(
        "discord.link",
        r#""""#,
        |settings, raw| raw.web_address(&mut settings.discord.link),
        "An address that `/about` shows: where people read about this bot and reach its operator.",
    ),
    Setting::new(
        "discord.conversation_hours",
        "24",
        |settings, raw| raw.whole(0..=720, |hours| settings.discord.conversation_hours = hours),
        "How many hours a conversation in direct messages, mentions and replies goes on: so long the words of the last ten \
         questions are kept, and \"and in 2019?\" is understood. 0: each message is a new question, and no words are kept.",
    ),
    Setting::new(
        "discord.limits.person",
        "30",
        |settings, raw| raw.whole(0..=1_000_000, |limit| settings.discord.person_limit = NonZeroU32::new(limit)),
        "How many questions and commands one person may send per minute. 0: no limit.",
    ),
    Setting::new(
        "discord.limits.server",
        "300",
        |settings, raw| raw.whole(0..=1_000_000, |limit| settings.discord.server_limit = NonZeroU32::new(limit)),
        "How many questions and commands one server may send per minute. 0: no limit.",
    ),
    Setting::new(
        "digest.server",
        "25",
        |settings, raw| raw.whole(0..=10_000, |limit| settings.digest.server = limit),
        "How many digests a server may have; 0 to 10,000.",
    ),
    Setting::new(
        "digest.person",
        "20",
        |settings, raw| raw.whole(0..=1_000, |limit| settings.digest.person = limit),
        "How many topics, authors and events a person may follow; 0 to 1,000.",
    ),
];

/// Converts seconds to a period; 0 gives `None`.
fn period(seconds: u32) -> Option<Duration> {
    (seconds > 0).then(|| Duration::from_secs(seconds.into()))
}
