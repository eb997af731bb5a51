//! The layers: what was written where, as a flat list of keys.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use config::{Environment, FileFormat, Map, Source, Value, ValueKind};

use super::nearest::nearest;
use super::{FILE_NAME, Fault, Sources};

const DEFAULTS: &str = include_str!("../../../config/default.toml");

const PREFIX: &str = "TAKEAWAYS";
const TOKEN: &str = "DISCORD_TOKEN";
const TOKEN_FILE: &str = "DISCORD_TOKEN_FILE";
const URL_FILE: &str = "TAKEAWAYS__STATE__URL_FILE";

/// The largest settings file that is read, in bytes: far beyond what a person writes.
const MAX_BYTES: u64 = 1 << 20;

/// One setting as it stands in one layer.
#[derive(Debug, Clone)]
pub(super) struct Written {
    /// Its name with its sections: `corpus.drafts`.
    pub key: String,
    /// What was written.
    pub value: Value,
    /// Where, as people are told.
    pub from: String,
    /// Where a relative path starts.
    pub base: PathBuf,
    /// Whether the layer holds texts only, so that `true` is written as `"true"`.
    pub is_text_only: bool,
}

impl Written {
    /// What to do where no setting has this name.
    pub fn meant(&self) -> String {
        let known = known();
        let meant = nearest(&self.key, known.iter().map(String::as_str), 1).first().copied();
        match (meant, self.is_text_only) {
            (Some(key), true) => format!("did you mean {}?", variable(key)),
            (Some(key), false) => format!("did you mean {key}?"),
            (None, _) => "remove it, no setting has a name like this".into(),
        }
    }
}

/// All layers but the flags, the weakest first.
pub(super) fn all(sources: &Sources, faults: &mut Vec<Fault>) -> Vec<Written> {
    let mut written = in_order(from_toml(DEFAULTS, "default", Path::new(""), faults));
    written.extend(from_file(sources, faults));
    written.extend(from_environment(sources, faults));
    written.extend(secret_file(sources, "state.url", URL_FILE, "the addresses", faults));
    written.extend(token(sources, faults));
    written
}

/// The token as hosts give it to bots: in a variable of its own, or in a file.
fn token(sources: &Sources, faults: &mut Vec<Fault>) -> Option<Written> {
    let text = |name: &str| sources.environment.get(name).filter(|value| !value.trim().is_empty());
    match text(TOKEN) {
        Some(token) => Some(secret(sources, "discord.token", TOKEN, token)),
        None => secret_file(sources, "discord.token", TOKEN_FILE, "the token", faults),
    }
}

/// A secret in a file that a variable names: so it stands in no list of processes and no description of a container.
fn secret_file(
    sources: &Sources,
    key: &str,
    variable: &str,
    what: &str,
    faults: &mut Vec<Fault>,
) -> Option<Written> {
    let path = sources.environment.get(variable).filter(|path| !path.trim().is_empty())?;
    match read(&sources.here.join(path)) {
        Ok(text) => Some(secret(sources, key, variable, &text)),
        Err(error) => {
            let fault = format!("the file {path} can't be read ({error})");
            let todo = format!("name a file that holds {what} and nothing else");
            faults.push(Fault { from: variable.into(), what: fault, todo });
            None
        }
    }
}

fn secret(sources: &Sources, key: &str, from: &str, text: &str) -> Written {
    Written {
        key: key.into(),
        value: Value::new(None, ValueKind::String(text.trim().to_owned())),
        from: from.into(),
        base: sources.here.clone(),
        is_text_only: true,
    }
}

/// The names of all settings: those of `config/default.toml`.
pub(super) fn known() -> BTreeSet<String> {
    let written = from_toml(DEFAULTS, "default", Path::new(""), &mut Vec::new());
    written.into_iter().map(|written| written.key).collect()
}

fn from_file(sources: &Sources, faults: &mut Vec<Fault>) -> Vec<Written> {
    let path = sources.here.join(sources.file.as_deref().unwrap_or(Path::new(FILE_NAME)));
    let from = path.strip_prefix(&sources.here).unwrap_or(&path).display().to_string();
    match read(&path) {
        Ok(text) => from_toml(&text, &from, path.parent().unwrap_or(&sources.here), faults),
        Err(error) if error.kind() == io::ErrorKind::NotFound && sources.file.is_none() => Vec::new(),
        Err(error) => {
            let todo = "name a settings file that can be read with --config FILE".into();
            faults.push(Fault { from, what: format!("it can't be read ({error})"), todo });
            Vec::new()
        }
    }
}

