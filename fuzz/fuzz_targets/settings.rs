//! A settings file and variables of the environment to settings, or to problems. Variables are the lines before a line
//! `---`, as `NAME=value`; the file is the rest.

#![no_main]

use std::fs;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use takeaways_settings::{FILE_NAME, ResolvedSettings, Sources};
use tempfile::TempDir;

/// A secret that must not show in anything that people or logs see.
const TOKEN: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4.never.printed-anywhere-by-anyone";

static FOLDER: LazyLock<TempDir> =
    LazyLock::new(|| tempfile::tempdir().expect("a folder for the settings file"));

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (variables, file) = text.split_once("\n---\n").unwrap_or(("", &text));
    fs::write(FOLDER.path().join(FILE_NAME), file).expect("the settings file is written");
    let mut environment: std::collections::BTreeMap<String, String> = variables
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    environment.insert("DISCORD_TOKEN".to_owned(), TOKEN.to_owned());
    let working_dir = FOLDER.path().to_owned();
    let resolved = ResolvedSettings::read(&Sources { working_dir, environment, ..Sources::default() });

    for problem in &resolved.problems {
        assert!(!problem.to_string().trim().is_empty(), "a problem without a sentence");
    }
    assert!(resolved.settings.is_some() || !resolved.problems.is_empty(), "no settings, and no problem");
    for row in &resolved.rows {
        let _ = row.value_as_toml();
    }
    let shown = format!("{resolved:?}");
    assert!(!shown.contains(TOKEN), "the token shows");
});
