//! Problems of files in the corpus, each with what to do about it.

use serde::Serialize;
use std::fmt;
use takeaways_text::invisible::clean_line;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is lost. It is not called a note, because a note is a kind of post.
    Hint,
    /// Something is missing or was guessed: an unknown date, a duplicate.
    Warning,
    /// The file, or a part of it, was not read.
    Error,
}

/// A problem of a file or folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The corpus folder as the settings name it; `None` for the compiled-in notes.
    pub folder: Option<Box<str>>,
    /// The file's path under its corpus folder, `/` between parts; `.` for the folder itself.
    pub path: String,
    /// The line, counted from 1, if the problem has one.
    pub line: Option<u32>,
    /// How bad it is.
    pub severity: Severity,
    /// A stable name of the problem, for scripts: `front-matter`, `no-date`, `too-large`.
    pub code: &'static str,
    /// What is wrong: in lower case, without a full stop. Quoted text is truncated and has no control characters.
    pub what: String,
    /// What to do about it: an imperative sentence without full stop.
    pub todo: String,
}

/// Maximum length of [`Problem::what`], in characters.
const MAX_WHAT_LEN: usize = 200;

impl Problem {
    /// An error: a file, or a part of it, was not read.
    pub fn error(path: &str, code: &'static str, what: impl AsRef<str>, todo: impl Into<String>) -> Self {
        Self::new(Severity::Error, path, code, what.as_ref(), todo.into())
    }

    /// A warning: something is missing or was guessed.
    pub fn warning(path: &str, code: &'static str, what: impl AsRef<str>, todo: impl Into<String>) -> Self {
        Self::new(Severity::Warning, path, code, what.as_ref(), todo.into())
    }

    /// A hint: nothing is lost.
    pub fn hint(path: &str, code: &'static str, what: impl AsRef<str>, todo: impl Into<String>) -> Self {
        Self::new(Severity::Hint, path, code, what.as_ref(), todo.into())
    }

    /// Sets the line of the file.
    pub(crate) fn at_line(mut self, line: impl Into<Option<u32>>) -> Self {
        self.line = line.into();
        self
    }

    /// Sets the corpus folder.
    pub(super) fn in_folder(mut self, folder: Option<Box<str>>) -> Self {
        self.folder = folder;
        self
    }

    fn new(severity: Severity, path: &str, code: &'static str, what: &str, todo: String) -> Self {
        let path = clean_line(path, usize::MAX);
        let what = clean_line(what, MAX_WHAT_LEN);
        Self { folder: None, path, line: None, severity, code, what, todo }
    }
}

/// Leaves the folder out, because most corpora have only one.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}: {what}; {todo}", self.severity, what = self.what, todo = self.todo)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}
