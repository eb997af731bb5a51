//! `takeaways corpus check`: every problem of the posts.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::json;

use super::for_each_post;
use crate::cli::args::OutputFormat;
use crate::cli::context::Session;
use crate::cli::exit::Exit;
use crate::cli::{sources, terminal};
use takeaways_corpus::{Corpus, CorpusCounts, Problem, Severity, SkippedFiles};
use takeaways_render::{clean, pluralise};

/// The most kinds of skipped files that are named.
const MAX_KINDS: usize = 8;

/// Warnings and hints that more files have are shown in one line.
const MAX_EQUAL: usize = 3;

/// Prints the problems. Without `shows_all`, equal warnings and hints are grouped. The exit is negative if there is an
/// error.
pub fn run(session: &Session, corpus: &Corpus, format: OutputFormat, shows_all: bool) -> Result<Exit> {
    let (mut problems, counts) = for_each_post(session, corpus, drop);
    problems.extend(sources::problems(&session.settings));
    let page = match format {
        OutputFormat::Plain => {
            let max_equal = if shows_all { usize::MAX } else { MAX_EQUAL };
            plain(&problems, &counts, corpus.roots().len() > 1, max_equal)
        }
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

fn plain(problems: &[Problem], counts: &CorpusCounts, shows_folders: bool, max_equal: usize) -> String {
    let in_folder = |problem: &Problem, text: &str| {
        let folder = problem.folder.as_ref().filter(|_| shows_folders);
        folder.map_or_else(|| text.to_owned(), |folder| format!("{folder}/{text}"))
    };
    let one_line = |line: String| clean(&line).replace('\n', " ");
    let mut groups: BTreeMap<(Severity, &str, &str), Vec<&Problem>> = BTreeMap::new();
    for problem in problems.iter().filter(|problem| problem.severity != Severity::Error) {
        groups.entry((problem.severity, &problem.what, &problem.todo)).or_default().push(problem);
    }
    groups.retain(|_, equal| equal.len() > max_equal);
    let is_grouped =
        |problem: &Problem| groups.contains_key(&(problem.severity, &*problem.what, &*problem.todo));
    let mut lines: Vec<String> = problems
        .iter()
        .filter(|problem| !is_grouped(problem))
        .map(|problem| one_line(in_folder(problem, &problem.to_string())))
        .collect();
    lines.extend(groups.iter().map(|((severity, what, todo), equal)| {
        let first = equal.first().map(|problem| in_folder(problem, &problem.path)).unwrap_or_default();
        let others = equal.len().saturating_sub(1);
        one_line(format!("{first} and {others} others: {severity}: {what}; {todo} (--all lists them)"))
    }));
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(summary(problems, counts));
    lines.extend(skipped_files(&counts.skipped));
    lines.join("\n") + "\n"
}

/// `5 files of other kinds were skipped: .jpg 3, .json 2`; `None` if there are none.
fn skipped_files(skipped: &SkippedFiles) -> Option<String> {
    let total: usize = skipped.values().sum();
    let (verb, mut kinds): (_, Vec<(&String, &usize)>) =
        (if total == 1 { "kind was" } else { "kinds were" }, skipped.iter().collect());
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let mut named: Vec<String> =
        kinds.iter().take(MAX_KINDS).map(|(extension, count)| format!("{extension} {count}")).collect();
    if kinds.len() > MAX_KINDS {
        named.push("…".to_owned());
    }
    let files = if total == 1 { "1 file of another".to_owned() } else { format!("{total} files of other") };
    (total > 0).then(|| format!("{files} {verb} skipped: {}", named.join(", ")))
}

fn summary(problems: &[Problem], counts: &CorpusCounts) -> String {
    let left_out = [(counts.drafts, "draft"), (counts.scheduled, "scheduled post")];
    let left_out = left_out.into_iter().filter(|(count, _)| *count > 0);
    let wrong = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Hint, "hint")]
        .map(|(severity, name)| pluralise(count(problems, severity), name));
    let mut parts = vec![posts_and_notes(counts.posts, counts.notes)];
    parts.extend(left_out.map(|(count, what)| format!("{} left out", pluralise(count, what))));
    if counts.rejected > 0 {
        parts.push(format!("{} refused", pluralise(counts.rejected, "file")));
    }
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
