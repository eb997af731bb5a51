//! A corpus: folders with posts, or the compiled-in notes. Both are listed and read the same way.

use super::folder::SkippedFiles;
use super::read::{ParsedFile, SourceFile, read_post};
use super::settings::CorpusSettings;
use super::{Problem, folder, identity};
use jiff::Timestamp;
use std::collections::HashSet;
use std::path::PathBuf;
use takeaways_text::model::{Post, PostId};
use xxhash_rust::xxh3::xxh3_64;

/// Where posts come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorpusRoot {
    /// The compiled-in notes.
    Embedded,
    /// A folder.
    Folder(PathBuf),
}

/// A listed file of the corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusFile {
    /// The index of its root in [`Corpus::roots`].
    pub root: usize,
    /// The path under its root, `/` between parts.
    pub path: String,
    /// The id of its post. It depends on other files: a file of the same name with another extension changes it.
    pub id: PostId,
    /// Length in bytes.
    pub size: u64,
    /// The time of the last change, in nanoseconds since 1970. A compiled-in note has no such time: it has a hash
    /// of its text, below 10^18 (a time before the year 2002).
    pub modified_ns: i64,
}

/// The files of a corpus, in the order of roots and paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileListing {
    /// The files, at most [`CorpusSettings::max_posts`].
    pub files: Vec<CorpusFile>,
    /// The files and folders that were not listed, and why.
    pub problems: Vec<Problem>,
    /// Those of them that the system refused to read now: a permission, an I/O error, too many open files.
    pub unread: Vec<UnreadPart>,
    /// The number of files of kinds that are not read, by extension.
    pub skipped: SkippedFiles,
}

/// A file or folder that the system refused to read. It may be readable at the next listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadPart {
    /// The index of its root in [`Corpus::roots`].
    pub root: usize,
    /// The path under its root, `/` between parts; empty for the root itself.
    pub path: String,
    /// The cause, without the path.
    pub reason: String,
}

impl UnreadPart {
    /// Returns whether a path of the same root is this file, or lies in this folder.
    pub fn contains(&self, path: &str) -> bool {
        let rest = path.strip_prefix(self.path.as_str());
        rest.is_some_and(|rest| self.path.is_empty() || rest.is_empty() || rest.starts_with('/'))
    }
}

/// The roots with posts and the settings that they are read with.
#[derive(Debug, Clone)]
pub struct Corpus {
    roots: Vec<CorpusRoot>,
    settings: CorpusSettings,
}

impl Corpus {
    /// A corpus of the folders in the settings, each once; of the compiled-in notes if there are none.
    pub fn new(mut settings: CorpusSettings) -> Self {
        let mut known = HashSet::new();
        settings.folders.retain(|path| known.insert(path.canonicalize().unwrap_or_else(|_| path.clone())));
        let folders: Vec<CorpusRoot> = settings.folders.iter().cloned().map(CorpusRoot::Folder).collect();
        let roots = if folders.is_empty() { vec![CorpusRoot::Embedded] } else { folders };
        Self { roots, settings }
    }

    /// Where posts come from.
    pub fn roots(&self) -> &[CorpusRoot] {
        &self.roots
    }

    /// The settings that the roots are read with.
    pub fn settings(&self) -> &CorpusSettings {
        &self.settings
    }

    /// Lists the files without opening them.
    pub fn list(&self) -> FileListing {
        let mut files: Vec<(usize, folder::ListedFile)> = Vec::new();
        let (mut problems, mut unread, mut skipped) = (Vec::new(), Vec::new(), SkippedFiles::new());
        for (at, root) in self.roots.iter().enumerate() {
            let limit = self.settings.max_posts.saturating_sub(files.len());
            let mut listing = match root {
                CorpusRoot::Embedded => list_embedded(),
                CorpusRoot::Folder(path) => folder::list_folder(path, &self.settings, limit),
            };
            listing.files.sort_by(|a, b| a.path.cmp(&b.path));
            files.extend(listing.files.into_iter().map(|file| (at, file)));
            let unread_part = |(path, reason)| UnreadPart { root: at, path, reason };
            unread.extend(listing.unread.into_iter().map(unread_part));
            for (extension, count) in listing.skipped {
                *skipped.entry(extension).or_default() += count;
            }
            listing.problems.extend(listing.is_truncated.then(|| self.too_many_problem()));
            problems.extend(listing.problems.into_iter().map(|problem| self.with_folder(problem, at)));
            if listing.is_truncated {
                break;
            }
        }
        let paths: Vec<(usize, &str)> =
            files.iter().map(|(root, file)| (*root, file.path.as_str())).collect();
        let ids = identity::post_ids(&paths);
        let files = files.into_iter().zip(ids).map(|((root, file), id)| {
            let folder::ListedFile { path, size, modified_ns } = file;
            CorpusFile { root, path, id, size, modified_ns }
        });
        FileListing { files: files.collect(), problems, unread, skipped }
    }

    /// Adds the folder of a root, given by its index in [`Corpus::roots`], to a problem.
    pub(super) fn with_folder(&self, problem: Problem, root: usize) -> Problem {
        problem.in_folder(match self.roots.get(root) {
            Some(CorpusRoot::Folder(path)) => Some(path.to_string_lossy().into()),
            Some(CorpusRoot::Embedded) | None => None,
        })
    }

    fn too_many_problem(&self) -> Problem {
        let what = format!("it has more than {} files; the rest was left out", self.settings.max_posts);
        Problem::error(".", "too-many-files", what, "exclude files, or raise `corpus.max_posts`")
    }

