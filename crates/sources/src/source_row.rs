//! The rows of sources that a library returns, and what is wrong with sources.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use takeaways_corpus::Problem;

use crate::library::{Library, LibraryError};
use crate::source_list::{FILE_NAME, Source, SourceKind};
use crate::source_state::{PostState, PostStatus, SourceState};
use crate::store_files::{self, ORIG_SUFFIX};

/// A source with its folder and its state.
#[derive(Debug, Clone)]
pub struct SourceRow {
    /// The corpus folder of its list and its posts.
    pub folder: PathBuf,
    /// The source.
    pub source: Source,
    /// Its state.
    pub state: Arc<SourceState>,
}

impl SourceRow {
    /// The file of a post of this source. One that would lie outside the folder is not a file of ours.
    pub(crate) fn file_of(&self, post: &PostState) -> Option<PathBuf> {
        store_files::join_below(&self.folder, post.file.as_deref()?).ok()
    }

    /// Whether the file of a post is not there any more: a person deleted it.
    pub(crate) fn is_missing(&self, post: &PostState) -> bool {
        self.file_of(post).is_some_and(|file| matches!(file.try_exists(), Ok(false)))
    }

    /// Whether a person removed a post: by a command, or by deleting its file.
    pub(crate) fn is_removed(&self, post: &PostState) -> bool {
        match post.status {
            PostStatus::Removed => true,
            PostStatus::Included => self.is_missing(post),
            _ => false,
        }
    }

    /// The posts of this source that are in the corpus.
    pub fn posts(&self) -> impl Iterator<Item = &PostState> {
        let posts = self.state.posts.values();
        posts.filter(|post| post.status == PostStatus::Included && !self.is_missing(post))
    }

    /// Whether `name` is the path of the file of a post: below the folder, with or without its extension, or as a path of
    /// this machine.
    pub(crate) fn is_file_of(&self, post: &PostState, name: &str) -> bool {
        let Some(file) = &post.file else { return false };
        let id = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        let is_path = || {
            let path = std::path::absolute(name).ok();
            path.is_some() && path == self.file_of(post)
        };
        file == name || id == name || is_path()
    }
}

/// The source that is this folder of the machine, by any path that leads to it; only for the operator, who may know paths.
pub fn find_folder_source<'r>(rows: &'r [SourceRow], name: &Path) -> Option<&'r SourceRow> {
    let path = real_path(name);
    rows.iter()
        .find(|row| row.source.kind == SourceKind::Folder && real_path(Path::new(&row.source.url)) == path)
}

/// The one of `folders` that a path leads to. Neither needs to exist yet.
pub fn find_folder<'f>(folders: &'f [PathBuf], name: &Path) -> Option<&'f PathBuf> {
    let path = real_path(name);
    folders.iter().find(|folder| real_path(folder) == path)
}

/// The path without links and `..`, as far as it is there.
fn real_path(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for above in whole.ancestors() {
        if let (Ok(real), Ok(rest)) = (above.canonicalize(), whole.strip_prefix(above)) {
            return if rest.as_os_str().is_empty() { real } else { real.join(rest) };
        }
    }
    whole
}

/// The source with this address; else the only one of the site with this address.
pub fn find_source<'r>(rows: &'r [SourceRow], name: &str) -> Option<&'r SourceRow> {
    let url = crate::parse_address(name).ok();
    let identity = url.as_ref().map_or_else(|| name.to_owned(), crate::identity);
    let matches = |row: &&SourceRow| row.source.identity() == identity || row.source.url == name;
    let site = url.filter(|url| matches!(url.path(), "" | "/") && url.query().is_none());
    let of_site = || {
        let site = crate::identity(&site?);
        let mut found =
            rows.iter().filter(|row| row.source.identity().split('/').next() == site.split('/').next());
        found.next().filter(|_| found.next().is_none())
    };
    rows.iter().find(matches).or_else(of_site)
}

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
pub fn problems_of_folders(library: &Library) -> Vec<SourceProblem> {
    let (rows, errors) = library.rows();
    let mut problems: Vec<SourceProblem> = errors.iter().map(list_problem).collect();
    let mut known = HashSet::new();
    for row in &rows {
        let of_row = |problem, since| SourceProblem {
            source: row.source.url.clone(),
            since,
            added_by: row.source.added_by.clone(),
            problem,
        };
        problems.extend(source_problem(row).map(|problem| of_row(problem, row.state.failing_since)));
        problems.extend(page_problem(row).map(|problem| of_row(problem, None)));
        for (new_text, problem) in edited_posts(row) {
            known.insert(new_text);
            problems.push(of_row(problem, None));
        }
    }
    for folder in library.folders() {
        problems.extend(orphaned_texts(folder, &known));
    }
    problems
}

