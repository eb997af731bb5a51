//! Reads the layers below the flags: the defaults, the settings file, the environment and files with secrets.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use config::{ConfigError, Environment, FileFormat, Map, Source, Value, ValueKind};
use serde_json::Value as Json;
use takeaways_text::nearest::{did_you_mean, nearest};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::table::{PREFIX, SETTINGS, Secret, Setting, variable};
use super::{FILE_NAME, SettingProblem, Sources};

/// The largest settings file that is read, in bytes: far beyond what a person writes.
const MAX_BYTES: u64 = 1 << 20;

/// An unchecked setting of one layer.
#[derive(Debug, Clone)]
pub(super) struct RawSetting {
    /// The name with its sections: `corpus.drafts`.
    pub name: String,
    /// The value as it was written.
    pub value: Json,
    /// The place of the setting, for messages: a file, a variable or a flag.
    pub from: String,
    /// The folder that relative paths start at.
    pub base: PathBuf,
    /// Whether all values of the layer are texts, such as `"true"` for `true`.
    pub is_text_only: bool,
}

/// A setting, or a problem of its layer.
type Raw = Result<RawSetting, SettingProblem>;

impl RawSetting {
    /// Returns the remedy if no setting has this name.
    pub fn suggestion(&self) -> String {
        let names = nearest(&self.name, SETTINGS.iter().map(|setting| setting.name), 1);
        let variables: Vec<String> = names.iter().map(|name| variable(name)).collect();
        let names = if self.is_text_only { variables.iter().map(String::as_str).collect() } else { names };
        did_you_mean(&names).unwrap_or_else(|| "remove it: no setting has a similar name".into())
    }
}

/// Reads all layers except the flags, the weakest first. The result holds settings and problems of whole layers.
pub(super) fn read_layers(sources: &Sources) -> impl Iterator<Item = Raw> {
    let defaults: String = SETTINGS.iter().map(|row| [row.name, " = ", row.default, "\n"].concat()).collect();
    let secrets = SETTINGS.iter().filter_map(|setting| read_secret(setting, sources));
    let defaults = parse_toml(&defaults, "default", Path::new("")).into_iter();
    defaults.chain(read_file(sources)).chain(read_environment(sources)).chain(secrets)
}

