//! Settings of a corpus: its folders, the files to leave out, and limits.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::path::PathBuf;
use thiserror::Error;

/// Checked settings of this crate.
#[derive(Debug, Clone)]
pub struct CorpusSettings {
    /// The folders with posts. If there are none, the corpus consists of the compiled-in notes.
    pub folders: Vec<PathBuf>,
    /// The files and folders to leave out.
    pub exclude: ExcludePatterns,
    /// Includes drafts and posts whose time of publication is in the future.
    pub drafts: bool,
    /// Maximum size of a file, in bytes.
    pub max_bytes: u64,
    /// Maximum number of files.
    pub max_posts: usize,
}

/// Patterns of files and folders to leave out, ignoring case.
///
/// A pattern with `/` matches the path under the corpus folder. A pattern without `/` matches names of files; if it
/// has no wildcards, it matches names of folders too. `README*` must not leave out a folder `readme-pictures`.
#[derive(Debug, Clone)]
pub struct ExcludePatterns {
    patterns: Vec<String>,
    names: GlobSet,
    folder_names: GlobSet,
    paths: GlobSet,
}

/// A pattern that does not parse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{pattern}` is no pattern: {reason}")]
pub struct ExcludeError {
    /// The pattern.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

impl CorpusSettings {
    /// Default of [`CorpusSettings::max_bytes`].
    pub const MAX_BYTES: u64 = 2 * 1024 * 1024;
    /// Default of [`CorpusSettings::max_posts`].
    pub const MAX_POSTS: usize = 100_000;
}

impl Default for CorpusSettings {
    fn default() -> Self {
        Self {
            folders: Vec::new(),
            exclude: ExcludePatterns::default(),
            drafts: false,
            max_bytes: Self::MAX_BYTES,
            max_posts: Self::MAX_POSTS,
        }
    }
}

impl ExcludePatterns {
    /// Files of a repository that are usually not posts.
    pub(crate) const DEFAULT_PATTERNS: [&str; 4] = ["README*", "LICENSE*", "CONTRIBUTING*", "CHANGELOG*"];

    /// Compiles patterns such as `README*` and `drafts/**`.
    ///
    /// # Errors
    /// The first pattern that does not parse.
    pub fn new<P: AsRef<str>>(patterns: &[P]) -> Result<Self, ExcludeError> {
        let mut names = GlobSetBuilder::new();
        let mut folder_names = GlobSetBuilder::new();
        let mut paths = GlobSetBuilder::new();
        for pattern in patterns.iter().map(AsRef::as_ref) {
            let error = |error: globset::Error| ExcludeError {
                pattern: pattern.to_owned(),
                reason: error.kind().to_string(),
            };
            let body = pattern.trim_start_matches('/').trim_end_matches('/');
            let glob = GlobBuilder::new(body)
                .case_insensitive(true)
                .literal_separator(true)
                .build()
                .map_err(error)?;
            if pattern.contains('/') {
                paths.add(glob);
                continue;
            }
            if !pattern.contains(['*', '?', '[', '{']) {
                folder_names.add(glob.clone());
            }
            names.add(glob);
        }
        let set = |builder: GlobSetBuilder| {
            builder
                .build()
                .map_err(|error| ExcludeError { pattern: String::new(), reason: error.to_string() })
        };
        let patterns = patterns.iter().map(|pattern| pattern.as_ref().to_owned()).collect();
        Ok(Self { patterns, names: set(names)?, folder_names: set(folder_names)?, paths: set(paths)? })
    }

    /// The patterns as they were given to [`ExcludePatterns::new`].
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// Whether the file at this path under its corpus folder is left out.
    pub(crate) fn excludes_file(&self, path: &str) -> bool {
        self.names.is_match(file_name(path)) || self.paths.is_match(path)
    }

    /// Whether the folder at this path is left out with everything in it.
    pub(crate) fn excludes_folder(&self, path: &str) -> bool {
        self.folder_names.is_match(file_name(path)) || self.paths.is_match(path)
    }
}

/// Returns the last part of a path.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

impl Default for ExcludePatterns {
    fn default() -> Self {
        let none = GlobSet::empty;
        let empty = Self { patterns: Vec::new(), names: none(), folder_names: none(), paths: none() };
        // A unit test checks that the default parses.
        Self::new(&Self::DEFAULT_PATTERNS).unwrap_or(empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_paths_are_left_out() {
        assert_eq!(ExcludePatterns::default().patterns(), ExcludePatterns::DEFAULT_PATTERNS);
        let exclude = ExcludePatterns::new(&["README*", "drafts/**", "/old/", "a/*.md"]).expect("patterns");
        for (path, out) in [
            ("README.md", true),
            ("x/readme.html", true),
            ("reader.md", false),
            ("drafts/x/y.md", true),
            ("x/drafts/y.md", false),
            ("a/b.md", true),
            ("a/b/c.md", false),
        ] {
            assert_eq!(exclude.excludes_file(path), out, "{path}");
        }
        assert!(exclude.excludes_folder("OLD") && !exclude.excludes_folder("readme-pictures"));
        let names = ExcludePatterns::new(&["drafts", "old*", "*.old"]).expect("patterns");
        for (path, out) in [
            ("drafts", true),
            ("a/Drafts", true),
            ("drafts-2019", false),
            ("old", false),
            ("old-posts", false),
            ("a.old", false),
        ] {
            assert_eq!(names.excludes_folder(path), out, "{path}");
        }
        assert!(ExcludePatterns::new(&["[a"]).is_err());
    }
}
