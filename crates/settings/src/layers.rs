//! Reads the layers below the flags: the defaults, the settings file, the environment and files with secrets.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use takeaways_text::nearest::{did_you_mean, misspelt, nearest};
use toml::de::{DeTable, DeValue};

use super::secrets::{has_address_with_password, has_token, hide_secret_value};
use super::table::{PREFIX, SETTINGS, Secret, Setting, variable};
use super::{DEFAULT, FILE_NAME, SettingProblem, Sources};

/// The largest settings file that is read, in bytes: far beyond what a person writes.
const MAX_BYTES: u64 = 1 << 20;

/// An unchecked setting of one layer.
#[derive(Debug, Clone)]
pub(super) struct RawSetting {
    /// The name with its sections: `corpus.drafts`.
    pub name: String,
    /// The value as it was written.
    pub value: Json,
    /// The source of the setting: a file, a variable or a flag.
    pub from: String,
    /// The line of the setting in its file, counted from 1.
    pub line: Option<usize>,
    /// The folder that relative paths start at.
    pub base: PathBuf,
    /// Whether all values of the layer are texts, such as `"true"` for `true`.
    pub is_text_only: bool,
}

/// A setting, or a problem of its layer.
type Raw = Result<RawSetting, SettingProblem>;

impl RawSetting {
    /// Returns the place of the setting, for messages: `takeaways.toml:3`, a variable or a flag.
    pub(crate) fn place(&self) -> String {
        self.line.map_or_else(|| self.from.clone(), |line| format!("{}:{line}", self.from))
    }

    /// Returns the remedy if no setting has this name.
    pub(crate) fn suggestion(&self) -> String {
        let names = nearest(&self.name, SETTINGS.iter().map(|setting| setting.name), 1);
        let variables: Vec<String> = names.iter().map(|name| variable(name)).collect();
        let names = if self.is_text_only { variables.iter().map(String::as_str).collect() } else { names };
        did_you_mean(&names).unwrap_or_else(|| "remove it: no setting has a similar name".into())
    }
}

/// Reads all layers except the flags, the weakest first. The result holds settings and problems of whole layers.
///
/// # Errors
/// If the settings file can't be read. Then its settings are unknown, so only problems are left.
pub(super) fn read_layers(sources: &Sources) -> Result<Vec<Raw>, Vec<SettingProblem>> {
    let defaults: String = SETTINGS.iter().map(|row| [row.name, " = ", row.default, "\n"].concat()).collect();
    let defaults = parse_toml(&defaults, DEFAULT, Path::new(""));
    let environment = read_environment(sources);
    let secrets = SETTINGS.iter().filter_map(|setting| read_secret(setting, sources));
    let rest = environment.into_iter().chain(secrets);
    match defaults.and_then(|defaults| Ok((defaults, read_file(sources)?))) {
        Ok((defaults, file)) => Ok(defaults.into_iter().chain(file).map(Ok).chain(rest).collect()),
        Err(problem) => Err([problem].into_iter().chain(rest.filter_map(Result::err)).collect()),
    }
}

