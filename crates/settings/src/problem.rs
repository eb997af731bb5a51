//! What is wrong with the settings.

use std::fmt;

use serde::Serialize;

/// Something wrong with a setting, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingProblem {
    /// Where it was written: a file, a variable, a flag.
    pub from: String,
    /// What is wrong: no full stop.
    pub what: String,
    /// What to do: an imperative sentence without full stop.
    pub todo: String,
}

impl SettingProblem {
    pub(super) fn new(from: impl Into<String>, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { from: from.into(), what: what.into(), todo: todo.into() }
    }
}

impl fmt::Display for SettingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.from, self.what, self.todo)
    }
}
