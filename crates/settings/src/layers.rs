//! The layers below the flags, as lists of names and values: defaults, file, environment, files of secrets.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use config::{Environment, FileFormat, Map, Source, Value, ValueKind};
use takeaways_text::nearest::{did_you_mean, nearest};

use super::table::{PREFIX, SETTINGS, Secret, Setting, variable};
use super::{FILE_NAME, SettingProblem, Sources};

/// The largest settings file that is read, in bytes: far beyond what a person writes.
const MAX_BYTES: u64 = 1 << 20;

/// One setting as it stands in one layer, not yet checked.
#[derive(Debug, Clone)]
pub(super) struct RawSetting {
    /// Its name with its sections: `corpus.drafts`.
    pub name: String,
    /// What was written.
    pub value: Value,
    /// Where, as people are told.
    pub from: String,
    /// Where a relative path starts.
    pub base: PathBuf,
    /// Whether the layer holds texts only, so that `true` is written as `"true"`.
    pub is_text_only: bool,
}

impl RawSetting {
    /// What to do where no setting has this name.
    pub fn suggestion(&self) -> String {
        let names = nearest(&self.name, SETTINGS.iter().map(|setting| setting.name), 1);
        let variables: Vec<String> = names.iter().map(|name| variable(name)).collect();
        let names = if self.is_text_only { variables.iter().map(String::as_str).collect() } else { names };
        did_you_mean(&names).unwrap_or_else(|| "remove it, no setting has a name like this".into())
    }

    /// The same setting with a text, relative to where the program runs.
    fn from_text(name: &str, text: &str, from: &str, sources: &Sources) -> Self {
        Self {
            name: name.into(),
            value: Value::new(None, ValueKind::String(text.trim().into())),
            from: from.into(),
            base: sources.here.clone(),
            is_text_only: true,
        }
    }
}

/// All layers but the flags, the weakest first.
pub(super) fn read_layers(sources: &Sources, problems: &mut Vec<SettingProblem>) -> Vec<RawSetting> {
    let defaults: String =
        SETTINGS.iter().map(|setting| format!("{} = {}\n", setting.name, setting.default)).collect();
    let mut raw = parse_toml(&defaults, "default", Path::new(""), problems);
    raw.extend(read_file(sources, problems));
    raw.extend(read_environment(sources, problems));
    raw.extend(SETTINGS.iter().filter_map(|setting| read_secret(setting, sources, problems)));
    raw
}

fn read_file(sources: &Sources, problems: &mut Vec<SettingProblem>) -> Vec<RawSetting> {
    let path = sources.here.join(sources.file.as_deref().unwrap_or(Path::new(FILE_NAME)));
    let from = path.strip_prefix(&sources.here).unwrap_or(&path).display().to_string();
    match read_text(&path) {
        Ok(text) => parse_toml(&text, &from, path.parent().unwrap_or(&sources.here), problems),
        Err(error) if error.kind() == io::ErrorKind::NotFound && sources.file.is_none() => Vec::new(),
        Err(error) => {
            let todo = "name a settings file that can be read with --config FILE".into();
            problems.push(SettingProblem { from, what: format!("it can't be read ({error})"), todo });
            Vec::new()
        }
    }
}

fn read_text(path: &Path) -> io::Result<String> {
    if path.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    let mut text = String::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(io::Error::other("it is larger than 1 MiB"));
    }
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn parse_toml(text: &str, from: &str, base: &Path, problems: &mut Vec<SettingProblem>) -> Vec<RawSetting> {
    let raw = |(name, value)| RawSetting {
        name,
        value,
        from: from.to_owned(),
        base: base.to_owned(),
        is_text_only: false,
    };
    match config::File::from_str(text, FileFormat::Toml).collect() {
        Ok(map) => flatten(map).into_iter().map(raw).collect(),
        Err(error) => {
            let todo = "mend the file, or see `takeaways check --help`".into();
            let what = first_and_last_line(&error.to_string());
            problems.push(SettingProblem { from: from.to_owned(), what, todo });
            Vec::new()
        }
    }
}

