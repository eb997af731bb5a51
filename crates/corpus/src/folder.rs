//! Lists a folder and reads the listed files: the only access of this crate to the file system.
//!
//! Nothing outside the folder is read: links are not followed, and only regular files are opened.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use walkdir::{DirEntry, WalkDir};

use super::Problem;
use super::settings::CorpusSettings;
use takeaways_text::MarkupFormat;
use takeaways_text::invisible::{clean_line, is_deceptive};

/// The deepest level of folders that is read; the corpus folder is level 0.
pub(crate) const MAX_DEPTH: usize = 64;

/// A file of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListedFile {
    pub(super) path: String,
    pub(super) size: u64,
    pub(super) modified_ns: i64,
}

/// The posts and problems of a folder.
#[derive(Debug, Default)]
pub(super) struct FolderListing {
    pub(super) files: Vec<ListedFile>,
    pub(super) problems: Vec<Problem>,
    /// The paths that the system refused to read, with the reason; the empty path is the folder itself.
    pub(super) unread: Vec<(String, String)>,
    /// The number of files of other kinds, by extension.
    pub(super) skipped: SkippedFiles,
    /// Whether files were left out because of `max_posts`.
    pub(super) is_truncated: bool,
}

/// Counts files that are no posts by their extension: `.jpg`. Files without one are counted as `no extension`.
pub type SkippedFiles = BTreeMap<String, usize>;

/// The most extensions that are counted separately; files with another are counted as `other`. Names of files may have
/// any number of extensions.
const MAX_EXTENSIONS: usize = 100;

/// Lists the posts of a folder in the order of their names, folder by folder; at most `limit` of them. Skips
/// nested folders that the settings name separately.
pub(super) fn list_folder(folder: &Path, settings: &CorpusSettings, limit: usize) -> FolderListing {
    let mut listing = FolderListing::default();
    if let Err(problem) = check_folder(folder) {
        listing.unread.push((String::new(), problem.what.clone()));
        listing.problems.push(problem);
        return listing;
    }
    let nested = nested_folders(folder, &settings.folders);
    let mut has_nested = false;
    let mut entries = WalkDir::new(folder).max_depth(MAX_DEPTH).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                add_walk_error(&mut listing, folder, &error);
                continue;
            }
        };
        if entry.depth() == 0 {
            continue;
        }
        match classify_entry(folder, &entry, settings) {
            EntryKind::Post(path) if listing.files.len() < limit => {
                add_file(&mut listing, folder, path, &entry, settings);
            }
            EntryKind::Post(_) => {
                listing.is_truncated = true;
                break;
            }
            EntryKind::Problem(problem) => listing.problems.push(problem),
            EntryKind::Skip if entry.file_type().is_dir() => entries.skip_current_dir(),
            EntryKind::Folder(path) if nested.contains(&path) => {
                has_nested = true;
                entries.skip_current_dir();
            }
            EntryKind::OtherFile => count_skipped(&mut listing.skipped, &entry),
            EntryKind::Skip | EntryKind::Folder(_) => {}
        }
    }
    if listing.files.is_empty() && listing.problems.is_empty() && !listing.is_truncated && !has_nested {
        listing.problems.push(no_posts_problem(folder));
    }
    listing
}

fn no_posts_problem(folder: &Path) -> Problem {
    let what = format!("no post was found in {}", folder.display());
    let todo = "name a folder with posts: files that end in .md, .html, .txt, .adoc, .rst or similar, and that \
                `corpus.exclude` does not exclude";
    Problem::error(".", "no-posts", what, todo)
}

fn count_skipped(skipped: &mut SkippedFiles, entry: &DirEntry) {
    const MAX_EXTENSION_LEN: usize = 20;
    let extension = entry.path().extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let mut name = match extension {
        Some(extension) => clean_line(&format!(".{extension}"), MAX_EXTENSION_LEN),
        None => "no extension".to_owned(),
    };
    if skipped.len() >= MAX_EXTENSIONS && !skipped.contains_key(&name) {
        "other".clone_into(&mut name);
    }
    *skipped.entry(name).or_default() += 1;
}

/// Returns the paths, relative to `folder`, of the corpus folders inside it.
fn nested_folders(folder: &Path, corpus_folders: &[PathBuf]) -> Vec<String> {
    let Ok(real) = fs::canonicalize(folder) else { return Vec::new() };
    let path_inside = |nested: &PathBuf| {
        let nested = fs::canonicalize(nested).ok()?;
        relative_path(&real, &nested).ok().filter(|path| nested.starts_with(&real) && !path.is_empty())
    };
    corpus_folders.iter().filter_map(path_inside).collect()
}