fn read(path: &Path) -> io::Result<String> {
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

fn from_toml(text: &str, from: &str, base: &Path, faults: &mut Vec<Fault>) -> Vec<Written> {
    match config::File::from_str(text, FileFormat::Toml).collect() {
        Ok(map) => flat(map)
            .into_iter()
            .map(|(key, value)| Written {
                key,
                value,
                from: from.to_owned(),
                base: base.to_owned(),
                is_text_only: false,
            })
            .collect(),
        Err(error) => {
            let todo = "mend the file, or see `takeaways check --help`".into();
            faults.push(Fault { from: from.to_owned(), what: one_line(&error.to_string()), todo });
            Vec::new()
        }
    }
}

/// The parser's message without the picture of the place between its first and last line.
fn one_line(message: &str) -> String {
    let mut lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next_back()) {
        (Some(first), Some(last)) => format!("{first}: {last}"),
        (first, _) => first.unwrap_or_default().to_owned(),
    }
}

/// Tables to keys with dots. A loop, not a recursion: the parser bounds the nesting, but not to our liking.
fn flat(map: Map<String, Value>) -> BTreeMap<String, Value> {
    let mut keys = BTreeMap::new();
    let mut open: Vec<(String, Value)> = map.into_iter().collect();
    while let Some((key, value)) = open.pop() {
        match value.kind {
            ValueKind::Table(table) if !table.is_empty() => {
                open.extend(table.into_iter().map(|(name, value)| (format!("{key}.{name}"), value)));
            }
            ValueKind::Table(_) if is_section(&key) => {}
            _ => {
                keys.insert(key, value);
            }
        }
    }
    keys
}

/// Whether settings stand under this name, so that the table may be empty.
fn is_section(key: &str) -> bool {
    DEFAULTS.contains(&format!("\n[{key}]"))
}

/// In the order in which `config/default.toml` has them.
fn in_order(mut written: Vec<Written>) -> Vec<Written> {
    written.sort_by_key(|written| {
        let (section, name) = written.key.rsplit_once('.').unwrap_or(("", &written.key));
        let section = DEFAULTS.find(&format!("[{section}]")).unwrap_or_default();
        (section, DEFAULTS.get(section..).and_then(|rest| rest.find(&format!("\n{name} ="))))
    });
    written
}

fn from_environment(sources: &Sources, faults: &mut Vec<Fault>) -> Vec<Written> {
    let (ours, odd): (HashMap<_, _>, HashMap<_, _>) = sources
        .environment
        .iter()
        .filter(|(name, _)| name.starts_with("TAKEAWAYS_") && *name != URL_FILE)
        .map(|(name, value)| (name.clone(), value.clone()))
        .partition(|(name, _)| name.starts_with("TAKEAWAYS__"));
    faults.extend(odd.into_keys().collect::<BTreeSet<_>>().into_iter().filter_map(|name| misspelt(&name)));
    let environment = Environment::default()
        .prefix(PREFIX)
        .prefix_separator("__")
        .separator("__")
        .ignore_empty(true)
        .source(Some(ours))
        .collect()
        .unwrap_or_default(); // it fails on names that are not Unicode, which a `String` can't hold
    let sorted: BTreeMap<String, Value> = environment.into_iter().collect();
    let written = |(key, value): (String, Value)| Written {
        from: variable(&key),
        key,
        value,
        base: sources.here.clone(),
        is_text_only: true,
    };
    sorted.into_iter().map(written).collect()
}

/// A variable with one `_` where two belong would pass in silence.
fn misspelt(name: &str) -> Option<Fault> {
    let plain = |name: &str| name.replace("__", "_");
    let key = known().into_iter().find(|key| plain(&variable(key)) == plain(name))?;
    Some(Fault {
        from: name.to_owned(),
        what: "it sets nothing".into(),
        todo: format!("did you mean {}?", variable(&key)),
    })
}

/// The variable that sets `key`.
fn variable(key: &str) -> String {
    format!("{PREFIX}__{}", key.replace('.', "__").to_uppercase())
}
