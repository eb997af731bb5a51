//! Single values: from what was written to what is meant, and back to what is shown.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use takeaways_answer::Strictness;

use config::{Value, ValueKind};
use serde_json::Value as Json;

use super::layer::Written;

/// A setting that is one of a few words.
pub trait Choice: Copy + PartialEq + 'static {
    /// All of them, with the words they are written as.
    const ALL: &'static [(&'static str, Self)];

    /// The word it is written as.
    #[must_use]
    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, choice)| *choice == self).map_or("", |(name, _)| name)
    }
}

impl Choice for Strictness {
    const ALL: &'static [(&'static str, Self)] =
        &[("strict", Self::Strict), ("balanced", Self::Balanced), ("eager", Self::Eager)];
}

/// The least serious event that is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// What may go wrong; for a service also what was done.
    Auto,
    /// What went wrong.
    Error,
    /// What may go wrong.
    Warn,
    /// What was done.
    Info,
    /// All that helps to find a fault, the words of questions too.
    Debug,
}

impl Choice for LogLevel {
    const ALL: &'static [(&'static str, Self)] = &[
        ("auto", Self::Auto),
        ("error", Self::Error),
        ("warn", Self::Warn),
        ("info", Self::Info),
        ("debug", Self::Debug),
    ];
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people; for a service whose log nobody watches, JSON.
    Auto,
    /// Lines for people.
    Text,
    /// A JSON object a line.
    Json,
}

impl Choice for LogFormat {
    const ALL: &'static [(&'static str, Self)] =
        &[("auto", Self::Auto), ("text", Self::Text), ("json", Self::Json)];
}

/// Each gives the value, or says what to write instead.
impl Written {
    pub(super) fn flag(&self) -> Result<bool, String> {
        let flag = match &self.value.kind {
            ValueKind::Boolean(flag) => Some(*flag),
            ValueKind::String(text) if self.is_text_only => text.trim().to_lowercase().parse().ok(),
            _ => None,
        };
        flag.ok_or_else(|| "write true or false".into())
    }

    pub(super) fn whole(&self, range: RangeInclusive<u64>) -> Result<u64, String> {
        let whole = match &self.value.kind {
            ValueKind::I64(number) => u64::try_from(*number).ok(),
            ValueKind::String(text) if self.is_text_only => text.trim().parse().ok(),
            _ => None,
        };
        whole
            .filter(|number| range.contains(number))
            .ok_or_else(|| format!("write a whole number from {} to {}", range.start(), range.end()))
    }

    pub(super) fn choice<T: Choice>(&self) -> Result<T, String> {
        let word = self.text().unwrap_or_default().trim().to_lowercase();
        T::ALL.iter().find(|(name, _)| *name == word).map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<String> = T::ALL.iter().map(|(name, _)| quoted(name)).collect();
            format!("write one of {}", names.join(", "))
        })
    }

    /// None where nothing but `""` or `off` was written: an empty variable counts as not set.
    pub(super) fn address(&self) -> Result<Option<SocketAddr>, String> {
        match self.text().map(str::trim) {
            Some("" | "off") => Ok(None),
            text => text.and_then(|text| text.parse().ok()).map(Some).ok_or_else(|| {
                "write an address with its port, for example \"127.0.0.1:9464\", or \"off\"".into()
            }),
        }
    }

    /// Empty where nothing but `""` was written.
    pub(super) fn path(&self) -> Result<PathBuf, String> {
        let text = self.text().ok_or("write a path in quotation marks")?;
        if text.is_empty() { Ok(PathBuf::new()) } else { self.placed(text) }
    }

    pub(super) fn paths(&self) -> Result<Vec<PathBuf>, String> {
        self.texts()?.iter().map(|text| self.placed(text)).collect()
    }

    pub(super) fn globs(&self) -> Result<Vec<String>, String> {
        let patterns = self.texts()?;
        for pattern in &patterns {
            globset::Glob::new(pattern).map_err(|error| format!("mend the pattern ({})", error.kind()))?;
        }
        Ok(patterns)
    }

    /// A secret: what is wrong with it is told without it.
    pub(super) fn token(&self) -> Result<String, String> {
        let token = self.text().ok_or("write the token in quotation marks")?.trim();
        let token = token.strip_prefix("Bot ").unwrap_or(token);
        // What can stand in an HTTP header. Discord's are letters, digits, points, dashes and underscores.
        if token.chars().all(|c| c.is_ascii_graphic()) {
            Ok(token.to_owned())
        } else {
            Err("copy the token again, without blanks or other characters around or within it".into())
        }
    }

    /// Addresses of PostgreSQL's servers, divided by commas or blanks or in a list: secrets, as they hold passwords.
    pub(super) fn servers(&self) -> Result<Vec<String>, String> {
        let texts = match self.text() {
            Some(text) => vec![text.to_owned()],
            None => self.texts()?,
        };
        let parts = texts.iter().flat_map(|text| text.split([',', ' ', '\n', '\t', '\r']));
        let servers: Vec<String> = parts.filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let is_right = servers.iter().all(|server| is_server(server));
        is_right.then_some(servers).ok_or_else(|| {
            "write addresses like postgres://user:password@host:5432/database, with commas between; in a password, \
             other characters than letters and digits as %2C is a comma"
                .into()
        })
    }

    pub(super) fn web_address(&self) -> Result<String, String> {
        let text = self.text().unwrap_or("?").trim().trim_end_matches('/');
        let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
        let is_right = text.is_empty()
            || host.is_some_and(|host| !host.is_empty() && !host.contains(['?', '#', ' ', '@']));
        is_right.then(|| text.to_owned()).ok_or_else(|| "write an address like http://127.0.0.1:8080".into())
    }

    /// A snowflake, or nothing: in quotation marks, as the file's format has no numbers of that size for all.
    pub(super) fn id(&self) -> Result<String, String> {
        let text = match &self.value.kind {
            ValueKind::I64(number) => number.to_string(),
            _ => self.text().unwrap_or("?").trim().to_owned(),
        };
        if text.is_empty() || is_id(&text) { Ok(text) } else { Err(COPY_ID.into()) }
    }

    pub(super) fn ids(&self) -> Result<Vec<String>, String> {
        let ids = match &self.value.kind {
            ValueKind::Array(values) => {
                values.iter().map(|value| value.clone().into_string().unwrap_or_default()).collect()
            }
            _ => self.texts()?,
        };
        if ids.iter().all(|id| is_id(id)) { Ok(ids) } else { Err(COPY_ID.into()) }
    }

    fn text(&self) -> Option<&str> {
        match &self.value.kind {
            ValueKind::String(text) => Some(text),
            _ => None,
        }
    }

    fn texts(&self) -> Result<Vec<String>, String> {
        match &self.value.kind {
            ValueKind::Array(values) => values
                .iter()
                .map(|value| {
                    as_text(value).ok_or_else(|| "write each part of the list in quotation marks".into())
                })
                .collect(),
            ValueKind::String(text) if self.is_text_only => Ok(text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect()),
            _ => Err("write a list, for example [\"one\", \"two\"]".into()),
        }
    }

    fn placed(&self, text: &str) -> Result<PathBuf, String> {
        match text.chars().next() {
            None => Err("write a path that is not empty".into()),
            Some('~') => Err("write the path in full, ~ has no meaning here".into()),
            Some(_) if text.contains('\0') => Err("write a path without the character NUL".into()),
            Some(_) => Ok(self.base.join(text)),
        }
    }
}