fn check_folder(folder: &Path) -> Result<(), Problem> {
    const TODO: &str = "name a folder with posts";
    match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => {
            Err(Problem::error(".", "unreadable", format!("{} is not a folder", folder.display()), TODO))
        }
        Err(error) => {
            let what = format!("{} can't be read: {}", folder.display(), io_reason(&error));
            Err(Problem::error(".", "unreadable", what, TODO))
        }
    }
}

/// What is done with an entry of a folder.
enum EntryKind {
    Post(String),
    Folder(String),
    /// A regular file of a kind that is not read.
    OtherFile,
    Skip,
    Problem(Problem),
}

fn classify_entry(folder: &Path, entry: &DirEntry, settings: &CorpusSettings) -> EntryKind {
    let kind = entry.file_type();
    let name = entry.file_name().to_string_lossy();
    let is_post = format_of_file(&name).is_some();
    let is_ignored = name.starts_with('.') || (kind.is_dir() && name == "node_modules");
    let is_other = !(kind.is_dir() || kind.is_symlink() || is_post);
    if is_ignored || (is_other && !kind.is_file()) {
        return EntryKind::Skip;
    }
    let path = match relative_path(folder, entry.path()) {
        Ok(path) => path,
        Err(_) if is_other => return EntryKind::OtherFile,
        Err(problem) => return EntryKind::Problem(problem),
    };
    let exclude = &settings.exclude;
    match () {
        () if exclude.excludes_folder(&path) || (!kind.is_dir() && exclude.excludes_file(&path)) => {
            EntryKind::Skip
        }
        () if kind.is_symlink() => classify_link(folder, entry, &path, is_post),
        () if kind.is_dir() && entry.depth() == MAX_DEPTH => {
            let what =
                format!("folders are nested deeper than {MAX_DEPTH} levels; deeper folders were not read");
            EntryKind::Problem(Problem::error(&path, "too-deep", what, "move the posts up"))
        }
        () if kind.is_dir() => EntryKind::Folder(path),
        () if is_other => EntryKind::OtherFile,
        () if kind.is_file() => EntryKind::Post(path),
        () => EntryKind::Problem(not_a_file_problem(&path)),
    }
}

/// Links are not followed. The problem says whether the target is inside the folder.
fn classify_link(folder: &Path, entry: &DirEntry, path: &str, is_post: bool) -> EntryKind {
    let Ok(target) = fs::canonicalize(entry.path()) else {
        if !is_post {
            return EntryKind::Skip;
        }
        let todo = "remove the link";
        return EntryKind::Problem(Problem::warning(path, "unreadable", "it is a broken link", todo));
    };
    if !(is_post || target.is_dir()) {
        return EntryKind::Skip;
    }
    let is_inside = fs::canonicalize(folder).is_ok_and(|folder| target.starts_with(folder));
    EntryKind::Problem(if is_inside {
        Problem::hint(
            path,
            "link",
            "it is a link and was not followed; its target is in the corpus folder too",
            "exclude it with `corpus.exclude` to hide this hint",
        )
    } else {
        let todo = "copy the target into the folder, or add its folder to `corpus.folders`";
        Problem::error(
            path,
            "link-outside",
            "it is a link to a place outside of the corpus folder and was not followed",
            todo,
        )
    })
}

fn add_file(
    listing: &mut FolderListing,
    folder: &Path,
    path: String,
    entry: &DirEntry,
    settings: &CorpusSettings,
) {
    match entry.metadata() {
        Ok(metadata) if metadata.len() > settings.max_bytes => {
            listing.problems.push(too_large_problem(&path, settings.max_bytes));
        }
        Ok(metadata) => {
            let modified_ns = modified_ns(&metadata);
            listing.files.push(ListedFile { path, size: metadata.len(), modified_ns });
        }
        Err(error) => add_walk_error(listing, folder, &error),
    }
}

const MAKE_READABLE: &str = "make it readable, or exclude it";

