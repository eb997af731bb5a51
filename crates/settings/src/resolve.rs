//! Applies the layers in order, and collects the settings and their problems.

use crate::{
    DEFAULT, Flags, LogLevel, Settings, Sources,
    layers::{RawSetting, misspelt_secrets, read_layers},
    readers::{SettingChoice, misplaced_secret, to_toml},
    secrets::{HIDDEN, hide_secret_value, hide_secrets},
    table::SETTINGS,
};
use serde::Serialize;
use serde_json::Value;
use std::{
    fmt,
    path::{Path, PathBuf},
};

/// The result of all layers.
#[derive(Debug)]
pub struct ResolvedSettings {
    /// The settings; `None` if a setting has no value, or if the settings file can't be read.
    pub settings: Option<Settings>,
    /// Each setting with its value and its source, in the order of [`SETTINGS`]; empty if the settings file can't be
    /// read.
    pub rows: Vec<SettingRow>,
    /// Every problem, in the order in which the layers were read.
    pub problems: Vec<SettingProblem>,
    /// What is valid, but probably not meant.
    pub warnings: Vec<SettingProblem>,
}

/// A setting with its effective value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingRow {
    /// The name, for example `corpus.drafts`.
    pub key: &'static str,
    /// The value; secrets are hidden.
    pub value: Value,
    /// The source of the value: `default`, a file, a variable or a flag.
    pub from: String,
}

impl SettingRow {
    /// Returns the value as in a settings file, on one line.
    pub fn value_as_toml(&self) -> String {
        to_toml(&self.value)
    }
}

impl ResolvedSettings {
    /// Reads all layers. Effects: reads the settings file and files of secrets.
    pub fn read(sources: &Sources) -> Self {
        let layers = match read_layers(sources) {
            Ok(layers) => layers,
            Err(problems) => {
                return Self { settings: None, rows: Vec::new(), problems, warnings: Vec::new() };
            }
        };
        let mut resolver = Resolver::default();
        for raw in layers {
            match raw {
                Ok(raw) => resolver.apply(&raw),
                Err(problem) => resolver.problems.push(problem),
            }
        }
        resolver.apply_flags(&sources.flags, &sources.working_dir);
        if resolver.settings.discord.token.is_none() {
            resolver.warnings = misspelt_secrets(sources);
        }
        resolver.finish(sources.data_dir.as_deref())
    }
}

/// The settings while the layers are applied.
#[derive(Default)]
struct Resolver {
    settings: Settings,
    rows: Vec<SettingRow>,
    problems: Vec<SettingProblem>,
    warnings: Vec<SettingProblem>,
}

impl Resolver {
    fn apply(&mut self, raw: &RawSetting) {
        let name = &raw.name;
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
            return self.report(
                raw,
                format!("there is no setting {}", hide_secret_value(name)),
                raw.suggestion(),
            );
        };
        // It is not stored, so that nothing that prints a setting prints a secret.
        if let Some(todo) = raw.misplaced_secret().filter(|_| setting.secret.is_none()) {
            return self.report(raw, format!("{name} can't be {HIDDEN}"), todo.into());
        }
        match (setting.read)(&mut self.settings, raw) {
            Ok(value) => self.show(setting.name, value, &raw.from),
            Err(todo) => {
                let value = setting.secret.map_or_else(|| raw.describe_value(), |_| HIDDEN.into());
                self.report(raw, format!("{name} can't be {value}"), todo);
            }
        }
    }

    fn apply_flags(&mut self, flags: &Flags, working_dir: &Path) {
        let mut is_misplaced = |value: &Path, flag: &str| {
            let todo = misplaced_secret(&value.to_string_lossy());
            self.problems
                .extend(todo.map(|todo| SettingProblem::new(flag, format!("it can't be {HIDDEN}"), todo)));
            todo.is_some()
        };
        let is_corpus_misplaced = flags.corpus.iter().any(|folder| is_misplaced(folder, "--corpus"));
        let state_dir = flags.state_dir.as_ref().filter(|dir| !is_misplaced(dir, "--state-dir"));
        if !flags.corpus.is_empty() && !is_corpus_misplaced {
            let folders: Vec<PathBuf> = flags.corpus.iter().map(|folder| working_dir.join(folder)).collect();
            let shown = folders.iter().map(|folder| folder.to_string_lossy()).collect();
            self.show("corpus.folders", shown, "--corpus");
            self.settings.corpus.folders = folders;
        }
        if let Some(dir) = state_dir {
            self.set_state_dir(working_dir.join(dir), "--state-dir");
        }
        if let Some(level) = flags.level {
            let flag = if level == LogLevel::Error { "-q" } else { "-v" };
            self.show("log.level", level.name().into(), flag);
            self.settings.log.level = level;
        }
    }

    fn finish(mut self, data_dir: Option<&Path>) -> ResolvedSettings {
        let has_dir = |resolver: &Self| !resolver.settings.state.dir.as_os_str().is_empty();
        match data_dir {
            _ if has_dir(&self) => {}
            Some(dir) => self.set_state_dir(dir.to_owned(), DEFAULT),
            None => self.problems.push(SettingProblem::new(
                "state.dir",
                "the data folder of this machine is unknown",
                "name one with --state-dir DIR",
            )),
        }
        self.rows.sort_by_key(|row| SETTINGS.iter().position(|setting| setting.name == row.key));
        let settings = has_dir(&self).then_some(self.settings);
        ResolvedSettings { settings, rows: self.rows, problems: self.problems, warnings: self.warnings }
    }

    fn set_state_dir(&mut self, dir: PathBuf, from: &str) {
        self.show("state.dir", dir.to_string_lossy().into(), from);
        self.settings.state.dir = dir;
    }

    fn report(&mut self, raw: &RawSetting, what: String, todo: String) {
        self.problems.push(SettingProblem::new(raw.place(), what, todo));
    }

    fn show(&mut self, key: &'static str, value: Value, from: &str) {
        let row = SettingRow { key, value: without_secrets(value), from: hide_secrets(from).into_owned() };
        match self.rows.iter_mut().find(|row| row.key == key) {
            Some(shown) => *shown = row,
            None => self.rows.push(row),
        }
    }
}

/// A value to show, with its secrets hidden.
fn without_secrets(value: Value) -> Value {
    match value {
        Value::String(text) => hide_secrets(&text).into(),
        Value::Array(values) => values.into_iter().map(without_secrets).collect(),
        other => other,
    }
}

/// A problem of a setting, with its remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingProblem {
    /// The source of the value: a file with the line, a variable or a flag.
    pub from: String,
    /// The problem, without full stop.
    pub what: String,
    /// The remedy: an imperative sentence without full stop.
    pub todo: String,
}

impl SettingProblem {
    /// Creates a problem. Secrets in the texts are hidden.
    pub fn new(from: impl AsRef<str>, what: impl AsRef<str>, todo: impl AsRef<str>) -> Self {
        let hide = |text: &str| hide_secrets(text).into_owned();
        Self { from: hide(from.as_ref()), what: hide(what.as_ref()), todo: hide(todo.as_ref()) }
    }
}

impl fmt::Display for SettingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.from, self.what, self.todo)
    }
}