fn list_problem(error: &LibraryError) -> SourceProblem {
    let todo = "correct the list; its sources are not refreshed until then";
    SourceProblem {
        source: String::new(),
        since: None,
        added_by: None,
        problem: Problem::error(FILE_NAME, "source-list", error.to_string(), todo),
    }
}

/// That a source is gone, or fails.
fn source_problem(row: &SourceRow) -> Option<Problem> {
    let (url, state) = (&row.source.url, &row.state);
    if state.is_gone {
        let what = format!("the source {url} is gone for good");
        let todo = format!(
            "run `takeaways corpus remove --keep-posts {url}`, or `takeaways corpus add {url}` if it is back"
        );
        return Some(Problem::warning(FILE_NAME, "source-gone", what, todo));
    }
    let why = state.problem.as_ref()?;
    let since = state.failing_since.map(|since| format!(" since {since:.0}")).unwrap_or_default();
    let what = format!("the source {url} can't be read{since}: {why}");
    let todo = match state.backed_off_until {
        Some(until) => format!("its host is left alone until {until:.0}, also by `takeaways corpus refresh`"),
        None if row.source.kind == SourceKind::Folder => {
            format!("put it back, or run `takeaways corpus remove --keep-posts {url}`")
        }
        None => "look at it in a browser; `takeaways corpus refresh` tries again at once".to_owned(),
    };
    Some(Problem::warning(FILE_NAME, "source-failed", what, todo))
}

/// That pages of a source can't be read. The first one is named.
fn page_problem(row: &SourceRow) -> Option<Problem> {
    let why = |post: &PostState| match &post.status {
        PostStatus::Failed(why) => Some(format!("{} can't be read: {why}", post.url)),
        _ => None,
    };
    let mut failed = row.state.posts.values().filter_map(why);
    let first = failed.next()?;
    let more = match failed.count() {
        0 => String::new(),
        more => format!(" (and {more} more of {})", row.source.url),
    };
    let todo = "it is tried again by itself";
    Some(Problem::warning(FILE_NAME, "page-failed", format!("{first}{more}"), todo))
}

/// The posts that changed on the web and that a person edited here: the file with the new text, and the problem.
fn edited_posts(row: &SourceRow) -> impl Iterator<Item = (PathBuf, Problem)> {
    row.state.posts.values().filter_map(|post| post.file.as_ref()).filter_map(|file| {
        let beside = format!("{file}{ORIG_SUFFIX}");
        let new_text = store_files::join_below(&row.folder, &beside).ok().filter(|path| path.is_file())?;
        let what = format!("it was edited here and changed on the web; the new text is in {beside}");
        let todo = "take over what you want, and remove the file that ends in .orig";
        Some((new_text, Problem::hint(file, "edited", what, todo)))
    })
}

/// New texts of posts that no source has any more: their sources were removed, and their files stay because somebody edited
/// them. A file with the same ending that another program wrote is none of them.
fn orphaned_texts(folder: &Path, known: &HashSet<PathBuf>) -> Vec<SourceProblem> {
    let hosts = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let texts = hosts.flat_map(|host| store_files::files_ending_in(&host.path(), ORIG_SUFFIX));
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
