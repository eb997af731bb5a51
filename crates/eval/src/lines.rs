//! Files with one value in each line.

use std::collections::BTreeMap;

/// A problem in a line of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct LineProblem {
    /// The file.
    pub file: String,
    /// The number of the line, from 1.
    pub line: usize,
    /// The problem.
    pub what: String,
}

/// Parses a file with one value in each line, from its number and its text. Blank lines are skipped.
pub(crate) fn parse_lines<T>(
    file: &str,
    text: &str,
    mut parse: impl FnMut(usize, &str) -> Result<T, String>,
) -> Result<Vec<T>, Vec<LineProblem>> {
    let (mut all, mut problems) = (Vec::new(), Vec::new());
    let lines = text.trim_start_matches('\u{feff}').lines().zip(1..);
    for (line, number) in lines.filter(|(line, _)| !line.trim().is_empty()) {
        match parse(number, line) {
            Ok(value) => all.push(value),
            Err(what) => problems.push(LineProblem { file: file.to_owned(), line: number, what }),
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

/// Parses a file with one value in each line under a key, such as an id, which may stand there once.
pub(crate) fn parse_keyed_lines<T>(
    file: &str,
    text: &str,
    key_name: &str,
    parse: impl Fn(&str) -> Result<(String, T), String>,
) -> Result<BTreeMap<String, T>, Vec<LineProblem>> {
    let mut by_key = BTreeMap::new();
    parse_lines(file, text, |_, line| {
        let (key, value) = parse(line)?;
        if by_key.contains_key(&key) {
            return Err(format!("the {key_name} {key:?} was given before"));
        }
        by_key.insert(key, value);
        Ok(())
    })?;
    Ok(by_key)
}