/// Adds what the walk could not read. A file or folder that was removed during the walk is no problem.
fn add_walk_error(listing: &mut FolderListing, folder: &Path, error: &walkdir::Error) {
    let path = error.path().and_then(|path| path.strip_prefix(folder).ok()).unwrap_or(Path::new(""));
    let Some(io_error) = error.io_error() else {
        let what = "it can't be read: a loop of links";
        listing.problems.push(Problem::error(&shown_path(path), "unreadable", what, MAKE_READABLE));
        return;
    };
    let is_folder_itself = path.as_os_str().is_empty();
    if io_error.kind() == io::ErrorKind::NotFound && !is_folder_itself {
        return;
    }
    let what = format!("it can't be read: {}", io_reason(io_error));
    listing.unread.push((path.to_string_lossy().into_owned(), what.clone()));
    listing.problems.push(Problem::error(&shown_path(path), "unreadable", what, MAKE_READABLE));
}

fn shown_path(path: &Path) -> Cow<'_, str> {
    if path.as_os_str().is_empty() { ".".into() } else { path.to_string_lossy() }
}

fn io_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

fn not_a_file_problem(path: &str) -> Problem {
    let what = "it is a pipe, socket or device, not a regular file; it was not opened";
    Problem::error(path, "not-a-file", what, "remove it, or exclude it")
}

fn too_large_problem(path: &str, max_bytes: u64) -> Problem {
    let what = format!("it is larger than {} KiB", max_bytes / 1024);
    Problem::error(path, "too-large", what, "split it, or raise `corpus.max_bytes`")
}

/// Returns the format of a file by its extension.
pub(super) fn format_of_file(path: &str) -> Option<MarkupFormat> {
    path.rsplit_once('.').and_then(|(_, extension)| MarkupFormat::from_extension(extension))
}

/// Returns the path under the folder, with `/` between parts.
///
/// # Errors
/// A name that is not UTF-8 or has invisible characters: nobody could type or show it.
fn relative_path(folder: &Path, path: &Path) -> Result<String, Problem> {
    let under = path.strip_prefix(folder).unwrap_or(path);
    let parts: Option<Vec<&str>> = under.components().map(|part| part.as_os_str().to_str()).collect();
    match parts.map(|parts| parts.join("/")) {
        Some(path) if !path.chars().any(is_deceptive) => Ok(path),
        _ => {
            let shown = under.to_string_lossy();
            let what = "its name has bytes that are not UTF-8, or invisible characters";
            Err(Problem::error(&shown, "unreadable", what, "rename it"))
        }
    }
}

/// Returns the time of the last change in nanoseconds since 1970; 0 if the file system has no times.
fn modified_ns(metadata: &Metadata) -> i64 {
    let Ok(modified) = metadata.modified() else { return 0 };
    match modified.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos),
    }
}

/// Returns the bytes of a file of the folder.
///
/// # Errors
/// The file is gone, too large, not a regular file, unreadable, or not under the folder.
pub(super) fn read_file_bytes(folder: &Path, path: &str, max_bytes: u64) -> Result<Vec<u8>, Problem> {
    let full = join_path(folder, path)?;
    let unreadable = |error: io::Error| {
        let what = format!("it can't be read: {}", io_reason(&error));
        Problem::error(path, "unreadable", what, MAKE_READABLE)
    };
    // This check comes before opening, because opening a pipe waits for its other end.
    if !fs::symlink_metadata(&full).map_err(unreadable)?.is_file() {
        return Err(not_a_file_problem(path));
    }
    let file = open_file(&full).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(not_a_file_problem(path));
    }
    let mut bytes = Vec::new();
    // Reads one byte more than allowed, which shows that a file grew since it was listed.
    file.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > max_bytes { Err(too_large_problem(path, max_bytes)) } else { Ok(bytes) }
}

/// Returns the full path. Every part of `path` must be a plain name, so that it can't leave the folder.
fn join_path(folder: &Path, path: &str) -> Result<PathBuf, Problem> {
    let mut parts = Path::new(path).components();
    if path.is_empty() || !parts.all(|part| matches!(part, Component::Normal(_))) {
        let what = "the path leads outside of the corpus folder";
        return Err(Problem::error(path, "link-outside", what, "name a file in the corpus folder"));
    }
    Ok(folder.join(path))
}

/// Opens a file without waiting and without following a link, on systems whose flags for that are known here.
fn open_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        use std::os::unix::fs::OpenOptionsExt;

        /// `asm-generic/fcntl.h` of Linux.
        const O_NONBLOCK: i32 = 0o4000;
        /// The same file, and `arch/arm64/include/uapi/asm/fcntl.h`.
        const O_NOFOLLOW: i32 = if cfg!(target_arch = "aarch64") { 0o100_000 } else { 0o400_000 };
        options.custom_flags(O_NONBLOCK | O_NOFOLLOW);
    }
    options.open(path)
}
