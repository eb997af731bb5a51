//! What a check of the installation found.

use std::fmt;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingLevel {
    /// As it should be.
    Ok,
    /// It works, but not as well as it could, or not for long.
    Warning,
    /// It does not work.
    Error,
}

/// What a check found, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub level: FindingLevel,
    /// What was looked at: one word.
    pub subject: &'static str,
    /// What was found: no full stop.
    pub what: String,
    /// What to do: an imperative sentence without full stop; empty where nothing is to be done.
    pub todo: String,
}

impl Finding {
    /// All is well.
    pub fn ok(subject: &'static str, what: impl Into<String>) -> Self {
        Self { level: FindingLevel::Ok, subject, what: what.into(), todo: String::new() }
    }

    /// It works, but.
    pub fn warning(subject: &'static str, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { level: FindingLevel::Warning, subject, what: what.into(), todo: todo.into() }
    }

    /// It does not work.
    pub fn error(subject: &'static str, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { level: FindingLevel::Error, subject, what: what.into(), todo: todo.into() }
    }
}

impl fmt::Display for Finding {
    /// One line: `warning  token: it is old; make another one`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            FindingLevel::Ok => "ok",
            FindingLevel::Warning => "warning",
            FindingLevel::Error => "error",
        };
        write!(f, "{level:<8} {}: {}", self.subject, self.what)?;
        if self.todo.is_empty() { Ok(()) } else { write!(f, "; {}", self.todo) }
    }
}
