//! Gives the files of a corpus to the index and reads them, on several threads if there are many.

use jiff::Timestamp;
use std::panic::{AssertUnwindSafe, catch_unwind};
use takeaways_corpus::threads::{map_in_parallel, thread_count};
use takeaways_corpus::{
    Corpus, CorpusFile, FileListing, Problem, Severity, SourceFile, UnreadPart, read_post,
};
use takeaways_text::model::Post;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// Where the index gets its posts from: a list of files that can be read.
///
/// Files are read from several threads at once, each at most twice.
pub trait FileSource: Sync {
    /// Returns all files that may hold a post. Each pair of root and path should occur once.
    fn files(&self) -> &[CorpusFile];

    /// Reads a file, given its position in [`FileSource::files`].
    ///
    /// # Errors
    /// A message for the user: why the file can't be read. The index keeps what it has of the file and tries again next
    /// time.
    fn read(&self, at: usize) -> Result<FileContent, String>;

    /// Returns the parts of the corpus that could not be listed now. What the index has of them stays.
    fn unread(&self) -> &[UnreadPart] {
        &[]
    }

    /// Returns whether a post is found only from its time of publication on, and a draft never.
    fn hides_unpublished(&self) -> bool;

    /// Returns whether files may be missing from the list because of a problem.
    fn is_incomplete(&self) -> bool {
        !self.unread().is_empty()
    }
}

/// The parsed content of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct FileContent {
    /// The post, if the file holds one.
    pub post: Option<Post>,
    /// Number of problems in the file.
    pub problems: usize,
    /// Whether the file was left out because of its content.
    pub is_rejected: bool,
    /// A hash of the bytes of the file.
    pub content_hash: u64,
}

/// The files of a [`Corpus`], listed once.
#[derive(Debug)]
pub struct CorpusFiles<'c> {
    corpus: &'c Corpus,
    files: Vec<CorpusFile>,
    problems: Vec<Problem>,
    unread: Vec<UnreadPart>,
    now: Timestamp,
}

impl<'c> CorpusFiles<'c> {
    /// Lists the files. Dates of posts are judged at the time `now`.
    pub fn list(corpus: &'c Corpus, now: Timestamp) -> Self {
        let FileListing { files, problems, unread, .. } = corpus.list();
        Self { corpus, files, problems, unread, now }
    }

    /// Returns the problems of listing: files that were left out, with the reason.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Returns the settings that change how files are read, as text for [`crate::index_folder`].
    pub fn settings(corpus: &Corpus) -> String {
        let settings = corpus.settings();
        format!("drafts={} max_bytes={}", settings.drafts, settings.max_bytes)
    }
}

impl FileSource for CorpusFiles<'_> {
    fn files(&self) -> &[CorpusFile] {
        &self.files
    }

    fn unread(&self) -> &[UnreadPart] {
        &self.unread
    }

    fn hides_unpublished(&self) -> bool {
        !self.corpus.settings().drafts
    }

    fn is_incomplete(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity > Severity::Hint)
    }

    fn read(&self, at: usize) -> Result<FileContent, String> {
        let file = self.files.get(at).ok_or("it is not in the list")?;
        // The path is not in the message, because the report names it.
        let message = |problem: Problem| format!("{}; {}", problem.what, problem.todo);
        let bytes = self.corpus.read_bytes(file).map_err(message)?;
        let parsed = read_post(&SourceFile { id: &file.id, path: &file.path, bytes: &bytes }, self.now);
        let is_rejected = parsed.post.is_none();
        let post = parsed.post.filter(|post| !self.hides_unpublished() || !post.draft);
        let (problems, content_hash) = (parsed.problems.len(), xxh3_64(&bytes));
        Ok(FileContent { post, problems, is_rejected, content_hash })
    }
}

/// Reads one file. A panic of a parser becomes an error of this file.
pub(super) fn read_file(files: &dyn FileSource, at: usize) -> Result<FileContent, String> {
    // A source is shared by threads, so its mutable state is behind locks.
    catch_unwind(AssertUnwindSafe(|| files.read(at)))
        .unwrap_or_else(|_| Err("the program failed while reading it".to_owned()))
}

/// Returns the content hashes of some files, in their order; `None` for a file that can't be read.
pub(super) fn content_hashes(
    files: &dyn FileSource,
    positions: &[usize],
    threads: usize,
) -> Vec<Option<u64>> {
    map_in_parallel(positions.len(), thread_count(positions.len(), threads), |at| {
        let position = positions.get(at)?;
        read_file(files, *position).ok().map(|content| content.content_hash)
    })
}

/// Returns a hash that names a file among all files of the corpus.
pub(super) fn file_key(file: &CorpusFile) -> u64 {
    path_key(file.root, &file.path)
}

/// Returns the [`file_key`] of a path under a root.
pub(super) fn path_key(root: usize, path: &str) -> u64 {
    let mut hash = Xxh3::new();
    hash.update(&(root as u64).to_le_bytes());
    hash.update(path.as_bytes());
    hash.digest()
}

/// Returns a hash of the size, the time and the id of a file: a change shows without reading the file.
pub(super) fn file_stamp(file: &CorpusFile) -> u64 {
    let mut hash = Xxh3::new();
    hash.update(&file.size.to_le_bytes());
    hash.update(&file.modified_ns.to_le_bytes());
    hash.update(file.id.0.as_bytes());
    hash.digest()
}

/// Returns a hash that names one version of a file, so that deleting the old version does not touch the new one.
pub(super) fn file_version(key: u64, stamp: u64, content_hash: u64) -> u64 {
    let mut bytes = [0; 24];
    for (slot, value) in bytes.chunks_exact_mut(8).zip([key, stamp, content_hash]) {
        slot.copy_from_slice(&value.to_le_bytes());
    }
    xxh3_64(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use takeaways_corpus::CorpusSettings;

    #[test]
    fn a_reason_does_not_repeat_the_path() {
        let temp = tempfile::tempdir().expect("a folder");
        let file = temp.path().join("gone.md");
        std::fs::write(&file, "# Gone\n\nSoon.").expect("written");
        let folders = vec![temp.path().to_owned()];
        let corpus = Corpus::new(CorpusSettings { folders, ..CorpusSettings::default() });
        let files = CorpusFiles::list(&corpus, Timestamp::UNIX_EPOCH);
        std::fs::remove_file(&file).expect("removed");
        let reason = files.read(0).expect_err("it is gone");
        assert_eq!(reason, "it can't be read: it does not exist; make it readable, or exclude it");
    }
}
