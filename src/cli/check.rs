//! `takeaways check`: the settings that hold, where each comes from, and all that is wrong with them or with
//! the index that they name.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::Result;
use jiff::Timestamp;
use serde_json::json;

use super::args::{Format, Formatted, Global};
use super::engine;
use super::exit::Exit;
use super::session;
use super::terminal;
use takeaways_render::clean;
use takeaways_settings::{Fault, Resolved, Row, Settings};

/// Prints settings and faults; refused where there is a fault.
pub fn run(global: &Global, how: Formatted) -> Result<Exit> {
    let Resolved { settings, rows, mut faults } = session::resolve(global)?;
    if let Some(settings) = settings {
        faults.extend(folders(&settings, &rows));
        if faults.is_empty() {
            faults.extend(kept(&settings, &rows));
        } else {
            faults.extend(state(&settings, &rows));
        }
    }
    let page = match how.format {
        Format::Plain => plain(&rows, &faults),
        Format::Json => format!("{:#}\n", json!({ "settings": rows, "problems": faults })),
    };
    terminal::print(&page)?;
    Ok(if faults.is_empty() { Exit::Done } else { Exit::Refused })
}

/// What is wrong with the folders that the settings name.
pub fn places(settings: &Settings, rows: &[Row]) -> Vec<Fault> {
    folders(settings, rows).into_iter().chain(state(settings, rows)).collect()
}

fn folders(settings: &Settings, rows: &[Row]) -> Vec<Fault> {
    let missing = settings.corpus.folders.iter().filter(|folder| !folder.is_dir());
    let fault = |folder: &PathBuf| Fault {
        from: from(rows, "corpus.folders"),
        what: format!("there is no folder {}", folder.display()),
        todo: "name a folder that holds posts".into(),
    };
    missing.map(fault).collect()
}

/// The state folder is made when it is needed, so what counts is the nearest folder above that is there.
fn state(settings: &Settings, rows: &[Row]) -> Option<Fault> {
    let dir = &settings.state.dir;
    let there = dir.ancestors().find(|path| path.exists()).unwrap_or(dir);
    let error = try_to_write(there).err()?;
    Some(Fault {
        from: from(rows, "state.dir"),
        what: format!("nothing can be written to {} ({error})", there.display()),
        todo: "name another folder with --state-dir DIR".into(),
    })
}

/// What is wrong with the state folder and the index in it. One that can't be written is no fault where its index
/// answers as it stands.
fn kept(settings: &Settings, rows: &[Row]) -> Vec<Fault> {
    let index = index(settings);
    let is_whole = index.as_ref().is_some_and(Vec::is_empty);
    let state = state(settings, rows).filter(|_| !is_whole);
    state.into_iter().chain(index.unwrap_or_default()).collect()
}

/// Bits that flipped on the disk are seldom seen when an index is opened, only when all of it is read. `None` where
/// there is no index yet.
fn index(settings: &Settings) -> Option<Vec<Fault>> {
    let found = engine::inspect(settings, Timestamp::now()).unwrap_or_else(|error| {
        let what = format!("the index can't be read ({error:#})");
        Some(vec![(what, engine::REBUILDS)])
    });
    let from = settings.state.dir.join("index").display().to_string();
    let fault = |(what, todo): (String, &str)| Fault { from: from.clone(), what, todo: todo.into() };
    found.map(|found| found.into_iter().map(fault).collect())
}

/// Makes a folder and removes it again: permissions alone don't tell whether that can be done.
fn try_to_write(folder: &Path) -> io::Result<()> {
    let probe = folder.join(format!(".takeaways-check-{}", std::process::id()));
    fs::create_dir(&probe)?;
    fs::remove_dir(&probe)
}

fn from(rows: &[Row], key: &str) -> String {
    rows.iter().find(|row| row.key == key).map(|row| row.from.clone()).unwrap_or_default()
}

fn plain(rows: &[Row], faults: &[Fault]) -> String {
    let mut page = String::new();
    for row in rows {
        // Writing to a `String` does not fail.
        let _ = writeln!(page, "{} = {}  # {}", row.key, row.written(), row.from);
    }
    for fault in faults {
        let _ = write!(page, "\nproblem: {fault}");
    }
    if !faults.is_empty() {
        page.push('\n');
    }
    clean(&page).into_owned()
}
