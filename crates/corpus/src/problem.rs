//! What is wrong with a file of the corpus, and what to do about it.

use std::fmt;

use serde::Serialize;

use takeaways_text::invisible::clean_line;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is lost. Not called a note: that is a kind of post.
    Hint,
    /// Something is missing or guessed: an unknown date, the same post twice.
    Warning,
    /// The file, or a part of it, was not read.
    Error,
}

/// Something wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The corpus folder as the settings name it; `None` for what is compiled in.
    pub folder: Option<Box<str>>,
    /// The file's path under its corpus folder, `/` between parts; `.` for the folder itself.
    pub path: String,
    /// The line, from 1, where one can be named.
    pub line: Option<u32>,
    /// How bad it is.
    pub severity: Severity,
    /// A stable name of what it is, for scripts: `front-matter`, `no-date`, `too-large`.
    pub code: &'static str,
    /// What is wrong: lower case, no full stop. Text from the file is cut and stripped of control characters.
    pub what: String,
    /// What to do about it: an imperative sentence without full stop.
    pub todo: String,
}

/// Longest text out of a file that a problem quotes, in characters.
const MAX_QUOTED: usize = 200;

impl Problem {
    /// A file, or a part of it, was not read.
    #[must_use]
    pub fn error(path: &str, code: &'static str, what: impl AsRef<str>, todo: impl Into<String>) -> Self {
        Self::new(Severity::Error, path, code, what.as_ref(), todo.into())
    }

    /// Something is missing or guessed.
    #[must_use]
    pub fn warning(path: &str, code: &'static str, what: impl AsRef<str>, todo: impl Into<String>) -> Self {
        Self::new(Severity::Warning, path, code, what.as_ref(), todo.into())
    }

    /// Worth knowing.
    #[must_use]
    pub fn hint(path: &str, code: &'static str, what: impl AsRef<str>, todo: impl Into<String>) -> Self {
        Self::new(Severity::Hint, path, code, what.as_ref(), todo.into())
    }

    /// The same, at a line of the file.
    #[must_use]
    pub fn at_line(mut self, line: impl Into<Option<u32>>) -> Self {
        self.line = line.into();
        self
    }

    /// The same, in this corpus folder.
    #[must_use]
    pub(super) fn in_folder(mut self, folder: Option<Box<str>>) -> Self {
        self.folder = folder;
        self
    }

    fn new(severity: Severity, path: &str, code: &'static str, what: &str, todo: String) -> Self {
        let path = clean_line(path, usize::MAX);
        let what = clean_line(what, MAX_QUOTED);
        Self { folder: None, path, line: None, severity, code, what, todo }
    }
}

/// Without the folder: most corpora have one.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}: {what}; {todo}", severity_name(self.severity), what = self.what, todo = self.todo)
    }
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Hint => "hint",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