/// The parser's message without the picture of the place between its first and last line.
fn first_and_last_line(message: &str) -> String {
    let mut lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next_back()) {
        (Some(first), Some(last)) => format!("{first}: {last}"),
        (first, _) => first.unwrap_or_default().to_owned(),
    }
}

/// Tables to names with dots. A loop, not a recursion: the parser bounds the nesting, but not to our liking.
fn flatten(map: Map<String, Value>) -> BTreeMap<String, Value> {
    let mut values = BTreeMap::new();
    let mut open: Vec<(String, Value)> = map.into_iter().collect();
    while let Some((name, value)) = open.pop() {
        match value.kind {
            ValueKind::Table(table) if !table.is_empty() => {
                open.extend(table.into_iter().map(|(part, value)| (format!("{name}.{part}"), value)));
            }
            ValueKind::Table(_) if is_section(&name) => {}
            _ => {
                values.insert(name, value);
            }
        }
    }
    values
}

/// Whether settings stand under this name, so that the table may be empty.
fn is_section(name: &str) -> bool {
    SETTINGS.iter().filter_map(|setting| setting.name.rsplit_once('.')).any(|(section, _)| section == name)
}

fn read_environment(sources: &Sources, problems: &mut Vec<SettingProblem>) -> Vec<RawSetting> {
    let is_of_a_file =
        |name: &str| SETTINGS.iter().filter_map(|setting| setting.secret).any(|s| s.file_variable == name);
    let (ours, odd): (BTreeMap<_, _>, BTreeMap<_, _>) = sources
        .environment
        .clone()
        .into_iter()
        .filter(|(name, _)| name.starts_with("TAKEAWAYS_") && !is_of_a_file(name))
        .partition(|(name, _)| name.starts_with("TAKEAWAYS__"));
    problems.extend(odd.keys().filter_map(|name| misspelt(name)));
    let environment = Environment::with_prefix(PREFIX)
        .prefix_separator("__")
        .separator("__")
        .ignore_empty(true)
        .source(Some(ours.into_iter().collect()))
        .collect()
        .unwrap_or_default(); // it fails on names that are not Unicode, which a `String` can't hold
    let sorted: BTreeMap<String, Value> = environment.into_iter().collect();
    let raw = |(name, value): (String, Value)| RawSetting {
        from: variable(&name),
        name,
        value,
        base: sources.here.clone(),
        is_text_only: true,
    };
    sorted.into_iter().map(raw).collect()
}

/// A variable with one `_` in place of two would pass in silence.
fn misspelt(name: &str) -> Option<SettingProblem> {
    let plain = |name: &str| name.replace("__", "_");
    let setting = SETTINGS.iter().find(|setting| plain(&setting.variable()) == plain(name))?;
    Some(SettingProblem {
        from: name.to_owned(),
        what: "it sets nothing".into(),
        todo: did_you_mean(&[&setting.variable()])?,
    })
}

/// A secret in a variable of its own, or in a file that a variable names: so it stands in no list of processes and in no
/// description of a container.
fn read_secret(
    setting: &Setting,
    sources: &Sources,
    problems: &mut Vec<SettingProblem>,
) -> Option<RawSetting> {
    let Secret { variable, file_variable, content } = setting.secret?;
    let value = |name: &str| sources.environment.get(name).filter(|value| !value.trim().is_empty());
    let raw = |text: &str, from: &str| Some(RawSetting::from_text(setting.name, text, from, sources));
    if let Some((variable, text)) = variable.and_then(|variable| Some((variable, value(variable)?))) {
        return raw(text, variable);
    }
    let path = value(file_variable)?;
    match read_text(&sources.here.join(path)) {
        Ok(text) => raw(&text, file_variable),
        Err(error) => {
            let what = format!("the file {path} can't be read ({error})");
            let todo = format!("name a file that holds {content} and nothing else");
            problems.push(SettingProblem { from: file_variable.into(), what, todo });
            None
        }
    }
}
