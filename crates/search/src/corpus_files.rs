//! The files of a corpus as the index takes them.
//!
//! Reading files of the corpus, on several threads where there are many.
//!
//! Where the index gets its posts from.

use jiff::Timestamp;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};
use takeaways_corpus::{Corpus, CorpusFile, Problem, SourceFile, read_post};
use takeaways_text::model::{Post, PostId};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// A corpus, listed once; its files are read when the index asks for them.
#[derive(Debug)]
pub struct CorpusFiles<'c> {
    corpus: &'c Corpus,
    files: Vec<CorpusFile>,
    stamps: Vec<Stamp>,
    problems: Vec<Problem>,
    now: Timestamp,
}

impl<'c> CorpusFiles<'c> {
    /// Lists the files. `now` judges their dates.
    #[must_use]
    pub fn list(corpus: &'c Corpus, now: Timestamp) -> Self {
        let listing = corpus.list();
        let stamps = listing.files.iter().map(to_stamp).collect();
        Self { corpus, files: listing.files, stamps, problems: listing.problems, now }
    }

    /// What was not listed, and why.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What the index has to keep apart besides the folders: settings that change what is read from a file.
    #[must_use]
    pub fn settings(corpus: &Corpus) -> String {
        let settings = corpus.settings();
        format!("drafts={} max_bytes={}", settings.drafts, settings.max_bytes)
    }

    /// Drafts are no posts of the index. Posts of the future are, with the time from which they are found; where
    /// drafts are wanted all are found at once.
    fn indexable(&self, post: Option<Post>) -> (Option<Post>, Option<Timestamp>) {
        if self.corpus.settings().drafts {
            return (post, None);
        }
        let post = post.filter(|post| !post.draft);
        let hidden_until = post.as_ref().and_then(|post| post.visible_from);
        (post, hidden_until)
    }
}

fn to_stamp(file: &CorpusFile) -> Stamp {
    Stamp {
        root: file.root,
        path: file.path.clone(),
        id: file.id.clone(),
        size: file.size,
        modified_ns: file.modified_ns,
    }
}

impl FileSource for CorpusFiles<'_> {
    fn stamps(&self) -> &[Stamp] {
        &self.stamps
    }

    fn read(&self, at: usize) -> Result<FileContent, String> {
        let file = self.files.get(at).ok_or("it is not in the list")?;
        // Who tells of it names the path.
        let why = |problem: Problem| format!("{}; {}", problem.what, problem.todo);
        let bytes = self.corpus.read_bytes(file).map_err(why)?;
        let parsed = read_post(&SourceFile { id: &file.id, path: &file.path, bytes: &bytes }, self.now);
        let (post, hidden_until) = self.indexable(parsed.post);
        let (problems, content_hash) = (parsed.problems.len(), xxh3_64(&bytes));
        Ok(FileContent { post, hidden_until, problems, content_hash })
    }
}

/// Fewer files than this are read by one thread.
const SINGLE_THREAD_FILES: usize = 64;

/// More threads than this gain nothing: the disk and the memory for what is not written yet are shared.
const MAX_THREADS: usize = 2;

/// How many threads to use for so many files; `wanted` is 0 where nobody cares.
pub(super) fn thread_count(files: usize, wanted: usize) -> usize {
    match wanted {
        0 if files < SINGLE_THREAD_FILES => 1,
        0 => std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS),
        threads => threads.min(files).max(1),
    }
}

/// Reads one file; a parser that panics is one file's problem.
pub(super) fn read_file(files: &dyn FileSource, at: usize) -> Result<FileContent, String> {
    // The source is shared by threads, so what it changes while reading is behind locks of its own.
    catch_unwind(AssertUnwindSafe(|| files.read(at)))
        .unwrap_or_else(|_| Err("reading it failed in an unforeseen way".to_owned()))
}

/// The content hashes of some files, in their order; `None` for those that can't be read.
pub(super) fn content_hashes(files: &dyn FileSource, places: &[usize], threads: usize) -> Vec<Option<u64>> {
    let next = AtomicUsize::new(0);
    let hashes: Vec<Mutex<Option<u64>>> = places.iter().map(|_| Mutex::default()).collect();
    let work = || {
        while let Some((&at, hash)) = take_next(&next, places.iter().zip(&hashes)) {
            let read = read_file(files, at).ok();
            *hash.lock().unwrap_or_else(PoisonError::into_inner) = read.map(|read| read.content_hash);
        }
    };
    match thread_count(places.len(), threads) {
        1 => work(),
        threads => std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work)))),
    }
    hashes.into_iter().map(|hash| hash.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

fn take_next<T>(next: &AtomicUsize, mut all: impl Iterator<Item = T>) -> Option<T> {
    all.nth(next.fetch_add(1, Ordering::Relaxed))
}

/// The files of a corpus, as the last walk through its folders found them.
///
/// Files are read from several threads at once, each at most twice.
pub trait FileSource: Sync {
    /// All files that may hold a post, each (root, path) once.
    fn stamps(&self) -> &[Stamp];

    /// Reads the file of one stamp, by its place in [`FileSource::stamps`].
    ///
    /// # Errors
    /// Why the file can't be read (any more), for people. The index then leaves it out and tries again next time.
    fn read(&self, at: usize) -> Result<FileContent, String>;
}

/// What a walk through the folders sees of a file without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Which of the corpus folders it lies in.
    pub root: usize,
    /// Its path under that folder, `/` between parts.
    pub path: String,
    /// The id that its post has or would have.
    pub id: PostId,
    /// In bytes.
    pub size: u64,
    /// When it was last written, in nanoseconds since 1970.
    pub modified_ns: i64,
}

/// What reading a file gives.
#[derive(Debug, Clone, PartialEq)]
pub struct FileContent {
    /// The post, where the file holds one.
    pub post: Option<Post>,
    /// The time before which the post is not to be found, where there is one.
    pub hidden_until: Option<Timestamp>,
    /// How many problems were found in it.
    pub problems: usize,
    /// A hash of the file's bytes.
    pub content_hash: u64,
}

impl Stamp {
    /// Names the file among all files of the corpus.
    pub(super) fn key(&self) -> u64 {
        let mut hash = Xxh3::new();
        hash.update(&(self.root as u64).to_le_bytes());
        hash.update(self.path.as_bytes());
        hash.digest()
    }

    /// Changes whenever anything that a walk sees of the file does, its id included.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hash = Xxh3::new();
        hash.update(&self.size.to_le_bytes());
        hash.update(&self.modified_ns.to_le_bytes());
        hash.update(self.id.0.as_bytes());
        hash.digest()
    }
}

/// Names one version of a file within the index: deleting an old version must not touch the new one.
pub(super) fn entry_id(key: u64, fingerprint: u64, content_hash: u64) -> u64 {
    let mut bytes = [0; 24];
    for (slot, value) in bytes.chunks_exact_mut(8).zip([key, fingerprint, content_hash]) {
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
        let why = files.read(0).expect_err("it is gone");
        assert_eq!(why, "it can't be read: there is none; make it readable, or exclude it");
    }
}