    /// Returns the bytes of a listed file.
    ///
    /// # Errors
    /// The file is gone, has become too large, or can't be read.
    pub fn read_bytes(&self, file: &CorpusFile) -> Result<Vec<u8>, Problem> {
        match self.roots.get(file.root) {
            Some(CorpusRoot::Folder(path)) => {
                folder::read_file_bytes(path, &file.path, self.settings.max_bytes)
            }
            Some(CorpusRoot::Embedded) => {
                let note = EMBEDDED_NOTES.iter().find(|(path, _)| *path == file.path);
                note.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| missing_file_problem(file))
            }
            None => Err(missing_file_problem(file)),
        }
    }

    /// Reads a listed file into a post. `now` decides whether its dates are plausible.
    pub fn read_file(&self, file: &CorpusFile, now: Timestamp) -> ParsedFile {
        let mut parsed = match self.read_bytes(file) {
            Ok(bytes) => read_post(&SourceFile { id: &file.id, path: &file.path, bytes: &bytes }, now),
            Err(problem) => ParsedFile { post: None, problems: vec![problem] },
        };
        parsed.problems =
            parsed.problems.into_iter().map(|problem| self.with_folder(problem, file.root)).collect();
        parsed
    }

    /// Returns why the settings hide a post at `now`: it is a draft, or its time of publication is in the future.
    pub fn exclusion(&self, post: &Post, now: Timestamp) -> Option<Problem> {
        const TODO: &str = "publish it, or set `corpus.drafts` to read it anyway";
        if self.settings.drafts {
            return None;
        }
        if post.draft {
            return Some(Problem::hint(&post.path, "draft", "it is a draft and was left out", TODO));
        }
        let from = post.scheduled_at(now)?;
        let what = format!("it is scheduled for {from} and was left out");
        Some(Problem::hint(&post.path, "scheduled", what, TODO))
    }
}

fn list_embedded() -> folder::FolderListing {
    let notes = EMBEDDED_NOTES.iter().map(|(path, text)| folder::ListedFile {
        path: (*path).to_owned(),
        size: text.len() as u64,
        modified_ns: i64::try_from(xxh3_64(text.as_bytes()) % 1_000_000_000_000_000_000).unwrap_or(0),
    });
    folder::FolderListing { files: notes.collect(), ..folder::FolderListing::default() }
}

fn missing_file_problem(file: &CorpusFile) -> Problem {
    Problem::error(&file.path, "unreadable", "it is no longer in the corpus", "list the corpus again")
}

/// The names of notes with their texts.
macro_rules! notes {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../corpus/", $name)))),+]
    };
}

/// Every compiled-in note, sorted by path: its path in the repository's `corpus` folder, and its text.
pub const EMBEDDED_NOTES: &[(&str, &str)] = notes![
    "black-hat-asia-2022-tardy.md",
    "devopsdays-detroit-2019-short.md",
    "ebpf-summit-2020-day-1.md",
    "eurorust-2023-ronacher.md",
    "fosdem-2020-trost.md",
    "fosdem-2024-gutmann.md",
    "gophercon-2014-gerrand.md",
    "hashiconf-2017-mejia.md",
    "kubecon-china-2018-song.md",
    "kubecon-china-2019-huo.md",
    "kubecon-china-2023-lakhwani.md",
    "kubecon-eu-2017-aravena.md",
    "kubecon-eu-2018-jacobs.md",
    "kubecon-eu-2018-looking-back.md",
    "kubecon-eu-2018-lotas.md",
    "kubecon-eu-2019-gutmann.md",
    "kubecon-eu-2019-moss-reflections.md",
    "kubecon-eu-2019-nick.md",
    "kubecon-eu-2019-thomas.md",
    "kubecon-eu-2021-moss.md",
    "kubecon-eu-2022-tillepille.md",
    "kubecon-eu-2023-devochko.md",
    "kubecon-eu-2023-lakhwani.md",
    "kubecon-eu-2024-adrego.md",
    "kubecon-eu-2024-crosby.md",
    "kubecon-eu-2024-ocanoaia.md",
    "kubecon-eu-2025-rahman.md",
    "kubecon-eu-2025-sharma.md",
    "kubecon-eu-2026-rahman.md",
    "kubecon-eu-2026-wasmcloud.md",
    "kubecon-india-2025-jaiswal.md",
    "kubecon-india-2026-agrawal.md",
    "kubecon-na-2015-lowe.md",
    "kubecon-na-2017-trost.md",
    "kubecon-na-2018-cloudops.md",
    "kubecon-na-2018-jamie.md",
    "kubecon-na-2018-lowe-day1.md",
    "kubecon-na-2019-downey.md",
    "kubecon-na-2019-garuccio.md",
    "kubecon-na-2019-maia.md",
    "kubecon-na-2019-san-diego.md",
    "kubecon-na-2020-singh.md",
    "kubecon-na-2021-morales.md",
    "kubecon-na-2021-short.md",
    "kubecon-na-2022-hajek.md",
    "kubecon-na-2022-mclean.md",
    "kubecon-na-2023-bauer.md",
    "kubecon-na-2023-ponce.md",
    "kubecon-na-2024-sahotay.md",
    "kubecon-na-2025-sharma.md",
    "kubecon-na-2025-softwareguru.md",
    "promcon-2017-volz.md",
    "pycon-us-2024-larson.md",
    "reinvent-2018-brugier.md",
    "rejekts-na-2024-bianchi.md",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_note_is_compiled_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
        let mut files: Vec<String> = folder
            .read_dir()
            .expect("the corpus folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
            .filter(|name| name != "README.md")
            .collect();
        files.sort();
        assert_eq!(EMBEDDED_NOTES.iter().map(|(path, _)| *path).collect::<Vec<_>>(), files);
    }
}
