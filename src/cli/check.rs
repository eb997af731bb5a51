//! `takeaways check`: the effective settings, the source of each, and every problem with them, their folders and index.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::Result;
use jiff::Timestamp;
use serde_json::json;

use super::args::{CheckArgs, GlobalArgs, OutputFormat};
use super::context;
use super::exit::Exit;
use super::terminal;
use takeaways_render::pluralise;
use takeaways_settings::{DEFAULT, ResolvedSettings, SettingProblem, SettingRow, Settings};

/// Prints settings and problems. The exit is `Failed` if there is a problem.
pub fn run(global: &GlobalArgs, check: &CheckArgs) -> Result<Exit> {
    let ResolvedSettings { settings, rows, mut problems, warnings } = context::resolve(global)?;
    if let Some(settings) = settings {
        problems.extend(folders(&settings, &rows));
        if problems.is_empty() {
            problems.extend(state_and_index(&settings, &rows));
        } else {
            problems.extend(state(&settings, &rows));
        }
    }
    let page = match check.output.format {
        OutputFormat::Plain => terminal::printable(&plain(&rows, check.all, &warnings, &problems)),
        OutputFormat::Json => {
            let page = json!({ "settings": rows, "problems": problems, "warnings": warnings });
            format!("{page:#}\n")
        }
    };
    terminal::print(&page)?;
    Ok(if problems.is_empty() { Exit::Done } else { Exit::Failed })
}

/// Every problem with the folders in the settings.
pub fn folder_problems(settings: &Settings, rows: &[SettingRow]) -> Vec<SettingProblem> {
    folders(settings, rows).into_iter().chain(state(settings, rows)).collect()
}

fn folders(settings: &Settings, rows: &[SettingRow]) -> Vec<SettingProblem> {
    let missing = settings.corpus.folders.iter().filter(|folder| !folder.is_dir());
    let problem = |folder: &PathBuf| {
        let what = format!("the folder {} does not exist", folder.display());
        SettingProblem::new(from(rows, "corpus.folders"), what, "name a folder with posts")
    };
    missing.map(problem).collect()
}

/// The problem with the state folder. It is created when it is needed, so the nearest existing parent is checked.
fn state(settings: &Settings, rows: &[SettingRow]) -> Option<SettingProblem> {
    let dir = &settings.state.dir;
    let existing = dir.ancestors().find(|path| path.exists()).unwrap_or(dir);
    let error = try_to_write(existing).err()?;
    let what = format!("{} is not writable ({error})", existing.display());
    Some(SettingProblem::new(from(rows, "state.dir"), what, "name another folder with --state-dir DIR"))
}

/// The problems with the state folder and its index. A folder that is not writable is not a problem if its index is
/// whole.
fn state_and_index(settings: &Settings, rows: &[SettingRow]) -> Vec<SettingProblem> {
    let index = index(settings);
    let is_whole = index.as_ref().is_some_and(Vec::is_empty);
    let state = state(settings, rows).filter(|_| !is_whole);
    state.into_iter().chain(index.unwrap_or_default()).collect()
}

/// The problems with the index; `None` if there is no index yet. All of it is read, because opening it rarely finds
/// flipped bits.
fn index(settings: &Settings) -> Option<Vec<SettingProblem>> {
    let problems = context::inspect(settings, Timestamp::now()).unwrap_or_else(|error| {
        let what = format!("the index can't be read ({error:#})");
        Some(vec![(what, context::REBUILD_HINT)])
    });
    let from = settings.state.dir.join("index").display().to_string();
    let problem = |(what, todo): (String, &str)| SettingProblem::new(&from, what, todo);
    problems.map(|problems| problems.into_iter().map(problem).collect())
}

/// Creates a folder and removes it again: the permissions alone don't say whether this works.
fn try_to_write(folder: &Path) -> io::Result<()> {
    let probe = folder.join(format!(".takeaways-check-{}", std::process::id()));
    fs::create_dir(&probe)?;
    fs::remove_dir(&probe)
}

fn from(rows: &[SettingRow], key: &str) -> String {
    rows.iter().find(|row| row.key == key).map(|row| row.from.clone()).unwrap_or_default()
}

/// Settings that have their defaults are only counted, unless `all` are asked for.
fn plain(rows: &[SettingRow], all: bool, warnings: &[SettingProblem], problems: &[SettingProblem]) -> String {
    let mut page = String::new();
    let (defaults, set): (Vec<_>, Vec<_>) = rows.iter().partition(|row| !all && row.from == DEFAULT);
    // Writing to a `String` does not fail.
    for row in set {
        let _ = writeln!(page, "{} = {}  # {}", row.key, row.value_as_toml(), row.from);
    }
    if !defaults.is_empty() {
        let defaults = pluralise(defaults.len(), "setting");
        let _ = writeln!(page, "{defaults} with the default value; --all shows them too");
    }
    for (kind, findings) in [("warning", warnings), ("problem", problems)] {
        for finding in findings {
            let _ = write!(page, "\n{kind}: {finding}");
        }
    }
    if !(warnings.is_empty() && problems.is_empty()) {
        page.push('\n');
    }
    page
}