fn read_file(sources: &Sources) -> Vec<Raw> {
    let path = sources.working_dir.join(sources.file.as_deref().unwrap_or(Path::new(FILE_NAME)));
    let from = path.strip_prefix(&sources.working_dir).unwrap_or(&path).display().to_string();
    match read_text(&path) {
        Ok(text) => parse_toml(&text, &from, path.parent().unwrap_or(&sources.working_dir)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && sources.file.is_none() => Vec::new(),
        Err(error) => {
            let what = format!("it can't be read ({error})");
            vec![Err(SettingProblem::new(from, what, "name a readable settings file with --config FILE"))]
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

fn parse_toml(text: &str, from: &str, base: &Path) -> Vec<Raw> {
    let raw = |(name, value)| {
        Ok(RawSetting { name, value, from: from.into(), base: base.into(), is_text_only: false })
    };
    match config::File::from_str(text, FileFormat::Toml).collect().and_then(flatten) {
        Ok(values) => values.into_iter().map(raw).collect(),
        Err(error) => {
            let too_large = find_too_large_numbers(text);
            if !too_large.is_empty() {
                let remedy = "write a smaller number";
                return too_large
                    .into_iter()
                    .map(|what| Err(SettingProblem::new(from, what, remedy)))
                    .collect();
            }
            let what = first_and_last_line(&error.to_string());
            vec![Err(SettingProblem::new(
                from,
                what,
                "fix the file; `takeaways check --help` describes the settings",
            ))]
        }
    }
}

/// Names each number that does not fit into 64 bits, with its place: the parser's error names neither.
fn find_too_large_numbers(text: &str) -> Vec<String> {
    let Ok(table) = DeTable::parse(text) else { return Vec::new() };
    let mut problems = Vec::new();
    let mut pending: Vec<(String, &Spanned<DeValue<'_>>)> =
        table.get_ref().iter().map(|(name, value)| (name.get_ref().to_string(), value)).collect();
    while let Some((name, value)) = pending.pop() {
        let is_too_large = match value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).is_err(),
            DeValue::Float(number) => {
                let is_infinite = number.as_str().parse().is_ok_and(f64::is_infinite);
                is_infinite && !number.as_str().contains("inf")
            }
            DeValue::Table(table) => {
                let parts = table.iter().map(|(part, value)| (format!("{name}.{}", part.get_ref()), value));
                pending.extend(parts);
                false
            }
            DeValue::Array(values) => {
                pending.extend(values.iter().map(|value| (name.clone(), value)));
                false
            }
            DeValue::String(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => false,
        };
        if is_too_large {
            let before = &text[..value.span().start];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            // Without the number, which may be a secret.
            problems.push(format!("the number of {name} at line {line}, column {column} is too large"));
        }
    }
    problems.sort();
    problems
}

/// Shortens the parser's message to its first and last line; the lines between them show the place as a drawing.
fn first_and_last_line(message: &str) -> String {
    let mut lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next_back()) {
        (Some(first), Some(last)) => format!("{first}: {last}"),
        (first, _) => first.unwrap_or_default().to_owned(),
    }
}

/// Turns nested tables into names with dots. It does not recurse, because the parser allows deep nesting.
fn flatten(map: Map<String, Value>) -> Result<BTreeMap<String, Json>, ConfigError> {
    let mut values = BTreeMap::new();
    let mut pending: Vec<(String, Value)> = map.into_iter().collect();
    while let Some((name, value)) = pending.pop() {
        match value.kind {
            ValueKind::Table(table) if !table.is_empty() => {
                pending.extend(table.into_iter().map(|(part, value)| (format!("{name}.{part}"), value)));
            }
            ValueKind::Table(_) if is_section(&name) => {}
            _ => {
                values.insert(name, value.try_deserialize()?);
            }
        }
    }
    Ok(values)
}

/// Returns whether this is the name of a section, which may be empty.
fn is_section(name: &str) -> bool {
    SETTINGS.iter().filter_map(|setting| setting.name.rsplit_once('.')).any(|(section, _)| section == name)
}

fn read_environment(sources: &Sources) -> Vec<Raw> {
    let is_file_variable =
        |name: &str| SETTINGS.iter().filter_map(|setting| setting.secret).any(|s| s.file_variable == name);
    let variables = sources
        .environment
        .clone()
        .into_iter()
        .filter(|(name, _)| name.starts_with("TAKEAWAYS__") && !is_file_variable(name));
    let environment = Environment::with_prefix(PREFIX)
        .prefix_separator("__")
        .separator("__")
        .ignore_empty(true)
        .source(Some(variables.collect()))
        .collect()
        .and_then(flatten)
        .unwrap_or_default(); // it fails only for names that are not Unicode, which a `String` can't hold
    let raw = |(name, value): (String, Json)| {
        let (from, base) = (variable(&name), sources.working_dir.clone());
        Ok(RawSetting { name, value, from, base, is_text_only: true })
    };
    let misspelt = sources.environment.keys().filter_map(|name| misspelt_variable(name)).map(Err);
    misspelt.chain(environment.into_iter().map(raw)).collect()
}

/// Reports a variable with one `_` in place of two, which would be ignored without a message.
fn misspelt_variable(name: &str) -> Option<SettingProblem> {
    let plain = |name: &str| name.replace("__", "_");
    let variables = SETTINGS.iter().map(Setting::variable);
    let intended =
        variables.filter(|_| !name.starts_with("TAKEAWAYS__")).find(|known| plain(known) == plain(name))?;
    Some(SettingProblem::new(name, "it has no effect", did_you_mean(&[&intended])?))
}

/// Reads a secret from its own variable, or from a file that a variable names. A secret in a file is not in the list of
/// processes, nor in the description of a container.
fn read_secret(setting: &Setting, sources: &Sources) -> Option<Raw> {
    let Secret { variable, file_variable, content } = setting.secret?;
    let value = |name: &str| sources.environment.get(name).filter(|value| !value.trim().is_empty());
    let raw = |text: &str, from: &str| RawSetting {
        name: setting.name.into(),
        value: text.trim().into(),
        from: from.into(),
        base: sources.working_dir.clone(),
        is_text_only: true,
    };
    if let Some((variable, text)) = variable.and_then(|variable| Some((variable, value(variable)?))) {
        return Some(Ok(raw(text, variable)));
    }
    let path = value(file_variable)?;
    Some(read_text(&sources.working_dir.join(path)).map(|text| raw(&text, file_variable)).map_err(|error| {
        let what = format!("the file {path} can't be read ({error})");
        SettingProblem::new(file_variable, what, format!("name a file that contains only {content}"))
    }))
}
