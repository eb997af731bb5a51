//! A corpus: folders with posts, or the notes that are compiled in; listed, fetched and read the same way.

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
pub enum CorpusSource {
    /// The notes that are compiled in.
    Embedded,
    /// A folder.
    Folder(PathBuf),
}

/// A file of the corpus as it was listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusFile {
    /// Which of [`Corpus::sources`] it is in.
    pub root: usize,
    /// The path under its source, `/` between parts.
    pub path: String,
    /// The id of its post. It depends on the other files: one of the same name with another extension changes it.
    pub id: PostId,
    /// Length in bytes.
    pub size: u64,
    /// When it was changed, nanoseconds since 1970. For what is compiled in, which has no such time, a number
    /// made from the text that lies before the year 2002.
    pub modified_ns: i64,
}

/// What a corpus holds, in the order of sources and paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The files, at most [`CorpusSettings::max_posts`].
    pub files: Vec<CorpusFile>,
    /// What was not listed, and why.
    pub problems: Vec<Problem>,
}

/// Sources and the settings that they are read by.
#[derive(Debug, Clone)]
pub struct Corpus {
    sources: Vec<CorpusSource>,
    settings: CorpusSettings,
}

impl Corpus {
    /// The folders of the settings, each once, or else what is compiled in.
    #[must_use]
    pub fn new(mut settings: CorpusSettings) -> Self {
        let mut known = HashSet::new();
        settings.folders.retain(|path| known.insert(path.canonicalize().unwrap_or_else(|_| path.clone())));
        let folders: Vec<CorpusSource> = settings.folders.iter().cloned().map(CorpusSource::Folder).collect();
        let sources = if folders.is_empty() { vec![CorpusSource::Embedded] } else { folders };
        Self { sources, settings }
    }

    /// Where posts come from.
    #[must_use]
    pub fn sources(&self) -> &[CorpusSource] {
        &self.sources
    }

    /// How they are read.
    #[must_use]
    pub fn settings(&self) -> &CorpusSettings {
        &self.settings
    }

    /// Lists the files; opens none.
    #[must_use]
    pub fn list(&self) -> Listing {
        let mut files: Vec<(usize, folder::ListedFile)> = Vec::new();
        let mut problems = Vec::new();
        for (root, source) in self.sources.iter().enumerate() {
            let room = self.settings.max_posts.saturating_sub(files.len());
            let mut walked = match source {
                CorpusSource::Embedded => list_embedded(),
                CorpusSource::Folder(path) => folder::list_folder(path, &self.settings, room),
            };
            walked.files.sort_by(|a, b| a.path.cmp(&b.path));
            files.extend(walked.files.into_iter().map(|found| (root, found)));
            walked.problems.extend(walked.is_truncated.then(|| self.too_many_problem()));
            problems.extend(walked.problems.into_iter().map(|problem| self.with_folder(problem, root)));
            if walked.is_truncated {
                break;
            }
        }
        let paths: Vec<(usize, &str)> =
            files.iter().map(|(root, found)| (*root, found.path.as_str())).collect();
        let ids = identity::post_ids(&paths);
        let files = files.into_iter().zip(ids).map(|((root, found), id)| {
            let folder::ListedFile { path, size, modified_ns } = found;
            CorpusFile { root, path, id, size, modified_ns }
        });
        Listing { files: files.collect(), problems }
    }

    /// The problem, in this one of [`Corpus::sources`].
    pub(super) fn with_folder(&self, problem: Problem, root: usize) -> Problem {
        problem.in_folder(match self.sources.get(root) {
            Some(CorpusSource::Folder(path)) => Some(path.to_string_lossy().into()),
            Some(CorpusSource::Embedded) | None => None,
        })
    }

    fn too_many_problem(&self) -> Problem {
        let what = format!("it holds more than {} files; the rest was left out", self.settings.max_posts);
        Problem::error(".", "too-many-files", what, "exclude files, or raise `corpus.max_posts`")
    }

    /// What a listed file holds.
    ///
    /// # Errors
    /// Why it could not be read.
    pub fn read_bytes(&self, file: &CorpusFile) -> Result<Vec<u8>, Problem> {
        match self.sources.get(file.root) {
            Some(CorpusSource::Folder(path)) => {
                folder::read_file_bytes(path, &file.path, self.settings.max_bytes)
            }
            Some(CorpusSource::Embedded) => {
                let found = EMBEDDED_NOTES.iter().find(|(path, _)| *path == file.path);
                found.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| missing_file_problem(file))
            }
            None => Err(missing_file_problem(file)),
        }
    }

    /// Fetches and reads a listed file. `now` judges its dates.
    #[must_use]
    pub fn read_file(&self, file: &CorpusFile, now: Timestamp) -> ParsedFile {
        let mut parsed = match self.read_bytes(file) {
            Ok(bytes) => read_post(&SourceFile { id: &file.id, path: &file.path, bytes: &bytes }, now),
            Err(problem) => ParsedFile { post: None, problems: vec![problem] },
        };
        parsed.problems =
            parsed.problems.into_iter().map(|problem| self.with_folder(problem, file.root)).collect();
        parsed
    }

    /// Why a post is not shown at `now`, where the settings say so: a draft, or one of the future.
    #[must_use]
    pub fn exclusion(&self, post: &Post, now: Timestamp) -> Option<Problem> {
        const TODO: &str = "publish it, or set `corpus.drafts` to read it all the same";
        if self.settings.drafts {
            return None;
        }
        if post.draft {
            return Some(Problem::hint(&post.path, "draft", "it is a draft and was left out", TODO));
        }
        let from = post.scheduled_at(now)?;
        let what = format!("it is not to be shown before {from} and was left out");
        Some(Problem::hint(&post.path, "scheduled", what, TODO))
    }
}

fn list_embedded() -> folder::FolderListing {
    let found = EMBEDDED_NOTES.iter().map(|(path, text)| folder::ListedFile {
        path: (*path).to_owned(),
        size: text.len() as u64,
        modified_ns: i64::try_from(xxh3_64(text.as_bytes()) % 1_000_000_000_000_000_000).unwrap_or(0),
    });
    folder::FolderListing { files: found.collect(), ..folder::FolderListing::default() }
}

fn missing_file_problem(file: &CorpusFile) -> Problem {
    Problem::error(&file.path, "unreadable", "it is not in the corpus any more", "list the corpus again")
}

/// Every note: its path in the repository's `corpus` folder, and its text. In the order of the paths.
pub const EMBEDDED_NOTES: &[(&str, &str)] = &[
    ("kubecon-eu-2018-looking-back.md", include_str!("../../../corpus/kubecon-eu-2018-looking-back.md")),
    ("kubecon-eu-2019-thomas.md", include_str!("../../../corpus/kubecon-eu-2019-thomas.md")),
    ("kubecon-na-2018-cloudops.md", include_str!("../../../corpus/kubecon-na-2018-cloudops.md")),
    ("kubecon-na-2019-garuccio.md", include_str!("../../../corpus/kubecon-na-2019-garuccio.md")),
    ("kubecon-na-2019-san-diego.md", include_str!("../../../corpus/kubecon-na-2019-san-diego.md")),
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
