//! `takeaways corpus check`: every problem of the posts.

use anyhow::Result;
use jiff::Timestamp;
use serde_json::json;

use crate::cli::args::OutputFormat;
use crate::cli::exit::Exit;
use crate::cli::terminal;
use takeaways_corpus::{Corpus, CorpusCounts};
use takeaways_corpus::{Problem, Severity};
use takeaways_render::clean;

/// Prints every problem. The exit is negative if one is an error.
pub fn run(corpus: &Corpus, now: Timestamp, format: OutputFormat) -> Result<Exit> {
    let (problems, counts) = takeaways_corpus::for_each_post(corpus, now, drop);
    let page = match format {
        OutputFormat::Plain => plain(&problems, counts, corpus.sources().len() > 1),
        OutputFormat::Json => {
            let all = json!({
                "counts": counts,
                "errors": count(&problems, Severity::Error),
                "warnings": count(&problems, Severity::Warning),
                "hints": count(&problems, Severity::Hint),
                "problems": problems,
            });
            format!("{all:#}\n")
        }
    };
    terminal::print(&page)?;
    Ok(Exit::from_success(count(&problems, Severity::Error) == 0))
}

fn plain(problems: &[Problem], counts: CorpusCounts, shows_folders: bool) -> String {
    let line = |problem: &Problem| {
        let folder = problem.folder.as_ref().filter(|_| shows_folders);
        let line = folder.map_or_else(|| problem.to_string(), |folder| format!("{folder}/{problem}"));
        clean(&line).replace('\n', " ")
    };
    let mut lines: Vec<String> = problems.iter().map(line).collect();
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(summary(problems, counts));
    lines.join("\n") + "\n"
}

fn summary(problems: &[Problem], counts: CorpusCounts) -> String {
    let left_out = [(counts.drafts, "draft"), (counts.scheduled, "scheduled post")];
    let left_out = left_out.into_iter().filter(|(count, _)| *count > 0);
    let wrong = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Hint, "hint")]
        .map(|(severity, name)| pluralise(count(problems, severity), name));
    let mut parts = vec![posts_and_notes(counts.posts, counts.notes)];
    parts.extend(left_out.map(|(count, what)| format!("{} left out", pluralise(count, what))));
    format!("{} read: {}; {}", pluralise(counts.files, "file"), parts.join(", "), wrong.join(", "))
}

/// The number of problems with this severity.
pub fn count(problems: &[Problem], severity: Severity) -> usize {
    problems.iter().filter(|problem| problem.severity == severity).count()
}

/// `2 posts and 1 note`; `2 posts` if there are no notes.
pub fn posts_and_notes(posts: usize, notes: usize) -> String {
    let posts = pluralise(posts, "post");
    if notes == 0 { posts } else { format!("{posts} and {}", pluralise(notes, "note")) }
}

/// `1 post`, `2 posts`.
pub fn pluralise(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
