//! What is wrong with sources, for people.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use takeaways_corpus::Problem;

use crate::library::Library;
use crate::source_list::FILE_NAME;
use crate::source_state::PostStatus;
use crate::store_files::{self, NEW_TEXT};

/// A problem of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceProblem {
    /// The address of the source; empty if a list can't be read, and a folder of this machine if there is no source any more.
    pub source: String,
    /// Since when it holds.
    pub since: Option<Timestamp>,
    /// Who added the source, on Discord.
    pub added_by: Option<String>,
    /// The problem, as `corpus check` shows it.
    pub problem: Problem,
}

/// The problems of all sources: those that fail, those that are gone, pages that can't be read, and files that a person
/// edited while their posts changed, also if their sources were removed since.
#[must_use]
pub fn problems_of_folders(library: &Library) -> Vec<SourceProblem> {
    let (rows, errors) = library.rows();
    let mut problems: Vec<SourceProblem> = errors
        .iter()
        .map(|error| SourceProblem {
            source: String::new(),
            since: None,
            added_by: None,
            problem: Problem::error(
                FILE_NAME,
                "source-list",
                error.to_string(),
                "correct the list; its sources are not refreshed until then",
            ),
        })
        .collect();
    let mut known = HashSet::new();
    for row in &rows {
        let (url, state) = (&row.source.url, &row.state);
        let mut push = |problem: Problem, since| {
            problems.push(SourceProblem {
                source: url.clone(),
                since,
                added_by: row.source.added_by.clone(),
                problem,
            });
        };
        if state.is_gone {
            let what = format!("the source {url} is gone for good");
            let todo = format!(
                "run `takeaways corpus remove --keep-posts {url}`, or `takeaways corpus add {url}` if it is back"
            );
            push(Problem::warning(FILE_NAME, "source-gone", what, todo), state.failing_since);
        } else if let Some(why) = &state.problem {
            let since = state.failing_since.map(|since| format!(" since {since:.0}")).unwrap_or_default();
            let what = format!("the source {url} can't be read{since}: {why}");
            let todo = state.left_alone_until.map_or_else(
                || "look at it in a browser; `takeaways corpus refresh` tries again at once".to_owned(),
                |until| {
                    format!("its host is left alone until {until:.0}, also by `takeaways corpus refresh`")
                },
            );
            push(Problem::warning(FILE_NAME, "source-failed", what, todo), state.failing_since);
        }
        let failed: Vec<(&str, &str)> = state
            .posts
            .values()
            .filter_map(|post| match &post.status {
                PostStatus::Failed(why) => Some((post.url.as_str(), why.as_str())),
                _ => None,
            })
            .collect();
        if let Some((first, why)) = failed.first() {
            let more = failed.len() - 1;
            let more = if more == 0 { String::new() } else { format!(" (and {more} more of {url})") };
            let what = format!("{first} can't be read: {why}{more}");
            push(Problem::warning(FILE_NAME, "page-failed", what, "it is tried again by itself"), None);
        }
        for file in state.posts.values().filter_map(|post| post.file.as_ref()) {
            let beside = format!("{file}{NEW_TEXT}");
            if store_files::join_below(&row.folder, &beside).is_ok_and(|path| path.is_file()) {
                known.insert(row.folder.join(&beside));
                let what = format!("it was edited here and changed on the web; the new text is in {beside}");
                let todo = "take over what you want, and remove the file that ends in .orig";
                push(Problem::hint(file, "edited", what, todo), None);
            }
        }
    }
    for folder in library.folders() {
        problems.extend(orphaned_texts(folder, &known));
    }
    problems
}

/// New texts of posts that no source has any more: their sources were removed, and their files stay because somebody edited
/// them. A file with the same ending that another program wrote is none of them.
fn orphaned_texts(folder: &Path, known: &HashSet<PathBuf>) -> Vec<SourceProblem> {
    let hosts = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let texts = hosts.flat_map(|host| store_files::files_ending_in(&host.path(), NEW_TEXT));
    let is_ours = |path: &PathBuf| store_files::url_of_post(path).is_some();
    let mut texts: Vec<PathBuf> = texts.filter(|path| !known.contains(path) && is_ours(path)).collect();
    texts.sort();
    let place = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let problem = |path: &PathBuf| {
        let file = path.strip_prefix(folder).unwrap_or(path).to_string_lossy();
        let what = "its source was removed, and its post was edited here; this is the text of the web";
        let todo = "take over what you want, and remove this file";
        SourceProblem {
            source: place.display().to_string(),
            since: None,
            added_by: None,
            problem: Problem::hint(&file, "edited", what, todo),
        }
    };
    texts.iter().map(problem).collect()
}
