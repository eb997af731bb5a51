//! `takeaways check`: the settings that hold, where each comes from, and all that is wrong with them or with
//! the index that they name.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::Result;
use jiff::Timestamp;
use serde_json::json;

use super::args::{FormatArgs, GlobalArgs, OutputFormat};
use super::context;
use super::exit::Exit;
use super::terminal;
use takeaways_render::clean;
use takeaways_settings::{ResolvedSettings, SettingProblem, SettingRow, Settings};

/// Prints settings and problems; refused where there is a problem.
pub fn run(global: &GlobalArgs, how: FormatArgs) -> Result<Exit> {
    let ResolvedSettings { settings, rows, mut problems } = context::resolve(global)?;
    if let Some(settings) = settings {
        problems.extend(folders(&settings, &rows));
        if problems.is_empty() {
            problems.extend(kept(&settings, &rows));
        } else {
            problems.extend(state(&settings, &rows));
        }
    }
    let page = match how.format {
        OutputFormat::Plain => plain(&rows, &problems),
        OutputFormat::Json => format!("{:#}\n", json!({ "settings": rows, "problems": problems })),
    };
    terminal::print(&page)?;
    Ok(if problems.is_empty() { Exit::Done } else { Exit::Failed })
}

/// What is wrong with the folders that the settings name.
pub fn places(settings: &Settings, rows: &[SettingRow]) -> Vec<SettingProblem> {
    folders(settings, rows).into_iter().chain(state(settings, rows)).collect()
}

fn folders(settings: &Settings, rows: &[SettingRow]) -> Vec<SettingProblem> {
    let missing = settings.corpus.folders.iter().filter(|folder| !folder.is_dir());
    let problem = |folder: &PathBuf| SettingProblem {
        from: from(rows, "corpus.folders"),
        what: format!("there is no folder {}", folder.display()),
        todo: "name a folder that holds posts".into(),
    };
    missing.map(problem).collect()
}

/// The state folder is made when it is needed, so what counts is the nearest folder above that is there.
fn state(settings: &Settings, rows: &[SettingRow]) -> Option<SettingProblem> {
    let dir = &settings.state.dir;
    let there = dir.ancestors().find(|path| path.exists()).unwrap_or(dir);
    let error = try_to_write(there).err()?;
    Some(SettingProblem {
        from: from(rows, "state.dir"),
        what: format!("nothing can be written to {} ({error})", there.display()),
        todo: "name another folder with --state-dir DIR".into(),
    })
}

/// What is wrong with the state folder and the index in it. One that can't be written is no problem where its index
/// answers as it stands.
fn kept(settings: &Settings, rows: &[SettingRow]) -> Vec<SettingProblem> {
    let index = index(settings);
    let is_whole = index.as_ref().is_some_and(Vec::is_empty);
    let state = state(settings, rows).filter(|_| !is_whole);
    state.into_iter().chain(index.unwrap_or_default()).collect()
}

/// Bits that flipped on the disk are seldom seen when an index is opened, only when all of it is read. `None` where
/// there is no index yet.
fn index(settings: &Settings) -> Option<Vec<SettingProblem>> {
    let found = context::inspect(settings, Timestamp::now()).unwrap_or_else(|error| {
        let what = format!("the index can't be read ({error:#})");
        Some(vec![(what, context::REBUILD_HINT)])
    });
    let from = settings.state.dir.join("index").display().to_string();
    let problem =
        |(what, todo): (String, &str)| SettingProblem { from: from.clone(), what, todo: todo.into() };
    found.map(|found| found.into_iter().map(problem).collect())
}

/// Makes a folder and removes it again: permissions alone don't tell whether that can be done.
fn try_to_write(folder: &Path) -> io::Result<()> {
    let probe = folder.join(format!(".takeaways-check-{}", std::process::id()));
    fs::create_dir(&probe)?;
    fs::remove_dir(&probe)
}

fn from(rows: &[SettingRow], key: &str) -> String {
    rows.iter().find(|row| row.key == key).map(|row| row.from.clone()).unwrap_or_default()
}

fn plain(rows: &[SettingRow], problems: &[SettingProblem]) -> String {
    let mut page = String::new();
    for row in rows {
        // Writing to a `String` does not fail.
        let _ = writeln!(page, "{} = {}  # {}", row.key, row.value_as_toml(), row.from);
    }
    for problem in problems {
        let _ = write!(page, "\nproblem: {problem}");
    }
    if !problems.is_empty() {
        page.push('\n');
    }
    clean(&page).into_owned()
}
