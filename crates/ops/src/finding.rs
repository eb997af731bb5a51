//! Findings of checks, and the format of errors in the log.

use std::error::Error;
use std::fmt;

/// The level of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingLevel {
    /// The check found no problem.
    Ok,
    /// The installation works, with a limitation or for a limited time.
    Warning,
    /// The installation does not work.
    Error,
}

/// A finding with its remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The level.
    pub level: FindingLevel,
    /// The subject of the check: one word.
    pub subject: &'static str,
    /// The finding, without full stop.
    pub what: String,
    /// The remedy: an imperative sentence without full stop; empty if there is nothing to do.
    pub todo: String,
}

impl Finding {
    /// Returns the finding of a check without problems.
    pub fn ok(subject: &'static str, what: impl Into<String>) -> Self {
        Self { level: FindingLevel::Ok, subject, what: what.into(), todo: String::new() }
    }

    /// Returns a warning with its remedy.
    pub fn warning(subject: &'static str, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { level: FindingLevel::Warning, subject, what: what.into(), todo: todo.into() }
    }

    /// Returns an error with its remedy.
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

/// Returns the error and its causes on one line, separated by colons.
pub fn error_chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
