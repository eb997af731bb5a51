//! Settings that are one of a few words.

use takeaways_answer::Strictness;

/// A setting that is one of a few words.
pub trait SettingChoice: Copy + PartialEq + 'static {
    /// All values, each with its word.
    const ALL: &'static [(&'static str, Self)];

    /// The word of this value.
    #[must_use]
    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, choice)| *choice == self).map_or("", |(name, _)| name)
    }
}

impl SettingChoice for Strictness {
    const ALL: &'static [(&'static str, Self)] =
        &[("strict", Self::Strict), ("balanced", Self::Balanced), ("eager", Self::Eager)];
}

/// The least serious event that is logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogLevel {
    /// `Info` for a service, `Warn` for all other commands.
    #[default]
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

impl SettingChoice for LogLevel {
    const ALL: &'static [(&'static str, Self)] = &[
        ("auto", Self::Auto),
        ("error", Self::Error),
        ("warn", Self::Warn),
        ("info", Self::Info),
        ("debug", Self::Debug),
    ];
}

/// How the log is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// JSON for a service whose log nobody watches, lines for people otherwise.
    #[default]
    Auto,
    /// Lines for people.
    Text,
    /// A JSON object a line.
    Json,
}

impl SettingChoice for LogFormat {
    const ALL: &'static [(&'static str, Self)] =
        &[("auto", Self::Auto), ("text", Self::Text), ("json", Self::Json)];
}
