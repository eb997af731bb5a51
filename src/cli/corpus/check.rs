//! `takeaways corpus check`: all that is wrong with the posts.

use std::fmt::Write;

use anyhow::Result;
use serde_json::json;

use crate::cli::args::Format;
use crate::cli::engine::Loaded;
use crate::cli::exit::Exit;
use crate::cli::terminal;
use crate::corpus::{Problem, Severity};
use crate::render::clean;

/// Prints every problem; the answer is no where one is an error.
pub fn run(loaded: &Loaded, format: Format) -> Result<Exit> {
    let page = match format {
        Format::Plain => plain(loaded),
        Format::Json => {
            let counts = json!({
                "files": loaded.counts.files,
                "posts": loaded.posts.len(),
                "left_out": { "drafts": loaded.counts.drafts, "upcoming": loaded.counts.upcoming },
                "errors": count(&loaded.problems, Severity::Error),
                "warnings": count(&loaded.problems, Severity::Warning),
                "notes": count(&loaded.problems, Severity::Note),
                "problems": loaded.problems,
            });
            format!("{counts:#}\n")
        }
    };
    terminal::print(&page)?;
    Ok(Exit::from_yes(count(&loaded.problems, Severity::Error) == 0))
}

fn plain(loaded: &Loaded) -> String {
    let mut page = String::new();
    for problem in &loaded.problems {
        // Writing to a `String` does not fail.
        let _ = writeln!(page, "{}", clean(&problem.to_string()).replace('\n', " "));
    }
    if !page.is_empty() {
        page.push('\n');
    }
    page + &summary(loaded)
}

fn summary(loaded: &Loaded) -> String {
    let counts = [(loaded.counts.drafts, "draft"), (loaded.counts.upcoming, "post of the future")];
    let left_out = counts.iter().filter(|(count, _)| *count > 0);
    let wrong = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")]
        .map(|(severity, name)| counted(count(&loaded.problems, severity), name));
    let mut parts = vec![counted(loaded.posts.len(), "post")];
    parts.extend(left_out.map(|(count, what)| format!("{} left out", counted(*count, what))));
    let files = counted(loaded.counts.files, "file");
    format!("{files} read: {}; {}\n", parts.join(", "), wrong.join(", "))
}

/// How many problems are of this severity.
pub fn count(problems: &[Problem], severity: Severity) -> usize {
    problems.iter().filter(|problem| problem.severity == severity).count()
}

/// `1 post`, `2 posts`; what is counted has its plural in its first word.
fn counted(count: usize, what: &str) -> String {
    match what.split_once(' ') {
        _ if count == 1 => format!("1 {what}"),
        Some((first, rest)) => format!("{count} {first}s {rest}"),
        None => format!("{count} {what}s"),
    }
}
