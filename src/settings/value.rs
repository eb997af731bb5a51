//! Single values: from what was written to what is meant, and back to what is shown.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use config::{Value, ValueKind};

use super::layer::Written;

/// A setting that is one of a few words.
pub trait Choice: Copy + Sized + 'static {
    /// All of them, with the words they are written as.
    const ALL: &'static [(&'static str, Self)];
}

/// How sure an answer must be to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Rather no answer than a wrong one.
    Strict,
    /// As many wrong answers as wrong refusals.
    Balanced,
    /// Rather a doubtful answer than none.
    Eager,
}

impl Choice for Strictness {
    const ALL: &'static [(&'static str, Self)] =
        &[("strict", Self::Strict), ("balanced", Self::Balanced), ("eager", Self::Eager)];
}

/// The least serious event that is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// What went wrong.
    Error,
    /// What may go wrong.
    Warn,
    /// What was done.
    Info,
    /// All that helps to find a fault, the words of questions too.
    Debug,
}

impl LogLevel {
    /// The word it is written as.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

impl Choice for LogLevel {
    const ALL: &'static [(&'static str, Self)] =
        &[("error", Self::Error), ("warn", Self::Warn), ("info", Self::Info), ("debug", Self::Debug)];
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// A JSON object a line.
    Json,
}

impl Choice for LogFormat {
    const ALL: &'static [(&'static str, Self)] = &[("text", Self::Text), ("json", Self::Json)];
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

    /// Where the paths of a setting that holds paths lead, as is shown; `None` for all other settings.
    pub(super) fn places(&self) -> Option<String> {
        match self.key.as_str() {
            "corpus.folders" => self.paths().ok().map(|paths| list(paths.iter().map(|path| path.display()))),
            "state.dir" => self.path().ok().map(|path| quoted(path.display())),
            _ => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match &self.value.kind {
            ValueKind::String(text) => Some(text),
            _ => None,
        }
    }

    fn texts(&self) -> Result<Vec<String>, String> {
        match &self.value.kind {
            ValueKind::Array(values) => values.iter().map(one_text).collect(),
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

fn one_text(value: &Value) -> Result<String, String> {
    match &value.kind {
        ValueKind::String(text) => Ok(text.clone()),
        _ => Err("write each part of the list in quotation marks".into()),
    }
}

/// A value as it would stand in a file, cut where it is long.
pub(super) fn shown(value: &Value) -> String {
    match &value.kind {
        ValueKind::Boolean(flag) => flag.to_string(),
        ValueKind::I64(number) => number.to_string(),
        ValueKind::Float(number) => number.to_string(),
        ValueKind::String(text) => quoted(text),
        ValueKind::Array(values) if values.iter().all(|part| matches!(part.kind, ValueKind::String(_))) => {
            list(values)
        }
        ValueKind::Array(_) => "such a list".into(),
        ValueKind::Table(_) => "a table".into(),
        _ => "that".into(),
    }
}

/// A list of texts as it would stand in a file.
pub(super) fn list(parts: impl IntoIterator<Item = impl Display>) -> String {
    let parts: Vec<String> = parts.into_iter().map(quoted).collect();
    format!("[{}]", parts.join(", "))
}

/// A text as it would stand in a file; control characters are escaped.
pub(super) fn quoted(text: impl Display) -> String {
    /// In characters: longer than any path that a person writes.
    const SHOWN: usize = 500;
    let text = text.to_string();
    let cut: String = text.chars().take(SHOWN).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("{:?}", format!("{cut}{more}"))
}
