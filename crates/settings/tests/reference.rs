//! Checks that `config/default.toml` and the tables of `docs/settings.md` equal the table of settings.
//!
//! `UPDATE=1 cargo test -p takeaways-settings --test reference` writes them again.

#![expect(clippy::expect_used, reason = "a test ends with its first fault")]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use takeaways_settings::{SETTINGS, Setting};

/// The first lines of `config/default.toml`.
const HEAD: &str = "\
# The default settings: docs/settings.md has them in tables. They can be set
#   in a file:            takeaways.toml where the program runs, or --config FILE
#   in the environment:   TAKEAWAYS__CORPUS__DRAFTS=true (lists with commas: README*,LICENSE*)
#   by a flag:            --corpus, --state-dir, -v, -q
# and a later one of these overrides an earlier one. `takeaways check` shows the effective settings.
";

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

/// Compares a file with its expected text, or writes it if `UPDATE` is set.
fn assert_file(name: &str, expected: &str) {
    if env::var_os("UPDATE").is_some() {
        fs::write(path(name), expected).expect("a file that can be written");
    }
    let found = fs::read_to_string(path(name)).expect("a file");
    let equal_lines =
        found.lines().zip(expected.lines()).take_while(|(found, expected)| found == expected).count();
    assert!(
        found == expected,
        "{name} differs from the table of settings in line {}. Change the table, then write the file again:\n  \
         UPDATE=1 cargo test -p takeaways-settings --test reference",
        equal_lines + 1
    );
}

/// Settings by section, in the order of the table.
fn sections() -> Vec<(&'static str, Vec<&'static Setting>)> {
    let mut sections: Vec<(&str, Vec<&Setting>)> = Vec::new();
    for setting in &SETTINGS {
        let (section, _) = setting.name.rsplit_once('.').expect("a section");
        match sections.last_mut() {
            Some((last, settings)) if *last == section => settings.push(setting),
            _ => sections.push((section, vec![setting])),
        }
    }
    sections
}

#[test]
fn names_are_unique_and_sections_contiguous() {
    let names: Vec<&str> = sections().iter().map(|(name, _)| *name).collect();
    let unique: std::collections::BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names.len(), unique.len(), "each section stands in one piece: {names:?}");
    let settings: std::collections::BTreeSet<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    assert_eq!(settings.len(), SETTINGS.len());
}

#[test]
fn the_file_of_defaults_is_the_table() {
    let mut expected = HEAD.to_owned();
    let comment = textwrap::Options::new(120).initial_indent("# ").subsequent_indent("# ");
    for (section, settings) in sections() {
        writeln!(expected, "\n[{section}]").expect("a text");
        for setting in settings {
            let name = setting.name.rsplit('.').next().expect("a name");
            let meaning = textwrap::fill(setting.meaning, &comment);
            writeln!(expected, "{meaning}\n{name} = {}", setting.default).expect("a text");
        }
    }
    assert_file("config/default.toml", &expected);
}

#[test]
fn the_reference_is_the_table() {
    let found = fs::read_to_string(path("docs/settings.md")).expect("a file");
    let (prose, _) = found.split_once("\n## corpus\n").expect("the first table");
    let mut expected = prose.to_owned();
    let mut heading = "";
    for setting in &SETTINGS {
        let (section, _) = setting.name.split_once('.').expect("a section");
        if section != heading {
            heading = section;
            let head = "| setting | variable | flag | default | meaning |\n|---|---|---|---|---|";
            writeln!(expected, "\n## {section}\n\n{head}").expect("a text");
        }
        expected += &row(setting);
    }
    assert_file("docs/settings.md", &expected);
}

fn row(setting: &Setting) -> String {
    let Setting { name, default, flags, .. } = setting;
    let flags = if flags.is_empty() { String::new() } else { format!("{flags} ") };
    let meaning: Vec<String> = setting.meaning.split(' ').map(link).collect();
    let (variable, meaning) = (setting.variable(), meaning.join(" "));
    format!("| `{name}` | `{variable}` | {flags}| `{default}` | {meaning} |\n")
}

/// Turns `docs/state.md#postgresql.` into a link from a document beside it; other words stay as they are.
fn link(word: &str) -> String {
    let Some(target) = word.strip_prefix("docs/") else { return word.to_owned() };
    let end = target.trim_end_matches(['.', ',', ';']);
    let file = end.split('#').next().unwrap_or(end);
    format!("[{file}]({end}){}", &target[end.len()..])
}

#[test]
fn the_reference_names_where_secrets_may_stand() {
    let found = fs::read_to_string(path("docs/settings.md")).expect("a file");
    for secret in SETTINGS.iter().filter_map(|setting| setting.secret) {
        let content = secret.content;
        let file = format!("| `{}` | the path of a file that holds {content} ", secret.file_variable);
        let variable = secret.variable.map(|variable| format!("| `{variable}` | {content}; overrides "));
        for row in variable.iter().chain([&file]) {
            assert!(found.contains(row.as_str()), "docs/settings.md has no row that begins with {row}");
        }
    }
}
