//! Opens the engine over the posts of the settings, and reopens it with changed posts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use crate::confidence::Strictness;
use crate::engine::Engine;
use takeaways_corpus::{Corpus, CorpusRoot, CorpusSettings, UnreadPart};
use takeaways_search::{
    CorpusFiles, FileSource as _, Index, IndexOptions, OpenReport, SearchError, index_folder,
};

/// Opens engines over one corpus.
#[derive(Debug, Clone)]
pub struct EngineOpener {
    corpus: CorpusSettings,
    state_dir: PathBuf,
    strictness: Strictness,
}

/// An opened engine, with a report.
pub struct OpenedEngine {
    /// The engine.
    pub engine: Engine,
    /// The numbers of files that were read and written.
    pub report: OpenReport,
    /// The files and folders that could not be listed because of the system.
    pub unlisted: Vec<UnreadPart>,
    /// The number of other problems of listing: files and folders that were left out.
    pub left_out: usize,
    /// Whether anything differs from the engine that was refreshed.
    pub is_changed: bool,
}

impl OpenedEngine {
    /// Returns the files and folders that could not be read, each with the reason. What was read of them before is still
    /// in the engine.
    pub fn unread(&self) -> Vec<String> {
        let listing = self.unlisted.iter().map(|part| {
            let path = if part.path.is_empty() { "." } else { &part.path };
            format!("{path}: {}", part.reason)
        });
        let reading = self.report.failed.iter().map(|(path, reason)| format!("{path}: {reason}"));
        listing.chain(reading).collect()
    }
}

/// Why an engine could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenerError {
    /// A corpus folder is a file.
    #[error("{} is not a folder; name a folder with posts", .0.display())]
    NotAFolder(PathBuf),
    /// A corpus folder is missing or can't be read.
    #[error("the folder {} can't be read ({error}); name a folder with posts", path.display())]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// The cause.
        error: std::io::Error,
    },
    /// The index can't be read or written.
    #[error(transparent)]
    Index(#[from] SearchError),
}

impl EngineOpener {
    /// Returns an opener for these posts, with the index under `state_dir`.
    pub fn new(corpus: CorpusSettings, state_dir: PathBuf, strictness: Strictness) -> Self {
        Self { corpus, state_dir, strictness }
    }

    /// Returns the corpus, without reading posts.
    ///
    /// # Errors
    /// If a folder of the settings is missing, can't be read or is not a folder.
    pub fn corpus(&self) -> Result<Corpus, OpenerError> {
        self.corpus.folders.iter().try_for_each(|folder| check_folder(folder))?;
        Ok(Corpus::new(self.corpus.clone()))
    }

    /// Returns the folder of the index.
    ///
    /// # Errors
    /// If a folder of the settings is missing, can't be read or is not a folder.
    pub fn index_folder(&self) -> Result<PathBuf, OpenerError> {
        Ok(self.index_folder_of(&self.corpus()?))
    }

    /// Opens the index and reads changed files. `now` decides which posts are visible; `walked` is the time of the
    /// clock, to compare with the times of files.
    ///
    /// # Errors
    /// If the folders can't be read, or the index can't be read or written.
    pub fn open(
        &self,
        now: Timestamp,
        walked: Timestamp,
        options: &IndexOptions<'_>,
    ) -> Result<OpenedEngine, OpenerError> {
        let corpus = self.corpus()?;
        let files = CorpusFiles::list(&corpus, now);
        let (index, report) = Index::open(Some(&self.index_folder_of(&corpus)), &files, walked, options)?;
        Ok(self.opened_engine(index, report, &files))
    }

    /// Returns the engine with all changes since it was opened.
    ///
    /// # Errors
    /// If the folders can't be read, the index can't be read or written, or too many posts would be lost because not all
    /// of the corpus can be read.
    pub fn refresh(
        &self,
        engine: &Engine,
        now: Timestamp,
        walked: Timestamp,
    ) -> Result<OpenedEngine, OpenerError> {
        let corpus = self.corpus()?;
        let files = CorpusFiles::list(&corpus, now);
        let (index, report) = engine.index().refresh(&files, walked, &IndexOptions::default())?;
        let is_changed = report.added + report.changed + report.removed > 0
            || index.revision() != engine.index().revision();
        Ok(OpenedEngine { is_changed, ..self.opened_engine(index, report, &files) })
    }

    fn opened_engine(&self, index: Index, report: OpenReport, files: &CorpusFiles<'_>) -> OpenedEngine {
        let engine = Engine::new(Arc::new(index), self.strictness);
        let unlisted = files.unread().to_vec();
        let left_out = files.problems().len().saturating_sub(unlisted.len());
        OpenedEngine { engine, report, unlisted, left_out, is_changed: true }
    }

    fn index_folder_of(&self, corpus: &Corpus) -> PathBuf {
        index_folder(&self.state_dir, &root_folders(corpus), &CorpusFiles::settings(corpus))
    }
}

/// Returns the folders of a corpus without links and `..`, which name its index.
fn root_folders(corpus: &Corpus) -> Vec<PathBuf> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = |root: &CorpusRoot| match root {
        CorpusRoot::Embedded => "embedded".into(),
        CorpusRoot::Folder(path) => real(path),
    };
    corpus.roots().iter().map(folder).collect()
}

fn check_folder(path: &Path) -> Result<(), OpenerError> {
    match path.metadata() {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(OpenerError::NotAFolder(path.to_owned())),
        Err(error) => Err(OpenerError::Unreadable { path: path.to_owned(), error }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn opener(folder: &Path, state: &Path) -> EngineOpener {
        let corpus = CorpusSettings { folders: vec![folder.to_owned()], ..CorpusSettings::default() };
        EngineOpener::new(corpus, state.to_owned(), Strictness::default())
    }

    fn now() -> Timestamp {
        Timestamp::now()
    }

    #[test]
    fn only_changes_make_a_new_engine() {
        let (posts, state) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let opener = opener(posts.path(), state.path());
        fs::write(posts.path().join("a.md"), "# One\n\nService meshes are young.\n").expect("a post");
        let OpenedEngine { engine, report, left_out, .. } =
            opener.open(now(), now(), &IndexOptions::default()).expect("an engine");
        assert_eq!((engine.index().posts(), report.added, left_out), (1, 1, 0));
        assert!(opener.index_folder().expect("a folder").starts_with(state.path()));
        assert!(!opener.refresh(&engine, now(), now()).expect("a refresh").is_changed);
        fs::write(posts.path().join("b.md"), "# Two\n\nGitOps is not.\n").expect("a post");
        let refreshed = opener.refresh(&engine, now(), now()).expect("a refresh");
        assert!(refreshed.is_changed);
        assert_eq!((refreshed.engine.index().posts(), engine.index().posts()), (2, 1));
    }

    #[test]
    fn an_invalid_folder_says_what_to_do() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("post.md");
        fs::write(&file, "a post").expect("a file");
        let error = |path: &Path| opener(path, folder.path()).corpus().expect_err("no folder").to_string();
        assert!(error(&file).ends_with("is not a folder; name a folder with posts"));
        let missing = error(&folder.path().join("nowhere"));
        assert!(missing.ends_with("name a folder with posts"), "{missing}");
    }
}
