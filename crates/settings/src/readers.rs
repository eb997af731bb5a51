//! Reads single values: each reader checks the written value, stores it and returns the value to show.

use crate::layers::RawSetting;
use crate::secrets::{HIDDEN, has_address_with_password, has_secret, has_token, is_token};
use secrecy::SecretString;
use serde_json::Value as Json;
use std::{net::SocketAddr, ops::RangeInclusive, path::PathBuf};
use takeaways_answer::Strictness;
use takeaways_corpus::ExcludePatterns;
use takeaways_sources::{AllowedNetwork, AllowedNetworkError};

/// The value to show, or the remedy for a wrong value.
type ShownValue = Result<Json, String>;

impl RawSetting {
    pub(crate) fn flag(&self, field: &mut bool) -> ShownValue {
        let flag = self.value.as_bool().or_else(|| self.unquoted()?.to_lowercase().parse().ok());
        *field = flag.ok_or("write true or false")?;
        Ok((*field).into())
    }

    pub(crate) fn whole(&self, range: RangeInclusive<u32>, store: impl FnOnce(u32)) -> ShownValue {
        let number = self.value.as_u64().or_else(|| self.unquoted()?.parse().ok());
        let whole = number
            .and_then(|number| u32::try_from(number).ok())
            .filter(|number| range.contains(number))
            .ok_or_else(|| format!("write a whole number from {} to {}", range.start(), range.end()))?;
        store(whole);
        Ok(whole.into())
    }

    pub(crate) fn choice<T: SettingChoice>(&self, field: &mut T) -> ShownValue {
        let word = self.text().unwrap_or_default().trim().to_lowercase();
        let (name, choice) = T::ALL.iter().find(|(name, _)| *name == word).ok_or_else(|| {
            let names: Vec<String> = T::ALL.iter().map(|(name, _)| quoted(name)).collect();
            format!("write one of {}", names.join(", "))
        })?;
        *field = *choice;
        Ok((*name).into())
    }

    /// `""` and `off` give `None`. `off` is needed because an empty variable counts as not set.
    pub(crate) fn address(&self, field: &mut Option<SocketAddr>) -> ShownValue {
        *field = match self.text().map(str::trim) {
            Some("" | "off") => None,
            text => Some(
                text.and_then(|text| text.parse().ok())
                    .ok_or("write an address with its port, for example \"127.0.0.1:9464\", or \"off\"")?,
            ),
        };
        Ok(field.map(|address| address.to_string()).unwrap_or_default().into())
    }

    /// `""` gives an empty path.
    pub(crate) fn path(&self, field: &mut PathBuf) -> ShownValue {
        let text = self.text().ok_or("write a path in quotation marks")?;
        *field = if text.is_empty() { PathBuf::new() } else { self.full_path(text)? };
        Ok(field.to_string_lossy().into())
    }

    pub(crate) fn paths(&self, field: &mut Vec<PathBuf>) -> ShownValue {
        *field = self.texts()?.iter().map(|text| self.full_path(text)).collect::<Result<_, _>>()?;
        Ok(field.iter().map(|path| path.to_string_lossy()).collect())
    }

    pub(crate) fn patterns(&self, field: &mut ExcludePatterns) -> ShownValue {
        *field = ExcludePatterns::new(&self.texts()?)
            .map_err(|error| format!("fix the pattern ({})", error.reason))?;
        Ok(field.patterns().into())
    }