fn read_file(sources: &Sources) -> Result<Vec<RawSetting>, SettingProblem> {
    let path = sources.working_dir.join(sources.file.as_deref().unwrap_or(Path::new(FILE_NAME)));
    let from = path.strip_prefix(&sources.working_dir).unwrap_or(&path).display().to_string();
    let from = hide_secret_value(&from);
    match read_text(&path) {
        Ok(text) => parse_toml(&text, from, path.parent().unwrap_or(&sources.working_dir)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && sources.file.is_none() => Ok(Vec::new()),
        Err(error) => {
            let what = format!("it can't be read ({error})");
            Err(SettingProblem::new(from, what, "name a readable settings file with --config FILE"))
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

fn parse_toml(text: &str, from: &str, base: &Path) -> Result<Vec<RawSetting>, SettingProblem> {
    let line = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    let table = DeTable::parse(text).map_err(|error| {
        let place = error.span().map(|span| format!("{from}:{}", line(span.start)));
        let todo =
            "fix the file; docs/settings.md describes the settings, and `takeaways check --all` lists them";
        SettingProblem::new(place.unwrap_or_else(|| from.into()), error.message().trim(), todo)
    })?;
    let mut settings: Vec<RawSetting> = flatten("", table.get_ref())
        .into_iter()
        .map(|(name, value, at)| RawSetting {
            name,
            value,
            from: from.into(),
            line: Some(line(at)),
            base: base.into(),
            is_text_only: false,
        })
        .collect();
    settings.sort_by(|a, b| a.line.cmp(&b.line).then_with(|| a.name.cmp(&b.name)));
    Ok(settings)
}

/// Turns nested tables into names with dots. Each value has the place of its name in the file. The parser refuses deep
/// nesting, so recursion is safe.
fn flatten(prefix: &str, table: &DeTable) -> Vec<(String, Json, usize)> {
    let values = table.iter().flat_map(|(key, value)| {
        let name =
            if prefix.is_empty() { key.get_ref().to_string() } else { format!("{prefix}.{}", key.get_ref()) };
        match value.get_ref() {
            DeValue::Table(table) if !table.is_empty() => flatten(&name, table),
            DeValue::Table(_) if is_section(&name) => Vec::new(),
            value => vec![(name, to_json(value), key.span().start)],
        }
    });
    values.collect()
}

fn to_json(value: &DeValue) -> Json {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| number.as_str().into(), Json::from),
        DeValue::Float(number) => {
            number.as_str().parse().map_or_else(|_| number.as_str().into(), |number: f64| number.into())
        }
        DeValue::Boolean(flag) => (*flag).into(),
        DeValue::Datetime(time) => time.to_string().into(),
        DeValue::Array(values) => values.iter().map(|value| to_json(value.get_ref())).collect(),
        DeValue::Table(table) => {
            table.iter().map(|(key, value)| (key.get_ref().to_string(), to_json(value.get_ref()))).collect()
        }
    }
}

/// Returns whether this is the name of a section, which may be empty.
fn is_section(name: &str) -> bool {
    SETTINGS.iter().filter_map(|setting| setting.name.rsplit_once('.')).any(|(section, _)| section == name)
}

fn read_environment(sources: &Sources) -> Vec<Raw> {
    let is_file_variable =
        |name: &str| SETTINGS.iter().filter_map(|setting| setting.secret).any(|s| s.file_variable == name);
    let variables = sources.environment.iter().filter(|(name, _)| !is_file_variable(name));
    let settings = variables.filter(|(_, value)| !value.is_empty()).filter_map(|(name, value)| {
        let name = name.strip_prefix(PREFIX)?.strip_prefix("__")?.replace("__", ".").to_lowercase();
        Some(Ok(RawSetting {
            from: variable(&name),
            name,
            value: value.as_str().into(),
            line: None,
            base: sources.working_dir.clone(),
            is_text_only: true,
        }))
    });
    let misspelt = sources.environment.keys().filter_map(|name| misspelt_variable(name)).map(Err);
    misspelt.chain(settings).collect()
}

/// Reports a variable with one `_` in place of two, which would be ignored without a message.
fn misspelt_variable(name: &str) -> Option<SettingProblem> {
    let plain = |name: &str| name.replace("__", "_");
    let variables = SETTINGS.iter().map(Setting::variable);
    let intended =
        variables.filter(|_| !name.starts_with("TAKEAWAYS__")).find(|known| plain(known) == plain(name))?;
    Some(SettingProblem::new(name, "it has no effect", did_you_mean(&[&intended])?))
}

/// Warns of variables that are probably misspelt names of a secret's variables. They have no prefix of ours, so they may
/// belong to another program.
pub(super) fn misspelt_secrets(sources: &Sources) -> Vec<SettingProblem> {
    let secrets = SETTINGS.iter().filter_map(|setting| setting.secret);
    let names = secrets.flat_map(|secret| secret.variable.into_iter().chain([secret.file_variable]));
    let names: Vec<&str> = names.filter(|name| !name.starts_with(PREFIX)).collect();
    let set = sources
        .environment
        .iter()
        .filter(|(name, value)| !names.contains(&name.as_str()) && !value.is_empty());
    let warning = |name: &str| {
        let todo = did_you_mean(&[misspelt(name, names.iter().copied())?])?;
        Some(SettingProblem::new(name, "it has no effect", todo))
    };
    set.filter_map(|(name, _)| warning(name)).collect()
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
        line: None,
        base: sources.working_dir.clone(),
        is_text_only: true,
    };
    let problem = |what: String, todo: String| Some(Err(SettingProblem::new(file_variable, what, todo)));
    let direct = variable.and_then(|variable| Some((variable, value(variable)?)));
    match (direct, value(file_variable)) {
        (None, None) => None,
        (Some((variable, text)), None) => Some(Ok(raw(text, variable))),
        (Some((variable, _)), Some(_)) => {
            problem(format!("{variable} is set too"), "remove one of the two variables".into())
        }
        (None, Some(path)) if has_token(path) || has_address_with_password(path) => {
            let own = variable.map_or_else(|| setting.variable(), str::to_owned);
            let todo = format!("name a file that contains only {content}, or set {own} to {content}");
            problem(format!("its value is {content}, not the path of a file"), todo)
        }
        (None, Some(path)) => match read_text(&sources.working_dir.join(path)) {
            Ok(text) if text.trim().is_empty() => problem(
                format!("the file {} is empty", hide_secret_value(path)),
                format!("write {content} into it"),
            ),
            Ok(text) => Some(Ok(raw(&text, file_variable))),
            Err(error) => problem(
                format!("the file {} can't be read ({error})", hide_secret_value(path)),
                format!("name a file that contains only {content}"),
            ),
        },
    }
}