const COPY_ID: &str =
    "copy the id in Discord (with its developer mode on, in the menu of the server or channel)";

/// Whether it is one of Discord's ids: a number that is not 0.
fn is_id(text: &str) -> bool {
    text.parse::<u64>().is_ok_and(|id| id != 0)
}

/// Whether it is an address of PostgreSQL's: with a host, and with nothing that has to be written with a percent sign.
fn is_server(text: &str) -> bool {
    let rest = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://"));
    let host = rest.map(|rest| rest.rsplit('@').next().unwrap_or_default());
    host.is_some_and(|host| !host.is_empty() && !host.starts_with(['/', ':', '?']))
        && text.chars().all(|c| c.is_ascii_graphic())
        && text.matches('@').count() <= 1
        && !text.contains('#')
}

/// A checked value as it is shown.
pub(super) trait Shown {
    /// As JSON, which has all kinds of values that settings have.
    fn shown(&self) -> Json;
}

impl Shown for bool {
    fn shown(&self) -> Json {
        (*self).into()
    }
}

impl Shown for u64 {
    fn shown(&self) -> Json {
        (*self).into()
    }
}

impl Shown for u32 {
    fn shown(&self) -> Json {
        (*self).into()
    }
}

impl Shown for usize {
    fn shown(&self) -> Json {
        (*self).into()
    }
}

impl Shown for String {
    fn shown(&self) -> Json {
        self.as_str().into()
    }
}

impl Shown for PathBuf {
    fn shown(&self) -> Json {
        self.to_string_lossy().into()
    }
}

impl Shown for Option<SocketAddr> {
    fn shown(&self) -> Json {
        self.map(|address| address.to_string()).unwrap_or_default().into()
    }
}

impl<T: Shown> Shown for Vec<T> {
    fn shown(&self) -> Json {
        self.iter().map(Shown::shown).collect()
    }
}

impl<T: Choice> Shown for T {
    fn shown(&self) -> Json {
        self.name().into()
    }
}

/// A shown value as it would stand in a file: on one line, control characters escaped.
pub(super) fn written(value: &Json) -> String {
    match value {
        Json::String(text) => quoted(text),
        Json::Array(values) => format!("[{}]", values.iter().map(written).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// A value as it was written, in a few words.
pub(super) fn as_written(value: &Value) -> String {
    match &value.kind {
        ValueKind::Boolean(flag) => flag.to_string(),
        ValueKind::I64(number) => number.to_string(),
        ValueKind::Float(number) => number.to_string(),
        ValueKind::String(text) => quoted(text),
        ValueKind::Array(values) => values
            .iter()
            .map(as_text)
            .collect::<Option<Vec<_>>>()
            .map_or_else(|| "such a list".into(), |texts| written(&texts.shown())),
        ValueKind::Table(_) => "a table".into(),
        _ => "that".into(),
    }
}

fn as_text(value: &Value) -> Option<String> {
    match &value.kind {
        ValueKind::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// In quotation marks, cut where it is longer than any path that a person writes.
fn quoted(text: &str) -> String {
    /// In characters.
    const SHOWN: usize = 500;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}…", text.get(..end).unwrap_or_default()),
        None => format!("{text:?}"),
    }
}
