//! Checks that the tables of `docs/languages.md` equal the comments of the lists in `crates/text/src/language/`.
//!
//! `UPDATE=1 cargo test -p takeaways-text --test languages` writes them again.

#![expect(clippy::expect_used, reason = "a test ends with its first fault")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use takeaways_text::model::Language;

/// The document that has the tables.
const DOCUMENT: &str = "docs/languages.md";

/// A struct of the source: its comment and its fields.
#[derive(Default)]
struct Struct {
    comment: Vec<String>,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    kind: String,
    comment: String,
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a file")
}

/// The sections of a language's file with their lists, in the order of `LanguageWords`.
fn sections() -> Vec<(String, Struct)> {
    let folder = fs::read_dir(path("crates/text/src/language")).expect("a folder");
    let files = folder.map(|entry| entry.expect("an entry").path());
    let mut structs: BTreeMap<String, Struct> =
        files.chain([path("crates/text/src/language.rs")]).flat_map(|file| structs(&read(&file))).collect();
    let words = structs.remove("LanguageWords").expect("the type of all lists");
    let section = |Field { name, kind, .. }| (name, structs.remove(&kind).expect("a type of lists"));
    words.fields.into_iter().map(section).collect()
}

/// The public structs of a source file. It is formatted, so each field has a line of its own.
fn structs(source: &str) -> Vec<(String, Struct)> {
    let mut structs: Vec<(String, Struct)> = Vec::new();
    let mut comment: Vec<String> = Vec::new();
    for line in source.lines() {
        if let Some(text) = line.trim_start().strip_prefix("///") {
            comment.push(text.trim().to_owned());
        } else if !line.trim_start().starts_with("#[") {
            let comment = std::mem::take(&mut comment);
            let member =
                line.strip_prefix("    pub").and_then(|rest| rest.strip_suffix(',')?.split_once(": "));
            if let Some(name) = line.strip_prefix("pub struct ").and_then(|rest| rest.strip_suffix(" {")) {
                structs.push((name.to_owned(), Struct { comment, fields: Vec::new() }));
            } else if let (Some((_, last)), Some((name, kind))) = (structs.last_mut(), member) {
                let name = name.rsplit([' ', '#']).next().expect("a name").to_owned();
                last.fields.push(Field { name, kind: kind.to_owned(), comment: comment.join(" ") });
            }
        }
    }
    structs
}

/// The names in braces.
fn placeholders(text: &str) -> Vec<&str> {
    text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or_default()).collect()
}

#[test]
fn the_reference_is_written_from_the_comments() {
    let found = read(&path(DOCUMENT));
    let (head, rest) = found.split_once("\n### ").expect("the first table");
    let (_, tail) = rest.split_once("\n## ").expect("the heading after the tables");
    let mut expected = format!("{head}\n");
    for (section, Struct { comment, fields }) in sections() {
        let comment = comment.join("\n");
        let head = format!("### `[{section}]`\n\n{comment}\n\n| key | meaning |\n|---|---|");
        writeln!(expected, "{head}").expect("a text");
        for Field { name, comment, .. } in fields {
            writeln!(expected, "| `{name}` | {comment} |").expect("a text");
        }
        expected.push('\n');
    }
    write!(expected, "## {tail}").expect("a text");
    if env::var_os("UPDATE").is_some() {
        fs::write(path(DOCUMENT), &expected).expect("a file that can be written");
    } else {
        let equal = found.lines().zip(expected.lines()).take_while(|(found, expected)| found == expected);
        assert!(
            found == expected,
            "{DOCUMENT} differs from the comments of the lists in line {}. Change a comment, then write it again:\n  \
             UPDATE=1 cargo test -p takeaways-text --test languages",
            equal.count() + 1
        );
    }
}

#[test]
fn a_text_of_each_language_has_the_placeholders_of_its_comment() {
    let sections = sections();
    let texts =
        sections.iter().flat_map(|(section, words)| words.fields.iter().map(move |field| (section, field)));
    let texts: Vec<_> = texts.filter(|(_, field)| field.kind == "Template").collect();
    assert!(texts.len() > 60, "{}", texts.len());
    for language in Language::ALL {
        let file = path("config/languages").join(language.code()).with_extension("toml");
        let file: toml::Table = read(&file).parse().expect("a table");
        for (section, Field { name, comment, .. }) in &texts {
            let text = file[section.as_str()][name.as_str()].as_str().expect("a text");
            let place = format!("{} {section}.{name}: {text}", language.code());
            let found = placeholders(text);
            assert!(!text.is_empty() && text.matches(['{', '}']).count() == 2 * found.len(), "{place}");
            let unique: BTreeSet<&str> = found.iter().copied().collect();
            assert_eq!(unique.len(), found.len(), "{place}");
            assert_eq!(unique, placeholders(comment).into_iter().collect(), "{place}");
        }
    }
}