    pub(crate) fn token(&self, field: &mut Option<SecretString>) -> ShownValue {
        let token = self.text().ok_or("write the token in quotation marks")?.trim();
        if token.starts_with(['"', '\'', '`']) {
            return Err("write the token without quotation marks in it".into());
        }
        if token.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("Bot ")) {
            return Err("write the token without \"Bot\" before it".into());
        }
        if !token.is_empty() && !is_token(token) {
            return Err(
                "copy the token again: it has three parts of letters, digits, _ and -, with dots between them".into()
            );
        }
        *field = Some(token).filter(|token| !token.is_empty()).map(SecretString::from);
        Ok(field.as_ref().map_or("", |_| HIDDEN).into())
    }

    /// PostgreSQL servers, separated by commas or blanks, or as a list. Addresses hold passwords, so they are secret.
    pub(crate) fn servers(&self, field: &mut Vec<SecretString>) -> ShownValue {
        let texts = self.text().map_or_else(|| self.texts(), |text| Ok(vec![text.to_owned()]))?;
        let parts = texts.iter().flat_map(|text| text.split([',', ' ', '\n', '\t', '\r']));
        let servers: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        if !servers.iter().all(|server| is_server(server)) {
            return Err(
                "write addresses like postgres://user:password@host:5432/database, separated by commas; \
                        percent-encode special characters in a password: a comma is %2C"
                    .into(),
            );
        }
        *field = servers.into_iter().map(SecretString::from).collect();
        // An empty list is not a secret.
        Ok(if field.is_empty() { Json::Array(Vec::new()) } else { HIDDEN.into() })
    }

    pub(crate) fn web_address(&self, field: &mut Option<String>) -> ShownValue {
        let text = self.text().unwrap_or("?").trim().trim_end_matches('/');
        let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
        let is_host = |host: &str| !host.is_empty() && !host.contains(['?', '#', ' ', '@']);
        if !text.is_empty() && !host.is_some_and(is_host) {
            return Err("write an address like http://127.0.0.1:8080".into());
        }
        *field = Some(text.to_owned()).filter(|text| !text.is_empty());
        Ok(text.into())
    }

    /// Addresses and networks, each for one port or for all.
    pub(crate) fn networks(&self, field: &mut Vec<AllowedNetwork>) -> ShownValue {
        let networks: Result<Vec<AllowedNetwork>, _> =
            self.texts()?.iter().map(|text| text.parse()).collect();
        *field = networks.map_err(|error: AllowedNetworkError| error.to_string())?;
        Ok(field.iter().map(ToString::to_string).collect())
    }

    /// An address of the web or of mail, or `""`. It is sent in a header.
    pub(crate) fn contact(&self, field: &mut String) -> ShownValue {
        let text = self.text().unwrap_or("?").trim();
        let is_printable = text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '(' | ')'));
        let is_address = is_printable && text.len() <= 200 && text.contains(['@', '/']);
        if !(text.is_empty() || is_address) {
            return Err("write an address like https://blog.example/bot or bot@blog.example".into());
        }
        text.clone_into(field);
        Ok(text.into())
    }

    fn text(&self) -> Option<&str> {
        self.value.as_str()
    }

    /// The text of a flag, a number or a list in a layer whose values are all texts.
    fn unquoted(&self) -> Option<&str> {
        self.text().filter(|_| self.is_text_only).map(str::trim)
    }

    fn texts(&self) -> Result<Vec<String>, String> {
        if let Some(text) = self.unquoted() {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            return Ok(parts.map(str::to_owned).collect());
        }
        let values = self.value.as_array().ok_or("write a list, for example [\"one\", \"two\"]")?;
        let texts = values.iter().map(|value| value.as_str().map(str::to_owned)).collect::<Option<_>>();
        texts.ok_or_else(|| "write each item of the list in quotation marks".into())
    }

    fn full_path(&self, text: &str) -> Result<PathBuf, String> {
        match text.chars().next() {
            None => Err("write a path that is not empty".into()),
            Some('~') => Err("write the full path: ~ is not expanded here".into()),
            Some(_) if text.contains('\0') => Err("write a path without NUL characters".into()),
            Some(_) => Ok(self.base.join(text)),
        }
    }

    /// Returns the value as it was written, on one line. A secret in it is hidden.
    pub(crate) fn describe_value(&self) -> String {
        if self.value.is_object() {
            "a table".into()
        } else if texts_in(&self.value).into_iter().any(has_secret) {
            HIDDEN.into()
        } else {
            to_toml(&self.value)
        }
    }

    /// The remedy if the value of a setting that is not a secret is one.
    pub(crate) fn misplaced_secret(&self) -> Option<&'static str> {
        texts_in(&self.value).into_iter().find_map(misplaced_secret)
    }
}

