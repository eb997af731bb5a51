//! Where the index gets its posts from.

use jiff::Timestamp;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use takeaways_text::model::{Post, PostId};

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