/// The remedy if a value that is not a secret is one.
pub(super) fn misplaced_secret(value: &str) -> Option<&'static str> {
    if has_token(value) {
        return Some("it looks like a token: remove it here and set DISCORD_TOKEN to it");
    }
    has_address_with_password(value).then_some("write the address without a user and a password")
}

/// Returns every text of a value.
fn texts_in(value: &Json) -> Vec<&str> {
    match value {
        Json::String(text) => vec![text],
        Json::Array(values) => values.iter().flat_map(texts_in).collect(),
        Json::Object(values) => values.values().flat_map(texts_in).collect(),
        _ => Vec::new(),
    }
}

/// Formats a value as in a settings file: on one line, with control characters escaped.
pub(super) fn to_toml(value: &Json) -> String {
    match value {
        Json::String(text) => quoted(text),
        Json::Array(values) => format!("[{}]", values.iter().map(to_toml).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// Puts a text in quotation marks, and cuts it if it is longer than any path that a person writes.
fn quoted(text: &str) -> String {
    /// In characters.
    const MAX_CHARS: usize = 500;
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{:?}…", text.get(..end).unwrap_or_default()),
        None => format!("{text:?}"),
    }
}

/// Returns whether this is the address of a PostgreSQL server: it has a host, and no character needs percent-encoding.
fn is_server(text: &str) -> bool {
    let rest = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://"));
    let host = rest.map(|rest| rest.rsplit('@').next().unwrap_or_default());
    host.is_some_and(|host| !host.is_empty() && !host.starts_with(['/', ':', '?']))
        && text.chars().all(|c| c.is_ascii_graphic())
        && text.matches('@').count() <= 1
        && !text.contains('#')
}

/// A setting whose value is one of a few words.
pub trait SettingChoice: Copy + PartialEq + 'static {
    /// All values, each with its word.
    const ALL: &'static [(&'static str, Self)];

    /// Returns the word of this value.
    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, choice)| *choice == self).map_or("", |(name, _)| name)
    }
}

impl SettingChoice for Strictness {
    const ALL: &'static [(&'static str, Self)] =
        &[("strict", Self::Strict), ("balanced", Self::Balanced), ("eager", Self::Eager)];
}

/// Who may change on Discord where posts come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Contributors {
    /// `Moderators` while the bot is in one server, else `Nobody`.
    #[default]
    Auto,
    /// Who may manage a server of the bot.
    Moderators,
    /// Nobody.
    Nobody,
}

impl SettingChoice for Contributors {
    const ALL: &'static [(&'static str, Self)] =
        &[("auto", Self::Auto), ("moderators", Self::Moderators), ("nobody", Self::Nobody)];
}

/// The least serious event that is logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogLevel {
    /// `Info` for a service, `Warn` for every other command.
    #[default]
    Auto,
    /// Failures.
    Error,
    /// Possible failures.
    Warn,
    /// Completed work.
    Info,
    /// Details that help to find a fault, including the text of questions.
    Debug,
}

impl SettingChoice for LogLevel {
    const ALL: &'static [(&'static str, Self)] = &[
        ("auto", Self::Auto),
        ("error", Self::Error),
        ("warn", Self::Warn),
        ("info", Self::Info),
        ("debug", Self::Debug),
    ];
}

/// The format of the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// JSON for a service whose log is not a terminal, else text.
    #[default]
    Auto,
    /// Lines of text for people.
    Text,
    /// One JSON object per line.
    Json,
}

impl SettingChoice for LogFormat {
    const ALL: &'static [(&'static str, Self)] =
        &[("auto", Self::Auto), ("text", Self::Text), ("json", Self::Json)];
}
